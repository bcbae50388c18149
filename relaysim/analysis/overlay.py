"""Several partitions of the address space laid over each other."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from relaysim.analysis.partition import MAPPED, Outcome, Partition
from relaysim.net.interval import Interval

__all__ = ["Layer", "overlay", "spoken_size", "summarised"]


class Layer(NamedTuple):
    """A run of addresses on which every partition has one outcome.

    Attributes:
        interval: The addresses.
        outcomes: One for each partition, in their order.
    """

    interval: Interval
    outcomes: tuple[Outcome, ...]


def overlay(partitions: Sequence[Partition]) -> Iterator[Layer]:
    """Yield the runs on which no partition changes, in order, covering everything.

    >>> from relaysim import Session, load, parse_address
    >>> from relaysim.analysis.partition import partition
    >>> regions = partition(load("builtin:option-2"), Session(ip=parse_address("0.0.0.0")))
    >>> len(list(overlay([regions, regions]))) == len(regions)
    True
    """
    ahead = [iter(regions) for regions in partitions]
    current = [next(regions) for regions in ahead]
    family, low = current[0].interval[:2]
    while True:
        high = min(region.interval.high for region in current)
        yield Layer(Interval(family, low, high), tuple(region.outcome for region in current))
        for index, region in enumerate(current):
            if region.interval.high == high:
                following = next(ahead[index], None)
                if following is None:
                    # All partitions end together, at the last address of IPv6.
                    return
                current[index] = following
        family, low = current[0].interval.family, max(r.interval.low for r in current)


def summarised(
    layers: Iterable[Layer],
    key: Callable[[tuple[Outcome, ...]], Hashable],
    *,
    over_mapped: bool = False,
) -> list[Layer]:
    """Join neighbouring runs whose outcomes have the same key.

    The IPv4-mapped addresses are left out, because they only repeat IPv4 (S-6).

    Args:
        layers: Runs in order.
        key: What neighbours of the result must differ in.
        over_mapped: Join the runs before and after the IPv4-mapped addresses too, so that an
            interval may hold these, which it does not speak about. See :func:`spoken_size`.

    Returns:
        Runs in order, each with the outcomes of its first address.
    """
    found: list[Layer] = []
    last: object = None
    for interval, outcomes in layers:
        if MAPPED.covers(interval):
            continue
        mark = key(outcomes)
        before = found[-1].interval if found else None
        following = None
        if before is not None:
            hole = over_mapped and before.family == 6 and before.high + 1 == MAPPED.low
            following = before.family, (MAPPED.high if hole else before.high) + 1
        if before is not None and mark == last and following == interval[:2]:
            joined = Interval(before.family, before.low, interval.high)
            found[-1] = found[-1]._replace(interval=joined)
        else:
            found.append(Layer(interval, outcomes))
        last = mark
    return found


def spoken_size(interval: Interval) -> int:
    """Return the number of addresses of an interval without the IPv4-mapped ones."""
    return interval.size - (MAPPED.size if interval.covers(MAPPED) else 0)
