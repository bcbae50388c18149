"""A local endpoint prepared for many clients: the winner of every run of addresses.

Between two neighbouring ends of ranges nothing about the choice of a connector changes. The
winners are found by one sweep; what explains the choice is asked of the point engine when wanted.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from heapq import heappop, heappush
from typing import NamedTuple

from relaysim.engine.selection import Selection, binding_for, select
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import Assumption
from relaysim.model.organization import Organization
from relaysim.model.session import Session
from relaysim.net.address import BITS, Address, unmap
from relaysim.net.notation import AddressRange, Socket, format_range

__all__ = ["Endpoint", "Winner"]

_SELECTIONS_KEPT = 1024


class Winner(NamedTuple):
    """Who answers a run of addresses: fields as in :class:`~relaysim.model.decision.Decision`."""

    connector: ReceiveConnector
    range: AddressRange
    binding: Socket


class Endpoint:
    """One port and local address (or none given) for clients of one family.

    Attributes:
        starts: First addresses of the runs on which nothing changes, as big-endian bytes, which
            compare like the numbers; the first is zero.
    """

    __slots__ = (
        "_bound",
        "_contested_sizes",
        "_family",
        "_organization",
        "_question",
        "_selections",
        "_winners",
        "starts",
    )

    def __init__(
        self, organization: Organization, family: int, port: int, local_ip: Address | None
    ) -> None:
        self._organization = organization
        self._family = family
        self._question = Session(ip=Address(family, 0), port=port, local_ip=local_ip)
        self._selections: dict[int, Selection] = {}
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
        self._contested_sizes: frozenset[int] = frozenset()
        roles = {connector.transport_role for bound in places for connector, _ in bound}
        if len(places) == 1 and len(roles) == 1:
            self._winners = _sweep(places[0], family, ordered)
            self._contested_sizes = _contested_sizes(places[0], family)

    def winner(self, run: int) -> Winner | None:
        """Return who answers on a run (counted from 0), ``None`` when nobody does."""
        if self._winners is not None:
            return self._winners[run]
        # Several places, or a place that two services claim: the point engine weighs them.
        found = self.selection(run)
        if found.connector is None or found.range is None or found.binding is None:
            return None
        return Winner(found.connector, found.range, found.binding)

    def assumptions(self, run: int) -> tuple[Assumption, ...]:
        """Return what was assumed in choosing who answers on a run."""
        if self._winners is not None:
            winner = self._winners[run]
            if winner is None or winner.range.size not in self._contested_sizes:
                return ()
        return self.selection(run).assumptions

    def selection(self, run: int) -> Selection:
        """Return the choice on a run with its explanation, by the point engine."""
        found = self._selections.get(run)
        if found is None:
            first = Address(self._family, int.from_bytes(self.starts[run], "big"))
            found = select(self._organization, replace(self._question, ip=first))
            if len(self._selections) >= _SELECTIONS_KEPT:
                self._selections.clear()
            self._selections[run] = found
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
    ranges = sorted(
        (entry.interval.low, entry.size, rank, entry.interval.high, entry)
        for rank, (connector, _) in enumerate(ordered)
        for entry in _distinct(connector, family)
    )
    heap: list[tuple[int, int, int, int, AddressRange]] = []
    winners: list[Winner | None] = []
    known: dict[tuple[int, int, int], Winner] = {}
    opened = 0
    for cut in cuts:
        while opened < len(ranges) and ranges[opened][0] == cut:
            low, size, rank, high, entry = ranges[opened]
            heappush(heap, (size, rank, low, high, entry))
            opened += 1
        while heap and heap[0][3] < cut:
            heappop(heap)
        if not heap:
            winners.append(None)
            continue
        size, rank, low, _, entry = heap[0]
        winner = known.get((size, rank, low))
        if winner is None:
            connector, binding = ordered[rank]
            winner = known[size, rank, low] = Winner(connector, entry, binding)
        winners.append(winner)
    return winners


def _contested_sizes(bound: _Bound, family: int) -> frozenset[int]:
    """Return the range sizes with which a winner may rest on an assumption (S-3, S-4).

    These are sizes that two connectors have, and all sizes where bindings of both kinds meet.
    """
    sizes = Counter(
        size
        for connector, _ in bound
        for size in {entry.size for entry in connector.remote_ip_ranges if entry.family == family}
    )
    mixed = len({binding.is_any for _, binding in bound}) > 1
    return frozenset(size for size, count in sizes.items() if mixed or count > 1)


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
