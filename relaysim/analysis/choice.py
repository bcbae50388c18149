"""Which connector answers each address: the choice made for a whole address family at once.

Written beside :mod:`relaysim.engine.selection`, not with it: that module ranks the connectors
that match one address, this one sweeps over the ends of all ranges.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from relaysim.analysis.sweep import Lead, sweep
from relaysim.model.connector import ReceiveConnector, TransportRole
from relaysim.model.decision import Assumption, Reason, Refusal, Stage, Undecided
from relaysim.model.organization import Organization
from relaysim.net.address import BITS, Address, unmap

__all__ = ["Choice", "Listeners", "LocalSocket", "choices", "choices_of"]

_CLOSED = Refusal(Stage.CONNECT, None, Reason.PORT_CLOSED, "S-5")
_NO_RANGE = Refusal(Stage.CONNECT, "421 4.3.2 Service not available", Reason.NO_RANGE, "S-5")


class Choice(NamedTuple):
    """Who answers a run of addresses.

    Attributes:
        connector: The connector, or ``None``.
        assumptions: What was assumed in choosing it (S-3, S-4).
        refusal: Set when nobody answers.
        undecided: Set when that cannot be told (S-7, P-4).
    """

    connector: ReceiveConnector | None
    assumptions: tuple[Assumption, ...] = ()
    refusal: Refusal | None = None
    undecided: Undecided | None = None


class LocalSocket(NamedTuple):
    """A local address and port, and who listens there.

    Attributes:
        local: The address, or ``None`` for any without a binding of its own.
        competitors: The connectors bound there, in the order that breaks ties; by name in either
            part.
        exact: So many of them, the first ones, are bound to the address itself, the others to the
            any-address.
    """

    local: Address | None
    competitors: tuple[ReceiveConnector, ...]
    exact: int

    @property
    def invalid(self) -> bool:
        """Whether two transport services claim it (P-4)."""
        return len({connector.transport_role for connector in self.competitors}) > 1


def choices(
    organization: Organization, *, family: int, port: int, local_ip: Address | None
) -> tuple[list[int], list[Choice]]:
    """Return who answers the addresses of one family, IPv4-mapped ones taken as plain IPv6.

    Args:
        organization: The server.
        family: 4 or 6.
        port: The server's port.
        local_ip: The server's address, or ``None`` for all that could be meant.

    Returns:
        First addresses, and the choice from each of them on; the first address is 0. Equal choices
        are mostly the same object, and neighbours are mostly not equal.

    Source: RC16, NEWRC, ANON16, RCUI07 (narrowest range), P365C (services).
    """
    places = Listeners(organization).at(family=family, port=port, local_ip=local_ip)
    if not places:
        return [0], [Choice(None, refusal=_CLOSED)]
    if len(places) == 1:
        return choices_of(places[0], family=family, port=port)
    return _agree(places, [_track(place, family) for place in places], port)


def choices_of(place: LocalSocket, *, family: int, port: int) -> tuple[list[int], list[Choice]]:
    """Return who answers the addresses of one family at one place, as :func:`choices` does.

    Places with the same competitors, as many of them exact, get the same choices; only where two
    services claim the place does the port matter.
    """
    if place.invalid:
        return [0], [Choice(None, undecided=_two_services(place, port))]
    starts, leads = _track(place, family)
    known = {lead: _choose([place], (lead,)) for lead in set(leads)}
    return starts, [known[lead] for lead in leads]


class Listeners:
    """The connectors of one server by what they are bound to, looked through once.

    Args:
        organization: The server.
    """

    def __init__(self, organization: Organization) -> None:
        self._exact: dict[tuple[int, int], dict[Address, list[ReceiveConnector]]] = {}
        self._anywhere: dict[tuple[int, int], list[ReceiveConnector]] = {}
        for connector in sorted(organization.connectors, key=_by_name):
            if not connector.enabled:
                continue
            for address, port in dict.fromkeys(connector.bindings):
                key = address.family, port
                if address.value == 0:
                    self._anywhere.setdefault(key, []).append(connector)
                else:
                    self._exact.setdefault(key, {}).setdefault(address, []).append(connector)

    def at(self, *, family: int, port: int, local_ip: Address | None) -> list[LocalSocket]:
        """Return the places that clients of a family can mean, bound ones only.

        Args:
            family: 4 or 6.
            port: The port.
            local_ip: The address they connect to; the any-address of the family stands for every
                one without a binding of its own; ``None`` for all that could be meant.
        """
        exact = self._exact.get((family, port), {})
        anywhere = self._anywhere.get((family, port), [])
        if local_ip is not None:
            local = unmap(local_ip)
            if local.family != family:
                return []
            # The any-address itself is no address to connect to; nobody is bound exactly to it.
            candidates: list[Address | None] = [local]
        else:
            candidates = [None] if anywhere else []
            candidates += sorted(exact)
        found = []
        for candidate in candidates:
            first = exact.get(candidate, []) if candidate is not None else []
            taken = set(map(id, first))
            rest = anywhere
            if taken:
                rest = [connector for connector in anywhere if id(connector) not in taken]
            if first or rest:
                found.append(LocalSocket(candidate, (*first, *rest), len(first)))
        return found


def _by_name(connector: ReceiveConnector) -> tuple[str, str]:
    return connector.name.casefold(), connector.name


def _track(place: LocalSocket, family: int) -> tuple[list[int], list[Lead | None]]:
    if place.invalid:
        return [0], [None]
    lows: list[int] = []
    highs: list[int] = []
    ranks: list[int] = []
    for rank, connector in enumerate(place.competitors):
        for (of_family, low, high), _, _ in connector.remote_ip_ranges:
            if of_family == family:
                lows.append(low)
                highs.append(high)
                ranks.append(rank)
    starts, leads = sweep(lows, highs, ranks, place.exact)
    if starts[-1] >> BITS[family]:
        starts.pop()
        leads.pop()
    return starts, leads


def _choose(places: list[LocalSocket], leads: tuple[Lead | None, ...]) -> Choice:
    """Return the choice of places that agree."""
    lead = leads[0]
    if lead is None:
        return Choice(None, refusal=_NO_RANGE)
    return Choice(places[0].competitors[lead.rank], tuple(_assumed(places, leads)))


def _assumed(places: list[LocalSocket], leads: tuple[Lead | None, ...]) -> Iterator[Assumption]:
    """Return what was assumed at any of the places; they have the same winner."""
    wider: dict[str, bool] = {}
    # Of each connector, whether the first place it ties at knows it by its exact address.
    ties: dict[str, bool] = {}
    winner, winner_is_exact = "", False
    for place, lead in reversed(list(zip(places, leads, strict=True))):
        if lead is not None:
            winner = place.competitors[lead.rank].name
            winner_is_exact = lead.rank < place.exact
            wider |= {place.competitors[rank].name: True for rank in lead.wider}
            ties |= {place.competitors[rank].name: rank < place.exact for rank in lead.ties}
    if wider:
        yield Assumption(
            "S-3",
            f"the narrower range of `{winner}` wins over {_listed(wider)}, "
            "bound to the exact local address with a wider range",
            ("connector",),
        )
    if ties:
        by_address = winner_is_exact and not any(ties.values())
        yield Assumption(
            "S-4",
            f"`{winner}` wins over {_listed(ties)} by "
            f"{'its exact local address' if by_address else 'its name'}: the ranges are equally "
            "large, a pair that Exchange refuses as a conflict",
            ("connector",),
        )


def _listed(names: Iterable[str]) -> str:
    ordered = sorted(names, key=lambda name: (name.casefold(), name))
    return ", ".join(f"`{name}`" for name in ordered)


def _agree(
    places: list[LocalSocket], tracks: list[tuple[list[int], list[Lead | None]]], port: int
) -> tuple[list[int], list[Choice]]:
    """Walk along the tracks of all places together: one choice where they agree, else S-7."""
    changes = sorted(
        (
            (low, number, lead)
            for number, track in enumerate(tracks)
            for low, lead in zip(*track, strict=True)
        ),
        key=lambda change: change[:2],
    )
    # What each place comes to: a connector's name, None for no range, () for two services.
    ends: list[str | tuple[()] | None] = [() if place.invalid else None for place in places]
    tally = Counter(ends)
    leads: list[Lead | None] = [None] * len(places)
    decided: dict[tuple[Lead | None, ...], Choice] = {}
    differing: dict[tuple[str | tuple[()] | None, ...], Choice] = {}
    invalid = Choice(None, undecided=_two_services(places[0], port))
    starts: list[int] = []
    found: list[Choice] = []
    for index, (low, number, lead) in enumerate(changes):
        place = places[number]
        if not place.invalid:
            old = ends[number]
            new = None if lead is None else place.competitors[lead.rank].name
            ends[number] = new
            tally[old] -= 1
            if not tally[old]:
                del tally[old]
            tally[new] += 1
        leads[number] = lead
        if index + 1 < len(changes) and changes[index + 1][0] == low:
            continue
        if len(tally) > 1:
            key = tuple(ends)
            choice = differing.get(key)
            if choice is None:
                choice = Choice(None, undecided=_differing(places, key, port))
                differing[key] = choice
        elif places[0].invalid:
            choice = invalid
        else:
            where = tuple(leads)
            choice = decided.get(where) or decided.setdefault(where, _choose(places, where))
        if not found or choice is not found[-1]:
            starts.append(low)
            found.append(choice)
    return starts, found


def _differing(
    places: list[LocalSocket], ends: tuple[str | tuple[()] | None, ...], port: int
) -> Undecided:
    lines = []
    for place, end in zip(places, ends, strict=True):
        where = "any other local address" if place.local is None else str(place.local)
        if end is None:
            what = "no connector has the range"
        elif isinstance(end, str):
            what = f"connector `{end}`"
        else:
            what = "two services claim it (P-4)"
        lines.append(f"{where}: {what}")
    text = f"which local address the client connects to decides on port {port}"
    return Undecided("S-7", "--local-ip", text, tuple(lines))


def _two_services(place: LocalSocket, port: int) -> Undecided:
    claims: dict[TransportRole, list[str]] = {role: [] for role in TransportRole}
    for connector in place.competitors:
        claims[connector.transport_role].append(f"`{connector.name}`")
    return Undecided(
        "P-4",
        "transport service",
        f"two transport services claim the same address and port {port}, which Exchange refuses",
        tuple(f"{role.value}: {', '.join(sorted(names))}" for role, names in claims.items()),
    )
