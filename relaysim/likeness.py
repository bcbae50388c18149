"""Which of many names a misspelt one is most like."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

__all__ = ["most_alike"]

_ALIKE = 0.6
"""Of the letters of two names that are spelt alike, the part that both have at least."""
_LONGEST = 300
"""Nobody misspells a longer name, and two of a megabyte take hours to compare."""
_OFTEN = 8
"""So often a letter of a name is told from the same letter before it."""


def most_alike(asked: str, names: Iterable[str]) -> str | None:
    """Return the name that is spelt most like ``asked``, or ``None``.

    It is the one that ``difflib.get_close_matches`` finds, which takes some ten milliseconds for a
    thousand names. The letters that two words share say at once how alike they are at most.

    >>> most_alike("bindigs", ["bindings", "banner"])
    'bindings'
    """
    size = len(asked)
    if not 0 < size <= _LONGEST:
        return None
    letters, others = _letters(asked)
    likely = []
    for name in names:
        both = size + len(name)
        if both > size + _LONGEST:
            continue
        theirs, further = _letters(name)
        shared = 2 * ((letters & theirs).bit_count() + min(others, further))
        if shared >= _ALIKE * both:
            likely.append((shared / both, name))
    best, found = _ALIKE, None
    matcher = SequenceMatcher()
    matcher.set_seq2(asked)
    for most, name in sorted(likely, reverse=True):
        if most < best:
            break
        matcher.set_seq1(name)
        alike = matcher.ratio()
        if alike > best or (alike == best and (found is None or name > found)):
            best, found = alike, name
    return found


@lru_cache(4096)
def _letters(name: str) -> tuple[int, int]:
    """Return a bit for each letter of a name, and how many characters are not among them.

    The second `a` has another bit than the first.
    """
    often: dict[str, int] = {}
    bits = others = 0
    for char in name:
        seen = often[char] = often.get(char, -1) + 1
        if seen < _OFTEN and char.isascii():
            bits |= 1 << ord(char) * _OFTEN + seen
        else:
            others += 1
    return bits, others
