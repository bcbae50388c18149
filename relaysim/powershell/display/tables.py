"""Tables and wide views as text."""

from __future__ import annotations

from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from relaysim.powershell.display.cells import Side, cut_lines, fitted, split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.display.records import TableShape

__all__ = ["TableLayout", "wide_lines"]

_CONSOLE = 119
"""The columns that a wide view fills where nobody says how wide the console is."""
_LEAST = 4
"""No column of a table is made narrower than this; it is left out instead."""


class TableLayout:
    """The widths of a table's columns, and its lines.

    Args:
        shape: The table.
        rows: The rows it is measured with.
        width: The columns of the console; ``None``: nothing is cut.
    """

    def __init__(self, shape: TableShape, rows: Sequence[Sequence[str]], width: int | None) -> None:
        self._shape = shape
        self._cut = width is not None
        self._sides = [column.side for column in shape.columns]
        self._widths = self._assigned(rows, width)

    def _assigned(self, rows: Sequence[Sequence[str]], width: int | None) -> list[int]:
        """Return the width of each column; -1 hides it."""
        content = self._content(rows)
        if self._shape.measured:
            return content if width is None else _trimmed(content, width)
        widths = [column.width for column in self._shape.columns]
        if width is None:
            return [
                wide if given is None else given
                for given, wide in zip(widths, content, strict=True)
            ]
        return _trimmed(_shared(widths, width), width)

    def _content(self, rows: Sequence[Sequence[str]]) -> list[int]:
        shape = self._shape
        found = []
        for place, column in enumerate(shape.columns):
            texts = [row[place] for row in rows]
            # A text of several lines counts with all of them.
            longest = max((max(len(text), len(cut_lines(text))) for text in texts), default=0)
            found.append(max(longest, len(column.title)))
        return found

    def head(self) -> list[str]:
        """Return the lines of the heads."""
        shape = self._shape
        if not shape.headers:
            return []
        titles = [column.title for column in shape.columns]
        rules = [
            "-" * min(len(title), max(width, 0))
            for title, width in zip(titles, self._widths, strict=True)
        ]
        return [*self._lines(titles, wrap=True), *self._lines(rules, wrap=False)]

    def row(self, cells: Sequence[str]) -> list[str]:
        """Return the lines of a row."""
        return self._lines(cells, wrap=self._shape.wrap)

    def _lines(self, cells: Sequence[str], *, wrap: bool) -> list[str]:
        visible = [
            (cell, width, side)
            for cell, width, side in zip(cells, self._widths, self._sides, strict=True)
            if width >= 0
        ]
        columns = [
            [
                fitted(line, max(width, 0 if self._cut else len(line)), side)
                for line in self._parts(cell, width, wrap=wrap)
            ]
            for cell, width, side in visible
        ]
        return [
            " ".join(
                " " * visible[place][1] if part is None else part
                for place, part in enumerate(parts)
            ).rstrip(" ")
            for parts in zip_longest(*columns)
        ]

    def _parts(self, cell: str, width: int, *, wrap: bool) -> list[str]:
        if not wrap:
            return [cut_lines(cell)]
        if not self._cut:
            return cell.split("\n")
        return split_words(cell, width)


def _shared(widths: Sequence[int | None], width: int) -> list[int]:
    """Return the widths with what is left of ``width`` dealt to the columns without one."""
    result = [_LEAST if one is None else one for one in widths]
    free = [place for place, one in enumerate(widths) if one is None]
    left = width - sum(result) - len(result) + 1
    if free and left > 0:
        for place in free:
            result[place] += left // len(free)
        for place in free[: left % len(free)]:
            result[place] += 1
    return result


def _trimmed(widths: list[int], width: int) -> list[int]:
    """Return the widths, the last columns narrowed or hidden until the table fits."""
    result = list(widths)
    for place in range(len(result) - 1, -1, -1):
        shown = [one for one in result if one >= 0]
        excess = sum(shown) + len(shown) - 1 - width
        if excess <= 0:
            break
        result[place] = result[place] - excess if result[place] - excess >= _LEAST else -1
    return result


def wide_lines(
    texts: Sequence[str], *, columns: int, measured: bool, width: int | None
) -> list[str]:
    """Return texts side by side.

    >>> wide_lines(["a", "bbb", "c"], columns=2, measured=False, width=None)
    ['a   bbb', 'c']
    """
    shown = [cut_lines(text) for text in texts]
    longest = max((len(text) for text in shown), default=1)
    if measured:
        columns = max(1, (width or _CONSOLE) // (longest + 1))
    widths = [longest] * columns
    if measured or width is not None:
        left = (width or _CONSOLE) - columns + 1
        widths = [left // columns + (place < left % columns) for place in range(columns)]
    return [
        " ".join(
            fitted(text, max(1, each), Side.LEFT) for text, each in zip(line, widths, strict=False)
        ).rstrip(" ")
        for line in _chunks(shown, columns)
    ]


def _chunks(texts: Iterable[str], size: int) -> Iterable[list[str]]:
    rest = iter(texts)
    while chunk := list(islice(rest, size)):
        yield chunk
