"""A script's text with its lines: where something stands, and how a problem shows it."""

from __future__ import annotations

import bisect
import unicodedata

from relaysim.errors import InvalidScript, Problem, printable
from relaysim.lean import frozen, pattern

__all__ = ["Place", "Position", "ScriptProblem", "Source"]

_LINE_END = pattern(r"\r\n|\n|\r")
_EXCERPT = 60
"""How many characters of a long line are shown on either side of the caret."""


@frozen
class Position:
    """A place in a script; line and column count from 1, in characters."""

    line: int
    column: int


class Place(int):
    """An offset in a script where something begins that ends at ``end``."""

    end: int

    def __new__(cls, start: int, end: int) -> Place:
        """Return the place of what stands from ``start`` to before ``end``."""
        place = super().__new__(cls, start)
        place.end = end
        return place


class ScriptProblem(Problem):
    """A problem in a script, shown with its source line and a caret.

    Attributes:
        column: The column, counted from 1 in characters.
        excerpt: The source line, or the part of a long line around the column, printable.
        indent: How many screen cells stand before the caret.
        refused: Whether it is PowerShell, and only this subset does not take it.
    """

    __slots__ = ("column", "excerpt", "indent", "refused")

    def __init__(
        self,
        message: str,
        *,
        position: Position,
        excerpt: str,
        indent: int,
        file: str | None = None,
        hint: str | None = None,
        refused: bool = False,
    ) -> None:
        super().__init__(
            message, file=file, line=position.line, where=f"column {position.column}", hint=hint
        )
        self.column = position.column
        self.excerpt = excerpt
        self.indent = indent
        self.refused = refused

    def lines(self) -> list[str]:
        """Return the error line, the source line, the caret, and the hint where there is one."""
        first, *hint = super().lines()
        return [first, f"    {self.excerpt}", f"    {' ' * self.indent}^", *hint]


def _cells(text: str) -> int:
    """Count the screen cells of printable text: East Asian wide characters take two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


class Source:
    r"""The text of a script and the name of the file it came from.

    >>> Source("a\r\nb").position(3)
    Position(line=2, column=1)
    """

    __slots__ = ("_starts", "file", "text")

    def __init__(self, text: str, *, file: str | None = None) -> None:
        self.text = text
        self.file = file
        self._starts: list[int] | None = None

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            self._starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        return self._starts

    def position(self, offset: int) -> Position:
        """Return the line and column of an offset; the end of the text is a valid offset."""
        starts = self._line_starts()
        line = bisect.bisect_right(starts, offset)
        return Position(line=line, column=offset - starts[line - 1] + 1)

    def problem(
        self, message: str, offset: int, *, hint: str | None = None, refused: bool = False
    ) -> ScriptProblem:
        """Return a problem that points at ``offset``."""
        position = self.position(offset)
        start = self._line_starts()[position.line - 1]
        end = _LINE_END.search(self.text, start)
        stop = len(self.text) if end is None else end.start()
        left = max(start, offset - _EXCERPT)
        right = min(stop, offset + _EXCERPT)
        before = printable(self.text[left:offset].replace("\t", " "))
        after = printable(self.text[offset:right].replace("\t", " "))
        before = ("..." if left > start else "") + before
        after += "..." if right < stop else ""
        return ScriptProblem(
            message,
            position=position,
            excerpt=(before + after).rstrip(),
            indent=_cells(before),
            file=self.file,
            hint=hint,
            refused=refused,
        )

    def error(
        self, message: str, offset: int, *, hint: str | None = None, refused: bool = False
    ) -> InvalidScript:
        """Return an :class:`InvalidScript` with one problem that points at ``offset``."""
        return InvalidScript(self.problem(message, offset, hint=hint, refused=refused))
