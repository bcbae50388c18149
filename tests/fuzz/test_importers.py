"""Damaged exports of every form end in an import or in a named error, never in anything else."""

import base64
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from relaysim.config.exports import import_paths
from relaysim.importers.assembly.organization import assemble
from relaysim.importers.descriptors.binary import parse_descriptor
from relaysim.importers.descriptors.sddl import parse_sddl
from relaysim.importers.reading import read_bytes
from tests.fuzz.damage import LONG, ROUNDS
from tests.fuzz.watching import watch
from tests.importers import writers

RELAY = {
    "Name": "Relay “A”",
    "Server": "EX01",
    "Enabled": True,
    "Bindings": ["0.0.0.0:25", "[::]:25"],
    "RemoteIPRanges": ["10.0.5.0/24", "fd00::/8", "10.0.0.1-10.0.0.9"],
    "PermissionGroups": "AnonymousUsers, Custom",
    "AuthMechanism": "Tls, Integrated",
    "Comment": "a: b",
}
ROW = {
    "Identity": "EX01\\Relay",
    "User": "NT AUTHORITY\\ANONYMOUS LOGON",
    "ExtendedRights": ["ms-Exch-SMTP-Submit"],
    "Deny": False,
    "IsInherited": True,
}
PATH = "CN=Relay,CN=SMTP Receive Connectors,CN=Protocols,CN=EX01,CN=Servers,DC=contoso,DC=com"
SDDL = "O:SYG:SYD:AI(OA;;CR;a18293f1-0685-4540-aa63-e32df421b3a2;;AN)(D;ID;0x100;;;S-1-5-11)"
BINARY = bytes.fromhex(
    "0100048400000000000000000000000014000000"
    "02004400020000000500280000010000010000"
    "00f19382a1850640 45aa63e32df421b3a2".replace(" ", "")
    + "010100000000000507000000"
    + "00001400ff010f00010100000000000512000000"
)
FORMS = {
    "list": writers.format_list([RELAY, RELAY | {"Name": "B"}], width=60),
    "one line": writers.format_list([RELAY]).replace("\n", " "),
    "table": '[PS] C:\\>Get-ADPermission "EX01\\Relay" | where {$_.Deny -eq $false} | ft *\n'
    + writers.format_table([ROW, ROW]),
    "csv": writers.csv_text([RELAY, RELAY]),
    "json": writers.json_text([RELAY]),
    "clixml": writers.clixml([RELAY, RELAY]),
    "xml": writers.xml_text([RELAY]),
    "html": writers.html_text([RELAY, RELAY]),
    "ldif": f"dn: {PATH}\nobjectClass: msExchSmtpReceiveConnector\ncn: Relay\n"
    f"msExchSmtpReceiveRemoteIPRanges: 10.0.0.1;\nmsExchSmtpReceiveBindings: 0.0.0.0:25\n"
    f"nTSecurityDescriptor:: {base64.b64encode(BINARY).decode()}\n\n",
    "sddl": f'PS C:\\> (Get-Acl "AD:{PATH}").Sddl\n{SDDL}\n',
    "dsacls": f'C:\\>dsacls "{PATH}"\nAccess list:\n'
    "Allow NT AUTHORITY\\ANONYMOUS LOGON    Submit Messages to Server\n"
    "Deny CONTOSO\\X                        FULL CONTROL   <Inherited from parent>\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_damaged_export_is_read_or_refused_by_name(form):
    def read(data: bytes) -> Any:
        return assemble([read_bytes(data, name="input", encoding="latin-1")], prefer_latest=True)

    assert watch(form, [FORMS[form].encode()], read, ROUNDS).inputs


DESCRIPTORS: dict[str, tuple[bytes, Callable[[bytes], Any]]] = {
    "binary descriptor": (BINARY, parse_descriptor),
    "descriptor as text": (SDDL.encode(), lambda data: parse_sddl(data.decode("latin-1"))),
}


@pytest.mark.parametrize("kind", DESCRIPTORS)
def test_a_damaged_descriptor_is_read_or_refused_by_name(kind):
    data, read = DESCRIPTORS[kind]
    assert watch(kind, [data], read, ROUNDS * 4).inputs


def test_a_damaged_archive_is_read_or_refused_by_name(tmp_path):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/list.txt", FORMS["list"])
        archive.writestr("../../b.xml", FORMS["clixml"])
    place = tmp_path / "x.zip"

    def read(data: bytes) -> Any:
        place.write_bytes(data)
        return import_paths([str(place)], encoding="latin-1")

    assert watch("archive", [stream.getvalue()], read, ROUNDS if LONG else ROUNDS // 5).inputs
