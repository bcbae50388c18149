"""The order of texts by culture: signs, digits, letters with their marks beside the plain ones.

Windows PowerShell compares texts with the rules of Windows (``word sort``): letters first by
their base, then by marks, then small before capital; a hyphen and an apostrophe count only when
nothing else decides.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = ["collation_key", "culture_fold"]

_SIGNS = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
_PLACES = {char: place for place, char in enumerate(" \t\n\v\f\r" + _SIGNS)}
_IGNORABLE = frozenset("\u200b\u200c\u200d\u00ad\ufeff\0")
_EXPANDED = {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
             "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "TH", "ı": "i"}  # fmt: skip


@lru_cache(maxsize=4096)
def _weights(char: str) -> tuple[tuple[int, int], int, int]:
    """Return a character's base, its case and whether it is a mark."""
    place = _PLACES.get(char)
    if place is not None:
        return (0, place), 0, 0
    if unicodedata.combining(char):
        return (9, ord(char)), 0, 1
    if char.isdigit():
        return (1, int(unicodedata.digit(char, 0))), 0, 0
    lowered = char.lower()
    kind = 2 if char.isalpha() else 0
    place = ord(lowered[0]) if kind else 1000 + ord(char)
    return (kind, place), int(char != lowered), 0


def culture_fold(text: str, *, case: bool) -> str:
    """Return what two texts have in common that are equal by culture."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", "".join(c for c in text if c not in _IGNORABLE))
        text = text.replace("ß", "ss")
    elif "\0" in text:
        text = text.replace("\0", "")
    if case:
        return text
    return text.lower() if text.isascii() else text.casefold()


@lru_cache(maxsize=8192)
def collation_key(text: str, *, case: bool) -> tuple[object, ...]:
    """Return a key that orders texts as Windows does.

    >>> sorted(["b", "A", "a", "B", "1", "_"], key=lambda text: collation_key(text, case=True))
    ['_', '1', 'a', 'A', 'b', 'B']
    >>> sorted(["cop", "co-op", "coop"], key=lambda text: collation_key(text, case=False))
    ['coop', 'co-op', 'cop']
    """
    if not text.isascii():
        text = "".join(_EXPANDED.get(char, char) for char in culture_fold(text, case=True))
        text = unicodedata.normalize("NFD", text)
    bases: list[tuple[int, int]] = []
    marks: list[tuple[int, int]] = []
    cases: list[int] = []
    ignored: list[tuple[int, str]] = []
    for char in text:
        base, upper, mark = _weights(char)
        if mark:
            marks.append((len(bases), base[1]))
        elif char in "-'":
            ignored.append((len(bases), char))
        else:
            bases.append(base)
            cases.append(upper)
    return (tuple(bases), tuple(marks), tuple(cases) if case else (), tuple(ignored))
