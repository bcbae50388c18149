"""What dsacls prints: one entry a line, the right by its display name or GUID.

Source: DSACLS.
"""

import re
from collections.abc import Iterable, Iterator

from relaysim.importers.commands import prompt_command
from relaysim.importers.descriptors.sddl import path_in
from relaysim.importers.records import NO_CONTEXT, ReadingNote, Record, RecordKind, Value
from relaysim.model.rights import RIGHT_FACTS

__all__ = ["read_dsacls"]

_ROW = re.compile(
    r"^(Inherited )?(Allow|Deny)\s+(\S.*?)(?:\s{2,}|\s+(?=(?:SPECIAL ACCESS|FULL CONTROL)\b))"
    r"(.*?)\s*(<Inherited from parent>)?\s*$",
    re.IGNORECASE,
)
_NAME_ALONE = re.compile(
    r"^(Inherited )?(Allow|Deny)\s+(\S.*?)\s*(<Inherited from parent>)?\s*$", re.IGNORECASE
)
"""A name that leaves no room beside it: what it may stands in the lines below."""
_DETAIL = re.compile(r"^\s+(\S.*?)\s*(<Inherited from parent>)?\s*$")
_NAMES = {
    name.casefold(): right.value
    for right, facts in RIGHT_FACTS.items()
    for name in (facts.display_name, facts.guid, right.value)
    if name
}


def read_dsacls(lines: Iterable[str], file: str, notes: list[ReadingNote]) -> Iterator[Record]:
    """Yield the entries in the output of dsacls; the command line names the object."""
    owner: str | None = None
    pending: tuple[int, str, bool, bool] | None = None
    below = False
    for number, line in enumerate(lines, 1):
        if prompt_command(line) is not None or "dsacls" in line.casefold():
            owner = path_in(line) or owner
            continue
        folded = line.strip().casefold()
        if folded.startswith("permissions inherited to"):
            # What follows applies to objects below this one.
            below = "this object" not in folded
            continue
        if folded.startswith(("effective permissions", "access list")):
            below = False
        if below:
            continue
        match = _ROW.match(line)
        if match is not None:
            inherited = bool(match[1] or match[5]) or "inherited from parent" in folded
            pending = (number, match[3], match[2].casefold() == "deny", inherited)
            yield from _entry(pending, match[4], owner, file, notes)
            continue
        alone = _NAME_ALONE.match(line)
        if alone is not None:
            inherited = bool(alone[1] or alone[4])
            pending = (number, alone[3], alone[2].casefold() == "deny", inherited)
            continue
        detail = _DETAIL.match(line)
        if pending is not None and detail is not None and line[:1].isspace():
            row = pending if detail[2] is None else (*pending[:3], True)
            yield from _entry(row, detail[1], owner, file, notes)


def _entry(
    row: tuple[int, str, bool, bool],
    text: str,
    owner: str | None,
    file: str,
    notes: list[ReadingNote],
) -> Iterator[Record]:
    line, who, deny, inherited = row
    folded = " ".join(text.split()).casefold().removesuffix("<inherited from parent>").strip()
    right: str | None = None
    if folded.startswith("full control"):
        access = "GenericAll"
    elif folded.startswith("control access"):
        access = "ExtendedRight"
    else:
        # dsacls prints an extended right by its display name, alone on the line.
        right = _NAMES.get(folded) or _NAMES.get(folded.strip("{}"))
        if right is None:
            if folded.startswith(("submit", "accept", "bypass", "{")):
                notes.append(
                    ReadingNote(
                        "ambiguous",
                        f"the right `{text[:80]}` is not known; the entry is left out",
                        file,
                        line,
                    )
                )
            return
        access = "ExtendedRight"
    values = {
        "User": Value(who, None, line),
        "ExtendedRights": Value(right, None, line),
        "AccessRights": Value(access, None, line),
        "Deny": Value(str(deny), None, line),
        "IsInherited": Value(str(inherited), None, line),
    }
    if owner is not None:
        values["Identity"] = Value(owner, None, line)
    yield Record(
        kind=RecordKind.ENTRY,
        values=values,
        file=file,
        line=line,
        form="dsacls",
        context=NO_CONTEXT,
    )
