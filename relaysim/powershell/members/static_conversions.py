"""The methods of ``[convert]`` and ``Parse`` of the numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from relaysim.lean import pattern
from relaysim.powershell.members.signatures import argument
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import (
    canonical_of,
    to_bool,
    to_int,
    to_text,
)
from relaysim.powershell.values.failures import ConversionError, method_failure
from relaysim.powershell.values.kinds.text_encodings import byte_array, bytes_of
from relaysim.powershell.values.net_time import item_in_culture
from relaysim.powershell.values.numeric import LIMITS, Char, sized_integer
from relaysim.powershell.values.type_names import full_name, object_text
from relaysim.powershell.values.value import HashTable, Value

if TYPE_CHECKING:
    from collections.abc import Callable


__all__ = [
    "based",
    "converted",
    "from_base64",
    "parser",
    "to_base64",
    "to_boolean",
    "to_double",
    "to_string",
]

Arguments = list[Value]


def to_boolean(arguments: Arguments) -> bool:
    """Return ``[convert]::ToBoolean``."""
    value = arguments[0]
    if isinstance(value, list | HashTable):
        raise _unconvertible("ToBoolean", value)
    if not isinstance(value, str):
        return to_bool(value)
    word = value.strip().lower()
    if word not in {"true", "false"}:
        raise method_failure(
            "ToBoolean", 1, "String was not recognized as a valid Boolean.", "FormatException"
        )
    return word == "true"


_SCALED = pattern(r"[+-]?\d{1,28}\.\d{1,28}")
"""A decimal whose digits behind the point all stay."""


def to_double(arguments: Arguments) -> Value:
    """Return ``[convert]::ToDouble``, which takes no character; a cast does."""
    if isinstance(arguments[0], Char):
        reason = "Invalid cast from 'Char' to 'Double'."
        raise method_failure("ToDouble", 1, reason, "InvalidCastException")
    return converted("ToDouble", "double")(arguments)


def _unconvertible(name: str, value: Value) -> ConversionError:
    shown = f"Unable to cast object of type '{object_text(canonical_of(value))}' to type "
    return method_failure(name, 1, f"{shown}'System.IConvertible'.", "InvalidCastException")


def converted(name: str, kind: str) -> Callable[[Arguments], Value]:
    """Return a method of ``[convert]`` that makes one value of a type."""

    def convert(arguments: Arguments) -> Value:
        value = arguments[0]
        if isinstance(value, list | HashTable):
            raise _unconvertible(name, value)
        try:
            if isinstance(value, str) and not isinstance(value, Char):
                return parser(kind)(arguments) if kind in _PARSED else cast(kind, value)
            return cast(kind, value)
        except ConversionError as error:
            if error.subset:
                raise
            reason = error.message.partition('"1" argument(s): "')[2].removesuffix('"')
            reason = reason or error.message.partition('Error: "')[2].removesuffix('"')
            large = "too large" in reason
            raise method_failure(
                name, 1, reason, "OverflowException" if large else "FormatException"
            ) from error

    return convert


_PARSED = frozenset({*LIMITS, "double", "decimal", "single"})


def parser(kind: str) -> Callable[[Arguments], Value]:
    """Return ``Parse`` of a type."""

    def parse(arguments: Arguments) -> Value:
        text = to_text(arguments[0])
        if kind == "bool":
            if text.strip().lower() in {"true", "false"}:
                return text.strip().lower() == "true"
            raise method_failure(
                "Parse", 1, "String was not recognized as a valid Boolean.", "FormatException"
            )
        if kind == "decimal" and _SCALED.fullmatch(text.strip()):
            return Decimal(text.strip())
        whole = kind in LIMITS and not text.strip().lstrip("+-").isdigit()
        try:
            return cast(kind, "?" if whole or not text.strip() else text)
        except ConversionError as error:
            if error.subset:
                raise
            large = "too large" in error.message
            reason = (
                error.message.partition('Error: "')[2].rstrip('"')
                or "Input string was not in a correct format."
            )
            raise method_failure(
                "Parse", len(arguments), reason, "OverflowException" if large else "FormatException"
            ) from error

    return parse


_TOO_LARGE = {
    "byte": "an unsigned byte", "sbyte": "a signed byte", "int16": "an Int16", "int": "an Int32",
    "long": "an Int64", "uint16": "a UInt16", "uint32": "a UInt32", "uint64": "a UInt64",
}  # fmt: skip


def _of_base(name: str, kind: str, text: str, radix: int) -> int:
    """Return the integer that a text says in a base; more bits than a type has are too many."""

    def wrong(reason: str, error_id: str) -> ConversionError:
        return method_failure(name, 2, reason, error_id)

    if radix not in {2, 8, 10, 16}:
        raise wrong("Invalid Base.", "ArgumentException")
    negative = text.startswith("-")
    if negative and radix != 10:
        raise wrong(
            "String cannot contain a minus sign if the base is not 10.", "ArgumentException"
        )
    if not text:
        raise wrong(
            "Index was out of range. Must be non-negative and less than the size of the "
            "collection.\nParameter name: startIndex", "ArgumentOutOfRangeException",
        )  # fmt: skip
    digits = text.lower().removeprefix("-" if negative else "+")
    digits = digits.removeprefix("0x") if radix == 16 else digits
    known = "0123456789abcdef"[:radix]
    length = next((at for at, one in enumerate(digits) if one not in known), len(digits))
    if not length:
        raise wrong("Could not find any recognizable digits.", "FormatException")
    if length < len(digits):
        raise wrong(
            "Additional non-parsable characters are at the end of the string.", "FormatException"
        )
    number = -int(digits, radix) if negative else int(digits, radix)
    low, high = LIMITS[kind]
    bits = high - low + 1
    if (radix != 10 and number >= bits) or (radix == 10 and not low <= number <= high):
        raise wrong(
            f"Value was either too large or too small for {_TOO_LARGE[kind]}.", "OverflowException"
        )
    return sized_integer(number - bits if number > high else number, kind)


def based(kind: str) -> Callable[[Arguments], Value]:
    """Return ``[convert]::ToInt32`` and its relatives, with a base where one is given."""

    def convert(arguments: Arguments) -> Value:
        name = f"To{full_name(kind).removeprefix('System.')}"
        if len(arguments) == 2 and isinstance(arguments[1], int):
            return _of_base(name, kind, to_text(arguments[0]), int(arguments[1]))
        return converted(name, kind)(arguments)

    return convert


def to_string(arguments: Arguments) -> str:
    """Return ``[convert]::ToString``."""
    if len(arguments) == 2 and isinstance(arguments[1], int):
        given = argument("ToString", "value", arguments[0], "long")
        number, radix = to_int(given), int(arguments[1])
        if radix not in {2, 8, 10, 16}:
            raise method_failure("ToString", 2, "Invalid Base.", "ArgumentException")
        if radix == 10:
            return str(number)
        if number < 0:
            number += 1 << (32 if number >= -(1 << 31) else 64)
        return format(number, {2: "b", 8: "o", 16: "x"}[radix])
    return item_in_culture(arguments[0])


def to_base64(arguments: Arguments) -> str:
    """Return ``[convert]::ToBase64String``."""
    import base64

    given = arguments[0]
    if given is None:
        reason = "Value cannot be null.\nParameter name: inArray"
        raise method_failure("ToBase64String", 1, reason, "ArgumentNullException")
    if isinstance(given, str):
        given = argument("ToBase64String", "inArray", given, "byte[]")
    return base64.b64encode(bytes_of(given)).decode()


def from_base64(arguments: Arguments) -> Value:
    """Return ``[convert]::FromBase64String``."""
    import base64
    import binascii

    try:
        raw = base64.b64decode(to_text(arguments[0]), validate=True)
    except (binascii.Error, ValueError):
        text = to_text(arguments[0])
        reason = "Invalid length for a Base-64 char array or string."
        if len(text.rstrip()) % 4 == 0:
            reason = (
                "The input is not a valid Base-64 string as it contains a non-base 64 character, "
                "more than two padding characters, or an illegal character among the padding "
                "characters."
            )
        raise method_failure("FromBase64String", 1, reason, "FormatException") from None
    return byte_array(raw)
