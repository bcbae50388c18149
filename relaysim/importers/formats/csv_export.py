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
    Value,
    canonical_name,
    classify,
    kind_of_type,
)

__all__ = ["header_delimiter", "read_csv"]

_TYPE = re.compile(r"^\ufeff?#TYPE\s+(\S+)")


def header_delimiter(line: str) -> str | None:
    """Return what separates the columns of a header, ``None`` when the line is none.

    A header has at least two names that objects are printed with.

    >>> header_delimiter('"Name";"Bindings";"Enabled"')
    ';'
    """
    known = PRINTED_NAMES()
    for delimiter in (",", ";", "\t", "|"):
        if delimiter not in line:
            continue
        try:
            names = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        told = sum(canonical_name(name).casefold() in known for name in names)
        if told >= 2 and 2 * told >= len(names):
            return delimiter
    return None


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
    type_name, header = "", ""
    for line in source:
        match = _TYPE.match(line)
        if match:
            type_name = plain_type(match[1])
        elif line.strip() and not line.startswith("#"):
            header = line.lstrip("\ufeff")
            break
    delimiter = header_delimiter(header.strip()) or ","
    began = source.number
    try:
        heads = next(csv.reader([header.strip()], delimiter=delimiter), [])
        names = [canonical_name(name) for name in heads]
        for row in csv.reader(source, delimiter=delimiter):
            start, began = began + 1, source.number
            if not row or (len(row) == 1 and not row[0].strip()):
                continue
            if len(row) != len(names):
                fitted = _fitted(row, len(names))
                notes.append(_shifted(file, start, len(row), len(names), read=fitted is not None))
            else:
                fitted = row
            if fitted is not None:
                values = {
                    name: Value(text or None, None, start)
                    for name, text in zip(names, fitted, strict=True)
                    if name
                }
                yield Record(
                    kind=kind_of_type(type_name) or classify(values, context),
                    values=values,
                    file=file,
                    line=start,
                    form="CSV",
                    type_name=type_name,
                    context=context,
                )
    except csv.Error as error:
        raise InvalidConfiguration(
            Problem(f"is no readable CSV ({error})", file=file, line=source.number)
        ) from None


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
