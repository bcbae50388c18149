"""The methods of ``[math]``."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from relaysim.powershell.members.signatures import argument, is_convertible
from relaysim.powershell.values.conversion import (
    to_int,
    to_number,
)
from relaysim.powershell.values.failures import ConversionError, method_failure, no_overload
from relaysim.powershell.values.kinds.enumerations import enum_member
from relaysim.powershell.values.numeric import (
    DECIMALS,
    LIMITS,
    Char,
    SizedInt,
    decimal_of,
    integer_kind,
    rank_of,
    sized_integer,
)
from relaysim.powershell.values.value import (
    EnumValue,
    ShellObject,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.values.numeric import Number

__all__ = [
    "absolute",
    "directed",
    "extreme",
    "function",
    "larger",
    "logarithm",
    "power",
    "real",
    "remainder",
    "round_number",
    "sign",
    "smaller",
]

Arguments = list[Value]


def real(name: str, value: Value, title: str = "a") -> float | Decimal:
    """Return the argument of a mathematical method as the overload takes it."""
    if isinstance(value, Decimal):
        return value
    return float(to_number(argument(name, title, value, "double")))


def _require_one(name: str, value: Value, count: int) -> None:
    """Refuse an argument for which no overload is the one to take."""
    if isinstance(value, bool):
        raise ConversionError(
            f'Multiple ambiguous overloads found for "{name}" and the argument count: "{count}".',
            id="MethodCountCouldNotFindBest",
        )
    if not is_convertible(value):
        raise no_overload(name, count)


def _rounded(name: str, value: Value, title: str = "a", count: int = 1) -> float | Decimal:
    """Return what is rounded: of the two overloads an integer takes that of decimals."""
    _require_one(name, value, count)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(int(value))
    return real(name, value, title)


def _number(name: str, title: str, value: Value, kind: str = "double") -> Number:
    """Return an argument as a number; a text becomes what the overload takes.

    Raises:
        ConversionError: The text is no such number.
    """
    if (isinstance(value, str) and not isinstance(value, Char)) or not is_convertible(value):
        value = argument(name, title, value, kind)
    return to_number(value)


def round_number(arguments: Arguments) -> Value:
    """Return ``[math]::Round``: halves to even, or away from zero where asked."""
    digits = 0
    away = False
    for option in arguments[1:]:
        mode = option if isinstance(option, EnumValue) else None
        # The overload of decimals has no mode by name.
        exact = isinstance(arguments[0], int | Decimal) and not isinstance(arguments[0], bool)
        if isinstance(option, str) and not exact:
            mode = enum_member("midpointrounding", option)
        if mode is not None:
            away = mode.name == "AwayFromZero"
        else:
            digits = to_int(_number("Round", "decimals" if exact else "digits", option, "int"))
    several = len(arguments) > 1
    value = _rounded("Round", arguments[0], "value" if several else "a", len(arguments))
    if isinstance(value, float):
        if not math.isfinite(value):
            return value
        if not 0 <= digits <= 15:
            raise method_failure(
                "Round", len(arguments), "Rounding digits must be between 0 and 15, inclusive.\n"
                "Parameter name: digits", "ArgumentOutOfRangeException",
            )  # fmt: skip
        # .NET Framework scales, rounds and scales back.
        scaled = value * 10.0**digits
        whole = math.floor(abs(scaled) + 0.5) if away else abs(round(scaled))
        return math.copysign(whole, value) / 10.0**digits + 0.0
    if not 0 <= digits <= 28:
        raise method_failure(
            "Round", len(arguments), "Decimal can only round to between 0 and 28 digits of "
            "precision.\nParameter name: decimals", "ArgumentOutOfRangeException",
        )  # fmt: skip
    mode_name = ROUND_HALF_UP if away else ROUND_HALF_EVEN
    places = min(digits, -int(value.as_tuple().exponent))
    rounded = value.quantize(Decimal(1).scaleb(-places), mode_name, context=DECIMALS)
    return rounded or rounded.copy_abs()


def directed(
    name: str, direction: Callable[[float | Decimal], int]
) -> Callable[[Arguments], Value]:
    """Return a method that rounds into one direction."""

    def call(arguments: Arguments) -> Value:
        value = _rounded(name, arguments[0])
        if isinstance(value, Decimal):
            return Decimal(direction(value))
        return float(direction(value)) if math.isfinite(value) else value

    return call


def absolute(arguments: Arguments) -> Value:
    """Return ``[math]::Abs``."""
    _require_one("Abs", arguments[0], 1)
    value = _number("Abs", "value", arguments[0])
    if isinstance(value, int) and value == LIMITS[integer_kind(value)][0] < 0:
        reason = "Negating the minimum value of a twos complement number is invalid."
        raise method_failure("Abs", 1, reason, "OverflowException")
    if isinstance(value, SizedInt):
        return sized_integer(abs(value), value.kind)
    return value.copy_abs() if isinstance(value, Decimal) else abs(value)


def extreme(choose: Callable[[Number, Number], Number]) -> Callable[[Arguments], Value]:
    """Return ``[math]::Max`` or ``[math]::Min``."""

    def call(arguments: Arguments) -> Value:
        name = "Min" if choose is smaller else "Max"
        if all(isinstance(one, bool) for one in arguments):
            _require_one(name, arguments[0], 2)
        if not all(map(is_convertible, arguments)):
            raise no_overload(name, 2)
        first, second = (
            _number(name, title, one, rank_of(to_number(other)))
            if isinstance(one, str) and not isinstance(other, str)
            else _number(name, title, one)
            for title, one, other in zip(("val1", "val2"), arguments, arguments[::-1], strict=True)
        )
        kinds = [isinstance(one, float | Decimal) for one in (first, second)]
        if kinds == [False, True]:
            # The overload that the first argument fits is taken.
            second = to_int(second)
        elif kinds == [True, False]:
            second = decimal_of(second) if isinstance(first, Decimal) else float(second)
        return choose(first, second)

    return call


def smaller(first: Number, second: Number) -> Number:
    """Return the smaller number."""
    return min(first, second)


def larger(first: Number, second: Number) -> Number:
    """Return the larger number."""
    return max(first, second)


def function(call: Callable[[float], float]) -> Callable[[Arguments], Value]:
    """Return a method that applies a function of real numbers."""

    def apply(arguments: Arguments) -> Value:
        name = getattr(call, "__name__", "").capitalize()
        try:
            return float(call(float(_number(name, "d", arguments[0]))))
        except ValueError:
            # The logarithm of nothing.
            none = name.startswith("Log") and not to_number(arguments[0])
            return -math.inf if none else math.nan
        except OverflowError:
            return math.inf

    return apply


def sign(arguments: Arguments) -> Value:
    """Return ``[math]::Sign``."""
    _require_one("Sign", arguments[0], 1)
    value = _number("Sign", "value", arguments[0])
    return (value > 0) - (value < 0)


def power(arguments: Arguments) -> Value:
    """Return ``[math]::Pow``."""
    try:
        first, second = (_number("Pow", *one) for one in zip("xy", arguments, strict=True))
        result = float(first) ** float(second)
    except OverflowError:
        return math.inf
    except ZeroDivisionError:
        return math.inf
    return result if isinstance(result, float) else math.nan


def logarithm(arguments: Arguments) -> Value:
    """Return ``[math]::Log``, to a base where one is given."""
    if len(arguments) == 1:
        return function(math.log)(arguments)
    value, base = (float(to_number(one)) for one in arguments)
    if base == 1 or base <= 0 or value < 0:
        return math.nan
    if value == 0:
        return -math.inf if base > 1 else math.inf
    return math.log(value) / math.log(base)


def remainder(arguments: Arguments) -> Value:
    """Return ``[math]::DivRem``: the whole quotient; the rest goes to the third argument."""
    value, divisor = to_int(arguments[0]), to_int(arguments[1])
    if divisor == 0:
        raise method_failure(
            "DivRem", len(arguments), "Attempted to divide by zero.", "DivideByZeroException"
        )
    quotient = abs(value) // abs(divisor)
    quotient = quotient if (value < 0) == (divisor < 0) else -quotient
    if len(arguments) > 2 and isinstance(arguments[2], ShellObject):
        arguments[2].set("Value", value - quotient * divisor)
    return quotient
