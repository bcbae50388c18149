"""One pass over the ends of ranges: who is the narrowest at every address.

Knows ranks instead of connectors and integers instead of addresses, so that it can be measured
and tested by itself.
"""

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import NamedTuple

__all__ = ["Lead", "sweep"]


class Lead(NamedTuple):
    """Who leads on a run of addresses.

    Attributes:
        rank: The competitor with the narrowest range; of equal ones the lowest rank.
        ties: Other competitors whose narrowest range is equally large, in rank order.
        wider: Competitors with an exact binding whose narrowest range is larger, in rank order;
            only when the leader's own binding is not exact.
    """

    rank: int
    ties: tuple[int, ...] = ()
    wider: tuple[int, ...] = ()


def sweep(
    lows: Sequence[int], highs: Sequence[int], ranks: Sequence[int], exact: int
) -> tuple[list[int], list[Lead | None]]:
    """Return where the lead changes, and who leads from there on.

    Takes O(n log n) time and O(n) memory, plus the length of the ``ties`` and ``wider`` it names.

    The ranges, of one family, and the result are columns instead of tuples, because there can be
    very many and every tuple costs the garbage collector time.

    Args:
        lows: First addresses.
        highs: Last addresses, inclusive.
        ranks: Ranks of the competitors that have the ranges.
        exact: Ranks below this number have an exact binding.

    Returns:
        First addresses, and the lead from each of them on, ``None`` where no range is. The first
        address is 0 and neighbours differ. After a range that ends with the address family there
        is an entry outside it.

    >>> starts, leads = sweep([0, 4], [9, 5], [0, 1], 0)
    >>> starts, [lead.rank if lead else None for lead in leads]
    ([0, 4, 6, 10], [0, 1, 0, None])
    """
    count = len(lows)
    order = sorted(range(count), key=lows.__getitem__)
    # Columns in the order of the walk: the memory is then read almost from front to back.
    lows, highs, ranks = ([column[place] for place in order] for column in (lows, highs, ranks))
    closes = sorted(range(count), key=highs.__getitem__)
    # Spans in use, each with its competitors and how often; a heap finds the narrowest. A span
    # that went out of use stays in the heap until it surfaces.
    alive: dict[int, dict[int, int]] = {}
    narrow: list[int] = []
    # Competitors with an exact binding that have a range here, and how many.
    bound: dict[int, int] = {}
    alone = {rank: Lead(rank) for rank in set(ranks)}
    starts: list[int] = [0]
    leads: list[Lead | None] = [None]
    opened, closed = 0, 0
    while closed < count:
        position = highs[closes[closed]] + 1
        if opened < count and lows[opened] < position:
            position = lows[opened]
        while closed < count and highs[closes[closed]] < position:
            place = closes[closed]
            closed += 1
            span, rank = highs[place] - lows[place], ranks[place]
            level = alive[span]
            _leave(level, rank)
            if not level:
                del alive[span]
            if rank < exact:
                _leave(bound, rank)
        while opened < count and lows[opened] == position:
            span, rank = highs[opened] - position, ranks[opened]
            opened += 1
            if span in alive:
                level = alive[span]
                level[rank] = level.get(rank, 0) + 1
            else:
                alive[span] = {rank: 1}
                heappush(narrow, span)
            if rank < exact:
                bound[rank] = bound.get(rank, 0) + 1
        while narrow and narrow[0] not in alive:
            heappop(narrow)
        lead = _lead(alive[narrow[0]], bound, alone, exact) if narrow else None
        if position == 0:
            leads[0] = lead
        elif lead != leads[-1]:
            starts.append(position)
            leads.append(lead)
    return starts, leads


def _lead(level: dict[int, int], bound: dict[int, int], alone: dict[int, Lead], exact: int) -> Lead:
    """Return the lead among the competitors with the narrowest range.

    Args:
        level: Those competitors.
        bound: Competitors with an exact binding that have a range here.
        alone: The leads of competitors without any other, by rank.
        exact: As in :func:`sweep`.
    """
    rank = min(level)
    if len(level) == 1 and (not bound or rank < exact):
        return alone[rank]
    wider = sorted(bound) if rank >= exact else ()
    return Lead(rank, tuple(sorted(level.keys() - {rank})), tuple(wider))


def _leave(counts: dict[int, int], rank: int) -> None:
    if counts[rank] > 1:
        counts[rank] -= 1
    else:
        del counts[rank]
