"""What New- and Set-ReceiveConnector refuse (rules V-1 to V-7, P-4), in our own words.

Source: NEWRC, SETRC, PS565, RC16, CUST16, I1566, FQDN07, P365C, QA223977.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import InvalidInput
from relaysim.management_shell.roster import roster_of
from relaysim.management_shell.state import Refused
from relaysim.management_shell.values.connector_objects import identity_text
from relaysim.model.connector import AuthMechanism, ReceiveConnector, TransportRole
from relaysim.model.groups import PermissionGroup
from relaysim.model.properties.catalogue import BY_NAME, PROPERTIES
from relaysim.model.properties.kept import default_of, value_of
from relaysim.model.properties.kinds import RefusedValue, TextKind
from relaysim.model.properties.quantities import format_span
from relaysim.model.version import ServerRole

if TYPE_CHECKING:
    from relaysim.model.organization import Organization
    from relaysim.net.interval import Interval
    from relaysim.net.notation import Socket

__all__ = ["MANY_RANGES", "check_alone", "check_among"]


def check_alone(connector: ReceiveConnector, organization: Organization) -> None:
    """Refuse a connector that contradicts itself.

    Raises:
        Refused: With the id of the first rule it breaks.
    """
    target = identity_text(organization, connector.name)
    for check in (_lists, _mechanisms, _groups, _fqdn, _texts, _timeouts, _chunking, _role):
        found = check(connector, organization)
        if found is not None:
            rule, message, hint = found
            raise Refused(f"{message} ({rule})", rule, target=target, hint=hint)


_Found = tuple[str, str, str | None] | None


MANY_RANGES = 1200
_MOST_RANGES = 1300


def _lists(connector: ReceiveConnector, _organization: Organization) -> _Found:
    if not connector.bindings:
        return "V-6", "`Bindings` cannot be empty", None
    if not connector.remote_ip_ranges:
        return "V-6", "`RemoteIPRanges` cannot be empty", None
    if len(connector.remote_ip_ranges) > _MOST_RANGES:
        return (
            "V-8",
            (
                f"a connector holds some {MANY_RANGES:,} to {_MOST_RANGES:,} remote ranges, not "
                f"{len(connector.remote_ip_ranges):,}: AdminLimitExceededException"
            ),
            "spread the ranges over several connectors",
        )
    return None


def _mechanisms(connector: ReceiveConnector, _organization: Organization) -> _Found:
    held = connector.auth_mechanism
    tls = AuthMechanism.TLS in held
    if connector.externally_secured:
        others = [
            one.value
            for one in AuthMechanism
            if one in held and one not in (AuthMechanism.TLS, AuthMechanism.EXTERNAL_AUTHORITATIVE)
        ]
        if others:
            return (
                "V-2",
                f"ExternalAuthoritative tolerates only Tls beside it, not {', '.join(others)}",
                "set `-AuthMechanism Tls,ExternalAuthoritative`",
            )
    if AuthMechanism.BASIC_AUTH_REQUIRE_TLS in held and not (
        tls and AuthMechanism.BASIC_AUTH in held
    ):
        return "V-3", "BasicAuthRequireTLS needs BasicAuth and Tls", None
    if connector.require_tls and not tls:
        return "V-3", "RequireTLS needs Tls among the mechanisms", None
    if connector.domain_secure_enabled and not tls:
        return "V-3", "DomainSecureEnabled needs Tls among the mechanisms", None
    if connector.domain_secure_enabled and connector.externally_secured:
        return "V-3", "DomainSecureEnabled and ExternalAuthoritative exclude each other", None
    return None


def _groups(connector: ReceiveConnector, organization: Organization) -> _Found:
    if not connector.externally_secured:
        return None
    groups, _ = organization.groups_of(connector)
    if PermissionGroup.EXCHANGE_SERVERS not in groups:
        return (
            "V-1",
            "ExternalAuthoritative needs the ExchangeServers permission group",
            "add ExchangeServers to `-PermissionGroups`, in the same command or before",
        )
    return None


def _fqdn(connector: ReceiveConnector, organization: Organization) -> _Found:
    if AuthMechanism.EXCHANGE_SERVER not in connector.auth_mechanism or not connector.fqdn:
        return None
    known = {organization.full_name.casefold(), organization.server.casefold()}
    if connector.fqdn.casefold() in known:
        return None
    return (
        "V-5a",
        f"with ExchangeServer among the mechanisms Fqdn cannot be `{connector.fqdn}`",
        (
            f"use `{organization.full_name}`, `{organization.server}` or `$null`, "
            "or take ExchangeServer away"
        ),
    )


def _texts(connector: ReceiveConnector, _organization: Organization) -> _Found:
    if not connector.name.strip():
        return "V-7", "the name is empty", None
    for wanted in PROPERTIES:
        if wanted.field and isinstance(wanted.kind, TextKind):
            try:
                wanted.kind.check(getattr(connector, wanted.field))
            except RefusedValue as error:
                return error.rule, f"{wanted.name}: {error.reason}", None
    return None


def _timeouts(connector: ReceiveConnector, organization: Organization) -> _Found:
    idle = _seconds(connector, organization, "ConnectionInactivityTimeout")
    whole = _seconds(connector, organization, "ConnectionTimeout")
    if idle < whole:
        return None
    return (
        "V-7",
        (
            f"ConnectionInactivityTimeout ({format_span(idle)}) must be below ConnectionTimeout "
            f"({format_span(whole)})"
        ),
        None,
    )


def _chunking(connector: ReceiveConnector, _organization: Organization) -> _Found:
    if connector.chunking_enabled or not connector.binary_mime_enabled:
        return None
    return (
        "V-7",
        "BinaryMimeEnabled needs ChunkingEnabled",
        "add `-BinaryMimeEnabled $false` to the command that switches chunking off",
    )


def _seconds(connector: ReceiveConnector, organization: Organization, name: str) -> int:
    wanted = BY_NAME[name.casefold()]
    exchange, role = organization.exchange, organization.role
    try:
        value = value_of(wanted, connector, exchange=exchange, role=role)
    except InvalidInput:
        value = default_of(wanted, exchange=exchange, role=role)
    return value if isinstance(value, int) else 0


def _role(connector: ReceiveConnector, organization: Organization) -> _Found:
    if connector.transport_role is TransportRole.FRONTEND_TRANSPORT and (
        organization.role is ServerRole.EDGE or not organization.exchange.has_front_end
    ):
        return "V-6", "this server has no Front End Transport service", None
    return None


def check_among(
    connector: ReceiveConnector, organization: Organization, *, replaces: str | None = None
) -> bool:
    """Refuse a connector that cannot stand beside the others of the server.

    Args:
        connector: The connector as it would be.
        organization: The organization as it is, of the connector's server alone.
        replaces: The name of the connector it takes the place of, or ``None`` for a new one.

    Returns:
        Whether others may have a range or a binding in common with it; ``False`` is certain.

    Raises:
        Refused: The name is taken (V-7), the bindings and ranges conflict (V-4), or another
            service has the binding (P-4).
    """
    target = identity_text(organization, connector.name)
    roster = roster_of(organization.only)
    namesake = roster.named(connector.name)
    if namesake is not None and namesake.name != replaces:
        raise Refused(
            f"there is a receive connector `{namesake.name}` already (V-7)", "V-7", target=target
        )
    if not roster.may_conflict(connector, replaces=replaces):
        return False
    for other in organization.connectors:
        if other.name == replaces:
            continue
        found = _conflict(connector, other)
        if found is None:
            continue
        rule, reason = found
        name = identity_text(organization, other.name)
        more = _ROLES if rule == "P-4" else ""
        raise Refused(
            "The values that you specified for the Bindings and RemoteIPRanges parameters conflict "
            f'with the settings on Receive connector "{name}". {more}({rule}: {reason})',
            rule,
            target=target,
            hint="choose another binding, or ranges of which one contains the other"
            if rule == "V-4"
            else "give the connector the TransportRole of that one, or another port",
        )
    return True


_ROLES = (
    "Receive connectors assigned to different Transport roles on a single server must listen on "
    "unique local IP address & port bindings. "
)


def _meet(one: Socket, other: Socket) -> bool:
    """Tell whether two services would claim one address and port."""
    return (
        one.port == other.port
        and one.address.family == other.address.family
        and (one.address == other.address or one.is_any or other.is_any)
    )


def _collide(one: Interval, other: Interval) -> bool:
    """Tell whether two ranges are the same, or overlap without one containing the other."""
    if one == other:
        return True
    return one.overlaps(other) and not one.covers(other) and not other.covers(one)


def _conflict(one: ReceiveConnector, other: ReceiveConnector) -> tuple[str, str] | None:
    for mine in one.bindings:
        for theirs in other.bindings:
            if not _meet(mine, theirs):
                continue
            if one.transport_role is not other.transport_role:
                return (
                    "P-4",
                    (
                        f"`{theirs}` belongs to the {other.transport_role.value} service, "
                        f"this connector to {one.transport_role.value}"
                    ),
                )
            if mine.address != theirs.address:
                # An any-address and an exact binding are two: Microsoft's own order is to make
                # the exact one first and to rebind the default connector afterwards.
                continue
            found = _colliding_ranges(one, other, mine.address.family)
            if found is not None:
                return "V-4", f"`{mine}` and `{theirs}`, {found}"
    return None


def _colliding_ranges(one: ReceiveConnector, other: ReceiveConnector, family: int) -> str | None:
    theirs = [entry for entry in other.remote_ip_ranges if entry.family == family]
    for mine in one.remote_ip_ranges:
        if mine.family != family:
            continue
        for entry in theirs:
            if mine.interval == entry.interval:
                return f"both serve `{mine}`"
            if _collide(mine.interval, entry.interval):
                return f"`{mine}` and `{entry}` overlap and neither contains the other"
    return None
