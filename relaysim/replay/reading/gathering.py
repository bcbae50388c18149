"""Lines of protocol logs in, a summary out."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from relaysim.importers.logs.message_tracking import read_tracking
from relaysim.importers.logs.protocol_log import read_rows
from relaysim.replay.summary import Fragment, Summary, SummaryBuilder, UnreadableRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.model.organization import AcceptedDomain

__all__ = ["Gatherer"]

_NUMBER = itemgetter(0)
_COUNTED = [str(number) for number in range(1000)]
"""What the rows of a session are numbered with, from its first one."""


_OpenSession = list[list[str]]
"""Rows of a session that has not ended yet, with all their fields."""


class Gatherer:
    """Reads logs line by line; keeps open sessions and counted shapes, nothing else."""

    def __init__(self, accepted: Iterable[AcceptedDomain] | None = None) -> None:
        self.builder = SummaryBuilder(None if accepted is None else tuple(accepted))
        self._open: dict[tuple[str, str, str], _OpenSession] = {}

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
        known = still.get
        count = 0
        for row in read_rows(lines, complain):
            count += 1
            event = row[6]
            # Masked logs give all sessions one id: the client's endpoint tells them apart.
            key = row[1], row[2], row[5]
            found = known(key)
            if found is None or event == "+":
                if found is not None:
                    self._leave(key, found)
                found = still[key] = []
            found.append(row)
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

    def _leave(self, key: tuple[str, str, str], rows: _OpenSession) -> None:
        connector, session, remote = key
        first, last = rows[0], rows[-1]
        part = Fragment(connector.strip(), session, first[4], remote, first[0], last[0], ())
        numbers = [row[3] for row in rows]
        if first[6] == "+" and last[6] == "-" and numbers == _COUNTED[: len(numbers)]:
            # Nearly every session: all of it, in order.
            self.builder.straight(part, rows)
            return
        told = tuple(
            sorted(
                ((int(row[3]), row[6], row[7], row[8].rstrip("\r\n")) for row in rows),
                key=_NUMBER,
            )
        )
        part = part._replace(rows=told)
        if told[0][1] == "+" and told[-1][1] == "-":
            self.builder.session(part)
        else:
            self.builder.fragment(part)
