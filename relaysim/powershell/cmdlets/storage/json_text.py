"""``ConvertTo-Json`` and ``ConvertFrom-Json``, in the form of Windows PowerShell 5.1."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.properties import too_large, too_small, without_nulls
from relaysim.powershell.cmdlets.storage.json_reading import read_json
from relaysim.powershell.display.views import beside, properties_of
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_int, to_list, to_text
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.numeric import DECORATED
from relaysim.powershell.values.value import (
    HashTable,
    Nothing,
    ShellObject,
    SwitchValue,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["JSON_CMDLETS", "to_depth"]

_MOST_DEPTH = 100
_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t",
    "'": "\\u0027", "<": "\\u003c", ">": "\\u003e", "&": "\\u0026",
}  # fmt: skip


_EPOCH = 621_355_968_000_000_000
"""The ticks at the beginning of 1970."""


class _Written(str):
    """A piece of JSON that is written as it is."""

    __slots__ = ()


def to_depth(value: Value) -> int:
    """Return an argument as a depth of objects in objects."""
    try:
        depth = to_int(value)
    except ConversionError as error:
        raise ConversionError(error.message, id="CannotConvertArgumentNoMessage") from error
    if depth < 1:
        raise too_small(depth, 1)
    if depth > _MOST_DEPTH:
        raise too_large(depth, _MOST_DEPTH)
    return depth


def _quoted(text: str) -> str:
    inner = "".join(
        _ESCAPES.get(char) or (f"\\u{ord(char):04x}" if char < " " else char) for char in text
    )
    return f'"{inner}"'


class _JsonWriter:
    """Writes values; children stand under the bracket that holds them."""

    def __init__(self, context: Context, *, depth: int, compress: bool) -> None:
        self._context = context
        self._depth = depth
        self._compress = compress
        self.cut = False

    def write(self, value: Value, level: int = 0, column: int = 0) -> str:
        """Return a value as JSON; ``column`` is where its first character stands."""
        self._context.spend(1)
        if value is None or isinstance(value, Nothing):
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, DECORATED) and value.members and not isinstance(value, list):
            plain = str(value) if isinstance(value, str) else value + 0
            return self._object([("value", plain), *beside(value)], level, column)
        if isinstance(value, _Written):
            return str(value)
        if isinstance(value, int | Decimal):
            return str(int(value) if isinstance(value, int) else value)
        if isinstance(value, float):
            return to_text(value)
        if isinstance(value, ShellObject) and value.type.name in {"System.Guid", "System.DateTime"}:
            return self._scalar(value, level, column)
        if isinstance(value, list | HashTable) or (
            isinstance(value, ShellObject) and (value.type.text is None or value.items())
        ):
            if level > self._depth:
                self.cut = True
                return _quoted(to_text(value))
            if isinstance(value, list):
                return self._list(value, level, column)
            return self._object(properties_of(value), level, column)
        return self._other(value, level, column)

    def _other(self, value: Value, level: int, column: int) -> str:
        """Return a switch as an object, an enumeration as its number, and any other text."""
        if isinstance(value, SwitchValue):
            return self._object([("IsPresent", value.on)], level, column)
        number = getattr(value, "number", None)
        return str(number) if isinstance(number, int) else _quoted(to_text(value))

    def _scalar(self, value: ShellObject, level: int, column: int) -> str:
        """Return a GUID, or a date: milliseconds since 1970; what `Get-Date` adds makes it more."""
        if value.type.name == "System.Guid":
            return _quoted(to_text(value))
        milliseconds = (to_int(value.get("Ticks")) - _EPOCH) // 10_000
        text = f'"\\/Date({milliseconds})\\/"'
        if "DisplayHint" not in value:
            return text
        rows: list[tuple[str, Value]] = [
            ("value", _Written(text)), ("DisplayHint", 2), ("DateTime", value.get("DateTime")),
        ]  # fmt: skip
        return self._object(rows, level, column)

    def _list(self, items: list[Value], level: int, column: int) -> str:
        inner = column + 4
        parts = [self.write(item, level + 1, inner) for item in items]
        return self._joined("[", parts, "]", column)

    def _object(self, fields: list[tuple[str, Value]], level: int, column: int) -> str:
        parts = []
        for name, value in fields:
            key = f"{_quoted(name)}:" + ("" if self._compress else "  ")
            parts.append(key + self.write(value, level + 1, column + 4 + len(key)))
        return self._joined("{", parts, "}", column)

    def _joined(self, first: str, parts: list[str], last: str, column: int) -> str:
        if self._compress or not parts:
            return first + ",".join(parts) + last
        pad = " " * (column + 4)
        body = ",\r\n".join(pad + part for part in parts)
        return f"{first}\r\n{body}\r\n{' ' * column}{last}"


class _ConvertToJson:
    spec = CmdletSpec(
        name="ConvertTo-Json",
        collects=True,
        parameters=(
            Parameter(name="InputObject", position=0, mandatory=True, from_pipeline=True),
            Parameter(name="Depth", convert=to_depth),
            Parameter(name="Compress", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the objects as one text: an array when there is more than one."""
        items = list(pipeline_input)
        value: Value = bound.get("InputObject")
        if "InputObject" not in bound:
            if not items:
                return
            value = items[0] if len(items) == 1 else items
        depth = bound.get("Depth", 2)
        writer = _JsonWriter(
            context,
            depth=(depth if isinstance(depth, int) else 2),
            compress=bound.flag("Compress"),
        )
        text = writer.write(value)
        if writer.cut:
            context.warn(
                "Resulting JSON is truncated as serialization has exceeded the set depth of "
                f"{depth}."
            )
        yield text


def _from_json(value: object) -> Value:
    if isinstance(value, list):
        return [_from_json(item) for item in value]
    return value


class _TwiceNamed(ValueError):
    """Two keys of an object that differ only in case."""


class _Unnamed(ValueError):
    """An object with a key that is empty."""


def _object(pairs: list[tuple[str, object]]) -> ShellObject:
    table = dict(pairs)
    if "" in table:
        raise _Unnamed(
            "The provided JSON includes a property whose name is an empty string, this is only "
            "supported using the -AsHashTable switch."
        )
    found: dict[str, str] = {}
    for name in table:
        first = found.setdefault(name.casefold(), name)
        if first != name:
            raise _TwiceNamed(
                "Cannot convert the JSON string because a dictionary that was converted from the "
                f"string contains the duplicated keys '{first}' and '{name}'."
            )
    return ShellObject((name, _from_json(value)) for name, value in table.items())


class _ConvertFromJson:
    spec = CmdletSpec(
        name="ConvertFrom-Json",
        collects=True,
        parameters=(Parameter(name="InputObject", position=0, mandatory=True, from_pipeline=True),),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return what the texts hold; an array goes on as one object, as in 5.1.

        Each text stands for itself when the first one is whole; otherwise they are one text.
        """
        texts = without_nulls(context, pipeline_input, "InputObject")
        if pipeline_input and not texts:
            return
        given = [to_text(one) for one in (*texts, *to_list(bound.get("InputObject")))]
        if len(given) > 1 and not _is_whole(given[0]):
            given = ["\n".join(given)]
        for text in given:
            context.spend(len(text) >> 2)
            yield self._read(context, text) if text.strip() else None

    @staticmethod
    def _read(context: Context, text: str) -> Value:
        try:
            return _from_json(read_json(text, _object))
        except _Unnamed as error:
            raise context.failure(str(error), id="EmptyKeyInJsonString") from error
        except _TwiceNamed as error:
            raise context.failure(str(error), id="DuplicateKeysInJsonString") from error
        except (ValueError, RecursionError) as error:
            raise context.failure(
                f"ConvertFrom-Json: {error}", id="System.ArgumentException"
            ) from error


def _is_whole(text: str) -> bool:
    """Tell whether a text is JSON by itself."""
    try:
        read_json(text, _object)
    except (ValueError, RecursionError):
        return False
    return True


JSON_CMDLETS: tuple[Cmdlet, ...] = (_ConvertToJson(), _ConvertFromJson())
