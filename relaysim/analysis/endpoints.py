"""Every endpoint at once: what a session gets at each socket that somebody can connect to.

Use it like this::

    surface = Surface(organization, endpoints(organization, Narrowing()))
    judged = surface.judge(session)      # session.ip, port and local_ip are ignored
    for endpoint in surface.endpoints:
        starts, outcomes = judged.track(endpoint)

A question about everybody ranges over all of them: an address that may not relay on port 25 may do
so on port 587, and a narrower connector bound to another local address may let it.

Endpoints with the same connectors and bindings share one sweep, whatever the number of sessions
asked about, so that the union costs at most as much as its distinct endpoints do one by one.
"""

from collections.abc import Container, Hashable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from relaysim.analysis.choice import Choice, Listeners, choices
from relaysim.analysis.overlay import Layer
from relaysim.analysis.partition import MAPPED, Outcome, Outcomes
from relaysim.engine.compiled.verdict_cache import Admissions
from relaysim.model.connector import TransportRole
from relaysim.model.organization import Organization
from relaysim.model.session import Session
from relaysim.net.address import BITS, Address, unmap
from relaysim.net.addrset import EVERYTHING, AddressSet
from relaysim.net.interval import Interval

__all__ = [
    "EVERYBODY",
    "Endpoint",
    "Judged",
    "Narrowing",
    "Spot",
    "Surface",
    "endpoints",
    "joined",
    "layers_at",
    "servers_of",
    "spare_address",
    "spots",
]

ANY_ADDRESS = {4: Address(4, 0), 6: Address(6, 0)}
_SMTP = 25


class Endpoint(NamedTuple):
    """A socket that clients of one family can connect to.

    Attributes:
        server: Name of the server.
        address: The local address; the any-address stands for every address of its family that is
            no endpoint of its own on this port.
        port: The port.
        service: The transport service that owns it; ``None`` when nobody listens, or two
            services claim it (P-4).
    """

    server: str
    address: Address
    port: int
    service: TransportRole | None

    @property
    def is_any(self) -> bool:
        """Whether it stands for every local address without an endpoint of its own."""
        return self.address.value == 0

    def __str__(self) -> str:
        host = f"[{self.address}]" if self.address.family == 6 else str(self.address)
        return f"{host}:{self.port}"


class Narrowing(NamedTuple):
    """What a question about everything is narrowed to; empty fields narrow nothing.

    Attributes:
        ports: Only these ports, bound or not.
        local_ips: Only these local addresses, bound or not.
        servers: Only the servers of these names, in any case.
        tls: The TLS states: both, or one.
    """

    ports: tuple[int, ...] = ()
    local_ips: tuple[Address, ...] = ()
    servers: tuple[str, ...] = ()
    tls: tuple[bool, ...] = (False, True)


class Spot(NamedTuple):
    """Endpoints of both families that one would name alike: a server, a local address, a port.

    Attributes:
        server: Name of the server.
        address: The local address, or ``None`` for all without a binding of their own.
        port: The port.
        alone: Whether the server has no other spot with this port: then the port says it all.
        endpoints: One for each family, at least one.
    """

    server: str
    address: Address | None
    port: int
    alone: bool
    endpoints: tuple[Endpoint, ...]

    def words(self) -> str:
        """Return ``port 25``, ``10.0.0.5:25`` or ``port 25 of any other address``."""
        if self.address is not None:
            return str(self.endpoints[0])
        return f"port {self.port}" + ("" if self.alone else " of any other address")


def servers_of(organization: Organization) -> tuple[Organization, ...]:
    """Return the organization once for each server, with only that server."""
    return tuple(organization.on(server.name) for server in organization.servers)


def endpoints(organization: Organization, scope: Narrowing) -> tuple[Endpoint, ...]:
    """Return every endpoint in a scope, by server, port and address.

    A port or an address that the scope names is an endpoint even when nobody is bound to it; so is
    port 25, for a family that has no endpoint at all: its clients exist, and are refused.
    """
    wanted = {name.casefold() for name in scope.servers}
    return tuple(
        endpoint
        for server in servers_of(organization)
        if not wanted or server.server.casefold() in wanted
        for endpoint in _of_server(server, scope)
    )


def _of_server(organization: Organization, scope: Narrowing) -> Iterator[Endpoint]:
    bound = {
        (socket.port, socket.address)
        for connector in organization.connectors
        if connector.enabled or "enabled" in connector.unknown
        for socket in connector.bindings
    }
    ports = set(scope.ports) or {port for port, _ in bound} or {_SMTP}
    if scope.local_ips:
        sockets = {(port, unmap(address)) for port in ports for address in scope.local_ips}
    else:
        sockets = {pair for pair in bound if pair[0] in ports}
        for family, anywhere in ANY_ADDRESS.items():
            mine = {port for port, address in sockets if address.family == family}
            closed = set(scope.ports) - mine or (set() if mine else {_SMTP})
            sockets |= {(port, anywhere) for port in closed}
    listeners = Listeners(organization)
    for port, address in sorted(sockets):
        services = {
            connector.transport_role
            for place in listeners.at(family=address.family, port=port, local_ip=address)
            for connector in place.competitors
        }
        service = services.pop() if len(services) == 1 else None
        yield Endpoint(organization.server, address, port, service)


def spare_address(organizations: Iterable[Organization], *, family: int, port: int) -> str:
    """Return an address that stands for every one without a binding of its own at a port.

    It is one of the servers' own where they are known. Empty where nobody is bound to a single
    address: then no address has to be named.

    Args:
        organizations: Organizations of one server.
        family: 4 or 6.
        port: The port.
    """
    sides = tuple(organizations)
    bound = {
        socket.address
        for side in sides
        for connector in side.connectors
        for socket in connector.bindings
        if socket.port == port and socket.address.family == family
    }
    if not any(address.value for address in bound):
        return ""
    first = {4: 0xC0000201, 6: 0x20010DB8 << 96 | 1}[family]
    own = [a for side in sides for a in side.only.addresses if a.family == family]
    spare = (Address(family, first + number) for number in range(1 << 16))
    return str(next(address for address in chain(own, spare) if address not in bound))


def spots(found: Iterable[Endpoint]) -> tuple[Spot, ...]:
    """Return endpoints of both families together where they are named alike, in order."""
    grouped: dict[tuple[str, int, Address | None], list[Endpoint]] = {}
    for each in found:
        key = each.server, each.port, None if each.is_any else each.address
        grouped.setdefault(key, []).append(each)
    places: dict[tuple[str, int], int] = {}
    for server, port, _ in grouped:
        places[server, port] = places.get((server, port), 0) + 1
    return tuple(
        Spot(server, address, port, places[server, port] == 1, tuple(members))
        for (server, port, address), members in grouped.items()
    )


class Surface:
    """Endpoints of an organization, and who answers the addresses at each: swept once, when asked.

    Attributes:
        organization: The servers.
        endpoints: The endpoints, in order.
        servers: The organization with only one server, by the server's name.
        admissions: What each server makes of clients, by its name, kept for all questions.
    """

    def __init__(self, organization: Organization, found: Iterable[Endpoint]) -> None:
        self.organization = organization
        self.endpoints = tuple(found)
        self.servers = {each.server: each for each in servers_of(organization)}
        self.admissions = {name: Admissions(each) for name, each in self.servers.items()}
        self._listeners: dict[str, Listeners] = {}
        self._keys: dict[Endpoint, int] = {}
        self._classes: dict[Hashable, int] = {}
        self._tracks: dict[Hashable, tuple[list[int], list[Choice]]] = {}

    def class_of(self, endpoint: Endpoint) -> int:
        """Return a number that endpoints have in common whose clients all meet the same choices."""
        key = self._keys.get(endpoint)
        if key is None:
            listeners = self._listeners.get(endpoint.server)
            if listeners is None:
                listeners = Listeners(self.servers[endpoint.server])
                self._listeners[endpoint.server] = listeners
            family, port = endpoint.address.family, endpoint.port
            places = listeners.at(family=family, port=port, local_ip=endpoint.address)
            who = [
                (tuple(map(id, place.competitors)), place.exact, place.invalid and port)
                for place in places
            ]
            # Where not everything is known, others may answer there than those that are listed.
            place = endpoint[1:3] if self.admissions[endpoint.server].hangs_on_place else None
            # There may be very many connectors; the key is looked up often, and is a number.
            whole = endpoint.server, place, family, *who
            key = self._keys[endpoint] = self._classes.setdefault(whole, len(self._classes))
        return key

    def choices(self, endpoint: Endpoint) -> tuple[list[int], list[Choice]]:
        """Return who answers at an endpoint: first addresses, and the choice from each on."""
        key = self.class_of(endpoint)
        track = self._tracks.get(key)
        if track is None:
            server, (family, _) = self.servers[endpoint.server], endpoint.address
            track = self._tracks[key] = choices(
                server, family=family, port=endpoint.port, local_ip=endpoint.address
            )
        return track

    @property
    def spots(self) -> tuple[Spot, ...]:
        """The endpoints, both families together where they are named alike."""
        return spots(self.endpoints)

    def judge(self, session: Session) -> "Judged":
        """Return what a session of this shape gets; its ip, port and local address do not count."""
        return Judged(self, session)


class Judged:
    """What sessions of one shape get at the endpoints of a surface; worked out when asked."""

    def __init__(self, surface: Surface, session: Session) -> None:
        self.surface, self.session = surface, session
        self._outcomes: dict[tuple[str, int, Address | None], Outcomes] = {}
        self._tracks: dict[Hashable, tuple[list[int], list[Outcome]]] = {}

    def track(self, endpoint: Endpoint) -> tuple[list[int], list[Outcome]]:
        """Return first addresses, and the outcome from each of them on; neighbours differ.

        IPv4-mapped addresses are taken as plain IPv6: leave them out, they repeat IPv4 (S-6).
        """
        key = self.surface.class_of(endpoint)
        track = self._tracks.get(key)
        if track is None:
            outcomes = self._outcomes_at(endpoint)
            track = self._tracks[key] = outcomes.of_choices(self.surface.choices(endpoint))
        return track

    def _outcomes_at(self, endpoint: Endpoint) -> Outcomes:
        name = endpoint.server
        admissions = self.surface.admissions[name]
        session = admissions.placed(self.session, endpoint.port, endpoint.address)
        key = name, session.port, session.local_ip
        found = self._outcomes.get(key)
        if found is None:
            found = Outcomes(self.surface.servers[name], session, admissions)
            self._outcomes[key] = found
        return found

    def where(self, endpoint: Endpoint, passing: Container[int]) -> AddressSet:
        """Return the addresses that get certain outcomes at an endpoint, mapped ones left out.

        Args:
            endpoint: The endpoint.
            passing: The ``id`` of each of the outcomes.
        """
        starts, outcomes = self.track(endpoint)
        family = endpoint.address.family
        ends = [*starts[1:], 1 << BITS[family]]
        found = AddressSet(
            Interval(family, low, end - 1)
            for low, end, outcome in zip(starts, ends, outcomes, strict=True)
            if id(outcome) in passing
        )
        return found - _MAPPED if family == 6 else found


_MAPPED = AddressSet([MAPPED])
EVERYBODY = EVERYTHING - _MAPPED
"""Every address that is spoken about: the IPv4-mapped ones repeat IPv4 (S-6)."""


def layers_at(endpoint: Endpoint, judged: Sequence[Judged]) -> Iterator[Layer]:
    """Yield the runs of addresses on which no shape's outcome changes at an endpoint, in order.

    They cover the endpoint's family without the IPv4-mapped addresses, which only repeat IPv4.
    """
    family = endpoint.address.family
    tracks = [each.track(endpoint) for each in judged]
    mapped = {MAPPED.low, MAPPED.high + 1} if family == 6 else set()
    cuts = sorted(mapped.union(*(starts for starts, _ in tracks)))
    places = [-1] * len(tracks)
    for low, end in zip(cuts, [*cuts[1:], 1 << BITS[family]], strict=True):
        for number, (starts, _) in enumerate(tracks):
            place = places[number] + 1
            if place < len(starts) and starts[place] == low:
                places[number] = place
        if family == 6 and low == MAPPED.low:
            continue
        outcomes = tuple(track[1][place] for track, place in zip(tracks, places, strict=True))
        yield Layer(Interval(family, low, end - 1), outcomes)


def joined(pairs: Iterable[tuple[Spot, bool]]) -> list[tuple[tuple[Spot, ...], tuple[bool, ...]]]:
    """Return spots and TLS states as a list of products: spots that have the same states together.

    >>> joined([])
    []
    """
    states: dict[Spot, list[bool]] = {}
    for spot, tls in pairs:
        states.setdefault(spot, []).append(tls)
    grouped: dict[tuple[bool, ...], list[Spot]] = {}
    for spot, found in states.items():
        grouped.setdefault(tuple(sorted(found)), []).append(spot)
    return [(tuple(members), tls) for tls, members in grouped.items()]
