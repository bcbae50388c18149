"""Rows that need no folding, written as Rich would: an audit of a large farm has 10,000 of them."""

from collections.abc import Sequence
from io import StringIO

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style

from relaysim.render.view import Grid, TableCell

__all__ = ["STYLES", "fits_whole", "styled", "write_cells", "write_grid", "write_line"]

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


def fits_whole(grid: Grid, width: int | None) -> bool:
    """Tell whether each cell is one line, and all columns fit into the width as they are."""
    texts = [*grid.columns, *(cell.text for row in grid.rows for cell in row)]
    if not all(map(str.isprintable, texts)):
        return False
    widths = _widths(grid)
    return width is None or sum(widths) + len(_BETWEEN) * len(widths) <= width


def _widths(grid: Grid) -> list[int]:
    rows = [[cell_len(cell.text) for cell in row] for row in grid.rows]
    return [max(column) for column in zip(map(cell_len, grid.columns), *rows, strict=True)]


def styled(console: Console, text: str, style: str) -> str:
    """Return a text in a style, as this console writes it."""
    if not style or console.color_system is None:
        return text
    return Style.parse(style).render(text, color_system=console._color_system)  # noqa: SLF001


def write_line(console: Console, line: str) -> None:
    """Write a line that is laid out."""
    assert isinstance(console.file, StringIO)  # noqa: S101  # made in memory
    console.file.write(line.rstrip() + "\n")


def write_grid(console: Console, grid: Grid) -> None:
    """Write a table whose columns all have the room they want."""
    widths = _widths(grid)
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
