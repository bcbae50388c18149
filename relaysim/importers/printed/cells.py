"""Columns of a console: a character of East Asian width takes two."""

from unicodedata import east_asian_width

__all__ = ["as_cells", "cell_width", "cut_cells"]

_FILLER = "\ue000"


def cell_width(text: str) -> int:
    """Return how many columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def as_cells(text: str) -> str:
    """Return a text with one character a column: a wide one is followed by a filler."""
    if text.isascii():
        return text
    return "".join(char + _FILLER if east_asian_width(char) in "WF" else char for char in text)


def cut_cells(cells: str) -> str:
    """Return the text of some columns, without the fillers."""
    return cells.replace(_FILLER, "") if not cells.isascii() else cells
