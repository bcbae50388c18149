"""System.Net.Mail.SmtpClient, which scripts and services on Windows send with, in PowerShell."""

import os
import shutil
from pathlib import Path

import pytest

from tests.serving.test_more_clients import check_client

# Without the code of the reply: this client leaves it away.
SAID = (
    "The SMTP server requires a secure connection or the client was not authenticated. "
    "The server response was: 5.7.1 Client was not authenticated",
    "Mailbox unavailable. The server response was: 5.7.54 SMTP; Unable to relay recipient in "
    "non-accepted domain",
)


def test_the_smtp_client_of_dotnet_relays_and_its_exception_is_explained(exchange_server):
    found = os.environ.get("RELAYSIM_PWSH") or shutil.which("pwsh")
    if found is None:
        pytest.skip("no PowerShell: RELAYSIM_PWSH names none")
    script = Path(__file__).parent / "clients/smtpclient.ps1"
    check_client([found, "-NoProfile", "-File", str(script)], SAID, exchange_server)
