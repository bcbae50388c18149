"""Entries of a security descriptor as the rows that Get-ADPermission would show.

Only what decides on a receive connector is kept apart: extended rights, all of them, full control.

Source: DTYPACE, ADTSACE, GUIDS.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from relaysim.importers.records import OutputContext, Record, RecordKind, Value
from relaysim.model.rights import RIGHT_FACTS

__all__ = ["CONTROL_ACCESS", "FULL_CONTROL", "DescriptorAce", "entry_records"]

CONTROL_ACCESS = 0x100
"""The right to an extended operation; without a GUID to all of them."""
FULL_CONTROL = 0xF01FF
GENERIC_ALL = 0x10000000

_RIGHTS = {facts.guid: right.value for right, facts in RIGHT_FACTS.items() if facts.guid}


class DescriptorAce(NamedTuple):
    """One entry of a discretionary list.

    Attributes:
        who: A SID, or a name where the text gives one.
        mask: The access mask.
        guid: The GUID of the extended right, or ``None`` for all.
        deny: Deny instead of allow.
        inherited: It came from a parent.
        effective: It applies to the object itself, not only to what is below it.
    """

    who: str
    mask: int
    guid: str | None
    deny: bool
    inherited: bool
    effective: bool = True


def entry_records(
    aces: Iterable[DescriptorAce],
    *,
    file: str,
    line: int | None,
    form: str,
    owner: str | None,
    context: OutputContext,
) -> Iterator[Record]:
    r"""Yield a record for each entry that matters to a connector.

    Args:
        aces: The entries.
        file: The file, for places.
        line: The line, for places.
        form: The form they were read from.
        owner: The connector, as a distinguished name or ``SERVER\Name``; ``None`` if not told.
        context: The command above.
    """
    for ace in aces:
        rights, access = _named(ace)
        if not ace.effective or access is None:
            continue
        values = {
            "User": Value(ace.who, None, line),
            "ExtendedRights": Value(rights, None, line),
            "AccessRights": Value(access, None, line),
            "Deny": Value(str(ace.deny), None, line),
            "IsInherited": Value(str(ace.inherited), None, line),
        }
        if ace.who.upper().startswith("S-1-"):
            values["User.SecurityIdentifier"] = Value(ace.who, None, line)
        if owner is not None:
            values["Identity"] = Value(owner, None, line)
        yield Record(
            kind=RecordKind.ENTRY, values=values, file=file, line=line, form=form, context=context
        )


def _named(ace: DescriptorAce) -> tuple[str | None, str | None]:
    """Return the extended right and the access right of an entry; none when it is of no account."""
    full = ace.mask & GENERIC_ALL or ace.mask & FULL_CONTROL == FULL_CONTROL
    if full and ace.guid is None:
        return None, "GenericAll"
    if not ace.mask & CONTROL_ACCESS:
        return None, None
    if ace.guid is None:
        return None, "ExtendedRight"
    name = _RIGHTS.get(ace.guid.lower())
    return (name, "ExtendedRight") if name is not None else (None, None)
