"""Lists as text: ``Name : value``, one line per property."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.display.cells import split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["list_lines"]

_LEAST = 10
"""The narrowest a value's lines are made, however long the names are."""


def list_lines(names: Sequence[str], cells: Sequence[str], width: int | None) -> list[str]:
    """Return the lines of one object; long values go on under their beginning.

    >>> list_lines(["Name", "Bindings"], ["Relay", "{0.0.0.0:25}"], None)
    ['Name     : Relay', 'Bindings : {0.0.0.0:25}']
    """
    label = max((len(name) for name in names), default=0)
    room = None if width is None else max(_LEAST, width - label - 3)
    lines: list[str] = []
    for name, cell in zip(names, cells, strict=True):
        parts = cell.split("\n") if room is None else split_words(cell, room)
        lines.append(f"{name.ljust(label)} : {parts[0]}".rstrip(" "))
        lines += (f"{' ' * (label + 3)}{part}".rstrip(" ") for part in parts[1:])
    return lines
