"""``--encoding`` stands wherever a configuration may be an export."""

import pytest

from tests.console import relaysim

RELAY = r"""
Identity         : EX01\Überwachung
Enabled          : True
Bindings         : {0.0.0.0:25}
RemoteIPRanges   : {10.0.5.0/24}
PermissionGroups : AnonymousUsers
AuthMechanism    : Tls
TransportRole    : FrontendTransport
"""


@pytest.fixture
def export(tmp_path):
    place = tmp_path / "relay.txt"
    place.write_bytes(RELAY.encode("cp850"))
    return str(place)


@pytest.mark.parametrize(
    "command",
    [
        ("check", "--ip", "10.0.5.9", "-c"),
        ("map", "-c"),
        ("who-can", "submit", "-c"),
        ("audit", "-c"),
        ("export-shell", "-c"),
        ("explain", "Überwachung", "-c"),
        ("diff", "builtin:default"),
    ],
    ids=lambda command: command[0],
)
def test_an_export_in_the_code_page_of_a_console_is_read_once_it_is_named(command, export):
    refused = relaysim([*command, export])
    assert refused.code == 2
    assert "is not UTF-8 text" in refused.output
    told = relaysim([*command, export, "--encoding", "cp850"])
    assert "is not UTF-8 text" not in told.output
    assert told.output
