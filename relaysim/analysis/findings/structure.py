"""Findings about which connector answers, and about what setup made.

Source: NEWRC, CUST16, PWPS, NDR16, RC16, P365C.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from relaysim.analysis.endpoints import EVERYBODY
from relaysim.analysis.findings.finding import Finding, FindingVerdict, Severity
from relaysim.analysis.findings.relay import is_setups
from relaysim.analysis.findings.space import ConnectorPower, Space, ranges_of
from relaysim.model.connector import AuthMechanism, ReceiveConnector
from relaysim.model.organization import Organization
from relaysim.model.properties.kept import kept_text
from relaysim.model.session import AuthKind
from relaysim.model.version import ServerRole
from relaysim.net.addrset import NOTHING, AddressSet
from relaysim.net.notation import Socket, parse_range

if TYPE_CHECKING:
    from relaysim.net.interval import Interval

__all__ = ["find_structure"]

_HYBRID = tuple(
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
_HUB_PORTS = {25, 587, 717}
_FRONT_PORTS = {2525, 465}


def find_structure(space: Space) -> Iterator[Finding]:
    """Yield what is wrong with the choice of connectors."""
    for power in space.each():
        yield from _alone(space, power)
        yield from _network(space, power)
    for server in space.surface.servers.values():
        powers = [power for power in space.powers if power.organization is server]
        yield from _pairs(space, powers)
        yield from _setup(space, server)
        yield from _inbound(space, server, powers)
    yield from _between_servers(space)


def _alone(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    connector, name = power.connector, f"`{power.connector.name}`"
    if not power.everybody:
        unsure = any(
            other.is_unsure("remote_ip_ranges", "bindings")
            for other in space.powers
            if other.organization is power.organization
        )
        yield space.finding(
            power,
            id="unreachable",
            verdict=FindingVerdict.CANNOT_TELL if unsure else FindingVerdict.VIOLATED,
            severity=Severity.MEDIUM,
            what=f"{name} answers no address on any endpoint",
            missing="every range and binding of the server's connectors" if unsure else "",
            fix=(power.set("Enabled", False),),  # noqa: FBT003
        )
    else:
        for entry in connector.remote_ip_ranges:
            if not power.everybody & ranges_of((entry,)) and ranges_of((entry,)):
                yield space.finding(
                    power,
                    id="shadowed-range",
                    severity=Severity.NOTE,
                    what=f"the range {entry} of {name} never answers",
                    ranges=NOTHING,
                    fix=power.keep_only(
                        ranges_of(tuple(e for e in connector.remote_ip_ranges if e != entry))
                    ),
                )
    exchange = power.organization.only.exchange
    if exchange is None or not exchange.has_front_end or power.organization.role is ServerRole.EDGE:
        return
    ports = {socket.port for socket in connector.bindings}
    wrong = ports & (_FRONT_PORTS if connector.is_front_end else _HUB_PORTS)
    if wrong:
        other = "FrontendTransport" if not connector.is_front_end else "HubTransport"
        yield space.finding(
            power,
            id="role-port",
            severity=Severity.MEDIUM,
            what=f"{name} is {connector.transport_role.value} on port "
            f"{', '.join(map(str, sorted(wrong)))}",
            fix=(power.set("TransportRole", other),),
        )
    if connector.is_front_end and 717 in ports and power.strangers:
        yield space.finding(
            power,
            id="outbound-proxy-open",
            severity=Severity.NOTE,
            ranges=power.strangers,
            what=f"{name} answers everybody on port 717",
        )


def _pairs(space: Space, powers: list[ConnectorPower]) -> Iterator[Finding]:
    yield from _two_services(space, powers)
    sharing: dict[Interval, list[ConnectorPower]] = {}
    for power in powers:
        for interval in dict.fromkeys(e.interval for e in power.connector.remote_ip_ranges):
            sharing.setdefault(interval, []).append(power)
    told: set[tuple[str, str]] = set()
    for interval, members in sharing.items():
        for one, other in combinations(members, 2):
            names = one.connector.name, other.connector.name
            if names in told or one.connector.transport_role is not other.connector.transport_role:
                continue
            bindings = set(one.connector.bindings), set(other.connector.bindings)
            exact = bool(bindings[0] & bindings[1])
            if not exact and not _meet(*bindings):
                continue
            told.add(names)
            yield space.finding(
                other if is_setups(space, one) else one,
                id="range-conflict" if exact else "no-distinguishing-range",
                severity=Severity.HIGH,
                ranges=AddressSet([interval]) & EVERYBODY,
                what=f"`{names[0]}` and `{names[1]}` have the same range {interval}",
            )


def _meet(mine: set[Socket], theirs: set[Socket]) -> bool:
    """Tell whether an any-address of one side takes what an exact one of the other is bound to."""
    any_mine = {(s.port, s.address.family) for s in mine if s.is_any}
    any_theirs = {(s.port, s.address.family) for s in theirs if s.is_any}
    return any((s.port, s.address.family) in any_theirs for s in mine) or any(
        (s.port, s.address.family) in any_mine for s in theirs
    )


def _two_services(space: Space, powers: list[ConnectorPower]) -> Iterator[Finding]:
    bound: dict[tuple[int, int], list[tuple[ConnectorPower, Socket]]] = {}
    for power in powers:
        for socket in power.connector.bindings:
            key = socket.port, socket.address.family
            bound.setdefault(key, []).append((power, socket))
    told: set[str] = set()
    for (port, _), members in bound.items():
        fronts = [pair for pair in members if pair[0].connector.is_front_end]
        anywhere = [pair for pair in fronts if pair[1].is_any]
        exact = {pair[1].address: pair for pair in fronts}
        for hub, socket in members:
            if hub.connector.is_front_end or hub.connector.name in told or not fronts:
                continue
            clash = anywhere or ([fronts[0]] if socket.is_any else [])
            if socket.address in exact:
                clash = [exact[socket.address], *clash]
            if clash:
                told.add(hub.connector.name)
                yield space.finding(
                    hub,
                    id="role-conflict",
                    severity=Severity.HIGH,
                    what=f"`{clash[0][0].connector.name}` and `{hub.connector.name}` are of two "
                    f"services and bound to port {port}",
                    fix=(hub.set("TransportRole", "FrontendTransport"),),
                )


def _network(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    network, connector = space.organization.network, power.connector
    name = f"`{connector.name}`"
    offers = AuthMechanism.EXCHANGE_SERVER in connector.auth_mechanism
    if not offers and not is_setups(space, power):
        own = network.exchange_servers
        caught = power.everybody & ranges_of(own or ())
        if own is None:
            yield space.finding(
                power,
                id="exchange-captured",
                verdict=FindingVerdict.CANNOT_TELL,
                severity=Severity.HIGH,
                ranges=power.everybody,
                missing="`[network]` `exchange_servers`",
            )
        elif caught and _takes_servers(space, power):
            yield space.finding(
                power,
                id="exchange-captured",
                severity=Severity.HIGH,
                ranges=caught,
                what=f"{name} answers own Exchange servers and offers them no authentication",
                fix=power.keep_only(power.everybody - caught),
                witness=power.witness(caught, auth=AuthKind.EXCHANGE),
            )
    if network.hybrid:
        yield from _hybrid(space, power)
    addresses = power.organization.only.addresses
    foreign = [
        socket
        for socket in connector.bindings
        if not socket.is_any and addresses and socket.address not in addresses
    ]
    if foreign:
        yield space.finding(
            power,
            id="foreign-binding",
            severity=Severity.MEDIUM,
            what=f"{name} is bound to {foreign[0]}, which is no address of the server",
        )


def _takes_servers(space: Space, power: ConnectorPower) -> bool:
    """Tell whether another connector on one of its ports lets servers authenticate."""
    ports = {socket.port for socket in power.connector.bindings}
    return any(
        other.organization is power.organization
        and AuthMechanism.EXCHANGE_SERVER in other.connector.auth_mechanism
        and ports & {socket.port for socket in other.connector.bindings}
        for other in space.powers
    )


def _hybrid(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    connector = power.connector
    caught = power.everybody & ranges_of(_HYBRID)
    if 25 not in {socket.port for socket in connector.bindings} or not caught:
        return
    named = (kept_text(connector, "TlsDomainCapabilities") or "").casefold()
    ready = "mail.protection.outlook.com:acceptcloudservicesmail" in named or (
        "acceptoorgprotocol" in named
    )
    if not ready or AuthMechanism.TLS not in connector.auth_mechanism:
        value = "mail.protection.outlook.com:AcceptCloudServicesMail"
        yield space.finding(
            power,
            id="hybrid-captured",
            severity=Severity.HIGH,
            ranges=caught,
            what=f"`{connector.name}` answers Exchange Online and does not know it",
            fix=(power.set("TlsDomainCapabilities", value),),
        )
    certificate = kept_text(connector, "TlsCertificateName") or ""
    if named and not ("<I>" in certificate and "<S>" in certificate):
        yield space.finding(
            power,
            id="hybrid-certificate",
            severity=Severity.MEDIUM,
            what=f"`{connector.name}` names no certificate",
        )


def _setup(space: Space, organization: Organization) -> Iterator[Finding]:
    mine = {connector.name.casefold(): connector for connector in organization.connectors}
    for wanted in space.setup_of(organization).values():
        found = mine.get(wanted.name.casefold())
        if found is None:
            yield Finding(
                id="default-changed",
                severity=Severity.MEDIUM,
                server=organization.server,
                connector=wanted.name,
                what=f"`{wanted.name}`, which setup makes, is missing",
            )
        else:
            yield from _changed(organization, found, wanted)


def _changed(
    organization: Organization, found: ReceiveConnector, wanted: ReceiveConnector
) -> Iterator[Finding]:
    server = AuthMechanism.EXCHANGE_SERVER
    changed = []
    severity = Severity.NOTE
    if not found.enabled:
        changed.append("it is disabled")
        severity = Severity.HIGH
    if server in wanted.auth_mechanism and server not in found.auth_mechanism:
        changed.append("ExchangeServer is gone from its mechanisms")
        severity = Severity.HIGH
    if ranges_of(wanted.remote_ip_ranges) - ranges_of(found.remote_ip_ranges):
        changed.append("its remote ranges are narrower")
        severity = Severity.HIGH
    if set(found.bindings) != set(wanted.bindings):
        changed.append("its bindings differ")
        severity = min(severity, Severity.LOW, key=list(Severity).index)
    if found.transport_role is not wanted.transport_role:
        changed.append("its transport role differs")
        severity = min(severity, Severity.MEDIUM, key=list(Severity).index)
    if organization.groups_of(found)[0] != organization.groups_of(wanted)[0]:
        changed.append("its permission groups differ")
        severity = min(severity, Severity.LOW, key=list(Severity).index)
    if changed:
        yield Finding(
            id="default-changed",
            severity=severity,
            server=organization.server,
            connector=found.name,
            what=f"`{found.name}` is not as setup made it: {', '.join(changed)}",
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
    own = {str(address) for address in organization.only.addresses}
    names = {organization.server.casefold(), *own}
    if not any(str(who).casefold() in names and port == 25 for who, port in published):
        return
    delivering = any(
        endpoint.port == 25 and addresses & power.strangers
        for power in powers
        if power.may("submit", AuthKind.NONE)
        for endpoint, addresses in power.places.items()
    )
    if not delivering:
        yield Finding(
            id="no-inbound",
            severity=Severity.MEDIUM,
            server=organization.server,
            what="port 25 is published, and no address of the Internet may submit there",
        )


def _between_servers(space: Space) -> Iterator[Finding]:
    named: dict[str, list[ConnectorPower]] = {}
    for power in space.powers:
        name = power.connector.name.casefold().replace(power.server.casefold(), "*")
        named.setdefault(name, []).append(power)
    for powers in named.values():
        first, *others = powers
        for other in others:
            differing = []
            if first.everybody != other.everybody:
                differing.append("other addresses")
            mine = {ace for ace in first.connector.acl if not ace.inherited}
            if mine != {ace for ace in other.connector.acl if not ace.inherited}:
                differing.append("other entries")
            if differing:
                yield space.finding(
                    other,
                    id="servers-differ",
                    severity=Severity.MEDIUM,
                    what=f"`{other.identity}` has {' and '.join(differing)} than "
                    f"`{first.identity}`",
                )
