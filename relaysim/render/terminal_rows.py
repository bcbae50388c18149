"""Rows that need no folding, written as Rich would: an audit of a large farm has 10,000 of them."""

from collections.abc import Sequence
from io import StringIO
from itertools import chain

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style

from relaysim.render.view import Grid, TableCell

__all__ = ["STYLES", "styled", "whole_widths", "write_cells", "write_grid", "write_line"]

STYLES = {
    "good": "green",
    "bad": "red",
    "warn": "yellow",
    "dim": "dim",
    "strong": "bold",
    "": "",
}
_BETWEEN = "  "
_RULE = "\N{BOX DRAWINGS LIGHT HORIZONTAL}"


def whole_widths(grid: Grid, width: int | None) -> list[int] | None:
    """Return the widths of the columns if each cell is one line and all fit as they are."""
    rows = [grid.columns, *([cell.text for cell in row] for row in grid.rows)]
    if not all(map(str.isprintable, chain.from_iterable(rows))):
        return None
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    fits = width is None or sum(widths) + len(_BETWEEN) * len(widths) <= width
    return widths if fits else None


def styled(console: Console, text: str, style: str) -> str:
    """Return a text in a style, as this console writes it."""
    if not style or console.color_system is None:
        return text
    return Style.parse(style).render(text, color_system=console._color_system)  # noqa: SLF001


def write_line(console: Console, line: str) -> None:
    """Write a line that is laid out."""
    assert isinstance(console.file, StringIO)  # noqa: S101  # made in memory
    console.file.write(line.rstrip() + "\n")


def write_grid(console: Console, grid: Grid, widths: Sequence[int]) -> None:
    """Write a table whose columns all have the room they want."""
    if any(grid.columns):
        names = [
            _filled(name, name, width) for name, width in zip(grid.columns, widths, strict=True)
        ]
        write_line(console, styled(console, _BETWEEN.join(names).rstrip(), "bold"))
        write_line(console, _RULE * (sum(widths) + len(_BETWEEN) * (len(widths) - 1)))
    for row in grid.rows:
        write_cells(console, row, widths)


def write_cells(console: Console, row: Sequence[TableCell], widths: Sequence[int]) -> None:
    """Write the cells of a row side by side, each in its width or what it needs beyond."""
    line = [
        _filled(styled(console, cell.text, STYLES[cell.tone]), cell.text, width)
        for cell, width in zip(row, widths, strict=True)
    ]
    write_line(console, _BETWEEN.join(line))


def _filled(written: str, text: str, width: int) -> str:
    return written + " " * (width - cell_len(text))
