"""Whole sessions whose like was read before: most of a log.

What matters of a row is little, and the same in thousands of sessions: the verb and the domain of a
command, the code of a reply. This is the *mark* of the row. A session is read row by row only when
no other had the same marks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.importers.logs.protocol_log import MAX_LINE, all_told, split_told
from relaysim.replay.reading.dialogue import is_last, path_in, tells

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.replay.counts import ShapeCount
    from relaysim.replay.logged import LoggedSession
    from relaysim.replay.reading.reduction import SessionReader

__all__ = ["KnownSession", "KnownSessions"]

_MOST = 4096
"""So many sessions, and so many ends of rows, are remembered."""
_LONG = 1000
"""The end of a row that is longer than this is read anew each time."""
_LOGGED_ON = "<AUTH"


class KnownSession:
    """A session as it was read, and where those like it are counted.

    Attributes:
        logged: The session.
        count: Set by who counts it.
    """

    __slots__ = ("count", "logged")

    def __init__(self, logged: LoggedSession) -> None:
        self.logged = logged
        self.count: ShapeCount | None = None


class KnownSessions:
    """Reads whole sessions, each kind of dialogue once.

    Args:
        reader: Reads a session that is not known yet.

    Attributes:
        marks: What the ends of rows (event, data, context) were found to matter. Whoever reads a
            row whose end is in here knows that it is one.
    """

    def __init__(self, reader: SessionReader) -> None:
        self._reader = reader
        self.marks: dict[str, str] = {}
        self._auths: set[str] = set()
        self._known: dict[tuple[str, str], dict[tuple[str, ...], KnownSession]] = {}
        self._count = 0

    def learn(self, rest: str) -> bool:
        """Take the end of a row, from its event on; tell whether it is one."""
        told = split_told(rest)
        if told is None or len(rest) > MAX_LINE:
            return False
        if len(rest) <= _LONG:
            if len(self.marks) >= _MOST:
                self.marks.clear()
            self.marks[rest] = self._mark(*told)
        return True

    def read(self, connector: str, local: str, rests: list[str]) -> KnownSession:
        """Return the session of rows of which these are the ends: all of it, and in order."""
        try:
            marks = tuple(map(self.marks.__getitem__, rests))
        except KeyError:
            return self.read_told(connector, local, all_told(rests))
        if not self._auths.isdisjoint(marks):
            marks += _senders(all_told(rests))
        found = self._known.get((connector, local), _NOTHING).get(marks)
        return self._add(connector, local, marks, all_told(rests)) if found is None else found

    def read_told(
        self, connector: str, local: str, told: Sequence[tuple[str, str, str]]
    ) -> KnownSession:
        """Return the session of these events, data and contexts: all of it, and in order."""
        marks = tuple(self._mark(*each) for each in told)
        if not self._auths.isdisjoint(marks):
            marks += _senders(told)
        found = self._known.get((connector, local), _NOTHING).get(marks)
        return self._add(connector, local, marks, told) if found is None else found

    def _add(
        self,
        connector: str,
        local: str,
        marks: tuple[str, ...],
        told: Iterable[tuple[str, str, str]],
    ) -> KnownSession:
        if self._count >= _MOST:
            self._known.clear()
            self._count = 0
        self._count += 1
        found = KnownSession(self._reader.read_told(connector.strip(), local, told))
        self._known.setdefault((connector, local), {})[marks] = found
        return found

    def _mark(self, event: str, data: str, context: str) -> str:
        """Return all that the dialogue looks at: equal for rows that are read alike."""
        if event == ">":
            if data[3:4] == "-":
                return ""
            if data[:1] not in _FINE:
                return f">{data[:3]:3}{self._reader.reply(data)}"
            # Of these the code counts, and the code behind it.
            end = data.find(" ", 4)
            if end == 4:
                return f"> {self._reader.reply(data)}"
            return f">{data[:end]}" if end > 0 else f">{data}"
        if event == "<":
            return self._asked(data)
        context = context.rstrip("\r\n")
        if event == "*" and tells(data, context):
            return f"*{len(data)} {data}{context}"
        return ""

    def _asked(self, data: str) -> str:
        verb = data[:4].upper()
        if verb in _ADDRESSED:
            path = path_in(data)
            return f"<{verb}{path and '@' + self._reader.domain(path)}"
        if verb == "AUTH":
            mark = f"{_LOGGED_ON} {' '.join(data.split()[1:2]).upper()}"
            self._auths.add(mark)
            return mark
        return f"<{verb}{is_last(data)}" if verb == "BDAT" else f"<{verb}"


def _senders(told: Iterable[tuple[str, str, str]]) -> tuple[str, ...]:
    """Return the senders of these rows, whole: those of an account are kept so."""
    return tuple(
        f"<{path_in(data)}"
        for event, data, _ in told
        if event == "<" and data[:4].upper() == "MAIL"
    )


_NOTHING: dict[tuple[str, ...], KnownSession] = {}
_FINE = ("2", "3")
_ADDRESSED = frozenset({"MAIL", "RCPT"})
