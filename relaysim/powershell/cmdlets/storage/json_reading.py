"""JSON as ``ConvertFrom-Json`` of Windows PowerShell reads it: more than the standard allows.

Texts stand between ``"`` or ``'`` and may have line ends in them, names need no quotes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from relaysim.lean import pattern

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["read_json"]

_BLANKS = pattern(r"\s*")
_TOKEN = pattern(r"[^\s,:\[\]{}\"']+")
_WORDS: dict[str, object] = {"null": None, "true": True, "false": False}
_ESCAPES = {
    "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
    '"': '"', "'": "'", "/": "/", "\\": "\\",
}  # fmt: skip


def read_json(text: str, make: Callable[[list[tuple[str, object]]], object]) -> object:
    """Return what a text of JSON holds.

    Args:
        text: The text.
        make: Makes an object of its names and values.

    Raises:
        ValueError: It is no JSON.
    """
    try:
        return json.loads(text, object_pairs_hook=make, strict=False)
    except json.JSONDecodeError:
        return _Reader(text, make).document()


class _Reader:
    """Reads a text that is no JSON of the standard."""

    def __init__(self, text: str, make: Callable[[list[tuple[str, object]]], object]) -> None:
        self._text = text
        self._make = make
        self._at = 0

    def document(self) -> object:
        value = self._value()
        if self._next():
            raise self._wrong()
        return value

    def _next(self) -> str:
        """Return the next character that is no blank, empty at the end."""
        blanks = _BLANKS.match(self._text, self._at)
        self._at = blanks.end() if blanks is not None else self._at
        return self._text[self._at : self._at + 1]

    def _take(self, char: str) -> bool:
        found = self._next() == char
        self._at += found
        return found

    def _wrong(self) -> ValueError:
        return ValueError(f"Invalid JSON primitive: {self._text[self._at : self._at + 40]}.")

    def _value(self) -> object:
        if self._take("{"):
            return self._object()
        if self._take("["):
            return self._list()
        return self._text_between() if self._next() in {'"', "'"} else self._primitive()

    def _object(self) -> object:
        pairs: list[tuple[str, object]] = []
        if self._take("}"):
            return self._make(pairs)
        while True:
            name = self._text_between() if self._next() in {'"', "'"} else self._token()
            if not self._take(":"):
                raise self._wrong()
            pairs.append((name, self._value()))
            if self._take("}"):
                return self._make(pairs)
            if not self._take(","):
                raise self._wrong()

    def _list(self) -> list[object]:
        items: list[object] = []
        if self._take("]"):
            return items
        while True:
            items.append(self._value())
            if self._take("]"):
                return items
            if not self._take(","):
                raise self._wrong()

    def _token(self) -> str:
        self._next()
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            raise self._wrong()
        self._at = found.end()
        return found.group()

    def _primitive(self) -> object:
        token = self._token()
        if token in _WORDS:
            return _WORDS[token]
        try:
            return int(token)
        except ValueError:
            return float(token)

    def _text_between(self) -> str:
        quote = self._next()
        self._at += 1
        pieces: list[str] = []
        while True:
            char = self._text[self._at : self._at + 1]
            self._at += 1
            if not char:
                raise self._wrong()
            if char == quote:
                return "".join(pieces)
            pieces.append(self._escaped() if char == "\\" else char)

    def _escaped(self) -> str:
        char = self._text[self._at : self._at + 1]
        self._at += 1
        if char == "u":
            digits = self._text[self._at : self._at + 4]
            self._at += 4
            return chr(int(digits, 16))
        if char not in _ESCAPES:
            raise self._wrong()
        return _ESCAPES[char]
