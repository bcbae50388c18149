"""Static members of enumerations, dates, encodings, cultures and bytes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from relaysim.powershell.values.conversion import canonical_type, to_int, to_list, to_text
from relaysim.powershell.values.failures import method_failure, not_in_subset
from relaysim.powershell.values.kinds.date_forms import STANDARD_FORMS
from relaysim.powershell.values.kinds.date_reading import form_parts, read_exact
from relaysim.powershell.values.kinds.enumerations import ENUMERATIONS, enum_member, to_enum
from relaysim.powershell.values.kinds.text_encodings import (
    ENCODINGS,
    byte_array,
    bytes_of,
    culture,
    encoding_named,
)
from relaysim.powershell.values.net_time import as_kind, datetime_object, shifted, to_datetime
from relaysim.powershell.values.numeric import LIMITS, integer_kind
from relaysim.powershell.values.value import EnumValue, TypedArray, TypeValue, Value

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["VALUE_CALLS", "VALUE_CONSTANTS"]

Arguments = list[Value]


def _enumeration(value: Value) -> str:
    """Return the canonical name of an enumeration that an argument names."""
    kind = value.name if isinstance(value, TypeValue) else canonical_type(to_text(value)) or ""
    if kind not in ENUMERATIONS:
        raise not_in_subset(f"the enumeration `{to_text(value)}`")
    return kind


def _names(arguments: Arguments) -> Value:
    kind = _enumeration(arguments[0])
    return TypedArray([name for name, _ in ENUMERATIONS[kind]], "string")


def _members(arguments: Arguments) -> Value:
    kind = _enumeration(arguments[0])
    values: list[Value] = [
        EnumValue(kind=kind, name=name, number=number) for name, number in ENUMERATIONS[kind]
    ]
    return TypedArray(values, kind)


def _is_defined(arguments: Arguments) -> Value:
    kind, wanted = _enumeration(arguments[0]), arguments[1]
    if isinstance(wanted, EnumValue):
        return wanted.kind == kind
    if isinstance(wanted, int):
        return any(number == wanted for _, number in ENUMERATIONS[kind])
    return any(name == to_text(wanted) for name, _ in ENUMERATIONS[kind])


def _parsed(arguments: Arguments) -> Value:
    kind, text = _enumeration(arguments[0]), to_text(arguments[1])
    found = enum_member(kind, text)
    ignore = len(arguments) > 2 and arguments[2] is True
    if found is None or (found.name != text and not ignore):
        if text.strip().lstrip("+-").isdecimal():
            return to_enum(kind, text)
        raise method_failure(
            "Parse", len(arguments), f"Requested value '{text}' was not found.", "ArgumentException"
        )
    return found


def _exact_date(arguments: Arguments) -> Value:
    """Return ``[datetime]::ParseExact``, of one form or of the first that fits of several.

    Raises:
        ConversionError: No form fits; or one asks for today's date.
    """
    text = to_text(arguments[0])
    for form in to_list(arguments[1]):
        pattern = STANDARD_FORMS.get(to_text(form), to_text(form))
        if "y" not in pattern:
            raise not_in_subset(f"a date of the form `{pattern}`, which depends on today,")
        moment = read_exact(text, pattern)
        if moment is not None:
            zoned = any((part["letters"] or "")[:1] in {"z", "K"} for part in form_parts(pattern))
            return datetime_object(moment, kind="Local" if zoned else "Unspecified")
    raise method_failure(
        "ParseExact", len(arguments), "String was not recognized as a valid DateTime.",
        "FormatException",
    )  # fmt: skip


def _date_order(arguments: Arguments) -> Value:
    first, second = (to_int(to_datetime(one).get("Ticks")) for one in arguments[:2])
    return (first > second) - (first < second)


def _hexadecimal(arguments: Arguments) -> Value:
    octets = bytes_of(arguments[0])
    start = to_int(arguments[1]) if len(arguments) > 1 else 0
    stop = start + to_int(arguments[2]) if len(arguments) > 2 else len(octets)
    return "-".join(f"{one:02X}" for one in octets[start:stop])


def _octets(arguments: Arguments) -> Value:
    value = arguments[0]
    if isinstance(value, bool):
        return byte_array([int(value)])
    if not isinstance(value, int):
        raise not_in_subset("the bytes of such a value")
    low, high = LIMITS[integer_kind(value)]
    size = (high - low).bit_length() // 8
    return byte_array((int(value) % (1 << 8 * size)).to_bytes(size, "little"))


def _of_kind(arguments: Arguments) -> Value:
    kind = to_enum("datetimekind", arguments[1])
    return as_kind(to_datetime(arguments[0]), to_text(kind))


def _from_file_time(arguments: Arguments, kind: str) -> Value:
    first = datetime_object(datetime(1601, 1, 1), kind=kind)  # noqa: DTZ001 - no zone
    return shifted(first, to_int(arguments[0]))


def _culture(arguments: Arguments) -> Value:
    return culture(to_text(arguments[0]))


VALUE_CALLS: dict[tuple[str, str], tuple[int, int | None, Callable[[Arguments], Value]]] = {
    ("enum", "getnames"): (1, 1, _names),
    ("enum", "getvalues"): (1, 1, _members),
    ("enum", "isdefined"): (2, 2, _is_defined),
    ("enum", "parse"): (2, 3, _parsed),
    ("enum", "toobject"): (2, 2, lambda args: to_enum(_enumeration(args[0]), args[1])),
    ("datetime", "parseexact"): (3, 4, _exact_date),
    ("datetime", "compare"): (2, 2, _date_order),
    ("datetime", "specifykind"): (2, 2, _of_kind),
    ("datetime", "fromfiletime"): (1, 1, lambda args: _from_file_time(args, "Local")),
    ("datetime", "fromfiletimeutc"): (1, 1, lambda args: _from_file_time(args, "Utc")),
    ("encoding", "getencoding"): (1, 1, encoding_named),
    ("bitconverter", "tostring"): (1, 3, _hexadecimal),
    ("bitconverter", "getbytes"): (1, 1, _octets),
    ("cultureinfo", "getcultureinfo"): (1, 1, _culture),
    ("cultureinfo", "createspecificculture"): (1, 1, _culture),
    ("cultureinfo", "new"): (1, 2, _culture),
}
"""The methods: the fewest and the most arguments, and what they give."""

VALUE_CONSTANTS: dict[tuple[str, str], Value] = {
    ("datetime", "minvalue"): datetime_object(datetime(1, 1, 1)),  # noqa: DTZ001 - no zone
    ("datetime", "maxvalue"): datetime_object(datetime.max, rest=9),  # noqa: DTZ901 - no zone
    ("cultureinfo", "invariantculture"): culture(""),
    ("cultureinfo", "currentculture"): culture("en-US"),
    ("cultureinfo", "currentuiculture"): culture("en-US"),
}
"""The properties."""
for _name, _encoding in ENCODINGS.items():
    VALUE_CONSTANTS["encoding", _name] = _encoding
for _kind, _items in ENUMERATIONS.items():
    for _name, _number in _items:
        _member = EnumValue(kind=_kind, name=_name, number=_number)
        VALUE_CONSTANTS[_kind, _name.lower()] = _member
