"""Changes of an organization: each function returns a new one and leaves the old as it is.

Where a function takes ``server``, it is the server's name in any case; left out, the only server.
"""

from collections.abc import Iterable
from typing import Any

from relaysim.lean import replace
from relaysim.model.acl import Ace
from relaysim.model.connector import ReceiveConnector
from relaysim.model.groups import PermissionGroup
from relaysim.model.organization import AcceptedDomain, Organization, find_server
from relaysim.model.server import Server

__all__ = [
    "add_accepted_domain",
    "add_connector",
    "add_entries",
    "change_server",
    "remove_accepted_domain",
    "remove_connector",
    "remove_entries",
    "replace_accepted_domain",
    "replace_connector",
    "replace_server",
    "set_groups",
    "with_connectors",
]


def change_server(
    organization: Organization,
    *,
    server: str | None = None,
    **changes: Any,  # noqa: ANN401  # the fields of Server
) -> Organization:
    """Return the organization with fields of a server changed, as ``dataclasses.replace`` does."""
    old = _server(organization, server)
    return replace_server(organization, old, replace(old, **changes))


def replace_server(organization: Organization, old: Server, new: Server) -> Organization:
    """Return the organization with a server in the place of one that it has."""
    return replace(
        organization, servers=tuple(new if one is old else one for one in organization.servers)
    )


def with_connectors(
    organization: Organization,
    connectors: Iterable[ReceiveConnector],
    *,
    server: str | None = None,
) -> Organization:
    """Return the organization with other connectors on a server."""
    return change_server(organization, server=server, connectors=tuple(connectors))


def add_connector(
    organization: Organization, connector: ReceiveConnector, *, server: str | None = None
) -> Organization:
    """Return the organization with a further connector on a server, after the others."""
    others = _server(organization, server).connectors
    return with_connectors(organization, (*others, connector), server=server)


def replace_connector(
    organization: Organization,
    connector: ReceiveConnector,
    *,
    replaces: str | None = None,
    server: str | None = None,
) -> Organization:
    """Return the organization with a connector in the place of another one.

    Args:
        organization: The organization.
        connector: The new connector.
        replaces: Name of the one that goes; left out, the one of the new connector's name.
        server: The server.
    """
    old = connector.name if replaces is None else replaces
    connectors = _server(organization, server).connectors
    names = [one.name for one in connectors]
    if old not in names:
        names, old = [name.casefold() for name in names], old.casefold()
    if old not in names:
        return organization
    place = names.index(old)
    others = connectors[:place], connectors[place + 1 :]
    return with_connectors(organization, (*others[0], connector, *others[1]), server=server)


def remove_connector(
    organization: Organization, name: str, *, server: str | None = None
) -> Organization:
    """Return the organization without the connector of exactly this name, in any case."""
    rest = (
        one
        for one in _server(organization, server).connectors
        if one.name.casefold() != name.casefold()
    )
    return with_connectors(organization, rest, server=server)


def set_groups(
    organization: Organization,
    connector: ReceiveConnector,
    wanted: Iterable[PermissionGroup],
    *,
    shown: Iterable[PermissionGroup] | None = None,
) -> ReceiveConnector:
    """Return a connector after PermissionGroups was set (G-4).

    The entries of groups that were shown and are not wanted go, unless a wanted group writes them
    too; entries made by hand stay; those of wanted groups are added where they are missing.

    Args:
        organization: An organization of the connector's server alone.
        connector: The connector.
        wanted: The groups it is to have.
        shown: The groups it shows; left out, they are looked up.
    """
    groups = frozenset(wanted)
    if shown is None:
        shown, _ = organization.groups_of(connector)
    entries = organization.entries_of
    written = (group for group in PermissionGroup if group in groups)
    new = dict.fromkeys(ace for group in written for ace in entries(group))
    gone = {ace for group in shown if group not in groups for ace in entries(group)} - set(new)
    kept = dict.fromkeys(ace for ace in connector.acl if ace not in gone)
    return replace(connector, acl=tuple({**kept, **new}))


def add_entries(connector: ReceiveConnector, entries: Iterable[Ace]) -> ReceiveConnector:
    """Return a connector with further entries; one that is there already stays as it is."""
    return replace(connector, acl=tuple(dict.fromkeys((*connector.acl, *entries))))


def remove_entries(connector: ReceiveConnector, entries: Iterable[Ace]) -> ReceiveConnector:
    """Return a connector without these entries."""
    gone = frozenset(entries)
    return replace(connector, acl=tuple(ace for ace in connector.acl if ace not in gone))


def add_accepted_domain(organization: Organization, domain: AcceptedDomain) -> Organization:
    """Return the organization with a further accepted domain, after the others."""
    return replace(organization, accepted_domains=(*organization.accepted_domains, domain))


def replace_accepted_domain(
    organization: Organization, old: AcceptedDomain, new: AcceptedDomain
) -> Organization:
    """Return the organization with an accepted domain in the place of another one."""
    domains = tuple(new if one == old else one for one in organization.accepted_domains)
    return replace(organization, accepted_domains=domains)


def remove_accepted_domain(organization: Organization, domain: AcceptedDomain) -> Organization:
    """Return the organization without an accepted domain."""
    rest = tuple(one for one in organization.accepted_domains if one != domain)
    return replace(organization, accepted_domains=rest)


def _server(organization: Organization, name: str | None) -> Server:
    return organization.only if name is None else find_server(organization, name)
