"""The work of a batch: a block of input bytes to a block of output bytes.

A block ends with a whole row. Nothing is remembered between blocks that matters to the answers, so
that blocks can be worked on by several processes.
"""

import csv
import json
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from socket import AF_INET, inet_pton
from typing import Any, NamedTuple

from relaysim.batch.rows import INPUT_COLUMNS, canonical, check_columns, question_of, results_of
from relaysim.engine.compiled.organization import Compiled, Question
from relaysim.engine.compiled.ruling import Ruling, Shape
from relaysim.errors import InvalidInput, printable
from relaysim.model.decision import Answer
from relaysim.model.organization import Organization
from relaysim.render.wording import answer_word

__all__ = ["MESSAGES_KEPT", "BadRows", "Plan", "Worked", "Worker"]

_SPELLINGS_KEPT = 2048
MESSAGES_KEPT = 10
"""Bad rows of a block whose messages are kept; of a file no more are ever shown."""

# Marks the end of an undecided row's output; no output has control characters otherwise.
_UNDECIDED = "\x00\n"
_SUMMARY = ("connector", "submit", "relay", "bypass_anti_spam", "resolve_p2", "stage", "error")


class Plan(NamedTuple):
    """What is to be done with every block.

    Attributes:
        organization: The organization to ask.
        source: Input format: ``csv`` or ``jsonl``.
        header: Columns of the input, in order; for JSON lines those of the output's beginning.
        target: Output format: ``csv``, ``jsonl`` or ``summary``.
        echo: Input columns to write out again; ``None`` for the keys of each row as they come.
        results: Result columns to write.
        pass_through: Unknown keys of JSON rows are no error.
    """

    organization: Organization
    source: str
    header: tuple[str, ...]
    target: str
    echo: tuple[str, ...] | None
    results: tuple[str, ...]
    pass_through: bool


class BadRows:
    """The rows of a block without an answer, in order; compact, because they can be very many.

    Attributes:
        lines: The first line of each in the file.
        ends: Where the output of each ends in the output of the block.
        messages: Why, of the first ``MESSAGES_KEPT``.
    """

    __slots__ = ("ends", "lines", "messages")

    def __init__(self) -> None:
        self.lines, self.ends = array("Q"), array("Q")
        self.messages: list[str] = []

    def __len__(self) -> int:
        return len(self.lines)

    def add(self, line: int, end: int, message: str) -> None:
        """Add one; its message is dropped when there are enough."""
        self.lines.append(line)
        self.ends.append(end)
        if len(self.messages) < MESSAGES_KEPT:
            self.messages.append(message)


class Worked(NamedTuple):
    """What came of a block.

    Attributes:
        text: Output, whole lines.
        rows: Number of rows.
        bad: Rows without an answer, in order.
        tally: For a summary, how often each combination of ``_SUMMARY`` columns came.
    """

    text: bytes | memoryview
    rows: int
    bad: BadRows
    tally: Counter[tuple[str, ...]]


class _Spelling(NamedTuple):
    """Rows that are written alike but for the address."""

    before: str
    starts: list[bytes]
    after: "_Afters"


class _Afters(dict[int, str]):
    """The rest of the output line after the address, by the number of the run of addresses."""

    def __init__(self, worker: "Worker", shape: Shape, echoed: list[str]) -> None:
        self.worker, self.shape, self.echoed = worker, shape, echoed

    def __missing__(self, number: int) -> str:
        ruling = self.shape.ruling_four(number)
        after = self.worker.after(self.echoed, ruling)
        if ruling.undecided is not None:
            after = after.removesuffix("\n") + _UNDECIDED
        self[number] = after
        return after


class _Spellings(dict[tuple[str, ...], _Spelling]):
    """Spellings by all cells but the address, read when first met."""

    def __init__(self, worker: "Worker") -> None:
        self.worker = worker

    def __missing__(self, cells: tuple[str, ...]) -> _Spelling:
        if len(self) >= _SPELLINGS_KEPT:
            self.clear()
        found = self[cells] = self.worker.spelling(cells)
        return found


class Worker:
    """Works on the blocks of one plan, one after the other."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._compiled = Compiled(plan.organization)
        self._spellings = _Spellings(self)
        self._ip = plan.header.index("ip") if "ip" in plan.header else -1
        self._is_json = plan.target == "jsonl"
        self._fast = (
            plan.source == "csv"
            and plan.target != "summary"
            and "line" not in plan.results
            and all(name in INPUT_COLUMNS for name in plan.header)
            and plan.echo is not None
            and "ip" in plan.echo
        )

    def work(self, block: bytes, first_line: int) -> Worked:
        """Return what comes of a block whose first line has this number in the file."""
        text = block.decode("utf-8", "surrogateescape")
        if self._fast:
            try:
                return self._quickly(text, first_line)
            except (OSError, LookupError, ValueError, InvalidInput, csv.Error):
                # Some row is no plain question: look at every one, and say which.
                pass
        return self._carefully(text, first_line)

    def _quickly(self, text: str, first_line: int) -> Worked:
        rows = list(csv.reader(StringIO(text, newline=""), strict=True))
        where, spellings = self._ip, self._spellings
        lines = [
            before + ip + after[bisect_right(starts, inet_pton(AF_INET, ip))]
            for row in rows
            for ip in (row.pop(where),)
            for before, starts, after in (spellings[tuple(row)],)
        ]
        out = "".join(lines)
        bad = self._undecided(text, first_line, lines) if "\x00" in out else BadRows()
        out = out.replace(_UNDECIDED, "\n") if bad else out
        return Worked(out.encode("utf-8", "backslashreplace"), len(rows), bad, Counter())

    def _undecided(self, text: str, first_line: int, lines: list[str]) -> BadRows:
        """Return the rows whose output is marked as undecided."""
        asked = text.split("\n")
        if len(asked) not in (len(lines), len(lines) + 1):
            # Some row has several lines.
            raise LookupError
        found, end = BadRows(), 0
        for index, line in enumerate(lines):
            end += len(line if line.isascii() else line.encode("utf-8", "backslashreplace"))
            if line.endswith(_UNDECIDED):
                end -= 1
                message = ""
                if len(found) < MESSAGES_KEPT:
                    (message,) = self._carefully(asked[index], 0).bad.messages
                found.add(first_line + index, end, message)
        return found

    def _carefully(self, text: str, first_line: int) -> Worked:
        out: list[bytes] = []
        bad = BadRows()
        tally: Counter[tuple[str, ...]] = Counter()
        rows, end = 0, 0
        for number, cells, fault in self._records(text, first_line):
            rows += 1
            results = self._results(cells, fault)
            results["line"] = number
            problem = results["error"]
            if self.plan.target == "summary":
                key = "(bad row)" if problem else ""
                tally[(*(_word(results[name]) for name in _SUMMARY[:-1]), key)] += 1
            else:
                echo = cells if self.plan.echo is None else self.plan.echo
                echoed = {name: cells.get(name, "") for name in echo}
                answer = {name: results[name] for name in self.plan.results}
                line = self._join(self._pieces(echoed) + self._result_pieces(answer))
                out.append(line.encode("utf-8", "backslashreplace"))
                end += len(out[-1])
            if problem:
                bad.add(number, end, problem)
        return Worked(b"".join(out), rows, bad, tally)

    def _results(self, cells: dict[str, Any], fault: str | None) -> dict[str, Any]:
        wanted = dict.fromkeys((*self.plan.results, *_SUMMARY), "")
        if fault is not None:
            return wanted | {"error": fault}
        known = {name: value for name, value in cells.items() if name in INPUT_COLUMNS}
        try:
            return results_of(self._compiled.ruling(question_of(known)), wanted)
        except InvalidInput as error:
            return wanted | {"error": "; ".join(each.text() for each in error.problems)}

    def spelling(self, cells: tuple[str, ...]) -> _Spelling:
        """Return what is prepared for rows with these cells around the address.

        Raises:
            LookupError: Not as many cells as the header has.
            InvalidInput: A cell cannot be understood.
        """
        names = [name for name in self.plan.header if name != "ip"]
        if len(names) != len(cells):
            raise LookupError
        named = dict(zip(names, cells, strict=True))
        question: Question = question_of(named | {"ip": "0.0.0.0"})  # noqa: S104  # any client
        shape = self._compiled.shape(question.session())
        echo = self.plan.echo or ()
        where = echo.index("ip")
        first = self._pieces({name: named[name] for name in echo[:where]})
        rest = self._pieces({name: named[name] for name in echo[where + 1 :]})
        before = "".join(piece + self._gap for piece in first)
        before = "{" + before + '"ip": "' if self._is_json else before
        return _Spelling(before, shape.starts, _Afters(self, shape, rest))

    def after(self, echoed: list[str], ruling: Ruling) -> str:
        """Return the rest of an output line after the address."""
        pieces = echoed + self._result_pieces(results_of(ruling, self.plan.results))
        rest = "".join(self._gap + piece for piece in pieces)
        return f'"{rest}}}\n' if self._is_json else f"{rest}\n"

    @property
    def _gap(self) -> str:
        return ", " if self._is_json else ","

    def _pieces(self, cells: dict[str, Any]) -> list[str]:
        if self._is_json:
            return [f"{json.dumps(name)}: {_json(value)}" for name, value in cells.items()]
        return [_quoted(_word(value)) for value in cells.values()]

    def _result_pieces(self, results: dict[str, Any]) -> list[str]:
        if self._is_json:
            # What there is not is null in JSON; a table has nothing but the empty cell for it.
            results = {name: None if value == "" else value for name, value in results.items()}
        return self._pieces(results)

    def _join(self, pieces: list[str]) -> str:
        text = self._gap.join(pieces)
        return f"{{{text}}}\n" if self._is_json else f"{text}\n"

    def _records(
        self, text: str, first_line: int
    ) -> Iterator[tuple[int, dict[str, Any], str | None]]:
        """Yield first line, cells by name, and what is wrong with the row as a row."""
        if self.plan.source == "jsonl":
            yield from _json_records(text, first_line, pass_through=self.plan.pass_through)
            return
        reader = csv.reader(StringIO(text, newline=""), strict=True)
        header = self.plan.header
        while True:
            line = first_line + reader.line_num
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, {}, f"no CSV row ({error})"
                continue
            if not row:
                continue
            problem = None
            if len(row) != len(header):
                problem = f"{len(row)} cells, but the header names {len(header)} columns"
            yield line, dict(zip(header, row, strict=False)), problem


def _json_records(
    text: str, first_line: int, *, pass_through: bool
) -> Iterator[tuple[int, dict[str, Any], str | None]]:
    for line, row in enumerate(text.split("\n"), first_line):
        if not row.strip():
            continue
        try:
            data = json.loads(row)
        except ValueError as error:
            yield line, {}, f"no JSON ({str(error).lower()})"
            continue
        if not isinstance(data, dict):
            yield line, {}, "no JSON object"
            continue
        cells: dict[str, Any] = {}
        problem = None
        for name, value in data.items():
            plain = canonical(name)
            if plain in INPUT_COLUMNS and plain not in cells:
                cells[plain] = value
                continue
            cells[name] = value
            if not pass_through:
                try:
                    check_columns([name, "ip"], pass_through=False)
                except InvalidInput as error:
                    problem = "; ".join(
                        f"{p.text()} ({p.hint})" if p.hint else p.text() for p in error.problems
                    )
        yield line, cells, problem


def _json(value: Any) -> str:  # noqa: ANN401  # JSON gives anything
    if isinstance(value, Answer):
        value = value.answer
    return json.dumps(value, ensure_ascii=False)


def _word(value: Any) -> str:  # noqa: ANN401
    if value is None:
        return "undecided"
    if isinstance(value, Answer):
        return answer_word(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(map(str, value))
    return str(value)


def _quoted(text: str) -> str:
    """Return a CSV cell. Control characters are escaped, so that every row is one line."""
    if not text.isprintable():
        text = printable(text)
    if '"' in text or "," in text:
        return '"' + text.replace('"', '""') + '"'
    return text
