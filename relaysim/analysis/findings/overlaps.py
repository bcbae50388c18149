"""Ranges of two connectors that Exchange takes for a conflict (V-4): equal, or half overlapping."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from relaysim.analysis.endpoints import EVERYBODY
from relaysim.analysis.findings.space import ConnectorPower
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import Interval
from relaysim.net.notation import Socket

__all__ = ["Overlap", "equal_ranges", "partial_overlaps"]


class Overlap(NamedTuple):
    """Two ranges that should not stand side by side.

    Attributes:
        one: The connector with the narrower range.
        other: The other connector.
        narrow: The narrower range; of equal ones, either.
        wide: The other range.
        same_binding: Whether both have a binding of the same address and port.
    """

    one: ConnectorPower
    other: ConnectorPower
    narrow: Interval
    wide: Interval
    same_binding: bool

    @property
    def addresses(self) -> AddressSet:
        """What both ranges hold."""
        low, high = max(self.narrow.low, self.wide.low), min(self.narrow.high, self.wide.high)
        found = AddressSet([Interval(self.narrow.family, low, high)])
        # Only IPv6 has addresses that are none of a client.
        return found & EVERYBODY if self.narrow.family == 6 else found


def equal_ranges(powers: Iterable[ConnectorPower]) -> Iterator[Overlap]:
    """Yield each pair of connectors of one service with a range in common, once."""
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
            if exact or _meet(*bindings):
                told.add(names)
                yield Overlap(one, other, interval, interval, exact)


def partial_overlaps(powers: Iterable[ConnectorPower]) -> Iterator[Overlap]:
    """Yield half overlapping ranges of connectors with the same binding.

    One for each connector: who takes the first away sees the next.
    """
    bound: dict[tuple[object, Socket], list[ConnectorPower]] = {}
    for power in powers:
        for socket in dict.fromkeys(power.connector.bindings):
            bound.setdefault((power.connector.transport_role, socket), []).append(power)
    told: set[str] = set()
    for members in {tuple(members): None for members in bound.values()}:
        yield from _partial(members, told)


def _partial(powers: Sequence[ConnectorPower], told: set[str]) -> Iterator[Overlap]:
    """Yield overlaps among connectors that share a binding; ``told`` has whom to leave out."""
    ranges = sorted(
        (i.family, i.low, -i.high, number)
        for number, power in enumerate(powers)
        for i in (entry.interval for entry in power.connector.remote_ip_ranges)
    )
    # Ends of the ranges that began before, with their beginnings: those that end inside a later
    # range overlap it by half.
    ends: list[tuple[int, int, int, int]] = []
    for family, low, negative, number in ranges:
        interval, power = Interval(family, low, -negative), powers[number]
        if power.connector.name not in told:
            first = bisect_left(ends, (family, low, -1, -1))
            for _, high, begin, who in ends[first : _after(ends, interval)]:
                if begin < low and who != number:
                    told |= {power.connector.name, powers[who].connector.name}
                    earlier = powers[who], Interval(family, begin, high)
                    yield _ordered((power, interval), earlier)
                    break
        insort(ends, (family, -negative, low, number))


def _after(ends: list[tuple[int, int, int, int]], interval: Interval) -> int:
    """Return the place after the ends that lie inside an interval and before its own."""
    return bisect_left(ends, (interval.family, interval.high, -1, -1))


def _ordered(
    later: tuple[ConnectorPower, Interval], earlier: tuple[ConnectorPower, Interval]
) -> Overlap:
    """Return two ranges, that first whose connector answers what both hold."""
    narrow, wide = later, earlier
    shared = Interval(later[1].family, later[1].low, earlier[1].high)
    if wide[1].size < narrow[1].size or (
        # Of equally wide ones the name decides (S-4): who answers has the range.
        wide[1].size == narrow[1].size and not narrow[0].everybody.meets(shared)
    ):
        narrow, wide = wide, narrow
    return Overlap(narrow[0], wide[0], narrow[1], wide[1], same_binding=True)


def _meet(mine: set[Socket], theirs: set[Socket]) -> bool:
    """Tell whether an any-address of one side takes what an exact one of the other is bound to."""
    any_mine = {(s.port, s.address.family) for s in mine if s.is_any}
    any_theirs = {(s.port, s.address.family) for s in theirs if s.is_any}
    return any((s.port, s.address.family) in any_theirs for s in mine) or any(
        (s.port, s.address.family) in any_mine for s in theirs
    )
