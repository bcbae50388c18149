"""Inputs that are not damaged but meant: each once took minutes, or gigabytes.

What takes a time that grows with the square of the input does not end here.
"""

import pytest

from relaysim.errors import RelaysimError
from relaysim.importers.assembly.organization import assemble
from relaysim.importers.assembly.servers import version_of_build
from relaysim.importers.logs.client_log import read_client_log
from relaysim.importers.reading import read_bytes

DN = "CN=A,CN=SMTP Receive Connectors,CN=Protocols,CN=EX01,CN=Servers,DC=contoso,DC=com"
TYPE = "Deserialized.Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector"
OURS = f'<TN RefId="0"><T>{TYPE}</T></TN><Props><S N="Name">A</S><S N="Server">EX01</S></Props>'
OBJS = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
TWICE = '<Obj N="P{0}" RefId="{0}"><LST><Ref RefId="{1}" /><Ref RefId="{1}" /></LST></Obj>'
BOMB = "".join(TWICE.format(number, number + 1) for number in range(1, 60))
KEPT = "".join(
    f'<Obj RefId="1{number}"><Props>{TWICE.format(number, number - 1)}</Props></Obj>'
    for number in range(2, 60)
)
READ = {
    "empty lines": "\n" * 200_000,
    "a list without its end": "Name: A\nRemoteIPRanges: {\n" + "10.0.0.1,\n" * 25_000,
    "attributes": f"dn: {DN}\n" + "".join(f"a{number}: x\n" for number in range(25_000)),
    "a descriptor in pieces": f"dn: {DN}\nnTSecurityDescriptor:: AQAE\n" + " AAAAAAAA\n" * 200_000,
    "names in SDDL": "D:(A;;CC;;;AN)\n" + "CN=" * 200_000,
    "keys of JSON": "[{" + ",\n".join(f'"k{number}": 1' for number in range(25_000)) + "}]",
    "documents among lines": "text\n" + '{"Name": "A", "Bindings": ["0.0.0.0:25"]}\n' * 3_000,
    "objects in a home-made one": f'{OBJS}<Obj RefId="9"><Props>'
    + f'\n<Obj N="x">{OURS}</Obj>' * 3_000
    + "</Props></Obj></Objs>",
    "a cell without its end": "Name Bindings     RemoteIPRanges\n---- --------     --------------\n"
    "A    {0.0.0.0:25} {1.1.1.1,\n" + "                  1.1.1.2,\n" * 25_000,
    "beginnings of comments": "<html><table>" + "<!--" * 200_000,
    "beginnings of CDATA": f"{OBJS}<Obj>{OURS}<MS><S N='x'><![CDATA["
    + "<![CDATA[" * 25_000
    + "]]></S></MS></Obj></Objs>",
}


@pytest.mark.parametrize("name", READ)
def test_a_hostile_text_is_read_or_refused_soon(name):
    found = read_bytes(READ[name].encode(), name="x")
    if found.holds_ours:
        assert assemble([found], prefer_latest=True).organization.servers
    else:
        with pytest.raises(RelaysimError, match="no receive connector"):
            assemble([found])


@pytest.mark.parametrize("objects", [f"<Obj>{OURS}<MS>{BOMB}</MS></Obj>", KEPT])
def test_objects_that_hold_others_twice_by_reference_are_refused(objects):
    with pytest.raises(RelaysimError, match="holds more than 200,000 values by reference"):
        read_bytes(f"{OBJS}\n{objects}</Objs>".encode(), name="x")


def test_a_line_of_brackets_and_a_version_of_digits_are_read_soon():
    assert read_client_log("[" * 60_000) == ()
    assert version_of_build(f"Version {'1' * 5000}.2 (Build {'9' * 5000}.7)") is None
