"""Add-, Remove- and Get-ADPermission, on receive connectors.

Source: ADDADP, REMADP, GETADP, ADTASK, RC13, RC16.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relaysim.lean import replace
from relaysim.management_shell.cmdlets.identities import (
    FoundConnector,
    connectors_named,
    one_connector,
    principal_named,
    to_identity,
    to_name,
)
from relaysim.management_shell.roster import put_connector
from relaysim.management_shell.state import (
    ExchangeCmdlet,
    Refused,
    Unmodelled,
    state_of,
)
from relaysim.management_shell.values.parameters import refused_later
from relaysim.management_shell.values.permission_objects import (
    EntrySnapshot,
    GivenRight,
    entry_object,
    to_access_rights,
    to_entry,
    to_extended_rights,
)
from relaysim.model.acl import Ace
from relaysim.model.rights import RIGHT_FACTS, Right
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.value import ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.model.principals import Principal
    from relaysim.powershell.interpreter.context import Context

__all__ = ["PERMISSION_CMDLETS", "AddPermission", "GetPermission", "RemovePermission"]

_INHERITANCE = ("None", "All", "Children", "Descendents", "SelfAndChildren")
_BELOW = ("Children", "Descendents")
"""Kinds of inheritance that leave the object itself out."""


def _to_inheritance(value: Value) -> Value:
    for name in _INHERITANCE:
        if name.casefold() == to_text(value).strip().casefold():
            return name
    raise ConversionError(
        f"`{to_text(value)}` is no inheritance type (one of {', '.join(_INHERITANCE)})",
        id="CannotConvertArgument",
    )


def _to_user(value: Value) -> Value:
    if isinstance(value, ShellObject) and "Identity" in value and value.type.text is None:
        value = value.get("Identity")
    return to_name(value)


_SELECTORS = (
    Parameter(name="Instance", convert=to_entry, from_pipeline=True),
    Parameter(name="Identity", convert=to_identity, position=0, from_pipeline=True),
    Parameter(name="User", convert=_to_user),
    Parameter(name="AccessRights", convert=to_access_rights),
    Parameter(name="ExtendedRights", convert=refused_later(to_extended_rights)),
    Parameter(name="Deny", switch=True),
    Parameter(name="ChildObjectTypes", convert=to_list),
    Parameter(name="InheritanceType", convert=_to_inheritance),
    Parameter(name="InheritedObjectType"),
    Parameter(name="Properties", convert=to_list),
)


class _Asked(NamedTuple):
    """What Add- and Remove-ADPermission are about.

    Attributes:
        place: The connector.
        principal: The user or group.
        rights: The rights, with those that stand for many.
        deny: Whether deny entries are meant.
    """

    place: FoundConnector
    principal: Principal
    rights: tuple[Right, ...]
    deny: bool

    def entries(self) -> list[Ace]:
        return [Ace(self.principal, right, self.deny) for right in dict.fromkeys(self.rights)]


def _asked(context: Context, bound: Bound, unmodelled: list[Unmodelled]) -> _Asked:
    """Return what the parameters ask for; an object of the pipeline gives what they leave open."""
    organization = state_of(context).organization
    instance = bound.get("Instance")
    snapshot = instance.base if isinstance(instance, ShellObject) else None
    if not isinstance(snapshot, EntrySnapshot):
        snapshot = None
    identity = to_text(bound.get("Identity")) or (snapshot.connector if snapshot else "")
    if not identity:
        raise Refused("`-Identity` is needed", "MissingMandatoryParameter")
    place = one_connector(organization, identity)
    user = to_text(bound.get("User"))
    if user:
        principal = principal_named(organization, user)
    elif snapshot is not None:
        principal = snapshot.ace.principal
    else:
        raise Refused("`-User` is needed", "MissingMandatoryParameter", target=identity)
    rights = _rights(context, bound, place, unmodelled)
    if rights is None:
        if snapshot is None:
            raise Refused(
                "`-ExtendedRights` or `-AccessRights` is needed",
                "MissingMandatoryParameter",
                target=identity,
            )
        rights = (snapshot.ace.right,)
    deny = bound.flag("Deny")
    if snapshot is not None and "Deny" not in bound:
        deny = snapshot.ace.deny
    return _Asked(place, principal, rights, deny)


def _rights(
    context: Context, bound: Bound, place: FoundConnector, unmodelled: list[Unmodelled]
) -> tuple[Right, ...] | None:
    """Return the rights that are named, ``None`` when no parameter names any."""
    if "ExtendedRights" not in bound and "AccessRights" not in bound:
        return None
    exchange = place.organization.exchange
    label = state_of(context).named(place.server, place.connector.name)
    target = f"entries of receive connector `{label}`"
    rights: list[Right] = []
    given = bound.get("ExtendedRights")
    for item in given if isinstance(given, tuple) else ():
        if not isinstance(item, GivenRight):
            continue
        if item.right is None:
            unmodelled.append(Unmodelled(target, "ExtendedRights", item.name))
            continue
        since = RIGHT_FACTS[item.right].since
        if since > exchange:
            raise Refused(
                f"the right `{item.right.value}` does not exist before Exchange {since.value}",
                "RightNotFound",
                target=place.identity,
            )
        if item.name.casefold() not in (item.right.value.casefold(), "send as"):
            context.warn(f"`{item.name}` is taken for `{item.right.value}` (G-2)")
        rights.append(item.right)
    access = bound.get("AccessRights")
    for name in access if isinstance(access, tuple) else ():
        if name == Right.FULL_CONTROL.value:
            rights.append(Right.FULL_CONTROL)
        elif name == "ExtendedRight":
            if "ExtendedRights" not in bound:
                rights.append(Right.ALL_EXTENDED_RIGHTS)
        else:
            unmodelled.append(Unmodelled(target, "AccessRights", str(name)))
    inheritance = bound.get("InheritanceType")
    if inheritance in _BELOW:
        # A connector has nothing below it, so such an entry acts on no session.
        unmodelled.append(Unmodelled(target, "InheritanceType", str(inheritance)))
        return ()
    unmodelled += (
        Unmodelled(target, name, to_text(bound.get(name)))
        for name in ("ChildObjectTypes", "InheritedObjectType", "Properties")
        if bound.get(name)
    )
    return tuple(rights)


def _replace_acl(
    context: Context,
    place: FoundConnector,
    acl: tuple[Ace, ...],
    unmodelled: list[Unmodelled],
) -> None:
    state = state_of(context)
    if acl != place.connector.acl:
        renewed = replace(place.connector, acl=acl)
        changed = put_connector(
            state.organization, renewed, replaces=renewed.name, server=place.server
        )
        state = state._replace(organization=changed)
    context.state = state.noting(*unmodelled)


_OF_RECIPIENTS = frozenset({"send-as", "receive-as", "send as", "receive as"})


def _is_about_recipient(context: Context, bound: Bound) -> bool:
    """Tell whether the rights are those of mailboxes and the object is no connector; say so."""
    given = bound.get("ExtendedRights")
    rights = (
        [one for one in given if isinstance(one, GivenRight)] if isinstance(given, tuple) else []
    )
    identity = to_text(bound.get("Identity"))
    names = {one.name.casefold() for one in rights}
    if not identity or not names or not names <= _OF_RECIPIENTS:
        return False
    if connectors_named(state_of(context).organization, identity):
        return False
    context.machine.remark(f"{context.command} does nothing: mailboxes are no part of the model")
    return True


class AddPermission(ExchangeCmdlet):
    """``Add-ADPermission``."""

    spec = CmdletSpec(
        name="Add-ADPermission",
        changes=True,
        directory=True,
        parameters=(*_SELECTORS, Parameter(name="Owner", convert=_to_user)),
        exclusive=(("User", "Owner"),),
    )

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Add the entries that are not there yet, and return them."""
        if "Owner" in bound:
            return _set_owner(context, bound)
        if _is_about_recipient(context, bound):
            return ()
        unmodelled: list[Unmodelled] = []
        asked = _asked(context, bound, unmodelled)
        connector = asked.place.connector
        identity = asked.place.identity
        if not context.should_process(identity, f"Add-ADPermission {asked.principal}"):
            return ()
        entries = asked.entries()
        for ace in entries:
            if ace in connector.acl:
                context.warn(
                    f"`{asked.principal}` has the entry `{ace.right.value}` on `{identity}` already"
                )
        new = tuple(ace for ace in entries if ace not in connector.acl)
        _replace_acl(context, asked.place, connector.acl + new, unmodelled)
        return [entry_object(ace, connector, asked.place.organization) for ace in entries]


def _set_owner(context: Context, bound: Bound) -> Iterable[Value]:
    state = state_of(context)
    place = one_connector(state.organization, to_text(bound.get("Identity")))
    owner = principal_named(state.organization, to_text(bound.get("Owner")))
    if context.should_process(place.identity):
        label = state.named(place.server, place.connector.name)
        context.state = state.noting(
            Unmodelled(f"receive connector `{label}`", "Owner", owner.name)
        )
    return ()


class RemovePermission(ExchangeCmdlet):
    """``Remove-ADPermission``: allow entries, with ``-Deny`` deny entries (A-4, G-4a)."""

    spec = CmdletSpec(
        name="Remove-ADPermission", changes=True, directory=True, parameters=_SELECTORS
    )

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Remove explicit entries; inherited ones stay, with a warning."""
        if _is_about_recipient(context, bound):
            return ()
        unmodelled: list[Unmodelled] = []
        asked = _asked(context, bound, unmodelled)
        if not context.should_process(
            asked.place.identity, f"Remove-ADPermission {asked.principal}"
        ):
            return ()
        entries = asked.entries()
        for ace in entries:
            if ace not in asked.place.connector.acl:
                self._explain(context, ace, asked.place)
        gone = set(entries)
        rest = tuple(ace for ace in asked.place.connector.acl if ace not in gone)
        _replace_acl(context, asked.place, rest, unmodelled)
        return ()

    @staticmethod
    def _explain(context: Context, ace: Ace, place: FoundConnector) -> None:
        """Say why an entry cannot be removed."""
        acl = place.connector.acl
        kind = "deny" if ace.deny else "allow"
        message = (
            f"`{ace.principal}` has no explicit {kind} entry `{ace.right.value}` "
            f"on `{place.identity}`, nothing is removed"
        )
        inherited = ace._replace(inherited=True)
        if inherited in acl or inherited in place.organization.inherited_aces:
            message += "; the entry is inherited"
        elif ace._replace(deny=not ace.deny) in acl:
            other = "without `-Deny`" if ace.deny else "with `-Deny`"
            message += f"; there is one of the other kind, removed {other} (A-4)"
        context.warn(message)


class GetPermission(ExchangeCmdlet):
    """``Get-ADPermission``: explicit entries, then what the connector inherits."""

    spec = CmdletSpec(
        name="Get-ADPermission",
        directory=True,
        parameters=(
            Parameter(
                name="Identity",
                convert=to_identity,
                position=0,
                mandatory=True,
                from_pipeline=True,
            ),
            Parameter(name="User", convert=_to_user),
            Parameter(name="Owner", switch=True),
        ),
    )

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Return the entries of a connector, of one principal if it is named."""
        place = one_connector(state_of(context).organization, to_text(bound.get("Identity")))
        organization, connector = place
        if bound.flag("Owner"):
            raise Refused(
                "owners of objects are not part of the model",
                "NotModelled",
                target=place.identity,
            )
        user = to_text(bound.get("User"))
        wanted = principal_named(organization, user) if user else None
        entries = dict.fromkeys((*connector.acl, *organization.inherited_aces))
        found = [ace for ace in entries if wanted is None or ace.principal == wanted]
        # Explicit entries come before inherited ones, and deny before allow in each.
        found.sort(key=lambda ace: (ace.inherited, not ace.deny))
        context.spend(20 * len(found))
        return [entry_object(ace, connector, organization) for ace in found]


PERMISSION_CMDLETS = (AddPermission(), RemovePermission(), GetPermission())
