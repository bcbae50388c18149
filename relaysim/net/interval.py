"""A run of consecutive addresses of one family."""

from typing import NamedTuple

from relaysim.net.address import BITS, Address, format_address

__all__ = ["ALL_IPV4", "ALL_IPV6", "Interval", "cidr_blocks", "format_interval", "whole"]


class Interval(NamedTuple):
    """A non-empty run of addresses, both ends inclusive; ordered by family, first, last.

    Attributes:
        family: 4 or 6.
        low: First address as an integer.
        high: Last address as an integer, at least ``low``.
    """

    family: int
    low: int
    high: int

    @property
    def size(self) -> int:
        """Number of addresses, at least 1."""
        return self.high - self.low + 1

    @property
    def first(self) -> Address:
        """The lowest address."""
        return Address(self.family, self.low)

    @property
    def last(self) -> Address:
        """The highest address."""
        return Address(self.family, self.high)

    def contains(self, address: Address) -> bool:
        """Tell whether ``address`` lies inside, ends included; never across families."""
        return address[0] == self.family and self.low <= address[1] <= self.high

    def overlaps(self, other: "Interval") -> bool:
        """Tell whether the two share at least one address."""
        return self.family == other.family and self.low <= other.high and other.low <= self.high

    def covers(self, other: "Interval") -> bool:
        """Tell whether every address of ``other`` lies inside this one."""
        return self.family == other.family and self.low <= other.low and other.high <= self.high

    def __str__(self) -> str:
        return format_interval(self)


def whole(family: int) -> Interval:
    """Return the interval of all addresses of a family (4 or 6)."""
    return Interval(family, 0, (1 << BITS[family]) - 1)


ALL_IPV4 = whole(4)
ALL_IPV6 = whole(6)


def format_interval(interval: Interval) -> str:
    """Return ``a`` for one address, else ``low-high``, as Exchange prints ranges.

    >>> format_interval(ALL_IPV4)
    '0.0.0.0-255.255.255.255'
    """
    low = format_address(interval.family, interval.low)
    if interval.low == interval.high:
        return low
    return f"{low}-{format_address(interval.family, interval.high)}"


def cidr_blocks(interval: Interval) -> list[tuple[int, int]]:
    """Cut an interval into the fewest CIDR blocks, in order.

    Returns:
        Pairs of first address (integer) and prefix length.

    >>> cidr_blocks(Interval(4, 1, 4))
    [(1, 32), (2, 31), (4, 32)]
    """
    bits = BITS[interval.family]
    blocks = []
    low, high = interval.low, interval.high
    while low <= high:
        size_bits = min(
            (low & -low).bit_length() - 1 if low else bits,
            (high - low + 1).bit_length() - 1,
        )
        blocks.append((low, bits - size_bits))
        low += 1 << size_bits
    return blocks
