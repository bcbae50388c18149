"""What a result says, before it is laid out: one document for plain text and for Rich.

Renderers decide about columns and colour; the words are all here already.
"""

from collections.abc import Callable
from typing import NamedTuple

from relaysim.errors import printable

__all__ = ["Fact", "Grid", "Mark", "Strip", "TableCell", "Tone", "View", "cell"]

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
        caption: What a page calls the table when there is no title.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    fold: tuple[int, ...] = ()
    title: str = ""
    readable: int = 32
    key: int | None = None
    carried: tuple[int, ...] = ()
    caption: str = ""


class Mark(NamedTuple):
    """What a piece of a bar is, the same on a terminal and on a page.

    Attributes:
        letter: One character, what a terminal without colour shows.
        style: How a terminal colours it.
        words: What it means.
        form: How a page draws it: ``empty``, ``dots``, ``solid``, ``stripes`` or ``hatch``; what
            is dangerous stands out by form, not by colour alone.
    """

    letter: str
    style: str
    words: str
    form: str


class Strip(NamedTuple):
    """A bar of pieces side by side.

    Attributes:
        label: What it is about.
        pieces: Each with its share of the length; a share is never drawn as nothing.
    """

    label: str
    pieces: tuple[tuple[Mark, int], ...]

    def legend(self) -> tuple[Mark, ...]:
        """Return the marks that occur, in the order in which they do."""
        return tuple(dict.fromkeys(mark for mark, _ in self.pieces))


class View(NamedTuple):
    """A whole result: the verdict, facts above the grids, the grids, facts below.

    Attributes:
        strips: Bars that stand beside the words on a terminal and on a page.
        picture: Draws what only a terminal shows, given colour and width; ``None`` for nothing.
    """

    verdict: str
    tone: Tone
    above: tuple[Fact, ...] = ()
    grids: tuple[Grid, ...] = ()
    below: tuple[Fact, ...] = ()
    strips: tuple[Strip, ...] = ()
    picture: Callable[[bool, int | None], str] | None = None


def cell(text: str, tone: Tone = "") -> TableCell:
    """Return a cell with the control characters of ``text`` escaped."""
    return TableCell(printable(text), tone)
