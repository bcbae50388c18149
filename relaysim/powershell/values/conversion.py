"""Conversions between values: to text, truth, numbers and the types scripts cast to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from relaysim.powershell.language.lexer import number_of
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.value import (
    NOTHING,
    FormattedText,
    HashTable,
    Nothing,
    ScriptBlockValue,
    ShellList,
    ShellObject,
    TypeValue,
    Value,
    WrittenFloat,
    WrittenInt,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "CASTS",
    "MAX_TEXT",
    "bounded",
    "canonical_type",
    "cast",
    "is_of_type",
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

_SHORT_NAMES = {
    "array": "array", "object[]": "array", "arraylist": "list", "bool": "bool", "boolean": "bool",
    "byte": "int", "char": "char", "decimal": "decimal", "double": "double", "float": "double",
    "guid": "string", "hashtable": "hashtable", "int": "int", "int32": "int", "int64": "int",
    "ipaddress": "string", "long": "int", "net.ipaddress": "string", "object": "object",
    "ordered": "hashtable", "pscustomobject": "psobject", "psobject": "psobject",
    "regex": "string", "scriptblock": "scriptblock", "single": "double", "string": "string",
    "switch": "bool", "switchparameter": "bool", "uint32": "int", "uint64": "int", "void": "void",
}  # fmt: skip
_PREFIXES = ("system.management.automation.", "system.collections.", "system.")


def canonical_type(name: str) -> str | None:
    """Return the short name of a type, with ``[]`` for arrays of it, or ``None``.

    Integers of every size are ``int``. Addresses, GUIDs and regular expressions are their text.

    >>> canonical_type("System.String[]"), canonical_type("Int64"), canonical_type("Frob")
    ('string[]', 'int', None)
    """
    lowered = name.lower()
    if lowered.startswith(("system.collections.generic.list[", "collections.generic.list[")):
        return "list"
    for prefix in _PREFIXES:
        if lowered.startswith(prefix):
            lowered = lowered[len(prefix) :]
            break
    lowered = lowered.removeprefix("collections.")
    known = _SHORT_NAMES.get(lowered)
    if known is not None:
        return known
    if lowered.endswith("[]"):
        item = canonical_type(lowered[:-2])
        if item is not None and not item.endswith("[]"):
            return f"{item}[]"
    return None


def bounded(text: str) -> str:
    """Return ``text``, or refuse it when it is longer than any value may be."""
    if len(text) > MAX_TEXT:
        raise ConversionError(
            f"a text of {len(text)} characters (at most {MAX_TEXT})", id="LimitReached"
        )
    return text


def sized(count: int, limit: int = MAX_TEXT) -> int:
    """Return ``count``, or refuse it before something of that size is made."""
    if count > limit:
        raise ConversionError(f"a result of {count} items (at most {limit})", id="LimitReached")
    return count


def float_text(value: float) -> str:
    """Return a real number as .NET writes it."""
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if math.isnan(value):
        return "NaN"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.15g}"
    if "e" in text:
        mantissa, _, exponent = text.partition("e")
        return f"{mantissa}E{exponent[0]}{exponent[1:].zfill(2)}"
    return text


def to_text(value: Value, separator: str = " ") -> str:
    """Return ``value`` as it appears in a string: arrays joined, ``$null`` empty.

    >>> to_text([1, True, None, "x"])
    '1 True  x'
    """
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, Nothing):
        return ""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, list):
        return bounded(
            separator.join(
                type_name_of(item) if isinstance(item, list) else to_text(item) for item in value
            )
        )
    if isinstance(value, ShellObject):
        return _object_text(value)
    if isinstance(value, HashTable):
        return "System.Collections.Hashtable"
    if isinstance(value, ScriptBlockValue | FormattedText):
        return value.text
    if isinstance(value, TypeValue):
        return value.name
    return str(value)


def _object_text(value: ShellObject) -> str:
    if value.type.text is not None:
        return value.type.text(value)
    if not value.type.name.endswith("PSCustomObject"):
        return value.type.name
    inner = "; ".join(f"{name}={_inner_text(item)}" for name, item in value.items())
    return bounded(f"@{{{inner}}}")


def _inner_text(value: Value) -> str:
    """Return the text of a property inside an object's text; a plain object in it has none."""
    plain = isinstance(value, ShellObject) and value.type.text is None
    return "" if plain else to_text(value)


def written_text(value: Value) -> str:
    """Return text for a parameter that takes text: a number as it was written."""
    if isinstance(value, WrittenInt | WrittenFloat):
        return value.written
    return to_text(value)


def to_bool(value: Value) -> bool:
    """Return whether a condition takes ``value`` as true."""
    if isinstance(value, list):
        if len(value) == 1:
            return to_bool(value[0]) if not isinstance(value[0], list) else bool(value[0])
        return len(value) > 1
    if value is None or isinstance(value, Nothing):
        return False
    if isinstance(value, str):
        return value != ""
    if isinstance(value, int | float):
        return bool(value)
    return True


def to_number(value: Value) -> int | float:
    """Return ``value`` as a number, or refuse."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    if value is None or isinstance(value, Nothing):
        return 0
    if isinstance(value, ShellObject) and value.type.number is not None:
        return value.type.number(value)
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return 0
        number = number_of(text)
        if number is not None:
            return number
    raise ConversionError(f"cannot convert `{_shown(value)}` to a number")


def to_int(value: Value) -> int:
    """Return ``value`` as an integer, halves rounded to even as .NET does."""
    number = to_number(value)
    if isinstance(number, int):
        return int(number)
    if math.isinf(number) or math.isnan(number):
        raise ConversionError(f"cannot convert `{_shown(value)}` to an integer")
    return round(number)


def to_list(value: Value) -> list[Value]:
    """Return ``value`` as an array: itself, nothing for ``$null``, one item otherwise."""
    if isinstance(value, list):
        return value
    return [] if value is None or isinstance(value, Nothing) else [value]


def _shown(value: Value) -> str:
    text = to_text(value)
    return text if len(text) <= 80 else text[:77] + "..."


def type_name_of(value: Value) -> str:
    """Return the .NET name of a value's type."""
    if isinstance(value, ShellObject):
        return value.type.name
    for kinds, name in _NAMES:
        if isinstance(value, kinds):
            return name
    return "System.Object"


_NAMES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "System.Boolean"),
    (int, "System.Int32"),
    (float, "System.Double"),
    (str, "System.String"),
    (ShellList, "System.Collections.ArrayList"),
    (list, "System.Object[]"),
    (HashTable, "System.Collections.Hashtable"),
    (ScriptBlockValue, "System.Management.Automation.ScriptBlock"),
    (TypeValue, "System.RuntimeType"),
)


def _to_hashtable(value: Value) -> Value:
    if isinstance(value, HashTable):
        return value
    if value is None:
        return None
    raise ConversionError(f"cannot convert `{_shown(value)}` to a hashtable")


def _to_object(value: Value) -> Value:
    if isinstance(value, HashTable):
        return ShellObject((to_text(key), item) for key, item in value.items())
    return value


def _to_char(value: Value) -> str:
    if isinstance(value, str) and len(value) == 1:
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        code = to_int(value)
        if 0 <= code <= 0xFFFF:
            return chr(code)
    raise ConversionError(f"cannot convert `{_shown(value)}` to a character")


def _to_double(value: Value) -> float:
    return float(to_number(value))


def _to_script_block(value: Value) -> Value:
    if isinstance(value, ScriptBlockValue):
        return value
    raise ConversionError(f"cannot run the text `{_shown(value)}` as a script block")


def _to_array(value: Value) -> Value:
    return None if value is None else to_list(value)


CASTS: dict[str, Callable[[Value], Value]] = {
    "array": _to_array,
    "bool": to_bool,
    "char": _to_char,
    "decimal": _to_double,
    "double": _to_double,
    "hashtable": _to_hashtable,
    "int": to_int,
    "list": lambda value: ShellList(to_list(value)),
    "object": lambda value: value,
    "psobject": _to_object,
    "scriptblock": _to_script_block,
    "string": to_text,
    "void": lambda _value: NOTHING,
}
"""The types a value can be cast to."""


def cast(type_name: str, value: Value) -> Value:
    """Return ``value`` converted to the type with the canonical name ``type_name``."""
    if isinstance(value, Nothing):
        value = None
    convert = CASTS.get(type_name)
    if convert is not None:
        return convert(value)
    if type_name.endswith("[]") and type_name[:-2] in CASTS:
        if value is None:
            return None
        item = CASTS[type_name[:-2]]
        return [item(one) for one in to_list(value)]
    raise ConversionError(f"nothing can be converted to `{type_name}`")


def is_of_type(value: Value, type_name: str) -> bool:
    """Tell what ``-is`` says about a canonical type name or a full one."""
    if isinstance(value, ShellObject):
        lowered = type_name.lower()
        full = value.type.name.lower()
        return lowered in {full, "object"} or (
            lowered == "psobject" and full.endswith("pscustomobject")
        )
    own = canonical_type(type_name_of(value))
    if value is None or isinstance(value, Nothing):
        return False
    if type_name == "char":
        return False
    return type_name in {own, "object"} or (type_name.endswith("[]") and own == "array")
