"""One pass over the ends of ranges: who is the narrowest at every address.

Knows ranks instead of connectors and integers instead of addresses, so that it can be measured
and tested by itself.
"""

from collections.abc import Iterable
from heapq import heappop, heappush
from typing import NamedTuple

__all__ = ["Lead", "sweep"]


class Lead(NamedTuple):
    """Who leads on a run of addresses.

    Attributes:
        rank: The competitor with the narrowest range; of equal ones the lowest rank.
        ties: Other competitors whose narrowest range is equally large, in rank order.
        wider: Competitors with an exact binding whose narrowest range is larger, from narrow to
            wide; only when the leader's own binding is not exact.
    """

    rank: int
    ties: tuple[int, ...] = ()
    wider: tuple[int, ...] = ()


def sweep(ranges: Iterable[tuple[int, int, int]], exact: int) -> list[tuple[int, Lead | None]]:
    """Return where the lead changes, in order, from address 0 on.

    Takes O(n log n) time and O(n) memory, plus the length of the ``ties`` and ``wider`` it names.

    Args:
        ranges: First address, last address (inclusive) and rank of each range of one family.
        exact: Ranks below this number have an exact binding.

    Returns:
        Pairs of a first address and the lead from there on, ``None`` where no range is. The first
        pair begins at 0, neighbours differ, and the last pair reaches to the end of the space.

    >>> sweep([(0, 9, 0), (4, 5, 1)], 0)[:2]
    [(0, Lead(rank=0, ties=(), wider=())), (4, Lead(rank=1, ties=(), wider=()))]
    """
    opens = sorted(set(ranges))
    closes = sorted((high + 1, low, rank) for low, high, rank in opens)
    # Spans in use, each with its competitors and how often; a heap finds the narrowest. A span
    # that went out of use stays in the heap until it surfaces.
    alive: dict[int, dict[int, int]] = {}
    narrow: list[int] = []
    exact_spans = _ExactSpans(alive)
    mixed = any(rank < exact for _, _, rank in opens) and any(r >= exact for _, _, r in opens)
    leads: dict[int, Lead] = {}
    found: list[tuple[int, Lead | None]] = []
    last: Lead | None = None
    count, opened, closed = len(opens), 0, 0
    while closed < count:
        position = closes[closed][0]
        if opened < count and opens[opened][0] < position:
            position = opens[opened][0]
        while closed < count and closes[closed][0] == position:
            end, low, rank = closes[closed]
            closed += 1
            _leave(alive, end - low, rank)
        while opened < count and opens[opened][0] == position:
            low, high, rank = opens[opened]
            opened += 1
            span = high - low + 1
            level = alive.get(span, {})
            if level:
                level[rank] = level.get(rank, 0) + 1
            else:
                alive[span] = {rank: 1}
                heappush(narrow, span)
            if mixed and rank < exact:
                exact_spans.add(rank, span)
        while narrow and narrow[0] not in alive:
            heappop(narrow)
        lead: Lead | None = None
        if narrow:
            level = alive[narrow[0]]
            rank = next(iter(level)) if len(level) == 1 else min(level)
            lead = leads.get(rank)
            if lead is None:
                lead = leads[rank] = Lead(rank)
            if len(level) > 1:
                lead = lead._replace(ties=tuple(sorted(level.keys() - {rank})))
            if mixed and rank >= exact:
                lead = lead._replace(wider=exact_spans.in_order())
        if lead != last:
            found.append((position, lead))
            last = lead
    if not found or found[0][0] > 0:
        found.insert(0, (0, None))
    return found


def _leave(alive: dict[int, dict[int, int]], span: int, rank: int) -> None:
    level = alive[span]
    if level[rank] > 1:
        level[rank] -= 1
    elif len(level) > 1:
        del level[rank]
    else:
        del alive[span]


class _ExactSpans:
    """The narrowest span of each competitor with an exact binding."""

    def __init__(self, alive: dict[int, dict[int, int]]) -> None:
        self.alive = alive
        self.spans: dict[int, list[int]] = {}

    def add(self, rank: int, span: int) -> None:
        heappush(self.spans.setdefault(rank, []), span)

    def in_order(self) -> tuple[int, ...]:
        """Return the competitors that have a range here, from narrow to wide, then by rank."""
        best = []
        for rank, spans in list(self.spans.items()):
            while spans and rank not in self.alive.get(spans[0], ()):
                heappop(spans)
            if spans:
                best.append((spans[0], rank))
            else:
                del self.spans[rank]
        return tuple(rank for _, rank in sorted(best))
