"""What single lines of printed lists show: each line once, however many objects have it."""

import re
from functools import lru_cache

from relaysim.importers.printed.wrapping import join_tokens
from relaysim.importers.records import Texts, TextValues, Value, canonical_name

__all__ = ["KnownLines", "joined"]

_MARKS = (" - ", ";", "...", "\N{HORIZONTAL ELLIPSIS}")
_ADDRESSES = frozenset({"Bindings", "RemoteIPRanges"})
_UNIQUE = frozenset({"Name", "Identity", "DistinguishedName", "Guid", "Id"})
"""Properties of which no two objects have the same value."""
_SHORT_LINE = 200
_MOST_LINES = 4096
_MOST_CHARACTERS = 8 << 20


@lru_cache(maxsize=128)
def _property(column: int) -> re.Pattern[str]:
    """Return the pattern of a line that begins a property whose colon stands in a column."""
    return re.compile(rf"(?=[^:]{{{column}}}:)([A-Za-z_][\w.-]*+) *+:(?: (.*)|)$")


class KnownLines(dict[str, tuple[str, Value]]):
    """The properties that lines show, where colons stand in one column.

    Thousands of objects share most of their lines, which are read once; of an object only its
    first line tells where they stand.
    """

    def __init__(self, column: int, known: Texts) -> None:
        super().__init__()
        self.column = column
        self._pattern = _property(column)
        self._texts = known
        self._lists: dict[str, Value] = {}
        self._others = TextValues()
        self._characters = 0

    def read(self, line: str) -> tuple[str, Value] | None:
        """Return what a line that is not known yet shows, ``None`` when it is no property."""
        match = self._pattern.match(line)
        if match is None:
            return None
        name = canonical_name(match[1])
        found = name, self.value(name, (match[2] or "").strip())
        if len(line) < _SHORT_LINE:
            if len(self) >= _MOST_LINES:
                self.clear()
            self[line] = found
        return found

    def value(self, name: str, text: str) -> Value:
        """Return a value, the items of a list of addresses each kept once."""
        if name in _UNIQUE:
            return Value(text or None)
        if name not in _ADDRESSES:
            return self._others[text]
        found = self._lists.get(text)
        if found is None:
            items = self._items(text)
            found = Value(None if items else text or None, items)
            if self._characters > _MOST_CHARACTERS:
                self._lists.clear()
                self._characters = 0
            self._lists[text] = found
            self._characters += len(text)
        return found

    def _items(self, text: str) -> tuple[str, ...] | None:
        """Return the items of a whole list; ``None`` for any other text."""
        if text[:1] != "{" or text[-1:] != "}" or len(text) < 3:
            return None
        if any(mark in text for mark in _MARKS):
            return None
        return tuple(map(self._texts.__getitem__, text[1:-1].split(", ")))


def joined(pieces: list[str]) -> str | None:
    """Return the text of a list that was wrapped, ``None`` where a line of it is empty."""
    stripped = [piece.strip(" ") for piece in pieces]
    if not all(stripped):
        return None
    if stripped[0][0] != "{":
        return join_tokens(stripped)
    return "\n".join(stripped).replace(",\n", ", ").replace("\n", "")
