"""What distinguishes two organizations, as signed lines: what a script changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relaysim.errors import InvalidInput, printable
from relaysim.lean import field_defaults
from relaysim.model.edit import change_server
from relaysim.model.properties.catalogue import BY_NAME, PROPERTIES
from relaysim.model.properties.kept import value_of
from relaysim.model.properties.lists import groups_text, mechanisms_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.model.acl import Ace
    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.organization import AcceptedDomain, Organization

__all__ = ["SettingChange", "changes", "describe_ace", "format_changes"]

_SINGLE = tuple(
    (one.name, one.field)
    for one in PROPERTIES
    if one.field and not one.kind.is_list and one.name != "Name"
)
"""Exchange's name and ours of every modelled property with one value."""


class SettingChange(NamedTuple):
    """One line of a difference.

    Attributes:
        sign: ``+`` for what is there afterwards only, ``-`` for what was there before only.
        where: The connector, the server, or ``organization``.
        text: What it is.
    """

    sign: str
    where: str
    text: str


def changes(
    before: Organization, after: Organization, *, changed: bool = False
) -> tuple[SettingChange, ...]:
    """Return what ``after`` has and ``before`` has not, and the other way round.

    Access control entries are compared as sets, ranges, bindings and domains too: their order
    never matters. Entries that a permission group wrote or took away are named by the group.
    Servers are compared by name; a connector is named with its server where one side has several.

    Args:
        before: What was there.
        after: What is there now.
        changed: Whether commands made ``after`` of ``before``: a connector that is gone and one
            that came, with the same bindings and ranges, are one that has another name; a setting
            that no rule uses is compared with what the version begins with where one side does not
            have it.
    """
    if len(before.servers) == 1 and len(after.servers) == 1:
        found = [*_server("organization", before, after), *_organization(before, after)]
        return (*found, *_connectors(before, after, prefix="", changed=changed))
    found = _pair("organization", "domain", before.domain, after.domain)
    found += _organization(before, after)
    old = {one.server.casefold(): one for one in before.one_by_one()}
    new = {one.server.casefold(): one for one in after.one_by_one()}
    for key in dict.fromkeys((*old, *new)):
        had, has = old.get(key), new.get(key)
        name = (has or had or before).server
        where, prefix = f'server "{name}"', f"{name}\\"
        if has is None:
            found.append(SettingChange("-", where, "removed"))
        elif had is None:
            found.append(SettingChange("+", where, f"created, Exchange {has.version_text}"))
            empty = change_server(has, connectors=())
            found += _connectors(empty, has, prefix=prefix, changed=False)
        else:
            found += _server(where, had, has)
            found += _connectors(had, has, prefix=prefix, changed=changed)
    return tuple(found)


def _connectors(
    before: Organization, after: Organization, *, prefix: str, changed: bool
) -> list[SettingChange]:
    """Return what differs between the connectors of a server.

    Args:
        before: An organization of that server alone.
        after: The same.
        prefix: What stands before the name of a connector.
        changed: See :func:`changes`.
    """
    found: list[SettingChange] = []
    old = {connector.name.casefold(): connector for connector in before.connectors}
    new = {connector.name.casefold(): connector for connector in after.connectors}
    if changed:
        for key, other in _other_names(old, new).items():
            new[key] = new.pop(other)
    for key, connector in old.items():
        where = f'connector "{prefix}{connector.name}"'
        if key not in new:
            found.append(SettingChange("-", where, "removed"))
        else:
            found += _connector(where, connector, new[key], before, after, changed=changed)
    for key, connector in new.items():
        if key not in old:
            where = f'connector "{prefix}{connector.name}"'
            found.append(SettingChange("+", where, "created"))
            found += _connector(where, None, connector, before, after)
    return found


def _other_names(
    old: dict[str, ReceiveConnector], new: dict[str, ReceiveConnector]
) -> dict[str, str]:
    """Return the new names of connectors by their old ones, both folded."""
    gone = [key for key in old if key not in new]
    came = [key for key in new if key not in old]
    found = {}
    for key in gone:
        same = [one for one in came if _serves(new[one]) == _serves(old[key])]
        rivals = [one for one in gone if _serves(old[one]) == _serves(old[key])]
        if len(same) == len(rivals) == 1:
            found[key] = same[0]
    return found


def _serves(connector: ReceiveConnector) -> tuple[object, ...]:
    return connector.transport_role, set(connector.bindings), set(connector.remote_ip_ranges)


def format_changes(found: Iterable[SettingChange]) -> str:
    """Return the lines of a difference, one heading for each connector; empty when there is none.

    >>> print(format_changes([SettingChange("+", 'connector "Relay"', "RemoteIPRanges 10.0.0.9")]))
    connector "Relay"
      + RemoteIPRanges 10.0.0.9
    <BLANKLINE>
    """
    lines: list[str] = []
    where = None
    for change in found:
        if change.where != where:
            where = change.where
            lines.append(printable(where))
        lines.append(f"  {change.sign} {printable(change.text)}")
    return "".join(line + "\n" for line in lines)


def describe_ace(ace: Ace) -> str:
    """Return an entry in words: ``allow RIGHT to PRINCIPAL``."""
    inherited = " (inherited)" if ace.inherited else ""
    return f"{'deny' if ace.deny else 'allow'} {ace.right.value} to {ace.principal}{inherited}"


def _server(where: str, before: Organization, after: Organization) -> list[SettingChange]:
    """Return what differs about a server; of an organization of one, its domain too."""
    found: list[SettingChange] = []
    for label, one, two in (
        ("Exchange", before.version_text, after.version_text),
        ("server", before.server, after.server),
        ("role", before.role.value, after.role.value),
        *([("domain", before.domain, after.domain)] if where == "organization" else ()),
        ("FQDN", before.full_name, after.full_name),
    ):
        found += _pair(where, label, one, two)
    found += _sets(
        where,
        [f"address {one}" for one in before.only.addresses],
        [f"address {one}" for one in after.only.addresses],
    )
    return found + _sets(
        where,
        [f"{name} {value}" for name, value in before.only.unmodelled],
        [f"{name} {value}" for name, value in after.only.unmodelled],
    )


def _organization(before: Organization, after: Organization) -> list[SettingChange]:
    where = "organization"
    found: list[SettingChange] = []
    found += _sets(
        where,
        [_domain(one) for one in before.accepted_domains],
        [_domain(one) for one in after.accepted_domains],
    )
    found += _sets(
        where,
        [f"inherited entry: {describe_ace(one)}" for one in before.inherited_aces],
        [f"inherited entry: {describe_ace(one)}" for one in after.inherited_aces],
    )
    found += _sets(
        where,
        [f"account {one.name}" for one in before.accounts if one not in after.accounts],
        [f"account {one.name}" for one in after.accounts if one not in before.accounts],
    )
    found += _sets(
        where,
        [f"{name} {value}" for name, value in before.unmodelled],
        [f"{name} {value}" for name, value in after.unmodelled],
    )
    return found


def _domain(domain: AcceptedDomain) -> str:
    sub_domains = ", MatchSubDomains" if domain.match_sub_domains else ""
    label = f' "{domain.label}"' if domain.label and domain.label != domain.name else ""
    return f"accepted domain {domain.name}{label} ({domain.type.value}{sub_domains})"


def _connector(
    where: str,
    before: ReceiveConnector | None,
    after: ReceiveConnector,
    old: Organization,
    new: Organization,
    *,
    changed: bool = False,
) -> list[SettingChange]:
    found: list[SettingChange] = []
    if before is not None and before.name != after.name:
        found += _pair(where, "Name", before.name, after.name)
    for label, field in (("Bindings", "bindings"), ("RemoteIPRanges", "remote_ip_ranges")):
        found += _sets(
            where,
            [f"{label} {one}" for one in getattr(before, field, ())],
            [f"{label} {one}" for one in getattr(after, field)],
        )
    found += _pair(
        where,
        "AuthMechanism",
        None if before is None else mechanisms_text(before.auth_mechanism),
        mechanisms_text(after.auth_mechanism),
    )
    for label, field in _SINGLE:
        value = getattr(after, field)
        if before is None and value == field_defaults(type(after)).get(field):
            continue
        found += _pair(
            where,
            label,
            None if before is None else _value(getattr(before, field)),
            _value(value),
        )
    had, has = dict(before.unmodelled) if before else {}, dict(after.unmodelled)
    if before is not None and changed:
        for side, other, connector, server in ((had, has, before, old), (has, had, after, new)):
            for name in [one for one in other if one not in side]:
                value = _begins_with(connector, server, name)
                if value is not None:
                    side[name] = value
    found += _sets(
        where,
        [f"{name} {value}" for name, value in had.items()],
        [f"{name} {value}" for name, value in has.items()],
    )
    found += _sets(
        where,
        [] if before is None else [f"not everything is known: {one}" for one in before.unknown],
        [f"not everything is known: {one}" for one in sorted(after.unknown)],
    )
    return found + _acl(where, before, after, old, new)


def _begins_with(connector: ReceiveConnector, server: Organization, name: str) -> str | None:
    """Return what a setting is that nobody made, ``None`` where it is not known."""
    wanted = BY_NAME.get(name.casefold())
    if wanted is None or server.only.exchange is None:
        return None
    try:
        value = value_of(wanted, connector, exchange=server.only.exchange, role=server.role)
    except InvalidInput:
        return None
    return wanted.kind.format(value)


def _acl(
    where: str,
    before: ReceiveConnector | None,
    after: ReceiveConnector,
    old: Organization,
    new: Organization,
) -> list[SettingChange]:
    had = set() if before is None else set(before.acl)
    has = set(after.acl)
    old_groups, old_custom = ((), False) if before is None else old.groups_of(before)
    new_groups, new_custom = new.groups_of(after)
    found = _pair(
        where,
        "PermissionGroups",
        None if before is None else groups_text(old_groups, custom=old_custom),
        groups_text(new_groups, custom=new_custom),
    )
    lost = [ace for ace in dict.fromkeys(before.acl if before else ()) if ace not in has]
    gained = [ace for ace in dict.fromkeys(after.acl) if ace not in had]
    # The entries of a group that came or went as a whole are told by its name alone.
    told: set[Ace] = set()
    for group in {*old_groups} ^ {*new_groups}:
        entries = new.entries_of(group)
        if set(entries) <= set(lost) or set(entries) <= set(gained):
            told.update(entries)
    found += [SettingChange("-", where, describe_ace(ace)) for ace in lost if ace not in told]
    found += [SettingChange("+", where, describe_ace(ace)) for ace in gained if ace not in told]
    return found


def _value(value: object) -> str:
    shown = getattr(value, "value", value)
    return str(shown) if shown != "" else "(empty)"


def _pair(where: str, label: str, before: str | None, after: str) -> list[SettingChange]:
    if before == after:
        return []
    found = [] if before is None else [SettingChange("-", where, f"{label} {before}")]
    return [*found, SettingChange("+", where, f"{label} {after}")]


def _sets(where: str, before: Sequence[str], after: Sequence[str]) -> list[SettingChange]:
    had, has = set(before), set(after)
    return [
        *(SettingChange("-", where, one) for one in dict.fromkeys(before) if one not in has),
        *(SettingChange("+", where, one) for one in dict.fromkeys(after) if one not in had),
    ]
