"""What a console shows: prompts, commands, lists, tables, transcripts and the words around them."""

import re
from collections.abc import Iterable, Iterator, Mapping

from relaysim.importers.commands import is_command, prompt_command, read_command
from relaysim.importers.formats.csv_export import header_delimiter, read_csv
from relaysim.importers.printed.embedded import Embedded
from relaysim.importers.printed.list_text import (
    ListBlock,
    property_line,
    squeezed_objects,
    squeezed_score,
)
from relaysim.importers.printed.table_text import TextTable, dash_columns
from relaysim.importers.records import (
    ALL_CARRY_LINES,
    NO_CONTEXT,
    OutputContext,
    ReadingNote,
    Record,
    RecordKind,
    Value,
    classify,
)
from relaysim.importers.shared_values import Sharing

__all__ = ["TextReader", "read_text"]

_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_GROUP = re.compile(r"^\s{2,}Server: (\S+)\s*$")
_BARE_ENTRY = re.compile(
    r"^\s*(\S.*?\S)\s+\{(ms-Exch-[\w-]+(?:, ?ms-Exch-[\w-]+)*)\}(?:\s+(True|False))?"
    r"(?:\s+(True|False))?\s*$",
    re.IGNORECASE,
)
_STARS = re.compile(r"^\*{10,}$")
_LIMIT = 1_000_000
_MOST_FAILED = 16
"""After so many documents that were none, no others are looked for."""


class TextReader:
    """Reads lines one after the other; what was found stands in ``found``.

    Args:
        file: The file's name, for places.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Record] = []
        self.notes: list[ReadingNote] = []
        self._context: OutputContext = NO_CONTEXT
        self._group: str | None = None
        self._block: ListBlock | None = None
        self._table: TextTable | None = None
        self._above: list[str] = []
        self._gap = 0
        self._squeezed: tuple[int, list[str]] | None = None
        self._csv: tuple[int, list[str]] | None = None
        self._is_in_cell = False
        self._document: Embedded | None = None
        self._failed = 0
        self._head = False
        self._width = 0

    def feed(self, line: str, number: int) -> None:
        """Take the next line, without its line break."""
        if "\x1b" in line:
            line = _ESCAPE.sub("", line)
        if line[:2] == "> ":
            line = line[2:]
        if self._csv is not None and self._goes_on_csv(line):
            return
        if self._document is not None:
            self._goes_on_document(line)
            return
        if not line.strip():
            self._blank(line)
            return
        block = self._block
        if block is not None:
            if block.only_line is not None and self._goes_on_squeezed(block, line):
                return
            taken = block.take(line, number)
            if taken is True:
                return
            self._end_block()
            if taken is not False:
                self._block = taken
                return
        if self._squeezed is not None and not self._is_prompt(line):
            self._squeezed[1].append(line.strip())
            return
        self._other(line, number)

    def is_free(self) -> bool:
        """Tell whether the next line begins something new; an object that is whole ends here."""
        if self._block is not None:
            if not self._block.is_closed:
                return False
            self._end_block()
        others = (self._table, self._squeezed, self._csv, self._document)
        return others == (None, None, None, None) and not self._head

    def take_list(
        self, values: Mapping[str, Value], number: int, lines: Mapping[str, int], width: int
    ) -> None:
        """Take the properties of an object that was read as a whole.

        Args:
            values: They.
            number: The line it begins in.
            lines: How far below that line each of them begins.
            width: The columns that its longest value takes.
        """
        self._width = max(self._width, width)
        self._above.clear()
        self._gap = 0
        self._emit(values, number, "Format-List", lines)

    def end(self) -> None:
        """Take the end of the text."""
        self._end_all()

    def _blank(self, line: str) -> None:
        if self._block is not None:
            self._block.blank(line)
            return
        self._end_squeezed()
        if self._table is not None:
            self._gap += 1
            if self._table.has_rows or self._gap > 1:
                self._end_table()
            return
        self._gap += 1
        if self._gap > 1:
            self._above.clear()

    def _goes_on_squeezed(self, block: ListBlock, line: str) -> bool:
        """Take a line behind one that may be a list on one line: both hold several properties."""
        first = block.only_line
        if first is None or squeezed_score(first, least=2) < 2 or block.has_column(line):
            return False
        if squeezed_score(line, least=2) < 2 or self._is_prompt(line):
            return False
        self._block = None
        self._squeezed = (block.line, [first.strip(), line.strip()])
        return True

    def _is_prompt(self, line: str) -> bool:
        return prompt_command(line) is not None or is_command(line)

    def _other(self, line: str, number: int) -> None:
        if _STARS.match(line.strip()):
            self._end_all()
            self._head = not self._head
            return
        command = prompt_command(line)
        if command is None and is_command(line):
            command = line.strip()
        if command is not None:
            self._end_all()
            self._head = False
            self._context = read_command(command)
            self._width = 0
            self._group = None
            return
        if self._head:
            return
        spans = dash_columns(line)
        if spans and self._above:
            self._end_table()
            self._table = TextTable(self._above[-3:], spans, number)
            self._above = []
            self._gap = 0
            return
        if self._table is not None:
            self._table.take(line, number)
            return
        self._begin(line, number)

    def _begin(self, line: str, number: int) -> None:
        group = _GROUP.match(line)
        if group:
            self._group = group[1]
            return
        if self._failed < _MOST_FAILED:
            self._document = Embedded.begun_by(line, number)
            if self._document is not None:
                self._end_document_if_whole()
                return
        if line[:1] == '"' and header_delimiter(line.strip()) is not None:
            self._csv = (number, [line])
            self._is_in_cell = False
            return
        if squeezed_score(line) >= 3:
            self._squeezed = (number, [line.strip()])
            return
        if property_line(line) is not None:
            block = ListBlock(width=self._width)
            if block.take(line, number) is True:
                self._block = block
                self._above.clear()
                return
        entry = _BARE_ENTRY.match(line)
        if entry is not None and not entry[1].endswith(":"):
            self._bare_entry(entry, number)
        self._gap = 0
        self._above.append(line)
        if len(self._above) > 3:
            self._above.pop(0)

    def _bare_entry(self, match: re.Match[str], number: int) -> None:
        values = {
            "User": Value(match[1], None, number),
            "ExtendedRights": Value("{" + match[2] + "}", None, number),
        }
        for name, text in (("Deny", match[3]), ("IsInherited", match[4])):
            if text is not None and match[4] is not None:
                values[name] = Value(text, None, number)
        self._emit(values, number, "rows of Get-ADPermission")

    def _end_all(self) -> None:
        self._end_document()
        self._end_block()
        self._end_table()
        self._end_squeezed()
        self._end_csv()
        self._above.clear()

    def _goes_on_document(self, line: str) -> None:
        """Take a line of a document; a prompt ends one that has no end of its own."""
        if self._document is None:
            return
        if prompt_command(line) is not None or self._document.is_too_long:
            number = self._document.first + len(self._document.lines)
            self._end_document()
            self.feed(line, number)
            return
        self._document.take(line)
        self._end_document_if_whole()

    def _end_document_if_whole(self) -> None:
        if self._document is not None and self._document.is_whole:
            self._end_document()

    def _end_document(self) -> None:
        document, self._document = self._document, None
        if document is None:
            return
        records = document.records(self.file, self.notes, self._context)
        if records is not None:
            self.found += records
            return
        # It is none: these are lines as others are.
        self._failed += 1
        failed, self._failed = self._failed, _MOST_FAILED
        for number, line in enumerate(document.lines, document.first):
            self.feed(line, number)
        self._failed = failed

    def _goes_on_csv(self, line: str) -> bool:
        """Take a line of a CSV text; an empty one or a prompt outside of a cell ends it."""
        if self._csv is None:
            return False
        if not self._is_in_cell and (not line.strip() or self._is_prompt(line)):
            self._end_csv()
            return False
        self._csv[1].append(line)
        self._is_in_cell ^= line.count('"') % 2 == 1
        return True

    def _end_csv(self) -> None:
        found, self._csv = self._csv, None
        if found is not None:
            first, lines = found
            text = (f"{line}\n" for line in lines)
            self.found += read_csv(
                text, self.file, self.notes, context=self._context, first=first - 1
            )

    def _end_block(self) -> None:
        block, self._block = self._block, None
        if block is None or block.is_empty:
            return
        values = block.values()
        self._width = block.width
        for name in sorted(block.twice):
            self.notes.append(
                ReadingNote(
                    "ambiguous", f"{name} stands twice in one object", self.file, block.line
                )
            )
            del values[name]
        self._emit(values, block.line, "Format-List")

    def _end_table(self) -> None:
        table, self._table = self._table, None
        if table is None:
            return
        sharing = Sharing()
        for line, values in table.rows():
            self._emit(sharing.share(values, 0), line, "Format-Table")
        self._gap = 0

    def _end_squeezed(self) -> None:
        squeezed, self._squeezed = self._squeezed, None
        if squeezed is None:
            return
        number, lines = squeezed
        for values in squeezed_objects(" ".join(lines), number):
            self._emit(values, number, "Format-List on one line")

    def _emit(
        self,
        values: Mapping[str, Value],
        line: int,
        form: str,
        lines: Mapping[str, int] | None = None,
    ) -> None:
        kind = classify(values, self._context)
        if kind is RecordKind.OTHER and len(values) < 2:
            return
        context = self._context
        if self._group is not None and context.server is None:
            context = context._replace(server=self._group)
        self.found.append(
            Record(kind, values, self.file, line, form, "", context, lines or ALL_CARRY_LINES)
        )


def read_text(
    lines: Iterable[str], file: str, notes: list[ReadingNote], *, first: int = 1
) -> Iterator[Record]:
    """Yield the objects of a text, in order.

    Args:
        lines: Its lines; line breaks at their ends are dropped.
        file: Its name, for places.
        notes: Takes what else is to be said.
        first: The number of the first line.
    """
    reader = TextReader(file)
    found = reader.found
    for number, line in enumerate(lines, first):
        reader.feed(line.rstrip("\r\n")[:_LIMIT], number)
        if found:
            yield from found
            found.clear()
    reader.end()
    yield from found
    notes.extend(reader.notes)
