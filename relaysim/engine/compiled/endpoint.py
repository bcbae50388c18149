"""A local endpoint prepared for many clients: the winner of every run of addresses.

Between two neighbouring ends of ranges nothing about the choice of a connector changes. The
winners are found by one sweep; what explains the choice is asked of the point engine when wanted.
"""

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from relaysim.engine.compiled.policies import ConnectorPolicy, Policies
from relaysim.engine.selection import binding_for, select
from relaysim.lean import replace
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import Selection
from relaysim.model.organization import Organization
from relaysim.model.session import Session
from relaysim.net.address import BITS, Address, unmap
from relaysim.net.notation import AddressRange, Socket, format_range

__all__ = ["Chosen", "CompiledEndpoint", "Winner"]

_LOST_KEPT = 200_000
"""Connectors that lost, named in selections that are kept; one takes some hundred bytes."""


class Winner(NamedTuple):
    """Who answers a run of addresses.

    Attributes:
        connector: The connector.
        range: Its range that matched.
        binding: Its binding that matched.
        assumed: Rules of the assumptions that choosing it rests on.
    """

    connector: ReceiveConnector
    range: AddressRange
    binding: Socket
    assumed: tuple[str, ...] = ()


class Chosen(NamedTuple):
    """What choosing a connector comes to, as far as the verdict depends on it.

    Attributes:
        policy: What the connector judges by, ``None`` when none answers.
        assumed: Rules of the assumptions that the choice rests on.
        selection: The choice when no connector answers, else ``None``.
    """

    policy: ConnectorPolicy | None
    assumed: tuple[str, ...] = ()
    selection: Selection | None = None


class CompiledEndpoint:
    """One port and local address (or none given) for clients of one family.

    Attributes:
        starts: First addresses of the runs on which nothing changes, as big-endian bytes, which
            compare like the numbers; the first is zero.
        choices: For each run, counted from 1 as ``bisect_right`` counts, the number of what
            choosing comes to; the same for runs that no verdict tells apart. See :meth:`chosen`.
    """

    __slots__ = (
        "_chosen",
        "_family",
        "_organization",
        "_policies",
        "_question",
        "_room",
        "_selections",
        "_winners",
        "choices",
        "starts",
    )

    def __init__(
        self,
        organization: Organization,
        policies: Policies,
        family: int,
        port: int,
        local_ip: Address | None,
    ) -> None:
        self._organization, self._policies = organization, policies
        self._family = family
        self._question = Session(ip=Address(family, 0), port=port, local_ip=local_ip)
        self._selections: dict[int, Selection] = {}
        self._room = max(16, _LOST_KEPT // (len(organization.connectors) + 1))
        places = _places(organization, family, port, local_ip)
        ranges = {
            (interval.low, interval.high + 1)
            for bound in places
            for connector, _ in bound
            for interval, _, _ in connector.remote_ip_ranges
            if interval.family == family
        }
        cuts = {0}.union(*ranges)
        cuts.discard(1 << BITS[family])
        ordered = sorted(cuts)
        width = BITS[family] // 8
        self.starts = [cut.to_bytes(width, "big") for cut in ordered]
        self._winners: list[Winner | None] | None = None
        self._chosen: list[Chosen] = []
        # Where several places could be meant, or two services claim one, the point engine weighs
        # them run by run: the numbers of runs that it was not asked about yet are negative.
        self.choices = [0, *range(-1, -len(ordered) - 1, -1)]
        roles = {connector.transport_role for bound in places for connector, _ in bound}
        if len(places) == 1 and len(roles) == 1:
            self._winners = _sweep(places[0], family, ordered)
            self.choices = [0, *self._numbered(self._winners)]

    def chosen(self, number: int) -> Chosen:
        """Return what a number in ``choices`` stands for."""
        if number >= 0:
            return self._chosen[number]
        selection = self.selection(-number)
        if selection.connector is None:
            return Chosen(None, (), selection)
        assumed = tuple(assumption.rule for assumption in selection.assumptions)
        return Chosen(self._policies.of(selection.connector), assumed)

    def winner(self, run: int) -> Winner | None:
        """Return who answers on a run, counted from 1; ``None`` when nobody does."""
        if self._winners is not None:
            return self._winners[run - 1]
        found = self.selection(run)
        if found.connector is None or found.range is None or found.binding is None:
            return None
        assumed = tuple(assumption.rule for assumption in found.assumptions)
        return Winner(found.connector, found.range, found.binding, assumed)

    def selection(self, run: int) -> Selection:
        """Return the choice on a run with its explanation, by the point engine."""
        found = self._selections.get(run)
        if found is None:
            first = Address(self._family, int.from_bytes(self.starts[run - 1], "big"))
            found = select(self._organization, replace(self._question, ip=first))
            if len(self._selections) >= self._room:
                self._selections.clear()
            self._selections[run] = found
        return found

    def _numbered(self, winners: list[Winner | None]) -> list[int]:
        numbers: dict[object, int] = {}
        by_winner: dict[int, int] = {}
        found = []
        for run, winner in enumerate(winners, 1):
            number = by_winner.get(id(winner))
            if number is None:
                policy = None if winner is None else self._policies.of(winner.connector)
                assumed = () if winner is None else winner.assumed
                key = id(policy), assumed
                number = numbers.get(key)
                if number is None:
                    number = numbers[key] = len(self._chosen)
                    nobody = self.selection(run) if winner is None else None
                    self._chosen.append(Chosen(policy, assumed, nobody))
                by_winner[id(winner)] = number
            found.append(number)
        return found


_Bound = list[tuple[ReceiveConnector, Socket]]


def _places(
    organization: Organization, family: int, port: int, local_ip: Address | None
) -> list[_Bound]:
    """Return the connectors, with their bindings, at each local address that could be meant."""
    enabled = [connector for connector in organization.connectors if connector.enabled]
    locals_: set[Address | None] = {local_ip and unmap(local_ip)}
    if local_ip is None:
        locals_ |= {
            socket.address
            for connector in enabled
            for socket in connector.bindings
            if socket.port == port and socket.address.family == family and not socket.is_any
        }
    bound = (
        [
            (connector, binding)
            for connector in enabled
            if (binding := binding_for(connector, family, port, local)) is not None
        ]
        for local in locals_
    )
    return [each for each in bound if each]


def _sweep(bound: _Bound, family: int, cuts: Sequence[int]) -> list[Winner | None]:
    """Return the winner from each cut to the next."""
    ordered = sorted(
        bound, key=lambda pair: (pair[1].is_any, pair[0].name.casefold(), pair[0].name)
    )
    exact = sum(not binding.is_any for _, binding in ordered)
    ranges = sorted(
        (entry.interval.low, entry.size, rank, entry.interval.high, entry)
        for rank, (connector, _) in enumerate(ordered)
        for entry in _distinct(connector, family)
    )
    field = _Field(exact)
    winners: list[Winner | None] = []
    known: dict[tuple[int, int, int, tuple[str, ...]], Winner] = {}
    opened = 0
    for cut in cuts:
        while opened < len(ranges) and ranges[opened][0] == cut:
            field.enter(ranges[opened])
            opened += 1
        field.leave_before(cut)
        if not field.alive:
            winners.append(None)
            continue
        size, rank, low, _, entry = field.alive[0]
        key = size, rank, low, field.assumed(size, rank)
        winner = known.get(key)
        if winner is None:
            connector, binding = ordered[rank]
            winner = known[key] = Winner(connector, entry, binding, key[3])
        winners.append(winner)
    return winners


class _Field:
    """The ranges that hold the current address: a heap of them, the narrowest first."""

    def __init__(self, exact: int) -> None:
        self.alive: list[tuple[int, int, int, int, AddressRange]] = []
        self._exact = exact
        self._ends: list[tuple[int, int, int]] = []
        # Of each size, how many ranges of each connector; and how many of exactly bound ones.
        self._sizes: dict[int, dict[int, int]] = {}
        self._bound = 0

    def enter(self, opened: tuple[int, int, int, int, AddressRange]) -> None:
        """Take in a range."""
        low, size, rank, high, entry = opened
        heappush(self.alive, (size, rank, low, high, entry))
        heappush(self._ends, (high, size, rank))
        level = self._sizes.setdefault(size, {})
        level[rank] = level.get(rank, 0) + 1
        self._bound += rank < self._exact

    def leave_before(self, address: int) -> None:
        """Let go what ends before an address."""
        while self._ends and self._ends[0][0] < address:
            _, size, rank = heappop(self._ends)
            level = self._sizes[size]
            level[rank] -= 1
            if not level[rank]:
                del level[rank]
            if not level:
                del self._sizes[size]
            self._bound -= rank < self._exact
        while self.alive and self.alive[0][3] < address:
            heappop(self.alive)

    def assumed(self, size: int, rank: int) -> tuple[str, ...]:
        """Return the rules that preferring this winner rests on (S-3, S-4)."""
        wider = ("S-3",) if rank >= self._exact and self._bound else ()
        return (*wider, "S-4") if len(self._sizes[size]) > 1 else wider


def _distinct(connector: ReceiveConnector, family: int) -> list[AddressRange]:
    """Return a connector's ranges, of equal ones only the first in the order of their text."""
    found: dict[tuple[int, int, int], AddressRange] = {}
    for entry in connector.remote_ip_ranges:
        if entry.interval.family != family:
            continue
        other = found.get(entry.interval)
        if other is None or format_range(entry) < format_range(other):
            found[entry.interval] = entry
    return list(found.values())
