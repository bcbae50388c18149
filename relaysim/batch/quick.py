"""The quick way through a block of CSV: a few look-ups a row, and no object for any row.

Whatever is new, or no plain question, is handed to the careful way row by row. Both ways write the
same; a test holds them together.
"""

import csv
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from io import StringIO
from operator import itemgetter
from socket import AF_INET, inet_pton
from typing import Any, NamedTuple

from relaysim.batch.cells import LineWriter
from relaysim.batch.plan import SUMMARY, BadRows, BatchPlan, Worked, summary_key
from relaysim.batch.rows import (
    INPUT_COLUMNS,
    PLACE_COLUMNS,
    parse_cell,
    question_of,
    results_of,
)
from relaysim.engine.compiled.endpoint import Winner
from relaysim.engine.compiled.memo import Memo, bytes_of
from relaysim.engine.compiled.question import Question
from relaysim.engine.compiled.ruling import Frame, Ruling
from relaysim.engine.compiled.server import CompiledServer
from relaysim.errors import InvalidInput

__all__ = ["QuickRows", "is_quick"]

Careful = Callable[[list[str]], tuple[str | tuple[str, ...], str]]
"""Gives the output line of a row, or what a summary counts it by, and why it has no answer."""

_MESSAGE = ("from", "header_from", "to", "size")
_ANY_CLIENT = "0.0.0.0"  # noqa: S104  # stands for a client where none is looked at
_TAIL = 500
"""Bytes of the end of a line that is kept, about."""


def is_quick(plan: BatchPlan) -> bool:
    """Tell whether the quick way does for a plan."""
    return (
        plan.source == "csv"
        and plan.delimiter == ","
        and "line" not in plan.results
        and plan.echo is not None
        and "ip" in plan.header
        and "server" not in plan.header
        and len(plan.organization.servers) == 1
        and "behind" not in plan.header
        and not plan.spreadsheet
    )


class QuickRows:
    """Works on blocks of CSV."""

    def __init__(self, plan: BatchPlan, compiled: CompiledServer) -> None:
        self._plan, self._compiled = plan, compiled
        self._lines = LineWriter(plan.target)
        header = plan.header
        # A cell that is not there is read from the empty one put behind the last.
        place = {name: header.index(name) if name in header else -1 for name in INPUT_COLUMNS}
        self._columns = len(header)
        self._places = {name: header.index(name) for name in INPUT_COLUMNS if name in header}
        self._ip = place["ip"]
        self._message = tuple(place[name] for name in _MESSAGE)
        rest = [name for name in INPUT_COLUMNS if name not in ("ip", "server", *_MESSAGE)]
        self._client_columns = tuple(rest)
        self._client: Callable[[list[str]], tuple[str, ...]] = itemgetter(*map(place.get, rest))
        self._verbatim = plan.echo == header and not self._lines.is_json
        room = compiled.room
        self._frames: Memo[tuple[str, ...], Frame] = Memo(self._frame, room)
        self._senders: Memo[str, int] = Memo(self._sender, room)
        self._headers: Memo[str, int] = Memo(self._header_sender, room)
        self._recipients: Memo[str, int] = Memo(self._recipient, room)
        self._sizes: Memo[str, int | None] = Memo(self._size, room)
        self._tails: dict[tuple[int, int], _Tail] = {}
        self._named: dict[tuple[object, ...], _Tail] = {}
        self._texts: dict[str, str] = {}
        for each in (self._frames, self._senders, self._headers, self._recipients, self._sizes):
            room.join(each.clear)
        for kept in (self._tails, self._named, self._texts):
            room.join(kept.clear)
        results = plan.results
        self._lead = next(
            (i for i, name in enumerate(results) if name not in PLACE_COLUMNS), len(results)
        )
        self._recipient_named = "recipient" in results and plan.target != "summary"

    def work(self, text: str, first_line: int, careful: Careful) -> Worked:
        """Return what comes of a block.

        Raises:
            csv.Error: Some row is none.
        """
        if self._plan.target == "summary":
            return self._count(text, first_line, careful)
        out: list[str] = []
        bad = BadRows()
        rows = end = counted = 0
        for number, raw, cells in self._records(text, first_line):
            rows += 1
            try:
                tail = self._answer(cells)
                problem = tail.problem
                echoed = self._echoed(cells) if raw is None else raw
                out.append(f"{echoed}{tail.head}{tail.text}")
            except (OSError, LookupError, ValueError, TypeError, InvalidInput):
                line, problem = careful(cells)
                out.append(str(line))
            if problem:
                end += sum(len(each.encode("utf-8", "backslashreplace")) for each in out[counted:])
                counted = len(out)
                bad.add(number, end, problem)
        whole = "".join(out).encode("utf-8", "backslashreplace")
        return Worked(whole, rows, bad, Counter())

    def _count(self, text: str, first_line: int, careful: Careful) -> Worked:
        """Return how often what came, of which a summary tells no single row."""
        tally: Counter[tuple[str, ...]] = Counter()
        # Rows of one tail are counted by it, which costs less than by all its words.
        alike: dict[int, int] = {}
        tails: dict[int, _Tail] = {}
        bad = BadRows()
        rows = 0
        for number, _, cells in self._records(text, first_line):
            rows += 1
            try:
                tail = self._answer(cells)
            except (OSError, LookupError, ValueError, TypeError, InvalidInput):
                key, problem = careful(cells)
                tally[tuple(key)] += 1
            else:
                problem, which = tail.problem, id(tail)
                tails[which] = tail
                alike[which] = alike.get(which, 0) + 1
            if problem:
                bad.add(number, 0, problem)
        for which, count in alike.items():
            tail = tails[which]
            wanted = results_of(tail.ruling, tail.winner, SUMMARY)
            tally[summary_key(wanted)] += count
        return Worked(b"", rows, bad, tally)

    def _records(self, text: str, first_line: int) -> Iterator[tuple[int, str | None, list[str]]]:
        """Yield the line of each row, the row where it can be echoed as it stands, its cells."""
        plain = text.replace("\r\n", "\n")
        if '"' in plain or "\r" in plain or not plain.replace("\n", "").isprintable():
            yield from self._quoted_records(text, first_line)
            return
        for number, line in enumerate(plain.split("\n"), first_line):
            if line:
                yield number, line if self._verbatim else None, line.split(",")

    def _quoted_records(self, text: str, first_line: int) -> Iterator[tuple[int, None, list[str]]]:
        reader = csv.reader(StringIO(text, newline=""), strict=True)
        number = first_line
        for cells in reader:
            if cells:
                yield number, None, cells
            number = first_line + reader.line_num

    def _echoed(self, cells: list[str]) -> str:
        named = dict(zip(self._plan.header, cells, strict=True))
        pieces = self._lines.pieces({name: named.get(name, "") for name in self._plan.echo or ()})
        return self._lines.begin + self._lines.gap.join(pieces)

    def _answer(self, cells: list[str]) -> "_Tail":
        """Return the end of the output line of a row.

        Raises:
            OSError: Its client is no plain IPv4 address.
            LookupError: It has not as many cells as the header.
            InvalidInput: A cell cannot be understood.
        """
        if len(cells) != self._columns:
            raise LookupError
        cells = [*cells, ""]
        sender, header, recipients, size = self._message
        frame = self._frames[self._client(cells)]
        message = (
            self._senders[cells[sender]],
            self._headers[cells[header]],
            self._recipients[cells[recipients]],
            self._sizes[cells[size]],
        )
        row = frame.rows.get(message)
        if row is None:
            question = self._question(cells)
            row = self._compiled.row(frame, message, question.session())
        run = bisect_right(row.starts, inet_pton(AF_INET, cells[self._ip]))
        ruling = row.rulings[row.choices[run]]
        winner = frame.four.winner(run)
        tail = self._tails.get((id(ruling), id(winner)))
        if tail is None:
            tail = self._tail(ruling, winner)
        return self._with_names(tail, cells) if tail.has_names else tail

    def _tail(self, ruling: Ruling, winner: Winner | None) -> "_Tail":
        """Return the end of lines with this ruling and winner, and keep it."""
        wanted = results_of(ruling, winner, (*self._plan.results, "error"))
        problem = wanted["error"]
        pieces = self._lines.results({name: wanted[name] for name in self._plan.results})
        # One text for all connectors that judge alike; what names the connector mostly comes first.
        split = self._lead
        head = self._joined(pieces[:split], first=True)
        rest = self._joined(pieces[split:], first=not split) + self._lines.end
        text = self._texts.setdefault(rest, rest)
        has_names = ruling.has_names if self._recipient_named else ruling.names_sender
        tail = _Tail(head, text, problem, has_names, ruling, winner)
        self._compiled.room.take(_TAIL)
        self._tails[id(ruling), id(winner)] = tail
        return tail

    def _joined(self, pieces: list[str], *, first: bool) -> str:
        """Return results as they follow what is echoed, or the results before them."""
        text = "".join(self._lines.gap + piece for piece in pieces)
        return text.removeprefix(self._lines.gap) if first and not self._plan.echo else text

    def _with_names(self, tail: "_Tail", cells: list[str]) -> "_Tail":
        """Return a tail with the names of a row put in."""
        cells = [*cells]
        cells[self._ip] = ""
        key = id(tail.ruling), id(tail.winner), *cells
        found = self._named.get(key)
        if found is None:
            verdict = self._compiled.verdict(self._question(cells).session())
            names = results_of(tail.ruling, tail.winner, (*self._plan.results, "error"), verdict)
            pieces = self._lines.results({name: names[name] for name in self._plan.results})
            rest = self._joined(pieces, first=True) + self._lines.end
            found = tail._replace(head="", text=rest, problem=names["error"])
            self._compiled.room.take(_TAIL + len(rest) + bytes_of(key))
            self._named[key] = found
        return found

    def _question(self, cells: list[str]) -> Question:
        """Return the question of a row; whose client it is is not looked at."""
        named = {name: cells[place] for name, place in self._places.items()}
        return question_of(named | {"ip": cells[self._ip] or _ANY_CLIENT})

    def _frame(self, client: tuple[str, ...]) -> Frame:
        named = dict(zip(self._client_columns, client, strict=True))
        question = question_of(named | {"ip": _ANY_CLIENT})
        return self._compiled.frames[tuple(question)[1 : Question._fields.index("mail_from")]]

    def _sender(self, text: str) -> int:
        return self._compiled.messages.class_of_sender(_cell("from", text))

    def _header_sender(self, text: str) -> int:
        return self._compiled.messages.class_of_sender(_cell("header_from", text))

    def _recipient(self, text: str) -> int:
        return self._compiled.messages.class_of_recipients(_cell("to", text) or ())

    def _size(self, text: str) -> int | None:
        size: int | None = _cell("size", text)
        return bisect_left(self._compiled.messages.size_limits, size) if size else None


class _Tail(NamedTuple):
    """The end of an output line, after what is echoed.

    Attributes:
        head: What names the connector, where that comes first.
        text: The rest.
        problem: Why such rows have no answer, or nothing.
        has_names: It leaves out a name that some rows of this ruling have.
        ruling: Whose tail it is; kept, so that its id stays its own.
        winner: Likewise.
    """

    head: str
    text: str
    problem: str
    has_names: bool
    ruling: Ruling
    winner: Winner | None


def _cell(name: str, text: str) -> Any:  # noqa: ANN401
    return parse_cell(name, text) if text else None
