"""Whole sessions whose like was read before: most of a log.

What matters of a row is little, and the same in thousands of sessions: the verb and the domain of a
command, the code of a reply. A session is read row by row only when no other had the same little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.replay.reading.dialogue import is_last, path_in, tells

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relaysim.replay.logged import LoggedSession
    from relaysim.replay.reading.reduction import SessionReader

__all__ = ["KnownSessions"]

_MOST = 4096
"""So many are remembered; a kilobyte or two each."""


class KnownSessions:
    """Reads whole sessions, each kind of dialogue once.

    Args:
        reader: Reads a session that is not known yet.
    """

    def __init__(self, reader: SessionReader) -> None:
        self._reader = reader
        self._known: dict[tuple[object, ...], LoggedSession] = {}

    def read(self, connector: str, local: str, rows: Sequence[list[str]]) -> LoggedSession:
        """Return the session of these rows, which are all of it and in order."""
        key = connector, local, *self._told(rows)
        found = self._known.get(key)
        if found is None:
            told = ((row[6], row[7], row[8]) for row in rows)
            found = self._reader.read_told(connector, local, told)
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[key] = found
        return found

    def _told(self, rows: Sequence[list[str]]) -> list[object]:
        """Return all that the dialogue looks at: equal for sessions that are read alike.

        Each row begins with its event, so that what follows can be of any number.
        """
        told: list[object] = []
        add = told.append
        domain, reply = self._reader.domain, self._reader.reply
        asked = logged_on = False
        for row in rows:
            event = row[6]
            if event == ">":
                data = row[7]
                if data[3:4] == "-":
                    continue
                add(event)
                if not asked:
                    # The banner; without a command one reply alone says something.
                    add(data.startswith("250 2.1.0"))
                elif data[:1] in _FINE:
                    # Of these the code counts, and the code behind it.
                    end = data.find(" ", 4)
                    add(data[:end] if end > 4 else f" {reply(data)}" if end == 4 else data)
                else:
                    add(data[:9])
                    add(reply(data))
            elif event == "<":
                asked = True
                data = row[7]
                verb = data[:4].upper()
                add(event)
                add(verb)
                if verb in _ADDRESSED:
                    path = path_in(data)
                    # The sender of an account is kept whole.
                    add(path if not path or (logged_on and verb == "MAIL") else domain(path))
                elif verb in _WORDED:
                    logged_on |= verb == "AUTH"
                    add(" ".join(data.split()[1:2]).upper() if verb == "AUTH" else is_last(data))
            elif event == "*":
                _add_told(add, row[7], row[8])
        return told


def _add_told(add: Callable[[object], None], data: str, context: str) -> None:
    context = context.rstrip("\r\n")
    if tells(data, context):
        add("*")
        add(data)
        add(context)


_FINE = ("2", "3")
_ADDRESSED = frozenset({"MAIL", "RCPT"})
_WORDED = frozenset({"AUTH", "BDAT"})
