"""ConvertTo-Html: one table a file, or one list of properties an object.

Source: CONVHTML.
"""

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from relaysim.errors import InvalidConfiguration, Problem
from relaysim.importers.records import (
    NO_CONTEXT,
    OutputContext,
    Record,
    Value,
    canonical_name,
    classify,
)

__all__ = ["read_html"]

_LONGEST = 8 << 20


class _HtmlReader(HTMLParser):
    def __init__(self, file: str, context: OutputContext) -> None:
        super().__init__(convert_charrefs=True)
        self.file = file
        self.context = context
        self.found: list[Record] = []
        self._cell: list[str] | None = None
        self._row: list[str] = []
        self._heads: list[str] = []
        self._is_head = False
        self._listed: dict[str, Value] = {}
        self._line = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag == "tr":
            self._row, self._is_head = [], False
            self._line = self.getpos()[0]
        elif tag in ("td", "th"):
            self._cell = []
            self._is_head |= tag == "th"
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")
        elif tag == "hr":
            self._end_listed()
        elif tag == "table":
            self._heads = []

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self._row.append("".join(self._cell).strip())
            self._cell = None
        elif tag == "tr":
            self._end_row()
        elif tag == "table":
            self._end_listed()

    def _end_row(self) -> None:
        row, self._row = self._row, []
        if self._is_head:
            self._heads = [canonical_name(name) for name in row]
        elif self._heads and len(row) == len(self._heads):
            pairs = zip(self._heads, row, strict=True)
            self._emit({name: Value(text or None, None, self._line) for name, text in pairs})
        elif len(row) == 2 and row[0].endswith(":"):
            name = canonical_name(row[0][:-1])
            if name in self._listed:
                self._end_listed()
            self._listed[name] = Value(row[1] or None, None, self._line)

    def _end_listed(self) -> None:
        values, self._listed = self._listed, {}
        if values:
            self._emit(values)

    def _emit(self, values: dict[str, Value]) -> None:
        line = min((value.line or 0 for value in values.values()), default=0) or None
        self.found.append(
            Record(
                kind=classify(values, self.context),
                values=values,
                file=self.file,
                line=line,
                form="HTML",
                context=self.context,
            )
        )


def read_html(
    chunks: Iterable[str], file: str, context: OutputContext = NO_CONTEXT
) -> Iterator[Record]:
    """Yield the objects of the tables in a page, in order; nothing in it is followed or run.

    A tag or comment that does not end is left out with all that follows, as in a browser.

    Raises:
        InvalidConfiguration: A tag or comment longer than any page has.
    """
    reader = _HtmlReader(file, context)
    for chunk in chunks:
        reader.feed(chunk)
        yield from reader.found
        reader.found.clear()
        # What waits for its end is looked at again with every chunk.
        if len(reader.rawdata) > _LONGEST:
            raise InvalidConfiguration(
                Problem(
                    f"a tag or comment of more than {_LONGEST >> 20} MB",
                    file=file,
                    line=reader.getpos()[0],
                )
            )
    reader._end_listed()  # noqa: SLF001
    yield from reader.found
