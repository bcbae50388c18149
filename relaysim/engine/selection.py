"""Which connector answers, and why the others do not."""

from collections.abc import Iterable
from typing import NamedTuple

from relaysim.model.connector import ReceiveConnector, TransportRole
from relaysim.model.decision import (
    Assumption,
    LostReason,
    Reason,
    Refusal,
    Rejected,
    Selection,
    Stage,
    Undecided,
)
from relaysim.model.organization import Organization
from relaysim.model.session import Session
from relaysim.net.address import Address, unmap
from relaysim.net.notation import AddressRange, Socket, format_range

__all__ = ["NO_RANGE_REPLY", "binding_for", "mapped_assumption", "select"]

NO_RANGE_REPLY = "421 4.3.2 Service not available"


class _Candidate(NamedTuple):
    connector: ReceiveConnector
    range: AddressRange
    binding: Socket

    @property
    def rank(self) -> tuple[int, bool, str, str]:
        name = self.connector.name
        return self.range.size, self.binding.is_any, name.casefold(), name


class _Endpoint(NamedTuple):
    """One local address as a place of competition; ``local`` is ``None`` for "any other"."""

    local: Address | None
    bound: tuple[tuple[ReceiveConnector, Socket], ...]
    ranked: tuple[_Candidate, ...]

    @property
    def invalid(self) -> bool:
        return len({connector.transport_role for connector, _ in self.bound}) > 1

    @property
    def outcome(self) -> str | tuple[()] | None:
        if self.invalid:
            return ()
        return self.ranked[0].connector.name if self.ranked else None

    def describe(self) -> str:
        place = f"{self.local}" if self.local else "any other local address"
        if self.invalid:
            return f"{place}: two services claim it (P-4)"
        winner = f"connector `{self.outcome}`" if self.ranked else "no connector has the range"
        return f"{place}: {winner}"


def select(organization: Organization, session: Session) -> Selection:
    """Choose the connector that answers a session.

    Among enabled connectors bound to the local endpoint, the one whose smallest matching range
    has the fewest addresses wins, whatever the order or notation; equal sizes go to the exact
    local address, then to the name. Without a local address, every address that could be meant is
    tried, and differing winners leave the question undecided.

    Source: RC16, NEWRC, ANON16, RCUI07 (narrowest range), PWPS, NDR16 (no range), P365C (services).
    """
    client = unmap(session.seen)
    assumptions: list[Assumption] = []
    if client is not session.seen:
        assumptions.append(mapped_assumption(session.seen))
    endpoints = _endpoints(organization, client, session)
    if not endpoints:
        lost = _lost(organization, session.port, None, None)
        refusal = Refusal(Stage.CONNECT, None, Reason.PORT_CLOSED, "S-5")
        return Selection(None, None, None, lost, refusal, assumptions=tuple(assumptions))
    undecided = _undecided(endpoints, session.port)
    endpoint = endpoints[0]
    if undecided is not None:
        lost = _lost(organization, session.port, endpoints, None)
        return Selection(None, None, None, lost, None, undecided, tuple(assumptions))
    lost = _lost(organization, session.port, endpoints, endpoint)
    if not endpoint.ranked:
        refusal = Refusal(Stage.CONNECT, NO_RANGE_REPLY, Reason.NO_RANGE, "S-5")
        return Selection(None, None, None, lost, refusal, assumptions=tuple(assumptions))
    winner = endpoint.ranked[0]
    assumptions += _ranking_assumptions(endpoints)
    return Selection(
        winner.connector, winner.range, winner.binding, lost, assumptions=tuple(assumptions)
    )


def mapped_assumption(client: Address) -> Assumption:
    """Return what is assumed about an IPv4-mapped client (S-6)."""
    text = f"{client} is judged as the IPv4 address {unmap(client)}"
    return Assumption("S-6", text, ("connector",))


def _endpoints(
    organization: Organization, client: Address, session: Session
) -> tuple[_Endpoint, ...]:
    """Return the endpoints that could be meant, the one to report first, bound ones only."""
    if session.local_ip is not None:
        locals_: list[Address | None] = [unmap(session.local_ip)]
    else:
        sockets = {
            socket
            for connector in organization.connectors
            if connector.enabled
            for socket in connector.bindings
            if socket.port == session.port and socket.address.family == client.family
        }
        locals_ = [None] if any(socket.is_any for socket in sockets) else []
        locals_ += sorted(socket.address for socket in sockets if not socket.is_any)
    found = (_endpoint(organization, client, session.port, local) for local in locals_)
    return tuple(endpoint for endpoint in found if endpoint.bound)


def _endpoint(
    organization: Organization, client: Address, port: int, local: Address | None
) -> _Endpoint:
    bound, candidates = [], []
    for connector in organization.connectors:
        if not connector.enabled:
            continue
        binding = binding_for(connector, client.family, port, local)
        if binding is None:
            continue
        bound.append((connector, binding))
        best = _best_range(connector, client)
        if best is not None:
            candidates.append(_Candidate(connector, best, binding))
    return _Endpoint(local, tuple(bound), tuple(sorted(candidates, key=lambda c: c.rank)))


def binding_for(
    connector: ReceiveConnector, family: int, port: int, local: Address | None
) -> Socket | None:
    """Return the binding that takes the session: the exact one before the any-address one."""
    if local is not None and local.family != family:
        return None
    fallback = None
    for socket in connector.bindings:
        if socket.port != port or socket.address.family != family:
            continue
        if socket.is_any:
            fallback = socket
        elif socket.address == local:
            return socket
    return fallback


def _best_range(connector: ReceiveConnector, client: Address) -> AddressRange | None:
    matching = [entry for entry in connector.remote_ip_ranges if entry.contains(client)]
    if not matching:
        return None
    return min(matching, key=lambda entry: (entry.size, entry.interval.low, format_range(entry)))


def _undecided(endpoints: tuple[_Endpoint, ...], port: int) -> Undecided | None:
    if len({endpoint.outcome for endpoint in endpoints}) > 1:
        return Undecided(
            "S-7",
            "--local-ip",
            f"which local address the client connects to decides on port {port}",
            tuple(endpoint.describe() for endpoint in endpoints),
        )
    if not endpoints[0].invalid:
        return None
    options = tuple(
        f"{role.value}: "
        + ", ".join(
            sorted(f"`{c.name}`" for c, _ in endpoints[0].bound if c.transport_role is role)
        )
        for role in TransportRole
    )
    return Undecided(
        "P-4",
        "transport service",
        f"two transport services claim the same address and port {port}, which Exchange refuses",
        options,
    )


def _lost(
    organization: Organization,
    port: int,
    endpoints: tuple[_Endpoint, ...] | None,
    chosen: _Endpoint | None,
) -> tuple[Rejected, ...]:
    winner = chosen.ranked[0] if chosen is not None and chosen.ranked else None
    bound = {c.name for endpoint in endpoints or () for c, _ in endpoint.bound}
    # The endpoint to report comes first and has the last word.
    ranked = {c.connector.name: c for e in reversed(endpoints or ()) for c in e.ranked}
    lost = []
    for connector in organization.connectors:
        if winner is not None and connector is winner.connector:
            continue
        candidate = ranked.get(connector.name)
        reason, entry = LostReason.UNDECIDED, candidate.range if candidate else None
        if not connector.enabled:
            reason = LostReason.DISABLED
        elif not any(socket.port == port for socket in connector.bindings):
            reason = LostReason.OTHER_PORT
        elif connector.name not in bound:
            reason = LostReason.OTHER_ADDRESS
        elif candidate is None:
            reason = LostReason.NO_RANGE
        elif winner is not None and candidate.range.size > winner.range.size:
            reason = LostReason.WIDER_RANGE
        elif winner is not None and candidate.binding.is_any and not winner.binding.is_any:
            reason = LostReason.ANY_ADDRESS
        elif winner is not None:
            reason = LostReason.NAME_ORDER
        lost.append(Rejected(connector.name, reason, entry))
    return tuple(sorted(lost, key=lambda item: (item.name.casefold(), item.name)))


def _ranking_assumptions(endpoints: tuple[_Endpoint, ...]) -> list[Assumption]:
    """Return what was assumed at any endpoint that could be meant: all have the same winner."""
    winner = endpoints[0].ranked[0]
    wider, ties = set[str](), dict[str, _Candidate]()
    for endpoint in endpoints:
        first, *others = endpoint.ranked
        for other in others:
            name = other.connector.name
            if other.range.size == first.range.size:
                ties.setdefault(name, other)
            elif first.binding.is_any and not other.binding.is_any:
                wider.add(name)
    found = []
    if wider:
        found.append(
            Assumption(
                "S-3",
                f"the narrower range of `{winner.connector.name}` wins over {_listed(wider)}, "
                "bound to the exact local address with a wider range",
                ("connector",),
            )
        )
    if ties:
        how = "its name"
        if not winner.binding.is_any and all(c.binding.is_any for c in ties.values()):
            how = "its exact local address"
        found.append(
            Assumption(
                "S-4",
                f"`{winner.connector.name}` wins over {_listed(ties)} by {how}: the ranges are "
                "equally large, a pair that Exchange refuses as a conflict",
                ("connector",),
            )
        )
    return found


def _listed(names: Iterable[str]) -> str:
    return ", ".join(
        f"`{name}`" for name in sorted(names, key=lambda name: (name.casefold(), name))
    )
