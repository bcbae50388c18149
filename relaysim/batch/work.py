"""The work of a batch: a block of input bytes to a block of output bytes.

A block ends with a whole row. Nothing is remembered between blocks that matters to the answers, so
that blocks can be worked on by several processes.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from typing import Any

from relaysim.batch.cells import LineWriter
from relaysim.batch.places import Places
from relaysim.batch.plan import SUMMARY, BadRows, BatchPlan, Worked, summary_key
from relaysim.batch.quick import QuickRows, is_quick
from relaysim.batch.rows import (
    INPUT_COLUMNS,
    canonical,
    check_columns,
    parse_cell,
    question_of,
)
from relaysim.batch.strict_json import read_json
from relaysim.errors import InvalidInput

__all__ = ["Worker"]

_ROOM = 16 << 20
"""Bytes that are kept of earlier rows; a batch is read once and remembers little."""


class Worker:
    """Works on the blocks of one plan, one after the other."""

    def __init__(self, plan: BatchPlan) -> None:
        self.plan = plan
        self._places = Places(plan.organization, room=_ROOM)
        self._lines = LineWriter(plan.target, spreadsheet=plan.spreadsheet)
        self._quick = QuickRows(plan, self._places.compiled.servers[0]) if is_quick(plan) else None

    def work(self, block: bytes, first_line: int) -> Worked:
        """Return what comes of a block whose first line has this number in the file."""
        text = block.decode("utf-8", "surrogateescape")
        if self._quick is not None:
            try:
                return self._quick.work(text, first_line, self._one)
            except csv.Error:
                # Some row is none: look at every one, and say which.
                pass
        return self._carefully(text, first_line)

    def _one(self, cells: list[str]) -> tuple[str | tuple[str, ...], str]:
        """Return the line or the count of a CSV row, and why it has no answer, or nothing."""
        number, header = 0, self.plan.header
        fault = None
        if len(cells) != len(header):
            fault = f"{len(cells)} cells, but the header names {len(header)} columns"
        named = dict(zip(header, cells, strict=False))
        if self.plan.target == "summary":
            return self._counted(named, fault)
        return self._answered(number, named, fault)

    def _counted(self, cells: dict[str, Any], fault: str | None) -> tuple[tuple[str, ...], str]:
        results = self._results(cells, fault)
        return summary_key(results), results["error"]

    def _answered(self, number: int, cells: dict[str, Any], fault: str | None) -> tuple[str, str]:
        results = self._results(cells, fault)
        results["line"] = number
        echo = cells if self.plan.echo is None else self.plan.echo
        echoed = {name: cells.get(name, "") for name in echo}
        answer = {name: results[name] for name in self.plan.results}
        pieces = self._lines.pieces(echoed) + self._lines.results(answer)
        return self._lines.line(pieces), results["error"]

    def _carefully(self, text: str, first_line: int) -> Worked:
        out: list[bytes] = []
        bad = BadRows()
        tally: Counter[tuple[str, ...]] = Counter()
        rows, end = 0, 0
        for number, cells, fault in self._records(text, first_line):
            rows += 1
            if self.plan.target == "summary":
                key, problem = self._counted(cells, fault)
                tally[key] += 1
            else:
                line, problem = self._answered(number, cells, fault)
                out.append(line.encode("utf-8", "backslashreplace"))
                end += len(out[-1])
            if problem:
                bad.add(number, end, problem)
        return Worked(b"".join(out), rows, bad, tally)

    def _results(self, cells: dict[str, Any], fault: str | None) -> dict[str, Any]:
        wanted = dict.fromkeys((*self.plan.results, *SUMMARY), "")
        if fault is not None:
            return wanted | {"error": fault}
        known = {name: value for name, value in cells.items() if name in INPUT_COLUMNS}
        try:
            question = question_of(known)
            server = parse_cell("server", known.get("server") or "")
            return self._places.results(question, server, wanted)
        except InvalidInput as error:
            return wanted | {"error": "; ".join(each.text() for each in error.problems)}

    def _records(
        self, text: str, first_line: int
    ) -> Iterator[tuple[int, dict[str, Any], str | None]]:
        """Yield first line, cells by name, and what is wrong with the row as a row."""
        if self.plan.source == "jsonl":
            yield from _json_records(text, first_line, pass_through=self.plan.pass_through)
            return
        source = StringIO(text, newline="")
        reader = csv.reader(source, delimiter=self.plan.delimiter, strict=True)
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
            data = read_json(row)
        except ValueError as error:
            why = str(error)
            yield line, {}, f"no JSON ({why[:1].lower()}{why[1:]})"
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
            if plain in cells:
                problem = f"column `{name}` stands twice"
                continue
            cells[name] = value
            if not pass_through and problem is None:
                try:
                    check_columns([name, "ip"], pass_through=False)
                except InvalidInput as error:
                    problem = "; ".join(
                        f"{p.text()} ({p.hint})" if p.hint else p.text() for p in error.problems
                    )
        yield line, cells, problem
