"""Scripts in the shapes that administrators publish, to their last line in a real PowerShell."""

from pathlib import Path

import pytest

from relaysim.builtin.fresh import fresh_servers
from relaysim.config.writer import format_server
from relaysim.model.version import ExchangeVersion
from tests.powershell_module.session import in_powershell, real

SCRIPTS = Path(__file__).parent / "scripts"
BOTH = ("copy-between-servers", "pipeline-into-new")
WROTE = {
    "arguments-and-sets": ["2"],
    "back-up-and-restore": ["2 ranges, relays again: True"],
    "built-at-run-time": [
        '12 777 it\'s "quoted"',
        "Get-ReceiveConnector True",
        "Get-NoSuchThing False",
        "5",
    ],
    "certificates-and-senders": ["senders 1", "contoso.com Authoritative", "mail.contoso.com"],
    "compare-ranges": [
        "only A: 10.1.0.1",
        "only A: 10.1.1.0/24",
        "only B: 10.1.2.0/24",
        "B has 4 ranges",
    ],
    "copy-between-servers": ["EX01: 10.20.0.10;10.20.0.11", "EX02: 10.20.0.10;10.20.0.11"],
    "dotnet-members": [
        "inside: 0.0.0.0-255.255.255.255",
        "mechanisms: 5",
        "anonymous",
        "10.40.0.0 256",
        "0",
    ],
    "from-csv": ["made 2"],
    "html-report": ["page True", "open: 0", "2 to 2"],
    "pipeline-into-new": [
        "Internal Relay on EX01",
        "Internal Relay on EX02",
        "RemoteIPRanges",
        "FrontendTransport 8",
        "HubTransport 4",
    ],
    "preparation": ["has a front end", "5"],
    "registry-and-services": ["version unknown", "service not here", "after 1", "looked at 5"],
    "report-to-csv": ["rows 5, back from XML 5", "36", "connectors.csv"],
    "transcript-and-log": ["3", "Verbose"],
    "typing-errors": ["told 4, hops 55"],
}
"""What each writes, warnings aside."""


@real
@pytest.mark.parametrize("name", WROTE)
def test_a_script_in_a_published_shape_runs_to_its_last_line(name, tmp_path):
    servers = ("EX01", "EX02") if name in BOTH else "EX01"
    begin = fresh_servers(server=servers, exchange=ExchangeVersion.V2016)
    (tmp_path / "begin.toml").write_text(format_server(begin), encoding="utf-8")
    printed, errors = in_powershell(
        f"Connect-RelaySim '{tmp_path / 'begin.toml'}'\nSet-Location '{tmp_path}'\n"
        f"& '{SCRIPTS / name}.ps1'\n'to the end'\n",
        tmp_path,
    )
    assert (errors != "") == (name == "typing-errors")
    assert printed[-1] == "to the end"
    assert [line for line in printed[:-1] if not line.startswith("WARNING: ")] == WROTE[name]
