"""Static methods of dates and time spans."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from relaysim.powershell.members.mathematics import real
from relaysim.powershell.members.signatures import out_of_range
from relaysim.powershell.values.conversion import to_int, to_text
from relaysim.powershell.values.failures import ConversionError, method_failure
from relaysim.powershell.values.net_time import timespan_object, to_datetime
from relaysim.powershell.values.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["days_in_month", "is_leap_year", "parsed_date", "span_of"]

Arguments = list[Value]
_MOST_TICKS = 1 << 63


def span_of(name: str, ticks: int) -> tuple[int, int, Callable[[Arguments], Value]]:
    """Return ``[timespan]::FromDays`` and its like; ``ticks`` are those of one."""

    def make(arguments: Arguments) -> Value:
        amount = float(real(name, arguments[0], "value"))
        if math.isnan(amount):
            reason = "TimeSpan does not accept floating point Not-a-Number values."
            raise method_failure(name, 1, reason, "ArgumentException")
        if abs(amount * ticks) >= _MOST_TICKS:
            reason = "TimeSpan overflowed because the duration is too long."
            raise method_failure(name, 1, reason, "OverflowException")
        return timespan_object(round(amount * ticks / 10_000) * 10_000)

    return 1, 1, make


def parsed_date(arguments: Arguments) -> Value:
    """Return ``[datetime]::Parse``."""
    try:
        return to_datetime(to_text(arguments[0]))
    except ConversionError as error:
        if error.subset:
            raise
        reason = error.message.partition('Error: "')[2].rstrip('"')
        raise method_failure("Parse", 1, reason, "FormatException") from error


def days_in_month(arguments: Arguments) -> Value:
    """Return ``[datetime]::DaysInMonth``."""
    import calendar

    month = to_int(arguments[1])
    if not 1 <= month <= 12:
        reason = "Month must be between one and twelve."
        raise out_of_range("DaysInMonth", 2, reason, "month")
    return calendar.monthrange(_year("DaysInMonth", arguments), month)[1]


def is_leap_year(arguments: Arguments) -> Value:
    """Return ``[datetime]::IsLeapYear``."""
    import calendar

    return calendar.isleap(_year("IsLeapYear", arguments))


def _year(name: str, arguments: Arguments) -> int:
    year = to_int(arguments[0])
    if not 1 <= year <= 9999:
        raise out_of_range(name, len(arguments), "Year must be between 1 and 9999.", "year")
    return year
