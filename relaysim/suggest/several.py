"""Plans for several servers: what has to be done on each of them, as one plan."""

from collections.abc import Sequence

from relaysim.analysis.compare.change import Comparison
from relaysim.suggest.request import Plan

__all__ = ["together"]


def together(plans: Sequence[Sequence[Plan]]) -> tuple[Plan, ...]:
    """Return plans that do on every server what the plans of the same place do on each.

    A client may meet any of the servers, so that only all of them give it what it needs.

    Args:
        plans: For each server its plans, best first; at least one each.

    Returns:
        As many plans as the server with the most has; one with fewer repeats its last.
    """
    most = max(len(mine) for mine in plans)
    found = [_one([mine[min(place, len(mine) - 1)] for mine in plans]) for place in range(most)]
    return tuple(found)


def _one(parts: Sequence[Plan]) -> Plan:
    first = parts[0]
    titles = dict.fromkeys(part.title for part in parts)
    remarks = dict.fromkeys(part.remark for part in parts if part.remark)
    comparisons = [part.comparison for part in parts]
    return Plan(
        "; ".join(titles),
        tuple(pipeline for part in parts for pipeline in part.pipelines),
        tuple(pipeline for part in parts for pipeline in part.rollback),
        first.after,
        Comparison(
            tuple(change for each in comparisons for change in each.changes),
            tuple(spot for each in comparisons for spot in each.spots),
            tuple(dict.fromkeys(way for each in comparisons for way in each.ways)),
        ),
        tuple(change for part in parts for change in part.beyond),
        tuple(dict.fromkeys(name for part in parts for name in part.lacks)),
        "; ".join(remarks),
        any(part.is_last for part in parts),
    )
