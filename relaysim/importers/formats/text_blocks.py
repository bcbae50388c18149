"""Printed text in runs of lines between empty ones: most runs are plain lists, read at once.

A run in which every line is a property, with its colon in one column, or goes on in the column of
the values is what Format-List prints of one object. Such a run is matched as a whole; every other
one goes to the reader line by line, which finds the same in it.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple, cast

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
_SHORT_LINE = 200
_MOST_LINES = 4096
_MOST_LAYOUTS = 256
_FURTHER = "", Value(None)
"""Stands for a line that goes on with a value."""
_LONGEST_RUN = 1 << 20
_LONGEST_LINE = 8 << 20


@lru_cache(maxsize=128)
def _property(column: int) -> re.Pattern[str]:
    """Return the pattern of a line that begins a property whose colon stands in a column."""
    return re.compile(rf"(?=[^:]{{{column}}}:)([A-Za-z_][\w.-]*+) *+:(?: (.*)|)$")


class _KnownLines(dict[str, tuple[str, Value]]):
    """The properties that lines show, where colons stand in one column.

    Thousands of objects share most of their lines, which are read once; of an object only its
    first line tells where they stand.
    """

    def __init__(self, column: int, known: Texts) -> None:
        super().__init__()
        self._pattern = _property(column)
        self._texts = known

    def read(self, line: str) -> tuple[str, Value] | None:
        """Return what a line that is not known yet shows, ``None`` when it is no property."""
        match = self._pattern.match(line)
        if match is None:
            return None
        name = canonical_name(match[1])
        found = name, self.value(name, (match[2] or "").rstrip())
        if len(line) < _SHORT_LINE:
            if len(self) >= _MOST_LINES:
                self.clear()
            self[line] = found
        return found

    def value(self, name: str, text: str) -> Value:
        """Return a value, the items of a list of addresses each kept once."""
        items = self._items(text) if name in _ADDRESSES else None
        return Value(None if items else text or None, items)

    def _items(self, text: str) -> tuple[str, ...] | None:
        """Return the items of a whole list; ``None`` for any other text."""
        if text[:1] != "{" or text[-1:] != "}" or len(text) < 3:
            return None
        if any(mark in text for mark in _MARKS):
            return None
        return tuple(map(self._texts.__getitem__, text[1:-1].split(", ")))


def _joined(pieces: list[str]) -> str | None:
    """Return the text of a list that was wrapped, ``None`` where a line of it is empty."""
    stripped = [piece.strip(" ") for piece in pieces]
    if not all(stripped):
        return None
    return "\n".join(stripped).replace(",\n", ", ").replace("\n", "")


class _PlainList(NamedTuple):
    """What a plain list shows.

    Attributes:
        values: Its properties.
        lines: How far below its first line each of them begins.
        width: The columns that its longest value takes.
    """

    values: dict[str, Value]
    lines: dict[str, int]
    width: int


class _Blocks:
    """Gives runs of lines to the reader, plain lists as objects."""

    def __init__(self, reader: TextReader) -> None:
        self._reader = reader
        self._pending: tuple[str, int, _PlainList] | None = None
        self._lines: dict[int, _KnownLines] = {}
        self._layouts: dict[tuple[tuple[str, ...], tuple[int, ...]], dict[str, int]] = {}
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
            self._pending = (text, self._number, found)
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
            _, number, plain = self._pending
            self._pending, self._empty = None, 0
            self._reader.take_list(plain.values, number, plain.lines, plain.width)

    def _values(self, text: str) -> _PlainList | None:
        """Return what a plain list shows, ``None`` for any other run."""
        first = _FIRST.match(text)
        if first is None or "\x1b" in text:
            return None
        if not first[2] and first[1].casefold() not in PRINTED_NAMES():
            return None
        lines = text.split("\n")
        if len(lines) < 2 or lines[0].count(" :") > 1:
            return None
        column = first.end(2)
        known = self._lines.get(column)
        if known is None:
            known = self._lines[column] = _KnownLines(column, self._known)
        indent = " " * (column + 2)
        # One call asks for all lines; mostly only a name and its addresses are new.
        found = list(map(known.get, lines))
        further: list[int] = []
        for place, shown in enumerate(found):
            if shown is None:
                line = lines[place]
                if line.startswith(indent):
                    further.append(place)
                    found[place] = _FURTHER
                    continue
                found[place] = known.read(line)
                if found[place] is None:
                    return None
        values = dict(cast("list[tuple[str, Value]]", found))
        if further:
            del values[""]
            if not self._take_further(values, further, found, lines, column):
                return None
        if len(values) != len(lines) - len(further):
            return None
        width = max(map(len if text.isascii() else cell_width, lines)) - column - 2
        return _PlainList(values, self._below(tuple(values), tuple(further)), width)

    def _take_further(
        self,
        values: dict[str, Value],
        further: list[int],
        found: list[tuple[str, Value] | None],
        lines: list[str],
        column: int,
    ) -> bool:
        """Give lists their further lines; tell whether each belongs to one that is whole."""
        owners: dict[int, list[str]] = {}
        owner = -1
        for place in further:
            if found[place - 1] is not _FURTHER:
                owner = place - 1
            pieces = owners.setdefault(owner, [lines[owner][column + 2 :]])
            pieces.append(lines[place])
        for owner, pieces in owners.items():
            name = (found[owner] or _FURTHER)[0]
            joined = _joined(pieces)
            if joined is None or not is_token_list(name):
                return False
            values[name] = self._lines[column].value(name, joined)
        return True

    def _below(self, names: tuple[str, ...], further: tuple[int, ...]) -> dict[str, int]:
        """Return how far below the first line each property begins, one value for one layout."""
        found = self._layouts.get((names, further))
        if found is None:
            if len(self._layouts) >= _MOST_LAYOUTS:
                self._layouts.clear()
            places = (n for n in range(len(names) + len(further)) if n not in further)
            found = self._layouts[names, further] = dict(zip(names, places, strict=True))
        return found


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
