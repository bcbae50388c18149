"""Sets of addresses as disjoint intervals: exact union, intersection, difference, complement."""

from collections.abc import Iterable, Iterator

from relaysim.net.address import BITS, Address
from relaysim.net.interval import ALL_IPV4, ALL_IPV6, Interval

__all__ = ["EVERYTHING", "NOTHING", "AddressSet"]


class AddressSet:
    """An immutable set of IPv4 and IPv6 addresses.

    Invariant: the intervals are sorted, disjoint and not adjacent, so two sets are equal exactly
    when they hold the same addresses.

    >>> print(AddressSet([Interval(4, 1, 2), Interval(4, 3, 3)]))
    0.0.0.1-0.0.0.3
    """

    __slots__ = ("intervals",)
    intervals: tuple[Interval, ...]

    def __init__(self, intervals: Iterable[Interval] = ()) -> None:
        self.intervals = _canonical(intervals)

    @classmethod
    def of_disjoint(cls, intervals: Iterable[Interval]) -> "AddressSet":
        """Return the set of intervals that are sorted, disjoint and not adjacent already.

        What two such lists have in common is one again: a gap of either stays a gap.
        """
        made = cls.__new__(cls)
        made.intervals = tuple(intervals)
        return made

    @property
    def size(self) -> int:
        """Number of addresses of both families together."""
        return sum(interval.size for interval in self.intervals)

    def size_of(self, family: int) -> int:
        """Number of addresses of one family (4 or 6)."""
        return sum(interval.size for interval in self.intervals if interval.family == family)

    def contains(self, address: Address) -> bool:
        """Tell whether the address is in the set; logarithmic in the number of intervals."""
        from bisect import bisect_right

        found = bisect_right(self.intervals, (address.family, address.value, 1 << 129)) - 1
        return found >= 0 and self.intervals[found].contains(address)

    def meets(self, interval: Interval) -> bool:
        """Tell whether some address of an interval is in the set; logarithmic like `contains`."""
        from bisect import bisect_right

        family, low, high = interval
        found = bisect_right(self.intervals, (family, high, 1 << 129)) - 1
        if found < 0:
            return False
        last = self.intervals[found]
        return last.family == family and last.high >= low

    def shared_with(self, other: "AddressSet") -> Interval | None:
        """Return the first addresses that both sets hold, ``None`` where they hold none.

        Cheaper than the whole intersection: of the smaller set each interval is looked up, up to
        the first that is found.

        >>> AddressSet([Interval(4, 1, 9)]).shared_with(AddressSet([Interval(4, 5, 20)]))
        Interval(family=4, low=5, high=9)
        """
        few, many = self, other
        if len(few.intervals) > len(many.intervals):
            few, many = many, few
        for interval in few.intervals:
            if many.meets(interval):
                return (AddressSet((interval,)) & many).intervals[0]
        return None

    def complement(self) -> "AddressSet":
        """Return every address of both families that is not in this set."""
        gaps = []
        for family in BITS:
            start = 0
            for interval in self.intervals:
                if interval.family != family:
                    continue
                if interval.low > start:
                    gaps.append(Interval(family, start, interval.low - 1))
                start = interval.high + 1
            last = (1 << BITS[family]) - 1
            if start <= last:
                gaps.append(Interval(family, start, last))
        return AddressSet.of_disjoint(gaps)

    def __or__(self, other: "AddressSet") -> "AddressSet":
        return AddressSet((*self.intervals, *other.intervals))

    def __and__(self, other: "AddressSet") -> "AddressSet":
        shared, left, right = [], 0, 0
        mine, theirs = self.intervals, other.intervals
        if len(mine) > _FEW * len(theirs):
            return _few_of(theirs, mine)
        if len(theirs) > _FEW * len(mine):
            return _few_of(mine, theirs)
        while left < len(mine) and right < len(theirs):
            a, b = mine[left], theirs[right]
            if a.overlaps(b):
                shared.append(Interval(a.family, max(a.low, b.low), min(a.high, b.high)))
            if (a.family, a.high) < (b.family, b.high):
                left += 1
            else:
                right += 1
        return AddressSet.of_disjoint(shared)

    def __sub__(self, other: "AddressSet") -> "AddressSet":
        return self & other.complement()

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __iter__(self) -> Iterator[Interval]:
        return iter(self.intervals)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AddressSet) and self.intervals == other.intervals

    def __hash__(self) -> int:
        return hash(self.intervals)

    def __str__(self) -> str:
        return ", ".join(map(str, self.intervals))

    def __repr__(self) -> str:
        return f"AddressSet({str(self)!r})"


_FEW = 8


def _few_of(few: tuple[Interval, ...], many: tuple[Interval, ...]) -> AddressSet:
    """Return what a few intervals and many have in common: looked up, not walked through."""
    from bisect import bisect_right

    shared = []
    for family, low, high in few:
        place = max(bisect_right(many, (family, low, 1 << 129)) - 1, 0)
        while place < len(many) and many[place][:2] <= (family, high):
            other = many[place]
            if other.family == family and other.high >= low:
                shared.append(Interval(family, max(low, other.low), min(high, other.high)))
            place += 1
    return AddressSet.of_disjoint(shared)


def _canonical(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for interval in sorted(intervals):
        # Adjacent intervals merge as well, otherwise equal sets could have unequal forms.
        if merged and merged[-1].family == interval.family and interval.low <= merged[-1].high + 1:
            if interval.high > merged[-1].high:
                merged[-1] = Interval(interval.family, merged[-1].low, interval.high)
        else:
            merged.append(interval)
    return tuple(merged)


NOTHING = AddressSet()
EVERYTHING = AddressSet((ALL_IPV4, ALL_IPV6))
