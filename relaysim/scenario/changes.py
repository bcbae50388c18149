"""Declarative changes of a server: what a ``set`` step does."""

from collections.abc import Sequence
from typing import Any, TypeVar

from relaysim.config.serverfile import decode_connector
from relaysim.config.tables import Problems, Table
from relaysim.config.writer import connector_table
from relaysim.errors import InvalidInput, UnknownName, closest
from relaysim.lean import replace
from relaysim.model.acl import Ace
from relaysim.model.connector import ReceiveConnector
from relaysim.model.edit import add_entries, remove_entries, with_connectors
from relaysim.model.organization import Account, Organization
from relaysim.model.properties.catalogue import BY_KEY
from relaysim.scenario.reading.schema import AceChange, Change, ConnectorPatch

__all__ = ["apply_change"]

T = TypeVar("T", ReceiveConnector, Account)


def apply_change(organization: Organization, change: Change) -> Organization:
    """Return the organization after a change; the given one stays as it is.

    Permission groups that are set replace the entries of the groups that were shown, entries
    added by hand stay (G-4).

    Raises:
        InvalidInput: A connector that does not exist, or an entry that is not there to remove.
    """
    view = organization if change.server is None else organization.on(change.server)
    connectors = list(view.connectors)
    for connector in change.connector:
        _put(connectors, connector)
    for patch in change.change:
        _put(connectors, _patched(_named(connectors, patch.connector), patch, view))
    for name in change.remove_connector:
        connectors.remove(_named(connectors, name))
    for entry in change.remove_ace:
        _put(connectors, _without(_named(connectors, entry.connector), entry))
    for entry in change.add_ace:
        _put(connectors, _with(_named(connectors, entry.connector), entry))
    accounts = organization.accounts
    if change.account:
        listed = list(accounts)
        for account in change.account:
            _put(listed, account)
        accounts = tuple(listed)
    domains = change.accepted_domains
    return replace(
        with_connectors(organization, connectors, server=change.server),
        accounts=accounts,
        accepted_domains=organization.accepted_domains if domains is None else domains,
    )


def _key(item: ReceiveConnector | Account) -> str:
    return item.name.casefold() if isinstance(item, ReceiveConnector) else item.name.key


def _put(items: list[T], item: T) -> None:
    """Replace the item of the same name, or append it."""
    for index, other in enumerate(items):
        if _key(other) == _key(item):
            items[index] = item
            return
    items.append(item)


def _named(connectors: Sequence[ReceiveConnector], name: str) -> ReceiveConnector:
    for connector in connectors:
        if connector.name.casefold() == name.casefold():
            return connector
    names = [connector.name for connector in connectors]
    near = closest(name, names)
    hint = f"did you mean `{near}`? " if near else ""
    raise UnknownName(
        f"there is no connector `{name}`",
        hint=f"{hint}connectors at this step: {', '.join(names) or 'none'}",
    )


def _patched(
    connector: ReceiveConnector, patch: ConnectorPatch, organization: Organization
) -> ReceiveConnector:
    # What may be long and stays as it is, is neither written out nor read again.
    kept: dict[str, Any] = {
        key: getattr(connector, key)
        for key in ("bindings", "remote_ip_ranges")
        if key not in patch.table
    }
    slim = replace(connector, **{key: value[:1] for key, value in kept.items()})
    if "permission_groups" in patch.table:
        # A group is shown without its deny entries too, and is then no group to write.
        shown, _ = organization.groups_of(connector)
        gone = {ace for group in shown for ace in organization.entries_of(group)}
        slim = remove_entries(slim, gone)
    slim = replace(slim, unmodelled=_left_alone(slim, patch))
    table = {**connector_table(slim, organization), **patch.table, "name": connector.name}
    problems = Problems()
    patched = decode_connector(Table(table, problems), organization)
    problems.raise_if_any()
    if patched is None:
        raise InvalidInput(f"`{connector.name}` cannot be changed in this way")
    return replace(patched, **kept)


def _left_alone(connector: ReceiveConnector, patch: ConnectorPatch) -> tuple[tuple[str, str], ...]:
    """Return the kept properties that a patch does not name; its own table replaces them all."""
    if "unmodelled" in patch.table:
        return ()
    named = {key for key in patch.table if key in BY_KEY}
    return tuple(
        pair
        for pair in connector.unmodelled
        if pair[0].casefold() not in {BY_KEY[key].name.casefold() for key in named}
    )


def _without(connector: ReceiveConnector, entry: AceChange) -> ReceiveConnector:
    gone = {Ace(entry.principal, right, entry.deny) for right in entry.rights}
    missing = gone.difference(connector.acl)
    if missing:
        rights = ", ".join(sorted(ace.right.value for ace in missing))
        kind = "deny" if entry.deny else "allow"
        raise InvalidInput(
            f"`{connector.name}` has no {kind} entry for `{entry.principal}` with {rights}",
            hint="removing an allow entry needs `deny` left out, removing a deny entry "
            "`deny = true` (A-4); inherited entries cannot be removed here",
        )
    return remove_entries(connector, gone)


def _with(connector: ReceiveConnector, entry: AceChange) -> ReceiveConnector:
    return add_entries(
        connector, (Ace(entry.principal, right, entry.deny) for right in entry.rights)
    )
