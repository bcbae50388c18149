"""Bars on a terminal: letters that mean the same without colour, and a legend."""

from collections.abc import Iterable
from itertools import groupby

from rich.console import Console
from rich.text import Text

from relaysim.errors import printable
from relaysim.render.view import Mark, Strip

__all__ = ["print_strips"]

_WIDEST = 100
_HARMLESS_FIRST = ("empty", "solid", "stripes", "dots", "hatch")


def print_strips(console: Console, strips: Iterable[Strip], width: int | None) -> None:
    """Print bars as wide as the terminal, each below its label, and what their letters mean."""
    columns = max(10, min(width or _WIDEST, _WIDEST))
    legend: dict[Mark, None] = {}
    for strip in strips:
        console.print(Text(printable(strip.label), style="dim"))
        bar = Text()
        for mark, cells in groupby(_cells(strip, columns)):
            bar.append(mark.letter * len(list(cells)), style=mark.style)
        console.print(bar)
        legend |= dict.fromkeys(strip.legend())
    words = ", ".join(f"{mark.letter} {mark.words}" for mark in legend)
    console.print(Text(words, style="dim"))


def _cells(strip: Strip, columns: int) -> list[Mark]:
    """Return the mark of each cell; where pieces share one, the most dangerous of them."""
    pieces = strip.pieces
    if len(pieces) > columns:
        found: list[Mark] = []
        for place in range(columns):
            low, high = place * len(pieces) // columns, (place + 1) * len(pieces) // columns
            found.append(max((mark for mark, _ in pieces[low:high]), key=_danger))
        return found
    total = sum(share for _, share in pieces)
    sizes = [max(1, share * columns // total) for _, share in pieces]
    while sum(sizes) > columns:
        sizes[sizes.index(max(sizes))] -= 1
    return [mark for (mark, _), size in zip(pieces, sizes, strict=True) for _ in range(size)]


def _danger(mark: Mark) -> int:
    return _HARMLESS_FIRST.index(mark.form)
