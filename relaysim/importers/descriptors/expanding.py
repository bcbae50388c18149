"""Objects of the directory: their attributes as Exchange's properties, their descriptor as entries.

What an attribute's number means is only said where a published page says it: the flags of
authentication and protocol options are not, so that they are kept and what hangs on them is open.

Source: LDAPLINGER, DTYPSD.
"""

import base64
import binascii
import re
from collections.abc import Iterator

from relaysim.errors import InvalidInput
from relaysim.importers.descriptors.binary import parse_descriptor
from relaysim.importers.descriptors.rows import DescriptorAce, entry_records
from relaysim.importers.descriptors.sddl import parse_sddl, path_in
from relaysim.importers.records import ReadingNote, Record, RecordKind, Value, classify
from relaysim.model.properties.catalogue import property_named

__all__ = ["expand"]

_PREFIX = "msexchsmtpreceive"
_OTHERS = {
    "distinguishedname": "DistinguishedName",
    "dn": "DistinguishedName",
    "cn": "Name",
    "msexchsmtpreceiveconnectorfqdn": "Fqdn",
    "msexchsmtpreceiveenabled": "Enabled",
    "msexchaccepteddomainname": "DomainName",
}
_DOMAIN = "msexchaccepteddomainname"
_SERVER_ROLES = "msexchcurrentserverroles"
_SERVER = {
    "serialnumber": "AdminDisplayVersion",
    "msexchcurrentserverroles": "ServerRole",
    "cn": "Name",
    "dn": "DistinguishedName",
    "distinguishedname": "DistinguishedName",
}
"""The attributes of a server; the directory shows its version with 30000 added to the build."""
_OPEN = {"MaxMessageSize", "AuthMechanism", "TransportRole", "PermissionGroups"}
"""Properties whose attribute, if it has this name, holds a number of unknown meaning."""
_MARK = {
    "Bindings": re.compile(r"(?<=:)(\d{1,5})[:;](?=[,}.\s\u2026])"),
    "RemoteIPRanges": re.compile(r"()\s*;(?=[,}.\s\u2026])"),
}
"""What stands behind each value in a list that is printed in braces."""
_SECURITY = "msexchsmtpreceiveinboundsecurityflag"


def expand(record: Record, notes: list[ReadingNote]) -> Iterator[Record]:
    """Yield a record with Exchange's names, and the entries of its security descriptor."""
    folded = {name.casefold(): name for name in record.values}
    is_directory = any(name.startswith(_PREFIX) for name in folded)
    other = _other(record, folded)
    if other is not None:
        yield other
        return
    if not is_directory and not folded.keys() & {"ntsecuritydescriptor", "sddl"}:
        yield record
        return
    if is_directory:
        renamed = _renamed(record)
        if _SECURITY in folded:
            number = record.text(folded[_SECURITY])
            notes.append(
                ReadingNote(
                    "ambiguous",
                    f"msExchSmtpReceiveInboundSecurityFlag is {number}: what its number means is "
                    "not published, so that AuthMechanism is not known; "
                    "`Get-ReceiveConnector | fl Identity,AuthMechanism` tells",
                    record.file,
                    record.line_of(folded[_SECURITY]),
                )
            )
        yield renamed
    yield from _entries(record, folded, notes)


def _other(record: Record, folded: dict[str, str]) -> Record | None:
    """Return an accepted domain or a server under Exchange's names, ``None`` for anything else."""
    if _DOMAIN in folded:
        values = {"DomainName": record.values[folded[_DOMAIN]]}
        label = folded.get("cn") or folded.get("name")
        if label is not None:
            values["Name"] = record.values[label]
        return record._replace(kind=RecordKind.DOMAIN, values=values)
    if _SERVER_ROLES in folded and "serialnumber" in folded:
        values = {
            _SERVER[lowered]: record.values[name]
            for lowered, name in folded.items()
            if lowered in _SERVER
        }
        return record._replace(kind=RecordKind.SERVER, values=values)
    return None


def _renamed(record: Record) -> Record:
    values: dict[str, Value] = {}
    for name, value in record.values.items():
        lowered = name.casefold()
        target = _OTHERS.get(lowered)
        if target is None and lowered.startswith(_PREFIX):
            known = property_named(lowered.removeprefix(_PREFIX))
            target = known.name if known and known.name not in _OPEN else None
        if lowered in ("ntsecuritydescriptor", "sddl"):
            continue
        values.setdefault(target or name, _plain(target or name, value))
    kind = RecordKind.CONNECTOR
    if not {"Bindings", "RemoteIPRanges"} & values.keys():
        kind = classify(values, record.context)
    return record._replace(kind=kind, values=values)


def _plain(name: str, value: Value) -> Value:
    """Return a value without the mark that stands behind each range and binding."""
    text = value.text
    if text is not None and text.strip().upper() in ("TRUE", "FALSE"):
        return value._replace(text=text.strip().capitalize())
    if name not in ("Bindings", "RemoteIPRanges"):
        return value
    items = value.items if value.items is not None else (text or "",)
    if text is not None and text.strip().startswith("{"):
        # Get-ADObject prints the values as a list in braces, which may have been cut.
        return value._replace(text=_MARK[name].sub(r"\1", text), items=None)
    return value._replace(items=tuple(_unmarked(name, item) for item in items if item.strip()))


def _unmarked(name: str, item: str) -> str:
    plain = item.strip().rstrip(";")
    # A colon may end an IPv6 range; behind a port it is a mark.
    return re.sub(r"(:\d{1,5}):$", r"\1", plain) if name == "Bindings" else plain


def _entries(record: Record, folded: dict[str, str], notes: list[ReadingNote]) -> Iterator[Record]:
    name = folded.get("ntsecuritydescriptor") or folded.get("sddl")
    if name is None:
        return
    text = record.text(name)
    if text is None:
        return
    line = record.line_of(name)
    try:
        aces = _descriptor(text)
    except InvalidInput as error:
        notes.append(
            ReadingNote("partial-object", f"the security descriptor: {error}", record.file, line)
        )
        return
    if aces is None:
        notes.append(
            ReadingNote(
                "ambiguous",
                "the object's security descriptor holds no list of entries; none is taken",
                record.file,
                line,
            )
        )
        return
    owner = _owner(record, folded)
    yield from entry_records(
        aces,
        file=record.file,
        line=line,
        form="security descriptor",
        owner=owner,
        context=record.context,
    )


def _owner(record: Record, folded: dict[str, str]) -> str | None:
    for key in ("distinguishedname", "dn", "path", "pspath"):
        if key in folded:
            text = record.text(folded[key])
            found = path_in(text) if text else None
            if found is not None:
                return found
    return path_in(record.context.command) or record.context.owner


def _descriptor(text: str) -> tuple[DescriptorAce, ...] | None:
    stripped = re.sub(r"\s+", "", text)
    if re.match(r"^(?:[OG]:|D:)", stripped):
        return parse_sddl(stripped)
    if re.fullmatch(r"[0-9A-Fa-f]+", stripped) and stripped[:4] == "0100":
        return parse_descriptor(bytes.fromhex(stripped[: len(stripped) // 2 * 2]))
    try:
        return parse_descriptor(base64.b64decode(stripped, validate=True))
    except (binascii.Error, ValueError):
        raise InvalidInput("is neither base64 nor SDDL (a type name tells nothing)") from None
