"""The forms of dates and numbers of a culture: ``(Get-Culture).DateTimeFormat``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.values.conversion import to_int
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.kinds.enumerations import member_numbered, to_enum
from relaysim.powershell.values.value import EnumValue, ObjectType, ShellObject, TypedArray

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.values.value import Value

__all__ = ["date_forms", "number_forms"]

_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
]  # fmt: skip
_DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]


def _month(width: int | None) -> Callable[[ShellObject, list[Value]], Value]:
    def named(_value: ShellObject, arguments: list[Value]) -> Value:
        place = to_int(arguments[0] if arguments else 0)
        if not 1 <= place <= len(_MONTHS) + 1:
            raise ConversionError(
                "Valid values are between 1 and 13, inclusive.\nParameter name: month",
                id="ArgumentOutOfRangeException",
            )
        return [*_MONTHS, ""][place - 1][:width]

    return named


def _day(width: int | None) -> Callable[[ShellObject, list[Value]], Value]:
    def named(_value: ShellObject, arguments: list[Value]) -> Value:
        day = to_enum("dayofweek", arguments[0] if arguments else 0)
        return _DAYS[day.number][:width] if isinstance(day, EnumValue) else ""

    return named


_DATES = ObjectType(
    name="System.Globalization.DateTimeFormatInfo",
    calls={
        "getmonthname": _month(None),
        "getabbreviatedmonthname": _month(3),
        "getdayname": _day(None),
        "getabbreviateddayname": _day(3),
    },
    read_only=True,
)
_NUMBERS = ObjectType(name="System.Globalization.NumberFormatInfo", read_only=True)


def date_forms(*, invariant: bool) -> ShellObject:
    """Return the forms of dates: those of the United States, or of no country."""
    own = (
        ("MM/dd/yyyy", "dddd, dd MMMM yyyy", "HH:mm", "HH:mm:ss", "MMMM dd", "yyyy MMMM")
        if invariant
        else ("M/d/yyyy", "dddd, MMMM d, yyyy", "h:mm tt", "h:mm:ss tt", "MMMM d", "MMMM yyyy")
    )
    short, long, short_time, long_time, month_day, year_month = own
    return ShellObject(
        (
            ("AMDesignator", "AM"), ("DateSeparator", "/"),
            ("FirstDayOfWeek", member_numbered("dayofweek", 0)),
            ("FullDateTimePattern", f"{long} {long_time}"),
            ("LongDatePattern", long), ("LongTimePattern", long_time),
            ("MonthDayPattern", month_day), ("PMDesignator", "PM"),
            ("RFC1123Pattern", "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'"),
            ("ShortDatePattern", short), ("ShortTimePattern", short_time),
            ("SortableDateTimePattern", "yyyy'-'MM'-'dd'T'HH':'mm':'ss"), ("TimeSeparator", ":"),
            ("UniversalSortableDateTimePattern", "yyyy'-'MM'-'dd HH':'mm':'ss'Z'"),
            ("YearMonthPattern", year_month),
            ("AbbreviatedDayNames", TypedArray([one[:3] for one in _DAYS], "string")),
            ("ShortestDayNames", TypedArray([one[:2] for one in _DAYS], "string")),
            ("DayNames", TypedArray(_DAYS, "string")),
            ("AbbreviatedMonthNames", TypedArray([*(one[:3] for one in _MONTHS), ""], "string")),
            ("MonthNames", TypedArray([*_MONTHS, ""], "string")),
        ),
        type_=_DATES,
    )  # fmt: skip


def number_forms(*, invariant: bool) -> ShellObject:
    """Return the forms of numbers: those of the United States, or of no country."""
    return ShellObject(
        (
            ("CurrencyDecimalDigits", 2), ("CurrencyDecimalSeparator", "."),
            ("CurrencyGroupSeparator", ","), ("CurrencySymbol", "¤" if invariant else "$"),
            ("NaNSymbol", "NaN"), ("NegativeSign", "-"), ("NumberDecimalDigits", 2),
            ("NumberDecimalSeparator", "."), ("NumberGroupSeparator", ","), ("PositiveSign", "+"),
            ("PercentDecimalDigits", 2), ("PercentDecimalSeparator", "."),
            ("PercentGroupSeparator", ","), ("PercentSymbol", "%"), ("PerMilleSymbol", "‰"),
        ),
        type_=_NUMBERS,
    )  # fmt: skip
