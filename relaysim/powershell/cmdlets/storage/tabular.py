"""``ConvertTo-Csv``, ``ConvertFrom-Csv``, ``Export-Csv``, ``Import-Csv``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import replace
from relaysim.powershell.cmdlets.properties import to_texts, without_nulls
from relaysim.powershell.cmdlets.storage.file_writing import require_writable, write_text
from relaysim.powershell.cmdlets.storage.files import ENCODING, read_files
from relaysim.powershell.cmdlets.storage.paths import PATH, to_paths
from relaysim.powershell.display.cells import culture_text
from relaysim.powershell.display.records import PlainRecord, record_of, record_properties
from relaysim.powershell.display.views import properties_of
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import canonical_of, to_list, to_text, type_name_of
from relaysim.powershell.values.failures import ConversionError, not_in_subset
from relaysim.powershell.values.type_names import object_text
from relaysim.powershell.values.value import ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet, StreamingCmdlet

__all__ = ["TABULAR_CMDLETS"]


def _to_delimiter(value: Value) -> str:
    text = to_text(value)
    if len(text) != 1 or text in '\r\n"':
        raise ConversionError(
            f'Cannot convert value "{text}" to type "System.Char". Error: "String must be exactly '
            'one character long."',
            id="CannotConvertArgumentNoMessage",
        )
    return text


_DELIMITER = Parameter(name="Delimiter", position=1, convert=_to_delimiter)
_READING = (_DELIMITER, Parameter(name="Header", convert=to_texts))
_INPUT = Parameter(name="InputObject", from_pipeline=True, mandatory=True)
_ONE_OF = (("Delimiter", "UseCulture"),)
_CULTURE = Parameter(name="UseCulture", switch=True)
_NO_TYPE = Parameter(name="NoTypeInformation", switch=True, aliases=("NTI",))


def _fields(text: str, delimiter: str) -> Iterator[list[str | None]]:
    """Return the records of a text: quoted fields keep what is in them, others lose blanks before.

    An empty field without quotes is an empty text all the same.
    """
    record: list[str | None] = []
    field = ""
    quoted = False
    at, size = 0, len(text)
    given = False
    while at < size:
        char = text[at]
        at += 1
        if quoted:
            if char != '"':
                field += char
            elif text[at : at + 1] == '"':
                field += '"'
                at += 1
            else:
                quoted = False
            continue
        if char == '"' and not field:
            quoted = given = True
        elif char == delimiter:
            record.append(field)
            field, given = "", False
        elif char == "\n":
            if record or field:
                yield [*record, field]
            record, field, given = [], "", False
        elif char in " \t" and not field and not begun_field(text, at - 2, delimiter):
            continue
        else:
            field += char
    # At the end of a text nothing behind a delimiter is no field; an empty one alone is no row.
    if field or given:
        record.append(field)
    if len(record) > 1 or any(record):
        yield record


def begun_field(text: str, at: int, delimiter: str) -> bool:
    """Tell whether the character at ``at`` belongs to a field that has begun with quotes."""
    return at >= 0 and text[at] == '"' and delimiter != '"'


class _CsvRows:
    """Texts read as rows; the first line of the first one names the columns."""

    def __init__(self, context: Context, bound: Bound) -> None:
        self._context = context
        self._delimiter = _delimiter(bound)
        self._names = [to_text(one) for one in to_list(bound.get("Header"))]
        self._typed = not self._names
        self._type = ""

    def rows(self, text: str) -> Iterator[ShellObject]:
        """Return one object per row of a text; what a quote begins ends with the text."""
        context = self._context
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        context.spend(len(text) >> 2)
        while self._typed and text.startswith("#"):
            line, _, text = text.partition("\n")
            if line.startswith("#TYPE "):
                self._type = line.removeprefix("#TYPE ").strip()
        self._typed = self._typed and not text
        rows = _fields(text, self._delimiter)
        if not self._names:
            self._names = _named(context, [name or "" for name in next(rows, [])])
            self._require_once()
        for row in rows:
            context.spend(1)
            self._require_once()
            padded: list[Value] = [*row, *([None] * (len(self._names) - len(row)))]
            fields = zip(self._names, padded, strict=False)
            yield (
                ShellObject(fields, type_=_type(self._type)) if self._type else ShellObject(fields)
            )

    def _require_once(self) -> None:
        folded = [name.casefold() for name in self._names]
        twice = next((name for name in self._names if folded.count(name.casefold()) > 1), None)
        if twice is not None:
            raise self._context.failure(
                f'The member "{twice}" is already present.',
                id="AlreadyPresentPSMemberInfoInternalCollectionAdd",
            )


def _type(name: str) -> ObjectType:
    plain = name.endswith("PSCustomObject")
    return ObjectType(name="System.Management.Automation.PSCustomObject" if plain else name)


def _named(context: Context, names: list[str]) -> list[str]:
    """Return the names with ``H1``, ``H2`` ... for those that are empty, which is warned of."""
    if "" not in names:
        return names
    context.warn(
        "One or more headers were not specified. Default names starting with "
        '"H" have been used in place of any missing headers.'
    )
    count = 0
    result = []
    for name in names:
        count += not name
        result.append(name or f"H{count}")
    return result


def _delimiter(bound: Bound) -> str:
    return to_text(bound.get("Delimiter", ","))


class _ImportCsv:
    spec = CmdletSpec(
        name="Import-Csv",
        aliases=("ipcsv",),
        parameters=(PATH, *_READING, ENCODING, _CULTURE),
        exclusive=_ONE_OF,
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return one object per row of the files."""
        del pipeline_input
        for text in read_files(context, bound, "FileOpenFailure"):
            yield from _CsvRows(context, bound).rows(text)


class _FromCsvStage:
    def __init__(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> None:
        self._context = context
        self._emit = emit
        self._table = _CsvRows(context, bound)

    def process(self, item: Value) -> None:
        """Send on the rows of a text, or of each of several that are given whole."""
        if item is None:
            self._context.write_error(
                "Cannot validate argument on parameter 'InputObject'. The argument is null. "
                "Provide a valid value for the argument, and then try running the command again.",
                id="ParameterArgumentValidationError",
                category="InvalidData",
            )
        for text in map(to_text, to_list(item)):
            for row in self._table.rows(text):
                self._emit(row)

    def finish(self) -> None:
        """Nothing is kept."""


class _ConvertFromCsv:
    spec = CmdletSpec(
        name="ConvertFrom-Csv",
        parameters=(
            replace(_INPUT, position=0, convert=to_texts),
            *_READING,
            _CULTURE,
        ),
        exclusive=_ONE_OF,
    )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _FromCsvStage:
        """Begin to read."""
        return _FromCsvStage(context, bound, emit)


def stored_type(item: Value) -> str:
    """Return the name that files give an object's type: a selection says what it is made of."""
    if isinstance(item, ShellObject) and isinstance(item.base, str):
        return item.base
    return type_name_of(item)


def _cell(value: Value) -> str:
    """Return a value between quotes; nothing at all for no value."""
    if value is None:
        return ""
    text = object_text(canonical_of(value)) if isinstance(value, list) else culture_text(value)
    return '"' + text.replace('"', '""') + '"'


def _properties(item: Value) -> list[tuple[str, Value]]:
    record = record_of(item)
    if isinstance(record, PlainRecord):
        raise not_in_subset("the columns of a text or a number behind a `Format-` command")
    return properties_of(item) if record is None else record_properties(record)


class _Columns:
    """Objects as lines; the first object names the columns unless ``names`` does."""

    def __init__(self, context: Context, bound: Bound, names: list[str] | None = None) -> None:
        self._context = context
        self._delimiter = _delimiter(bound)
        self._typed = not bound.flag("NoTypeInformation")
        self._names = names

    def lines(self, items: Iterable[Value]) -> Iterator[str]:
        """Return the lines of the next objects."""
        for item in items:
            yield from self._row(item)

    def _row(self, item: Value) -> Iterator[str]:
        self._context.spend(1)
        properties = _properties(item)
        own = {name.casefold(): value for name, value in properties}
        if self._names is None:
            self._names = [name for name, _ in properties]
            if self._typed:
                yield f"#TYPE {stored_type(item)}"
            if self._names:
                yield self._delimiter.join(_cell(name) for name in self._names)
        if self._names:
            yield self._delimiter.join(_cell(own.get(name.casefold())) for name in self._names)


def refuse_array(value: Value) -> None:
    """Refuse an array that is one object, written by its own properties."""
    if isinstance(value, list):
        raise not_in_subset("an array as `-InputObject`, whose own properties would be written,")


class _CsvStage:
    def __init__(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> None:
        self._context = context
        self._emit = emit
        refuse_array(bound.get("InputObject"))
        self._columns = _Columns(context, bound)

    def process(self, item: Value) -> None:
        """Write the lines of an object, none for one without any text."""
        for line in self._columns.lines(without_nulls(self._context, [item], "InputObject")):
            if line:
                self._emit(line)

    def finish(self) -> None:
        """Nothing is kept."""


class _ConvertToCsv:
    spec = CmdletSpec(
        name="ConvertTo-Csv",
        parameters=(
            replace(_INPUT, position=0),
            _DELIMITER,
            _CULTURE,
            _NO_TYPE,
        ),
        exclusive=_ONE_OF,
    )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _CsvStage:
        """Begin to write."""
        return _CsvStage(context, bound, emit)


class _ExportCsv:
    spec = CmdletSpec(
        name="Export-Csv",
        before=require_writable,
        aliases=("epcsv",),
        collects=True,
        writes=True,
        changes=True,
        parameters=(
            Parameter(
                name="Path",
                position=0,
                mandatory=True,
                aliases=("LiteralPath", "PSPath"),
                convert=to_paths,
            ),
            _DELIMITER,
            _CULTURE,
            _NO_TYPE,
            ENCODING,
            Parameter(name="Append", switch=True),
            Parameter(name="Force", switch=True),
            Parameter(name="NoClobber", switch=True, aliases=("NoOverwrite",)),
            _INPUT,
        ),
        exclusive=_ONE_OF,
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Write the objects as a file of comma separated values, in ASCII unless told otherwise."""
        path = to_text(to_list(bound.get("Path"))[0])
        files = context.machine.files
        before = files.read(path)
        refuse_array(bound.get("InputObject"))
        items = [*pipeline_input, *to_list(bound.get("InputObject"))]
        items = without_nulls(context, items, "InputObject")
        append = bound.flag("Append") and bool(before)
        names = self._known(context, bound, before or "", items) if append else None
        lines = list(_Columns(context, bound, names).lines(items))
        if context.should_process(path, "Export-Csv"):
            write_text(
                context,
                path,
                "".join(f"{line}\r\n" for line in lines),
                encoding=to_text(bound.get("Encoding", "ascii")),
                append=append,
            )
        return ()

    @staticmethod
    def _known(context: Context, bound: Bound, before: str, items: list[Value]) -> list[str]:
        """Return the columns that a file has; what is appended must have them."""
        text = before.removeprefix("\ufeff").replace("\r\n", "\n")
        while text.startswith("#"):
            text = text.partition("\n")[2]
        names = [name or "" for name in next(_fields(text, _delimiter(bound)), [])]
        own = {name.casefold() for name, _ in properties_of(items[0])} if items else set()
        missing = next((name for name in names if name.casefold() not in own), None)
        if items and missing is not None and not bound.flag("Force"):
            raise context.failure(
                f"Export-Csv: what is appended has no property `{missing}`, a column of the file",
                id="CannotAppendCsvWithMismatchedPropertyNames",
                hint="`-Force` leaves it empty",
            )
        return names


TABULAR_CMDLETS: tuple[Cmdlet | StreamingCmdlet, ...] = (
    _ImportCsv(),
    _ConvertFromCsv(),
    _ConvertToCsv(),
    _ExportCsv(),
)
