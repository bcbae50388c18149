"""Printed text in runs of lines between empty ones: most runs are plain lists, read at once.

A run in which every line is a property, with its colon in one column, or goes on in the column of
the values is what Format-List prints of one object. Such a run is matched as a whole; every other
one goes to the reader line by line, which finds the same in it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import cast

from relaysim.errors import InvalidConfiguration, Problem
from relaysim.importers.printed.cells import cell_width
from relaysim.importers.printed.known_lines import KnownLines, joined
from relaysim.importers.printed.moulds import Mould, PlainList
from relaysim.importers.printed.text import TextReader
from relaysim.importers.records import (
    PRINTED_NAMES,
    ReadingNote,
    Record,
    Texts,
    Value,
    is_token_list,
)

__all__ = ["read_text_blocks"]

_FIRST = re.compile(r"([A-Za-z_][\w.-]*)( *):(?: |$)", re.MULTILINE)
_MOST_LAYOUTS = 256
_MOST_MOULDS = 64
_FEWEST = 8
"""So many properties an object has at least whose kind is worth a mould."""
_FURTHER = "", Value(None)
"""Stands for a line that goes on with a value."""
_LONGEST_RUN = 1 << 20
_LONGEST_LINE = 8 << 20


class _Blocks:
    """Gives runs of lines to the reader, plain lists as objects."""

    def __init__(self, reader: TextReader) -> None:
        self._reader = reader
        self._pending: tuple[str, int, PlainList] | None = None
        self._lines: dict[int, KnownLines] = {}
        self._mould: Mould | None = None
        self._moulds: dict[tuple[str, ...], Mould] = {}
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

    def _values(self, text: str) -> PlainList | None:
        """Return what a plain list shows, ``None`` for any other run."""
        first = _FIRST.match(text)
        if first is None or "\x1b" in text:
            return None
        if not first[2] and first[1].casefold() not in PRINTED_NAMES():
            return None
        end = text.find("\n")
        if end < 0 or text.count(" :", 0, end) > 1:
            return None
        column = first.end(2)
        plain = text.isascii()
        if plain and self._mould is not None and self._mould.column == column:
            found = self._mould.read(text)
            if found is not None:
                return found
        known = self._lines.get(column)
        if known is None:
            known = self._lines[column] = KnownLines(column, self._known)
        lines = text.split("\n")
        found = self._read(lines, known)
        if plain and found is not None and len(found.values) >= _FEWEST:
            self._take_mould(found, lines, known)
        return found

    def _take_mould(self, shown: PlainList, lines: list[str], known: KnownLines) -> None:
        """Read the next object as this one, if it is laid out alike."""
        labels = tuple(lines[place][: known.column + 1] for place in shown.lines.values())
        found = self._moulds.get(labels)
        if found is None:
            if len(self._moulds) >= _MOST_MOULDS:
                self._moulds.clear()

            def read(text: str) -> PlainList | None:
                return self._read(text.split("\n"), known)

            found = self._moulds[labels] = Mould(tuple(shown.values), labels, known, read)
        self._mould = found

    def _read(self, lines: list[str], known: KnownLines) -> PlainList | None:
        """Return what lines show of which each is a property or goes on with one."""
        indent = " " * (known.column + 2)
        # One call asks for all lines; mostly only a name and its addresses are new.
        found = list(map(known.get, lines))
        further: list[int] = []
        for place, shown in enumerate(found):
            if shown is None:
                line = lines[place]
                if line.startswith(indent) and place:
                    further.append(place)
                    found[place] = _FURTHER
                    continue
                found[place] = known.read(line)
                if found[place] is None:
                    return None
        values = dict(cast("list[tuple[str, Value]]", found))
        if further:
            del values[""]
            if not self._take_further(values, further, found, lines, known):
                return None
        if len(values) != len(lines) - len(further):
            return None
        wide = len if all(map(str.isascii, lines)) else cell_width
        width = max(map(wide, lines)) - known.column - 2
        return PlainList(values, self._below(tuple(values), tuple(further)), width)

    def _take_further(
        self,
        values: dict[str, Value],
        further: list[int],
        found: list[tuple[str, Value] | None],
        lines: list[str],
        known: KnownLines,
    ) -> bool:
        """Give lists their further lines; tell whether each belongs to one that is whole."""
        owners: dict[int, list[str]] = {}
        owner = -1
        for place in further:
            if found[place - 1] is not _FURTHER:
                owner = place - 1
            pieces = owners.setdefault(owner, [lines[owner][known.column + 2 :]])
            pieces.append(lines[place])
        for owner, pieces in owners.items():
            name = (found[owner] or _FURTHER)[0]
            text = joined(pieces)
            if text is None or not is_token_list(name):
                return False
            values[name] = known.value(name, text)
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
