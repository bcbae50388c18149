"""Writing strings so that nothing can break out of them."""

from __future__ import annotations

import re

from relaysim.lean import pattern
from relaysim.powershell.language.lexer import DOUBLE_QUOTES, SINGLE_QUOTES
from relaysim.powershell.language.parsing.strings import ESCAPES

__all__ = ["escape_expandable", "quote"]

_CONTROL = {char: f"`{letter}" for letter, char in ESCAPES.items()}
_IN_DOUBLE = pattern(rf"[{DOUBLE_QUOTES}`${re.escape(''.join(_CONTROL))}]")
_NEEDS_DOUBLE = pattern(f"[{re.escape(''.join(_CONTROL))}]")
_IN_SINGLE = pattern(rf"[{SINGLE_QUOTES}]")


def escape_expandable(text: str) -> str:
    """Return ``text`` as it must stand between double quotes to mean exactly itself."""
    return _IN_DOUBLE.sub(lambda match: _CONTROL.get(match.group(), f"`{match.group()}"), text)


def quote(text: str) -> str:
    r"""Return ``text`` as one quoted string of one line.

    Single quotes, in which nothing is ever expanded and every quote character (PowerShell takes
    typographic ones for quotes too) stands twice; double quotes with escapes when a line break or
    another control character would otherwise stand in the script.

    >>> print(quote("It's $(here)"), quote("a\nb`"))
    'It''s $(here)' "a`nb``"
    """
    if _NEEDS_DOUBLE.search(text):
        return f'"{escape_expandable(text)}"'
    return "'" + _IN_SINGLE.sub(lambda match: match.group() * 2, text) + "'"
