"""What one property of one object looks like: its text, its side, its cut."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from relaysim.errors import printable
from relaysim.lean import later, pattern
from relaysim.powershell.values.conversion import screen_text, to_text
from relaysim.powershell.values.type_names import full_name
from relaysim.powershell.values.value import (
    EnumValue,
    HashTable,
    ShellObject,
    TypeValue,
)

if TYPE_CHECKING:
    from relaysim.powershell.values.net_time import in_culture
    from relaysim.powershell.values.value import Value
else:
    (in_culture,) = later(globals(), "relaysim.powershell.values.net_time", "in_culture")

__all__ = [
    "ELLIPSIS",
    "Side",
    "cell_text",
    "culture_text",
    "cut_lines",
    "fitted",
    "side_of",
    "split_words",
]

ELLIPSIS = "..."
"""What stands for what was cut: three points in Windows PowerShell 5.1, one character from 6.2."""

_MAX_LINES = 10_000


class Side(StrEnum):
    """Where a text stands in a column that is wider."""

    LEFT = "left"
    RIGHT = "right"
    CENTER = "center"


def side_of(value: Value) -> Side:
    """Return the side of a column whose first value is ``value``.

    Numbers, Boolean values and enumerations stand to the right; texts, lists, dates, addresses
    and ``$null`` to the left.

    >>> side_of(25).value, side_of(True).value, side_of("25").value
    ('right', 'right', 'left')
    """
    if isinstance(value, int | float | Decimal | EnumValue):
        return Side.RIGHT
    if isinstance(value, ShellObject) and value.type.right:
        return Side.RIGHT
    return Side.RIGHT if getattr(value, "right_in_tables", False) else Side.LEFT


def cell_text(value: Value, limit: int) -> str:
    """Return a property as tables and lists show it: collections in braces.

    Line breaks stay, other control characters are shown as escapes.

    Args:
        value: The property.
        limit: How many items of a collection are shown; negative: all.

    >>> cell_text(["a", None, 3], 16), cell_text([1, 2, 3], 2)
    ('{a, $null, 3}', '{1, 2...}')
    """
    if isinstance(value, HashTable):
        value = list(value)
    if isinstance(value, list):
        shown = [
            "$null" if item is None else _item_text(item)
            for item in (value if limit < 0 else value[:limit])
        ]
        if len(shown) < len(value):
            return _visible("{" + ", ".join(shown) + ELLIPSIS + "}")
        return _visible("{" + ", ".join(shown) + "}")
    return _visible(culture_text(value))


_NAMED = frozenset(
    {
        "System.Text.RegularExpressions.Match", "System.Text.RegularExpressions.Group",
    }
)  # fmt: skip
"""Types whose text is that of another type: in a collection they are shown by their names."""


def _item_text(item: Value) -> str:
    if isinstance(item, ShellObject) and item.type.name in _NAMED:
        return to_text(item.get("Name"))
    return culture_text(item)


def culture_text(value: Value) -> str:
    """Return a text as views and files have it: a date by culture, unlike ``"$date"``."""
    if isinstance(value, ShellObject):
        return in_culture(value)
    return full_name(value.name) if isinstance(value, TypeValue) else screen_text(value)


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(map(_shown_part, _SPACES.split(line))) for line in lines)


_SPACES = pattern("([\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000])")


def _shown_part(part: str) -> str:
    return part if len(part) == 1 and part.isspace() else printable(part)


def cut_lines(text: str) -> str:
    """Return the first line of ``text``, with the mark of a cut when there were more.

    >>> cut_lines("two" + chr(10) + "lines")
    'two...'
    """
    first, broken, _ = text.partition("\n")
    return first + ELLIPSIS if broken else text


def fitted(text: str, width: int, side: Side) -> str:
    """Return ``text`` in exactly ``width`` columns, cut or filled with blanks.

    A text that stands to the right loses its beginning.

    >>> fitted("abcdefgh", 6, Side.LEFT), fitted("abcdefgh", 6, Side.RIGHT)
    ('abc...', '...fgh')
    """
    if len(text) > width:
        kept = width - len(ELLIPSIS)
        if side is Side.RIGHT:
            return ELLIPSIS + text[-kept:] if kept > 0 else text[-width:]
        return text[:kept] + ELLIPSIS if kept > 0 else text[:width]
    match side:
        case Side.RIGHT:
            return text.rjust(width)
        case Side.CENTER:
            before = (width - len(text)) // 2
            return (" " * before + text).ljust(width)
        case _:
            return text.ljust(width)


def split_words(text: str, width: int) -> list[str]:
    """Return ``text`` in lines of at most ``width`` columns, broken after blanks where possible.

    >>> split_words("one two three", 8)
    ['one two ', 'three']
    """
    lines: list[str] = []
    for line in text.split("\n"):
        lines += _wrapped(line, max(1, width))
        if len(lines) > _MAX_LINES:
            break
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    current = ""
    for word in _words(text):
        if len(word) > width:
            current += word
            while len(current) > width:
                lines.append(current[:width])
                current = current[width:]
            continue
        if len(current) + len(word) > width:
            lines.append(current)
            current = ""
        current += word
    return [*lines, current]


def _words(text: str) -> list[str]:
    words: list[str] = []
    start = 0
    for at, char in enumerate(text):
        if char in " \t":
            words.append(text[start : at + 1])
            start = at + 1
    return [*words, text[start:]] if start < len(text) else words
