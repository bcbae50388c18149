"""Numbers as .NET has them: their sizes, how they are written, and what they give together.

A plain ``int`` is an ``Int32`` (an ``Int64`` where it does not fit), a ``float`` a ``Double`` and a
``Decimal`` a ``Decimal`` with its scale. Every other size is a :class:`SizedInt`, a ``Single`` a
:class:`Single`, a character a :class:`Char`.
"""

from __future__ import annotations

import math
import re
import struct
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import TYPE_CHECKING, Any, TypeAlias

from relaysim.lean import pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = [
    "DECIMALS",
    "DECORATED",
    "LIMITS",
    "MAX_DECIMAL",
    "VALUE_TYPES",
    "WRITTEN",
    "Char",
    "Number",
    "Single",
    "SizedInt",
    "WrittenFloat",
    "WrittenInt",
    "decimal_of",
    "decorated",
    "fit_decimal",
    "fit_integer",
    "integer_kind",
    "joint_kind",
    "number_of",
    "rank_of",
    "sized_integer",
    "too_large",
    "written",
]

Number = int | float | Decimal

LIMITS: dict[str, tuple[int, int]] = {
    "byte": (0, 255),
    "sbyte": (-128, 127),
    "int16": (-(1 << 15), (1 << 15) - 1),
    "uint16": (0, (1 << 16) - 1),
    "int": (-(1 << 31), (1 << 31) - 1),
    "uint32": (0, (1 << 32) - 1),
    "long": (-(1 << 63), (1 << 63) - 1),
    "uint64": (0, (1 << 64) - 1),
}
"""The integers by their short names, with the least and the greatest."""

VALUE_TYPES = frozenset(
    {*LIMITS, "char", "bool", "double", "single", "decimal", "datetime", "timespan", "guid"}
)
"""Arrays of these are no arrays of objects."""
MAX_DECIMAL = Decimal((1 << 96) - 1)
DECIMALS = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""Where decimals are calculated before they are fitted."""
_MAX_NUMBER_CHARACTERS = 400
_DASHES = "-\u2013\u2014\u2015"
_MULTIPLIERS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40, "p": 1 << 50}
_LITERAL = pattern(
    r"(?:0[xX](?P<hex>[0-9A-Fa-f]+)(?P<hexlong>[lL]?)"
    r"|(?P<digits>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?P<suffix>[lLdD]?))"
    r"(?P<unit>[kKmMgGtTpP][bB])?",
    re.ASCII,
)


class SizedInt(int):
    """An integer of another size than ``Int32``; ``kind`` is the short name of its type."""

    kind: str

    def __new__(cls, value: int, kind: str) -> SizedInt:
        """Return the integer with its size."""
        number = super().__new__(cls, value)
        number.kind = kind
        return number


class Single(float):
    """A real number of single precision."""

    def __new__(cls, value: float) -> Single:
        """Return the number rounded to single precision."""
        try:
            rounded = struct.unpack("f", struct.pack("f", value))[0]
        except OverflowError:
            rounded = math.inf if value > 0 else -math.inf
        return super().__new__(cls, rounded)


class Char(str):
    """A character: a text of one character of its own type."""

    __slots__ = ()


class DecoratedText(str):
    """A text with members beside it, as ``Add-Member -PassThru`` makes them.

    Attributes:
        members: The properties by lower-case name: their names and values.
        calls: The methods by lower-case name.
    """

    members: Mapping[str, tuple[str, object]]
    calls: Mapping[str, Callable[[object, list[object]], object]]


class DecoratedInt(SizedInt):
    """An integer with members beside it; see :class:`DecoratedText`."""

    members: Mapping[str, tuple[str, object]]
    calls: Mapping[str, Callable[[object, list[object]], object]]


class DecoratedReal(float):
    """A real number with members beside it; see :class:`DecoratedText`."""

    members: Mapping[str, tuple[str, object]]
    calls: Mapping[str, Callable[[object, list[object]], object]]


class DecoratedDecimal(Decimal):
    """A decimal with members beside it; see :class:`DecoratedText`."""

    members: Mapping[str, tuple[str, object]]
    calls: Mapping[str, Callable[[object, list[object]], object]]


class DecoratedList(list[Any]):
    """An array with members beside it; see :class:`DecoratedText`."""

    members: Mapping[str, tuple[str, object]]
    calls: Mapping[str, Callable[[object, list[object]], object]]


Decorated: TypeAlias = (
    "DecoratedText | DecoratedInt | DecoratedReal | DecoratedDecimal | DecoratedList"
)
DECORATED = (DecoratedText, DecoratedInt, DecoratedReal, DecoratedDecimal, DecoratedList)
"""Texts, numbers and arrays that have members beside them."""


def decorated(
    value: object,
    members: Iterable[tuple[str, object]],
    calls: Mapping[str, Callable[[object, list[object]], object]] | None = None,
) -> Decorated | None:
    """Return a text, number or array with further members, ``None`` for another value."""
    found: Decorated
    if isinstance(value, str) and not isinstance(value, Char):
        found = DecoratedText(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        found = DecoratedInt(int(value), integer_kind(value))
    elif isinstance(value, float) and not isinstance(value, Single):
        found = DecoratedReal(value)
    elif isinstance(value, Decimal):
        found = DecoratedDecimal(value)
    elif type(value) in {list, DecoratedList}:
        found = DecoratedList(value)  # type: ignore[call-overload]
    else:
        return None
    own = value if isinstance(value, DECORATED) else None
    known = {} if own is None else dict(own.members)
    found.members = known | {name.casefold(): (name, one) for name, one in members}
    found.calls = {**({} if own is None else own.calls), **(calls or {})}
    return found


class WrittenInt(SizedInt):
    """An integer written unquoted as an argument; ``written`` is its text.

    A parameter that takes text receives ``written``: ``-Name 007`` is the name ``007``.
    It is that text among joined items, too, as in ``"$args"``.
    """

    written: str

    def __new__(cls, value: int, written: str) -> WrittenInt:
        """Return the number with its text."""
        number = int.__new__(cls, value)
        number.kind = integer_kind(value)
        number.written = written
        return number


class WrittenFloat(float):
    """A real number written unquoted as an argument; see :class:`WrittenInt`."""

    written: str

    def __new__(cls, value: float, written: str) -> WrittenFloat:
        """Return the number with its text."""
        number = super().__new__(cls, value)
        number.written = written
        return number


class WrittenDecimal(Decimal):
    """A decimal written unquoted as an argument; see :class:`WrittenInt`."""

    written: str

    def __new__(cls, value: Decimal, written: str) -> WrittenDecimal:
        """Return the number with its text."""
        number = super().__new__(cls, value)
        number.written = written
        return number


WRITTEN = (WrittenInt, WrittenFloat, WrittenDecimal)
"""The numbers that keep their text."""


def written(value: Number, text: str) -> Number:
    """Return a number that keeps the text it was written as."""
    if isinstance(value, Decimal):
        return WrittenDecimal(value, text)
    return WrittenFloat(value, text) if isinstance(value, float) else WrittenInt(value, text)


def integer_kind(value: int) -> str:
    """Return the short name of the type of an integer."""
    if isinstance(value, SizedInt):
        return value.kind
    return "int" if -(1 << 31) <= value < 1 << 31 else "long"


def sized_integer(value: int, kind: str) -> int:
    """Return an integer of a size; plain where it is an ``Int32``."""
    return int(value) if kind == "int" else SizedInt(value, kind)


def fit_integer(value: int, kind: str) -> int | float:
    """Return the result of integer arithmetic: a ``Double`` where it does not fit its size."""
    low, high = LIMITS[kind]
    return sized_integer(value, kind) if low <= value <= high else float(value)


def decimal_of(value: Number) -> Decimal:
    """Return a number as a decimal with at most 28 or 29 digits, as ``System.Decimal`` holds it."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise OverflowError
        precision = 7 if isinstance(value, Single) else 15
        value = Decimal(f"{value:.{precision}g}")
        if value.copy_abs() > MAX_DECIMAL:
            raise OverflowError
        value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value
    return fit_decimal(Decimal(int(value)) if isinstance(value, int) else value)


def fit_decimal(value: Decimal) -> Decimal:
    """Return a decimal rounded to what 96 bits hold.

    Raises:
        OverflowError: It is too large.
    """
    if not value.is_finite() or value.copy_abs() > MAX_DECIMAL:
        raise OverflowError
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise OverflowError
    scale = min(28, max(0, -exponent))
    with localcontext(DECIMALS):
        while True:
            rounded = value.quantize(Decimal(1).scaleb(-scale))
            if rounded.scaleb(scale).copy_abs() <= MAX_DECIMAL or scale == 0:
                return rounded
            scale -= 1


def power_of(number: Number, factor: int) -> Number | None:
    """Return a number times ``1KB`` or the like, ``None`` where it fits no type."""
    if isinstance(number, float):
        return number * factor
    if isinstance(number, Decimal):
        return fit_decimal(number * factor)
    return int(number) * factor


def number_of(text: str) -> Number | None:
    """Return the number an unquoted word stands for, or ``None`` when it is no number.

    >>> number_of("25MB"), number_of("-0x10"), number_of("1.5e1"), number_of("00:15:00")
    (26214400, -16, 15.0, None)
    >>> number_of("0xFFFFFFFF"), number_of("1.10d"), number_of("9223372036854775808")
    (-1, Decimal('1.10'), Decimal('9223372036854775808'))
    """
    negative = text[:1] in tuple(_DASHES)
    body = text[1:] if negative or text[:1] == "+" else text
    match = None if len(body) > _MAX_NUMBER_CHARACTERS else _LITERAL.fullmatch(body)
    if match is None:
        return None
    try:
        value = _magnitude(match, negative=negative)
        unit = match.group("unit")
        if unit and value is not None:
            value = power_of(value, _MULTIPLIERS[unit[0].lower()])
    except (OverflowError, ArithmeticError):
        return None
    if value is None or (isinstance(value, float) and math.isinf(value)):
        return None
    return _as_written(value, match)


def _magnitude(match: re.Match[str], *, negative: bool) -> Number | None:
    digits = match.group("hex")
    sign = -1 if negative else 1
    if digits is not None:
        number = int(digits, 16)
        if len(digits.lstrip("0")) <= 8 and not match.group("hexlong"):
            number -= (1 << 32) if number >= 1 << 31 else 0
        elif len(digits.lstrip("0")) <= 16:
            number -= (1 << 64) if number >= 1 << 63 else 0
        else:
            return None
        return sign * number
    body = match.group("digits")
    if match.group("suffix") in {"d", "D"}:
        with localcontext(DECIMALS):
            return fit_decimal(sign * Decimal(body))
    if not body.isdigit():
        return sign * float(body) if match.group("suffix") == "" else None
    number = sign * int(body)
    if -(1 << 63) <= number < 1 << 63:
        return number
    if match.group("suffix") in {"l", "L"}:
        return None
    return Decimal(number) if abs(number) <= MAX_DECIMAL else float(number)


def _as_written(value: Number, match: re.Match[str]) -> Number | None:
    """Give an integer its size: ``L`` and units can leave the size of the digits."""
    if not isinstance(value, int):
        return value
    if match.group("suffix") in {"l", "L"} or match.group("hexlong"):
        low, high = LIMITS["long"]
        return SizedInt(value, "long") if low <= value <= high else None
    if -(1 << 63) <= value < 1 << 63:
        return value
    return Decimal(value) if abs(value) <= MAX_DECIMAL else float(value)


def rank_of(value: Number) -> str:
    """Return the type a number takes part in arithmetic with."""
    if isinstance(value, Decimal):
        return "decimal"
    if isinstance(value, float):
        return "double"
    kind = integer_kind(value)
    return "int" if kind in {"byte", "sbyte", "int16", "uint16"} else kind


def joint_kind(left: Number, right: Number) -> str:
    """Return the type in which two numbers are added, compared and so on."""
    one, two = rank_of(left), rank_of(right)
    for kind in ("decimal", "double"):
        if kind in {one, two}:
            return kind
    if one == two:
        return one
    if {one, two} == {"int", "uint32"}:
        signed = left if one == "int" else right
        return "long" if signed < 0 else "uint32"
    if "uint64" in {one, two}:
        other = right if one == "uint64" else left
        return "double" if other < 0 else "uint64"
    return "long"


def too_large(kind: str) -> str:
    """Return what .NET says about a value outside an integer type."""
    names = {
        "byte": "an unsigned byte", "sbyte": "a signed byte", "int16": "an Int16",
        "uint16": "a UInt16", "int": "an Int32", "uint32": "a UInt32", "long": "an Int64",
        "uint64": "a UInt64", "decimal": "a Decimal", "char": "a character",
    }  # fmt: skip
    return f"Value was either too large or too small for {names[kind]}."
