"""Findings about what stands around the servers: own servers, Exchange Online, the Internet.

What no connector knows is asked for in the ``[network]`` table; without it these cannot be told.

Source: FRANKY, TANGO, GRANHCW, HCCC, M365IP, RC16.
"""

from collections.abc import Iterator

from relaysim.analysis.endpoints import Endpoint
from relaysim.analysis.findings.finding import Finding, FindingVerdict, Severity, ShellCommand
from relaysim.analysis.findings.space import ConnectorPower, Space, ranges_of
from relaysim.model.connector import AuthMechanism
from relaysim.model.organization import Organization
from relaysim.model.properties.catalogue import BY_NAME
from relaysim.model.properties.kept import kept_text
from relaysim.model.session import AuthKind
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.net.addrset import NOTHING, AddressSet
from relaysim.net.notation import Socket, parse_range

__all__ = ["find_surroundings"]

ONLINE = tuple(
    parse_range(text)
    for text in (
        "40.92.0.0/15",
        "40.107.0.0/16",
        "52.100.0.0/14",
        "104.47.0.0/17",
        "2a01:111:f400::/48",
        "2a01:111:f403::/48",
    )
)
"""Addresses Exchange Online sends from, as published in 2022."""
_SERVER_PORTS = frozenset({25, 2525, 717, 465})
"""Ports on which Exchange servers talk to each other."""
_CAPABILITY = "mail.protection.outlook.com:AcceptCloudServicesMail"


def find_surroundings(space: Space) -> Iterator[Finding]:
    """Yield what is wrong with who meets which connector."""
    offering = _offering(space)
    for power in space.each():
        yield from _servers(space, power, offering)
        yield from _online(space, power)
        yield from _foreign(space, power)
    for server in space.surface.servers.values():
        powers = [power for power in space.powers if power.organization is server]
        yield from _inbound(space, server, powers)


def _offers(power: ConnectorPower) -> bool:
    return AuthMechanism.EXCHANGE_SERVER in power.connector.auth_mechanism


def _offering(space: Space) -> set[tuple[str, Socket]]:
    """Return the bindings on which some connector lets Exchange servers authenticate."""
    return {
        (power.server, socket)
        for power in space.each()
        if _offers(power)
        for socket in power.connector.bindings
    }


def _servers(
    space: Space, power: ConnectorPower, offering: set[tuple[str, Socket]]
) -> Iterator[Finding]:
    if _offers(power) or not power.everybody:
        return
    rivals = {
        (socket.port, socket.address.family)
        for server, socket in offering
        if server == power.server and socket.port in _SERVER_PORTS
        # An any-address connector and an exact one meet at the exact address.
        if any(
            socket.port == mine.port
            and socket.address.family == mine.address.family
            and (socket.address == mine.address or socket.is_any or mine.is_any)
            for mine in power.connector.bindings
        )
    }
    met = [
        answered
        for places, answered in power.shares
        if any((e.port, e.address.family) in rivals for e in places)
    ]
    if not met:
        return
    own = space.organization.network.exchange_servers
    if own is None:
        yield space.cannot_tell(
            power,
            "exchange-captured",
            Severity.HIGH,
            "`[network]` `exchange_servers`",
            ranges=power.everybody,
        )
        return
    caught = NOTHING
    for answered in met:
        caught |= answered & ranges_of(own)
    if caught:
        yield space.finding(
            power,
            id="exchange-captured",
            severity=Severity.HIGH,
            ranges=caught,
            what=f"`{power.connector.name}` answers own Exchange servers and offers them no "
            "authentication",
            fix=power.without(caught),
            witness=power.witness(caught, auth=AuthKind.EXCHANGE),
        )


def _online(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    connector, exchange = power.connector, power.organization.only.exchange
    if exchange is not None and exchange < ExchangeVersion.V2010:
        return
    named = (kept_text(connector, "TlsDomainCapabilities") or "").casefold()
    certificate = kept_text(connector, "TlsCertificateName") or ""
    known = exchange is None or BY_NAME["tlscertificatename"].known_to(exchange)
    if (
        known
        and named.strip("{} ")
        and not ("<I>" in certificate.upper() and "<S>" in certificate.upper())
    ):
        yield space.finding(
            power,
            id="hybrid-certificate",
            severity=Severity.MEDIUM,
            what=f"`{connector.name}` names no certificate",
            fix=_certificate(space, power),
        )
    hybrid = space.organization.network.hybrid
    caught = _on_25(power) & ranges_of(ONLINE) if hybrid is not False else NOTHING
    if not caught:
        return
    wrong = _unready(power, named)
    if not wrong:
        return
    if hybrid is None:
        yield space.cannot_tell(
            power, "hybrid-captured", Severity.HIGH, "`[network]` `hybrid`", ranges=caught
        )
        return
    fix = [power.set(name, value) for name, value in wrong.items() if value]
    yield space.finding(
        power,
        id="hybrid-captured",
        severity=Severity.HIGH,
        ranges=caught,
        what=f"`{connector.name}` answers Exchange Online without {', '.join(wrong)}",
        fix=tuple(fix),
        witness=power.witness(caught),
    )


def _on_25(power: ConnectorPower) -> AddressSet:
    caught = NOTHING
    for places, found in power.shares:
        if any(endpoint.port == 25 for endpoint in places):
            caught = caught | found if caught else found
    return caught


def _unready(power: ConnectorPower, named: str) -> dict[str, str | tuple[str, ...]]:
    """Return what mail of Exchange Online needs and the connector lacks, as properties."""
    connector, exchange = power.connector, power.organization.only.exchange
    wrong: dict[str, str | tuple[str, ...]] = {}
    held = connector.auth_mechanism
    if AuthMechanism.TLS not in held:
        more = held | {AuthMechanism.TLS}
        wrong["AuthMechanism"] = tuple(one.value for one in AuthMechanism if one in more)
    if _CAPABILITY.casefold() not in named and "acceptoorgprotocol" not in named:
        wrong["TlsDomainCapabilities"] = _CAPABILITY
    mailbox = power.organization.role is not ServerRole.EDGE
    if mailbox and exchange is not None and exchange.has_front_end and not connector.is_front_end:
        wrong["TransportRole"] = "FrontendTransport"
    return wrong


def _certificate(space: Space, power: ConnectorPower) -> tuple[tuple[ShellCommand, ...], ...]:
    """Return the command that names the certificate another connector of the server names."""
    for other in space.powers:
        name = kept_text(other.connector, "TlsCertificateName") or ""
        if other.server == power.server and "<I>" in name.upper() and "<S>" in name.upper():
            return (power.set("TlsCertificateName", name),)
    return ()


def _foreign(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    connector, addresses = power.connector, power.organization.only.addresses
    exact = [socket for socket in connector.bindings if not socket.is_any]
    if exact and not addresses:
        yield space.cannot_tell(
            power,
            "foreign-binding",
            Severity.MEDIUM,
            f"the addresses of {power.server} (`addresses`)",
        )
        return
    foreign = [socket for socket in exact if socket.address not in addresses]
    if not foreign:
        return
    left = tuple(str(socket) for socket in connector.bindings if socket not in foreign)
    # Nobody can come in by a foreign binding: neither way changes who is answered.
    fix = power.set("Bindings", left) if left else power.set("Enabled", False)  # noqa: FBT003
    yield space.finding(
        power,
        id="foreign-binding",
        severity=Severity.MEDIUM,
        what=f"`{connector.name}` is bound to {foreign[0]}, which is no address of the server",
        fix=(fix,),
    )


def _inbound(
    space: Space, organization: Organization, powers: list[ConnectorPower]
) -> Iterator[Finding]:
    published = space.organization.network.published
    if published is None:
        yield Finding(
            id="no-inbound",
            verdict=FindingVerdict.CANNOT_TELL,
            severity=Severity.MEDIUM,
            server=organization.server,
            missing="`[network]` `published`",
        )
        return
    if not any(e.port == 25 and space.is_published(e) for e in _endpoints(space, organization)):
        return
    delivering = any(
        _on_25(power).shared_with(power.strangers)
        for power in powers
        if power.may("submit", AuthKind.NONE)
    )
    unsure = any(power.is_unsure("entries", "bindings", "remote_ip_ranges") for power in powers)
    if not delivering:
        yield Finding(
            id="no-inbound",
            verdict=FindingVerdict.CANNOT_TELL if unsure else FindingVerdict.VIOLATED,
            severity=Severity.MEDIUM,
            server=organization.server,
            what="port 25 is published, and no address of the Internet may submit there",
            missing="every range, binding and entry of its connectors" if unsure else "",
            fix=() if unsure else _opening(powers),
        )


def _endpoints(space: Space, organization: Organization) -> list[Endpoint]:
    return [e for e in space.surface.endpoints if e.server == organization.server]


def _opening(powers: list[ConnectorPower]) -> tuple[tuple[ShellCommand, ...], ...]:
    """Return the command that lets strangers submit where a connector answers them on 25."""
    for power in powers:
        strangers = _on_25(power) & power.strangers
        if strangers and not power.may("submit", AuthKind.NONE):
            shown, custom = power.organization.groups_of(power.connector)
            if custom or power.connector.externally_secured:
                return ()
            groups = (*(group.value for group in shown), "AnonymousUsers")
            return (power.set("PermissionGroups", groups),)
    return ()
