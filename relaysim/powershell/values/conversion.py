"""Conversions between values: to text, truth and numbers; the type a value has."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

from relaysim.powershell.values.failures import BAD_FORMAT, ConversionError, cast_failure
from relaysim.powershell.values.numeric import (
    LIMITS,
    WRITTEN,
    Char,
    Number,
    Single,
    integer_kind,
    number_of,
    too_large,
)
from relaysim.powershell.values.type_names import (
    ACCELERATORS,
    canonical_type,
    full_name,
    object_text,
)
from relaysim.powershell.values.value import (
    Enumerator,
    EnumValue,
    HashTable,
    Nothing,
    ScriptBlockValue,
    ShellList,
    ShellObject,
    SwitchValue,
    TypedArray,
    TypeValue,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "MAX_TEXT",
    "as_argument",
    "bounded",
    "canonical_of",
    "canonical_type",
    "float_text",
    "joined",
    "screen_text",
    "sized",
    "to_bool",
    "to_int",
    "to_list",
    "to_number",
    "to_text",
    "type_name_of",
    "written_text",
]

MAX_TEXT = 8 * 1024 * 1024
"""No value of a script is a longer text; the limit ends a script that doubles its strings."""

_SHORT = {
    canonical: short
    for short, canonical in reversed(ACCELERATORS.items())
    if canonical != "ordered"
}


def bounded(text: str) -> str:
    """Return ``text``, or refuse it when it is longer than any value may be."""
    if len(text) > MAX_TEXT:
        raise ConversionError(
            f"a text of {len(text)} characters (at most {MAX_TEXT})", id="LimitReached"
        )
    return text


def joined(separator: str, texts: Iterable[str]) -> str:
    """Return texts with ``separator`` between them; refused before more than a text is held."""
    pieces: list[str] = []
    size = -len(separator)
    for text in texts:
        pieces.append(text)
        size += len(separator) + len(text)
        if size > MAX_TEXT:
            raise ConversionError(f"a text of more than {MAX_TEXT} characters", id="LimitReached")
    return separator.join(pieces)


def sized(count: int, limit: int = MAX_TEXT) -> int:
    """Return ``count``, or refuse it before something of that size is made."""
    if count > limit:
        raise ConversionError(f"a result of {count} items (at most {limit})", id="LimitReached")
    return count


def float_text(value: float) -> str:
    """Return a real number as .NET Framework writes it: 15 digits, a single-precision one 7."""
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if math.isnan(value):
        return "NaN"
    digits = 7 if isinstance(value, Single) else 15
    text = f"{float(value):.{digits}g}"
    if "e" not in text:
        return "0" if text == "-0" else text
    mantissa, _, exponent = text.partition("e")
    if exponent.startswith("-0") and int(exponent[1:]) < 5:
        return f"{float(value):f}"
    return f"{mantissa}E{exponent[0]}{exponent[1:].zfill(2)}"


def to_text(value: Value, separator: str = " ") -> str:
    """Return ``value`` as it appears in a string: arrays joined, ``$null`` empty.

    >>> to_text([1, True, None, "x"])
    '1 True  x'
    """
    if isinstance(value, str):
        return str(value) if isinstance(value, Char) else value
    if value is None or isinstance(value, Nothing):
        return ""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, list):
        items = value.take() if isinstance(value, Enumerator) else value
        return joined(separator, (item_text(item) for item in items))
    if isinstance(value, ShellObject):
        return _object_text(value)
    return _other_text(value)


def _other_text(value: Value) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, HashTable):
        return object_text(value.kind)
    if isinstance(value, ScriptBlockValue):
        return value.text
    if isinstance(value, TypeValue):
        return type_text(value.name)
    if isinstance(value, SwitchValue):
        return str(value.on)
    return value.name if isinstance(value, EnumValue) else str(value)


def type_text(canonical: str) -> str:
    """Return a type as a string shows it: its accelerator, or its full name.

    >>> type_text("int[]"), type_text("arraylist")
    ('int[]', 'System.Collections.ArrayList')
    """
    if canonical.endswith("[]"):
        return f"{type_text(canonical[:-2])}[]"
    if canonical.endswith(">"):
        inner = canonical[:-1].partition("<")[2]
        head = full_name(canonical).partition("`")[0]
        return f"{head}[{','.join(type_text(part) for part in inner.split(','))}]"
    return _SHORT.get(canonical) or full_name(canonical)


def item_text(value: Value) -> str:
    """Return the text of an item of an array: a list is its type's name, a plain object empty."""
    if isinstance(value, list):
        return object_text(canonical_of(value))
    if isinstance(value, WRITTEN):
        return value.written
    if isinstance(value, TypeValue):
        return full_name(value.name)
    plain = isinstance(value, ShellObject) and value.type.text is None
    return "" if plain and is_plain(value) else to_text(value)


def is_plain(value: Value) -> bool:
    """Tell whether a value is a custom object."""
    return isinstance(value, ShellObject) and value.type.name.endswith("PSCustomObject")


def _object_text(value: ShellObject) -> str:
    if value.type.text is not None:
        return value.type.text(value)
    if not is_plain(value):
        return value.type.name
    names = value.items()
    if not names:
        return ""
    inner = joined("; ", (f"{name}={item_text(item)}" for name, item in names))
    return bounded(f"@{{{inner}}}")


def written_text(value: Value) -> str:
    """Return text for a parameter that takes text: a number as it was written."""
    if isinstance(value, WRITTEN):
        return value.written
    return to_text(value)


def screen_text(value: Value) -> str:
    """Return the text of a value as the culture has it: what is endless has a sign of its own.

    >>> screen_text(float("-inf")), screen_text(5)
    ('-\u221e', '5')
    """
    if isinstance(value, float) and math.isinf(value):
        return "\u221e" if value > 0 else "-\u221e"
    return written_text(value)


def to_bool(value: Value) -> bool:
    """Return whether a condition takes ``value`` as true."""
    if isinstance(value, list):
        if len(value) == 1:
            return to_bool(value[0]) if not isinstance(value[0], list) else bool(value[0])
        return len(value) > 1
    if value is None or isinstance(value, Nothing):
        return False
    if isinstance(value, Char):
        return value != "\0"
    if isinstance(value, str):
        return value != ""
    if isinstance(value, int | float | Decimal | SwitchValue):
        return bool(value)
    return value.number != 0 if isinstance(value, EnumValue) else True


def text_number(text: str) -> Number | None:
    """Return the number a text stands for, commas between digits allowed; ``None`` for no one."""
    stripped = text.strip()
    if not stripped:
        return 0
    number = number_of(stripped)
    if number is None and "," in stripped and stripped[0] != ",":
        number = number_of(stripped.replace(",", ""))
    return number


def to_number(value: Value) -> Number:
    """Return ``value`` as a number, or refuse with PowerShell's words."""
    if isinstance(value, int | float | Decimal):
        return int(value) if isinstance(value, bool) else value
    if value is None or isinstance(value, Nothing):
        return 0
    if isinstance(value, Char):
        return ord(value)
    if isinstance(value, str):
        number = number_of(value.strip()) if value.strip() else 0
        if number is None:
            raise cast_failure(
                shown(value), "System.Int32", BAD_FORMAT, "InvalidCastFromStringToInteger"
            )
        return number
    if isinstance(value, EnumValue):
        return value.number
    if isinstance(value, ShellObject) and value.type.number is not None:
        return value.type.number(value)
    raise final_failure(value, "int")


def operand_number(value: Value) -> Number:
    """Return an operand as a number: a text may have commas between its digits."""
    if isinstance(value, str) and not isinstance(value, Char):
        number = text_number(value)
        if number is not None:
            return number
        value = value.strip()  # What its error names.
    return to_number(value)


def to_int(value: Value) -> int:
    """Return ``value`` as an integer, halves rounded to even as .NET does."""
    number = to_number(value)
    if isinstance(number, int):
        return int(number)
    if isinstance(number, float) and not math.isfinite(number):
        raise cast_failure(
            shown(value), "System.Int32", too_large("int"), "InvalidCastIConvertible"
        )
    return round(number)


def to_list(value: Value) -> list[Value]:
    """Return ``value`` as an array: itself, nothing for ``$null``, one item otherwise."""
    if isinstance(value, list):
        return value
    return [] if value is None or isinstance(value, Nothing) else [value]


def as_argument(value: Value) -> Value:
    """Return a value as a command takes it: what is nothing is null for it, also in an array."""
    if isinstance(value, Nothing):
        return None
    if isinstance(value, list) and any(isinstance(item, Nothing) for item in value):
        return [None if isinstance(item, Nothing) else item for item in value]
    return value


def shown(value: Value) -> str:
    """Return the text of a value for an error, not too much of it."""
    text = full_name(value.name) if isinstance(value, TypeValue) else to_text(value)
    return text if len(text) <= 200 else text[:197] + "..."


_PRIMITIVE = frozenset({*LIMITS, "double", "single", "decimal", "char", "bool"})


def _no_cast(value: Value, canonical: str) -> ConversionError:
    """Return the error of a value that .NET converts, but not to this type."""
    text = shown(value)
    if isinstance(value, ShellObject) and value.type.calls is not None:
        # A date says itself as the culture has it.
        text = shown(value.type.calls["tostring"](value, []))
    source, wanted = type_name_of(value), full_name(canonical)
    if canonical in _PRIMITIVE:
        source, wanted = source.removeprefix("System."), wanted.removeprefix("System.")
    return cast_failure(
        text,
        full_name(canonical),
        f"Invalid cast from '{source}' to '{wanted}'.",
        "InvalidCastIConvertible",
    )


def final_failure(value: Value, canonical: str) -> ConversionError:
    """Return the error of a value for which no conversion to a type exists."""
    name = "null" if value is None else f'"{type_name_of(value)}"'
    text = type_name_of(value) if isinstance(value, list) else shown(value)
    if value is None:
        return ConversionError(
            f'Cannot convert null to type "{full_name(canonical)}".', id="nullToObjectInvalidCast"
        )
    if isinstance(value, bool | Char | EnumValue) or name == '"System.DateTime"':
        return _no_cast(value, canonical)
    return ConversionError(
        f'Cannot convert the "{text}" value of type {name} to type "{full_name(canonical)}".',
        id="ConvertToFinalInvalidCastException",
    )


def canonical_of(value: Value) -> str:
    """Return the canonical name of a value's type; an object's is its full name."""
    if isinstance(value, ShellObject):
        if is_plain(value):
            return "pscustomobject"
        return canonical_type(value.type.name) or value.type.name
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return integer_kind(value)
    if isinstance(value, TypedArray):
        return f"{value.item}[]"
    if isinstance(value, ShellList | HashTable):
        return value.kind
    if isinstance(value, EnumValue):
        return value.kind
    for kinds, name in _NAMES:
        if isinstance(value, kinds):
            return name
    return "object"


_NAMES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (Single, "single"),
    (float, "double"),
    (Decimal, "decimal"),
    (Char, "char"),
    (str, "string"),
    (list, "object[]"),
    (ScriptBlockValue, "scriptblock"),
    (TypeValue, "System.RuntimeType"),
    (SwitchValue, "switch"),
)


def type_name_of(value: Value) -> str:
    """Return the .NET name of a value's type."""
    if isinstance(value, ShellObject):
        return value.type.name
    return full_name(canonical_of(value))
