"""Rows of an SmtpReceive protocol log, one line at a time.

A row never spans lines, so every line is read for itself: a row that was cut, or a quote that was
never closed, damages that line and no other.

Source: PLOG10, PLOGX, QA179653.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["FIELDS", "TRACKING_MARK", "LogRow", "read_rows"]

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
TRACKING_MARK = "event-id"
"""A column that only message tracking logs have."""
_EVENTS = frozenset("+-><*")
_MAX_LINE = 65_536


class LogRow(NamedTuple):
    r"""One row.

    Attributes:
        time: As written, UTC.
        connector: ``SERVER\Name``, blanks at the ends removed.
        session: The session id.
        sequence: Number of the row in its session, from 0.
        local: The server's endpoint, ``address:port``.
        remote: The client's endpoint.
        event: ``+`` connect, ``-`` disconnect, ``>`` sent, ``<`` received, ``*`` information.
        data: What was sent, received or told.
        context: What the row is about.
    """

    time: str
    connector: str
    session: str
    sequence: int
    local: str
    remote: str
    event: str
    data: str
    context: str


def read_rows(lines: Iterable[str], complain: Callable[[int, str], None]) -> Iterator[list[str]]:
    """Yield the fields of each row, in the order of :data:`FIELDS`; the sequence is digits.

    Plain lists, because there are millions of them. The context may still have the line's end.

    Args:
        lines: Lines of the log, with or without their ends.
        complain: Called with line number (from 1) and reason for each line that is no row.
    """
    order: list[int] | None = None
    width = len(FIELDS)
    foreign = ""
    plain = True
    for number, line in enumerate(lines, 1):
        if plain and '"' not in line:
            # Nearly every line of nearly every log; whatever is unusual is looked at below.
            fields = line.split(",")
            if (
                len(fields) == 9
                and fields[6] in _EVENTS
                and fields[3].isdigit()
                and line[4:5] == "-"
                and line.find(",") >= 19
                and len(line) <= _MAX_LINE
            ):
                yield fields
                continue
        if line[:1] == "#" or (number == 1 and line[:2] == "\ufeff#"):
            if line.lstrip("\ufeff#").lower().startswith("fields:"):
                order, width = _order(line)
            foreign = _foreign(line, foreign)
            plain = order is None and width == len(FIELDS) and not foreign
            continue
        fields = _quoted(line) if '"' in line else line.rstrip("\r\n").split(",")
        if len(fields) != width:
            if not line.strip(", \r\n"):
                continue
            fields = _mended(fields, width)
        if foreign:
            complain(number, f"a row of a {foreign}, which says nothing of receive connectors")
            continue
        if order is not None and fields:
            fields = [fields[place] for place in order]
        why = _fault(fields, line)
        if why:
            complain(number, why)
        else:
            yield fields


def _fault(fields: list[str], line: str) -> str:
    """Return why fields are no row, ``""`` where they are; a lost event is put back."""
    if not fields or len(line) > _MAX_LINE:
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
