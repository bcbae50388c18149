"""The forms in which tables of questions come: to rows of UTF-8, whoever wrote them.

``Export-Csv`` of Windows PowerShell writes a ``#TYPE`` line, ``;`` in many countries and UTF-16 on
demand; ``ConvertTo-Json`` writes an array, or one object, over many lines. Line numbers stay those
of the file.

Source: EXPCSV, CONVJSON, PSENC.
"""

import csv
import json
from codecs import getincrementaldecoder
from collections.abc import Iterator
from io import StringIO
from typing import IO

from relaysim.batch.rows import canonical
from relaysim.batch.stream import Block
from relaysim.batch.strict_json import STRICT
from relaysim.errors import InvalidInput, Problem

__all__ = ["TYPE_LINE", "as_utf8", "delimiter_of", "is_json_text", "json_blocks"]

TYPE_LINE = "#TYPE "
"""How the first line begins that ``Export-Csv`` writes above the header."""

_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_DELIMITERS = (",", ";", "\t")
_BLOCK = 1 << 18
_BLANK = " \t\r\n"


class _Utf8Stream:
    """A stream of bytes with its first bytes put back, or decoded from UTF-16."""

    def __init__(self, head: bytes, stream: IO[bytes], path: str) -> None:
        self._stream = stream
        self._path = path
        self._read = getattr(stream, "read1", stream.read)
        encoding = _MARKS.get(head)
        self._decoder = getincrementaldecoder(encoding)() if encoding else None
        self._head = b"" if encoding else head
        self._lines = 1

    def read1(self, size: int = _BLOCK) -> bytes:
        """Return the next bytes, none at the end."""
        if self._decoder is None:
            head, self._head = self._head, b""
            return head + self._read(size) if head else self._read(size)
        while True:
            data = self._read(size)
            try:
                text = self._decoder.decode(data, not data)
            except UnicodeDecodeError:
                problem = Problem("not UTF-16 text", file=self._path, line=self._lines)
                raise InvalidInput(problem) from None
            self._lines += text.count("\n")
            if text or not data:
                return text.encode("utf-8", "surrogatepass")

    read = read1


def as_utf8(stream: IO[bytes], path: str) -> IO[bytes]:
    """Return a stream that gives UTF-8 whether UTF-16 with its mark comes, or UTF-8."""
    return _Utf8Stream(stream.read(2), stream, path)  # type: ignore[return-value]  # reads alike


def delimiter_of(header: str) -> str:
    """Return what separates the cells of a header: a comma, a semicolon or a tab.

    It is the one by which there is a column ``ip``; without one the comma.

    >>> delimiter_of('"ip";"auth"')
    ';'
    """
    for delimiter in _DELIMITERS:
        try:
            names = next(csv.reader(StringIO(header), delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        if "ip" in map(canonical, names):
            return delimiter
    return ","


def is_json_text(first: bytes) -> bool:
    """Tell whether JSON is one text over several lines: an array, or an object that is not whole.

    Args:
        first: The first block of the input.
    """
    text = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] == b"[":
        return True
    if text[:1] != b"{":
        return False
    # A line that is wrong by itself is a row without an answer; a brace above others is none.
    line, _, rest = text.partition(b"\n")
    return line.strip() == b"{" and bool(rest.strip())


def json_blocks(source: Iterator[Block], path: str) -> Iterator[Block]:
    """Yield the objects of a JSON text as JSON lines, each on the line where it begins.

    The text is an array, or one value after another; all of it is read first. Where several
    objects begin on one line, each further one counts as a line of its own.

    Raises:
        InvalidInput: It is no JSON; with file and line.
    """
    text = b"".join(block.data for block in source).decode("utf-8-sig", "surrogateescape")
    rows: list[str] = []
    size, first, line = 0, 1, 0
    place, lines = 0, 1
    for start, value in _values(text, path):
        lines += text.count("\n", place, start)
        place = start
        begin = max(lines, line + 1)
        if not rows:
            first = begin
        else:
            rows.append("\n" * (begin - line))
        line = begin
        rows.append(json.dumps(value))
        size += len(rows[-1])
        if size > _BLOCK:
            yield Block("".join([*rows, "\n"]).encode(), first)
            rows, size = [], 0
    if rows:
        yield Block("".join([*rows, "\n"]).encode(), first)


def _values(text: str, path: str) -> Iterator[tuple[int, object]]:
    """Yield every value of an array, or of values one after another, and where it begins."""
    decoder = json.JSONDecoder(**STRICT)
    at = _skip(text, 0)
    is_array = text.startswith("[", at)
    at = _skip(text, at + 1) if is_array else at
    while at < len(text) and not (is_array and text[at] == "]"):
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            raise _no_json(text, getattr(error, "pos", at), path) from None
        yield at, value
        at = _skip(text, end)
        if is_array and text.startswith(",", at):
            at = _skip(text, at + 1)
        elif is_array and not text.startswith("]", at):
            raise _no_json(text, at, path)
    if is_array and _skip(text, at + 1) < len(text):
        raise _no_json(text, _skip(text, at + 1), path)
    if is_array and at >= len(text):
        raise _no_json(text, at, path)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at


def _no_json(text: str, at: int, path: str) -> InvalidInput:
    what = "ends too early" if at >= len(text) else f"at `{text[at : at + 20].splitlines()[0]}`"
    line = text.count("\n", 0, at) + 1
    return InvalidInput(Problem(f"no JSON array of objects ({what})", file=path, line=line))
