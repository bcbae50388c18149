"""The methods of ``[convert]`` and ``Parse`` of the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import (
    to_bool,
    to_int,
    to_text,
)
from relaysim.powershell.values.failures import ConversionError, method_failure
from relaysim.powershell.values.kinds.text_encodings import byte_array, bytes_of
from relaysim.powershell.values.numeric import LIMITS, sized_integer
from relaysim.powershell.values.type_names import full_name
from relaysim.powershell.values.value import (
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable


__all__ = ["based", "from_base64", "parser", "to_base64", "to_boolean", "to_string"]

Arguments = list[Value]


def to_boolean(arguments: Arguments) -> bool:
    """Return ``[convert]::ToBoolean``."""
    value = arguments[0]
    if not isinstance(value, str):
        return to_bool(value)
    word = value.strip().lower()
    if word not in {"true", "false"}:
        raise method_failure(
            "ToBoolean", 1, "String was not recognized as a valid Boolean.", "FormatException"
        )
    return word == "true"


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


def based(kind: str) -> Callable[[Arguments], Value]:
    """Return ``[convert]::ToInt32`` and its relatives, with a base where one is given."""

    def convert(arguments: Arguments) -> Value:
        name = f"To{full_name(kind).removeprefix('System.')}"
        if len(arguments) == 2 and isinstance(arguments[1], int):
            try:
                number = int(to_text(arguments[0]), int(arguments[1]))
            except ValueError:
                raise method_failure(
                    name, 2, "Could not find any recognizable digits.", "FormatException"
                ) from None
            bits = LIMITS[kind][1] - LIMITS[kind][0] + 1
            number = number - bits if LIMITS[kind][1] < number < bits else number
            return sized_integer(number, kind)
        try:
            return cast(kind, arguments[0])
        except ConversionError as error:
            reason = error.message.partition('Error: "')[2].rstrip('"')
            large = "too large" in reason
            raise method_failure(
                name, 1, reason, "OverflowException" if large else "FormatException"
            ) from error

    return convert


def to_string(arguments: Arguments) -> str:
    """Return ``[convert]::ToString``."""
    if len(arguments) == 2 and isinstance(arguments[1], int):
        number, radix = to_int(arguments[0]), int(arguments[1])
        if radix not in {2, 8, 10, 16}:
            raise method_failure("ToString", 2, "Invalid Base.", "ArgumentException")
        if radix == 10:
            return str(number)
        if number < 0:
            number += 1 << (32 if number >= -(1 << 31) else 64)
        return format(number, {2: "b", 8: "o", 16: "x"}[radix])
    return to_text(arguments[0])


def to_base64(arguments: Arguments) -> str:
    """Return ``[convert]::ToBase64String``."""
    import base64

    return base64.b64encode(bytes_of(arguments[0])).decode()


def from_base64(arguments: Arguments) -> Value:
    """Return ``[convert]::FromBase64String``."""
    import base64
    import binascii

    try:
        raw = base64.b64decode(to_text(arguments[0]), validate=True)
    except (binascii.Error, ValueError):
        raise method_failure(
            "FromBase64String", 1, "Invalid length for a Base-64 char array or string.",
            "FormatException",
        ) from None  # fmt: skip
    return byte_array(raw)
