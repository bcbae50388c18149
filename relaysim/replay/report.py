"""Everything a replay says: judged shapes, connectors, what no log shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relaysim.replay.asking import logged_words
from relaysim.replay.judging import JudgedSession, ReplayOutcome, SessionJudge
from relaysim.replay.leaving import Heirs, heirs_of
from relaysim.replay.usage import UseOfConnectors, use_of_connectors
from relaysim.replay.what_if import WhatIf, WhatIfOutcome, what_if

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from relaysim.model.organization import Organization
    from relaysim.replay.clients import ToldSession
    from relaysim.replay.counts import ClientCount
    from relaysim.replay.least_values import LeastConfiguration
    from relaysim.replay.logged import LoggedSession
    from relaysim.replay.summary import Summary

__all__ = ["JudgedShape", "ReplayReport", "report"]

CLIENTS_SHOWN = 20
EXAMPLES_SHOWN = 5


class JudgedShape(NamedTuple):
    """Sessions of one shape that are judged alike.

    Attributes:
        shape: The sessions without client and time.
        judged: Compared with the description, ``None`` without one.
        what_if: Asked of the changed configuration, ``None`` without one.
        sessions: Their number.
        clients: Addresses, the most frequent first, then by address; ``""`` for a hidden one.
        first: Time of the first row.
        last: Time of the last row.
        examples: Up to five keys ``server|session-id``.
    """

    shape: LoggedSession
    judged: JudgedSession | None
    what_if: WhatIf | None
    sessions: int
    clients: tuple[str, ...]
    first: str
    last: str
    examples: tuple[str, ...]


class ReplayReport(NamedTuple):
    """The whole answer.

    Attributes:
        summary: What the logs come to, closed.
        shapes: What differs first, then what cannot be told, then the rest; each by number.
        use: What the logs show of the connectors.
        heirs: Who would answer the clients of each connector if it went.
        sessions: Sessions of clients' transcripts.
        unread: Names of files that are neither.
        least: The least configuration that keeps what was seen, ``None`` when not asked for.
    """

    summary: Summary
    shapes: tuple[JudgedShape, ...]
    use: UseOfConnectors
    heirs: tuple[Heirs, ...] = ()
    sessions: tuple[ToldSession, ...] = ()
    unread: tuple[str, ...] = ()
    least: LeastConfiguration | None = None

    def count(self, outcome: ReplayOutcome) -> int:
        """Return the number of sessions with this outcome."""
        return sum(
            s.sessions for s in self.shapes if s.judged is not None and s.judged.outcome is outcome
        )

    def count_told(self, outcome: ReplayOutcome) -> int:
        """Return the number of sessions in clients' logs with this outcome."""
        judged = (told.judged for told in self.sessions)
        return sum(each is not None and each.outcome is outcome for each in judged)

    def count_what_if(self, outcome: WhatIfOutcome) -> int:
        """Return the number of sessions the changed configuration treats so."""
        return sum(
            s.sessions
            for s in self.shapes
            if s.what_if is not None and s.what_if.outcome is outcome
        )

    def count_told_what_if(self, outcome: WhatIfOutcome) -> int:
        """Return the number of sessions in clients' logs that it treats so."""
        asked = (told.what_if for told in self.sessions)
        return sum(each is not None and each.outcome is outcome for each in asked)


_ORDER = {
    outcome: place
    for place, outcome in enumerate(
        (
            ReplayOutcome.DIFFERENT,
            ReplayOutcome.CANNOT_TELL,
            ReplayOutcome.SAME,
            ReplayOutcome.NOT_A_CLIENT,
        )
    )
}
_WHAT_IF_ORDER = {outcome: place for place, outcome in enumerate(WhatIfOutcome)}


def report(
    summary: Summary, organization: Organization | None, changed: Organization | None = None
) -> ReplayReport:
    """Judge everything in a summary.

    Args:
        summary: What the logs come to.
        organization: The description they are held against, or ``None`` to list them only.
        changed: A changed configuration that every session is asked of, or ``None``.
    """
    closed = summary.closed()
    judge = None if organization is None else SessionJudge(organization)
    other = None if changed is None else SessionJudge(changed)
    shapes: list[JudgedShape] = []
    for logged, entry in closed.shapes.items():
        groups: dict[Hashable, tuple[JudgedSession | None, WhatIf | None, list[str]]] = {}
        for client in entry.clients:
            judged = None if judge is None else judge.judge(logged, client)
            asked = None if other is None else what_if(other, logged, client)
            groups.setdefault((judged, asked), (judged, asked, []))[2].append(client)
        for judged, asked, clients in groups.values():
            shapes.append(_shape(logged, judged, asked, {c: entry.clients[c] for c in clients}))
    shapes.sort(key=_place)
    came = (
        (each.shape, each.clients)
        for each in shapes
        if each.judged is not None and each.judged.outcome is not ReplayOutcome.NOT_A_CLIENT
    )
    heirs = () if organization is None else heirs_of(came, organization)
    return ReplayReport(closed, tuple(shapes), use_of_connectors(closed, organization), heirs)


def _shape(
    logged: LoggedSession,
    judged: JudgedSession | None,
    asked: WhatIf | None,
    clients: dict[str, ClientCount],
) -> JudgedShape:
    counts = clients.values()
    return JudgedShape(
        shape=logged,
        judged=judged,
        what_if=asked,
        sessions=sum(count.sessions for count in counts),
        clients=tuple(sorted(clients, key=lambda c: (-clients[c].sessions, _by_number(c)))),
        first=min(count.first for count in counts),
        last=max(count.last for count in counts),
        examples=tuple(_smallest(count.example for count in counts)),
    )


def _smallest(keys: Iterable[str]) -> list[str]:
    import heapq

    return heapq.nsmallest(EXAMPLES_SHOWN, set(keys))


def _by_number(client: str) -> tuple[int, int]:
    from relaysim.net.address import parse_address

    if not client:
        return 0, 0
    family, value = parse_address(client)
    return family, value


def _place(each: JudgedShape) -> tuple[object, ...]:
    asked = _WHAT_IF_ORDER[each.what_if.outcome] if each.what_if is not None else 0
    judged = _ORDER[each.judged.outcome] if each.judged is not None else 0
    return asked, judged, -each.sessions, each.shape.server, logged_words(each.shape), each.first
