"""Cells of an output line: values to text, as CSV or as JSON."""

import json
import re
from collections.abc import Mapping
from typing import Any

from relaysim.errors import printable
from relaysim.model.decision import Answer
from relaysim.render.plain import no_formula
from relaysim.render.wording import answer_word

__all__ = ["LineWriter", "word"]


# Made once: `json.dumps` makes one for every value.
_ENCODER = json.JSONEncoder(ensure_ascii=False)


class LineWriter:
    """Puts lines of one format together.

    Args:
        target: ``jsonl``, or anything else for CSV.
        spreadsheet: Whether a spreadsheet will open the CSV, which takes some cells for formulas.
    """

    def __init__(self, target: str, *, spreadsheet: bool = False) -> None:
        self._word = spreadsheet_word if spreadsheet else word
        self.is_json = target == "jsonl"
        self.gap = ", " if self.is_json else ","
        self.begin, self.end = ("{", "}\n") if self.is_json else ("", "\n")

    def pieces(self, cells: Mapping[str, Any]) -> list[str]:
        """Return the input's cells by column as they stand in a line.

        A line break in a cell of CSV stays one.
        """
        if self.is_json:
            return [f"{json.dumps(name)}: {_json(value)}" for name, value in cells.items()]
        return [_quoted(self._word(value), breaks=True) for value in cells.values()]

    def results(self, results: Mapping[str, Any]) -> list[str]:
        """Return results by column as they stand in a line; what there is not is null in JSON."""
        if self.is_json:
            results = {name: None if value == "" else value for name, value in results.items()}
            return self.pieces(results)
        return [_quoted(self._word(value), breaks=False) for value in results.values()]

    def line(self, pieces: list[str]) -> str:
        """Return a whole line."""
        return f"{self.begin}{self.gap.join(pieces)}{self.end}"


def _json(value: Any) -> str:  # noqa: ANN401  # JSON gives anything
    if isinstance(value, Answer):
        value = value.answer
    return _ENCODER.encode(value)


def word(value: Any) -> str:  # noqa: ANN401
    """Return a value as one reads it in a table."""
    if value is None:
        return "undecided"
    if isinstance(value, Answer):
        return answer_word(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(map(str, value))
    return str(value)


def spreadsheet_word(value: Any) -> str:  # noqa: ANN401
    """Return a value as :func:`word` does, so that no spreadsheet takes it for a formula."""
    return no_formula(word(value))


_BREAK = re.compile(r"(\r\n|\r|\n)")


def _quoted(text: str, *, breaks: bool) -> str:
    """Return a CSV cell. Control characters are escaped; line breaks may be left as they are."""
    if not text.isprintable():
        if breaks and _BREAK.search(text):
            parts = _BREAK.split(text)
            parts[::2] = map(printable, parts[::2])
            return '"' + "".join(parts).replace('"', '""') + '"'
        text = printable(text)
    if '"' in text or "," in text:
        return '"' + text.replace('"', '""') + '"'
    return text
