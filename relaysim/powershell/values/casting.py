"""Casts: from any value to a type a script names, and ``-is``."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

from relaysim.powershell.values.conversion import (
    canonical_of,
    final_failure,
    is_plain,
    shown,
    text_number,
    to_bool,
    to_list,
    to_text,
    written_text,
)
from relaysim.powershell.values.failures import (
    BAD_FORMAT,
    ConversionError,
    cast_failure,
    not_in_subset,
)
from relaysim.powershell.values.kinds.enumerations import ENUMERATIONS, to_enum
from relaysim.powershell.values.kinds.made_objects import MADE, require_no_members
from relaysim.powershell.values.kinds.text_encodings import culture
from relaysim.powershell.values.net_values import NET_CASTS
from relaysim.powershell.values.numeric import (
    DECIMALS,
    LIMITS,
    MAX_DECIMAL,
    Char,
    Single,
    decimal_of,
    sized_integer,
    too_large,
)
from relaysim.powershell.values.patterns.matches import regex_object
from relaysim.powershell.values.type_names import (
    ancestors,
    canonical_type,
    full_name,
    is_exception,
)
from relaysim.powershell.values.value import (
    NOTHING,
    REFERENCE,
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
    from collections.abc import Callable

__all__ = ["cast", "is_castable", "is_of_type"]


def _to_integer(kind: str, value: Value) -> int:
    full = full_name(kind)
    if isinstance(value, str) and not isinstance(value, Char):
        number = text_number(value)
        if number is None:
            raise cast_failure(shown(value), full, BAD_FORMAT, "InvalidCastFromStringToInteger")
        failure = "InvalidCastFromStringToInteger"
    else:
        number = _number(kind, value)
        failure = "InvalidCastIConvertible"
    low, high = LIMITS[kind]
    if isinstance(number, float) and not math.isfinite(number):
        raise cast_failure(shown(value), full, too_large(kind), failure)
    result = int(number) if isinstance(number, int) else round(number)
    if not low <= result <= high:
        raise cast_failure(shown(value), full, too_large(kind), failure)
    return sized_integer(result, kind)


def _number(kind: str, value: Value) -> int | float | Decimal:
    if isinstance(value, bool | int | float | Decimal):
        return int(value) if isinstance(value, bool) else value
    if value is None:
        return 0
    if isinstance(value, Char):
        return ord(value)
    if isinstance(value, EnumValue):
        return value.number
    if isinstance(value, ShellObject) and value.type.number is not None:
        return value.type.number(value)
    raise final_failure(value, kind)


_SPECIAL = {"nan": math.nan, "infinity": math.inf, "+infinity": math.inf, "-infinity": -math.inf}


def _to_real(kind: str, value: Value) -> float:
    full = full_name(kind)
    if isinstance(value, str) and not isinstance(value, Char):
        number = _SPECIAL.get(value.strip().casefold(), text_number(value))
        if number is None:
            raise cast_failure(
                shown(value), full, BAD_FORMAT, "InvalidCastFromStringToDoubleOrSingle"
            )
    else:
        number = _number(kind, value)
    return Single(float(number)) if kind == "single" else float(number)


def _to_decimal(value: Value) -> Decimal:
    full = full_name("decimal")
    if isinstance(value, HashTable) and not len(value):
        return Decimal(0)  # A decimal of which no property is set.
    if isinstance(value, str) and not isinstance(value, Char):
        number = text_number(value)
        if number is None:
            raise cast_failure(shown(value), full, BAD_FORMAT, "InvalidCastFromStringToDecimal")
        if isinstance(number, float) and "e" not in value.lower():
            number = Decimal(value.strip().replace(",", ""))
            number = number.normalize() if number else Decimal(0)
            if number.copy_abs() <= MAX_DECIMAL and number == number.to_integral():
                number = number.quantize(Decimal(1), context=DECIMALS)
    else:
        number = _number("decimal", value)
    try:
        return decimal_of(number)
    except OverflowError:
        text = isinstance(value, str) and not isinstance(value, Char)
        identity = "InvalidCastFromStringToDecimal" if text else "InvalidCastIConvertible"
        raise cast_failure(shown(value), full, too_large("decimal"), identity) from None


def _to_char(value: Value) -> Char:
    if isinstance(value, Char):
        return value
    if isinstance(value, str):
        if len(value) == 1 and value <= "\uffff":
            return Char(value)
        raise cast_failure(
            shown(value), "System.Char", "String must be exactly one character long.",
            "InvalidCastParseTargetInvocation",
        )  # fmt: skip
    if value is None:
        return Char("\0")
    if isinstance(value, float | Decimal | bool):
        raise cast_failure(
            shown(value), "System.Char",
            f"Invalid cast from '{full_name(canonical_of(value)).removeprefix('System.')}' "
            "to 'Char'.", "InvalidCastIConvertible",
        )  # fmt: skip
    code = _number("char", value)
    if not 0 <= code <= 0xFFFF:
        raise cast_failure(
            shown(value), "System.Char", too_large("char"), "InvalidCastIConvertible"
        )
    return Char(chr(int(code)))


def _to_switch(value: Value) -> SwitchValue:
    if isinstance(value, SwitchValue):
        return value
    if isinstance(value, bool) or value is None or (isinstance(value, HashTable) and not value):
        return SwitchValue(bool(value))
    raise final_failure(value, "switch")


def _to_table(value: Value) -> Value:
    if value is None or isinstance(value, HashTable):
        return value
    raise final_failure(value, "hashtable")


def _to_ordered(value: Value) -> Value:
    if isinstance(value, HashTable):
        return HashTable(value.items(), kind="ordered")
    raise final_failure(value, "ordered")


def custom_object(value: Value) -> Value:
    """Return ``[pscustomobject]``: nothing but this cast makes properties of a table's keys."""
    if not isinstance(value, HashTable):
        return value
    return ShellObject((to_text(key), item) for key, item in value.items())


def _to_script_block(value: Value) -> Value:
    if value is None or isinstance(value, ScriptBlockValue):
        return value
    raise final_failure(value, "scriptblock")


def _to_type(value: Value) -> Value:
    if isinstance(value, TypeValue):
        return value
    if value is None:
        return None
    if isinstance(value, bool | list | HashTable | ScriptBlockValue | EnumValue | Char):
        raise final_failure(value, "type")
    name = canonical_type(to_text(value))
    if name is None:
        raise ConversionError(
            f'Cannot convert the "{shown(value)}" value of type '
            f'"{full_name(canonical_of(value))}" to type "System.Type".',
            id="InvalidCastFromStringToType",
        )
    return TypeValue(name=name)


def _to_string(value: Value) -> str:
    return written_text(value)


def _to_regex(value: Value) -> Value:
    if value is None or (isinstance(value, ShellObject) and value.type.name.endswith(".Regex")):
        return value
    if isinstance(value, bool | Char | EnumValue):
        raise cast_failure(
            shown(value), full_name("regex"),
            f"Invalid cast from '{full_name(canonical_of(value))}' to '{full_name('regex')}'.",
            "InvalidCastIConvertible",
        )  # fmt: skip
    if not isinstance(value, str | int | float | Decimal):
        raise final_failure(value, "regex")
    return regex_object(to_text(value))


def _to_arraylist(value: Value) -> Value:
    if value is None:
        return None
    if not isinstance(value, list):
        raise final_failure(value, "arraylist")
    # A list stays the same one: what is added to it is added for everybody.
    return value if isinstance(value, ShellList) and value.kind == "arraylist" else ShellList(value)


def _to_culture(value: Value) -> Value:
    if isinstance(value, ShellObject) and canonical_of(value) == "cultureinfo":
        return value
    return None if value is None else culture(to_text(value))


def _to_reference(value: Value) -> Value:
    if isinstance(value, ShellObject) and value.type.name == REFERENCE.name:
        return value
    raise ConversionError("Reference type is expected in argument.", id="ParameterArgument")


_CASTS: dict[str, Callable[[Value], Value]] = {
    "array": lambda value: None if value is None else to_list(value),
    "bool": to_bool,
    "char": _to_char,
    "decimal": _to_decimal,
    "double": lambda value: _to_real("double", value),
    "single": lambda value: _to_real("single", value),
    "hashtable": _to_table,
    "idictionary": _to_table,
    "ordered": _to_ordered,
    "arraylist": _to_arraylist,
    "object": lambda value: value,
    "psobject": lambda value: value,
    "cultureinfo": _to_culture,
    "psreference": _to_reference,
    "regex": _to_regex,
    "scriptblock": _to_script_block,
    "string": _to_string,
    "switch": _to_switch,
    "type": _to_type,
    "void": lambda _value: NOTHING,
    **NET_CASTS,
}


def is_castable(canonical: str) -> bool:
    """Tell whether anything can be cast to a type."""
    if canonical.endswith("[]"):
        return is_castable(canonical[:-2])
    if canonical.startswith("list<"):
        return is_castable(canonical[5:-1])
    return canonical in _CASTS or canonical in LIMITS or canonical in ENUMERATIONS


def _array_of_one(item: str, value: Value) -> Value:
    """Return an array made of one value, whose error tells of the array."""
    kind = f"{item}[]"
    try:
        only = cast(item, value)
    except ConversionError as error:
        if error.subset:
            raise
        if error.id.startswith("ConvertToFinal") or isinstance(value, bool | ShellObject):
            raise final_failure(value, kind) from error
        raise cast_failure(
            shown(value), full_name(kind), error.message, "InvalidCastExceptionScalarToArray"
        ) from error
    return [only] if item == "object" else TypedArray([only], item)


def _list_of(item: str, value: Value, kind: str) -> Value:
    if value is None or (isinstance(value, ShellList) and value.kind == kind):
        return value
    try:
        return ShellList([cast(item, one) for one in to_list(value)], kind)
    except ConversionError as error:
        if error.subset:
            raise
        raise final_failure(value, kind) from error


def _array(item: str, value: Value) -> Value:
    if value is None:
        return None
    if item == "char" and isinstance(value, str) and not isinstance(value, Char):
        return TypedArray([Char(char) for char in value], "char")
    if isinstance(value, list):
        same = value.item == item if isinstance(value, TypedArray) else item == "object"
        if same and not isinstance(value, ShellList):
            return value
    else:
        return _array_of_one(item, value)
    items = [cast(item, one) for one in value]
    return items if item == "object" else TypedArray(items, item)


def cast(type_name: str, value: Value) -> Value:
    """Return ``value`` converted to the type with the canonical name ``type_name``."""
    if type_name in MADE:
        require_no_members(value, type_name)
    return _converted(type_name, value)


def _converted(type_name: str, value: Value) -> Value:
    if isinstance(value, Nothing):
        value = None
    convert = _CASTS.get(type_name)
    if convert is not None:
        return convert(value)
    if type_name in LIMITS:
        return _to_integer(type_name, value)
    if type_name.endswith("[]"):
        return _array(type_name[:-2], value)
    if type_name.startswith("list<"):
        return _list_of(type_name[5:-1], value, type_name)
    if type_name in ENUMERATIONS:
        return to_enum(type_name, value)
    if is_of_type(value, type_name):
        return value
    if value is None:
        return None
    if is_exception(type_name):
        raise not_in_subset(f"a cast to `{type_name}`")
    raise final_failure(value, type_name)


def is_of_type(value: Value, type_name: str) -> bool:
    """Tell what ``-is`` says about a canonical type name."""
    if value is None or isinstance(value, Nothing):
        return False
    if type_name == "object":
        return True
    if isinstance(value, TypeValue):
        return type_name == "type"
    if isinstance(value, ShellObject):
        if type_name in {"psobject", "pscustomobject"}:
            return is_plain(value)
        own = canonical_of(value)
        wanted = full_name(type_name).lower()
        line = (own, *ancestors(own), *value.type.ancestors)
        return any(full_name(name).lower() == wanted for name in line)
    own = canonical_of(value)
    if own == "object[]" and type_name == "object[]":
        return True
    return type_name in ancestors(own)
