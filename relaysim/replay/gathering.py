"""Lines of protocol logs in, a summary out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.importers.logs.message_tracking import read_tracking
from relaysim.importers.logs.protocol_log import read_rows
from relaysim.replay.summary import Fragment, Summary, SummaryBuilder, UnreadableRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.model.organization import AcceptedDomain

__all__ = ["Gatherer"]


class _OpenSession:
    """Rows of a session that has not ended yet."""

    __slots__ = ("first", "last", "local", "remote", "rows")

    def __init__(self, first: str, local: str, remote: str) -> None:
        self.first, self.local, self.remote = first, local, remote
        self.last = first
        self.rows: list[tuple[int, str, str, str]] = []


class Gatherer:
    """Reads logs line by line; keeps open sessions and counted shapes, nothing else."""

    def __init__(self, accepted: Iterable[AcceptedDomain] | None = None) -> None:
        self.builder = SummaryBuilder(None if accepted is None else tuple(accepted))
        self._open: dict[tuple[str, str], _OpenSession] = {}

    def feed(self, lines: Iterable[str], name: str, *, first_line: int = 1) -> None:
        """Read the lines of one log.

        Args:
            lines: The lines.
            name: What it is called in remarks.
            first_line: Number of the first line, where reading begins in the middle of a file.
        """
        self.builder.file(name)
        offset = first_line - 1

        def complain(line: int, why: str) -> None:
            self.builder.unreadable(UnreadableRow(name, line + offset, why))

        still = self._open
        count = 0
        for time, connector, session, number, local, remote, event, data, context in read_rows(
            lines, complain
        ):
            count += 1
            key = connector, session
            found = still.get(key)
            if found is None or event == "+":
                if found is not None:
                    self._leave(key, found)
                found = still[key] = _OpenSession(time, local, remote)
            found.last = time
            found.rows.append((int(number), event, data, context))
            if event == "-":
                del still[key]
                self._leave(key, found)
        self.builder.rows += count

    def feed_tracking(self, lines: Iterable[str], name: str) -> None:
        """Read the lines of a message tracking log.

        Args:
            lines: The lines.
            name: What it is called in remarks.
        """
        builder = self.builder
        builder.file(name)

        def complain(line: int, why: str) -> None:
            builder.unreadable(UnreadableRow(name, line, why))

        for message in read_tracking(lines, complain):
            builder.rows += 1
            if message is not None:
                builder.message(message)

    def take(self, summary: Summary) -> None:
        """Count a summary that was made before."""
        self.builder.take(summary)

    def finish(self) -> Summary:
        """Return the summary of everything that was read."""
        for key, found in self._open.items():
            self._leave(key, found)
        self._open = {}
        return self.builder.build()

    def _leave(self, key: tuple[str, str], found: _OpenSession) -> None:
        rows = found.rows
        rows.sort(key=_number)
        connector, session = key
        part = Fragment(
            connector.strip(),
            session,
            found.local,
            found.remote,
            found.first,
            found.last,
            tuple(rows),
        )
        if rows[0][1] == "+" and rows[-1][1] == "-":
            self.builder.session(part)
        else:
            self.builder.fragment(part)


def _number(row: tuple[int, str, str, str]) -> int:
    return row[0]
