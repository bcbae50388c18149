"""Entries written as security descriptors of every form are read back alike."""

import base64
import struct
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from relaysim.importers.assembly.organization import assemble
from relaysim.importers.reading import read_bytes
from relaysim.model.rights import RIGHT_FACTS, Right

PATH = "CN=Relay,CN=SMTP Receive Connectors,CN=Protocols,CN=EX01,CN=Servers,DC=contoso,DC=com"
RELAY = r"""
Identity         : EX01\Relay
Enabled          : True
Bindings         : {0.0.0.0:25}
RemoteIPRanges   : {10.0.5.0/24}
PermissionGroups : Custom
AuthMechanism    : Tls
"""
WHO = {
    "S-1-5-7": ("AN", "NT AUTHORITY\\ANONYMOUS LOGON"),
    "S-1-5-11": ("AU", "NT AUTHORITY\\Authenticated Users"),
    "S-1-5-21-1-2-3-1105": ("S-1-5-21-1-2-3-1105", "S-1-5-21-1-2-3-1105"),
}
RIGHTS = tuple(right for right, facts in RIGHT_FACTS.items() if facts.guid and facts.display_name)
aces = st.lists(
    st.tuples(
        st.sampled_from(sorted(WHO)),
        st.sampled_from([*RIGHTS, Right.ALL_EXTENDED_RIGHTS, Right.FULL_CONTROL]),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
    unique=True,
)


def sid_bytes(sid):
    _, _, authority, *parts = sid.split("-")
    head = bytes([1, len(parts)]) + int(authority).to_bytes(6, "big")
    return head + b"".join(struct.pack("<I", int(part)) for part in parts)


def binary(rows):
    entries = b""
    for sid, right, deny, inherited in rows:
        facts = RIGHT_FACTS.get(right)
        guid = facts.guid if facts is not None else None
        mask = 0xF01FF if right is Right.FULL_CONTROL else 0x100
        body = struct.pack("<I", mask)
        if guid:
            body += struct.pack("<I", 1) + UUID(guid).bytes_le
        body += sid_bytes(sid)
        kind = (5 if guid else 0) + deny
        entries += struct.pack("<BBH", kind, 0x10 * inherited, len(body) + 4) + body
    acl = struct.pack("<BBHHH", 4, 0, 8 + len(entries), len(rows), 0) + entries
    return struct.pack("<BBHIIII", 1, 0, 0x8004, 0, 0, 0, 20) + acl


def ldif(rows):
    line = f"nTSecurityDescriptor:: {base64.b64encode(binary(rows)).decode()}"
    folded = "\n ".join([line[:76], *(line[i : i + 75] for i in range(76, len(line), 75))])
    return f"dn: {PATH}\nobjectClass: msExchSmtpReceiveConnector\n{folded}\n"


def sddl(rows):
    found = ""
    for sid, right, deny, inherited in rows:
        facts = RIGHT_FACTS.get(right)
        guid = facts.guid if facts is not None else None
        kind = ("O" if guid else "") + ("D" if deny else "A")
        mask = "0xf01ff" if right is Right.FULL_CONTROL else "CR"
        found += f"({kind};{'ID' * inherited};{mask};{guid or ''};;{WHO[sid][0]})"
    return f'PS C:\\> (Get-Acl "AD:{PATH}").Sddl\nO:DAG:DAD:AI{found}\n'


def dsacls(rows):
    lines = [f'C:\\>dsacls "{PATH}"', "Access list:"]
    words = {Right.FULL_CONTROL: "FULL CONTROL", Right.ALL_EXTENDED_RIGHTS: "CONTROL ACCESS"}
    for sid, right, deny, inherited in rows:
        what = words.get(right) or RIGHT_FACTS[right].display_name
        end = "   <Inherited from parent>" if inherited else ""
        lines.append(f"{'Deny ' if deny else 'Allow'} {WHO[sid][1].ljust(37)} {what}{end}")
    return "\n".join([*lines, "", "The command completed successfully", ""])


@settings(max_examples=60, deadline=None)
@given(aces)
def test_descriptors_of_every_form_are_read_back_alike(rows):
    wanted = {(WHO[sid][1], right, deny, inherited) for sid, right, deny, inherited in rows}
    connector = read_bytes(RELAY.encode(), name="connectors")
    for write in (ldif, sddl, dsacls):
        text = write(rows)
        result = assemble([connector, read_bytes(text.encode(), name="entries")])
        facts = next(one for one in result.connectors if one.title == "EX01\\Relay")
        found = {(a.principal.name, a.right, a.deny, a.inherited) for a in facts.listed}
        assert found == wanted, text
