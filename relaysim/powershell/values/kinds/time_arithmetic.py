"""Adding to and subtracting from dates and time spans, with .NET's operators and their errors."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from relaysim.powershell.values.arithmetic import no_difference, no_operator
from relaysim.powershell.values.conversion import operand_number, shown, type_name_of
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.net_time import (
    DATETIME,
    TIMESPAN,
    format_time,
    shifted,
    subtract_dates,
    ticks_of,
    timespan_object,
    to_datetime,
    to_timespan,
)
from relaysim.powershell.values.numeric import Char
from relaysim.powershell.values.value import Nothing, ShellObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.values.value import Value

__all__ = ["has_time", "time_difference", "time_sum"]


def has_time(value: Value) -> bool:
    """Tell whether a value is a date or a time span."""
    return isinstance(value, ShellObject) and (value.type is DATETIME or value.type is TIMESPAN)


def _argument(
    convert: Callable[[Value], ShellObject], value: Value, place: int, method: str, name: str
) -> ShellObject:
    """Return an operand as the operator takes it.

    Raises:
        ConversionError: It does not convert; the error names the operator.
    """
    null = value is None or isinstance(value, Nothing)
    try:
        if null and place:
            raise ConversionError(f'Cannot convert null to type "{name}".')  # noqa: TRY301
        return convert(0 if null else value)
    except ConversionError as error:
        if error.subset:
            raise
        text = "" if null else shown(value)
        if isinstance(value, list):
            text = type_name_of(value)
        elif isinstance(value, ShellObject) and value.type is DATETIME:
            text = format_time(value, "G")
        raise ConversionError(
            f'Cannot convert argument "{place}", with value: "{text}", for "{method}" to type '
            f'"{name}": "{error.message}"',
            id="MethodArgumentConversionInvalidCastArgument",
        ) from error


def _is(value: Value, kind: object) -> bool:
    return isinstance(value, ShellObject) and value.type is kind


def time_sum(left: Value, right: Value) -> ShellObject:
    """Return ``left + right`` where one of them is a date or a time span.

    Null is zero before them, and an error behind them.
    """
    method = "op_Addition"
    if isinstance(left, ShellObject) and has_time(left):
        span = _argument(to_timespan, right, 1, method, TIMESPAN.name)
        ticks = ticks_of(span)
        if left.type is DATETIME:
            return shifted(left, ticks)
        return timespan_object(ticks_of(left) + ticks)
    _number(left, "+")
    if _is(right, DATETIME):
        first = _argument(to_datetime, left, 0, method, DATETIME.name)
        return shifted(first, ticks_of(_argument(to_timespan, right, 1, method, TIMESPAN.name)))
    first = _argument(to_timespan, left, 0, method, TIMESPAN.name)
    return timespan_object(ticks_of(first) + ticks_of(to_timespan(right)))


def time_difference(left: Value, right: Value) -> ShellObject:
    """Return ``left - right`` where one of them is a date or a time span."""
    method = "op_Subtraction"
    if isinstance(left, ShellObject) and left.type is DATETIME:
        if not (isinstance(right, ShellObject) and has_time(right)):
            raise no_difference(right)
        return subtract_dates(left, right)
    if isinstance(left, ShellObject) and left.type is TIMESPAN:
        span = _argument(to_timespan, right, 1, method, TIMESPAN.name)
        return timespan_object(ticks_of(left) - ticks_of(span))
    _number(left, "-")
    if _is(right, DATETIME):
        return subtract_dates(_argument(to_datetime, left, 0, method, DATETIME.name), right)
    first = _argument(to_timespan, left, 0, method, TIMESPAN.name)
    return timespan_object(ticks_of(first) - ticks_of(to_timespan(right)))


def _number(value: Value, sign: str) -> None:
    """Refuse a left operand that has the operator neither by itself nor as a number."""
    if isinstance(value, str) and not isinstance(value, Char):
        operand_number(value)
    elif isinstance(value, list | ShellObject) or not isinstance(
        value, Char | int | float | Decimal | Nothing | None
    ):
        raise no_operator(sign, value)
