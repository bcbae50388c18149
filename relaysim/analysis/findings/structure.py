"""Findings about which connector answers.

Source: NEWRC, CUST16, PWPS, NDR16, RC16, P365C.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from relaysim.analysis.findings.finding import Finding, FindingVerdict, Severity, ShellCommand
from relaysim.analysis.findings.overlaps import Overlap, equal_ranges, partial_overlaps
from relaysim.analysis.findings.setup import is_setups
from relaysim.analysis.findings.space import ConnectorPower, Space, ranges_of
from relaysim.model.acl import Ace
from relaysim.model.version import ServerRole
from relaysim.net.addrset import NOTHING, AddressSet

if TYPE_CHECKING:
    from relaysim.net.notation import Socket

__all__ = ["find_structure"]

_HUB_PORTS = {25, 587, 717}
_FRONT_PORTS = {2525, 465}
_OUTBOUND = 717


def find_structure(space: Space) -> Iterator[Finding]:
    """Yield what is wrong with the choice of connectors."""
    for power in space.each():
        yield from _reached(space, power)
        yield from _service(space, power)
    for server in space.surface.servers.values():
        powers = [power for power in space.powers if power.organization is server]
        yield from _two_services(space, powers)
        yield from _same_ranges(space, powers)
        yield from _overlapping(space, powers)
    yield from _between_servers(space)
    yield Finding(
        id="stale-range",
        verdict=FindingVerdict.CANNOT_TELL,
        severity=Severity.NOTE,
        missing="protocol logs: `relaysim replay LOGS -c CONFIG` lists connectors and rights that "
        "nobody used",
    )


def _reached(space: Space, power: ConnectorPower) -> Iterator[Finding]:
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
        return
    for entry in connector.remote_ip_ranges:
        if not power.everybody.meets(entry.interval) and ranges_of((entry,)):
            kept = tuple(str(each) for each in connector.remote_ip_ranges if each != entry)
            yield space.finding(
                power,
                id="shadowed-range",
                severity=Severity.NOTE,
                what=f"the range {entry} of {name} never answers",
                ranges=NOTHING,
                fix=power.ranges(kept),
            )


def _service(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    connector, name = power.connector, f"`{power.connector.name}`"
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
    if connector.is_front_end and _OUTBOUND in ports and power.strangers:
        yield space.finding(
            power,
            id="outbound-proxy-open",
            severity=Severity.NOTE,
            ranges=power.strangers,
            what=f"{name} answers everybody on port 717",
            fix=_own_servers(space, power),
        )


def _own_servers(space: Space, power: ConnectorPower) -> tuple[tuple[ShellCommand, ...], ...]:
    """Return what leaves the connector to own servers, where their addresses are known."""
    own = space.organization.network.exchange_servers
    return power.keep_only(ranges_of(own)) if own else ()


def _same_ranges(space: Space, powers: list[ConnectorPower]) -> Iterator[Finding]:
    for overlap in equal_ranges(powers):
        one, other = overlap.one, overlap.other
        loser = other if is_setups(space, one) else one
        if overlap.same_binding:
            # The one that is not chosen answers nobody of the range (S-4).
            loser = one if not one.everybody.meets(overlap.narrow) else other
        yield space.finding(
            loser,
            id="range-conflict" if overlap.same_binding else "no-distinguishing-range",
            severity=Severity.HIGH,
            ranges=overlap.addresses,
            what=f"`{one.connector.name}` and `{other.connector.name}` have the same range "
            f"{overlap.narrow}",
            fix=_without(loser, overlap) if overlap.same_binding else (),
        )


def _without(power: ConnectorPower, overlap: Overlap) -> tuple[tuple[ShellCommand, ...], ...]:
    """Return what takes a range away from a connector that answers nobody of it."""
    if power.everybody.meets(overlap.narrow):
        return ()
    return power.without(AddressSet([overlap.narrow]))


def _overlapping(space: Space, powers: list[ConnectorPower]) -> Iterator[Finding]:
    for overlap in partial_overlaps(powers):
        wide, narrow, shared = overlap.other, overlap.one, overlap.addresses
        # The narrower range answers the overlap (S-3): what the wider one loses it never had.
        free = wide.everybody.shared_with(shared) is None
        yield space.finding(
            wide,
            id="range-conflict",
            severity=Severity.MEDIUM,
            ranges=shared,
            what=f"the range {overlap.wide} of `{wide.connector.name}` and {overlap.narrow} of "
            f"`{narrow.connector.name}` overlap, and neither contains the other",
            fix=wide.without(shared) if free else (),
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


def _between_servers(space: Space) -> Iterator[Finding]:
    named: dict[str, list[ConnectorPower]] = {}
    for power in space.powers:
        name = power.connector.name.casefold().replace(power.server.casefold(), "*")
        named.setdefault(name, []).append(power)
    for powers in named.values():
        first, *others = powers
        for other in others:
            differing = _differing(first, other)
            if differing:
                yield space.finding(
                    other,
                    id="servers-differ",
                    severity=Severity.MEDIUM,
                    what=f"`{other.identity}` has {' and '.join(differing)} than "
                    f"`{first.identity}`",
                )


def _differing(first: ConnectorPower, other: ConnectorPower) -> list[str]:
    one, two = first.connector, other.connector
    found = []
    if first.everybody != other.everybody:
        found.append("other addresses")
    known = not (first.is_unsure("entries") or other.is_unsure("entries"))
    if known and _entries(first) != _entries(other):
        found.append("other entries")
    if one.auth_mechanism != two.auth_mechanism or one.require_tls is not two.require_tls:
        found.append("other authentication")
    limits = "max_message_size", "max_recipients_per_message"
    if any(getattr(one, name) != getattr(two, name) for name in limits):
        found.append("other limits")
    return found


def _entries(power: ConnectorPower) -> set[Ace]:
    return {ace for ace in power.connector.acl if not ace.inherited}
