"""Lines of protocol logs in, a summary out."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from relaysim.importers.logs.message_tracking import read_tracking
from relaysim.importers.logs.protocol_log import RowReader, all_told
from relaysim.replay.summary import Fragment, Summary, SummaryBuilder, UnreadableRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relaysim.model.organization import AcceptedDomain

__all__ = ["Gatherer"]

_NUMBER = itemgetter(0)
_COUNTED = [str(number) for number in range(1000)]
"""What the rows of a session are numbered with, from its first one."""
_HEAD = 5
_NEXT = [""] * _HEAD + [*_COUNTED, "\n"]
"""The number of the row that an :data:`_EvenSession` of so many members expects."""

_EvenSession = list[str]
"""Connector, session id, local endpoint, first and last time, then the end of each row: a session
that has its beginning and each row so far, in order."""
_OddSession = list[list[str]]
"""Rows of any other session that has not ended yet, with all their fields."""
_Key = tuple[str, str, str]
_END: tuple[int, str] = 0, ""


class Gatherer:
    """Reads logs line by line; keeps open sessions and counted shapes, nothing else."""

    def __init__(self, accepted: Iterable[AcceptedDomain] | None = None) -> None:
        self.builder = SummaryBuilder(None if accepted is None else tuple(accepted))
        self._even: dict[str, _EvenSession] = {}
        self._odd: dict[_Key, _OddSession] = {}

    def feed(self, lines: Iterable[str], name: str, *, counted: bool = True) -> bool:
        """Read the lines of one log, or of a part of it.

        Args:
            lines: The lines.
            name: What it is called in remarks.
            counted: Whether it is a file of its own, or was counted before.

        Returns:
            Whether the columns are, at its end, those that a log has without a head.
        """
        builder = self.builder
        if counted:
            builder.file(name)

        def complain(line: int, why: str) -> None:
            builder.unreadable(UnreadableRow(name, line, why))

        reader = RowReader(complain)
        numbered = enumerate(lines, 1)
        while (met := self._even_rows(numbered)) != _END:
            # Whatever is unusual, and all of a log whose columns are; then back to the usual rows.
            number, line = met
            self._odd_row(reader.row(number, line))
            while not reader.plain:
                number, line = next(numbered, _END)
                if not number:
                    return False
                self._odd_row(reader.row(number, line))
        return True

    def _even_rows(self, numbered: Iterator[tuple[int, str]]) -> tuple[int, str]:
        """Read rows as long as they are what nearly every row of nearly every log is.

        Returns:
            The first line that is something else, with its number; :data:`_END` at the end.
        """
        even, odd, builder = self._even, self._odd, self.builder
        known = builder.known
        marks, learn = known.marks, known.learn
        count, number, line = 0, 0, ""
        for number, line in numbered:  # noqa: B007  # the number is that of the last line
            try:
                time, connector, session, place, local, remote, rest = line.split(",", 6)
            except ValueError:
                break
            if len(time) < 19 or time[4] != "-" or (rest not in marks and not learn(rest)):
                break
            # Masked logs give all sessions one id: the client's endpoint tells them apart.
            found = even.get(remote)
            if found is None:
                # A session that has its beginning, and that no odd row belongs to.
                if (
                    place != "0"
                    or rest[0] != "+"
                    or (odd and (connector, session, remote) in odd)
                    or '"' in line[: -len(rest)]
                ):
                    break
                even[remote] = [connector, session, local, time, time, rest]
            elif (
                place == _NEXT[len(found)]
                and found[0] == connector
                and found[1] == session
                and found[2] == local
            ):
                found.append(rest)
                if rest[0] == "-":
                    del even[remote]
                    builder.whole(remote, found, time)
                else:
                    found[4] = time
            else:
                break
            count += 1
        else:
            number, line = _END
        builder.rows += count
        return number, line

    def _odd_row(self, row: list[str] | None) -> None:
        """Take a row that is not the next one of an even session."""
        if row is None:
            return
        self.builder.rows += 1
        event = row[6]
        key = row[1], row[2], row[5]
        even = self._even.get(row[5])
        if even is not None and (even[0], even[1]) == (row[1], row[2]):
            self._odd[key] = _rows_of(row[5], self._even.pop(row[5]))
        found = self._odd.get(key)
        if found is None or event == "+":
            if found is not None:
                self._leave(key, found)
            found = self._odd[key] = []
        found.append(row)
        if event == "-":
            del self._odd[key]
            self._leave(key, found)

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

    def cut(self) -> None:
        """Count each open session as a part of one: what is read next does not go on with it."""
        for remote, even in self._even.items():
            self._leave((even[0], even[1], remote), _rows_of(remote, even))
        for key, found in self._odd.items():
            self._leave(key, found)
        self._even, self._odd = {}, {}

    def finish(self) -> Summary:
        """Return the summary of everything that was read."""
        self.cut()
        return self.builder.build()

    def _leave(self, key: _Key, rows: _OddSession) -> None:
        connector, session, remote = key
        first, last = rows[0], rows[-1]
        numbers = [row[3] for row in rows]
        if first[6] == "+" and last[6] == "-" and numbers == _COUNTED[: len(numbers)]:
            head = [connector, session, first[4], first[0]]
            self.builder.whole(remote, head, last[0], [(row[6], row[7], row[8]) for row in rows])
            return
        told = tuple(
            sorted(
                ((int(row[3]), row[6], row[7], row[8].rstrip("\r\n")) for row in rows),
                key=_NUMBER,
            )
        )
        part = Fragment(connector.strip(), session, first[4], remote, first[0], last[0], told)
        if told[0][1] == "+" and told[-1][1] == "-":
            self.builder.session(part)
        else:
            self.builder.fragment(part)


def _rows_of(remote: str, even: _EvenSession) -> _OddSession:
    """Return the rows of an even session with all their fields."""
    connector, session, local, first, last = even[:_HEAD]
    rows = [
        [first, connector, session, number, local, remote, *each]
        for number, each in zip(_COUNTED, all_told(even[_HEAD:]), strict=False)
    ]
    rows[-1][0] = last
    return rows
