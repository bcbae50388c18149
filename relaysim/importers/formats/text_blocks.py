"""Printed text in runs of lines between empty ones: most runs are plain lists, read at once.

A run in which every line is a property, with its colon in one column, or goes on in the column of
the values is what Format-List prints of one object. Such a run is matched as a whole; every other
one goes to the reader line by line, which finds the same in it.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from relaysim.errors import InvalidConfiguration, Problem
from relaysim.importers.formats.cells import cell_width
from relaysim.importers.formats.text import TextReader
from relaysim.importers.records import (
    PRINTED_NAMES,
    ReadingNote,
    Record,
    Texts,
    Value,
    canonical_name,
    is_token_list,
)

__all__ = ["read_text_blocks"]

_FIRST = re.compile(r"([A-Za-z_][\w.-]*)( *):(?: |$)", re.MULTILINE)
_MARKS = (" - ", ";", "...", "\N{HORIZONTAL ELLIPSIS}")
_ADDRESSES = frozenset({"Bindings", "RemoteIPRanges"})
_LONGEST_RUN = 1 << 20
_LONGEST_LINE = 8 << 20


@lru_cache(maxsize=128)
def _property(column: int) -> re.Pattern[str]:
    """Return the pattern of a property whose colon stands in a column, with its further lines."""
    return re.compile(
        rf"^(?=[^:\n]{{{column}}}:)([A-Za-z_][\w.-]*+) *+:"
        rf"(?: (.*(?:\n {{{column + 2}}}.*)*)|)$",
        re.MULTILINE,
    )


def _unwrapped(text: str, column: int) -> str:
    """Return the lines of a value without the blanks at their ends and before them."""
    text = text.replace("\n" + " " * column, "\n")
    while " \n" in text:
        text = text.replace(" \n", "\n")
    while "\n " in text:
        text = text.replace("\n ", "\n")
    return text


class _Blocks:
    """Gives runs of lines to the reader, plain lists as objects."""

    def __init__(self, reader: TextReader) -> None:
        self._reader = reader
        self._pending: tuple[str, int, dict[str, Value], int] | None = None
        self._empty = 0
        self._known = Texts()
        self._number = 1
        self._is_begun = False

    def feed(self, text: str, file: str) -> str:
        """Take all lines of a text but those of the last run; return these."""
        place = 0
        while place < len(text):
            if text[place] == "\n":
                self.empty()
                place += 1
                continue
            end = text.find("\n\n", place)
            if end < 0:
                break
            self.run(text[place:end])
            place = end + 1
        rest = text[place:]
        if len(rest) < _LONGEST_RUN:
            return rest
        last = rest.rfind("\n")
        if last > 0:
            # A run of any length, a table perhaps: what is there of it is read by lines.
            self.end()
            self._is_begun = True
            self.lines(rest[:last])
        elif len(rest) > _LONGEST_LINE:
            raise InvalidConfiguration(
                Problem(
                    f"a line of more than {_LONGEST_LINE >> 20} MB", file=file, line=self._number
                )
            )
        return rest[last + 1 :]

    def finish(self, rest: str) -> None:
        """Take the last run, and the end of the text."""
        if rest.rstrip("\n"):
            self.run(rest.rstrip("\n"))
        self.end()

    def run(self, text: str) -> None:
        """Take a run of lines; an empty one comes before and behind."""
        if self._pending is not None:
            if text[0] in " \t":
                self._again()
            else:
                self.end()
        found = None
        if not self._is_begun and text[0] not in " \t" and self._reader.is_free():
            found = self._values(text)
        self._is_begun = False
        if found is None:
            self.lines(text)
        else:
            self._pending = (text, self._number, *found)
            self._number += text.count("\n") + 1

    def _again(self) -> None:
        """Give the reader the lines of the object that waits: a value goes on behind a gap."""
        if self._pending is None:
            return
        text, number, *_ = self._pending
        after, self._number, self._pending = self._number, number, None
        self.lines(text)
        for _ in range(self._empty):
            self._reader.feed("", self._number)
        self._number, self._empty = after, 0

    def lines(self, text: str) -> None:
        """Give some lines to the reader one by one."""
        feed, number = self._reader.feed, self._number
        for line in text.split("\n"):
            feed(line.rstrip("\r"), number)
            number += 1
        self._number = number

    def empty(self) -> None:
        """Take an empty line."""
        self._is_begun = False
        if self._pending is None:
            self._reader.feed("", self._number)
        else:
            self._empty += 1
        self._number += 1

    def end(self) -> None:
        """Give the object that waits to the reader."""
        if self._pending is not None:
            _, number, values, width = self._pending
            self._pending, self._empty = None, 0
            self._reader.take_list(values, number, width)

    def _values(self, text: str) -> tuple[dict[str, Value], int] | None:
        """Return the values of a plain list and their width, ``None`` for any other run."""
        first = _FIRST.match(text)
        if first is None or "\x1b" in text:
            return None
        if not first[2] and first[1].casefold() not in PRINTED_NAMES():
            return None
        line = text[: text.find("\n")] if "\n" in text else ""
        if line.count(" :") > 1 or not line:
            return None
        found = _property(first.end(2)).findall(text)
        values: dict[str, Value] = {}
        number = began = self._number
        for raw, value in found:
            name = canonical_name(raw)
            if "\n" in value:
                further = value.count("\n")
                joined = _unwrapped(value, first.end(2) + 2)
                if not is_token_list(name) or "\n\n" in joined:
                    return None
                text_of = joined.replace(",\n", ", ").replace("\n", "").rstrip()
            else:
                further = 0
                text_of = value.rstrip()
            items = self._items(text_of) if name in _ADDRESSES else None
            values[name] = Value(None if items else text_of or None, items, number)
            number += 1 + further
        if len(values) != len(found) or number - began != text.count("\n") + 1:
            return None
        width = max(map(cell_width, text.split("\n"))) - first.end(2) - 2
        return values, width

    def _items(self, text: str) -> tuple[str, ...] | None:
        """Return the items of a whole list, each text kept once; ``None`` for any other."""
        if text[:1] != "{" or text[-1:] != "}" or len(text) < 3:
            return None
        if any(mark in text for mark in _MARKS):
            return None
        return tuple(map(self._known.__getitem__, text[1:-1].split(", ")))


def read_text_blocks(
    chunks: Iterable[str], file: str, notes: list[ReadingNote]
) -> Iterator[Record]:
    """Yield the objects of a text, in order.

    Args:
        chunks: The text, some of it at a time.
        file: Its name, for places.
        notes: Takes what else is to be said.

    Raises:
        InvalidConfiguration: A line longer than any export has.
    """
    reader = TextReader(file)
    blocks = _Blocks(reader)
    rest = ""
    for chunk in chunks:
        rest = blocks.feed((rest + chunk).replace("\r\n", "\n"), file)
        if reader.found:
            yield from reader.found
            reader.found.clear()
    blocks.finish(rest)
    reader.end()
    yield from reader.found
    notes.extend(reader.notes)
