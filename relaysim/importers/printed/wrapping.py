r"""Joining a value that the console broke over several lines.

Where a line ends with a blank the break came behind a word and the blank is the one that was there.
Without it, a line as wide as the column was cut inside a word; a shorter one lost its blank, or
the value itself has several lines. In a list of addresses or names no item holds a blank, so that
there only the commas count.

Source: FMTLIST.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from relaysim.importers.printed.cells import cell_width

__all__ = ["join_lines", "join_tokens"]

_V4 = r"\d{1,3}(?:\.\d{1,3}){3}"
_WHOLE_ADDRESS = re.compile(rf"\s*{_V4}(?:/\d{{1,2}}|:\d+|\({_V4}\)|\s?-\s?{_V4})?\s*$")
"""An address, range or binding of IPv4: a line that the console cut is none with its next one."""


def join_tokens(pieces: Sequence[str]) -> str:
    """Return the text of a list or enumeration: its items hold no blank.

    Addresses that each have a line of their own, as a script joins them, are a list too.

    >>> join_tokens(["{10.0.5.0/24, fd00:5::/6", "4, 10.0.0.1}"])
    '{10.0.5.0/24, fd00:5::/64, 10.0.0.1}'
    >>> join_tokens(["10.0.5.0/24", "10.0.0.1"])
    '10.0.5.0/24, 10.0.0.1'
    """
    if len(pieces) > 1 and all(map(_WHOLE_ADDRESS.match, pieces)):
        return ", ".join(map(str.strip, pieces))
    text = pieces[0].rstrip()
    for piece in pieces[1:]:
        text += (" " if text.endswith((",", ";")) else "") + piece.strip()
    return text


def join_lines(pieces: Sequence[str], width: int) -> str:
    r"""Return the text of a value that may hold blanks and line breaks.

    Args:
        pieces: Its lines, blanks at their ends kept.
        width: The columns that a line could take, as far as they are known; 0 when they are not.

    >>> join_lines(["first line", "second"], 40), join_lines(["a longer ", "word"], 9)
    ('first line\nsecond', 'a longer word')
    """
    text = pieces[0]
    for before, piece in pairwise(pieces):
        text += _joint(before, piece, width) + piece
    return text.rstrip(" ")


def _joint(before: str, piece: str, width: int) -> str:
    if not piece.strip() or not before.strip():
        return "\n"
    if before.endswith(" "):
        return ""
    taken = cell_width(before)
    if width and taken >= width:
        return ""
    word = piece.split(" ", 1)[0]
    # A word that would still have fitted was not broken by the console.
    if width and taken + 1 + cell_width(word) <= width:
        return "\n"
    return " "
