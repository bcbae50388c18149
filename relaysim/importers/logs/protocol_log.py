"""Rows of an SmtpReceive protocol log, one line at a time.

A row never spans lines, so every line is read for itself: a row that was cut, or a quote that was
never closed, damages that line and no other.

Source: PLOG10, PLOGX, QA179653.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "FIELDS",
    "MAX_LINE",
    "RowReader",
    "all_told",
    "split_told",
]

FIELDS = (
    "date-time",
    "connector-id",
    "session-id",
    "sequence-number",
    "local-endpoint",
    "remote-endpoint",
    "event",
    "data",
    "context",
)
"""The columns in the order every known version writes them."""
_EVENTS = frozenset("+-><*")
MAX_LINE = 65_536
"""A longer line is damaged."""


class RowReader:
    """Reads one line after the other, and keeps what the head of the log says of the columns.

    Args:
        complain: Called with line number and reason for each line that is no row.
    """

    def __init__(self, complain: Callable[[int, str], None]) -> None:
        self._complain = complain
        self._order: list[int] | None = None
        self._width = len(FIELDS)
        self._foreign = ""

    @property
    def plain(self) -> bool:
        """Whether the columns are :data:`FIELDS`, as far as the lines so far tell."""
        return self._order is None and self._width == len(FIELDS) and not self._foreign

    def row(self, number: int, line: str) -> list[str] | None:
        """Return the fields of a row, in the order of :data:`FIELDS`, ``None`` for another line.

        The sequence is digits.

        Args:
            number: Of the line, from 1.
            line: The line, with or without its end.
        """
        if line[:1] == "#" or line[:2] == "\ufeff#":
            if line.lstrip("\ufeff#").lower().startswith("fields:"):
                self._order, self._width = _order(line)
            self._foreign = _foreign(line, self._foreign)
            return None
        fields = _quoted(line) if '"' in line else line.rstrip("\r\n").split(",")
        if len(fields) != self._width:
            if not line.strip(", \r\n"):
                return None
            fields = _mended(fields, self._width)
        if self._foreign:
            why = f"a row of a {self._foreign}, which says nothing of receive connectors"
            self._complain(number, why)
            return None
        if self._order is not None and fields:
            fields = [fields[place] for place in self._order]
        why = _fault(fields, line)
        if why:
            self._complain(number, why)
            return None
        return fields


def split_told(rest: str) -> tuple[str, str, str] | None:
    """Return event, data and context, which end a row; ``None`` where they are not in order.

    Args:
        rest: A row from its event on, of a log with the columns :data:`FIELDS`.
    """
    if rest[1:2] != "," or rest[0] not in _EVENTS:
        return None
    if '"' not in rest:
        # Commas without quotes belong to the data.
        end = rest.rfind(",")
        return (rest[0], rest[2:end], rest[end + 1 :].rstrip("\r\n")) if end > 1 else None
    fields = _quoted(rest)
    return (fields[0], ",".join(fields[1:-1]), fields[-1]) if len(fields) > 2 else None


def all_told(rests: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return what :func:`split_told` returns of each of these, but for those not in order."""
    return [told for told in map(split_told, rests) if told is not None]


def _fault(fields: list[str], line: str) -> str:
    """Return why fields are no row, ``""`` where they are; a lost event is put back."""
    if not fields or len(line) > MAX_LINE:
        return "no complete row"
    event = fields[6]
    if event not in _EVENTS:
        # A web page takes the asterisk of an information row for its own mark.
        if event.strip() or "Set Session Permissions" not in fields[8]:
            return f"unknown event `{event[:20]}`"
        fields[6] = "*"
    if not fields[3].isdigit() or fields[0][4:5] != "-" or len(fields[0]) < 19:
        return "no sequence number or no time"
    return ""


def _foreign(line: str, before: str) -> str:
    """Return which log follows where it is none of receive connectors, ``before`` if none says."""
    folded = line.lower()
    if "log-type" not in folded or folded.lstrip("\ufeff#").startswith("fields:"):
        return before
    return "" if "receive" in folded else line.partition(":")[2].strip()


def _order(line: str) -> tuple[list[int] | None, int]:
    """Return where each field stands, ``None`` for the usual order, and the number of columns."""
    names = [name.strip().lower() for name in line.partition(":")[2].strip().split(",")]
    if tuple(names) == FIELDS:
        return None, len(FIELDS)
    if not set(FIELDS) - {"context"} <= set(names):
        return None, len(FIELDS)
    if "context" not in names:
        return [names.index(name) for name in FIELDS[:-1]] + [names.index("data")], len(names)
    return [names.index(name) for name in FIELDS], len(names)


def _quoted(line: str) -> list[str]:
    if line.count('"') == 2:
        # Mostly one field is quoted, and no quote stands in it.
        head, quoted, tail = line.split('"')
        if head[-1:] == "," and tail[:1] == ",":
            return [*head[:-1].split(","), quoted, *tail[1:].rstrip("\r\n").split(",")]
    try:
        return next(csv.reader([line.rstrip("\r\n")], strict=True))
    except (csv.Error, StopIteration):
        # An open quote: the row was cut in its data.
        return []


def _mended(fields: list[str], width: int) -> list[str]:
    """Return the fields of a row whose data had commas without quotes; empty for another row."""
    if width != len(FIELDS) or len(fields) < width:
        return []
    return [*fields[:7], ",".join(fields[7:-1]), fields[-1]]
