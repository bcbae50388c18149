"""Plain text: aligned ASCII layout for pipes, files and CI logs; never wrapped, never cut.

Text from configurations keeps its own characters; nothing is added beyond ASCII.
"""

from collections.abc import Iterable, Sequence
from itertools import repeat, zip_longest

from relaysim.errors import printable
from relaysim.render.view import Fact, View

__all__ = ["aligned", "display_width", "no_formula", "render_plain"]


def render_plain(view: View) -> str:
    """Return the view as text that ends in a line break."""
    blocks = [printable(view.verdict)]
    if view.above:
        blocks.append(_facts(view.above))
    for grid in view.grids:
        rows = [list(grid.columns), *([cell.text for cell in row] for row in grid.rows)]
        table = "\n".join(aligned(rows))
        blocks.append(f"{grid.title}\n{table}" if grid.title else table)
    if view.below:
        blocks.append(_facts(view.below))
    return "\n\n".join(blocks) + "\n"


def aligned(rows: Iterable[Sequence[str]], gap: int = 2) -> list[str]:
    """Return lines with the columns padded to the widest entry and no trailing blanks.

    >>> aligned([["A", "B"], ["long", "x"]])
    ['A     B', 'long  x']
    """
    columns: list[Iterable[str]] = list(zip_longest(*rows, fillvalue=""))
    columns[:-1] = [_filled(tuple(column), gap) for column in columns[:-1]]
    return [line.rstrip() for line in map("".join, zip(*columns, strict=True))]


def _filled(column: Sequence[str], gap: int) -> Iterable[str]:
    """Return the entries of a column with blanks behind them, all equally wide."""
    if all(map(str.isascii, column)):
        return map(str.ljust, column, repeat(max(map(len, column)) + gap))
    widths = [display_width(text) for text in column]
    widest = max(widths) + gap
    return [text + " " * (widest - width) for text, width in zip(column, widths, strict=True)]


def no_formula(text: str) -> str:
    """Return a cell that a spreadsheet shows as it stands, and never computes.

    >>> no_formula("=1+1"), no_formula("10.0.0.5")
    ("'=1+1", '10.0.0.5')
    """
    # Behind blanks and control characters the first sign counts as well.
    return f"'{text}" if text.lstrip()[:1] in _FORMULA and text.strip() else text


_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Signs that begin a formula, and their full-width forms."""


def display_width(text: str) -> int:
    """Return the number of terminal columns a text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(
        0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text
    )


def _facts(facts: Iterable[Fact]) -> str:
    rows = []
    for fact in facts:
        for index, line in enumerate(fact.lines):
            rows.append([fact.label if index == 0 else "", printable(line)])
    return "\n".join(aligned(rows))
