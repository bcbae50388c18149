"""Bars of a difference and of a replay: the same pieces on a terminal and on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.analysis.compare.change import ChangeKind
from relaysim.net.address import BITS
from relaysim.render.view import Mark, Strip
from relaysim.replay.judging import ReplayOutcome
from relaysim.replay.what_if import WhatIfOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relaysim.analysis.compare.change import PowerChange
    from relaysim.replay.report import ReplayReport

__all__ = ["diff_strips", "replay_strips"]

_EDGES_DRAWN = 400
_SAME_POWER = Mark(".", "dim", "nothing changes", "empty")
_CHANGES = {
    ChangeKind.REFUSED_DIFFERENTLY: Mark("d", "dim", "refused differently", "solid"),
    ChangeKind.REROUTED: Mark("r", "cyan", "answered by another connector", "solid"),
    ChangeKind.NARROWED: Mark("n", "yellow", "somebody may do less", "stripes"),
    ChangeKind.CANNOT_TELL: Mark("?", "yellow", "cannot be told", "dots"),
    ChangeKind.WIDENED: Mark("W", "bold red", "somebody may do more", "hatch"),
}
"""From harmless to dangerous: of several changes for an address the last one shows."""
_OUTCOMES: dict[ReplayOutcome | WhatIfOutcome, Mark] = {
    ReplayOutcome.DIFFERENT: Mark("D", "bold red", "different", "hatch"),
    ReplayOutcome.CANNOT_TELL: Mark("?", "yellow", "cannot tell", "dots"),
    ReplayOutcome.SAME: Mark("s", "green", "same", "solid"),
    ReplayOutcome.NOT_A_CLIENT: Mark(".", "dim", "not a client", "empty"),
    WhatIfOutcome.REFUSED: Mark("X", "bold red", "now refused", "hatch"),
    WhatIfOutcome.ALLOWED: Mark("A", "bold red", "newly allowed", "hatch"),
    WhatIfOutcome.MOVES: Mark("m", "yellow", "moves", "stripes"),
    WhatIfOutcome.CANNOT_TELL: Mark("?", "yellow", "cannot tell", "dots"),
    WhatIfOutcome.SAME: Mark("s", "green", "same", "solid"),
    WhatIfOutcome.NOT_A_CLIENT: Mark(".", "dim", "not a client", "empty"),
}

_WORST_FIRST = (
    ReplayOutcome.DIFFERENT,
    ReplayOutcome.CANNOT_TELL,
    ReplayOutcome.SAME,
    ReplayOutcome.NOT_A_CLIENT,
)


def diff_strips(changes: Iterable[PowerChange]) -> tuple[Strip, ...]:
    """Return a bar for each family in which something changes: runs of addresses, equally wide."""
    found = list(changes)
    return tuple(strip for family in BITS for strip in _family(found, family))


def _family(changes: list[PowerChange], family: int) -> Iterator[Strip]:
    touched = [
        (change.kind, interval)
        for change in changes
        for interval in change.addresses
        if interval.family == family
    ]
    edges = {0, 1 << BITS[family]}
    for _, interval in touched:
        edges |= {interval.low, interval.high + 1}
    if not touched or len(edges) > _EDGES_DRAWN:
        return
    places = {edge: place for place, edge in enumerate(sorted(edges))}
    ranks = list(_CHANGES)
    worst = [-1] * (len(places) - 1)
    for kind, interval in touched:
        for place in range(places[interval.low], places[interval.high + 1]):
            worst[place] = max(worst[place], ranks.index(kind))
    pieces = tuple((_SAME_POWER if rank < 0 else _CHANGES[ranks[rank]], 1) for rank in worst)
    yield Strip(f"IPv{family}, each run of addresses equally wide", pieces)


def replay_strips(report: ReplayReport) -> tuple[Strip, ...]:
    """Return a bar of sessions by outcome, and one of what a changed configuration does."""
    asked = any(shape.what_if is not None for shape in report.shapes)
    judged = any(shape.judged is not None for shape in report.shapes)
    strips = []
    if asked:
        counted = tuple((_OUTCOMES[o], report.count_what_if(o)) for o in WhatIfOutcome)
        strips.append(_sessions("sessions under the changed configuration", counted))
    if judged:
        counted = tuple((_OUTCOMES[o], report.count(o)) for o in _WORST_FIRST)
        strips.append(_sessions("sessions beside the description", counted))
    return tuple(strip for strip in strips if strip.pieces)


def _sessions(label: str, counted: tuple[tuple[Mark, int], ...]) -> Strip:
    return Strip(label, tuple((mark, count) for mark, count in counted if count))
