"""Damaged input of every form ends in an import or in a named error, never in anything else.

``RELAYSIM_FUZZ=100000`` sets how many inputs each form gets; without it the run is short.
"""

import base64
import random
import zipfile
from io import BytesIO

import pytest

from relaysim.config.exports import import_paths
from relaysim.errors import InvalidInput
from relaysim.importers.assembly.organization import assemble
from relaysim.importers.descriptors.binary import parse_descriptor
from relaysim.importers.descriptors.sddl import parse_sddl
from relaysim.importers.reading import read_bytes
from tests.fuzz.damage import ROUNDS, damaged
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
    chance = random.Random(f"{form} 1")  # noqa: S311
    refused = 0
    for _ in range(ROUNDS):
        data = damaged(FORMS[form].encode("utf-8"), chance)
        try:
            assemble([read_bytes(data, name="input", encoding="latin-1")], prefer_latest=True)
        except InvalidInput as error:
            refused += all(problem.message for problem in error.problems)
    assert refused <= ROUNDS


def test_a_damaged_descriptor_is_read_or_refused_by_name():
    chance = random.Random(2)  # noqa: S311
    read = 0
    for _ in range(ROUNDS * 4):
        try:
            parse_descriptor(damaged(BINARY, chance))
            read += 1
            parse_sddl(damaged(SDDL.encode(), chance).decode("latin-1"))
        except InvalidInput as error:
            read += bool(str(error))
    assert read >= ROUNDS * 4


def test_a_damaged_archive_is_read_or_refused_by_name(tmp_path):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/list.txt", FORMS["list"])
        archive.writestr("../../b.xml", FORMS["clixml"])
    chance = random.Random(3)  # noqa: S311
    place = tmp_path / "x.zip"
    found = 0
    for _ in range(ROUNDS):
        place.write_bytes(damaged(stream.getvalue(), chance))
        try:
            found += len(import_paths([str(place)], encoding="latin-1").connectors)
        except InvalidInput as error:
            found += bool(str(error))
    assert found
