r"""Format-Table: a header, a line of dashes, one row an object.

The dashes tell where the columns are. Texts begin under their first dash; numbers and booleans end
under the last one and may begin before it. A cell that did not fit ends in a mark; a column that
did not fit is simply missing, which only the command above tells.

Source: FMTTABLE.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from relaysim.importers.printed.cells import as_cells, cell_width, cut_cells
from relaysim.importers.printed.wrapping import join_tokens
from relaysim.importers.records import (
    PRINTED_NAMES,
    TextValues,
    Value,
    canonical_name,
    is_token_list,
)

__all__ = ["TextTable", "dash_columns"]

_DASHES = re.compile(r"^\s*-+(?:\s+-+)*\s*$")
_CUT = "\N{HORIZONTAL ELLIPSIS}"
_RUN = re.compile(r"-+")


class DashedColumn(NamedTuple):
    """A column: its name and where its dashes stand, the end not included."""

    name: str
    start: int
    end: int


def dash_columns(line: str) -> list[tuple[int, int]]:
    """Return where the dashes of a line under a header stand, nothing for any other line."""
    if "-" not in line or not _DASHES.match(line):
        return []
    found = [match.span() for match in _RUN.finditer(line)]
    return found if len(found) > 1 or found[0][1] - found[0][0] >= 2 else []


class TextTable:
    """One table.

    Args:
        header: The lines above the dashes, from the top.
        spans: Where the dashes stand.
        line: The number of the line of dashes.
    """

    __slots__ = ("_columns", "_rows", "_values_of", "line")

    def __init__(self, header: list[str], spans: list[tuple[int, int]], line: int) -> None:
        cells = [as_cells(one) for one in header]
        choices = [_columns(cells[-count:], spans) for count in range(1, len(cells) + 1)]
        # A header too wide for its column stands in several lines; words above it do not count.
        self._columns = max(choices, key=_known)
        self._rows: list[tuple[int, str]] = []
        self._values_of = TextValues()
        self.line = line

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self._columns]

    @property
    def has_rows(self) -> bool:
        """Whether a row was taken."""
        return bool(self._rows)

    def take(self, line: str, number: int) -> None:
        """Take a row, or a further line of one."""
        self._rows.append((number, as_cells(line.rstrip())))

    def rows(self) -> Iterator[tuple[int, dict[str, Value]]]:
        """Yield the line and the values of each row."""
        right = [self._is_right(index) for index in range(len(self._columns))]
        current: list[list[str]] = []
        began = 0
        for number, line in self._rows:
            cells = self._split(line, right)
            if current and self._goes_on(current, cells):
                for pieces, cell in zip(current, cells, strict=True):
                    if cell:
                        pieces.append(cell)
                continue
            if current:
                yield began, self._values(current)
            current, began = [[cell] for cell in cells], number
        if current:
            yield began, self._values(current)

    def _is_right(self, index: int) -> bool:
        """Tell whether a column's cells end under its last dash, not begin under the first."""
        _, start, end = self._columns[index]
        left = right = 0
        for _, line in self._rows:
            begins = line[start : start + 1].strip() and not line[max(start - 1, 0) : start].strip()
            ends = line[end - 1 : end].strip() and not line[end : end + 1].strip()
            left += bool(begins)
            right += bool(ends)
        return right > left

    def _split(self, line: str, right: list[bool]) -> list[str]:
        """Return the text of each column, from the right, since right columns overhang."""
        found: list[str] = []
        end, is_edited = len(line), False
        for index in range(len(self._columns) - 1, -1, -1):
            column = self._columns[index]
            if right[index]:
                stop = min(end, column.end)
                text = line[:stop].rstrip()
                if len(text) <= max(column.start, self._left_limit(index, right)):
                    found.append("")
                    end = min(end, column.start)
                    continue
                begin = text.rfind(" ") + 1
                begin = max(begin, self._left_limit(index, right))
            else:
                begin = column.start
                is_edited |= begin > 0 and len(line[begin - 1 : begin + 1].strip()) == 2
            found.append(cut_cells(line[begin:end]).strip())
            end = min(end, begin)
        if is_edited:
            # No shell lets a word cross into a column: somebody moved the text, and no cell of the
            # line can be trusted to be whole.
            found = [f"{cell}{_CUT}" for cell in found]
        return found[::-1]

    def _left_limit(self, index: int, right: list[bool]) -> int:
        """Return the first column that a right-aligned cell can begin in."""
        if index == 0:
            return 0
        before = self._columns[index - 1]
        return before.end if right[index - 1] else before.start + 1

    def _goes_on(self, row: list[list[str]], cells: list[str]) -> bool:
        """Tell whether a line belongs to the row above: a wrapped cell goes on in it."""
        anchors = [index for index, pieces in enumerate(row) if pieces[0] in ("True", "False")]
        if any(_is_open(pieces) for pieces in row) and not any(cells[i] for i in anchors):
            return True
        if anchors:
            return not any(cells[index] for index in anchors)
        return not cells[0]

    def _values(self, row: list[list[str]]) -> dict[str, Value]:
        """Return the values of a row; all of them begin in its line, so that none carries it."""
        found = {}
        for index, (column, pieces) in enumerate(zip(self._columns, row, strict=True)):
            if len(pieces) == 1:
                text = pieces[0]
            elif is_token_list(column.name):
                text = join_tokens(pieces)
            else:
                text = self._words(pieces, index)
            found[column.name] = self._values_of[text]
        return found

    def _words(self, pieces: list[str], index: int) -> str:
        """Join the lines of a wrapped text: one that fills its column was cut inside a word."""
        widest = max(cell_width(piece) for piece in pieces)
        if index + 1 < len(self._columns):
            widest = max(widest, self._columns[index + 1].start - 1 - self._columns[index].start)
        text = pieces[0]
        for before, piece in pairwise(pieces):
            text += piece if cell_width(before) == widest else f" {piece}"
        return text


def _columns(header: list[str], spans: list[tuple[int, int]]) -> list[DashedColumn]:
    found = []
    for index, (start, end) in enumerate(spans):
        stop = None if index + 1 == len(spans) else end
        name = "".join(one[start:stop].strip() for one in header)
        found.append(DashedColumn(canonical_name(cut_cells(name)), start, end))
    return found


def _known(columns: list[DashedColumn]) -> int:
    known = PRINTED_NAMES()
    return sum(column.name.casefold() in known for column in columns)


def _is_open(pieces: list[str]) -> bool:
    # Only the ends are looked at: a cell may go on for thousands of lines.
    begin, end = "".join(pieces[:2]), "".join(pieces[-4:])
    if end.endswith(","):
        return True
    return begin.startswith("{") and not end.endswith(("}", "...", _CUT))
