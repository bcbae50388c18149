"""Static members of types, such as ``[string]::IsNullOrEmpty``, and what ``::new()`` makes."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

from relaysim.powershell.members.construction import CONSTRUCTED, construct
from relaysim.powershell.members.mathematics import (
    absolute,
    directed,
    extreme,
    function,
    larger,
    logarithm,
    power,
    remainder,
    round_number,
    sign,
    smaller,
)
from relaysim.powershell.members.object_methods import regex_call, regex_options
from relaysim.powershell.members.static_conversions import (
    based,
    converted,
    from_base64,
    parser,
    to_base64,
    to_boolean,
    to_double,
    to_string,
)
from relaysim.powershell.members.static_texts import TEXT_CALLS
from relaysim.powershell.members.static_times import (
    days_in_month,
    is_leap_year,
    parsed_date,
    span_of,
)
from relaysim.powershell.members.static_values import VALUE_CALLS, VALUE_CONSTANTS
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import (
    bounded,
    canonical_type,
    to_text,
)
from relaysim.powershell.values.failures import (
    ConversionError,
    method_failure,
    no_overload,
    not_in_subset,
)
from relaysim.powershell.values.net_time import datetime_object, timespan_object
from relaysim.powershell.values.net_values import address_object, to_address, to_guid
from relaysim.powershell.values.numeric import LIMITS, Char, sized_integer
from relaysim.powershell.values.patterns.matches import unescaped
from relaysim.powershell.values.patterns.pattern import compile_pattern, escape_pattern
from relaysim.powershell.values.type_names import full_name
from relaysim.powershell.values.value import (
    NOTHING,
    ShellObject,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable


__all__ = ["STATIC_MEMBERS", "call_static", "static_key"]

Arguments = list[Value]
_REALS = {"double", "single", "decimal"}


def _parsed_as(kind: str) -> tuple[int, int, Callable[[Arguments], Value]]:
    """Return ``Parse`` of a type whose texts are cast: its own error is that of a method."""

    def parse(arguments: Arguments) -> Value:
        try:
            return cast(kind, to_text(arguments[0]))
        except ConversionError as error:
            reason = error.message.partition('Error: "')[2].removesuffix('"')
            if error.subset or not reason:
                raise
            error_id = "ArgumentException" if reason.startswith("Version") else "FormatException"
            raise method_failure("Parse", 1, reason, error_id) from error

    return 1, 1, parse


def _regex(name: str, least: int, most: int) -> tuple[int, int, Callable[[Arguments], Value]]:
    def call(arguments: Arguments) -> Value:
        title = {"ismatch": "IsMatch"}.get(name, name.capitalize())
        before, ignore_case = regex_options(title, arguments[least:])
        try:
            pattern = compile_pattern(before + to_text(arguments[1]), ignore_case=ignore_case)
        except ConversionError as error:
            if error.subset:
                raise
            raise method_failure(
                title, len(arguments), error.message, "ArgumentException"
            ) from error
        return regex_call(pattern, name, [arguments[0], *arguments[2:least]])

    return least, most, call


def _parsed_address(arguments: Arguments) -> Value:
    try:
        return to_address(to_text(arguments[0]))
    except ConversionError as error:
        raise method_failure(
            "Parse", 1, "An invalid IP address was specified.", "FormatException"
        ) from error


_CALLS: dict[tuple[str, str], tuple[int, int | None, Callable[[Arguments], Value]]] = {
    ("math", "abs"): (1, 1, absolute),
    ("math", "ceiling"): (1, 1, directed("Ceiling", math.ceil)),
    ("math", "floor"): (1, 1, directed("Floor", math.floor)),
    ("math", "truncate"): (1, 1, directed("Truncate", math.trunc)),
    ("math", "max"): (2, 2, extreme(larger)),
    ("math", "min"): (2, 2, extreme(smaller)),
    ("math", "round"): (1, 3, round_number),
    ("math", "sqrt"): (1, 1, function(math.sqrt)),
    ("math", "pow"): (2, 2, power),
    ("math", "log10"): (1, 1, function(math.log10)),
    ("math", "log"): (1, 2, logarithm),
    ("math", "divrem"): (3, 3, remainder),
    ("math", "exp"): (1, 1, function(math.exp)),
    ("math", "sin"): (1, 1, function(math.sin)),
    ("math", "cos"): (1, 1, function(math.cos)),
    ("math", "tan"): (1, 1, function(math.tan)),
    ("math", "sign"): (1, 1, sign),
    ("convert", "toboolean"): (1, 1, to_boolean),
    ("convert", "tostring"): (1, 2, to_string),
    ("convert", "tochar"): (1, 1, converted("ToChar", "char")),
    ("convert", "tobase64string"): (1, 1, to_base64),
    ("convert", "frombase64string"): (1, 1, from_base64),
    ("convert", "todatetime"): (1, 1, converted("ToDateTime", "datetime")),
    ("convert", "todouble"): (1, 1, to_double),
    ("convert", "todecimal"): (1, 1, converted("ToDecimal", "decimal")),
    ("regex", "escape"): (1, 1, lambda args: bounded(escape_pattern(to_text(args[0])))),
    ("regex", "unescape"): (1, 1, lambda args: unescaped(to_text(args[0]))),
    ("regex", "ismatch"): _regex("ismatch", 2, 3),
    ("regex", "match"): _regex("match", 2, 3),
    ("regex", "matches"): _regex("matches", 2, 3),
    ("regex", "split"): _regex("split", 2, 3),
    ("regex", "replace"): _regex("replace", 3, 4),
    ("ipaddress", "parse"): (1, 1, _parsed_address),
    ("guid", "parse"): _parsed_as("guid"),
    ("version", "parse"): _parsed_as("version"),
    ("datetime", "parse"): (1, 1, parsed_date),
    ("datetime", "daysinmonth"): (2, 2, days_in_month),
    ("datetime", "isleapyear"): (1, 1, is_leap_year),
    ("timespan", "parse"): _parsed_as("timespan"),
    ("timespan", "fromdays"): span_of("FromDays", 86400 * 10_000_000),
    ("timespan", "fromhours"): span_of("FromHours", 3600 * 10_000_000),
    ("timespan", "fromminutes"): span_of("FromMinutes", 60 * 10_000_000),
    ("timespan", "fromseconds"): span_of("FromSeconds", 10_000_000),
    ("timespan", "frommilliseconds"): span_of("FromMilliseconds", 10_000),
}  # fmt: skip
for _kind in ("byte", "int", "long", "int16", "uint16", "uint32", "uint64", "sbyte"):
    _name = full_name(_kind).removeprefix("System.").lower()
    _CALLS["convert", f"to{_name}"] = (1, 2, based(_kind))
    _CALLS[_kind, "parse"] = (1, 1, parser(_kind))
for _kind in ("double", "single", "decimal", "bool"):
    _CALLS[_kind, "parse"] = (1, 1, parser(_kind))

_CONSTANTS: dict[tuple[str, str], Value] = {
    ("string", "empty"): "",
    ("environment", "newline"): "\r\n",
    ("math", "pi"): math.pi,
    ("math", "e"): math.e,
    ("double", "epsilon"): 5e-324,
    ("single", "maxvalue"): cast("single", 3.4028234663852886e38),
    ("single", "minvalue"): cast("single", -3.4028234663852886e38),
    ("double", "maxvalue"): 1.7976931348623157e308,
    ("double", "minvalue"): -1.7976931348623157e308,
    ("double", "nan"): math.nan,
    ("double", "positiveinfinity"): math.inf,
    ("double", "negativeinfinity"): -math.inf,
    ("decimal", "maxvalue"): Decimal((1 << 96) - 1),
    ("decimal", "minvalue"): Decimal(1 - (1 << 96)),
    ("char", "maxvalue"): Char("\uffff"),
    ("char", "minvalue"): Char("\0"),
    ("bool", "truestring"): "True",
    ("bool", "falsestring"): "False",
    ("timespan", "zero"): timespan_object(0),
    ("timespan", "maxvalue"): timespan_object((1 << 63) - 1),
    ("timespan", "minvalue"): timespan_object(-(1 << 63)),
    ("guid", "empty"): to_guid("0" * 32),
    ("ipaddress", "any"): address_object(4, 0),
    ("ipaddress", "loopback"): address_object(4, 0x7F000001),
    ("ipaddress", "broadcast"): address_object(4, 0xFFFFFFFF),
    ("ipaddress", "none"): address_object(4, 0xFFFFFFFF),
    ("ipaddress", "ipv6any"): address_object(6, 0),
    ("ipaddress", "ipv6loopback"): address_object(6, 1),
}
for _kind, (_low, _high) in LIMITS.items():
    _CONSTANTS[_kind, "maxvalue"] = sized_integer(_high, _kind)
    _CONSTANTS[_kind, "minvalue"] = sized_integer(_low, _kind)
_CALLS |= VALUE_CALLS
_CALLS |= TEXT_CALLS
_CONSTANTS |= VALUE_CONSTANTS

STATIC_MEMBERS = (
    frozenset(_CALLS) | frozenset(_CONSTANTS) | frozenset((kind, "new") for kind in CONSTRUCTED)
)
"""The static members that exist, as returned by :func:`static_key`."""
TRIED = frozenset(kind for kind, name in _CALLS if name == "parse") | {"mailaddress"}
"""The types with ``TryParse``, whose result goes to a variable."""


def static_key(type_name: str, member: str) -> tuple[str, str]:
    """Return the key of ``[type]::member``."""
    known = canonical_type(type_name)
    if known is not None and (known.endswith("[]") or "<" in known or known.startswith("System.")):
        return ("array" if known.endswith("[]") else "constructed", member.lower())
    return (known or type_name.lower(), member.lower())


def call_static(type_name: str, member: str, arguments: list[Value] | None) -> Value:
    """Return ``[type]::member``, called when ``arguments`` is a list.

    Raises:
        ConversionError: There is no such member here.
    """
    key = static_key(type_name, member)
    canonical = canonical_type(type_name) or type_name
    if arguments is not None and key[1] == "new":
        return construct(canonical, arguments)
    if arguments is not None and key in _CALLS:
        least, most, call = _CALLS[key]
        if len(arguments) < least or (most is not None and len(arguments) > most):
            raise no_overload(member, len(arguments))
        return call(arguments)
    if arguments is None and key in _CONSTANTS:
        return _CONSTANTS[key]
    raise not_in_subset(f"`[{type_name}]::{member}`")


def try_parse(type_name: str, text: Value) -> Value:
    """Return what ``TryParse`` gives its variable; ``NOTHING`` when the text does not fit."""
    canonical = canonical_type(type_name) or type_name
    try:
        return call_static(canonical, "parse", [text])
    except ConversionError as error:
        if error.subset:
            raise
        return NOTHING


def default_of(canonical: str) -> Value:
    """Return what the variable of a failed ``TryParse`` holds."""
    if canonical in LIMITS or canonical in _REALS:
        return cast(canonical, 0)
    if canonical == "bool":
        return False
    if canonical == "datetime":
        from datetime import datetime

        return datetime_object(datetime(1, 1, 1))  # noqa: DTZ001 - a date without a zone
    return timespan_object(0) if canonical == "timespan" else None


def is_date(value: Value) -> bool:
    """Tell whether a value is a date."""
    return isinstance(value, ShellObject) and value.type.name == "System.DateTime"
