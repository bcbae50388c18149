"""Static members of types, such as ``[string]::IsNullOrEmpty``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from relaysim.powershell.language.writing import join_surrogates
from relaysim.powershell.values.conversion import (
    bounded,
    canonical_type,
    sized,
    to_bool,
    to_int,
    to_list,
    to_number,
    to_text,
)
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.numberformat import format_items
from relaysim.powershell.values.pattern import compile_pattern, escape_pattern
from relaysim.powershell.values.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["STATIC_MEMBERS", "call_static", "static_key"]

_Arguments = list[Value]


def _text(arguments: _Arguments, index: int) -> str:
    if index < len(arguments):
        return to_text(arguments[index])
    raise ConversionError(f"the method needs an argument {index + 1}")


def _round(arguments: _Arguments) -> Value:
    digits = to_int(arguments[1]) if len(arguments) > 1 else 0
    result = round(float(to_number(arguments[0] if arguments else None)), digits)
    return int(result) if digits == 0 and math.isfinite(result) else result


def _join(arguments: _Arguments) -> str:
    items: list[Value] = []
    for argument in arguments[1:]:
        items += to_list(argument)
    separator = _text(arguments, 0)
    sized(len(separator) * len(items))
    return bounded(join_surrogates(separator.join(to_text(item) for item in items)))


def _finite(value: Value, direction: Callable[[float], int]) -> Value:
    number = to_number(value)
    return direction(number) if math.isfinite(number) else number


def _to_boolean(arguments: _Arguments) -> bool:
    value = arguments[0] if arguments else None
    if not isinstance(value, str):
        return to_bool(value)
    word = value.strip().lower()
    if word not in {"true", "false"}:
        raise ConversionError(f"`{value}` is neither `True` nor `False`")
    return word == "true"


_CALLS: dict[tuple[str, str], Callable[[_Arguments], Value]] = {
    ("string", "isnullorempty"): lambda args: not _text(args, 0),
    ("string", "isnullorwhitespace"): lambda args: not _text(args, 0).strip(),
    ("convert", "toboolean"): _to_boolean,
    ("string", "join"): _join,
    ("string", "format"): lambda args: bounded(format_items(_text(args, 0), args[1:])),
    ("math", "abs"): lambda args: abs(to_number(args[0] if args else None)),
    ("math", "ceiling"): lambda args: _finite(args[0] if args else None, math.ceil),
    ("math", "floor"): lambda args: _finite(args[0] if args else None, math.floor),
    ("math", "max"): lambda args: max((to_number(item) for item in args), default=0),
    ("math", "min"): lambda args: min((to_number(item) for item in args), default=0),
    ("math", "round"): _round,
    ("int", "parse"): lambda args: to_int(_text(args, 0)),
    ("regex", "escape"): lambda args: bounded(escape_pattern(_text(args, 0))),
    ("regex", "ismatch"): lambda args: (
        compile_pattern(_text(args, 1), ignore_case=False).search(_text(args, 0)) is not None
    ),
}
_CONSTANTS: dict[tuple[str, str], Value] = {
    ("string", "empty"): "",
    ("environment", "newline"): "\r\n",
    ("int", "maxvalue"): (1 << 31) - 1,
    ("int", "minvalue"): -(1 << 31),
    ("stringsplitoptions", "removeemptyentries"): "RemoveEmptyEntries",
    ("stringsplitoptions", "none"): "None",
    ("stringcomparison", "ordinalignorecase"): "OrdinalIgnoreCase",
    ("stringcomparison", "invariantcultureignorecase"): "InvariantCultureIgnoreCase",
    ("stringcomparison", "currentcultureignorecase"): "CurrentCultureIgnoreCase",
    ("stringcomparison", "ordinal"): "Ordinal",
}
STATIC_MEMBERS = frozenset(_CALLS) | frozenset(_CONSTANTS)
"""The static members that exist, as returned by :func:`static_key`."""


def static_key(type_name: str, member: str) -> tuple[str, str]:
    """Return the key of ``[type]::member``."""
    short = type_name.lower().rpartition(".")[2]
    known = canonical_type(type_name)
    return (known if short != "regex" and known is not None else short, member.lower())


def call_static(type_name: str, member: str, arguments: list[Value] | None) -> Value:
    """Return ``[type]::member``, called when ``arguments`` is a list.

    Raises:
        ConversionError: There is no such member here.
    """
    key = static_key(type_name, member)
    if arguments is not None and key in _CALLS:
        return _CALLS[key](arguments)
    if arguments is None and key in _CONSTANTS:
        return _CONSTANTS[key]
    raise ConversionError(
        f"`[{type_name}]::{member}` is not part of the subset", id="MethodNotFound"
    )
