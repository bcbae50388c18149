"""``Get-Content``, ``Import-Csv`` and ``ConvertFrom-Csv``: text from a reader the host allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.properties import to_count, to_texts
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.value import ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["FILE_CMDLETS"]

_PATH = Parameter(
    name="Path",
    aliases=("LiteralPath", "PSPath", "FullName"),
    position=0,
    mandatory=True,
    from_pipeline=True,
    convert=to_texts,
)
_ENCODING = Parameter(name="Encoding", convert=to_text)


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    return lines


class _GetContent:
    spec = CmdletSpec(
        name="Get-Content",
        aliases=("gc", "cat", "type"),
        parameters=(
            _PATH,
            _ENCODING,
            Parameter(name="Raw", switch=True),
            Parameter(name="TotalCount", aliases=("First", "Head"), convert=to_count),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the lines of the files."""
        del pipeline_input
        for path in to_list(bound.get("Path")):
            text = context.read(to_text(path)).removeprefix("\ufeff")
            if bound.flag("Raw"):
                yield text
                continue
            lines = _lines(text)
            count = bound.get("TotalCount")
            yield from lines[:count] if isinstance(count, int) else lines


def _records(context: Context, text: str, delimiter: str, header: list[str]) -> Iterable[Value]:
    import csv

    lines = [line for line in _lines(text) if not line.startswith("#TYPE ")]
    context.spend(len(text) >> 4)
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error as error:
        raise context.failure(f"{context.command}: {error}", id="InvalidCsv") from error
    if not header and rows:
        header = [name.strip() for name in rows.pop(0)]
    for row in rows:
        padded: list[Value] = [*row, *([None] * (len(header) - len(row)))]
        yield ShellObject(zip(header, padded, strict=False))


def _delimiter(context: Context, bound: Bound) -> str:
    text = to_text(bound.get("Delimiter", ","))
    if len(text) != 1 or text in '\r\n"':
        raise context.failure(f"{context.command}: `{text}` is no delimiter")
    return text


_CSV = (
    Parameter(name="Delimiter", position=1, convert=to_text),
    Parameter(name="Header", convert=to_texts),
)


class _ImportCsv:
    spec = CmdletSpec(
        name="Import-Csv",
        aliases=("ipcsv",),
        parameters=(_PATH, *_CSV, _ENCODING, Parameter(name="UseCulture", switch=True)),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return one object per row of the files."""
        del pipeline_input
        header = [to_text(one) for one in to_list(bound.get("Header"))]
        for path in to_list(bound.get("Path")):
            text = context.read(to_text(path)).removeprefix("\ufeff")
            yield from _records(context, text, _delimiter(context, bound), header)


class _ConvertFromCsv:
    spec = CmdletSpec(
        name="ConvertFrom-Csv",
        collects=True,
        parameters=(Parameter(name="InputObject", position=0, convert=to_texts), *_CSV),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return one object per row of the text."""
        lines = [*pipeline_input, *to_list(bound.get("InputObject"))]
        header = [to_text(one) for one in to_list(bound.get("Header"))]
        text = "\n".join(to_text(line) for line in lines)
        return _records(context, text, _delimiter(context, bound), header)


FILE_CMDLETS: tuple[Cmdlet, ...] = (_GetContent(), _ImportCsv(), _ConvertFromCsv())
