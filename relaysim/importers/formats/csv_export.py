"""CSV: Export-Csv, ConvertTo-Csv and what scripts make of them.

Source: EXPCSV.
"""

import csv
import re
from collections.abc import Iterable, Iterator

from relaysim.errors import InvalidConfiguration, Problem
from relaysim.importers.formats.nodes import plain_type
from relaysim.importers.records import (
    NO_CONTEXT,
    PRINTED_NAMES,
    OutputContext,
    ReadingNote,
    Record,
    TextValues,
    canonical_name,
    classify,
    kind_of_type,
)
from relaysim.importers.shared_values import Sharing

__all__ = ["header_delimiter", "read_csv"]

_TYPE = re.compile(r"^\ufeff?#TYPE\s+(\S+)")


def header_delimiter(line: str) -> str | None:
    """Return what separates the columns of a header, ``None`` when the line is none.

    A header has at least two names that objects are printed with.

    >>> header_delimiter('"Name";"Bindings";"Enabled"')
    ';'
    """
    for delimiter in (",", ";", "\t", "|"):
        if delimiter not in line:
            continue
        try:
            names = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        if _is_header(names):
            return delimiter
    return None


def _is_header(cells: list[str]) -> bool:
    """Tell whether cells are the names of columns."""
    known = PRINTED_NAMES()
    told = sum(canonical_name(cell).casefold() in known for cell in cells)
    return told >= 2 and 2 * told >= len(cells)


class _Lines:
    """Lines with their line breaks, counted; the head before the header is taken off."""

    def __init__(self, lines: Iterable[str], first: int) -> None:
        self._lines = iter(lines)
        self.number = first

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        return line.replace("\0", "")


def read_csv(
    lines: Iterable[str],
    file: str,
    notes: list[ReadingNote],
    *,
    context: OutputContext = NO_CONTEXT,
    first: int = 0,
) -> Iterator[Record]:
    """Yield the objects of a CSV text, in order.

    Args:
        lines: Its lines, with their line breaks, from the header or the ``#TYPE`` line on.
        file: Its name, for places.
        notes: Takes what rows could not be read as they stand.
        context: The command that printed it.
        first: How many lines come before.

    Raises:
        InvalidConfiguration: A cell of more than 128 KB, or a quotation mark that never ends.
    """
    source = _Lines(lines, first)
    table = _Table(file, context)
    for line in source:
        match = _TYPE.match(line)
        if match:
            table.type_name = plain_type(match[1])
        elif line.strip() and not line.startswith("#"):
            header = line.lstrip("\ufeff").strip()
            break
    else:
        return
    delimiter = header_delimiter(header) or ","
    began = source.number
    try:
        table.head(next(csv.reader([header], delimiter=delimiter), []))
        for row in csv.reader(source, delimiter=delimiter):
            start, began = began + 1, source.number
            if not table.takes(row):
                continue
            record = table.record(row, start, notes)
            if record is not None:
                yield record
    except csv.Error as error:
        raise InvalidConfiguration(
            Problem(f"is no readable CSV ({error})", file=file, line=source.number)
        ) from None


class _Table:
    """The rows below one header, or below several: one export may be appended to another."""

    def __init__(self, file: str, context: OutputContext) -> None:
        self._file, self._context = file, context
        self.type_name = ""
        self._names: list[str] = []
        self._heads: set[str] = set()
        self._cells = TextValues()
        self._sharing = Sharing()

    def head(self, cells: list[str]) -> None:
        """Take the names of the columns."""
        self._names = [canonical_name(cell) for cell in cells]
        self._heads |= {*map(str.strip, cells), *PRINTED_NAMES().values()}

    def takes(self, row: list[str]) -> bool:
        """Tell whether a row is of an object; another header or type is taken here."""
        if not row or (len(row) == 1 and not row[0].strip()):
            return False
        match = _TYPE.match(row[0])
        if match is not None:
            self.type_name = plain_type(match[1])
            return False
        if row[0].strip() in self._heads and _is_header(row):
            self.head(row)
            return False
        return True

    def record(self, row: list[str], line: int, notes: list[ReadingNote]) -> Record | None:
        """Return the object of a row, ``None`` where its cells cannot be told apart."""
        names = self._names
        fitted: list[str] | None = row
        if len(row) != len(names):
            fitted = _fitted(row, len(names))
            notes.append(_shifted(self._file, line, len(row), len(names), read=fitted is not None))
        if fitted is None:
            return None
        values = dict(zip(names, map(self._cells.__getitem__, fitted), strict=True))
        values.pop("", None)
        kind = kind_of_type(self.type_name) or classify(values, self._context)
        # All cells are of the line that the row begins in.
        shared = self._sharing.share(values, 0)
        return Record(kind, shared, self._file, line, "CSV", self.type_name, self._context)


def _fitted(row: list[str], width: int) -> list[str] | None:
    """Return a row whose unquoted lists were cut at their commas, put together again.

    PowerShell writes a blank behind a comma only inside a value.
    """
    found: list[str] = []
    for text in row:
        if text.startswith(" ") and found:
            found[-1] += "," + text
        else:
            found.append(text)
    return found if len(found) == width else None


def _shifted(file: str, line: int, cells: int, columns: int, *, read: bool) -> ReadingNote:
    what = (
        "cells that begin with a blank were taken as a part of the one before"
        if read
        else "the row was left out"
    )
    return ReadingNote(
        "ambiguous",
        f"{file}: the row has {cells} cells and the header {columns} columns, its quotation marks "
        f"are missing; {what}; export again with `-UseQuotes Always` to be sure",
        file,
        line,
    )
