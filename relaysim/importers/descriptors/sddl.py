"""Security descriptors as text: SDDL.

Source: DTYPSDDL.
"""

import re
from collections.abc import Iterable, Iterator

from relaysim.errors import InvalidInput
from relaysim.importers.commands import prompt_command, read_command
from relaysim.importers.descriptors.rows import FULL_CONTROL, DescriptorAce, entry_records
from relaysim.importers.printed.text import read_text
from relaysim.importers.records import NO_CONTEXT, ReadingNote, Record

__all__ = ["parse_sddl", "path_in", "read_sddl_text"]

_LIST = re.compile(r"D:(?:P|AR|AI|NO_ACCESS_CONTROL)*((?:\([^()]*(?:\([^()]*\)[^()]*)*\))*)")
_ENTRY = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_START = re.compile(r"(?:O:[A-Za-z0-9-]+)?(?:G:[A-Za-z0-9-]+)?D:[A-Z_]*\(")
_PATH = re.compile(
    r"CN=(?:[^,\\\"']|\\.){1,400}+,CN=SMTP Receive Connectors,CN=Protocols,CN=[^\"'|;\r\n]+?"
    r"(?=[\"'|;\r\n]|\)\.|\)$|$)",
    re.IGNORECASE,
)
_CONTAINER = ",cn=smtp receive connectors,cn=protocols,cn="
_KINDS = {
    "A": False,
    "OA": False,
    "XA": False,
    "ZA": False,
    "D": True,
    "OD": True,
    "XD": True,
    "ZD": True,
}
_MASKS = {
    "GA": 0x10000000,
    "CC": 0x1,
    "DC": 0x2,
    "LC": 0x4,
    "SW": 0x8,
    "RP": 0x10,
    "WP": 0x20,
    "DT": 0x40,
    "LO": 0x80,
    "CR": 0x100,
    "SD": 0x10000,
    "RC": 0x20000,
    "WD": 0x40000,
    "WO": 0x80000,
    "FA": FULL_CONTROL,
}
_NAMES = {
    "AN": "S-1-5-7",
    "AU": "S-1-5-11",
    "WD": "S-1-1-0",
    "SY": "S-1-5-18",
    "BA": "S-1-5-32-544",
    "PS": "S-1-5-10",
    "CO": "S-1-3-0",
    "ED": "S-1-5-9",
    "NU": "S-1-5-2",
    "IU": "S-1-5-4",
    "RC": "S-1-5-12",
    "BU": "S-1-5-32-545",
    "BG": "S-1-5-32-546",
    "LS": "S-1-5-19",
    "NS": "S-1-5-20",
    "DA": "Domain Admins",
    "DU": "Domain Users",
    "DG": "Domain Guests",
    "DC": "Domain Computers",
    "DD": "Domain Controllers",
    "EA": "Enterprise Admins",
    "SA": "Schema Admins",
}


def parse_sddl(text: str) -> tuple[DescriptorAce, ...] | None:
    """Return the entries of the discretionary list, ``None`` when the text has none.

    Raises:
        InvalidInput: An entry that cannot be read.

    >>> parse_sddl("D:(OA;;CR;a18293f1-0685-4540-aa63-e32df421b3a2;;AN)")[0].who
    'S-1-5-7'
    """
    squeezed = re.sub(r"\s+", "", text)
    match = _LIST.search(squeezed)
    if match is None:
        return None
    if "D:NO_ACCESS_CONTROL" in squeezed and not match[1]:
        return None
    found = []
    for inner in _ENTRY.findall(match[1]):
        ace = _entry(inner)
        if ace is not None:
            found.append(ace)
    rest = squeezed[match.end() :]
    if rest and not rest.startswith("S:"):
        raise InvalidInput(f"`{rest[:40]}` is no part of a security descriptor in SDDL")
    return tuple(found)


def _entry(text: str) -> DescriptorAce | None:
    parts = text.split(";")
    if len(parts) < 6:
        raise InvalidInput(f"`({text[:80]})` is no entry of SDDL (expected six fields)")
    kind, flags, rights, guid, _, who = (part.strip() for part in parts[:6])
    if kind not in _KINDS:
        return None
    pairs = {flags[index : index + 2] for index in range(0, len(flags), 2)}
    return DescriptorAce(
        who=_NAMES.get(who, who),
        mask=_mask(rights),
        guid=guid or None,
        deny=_KINDS.get(kind, True),
        inherited="ID" in pairs,
        effective="IO" not in pairs,
    )


def _mask(text: str) -> int:
    if text[:2].lower() == "0x":
        try:
            return int(text, 16)
        except ValueError:
            raise InvalidInput(f"`{text[:40]}` is no access mask") from None
    if text.isascii() and text.isdigit() and len(text) < 12:
        return int(text)
    mask = 0
    for index in range(0, len(text), 2):
        mask |= _MASKS.get(text[index : index + 2], 0)
    return mask


def path_in(text: str) -> str | None:
    """Return the distinguished name of a receive connector in a text, or ``None``."""
    if _CONTAINER not in text.casefold():  # a line of megabytes may hold thousands of `CN=`
        return None
    match = _PATH.search(text)
    return match[0] if match else None


def read_sddl_text(lines: Iterable[str], file: str, notes: list[ReadingNote]) -> Iterator[Record]:
    """Yield the entries of the descriptors in a text; the command or a line above names the object.

    A descriptor may be broken over several lines. What else the console shows beside them is read
    as well.
    """
    owner: str | None = None
    context = NO_CONTEXT
    text, began = "", 0
    others: list[str] = []
    for number, line in enumerate(lines, 1):
        stripped = line.strip()
        others.append(line)
        if text and _goes_on(text, stripped) and prompt_command(line) is None:
            text += stripped
            others[-1] = ""
            continue
        if text:
            yield from _records(text, began, file, owner, notes)
            text = ""
        command = prompt_command(line)
        if command is not None:
            context = read_command(command)
        owner = path_in(line) or (context.owner if command is not None else owner)
        match = _START.search(stripped)
        if match and command is None:
            text, began = stripped[match.start() :], number
            others[-1] = ""
    if text:
        yield from _records(text, began, file, owner, notes)
    yield from read_text(others, file, notes)


def _goes_on(text: str, line: str) -> bool:
    """Tell whether a line goes on with a descriptor that was broken over lines."""
    if not line or _START.search(line):
        return False
    return line.startswith("(") or text.count("(") > text.count(")") or not text.endswith(")")


def _records(
    text: str, line: int, file: str, owner: str | None, notes: list[ReadingNote]
) -> Iterator[Record]:
    try:
        aces = parse_sddl(text)
    except InvalidInput as error:
        notes.append(ReadingNote("partial-object", f"a security descriptor: {error}", file, line))
        return
    yield from entry_records(
        aces or (), file=file, line=line, form="SDDL", owner=owner, context=NO_CONTEXT
    )
