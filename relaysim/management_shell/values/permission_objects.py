"""Access control entries as a script sees them, and what ADPermission commands are given.

Source: ADDADP, REMADP, GETADP, QA1193037, ASK10, ADACE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relaysim.errors import closest
from relaysim.management_shell.values.connector_objects import (
    distinguished_name,
    identity_object,
    identity_text,
)
from relaysim.model.rights import Right, right_named
from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from relaysim.model.acl import Ace
    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.organization import Organization

__all__ = [
    "OTHER_RIGHTS",
    "EntrySnapshot",
    "GivenRight",
    "entry_object",
    "to_access_rights",
    "to_entry",
    "to_extended_rights",
]

OTHER_RIGHTS = (
    "Receive-As",
    "ms-Exch-Create-Public-Folder",
    "ms-Exch-Store-Admin",
    "ms-Exch-Store-Create-Named-Properties",
)
"""Extended rights of Exchange that mean nothing on a receive connector: known, not kept.

Source: PERM13.
"""

_ACCESS_RIGHTS = (
    "None", "CreateChild", "DeleteChild", "ListChildren", "Self", "ReadProperty",
    "WriteProperty", "DeleteTree", "ListObject", "ExtendedRight", "Delete", "ReadControl",
    "GenericExecute", "GenericWrite", "GenericRead", "WriteDacl", "WriteOwner", "GenericAll",
    "Synchronize", "AccessSystemSecurity",
)  # fmt: skip


class GivenRight(NamedTuple):
    """An extended right that was named.

    Attributes:
        right: The right, or ``None`` for one that means nothing here.
        name: As it was written.
    """

    right: Right | None
    name: str


def to_extended_rights(value: Value) -> tuple[GivenRight, ...]:
    """Return the rights that ``-ExtendedRights`` names: whole names, in any case.

    Raises:
        ConversionError: An unknown right; the message suggests the closest.
    """
    found = []
    for item in to_list(value):
        text = _right_text(item)
        right = right_named(text)
        other = {name.casefold() for name in OTHER_RIGHTS}
        if right in (Right.ALL_EXTENDED_RIGHTS, Right.FULL_CONTROL):
            right = None
        elif right is not None or text.casefold() in other:
            found.append(GivenRight(right, text))
            continue
        names = [one.value for one in Right]
        near = closest(text, [*names, *OTHER_RIGHTS])
        hint = f"did you mean `{near}`?" if near else None
        if "," in text:
            hint = 'one string is one right: write `"a","b"`, not `"a,b"`'
        raise ConversionError(f"unknown extended right `{text}`", id="RightNotFound", hint=hint)
    return tuple(found)


def _right_text(item: Value) -> str:
    if isinstance(item, ShellObject) and "RawIdentity" in item:
        item = item.get("RawIdentity")
    return to_text(item).strip()


def to_access_rights(value: Value) -> tuple[str, ...]:
    """Return the names that ``-AccessRights`` gives, in their own spelling.

    Raises:
        ConversionError: An unknown name.
    """
    known = {name.casefold(): name for name in _ACCESS_RIGHTS}
    found = []
    for item in to_list(value):
        for part in to_text(item).split(","):
            name = known.get(part.strip().casefold())
            if name is None:
                near = closest(part, _ACCESS_RIGHTS)
                raise ConversionError(
                    f"unknown access right `{part.strip()}`",
                    id="CannotConvertArgument",
                    hint=f"did you mean `{near}`?" if near else None,
                )
            found.append(name)
    return tuple(found)


class EntrySnapshot(NamedTuple):
    """What stands behind an entry object.

    Attributes:
        connector: The identity of the connector it was read from.
        ace: The entry.
    """

    connector: str
    ace: Ace


def to_entry(value: Value) -> Value:
    """Return an entry object unchanged, and refuse anything else."""
    if isinstance(value, ShellObject) and isinstance(value.base, EntrySnapshot):
        return value
    raise ConversionError("a permission object is expected", id="CannotConvertArgument")


_RIGHT = ObjectType(
    name="Microsoft.Exchange.Configuration.Tasks.ExtendedRightIdParameter",
    text=lambda value: to_text(value.get("RawIdentity")),
)
_PRINCIPAL = ObjectType(
    name="Microsoft.Exchange.Configuration.Tasks.SecurityPrincipalIdParameter",
    text=lambda value: to_text(value.get("RawIdentity")),
)
_ENTRY = ObjectType(
    name="Microsoft.Exchange.Management.RecipientTasks.ADAcePresentationObject",
    view=DefaultView(
        columns=("Identity", "User", "Deny", "IsInherited"), titles=(("IsInherited", "Inherited"),)
    ),
    text=lambda value: to_text(value.get("Identity")),
)


def entry_object(ace: Ace, connector: ReceiveConnector, organization: Organization) -> ShellObject:
    """Return an entry as Get-ADPermission shows it: one right in each.

    All extended rights are the access right without a name, full control is ``GenericAll``.
    """
    name = connector.name
    identity = identity_object(
        identity_text(organization, name), name, distinguished_name(organization, name)
    )
    whole = ace.right in (Right.ALL_EXTENDED_RIGHTS, Right.FULL_CONTROL)
    access = Right.FULL_CONTROL.value if ace.right is Right.FULL_CONTROL else "ExtendedRight"
    rights = None if whole else [ShellObject((("RawIdentity", ace.right.value),), type_=_RIGHT)]
    user = ShellObject(
        (("RawIdentity", ace.principal.name), ("SecurityIdentifier", ace.principal.sid)),
        type_=_PRINCIPAL,
    )
    return ShellObject(
        (
            ("AccessRights", [access]),
            ("ExtendedRights", rights),
            ("ChildObjectTypes", None),
            ("InheritedObjectType", None),
            ("Properties", None),
            ("InheritanceType", "All"),
            ("User", user),
            ("Identity", identity),
            ("Deny", ace.deny),
            ("IsInherited", ace.inherited),
            ("IsValid", True),
            ("ObjectState", "Unchanged"),
        ),
        type_=_ENTRY,
        base=EntrySnapshot(identity_text(organization, name), ace),
    )
