"""The usages of New-ReceiveConnector: what each sets, and what it needs (rule V-6).

Source: NEWRC07, NEWRC, RC16, PS565.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relaysim.model.connector import AuthMechanism
from relaysim.model.defaults import CLIENT_MECHANISMS, EVERY_ADDRESS, any_sockets
from relaysim.model.groups import PermissionGroup
from relaysim.model.version import ServerRole

if TYPE_CHECKING:
    from relaysim.model.organization import Organization
    from relaysim.net.notation import AddressRange, Socket

__all__ = ["USAGES", "Usage", "usage_groups"]


class Usage(NamedTuple):
    """One usage.

    Attributes:
        name: Exchange's spelling.
        groups: Permission groups it sets.
        mechanisms: Authentication mechanisms it sets.
        bindings: What it listens on unless told otherwise; empty: Bindings must be given.
        ranges: Whom it serves unless told otherwise; empty: RemoteIPRanges must be given.
    """

    name: str
    groups: tuple[PermissionGroup, ...]
    mechanisms: frozenset[AuthMechanism]
    bindings: tuple[Socket, ...] = ()
    ranges: tuple[AddressRange, ...] = ()


_TLS = frozenset({AuthMechanism.TLS})

USAGES: dict[str, Usage] = {
    usage.name.casefold(): usage
    for usage in (
        Usage(
            "Client",
            (PermissionGroup.EXCHANGE_USERS,),
            CLIENT_MECHANISMS,
            bindings=any_sockets(587)[:1],
        ),
        Usage("Custom", (), _TLS),
        Usage(
            "Internal",
            (PermissionGroup.EXCHANGE_SERVERS, PermissionGroup.EXCHANGE_LEGACY_SERVERS),
            _TLS | {AuthMechanism.EXCHANGE_SERVER},
            bindings=any_sockets(25)[:1],
        ),
        Usage("Internet", (PermissionGroup.ANONYMOUS_USERS,), _TLS, ranges=EVERY_ADDRESS[1:]),
        Usage("Partner", (PermissionGroup.PARTNERS,), _TLS),
    )
}
"""The usages by case-folded name. Source: NEWRC, RC16."""


def usage_groups(usage: Usage, organization: Organization) -> tuple[PermissionGroup, ...]:
    """Return the groups a usage sets; an Edge has no ExchangeLegacyServers (G-6)."""
    if organization.role is not ServerRole.EDGE:
        return usage.groups
    return tuple(
        group for group in usage.groups if group is not PermissionGroup.EXCHANGE_LEGACY_SERVERS
    )
