"""The values that CLIXML writes as one element with a text: numbers, texts, dates, spans."""

from __future__ import annotations

import base64
import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from relaysim.lean import pattern
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.net_time import (
    as_kind,
    datetime_object,
    format_time,
    ticks_of,
    timespan_object,
)
from relaysim.powershell.values.net_values import to_guid, to_version
from relaysim.powershell.values.numeric import Char, Single, integer_kind, sized_integer
from relaysim.powershell.values.value import ScriptBlockValue, ShellObject, TypedArray

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.values.value import Value

__all__ = ["element_of", "value_of"]

_INTEGERS = {
    "int": "I32", "long": "I64", "byte": "By", "sbyte": "SB", "int16": "I16", "uint16": "U16",
    "uint32": "U32", "uint64": "U64",
}  # fmt: skip
"""The elements of integers, by the short names of their types."""
_KINDS = {tag: kind for kind, tag in _INTEGERS.items()}
_TICKS = 10_000_000
_DAY = 86_400 * _TICKS


def _span_text(value: ShellObject) -> str:
    ticks = ticks_of(value)
    days, rest = divmod(abs(ticks), _DAY)
    hours, rest = divmod(rest, 3600 * _TICKS)
    minutes, rest = divmod(rest, 60 * _TICKS)
    seconds = f"{Decimal(rest) / _TICKS:f}"
    seconds = seconds.rstrip("0").rstrip(".") if "." in seconds else seconds
    clock = "".join(
        f"{number}{letter}"
        for number, letter in ((hours, "H"), (minutes, "M"), (seconds, "S"))
        if number not in {0, "0"}
    )
    date = f"{days}D" if days else ""
    clock = f"T{clock}" if clock else "" if date else "T0S"
    return f"{'-' if ticks < 0 else ''}P{date}{clock}"


_OBJECTS: dict[str, tuple[str, Callable[[ShellObject], str]]] = {
    "System.DateTime": ("DT", lambda value: format_time(value, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK")),
    "System.TimeSpan": ("TS", _span_text),
    "System.Guid": ("G", to_text),
    "System.Version": ("Version", to_text),
}


def _real_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    text = to_text(value)
    if isinstance(value, Single) or float(text) == value:
        return text
    # What fifteen digits do not tell has seventeen.
    digits, _, exponent = f"{value:.17g}".upper().partition("E")
    return f"{digits}E{exponent}" if exponent else digits


def element_of(value: Value) -> tuple[str, str] | None:
    """Return the element and the text of a value that needs no more, ``None`` for another one."""
    if isinstance(value, bool):
        return "B", "true" if value else "false"
    if isinstance(value, Char):
        return "C", str(ord(value))
    if isinstance(value, int):
        return _INTEGERS[integer_kind(value)], str(int(value))
    if isinstance(value, float):
        return "Sg" if isinstance(value, Single) else "Db", _real_text(value)
    if isinstance(value, Decimal):
        return "D", str(value)
    if isinstance(value, str):
        return "S", value
    return _other_element(value)


def _other_element(value: Value) -> tuple[str, str] | None:
    if isinstance(value, ScriptBlockValue):
        return "SBK", value.text
    if isinstance(value, TypedArray) and value.item == "byte":
        octets = bytes(one for one in value if isinstance(one, int))
        return "BA", base64.b64encode(octets).decode("ascii")
    if isinstance(value, ShellObject) and value.type.name in _OBJECTS:
        tag, text = _OBJECTS[value.type.name]
        return tag, text(value)
    return None


_MOMENT = pattern(
    r"(?P<moment>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(?P<part>\d{1,7}))?"
    r"(?P<zone>Z|[-+]\d\d:\d\d)?"
)
_SPAN = pattern(
    r"(?P<sign>-)?P(?:(?P<d>\d+)D)?(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>[\d.]+)S)?)?"
)


def _moment(text: str) -> Value:
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    part = (found["part"] or "").ljust(7, "0")
    moment = datetime.fromisoformat(found["moment"] + f".{part[:6]}")
    if found["zone"] not in {None, "Z"}:
        zoned = datetime.fromisoformat(moment.isoformat() + found["zone"])
        # The machine of a script stands where the time is the world's.
        moment = zoned.astimezone(UTC).replace(tzinfo=None)
    kind = {None: "Unspecified", "Z": "Utc"}.get(found["zone"], "Local")
    return as_kind(datetime_object(moment, rest=int(part[6])), kind)


def _span(text: str) -> Value:
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    days, hours, minutes = (int(found[name] or 0) for name in "dhm")
    ticks = days * _DAY + (hours * 60 + minutes) * 60 * _TICKS
    ticks += int(Decimal(found["s"] or 0) * _TICKS)
    return timespan_object(-ticks if found["sign"] else ticks)


def _real(text: str) -> float:
    return float(text.strip().replace("INF", "inf"))


_READ: dict[str, Callable[[str], Value]] = {
    "B": lambda text: text.strip() == "true",
    "C": lambda text: Char(chr(int(text))),
    "Db": _real,
    "Sg": lambda text: Single(_real(text)),
    "D": Decimal,
    "DT": _moment,
    "TS": _span,
    "G": to_guid,
    "Version": to_version,
    "BA": lambda text: TypedArray(
        [sized_integer(one, "byte") for one in base64.b64decode(text)], "byte"
    ),
}


def value_of(tag: str, text: str) -> Value:
    """Return the value of an element; of one that is not known its text.

    Raises:
        ValueError: The text is none of that element.
        ArithmeticError: Likewise.
    """
    kind = _KINDS.get(tag)
    if kind is not None:
        return sized_integer(int(text), kind)
    read = _READ.get(tag)
    return text if read is None else read(text)
