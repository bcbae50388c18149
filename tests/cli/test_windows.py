"""Where these people sit: nothing of the program needs what Windows does not have."""

import subprocess
import sys

from tests.console import ROOT
from tests.replay.logs import RELAYED, SERVER, log_of, session_rows

STEPS = """\
format = 1
title = "Überwachung → 日本"
server = "server.toml"

[[step]]
name   = "printers → anywhere 日本"
check  = { ip = "172.16.4.9", auth = "none" }
expect = { relay = true }
"""
EXPORT = """\
Identity         : MX1\\Überwachung 日本
Enabled          : True
Bindings         : {0.0.0.0:25}
RemoteIPRanges   : {10.0.5.0/24}
PermissionGroups : AnonymousUsers
AuthMechanism    : Tls
TransportRole    : FrontendTransport
"""


def test_every_command_runs_without_posix_and_on_the_code_pages_of_consoles(tmp_path):
    files = {
        "server.toml": SERVER.replace("Printers", "Überwachung → 日本 €"),
        "asked.csv": "ip,auth\n172.16.4.9,none\n198.51.100.7,none\n",
        "script.ps1": "Get-ReceiveConnector | Format-List Name\n",
        "play.smtp": "EHLO a\nQUIT\n",
        "export.txt": EXPORT,
        "steps.toml": STEPS,
        "logs/a.log": log_of(session_rows(1, RELAYED, connector="MX1\\Überwachung → 日本 €")),
        "logs/b.log": log_of(session_rows(2, RELAYED, connector="MX1\\Überwachung → 日本 €")),
    }
    (tmp_path / "logs").mkdir()
    for name, text in files.items():
        # As editors write there: CRLF, and a byte order mark.
        data = text.replace("\n", "\r\n").encode("utf-8-sig" if "log" in name else "utf-8")
        (tmp_path / name).write_bytes(data)
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/cli/windows_like.py"), str(tmp_path)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 failures" in done.stdout
