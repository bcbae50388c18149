"""The ranges of connectors by what lies inside what."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from relaysim.model.connector import ReceiveConnector
from relaysim.net.interval import Interval

__all__ = ["Nested", "nested"]


class Nested(NamedTuple):
    """A range in the tree of ranges.

    Attributes:
        interval: The addresses.
        connectors: Names of the connectors that have exactly this range, in name order.
        depth: Number of ranges around it that it is printed inside of; 0 at the top.
    """

    interval: Interval
    connectors: tuple[str, ...]
    depth: int


def nested(connectors: Iterable[ReceiveConnector], family: int) -> Iterator[Nested]:
    """Yield the distinct ranges of connectors so that each follows the one it lies inside.

    A range that only overlaps another stands beside it. Of several ranges around it the narrowest
    counts as its parent.

    >>> from relaysim import load
    >>> ranges = nested(load("builtin:option-2").connectors, 4)
    >>> [(str(each.interval), each.depth) for each in ranges][1:]
    [('192.168.2.55', 1), ('192.168.2.56', 1)]
    """
    names: dict[Interval, set[str]] = {}
    for connector in connectors:
        for interval, _, _ in connector.remote_ip_ranges:
            if interval.family == family:
                names.setdefault(interval, set()).add(connector.name)
    around: list[tuple[Interval, int]] = []
    for interval in sorted(names, key=lambda each: (each.low, -each.high)):
        # Ranges that end before this one begins can hold nothing that follows.
        around = [pair for pair in around if pair[0].high >= interval.low]
        holders = [pair for pair in around if pair[0].covers(interval)]
        depth = min(holders, key=lambda pair: pair[0].size)[1] + 1 if holders else 0
        around.append((interval, depth))
        ordered = sorted(names[interval], key=lambda name: (name.casefold(), name))
        yield Nested(interval, tuple(ordered), depth)
