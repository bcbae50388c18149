"""What a result says, before it is laid out: one document for plain text and for Rich.

Renderers decide about columns and colour; the words are all here already.
"""

from collections.abc import Callable
from typing import NamedTuple

from relaysim.errors import printable

__all__ = ["Fact", "Grid", "TableCell", "Tone", "View", "cell"]

Tone = str
"""``good``, ``bad``, ``warn``, ``dim``, ``strong`` or empty: colour only repeats what words say."""


class TableCell(NamedTuple):
    """One cell of a grid; ``text`` has no control characters."""

    text: str
    tone: Tone = ""


class Fact(NamedTuple):
    """A labelled fact; ``lines`` stand below each other."""

    label: str
    lines: tuple[str, ...]
    tone: Tone = ""


class Grid(NamedTuple):
    """A table.

    Attributes:
        columns: Headings, in capitals.
        rows: Cells, as many as there are columns.
        fold: Index of columns that may fold on a narrow terminal.
        title: A line above, or ``""``.
        readable: Columns that a folding column needs; below, rows are stacked.
        key: The column that heads each card where even the columns that stay above do not fit
            beside each other; without, their line is folded.
        carried: Index of columns where an empty cell means the same as in the row above.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    fold: tuple[int, ...] = ()
    title: str = ""
    readable: int = 32
    key: int | None = None
    carried: tuple[int, ...] = ()


class View(NamedTuple):
    """A whole result: the verdict, facts above the grids, the grids, facts below.

    Attributes:
        picture: Draws what only a terminal shows, given colour and width; ``None`` for nothing.
    """

    verdict: str
    tone: Tone
    above: tuple[Fact, ...] = ()
    grids: tuple[Grid, ...] = ()
    below: tuple[Fact, ...] = ()
    picture: Callable[[bool, int | None], str] | None = None


def cell(text: str, tone: Tone = "") -> TableCell:
    """Return a cell with the control characters of ``text`` escaped."""
    return TableCell(printable(text), tone)
