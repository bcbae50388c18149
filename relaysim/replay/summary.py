"""What a log comes to: shapes of sessions with their clients, mergeable and saved as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from relaysim.errors import InvalidInput
from relaysim.replay.counts import ClientCount, ShapeCount
from relaysim.replay.reading.known import KnownSessions
from relaysim.replay.reading.reduction import ReducedDomains, SessionReader, client_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relaysim.importers.logs.message_tracking import TrackedMessage
    from relaysim.model.organization import AcceptedDomain
    from relaysim.replay.logged import LoggedSession

__all__ = [
    "UNREADABLE_KEPT",
    "Fragment",
    "Summary",
    "SummaryBuilder",
    "UnreadableRow",
    "merge",
]

UNREADABLE_KEPT = 1000
"""Of so many lines that are no rows file and line are told."""
_CLIENTS_KEPT = 4_000_000
_FRAGMENTS_KEPT = 500_000
_counted = tuple.__new__


class Fragment(NamedTuple):
    r"""The rows of a session, or of the part of it that was read.

    Attributes:
        connector: ``SERVER\Name``.
        session: The session id.
        local: The server's endpoint.
        remote: The client's endpoint.
        first: Time of the first row.
        last: Time of the last row.
        rows: Sequence number, event, data and context of each row, in order.
    """

    connector: str
    session: str
    local: str
    remote: str
    first: str
    last: str
    rows: tuple[tuple[int, str, str, str], ...]


class UnreadableRow(NamedTuple):
    """A line that is no row."""

    file: str
    line: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What some logs come to. Equal for equal logs, in whatever order and parts they were read.

    Attributes:
        accepted: The accepted domains addresses were reduced with; ``None``: every domain is kept.
        shapes: By session without client and time.
        fragments: Sessions cut by the beginning or end of what was read.
        files: Names of what was read, sorted.
        rows: Number of rows.
        unreadable: Lines that are no rows, the first thousand by file and line.
        unreadable_count: Number of such lines.
        hours: Hours in which sessions began or ended, ``2024-12-03T08``, sorted.
    """

    accepted: tuple[AcceptedDomain, ...] | None
    shapes: dict[LoggedSession, ShapeCount]
    fragments: tuple[Fragment, ...]
    files: tuple[str, ...]
    rows: int
    unreadable: tuple[UnreadableRow, ...]
    unreadable_count: int
    hours: tuple[str, ...]

    def closed(self) -> Summary:
        """Return the summary with what is cut counted as it stands, as if no more logs came."""
        builder = SummaryBuilder(self.accepted)
        builder.take(self)
        builder.close_all()
        return builder.build()


class SummaryBuilder:
    """Puts a summary together: sessions, fragments, whole summaries, in any order.

    Attributes:
        rows: Number of rows read so far.
        known: The sessions whose like was counted before.
        watch: Called with key, session and client of each session, as it is counted.
    """

    def __init__(self, accepted: tuple[AcceptedDomain, ...] | None) -> None:
        self.accepted = accepted
        self.reader = SessionReader(ReducedDomains(accepted))
        self.known = KnownSessions(self.reader)
        self.rows = 0
        self.watch: Callable[[str, LoggedSession, str], None] | None = None
        self._shapes: dict[LoggedSession, ShapeCount] = {}
        self._fragments: dict[tuple[str, str, str], list[Fragment]] = {}
        self._fragment_count = 0
        self._clients = 0
        self._files: list[str] = []
        self._unreadable: list[UnreadableRow] = []
        self._unreadable_count = 0
        self._hours: set[str] = set()

    def file(self, name: str) -> None:
        """Count a file."""
        self._files.append(name)

    def unreadable(self, row: UnreadableRow) -> None:
        """Count a line that is no row."""
        self._unreadable_count += 1
        self._unreadable.append(row)
        if len(self._unreadable) > 2 * UNREADABLE_KEPT:
            self._unreadable = sorted(self._unreadable)[:UNREADABLE_KEPT]

    def take_unreadable(self, rows: Iterable[UnreadableRow], count: int) -> None:
        """Count so many lines that are no rows, of which these are the first ones."""
        before = self._unreadable_count
        for row in rows:
            self.unreadable(row)
        self._unreadable_count = before + count

    def give_unreadable(self) -> tuple[list[UnreadableRow], int]:
        """Return the lines that are no rows, and their number, and count them no longer."""
        given = sorted(self._unreadable)[:UNREADABLE_KEPT], self._unreadable_count
        self._unreadable, self._unreadable_count = [], 0
        return given

    def session(self, part: Fragment) -> None:
        """Count a session, whole or as much of it as there is."""
        self._told(part, self.reader.read(part.connector, part.local, part.rows))

    def whole(
        self,
        remote: str,
        head: list[str],
        last: str,
        told: Sequence[tuple[str, str, str]] | None = None,
    ) -> None:
        """Count a session that has all its rows, in order.

        Args:
            remote: The client's endpoint.
            head: Connector, session id, local endpoint, time of the first row; of rows that come
                with their ends alone one more time, and then those ends.
            last: Time of the last row.
            told: Event, data and context of each row, where they are known.
        """
        connector, session, local, first = head[:4]
        if told is None:
            found = self.known.read(connector, local, head[5:])
        else:
            found = self.known.read_told(connector, local, told)
        logged = found.logged
        if found.count is None:
            found.count = self._entry(logged)
        client = client_of(remote)
        key = f"{logged.server}|{session}"
        count = found.count.clients.get(client)
        if count is None:
            self._add(found.count, client, ClientCount(1, first, last, key))
        else:
            # As `_add` does it, without its steps: there is one for each session of a log.
            sessions, begun, ended, example = count
            found.count.clients[client] = _counted(
                ClientCount,
                (
                    sessions + 1,
                    min(begun, first),
                    max(ended, last),
                    min(example, key),
                ),
            )
            self._hours.add(first[:13])
            self._hours.add(last[:13])
        if self.watch is not None:
            self.watch(key, logged, client)

    def _entry(self, logged: LoggedSession) -> ShapeCount:
        entry = self._shapes.get(logged)
        if entry is None:
            entry = self._shapes[logged] = ShapeCount()
        return entry

    def _told(self, part: Fragment, logged: LoggedSession) -> None:
        client = client_of(part.remote)
        key = f"{logged.server}|{part.session}"
        self.count(logged, client, ClientCount(1, part.first, part.last, key))
        if self.watch is not None:
            self.watch(key, logged, client)

    def message(self, tracked: TrackedMessage) -> None:
        """Count a message of a tracking log as a session of its own."""
        logged = self.reader.tracked(tracked)
        client = client_of(f"{tracked.original or tracked.client}:0")
        key = f"{logged.server}|{tracked.message}"
        self.count(logged, client, ClientCount(1, tracked.time, tracked.time, key))
        if self.watch is not None:
            self.watch(key, logged, client)

    def count(self, logged: LoggedSession, client: str, count: ClientCount) -> None:
        """Count sessions of a client."""
        self._add(self._entry(logged), client, count)

    def fragment(self, fragment: Fragment) -> None:
        """Keep a part of a session.

        Raises:
            InvalidInput: There are more than the bound.
        """
        key = fragment.connector, fragment.session, fragment.remote
        self._fragments.setdefault(key, []).append(fragment)
        self._fragment_count += 1
        if self._fragment_count > _FRAGMENTS_KEPT:
            raise InvalidInput(
                f"more than {_FRAGMENTS_KEPT} sessions without beginning or end",
                hint="give the files that belong together in one run, in the order of their times",
            )

    def take(self, summary: Summary) -> None:
        """Count everything of a summary.

        Raises:
            InvalidInput: It was reduced with other accepted domains.
        """
        if summary.accepted != self.accepted:
            raise InvalidInput(
                "summaries were made with different accepted domains",
                hint="make them with the same configuration, or all without `-c`",
            )
        self.rows += summary.rows
        self._files += summary.files
        self._hours.update(summary.hours)
        self.take_unreadable(summary.unreadable, summary.unreadable_count)
        for logged, other in summary.shapes.items():
            entry = self._entry(logged)
            for client, count in other.clients.items():
                self._add(entry, client, count)
        for fragment in summary.fragments:
            self.fragment(fragment)

    def build(self) -> Summary:
        """Return the summary; parts that fit each other have become sessions."""
        self._join()
        fragments = [each for group in self._fragments.values() for each in group]
        return Summary(
            accepted=self.accepted,
            shapes=self._shapes,
            fragments=tuple(sorted(fragments)),
            files=tuple(sorted(self._files)),
            rows=self.rows,
            unreadable=tuple(sorted(self._unreadable)[:UNREADABLE_KEPT]),
            unreadable_count=self._unreadable_count,
            hours=tuple(sorted(self._hours)),
        )

    def close_all(self) -> None:
        """Count every part that stayed alone as the session it is."""
        self._join()
        for group in self._fragments.values():
            for part in group:
                self.session(part)
        self._fragments = {}
        self._fragment_count = 0

    def _join(self) -> None:
        for key, parts in list(self._fragments.items()):
            joined: list[Fragment] = []
            for part in sorted(parts, key=lambda each: (each.first, each.rows[0][0])):
                if joined and _continues(joined[-1], part):
                    before = joined.pop()
                    last = max(before.last, part.last)
                    part = before._replace(last=last, rows=before.rows + part.rows)  # noqa: PLW2901
                joined.append(part)
            kept = []
            for part in joined:
                if part.rows[0][1] == "+" and part.rows[-1][1] == "-":
                    self.session(part)
                else:
                    kept.append(part)
            self._fragment_count += len(kept) - len(parts)
            if kept:
                self._fragments[key] = kept
            else:
                del self._fragments[key]

    def _add(self, entry: ShapeCount, client: str, count: ClientCount) -> None:
        clients = entry.clients
        known = clients.get(client)
        if known is None:
            self._clients += 1
            if self._clients > _CLIENTS_KEPT:
                raise InvalidInput(
                    f"more than {_CLIENTS_KEPT} clients and shapes in these logs",
                    hint="give -c, so that foreign domains count as one, or summarize in parts",
                )
            clients[client] = count
        else:
            clients[client] = ClientCount(
                known.sessions + count.sessions,
                min(known.first, count.first),
                max(known.last, count.last),
                min(known.example, count.example),
            )
        self._hours.add(count.first[:13])
        self._hours.add(count.last[:13])


def merge(*summaries: Summary) -> Summary:
    """Return the summary of all logs that these summaries are of; the order does not matter.

    Raises:
        InvalidInput: They were made with different accepted domains, or none is given.
    """
    if not summaries:
        raise InvalidInput("no summary to merge")
    builder = SummaryBuilder(summaries[0].accepted)
    for summary in summaries:
        builder.take(summary)
    return builder.build()


def _continues(before: Fragment, part: Fragment) -> bool:
    return (
        before.rows[-1][1] != "-"
        and part.rows[0][1] != "+"
        and part.rows[0][0] > before.rows[-1][0]
        and before.remote == part.remote
    )
