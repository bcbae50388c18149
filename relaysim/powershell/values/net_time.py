"""Dates and times of day as .NET has them, without the machine's clock."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from relaysim.lean import pattern
from relaysim.powershell.values.conversion import (
    bounded,
    final_failure,
    is_plain,
    item_text,
    joined,
    screen_text,
    shown,
    to_int,
    to_number,
    to_text,
)
from relaysim.powershell.values.failures import ConversionError, cast_failure, not_in_subset
from relaysim.powershell.values.kinds.date_forms import date_text, span_text
from relaysim.powershell.values.kinds.date_reading import DAYS, MONTHS, read_date
from relaysim.powershell.values.numeric import Char, SizedInt, sized_integer
from relaysim.powershell.values.type_names import full_name
from relaysim.powershell.values.value import (
    DefaultView,
    EnumValue,
    ObjectType,
    ShellObject,
    TypeValue,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "DATETIME",
    "TIMESPAN",
    "as_kind",
    "datetime_object",
    "format_time",
    "in_culture",
    "item_in_culture",
    "kind_of",
    "timespan_object",
    "to_datetime",
    "to_timespan",
]

_PARSE = "InvalidCastParseTargetInvocationWithFormatProvider"
_EPOCH = datetime(1, 1, 1)  # noqa: DTZ001 - a date without a zone, as a script has it
_TICKS = 10_000_000
FILE_TIME = 504_911_232_000_000_000
"""Ticks from the year 1 to 1601, where the times of files begin."""
_KINDS = ("Unspecified", "Utc", "Local")


def _ticks(span: timedelta) -> int:
    return (span.days * 86400 + span.seconds) * _TICKS + span.microseconds * 10


def ticks_of(value: ShellObject) -> int:
    """Return the ticks of a date or a time span."""
    return to_int(value.get("Ticks"))


TIMESPAN = ObjectType(
    name="System.TimeSpan",
    view=DefaultView(
        columns=(
            "Days", "Hours", "Minutes", "Seconds", "Milliseconds", "Ticks", "TotalDays",
            "TotalHours", "TotalMinutes", "TotalSeconds", "TotalMilliseconds",
        ),
        as_list=True,
        table=("Days", "Hours", "Minutes", "Seconds", "Milliseconds"),
    ),
    text=lambda value: span_text(ticks_of(value), "c"),
    identity=ticks_of,
    order=ticks_of,
    calls={
        "tostring": lambda value, args: format_span(value, to_text(args[0]) if args else "c"),
        "add": lambda value, args: timespan_object(ticks_of(value) + ticks_of(_span(args))),
        "subtract": lambda value, args: timespan_object(ticks_of(value) - ticks_of(_span(args))),
        "negate": lambda value, _args: timespan_object(-ticks_of(value)),
        "duration": lambda value, _args: timespan_object(abs(ticks_of(value))),
    },
    read_only=True,
)  # fmt: skip


def timespan_object(ticks: int) -> ShellObject:
    """Return a ``TimeSpan`` of so many tenths of a microsecond."""
    sign = -1 if ticks < 0 else 1
    rest = abs(ticks)
    return ShellObject(
        (
            ("Ticks", SizedInt(ticks, "long")),
            ("Days", sign * (rest // (86400 * _TICKS))),
            ("Hours", sign * (rest // (3600 * _TICKS) % 24)),
            ("Milliseconds", sign * (rest // 10_000 % 1000)),
            ("Minutes", sign * (rest // (60 * _TICKS) % 60)),
            ("Seconds", sign * (rest // _TICKS % 60)),
            ("TotalDays", ticks / (86400 * _TICKS)),
            ("TotalHours", ticks / (3600 * _TICKS)),
            ("TotalMilliseconds", ticks / 10_000),
            ("TotalMinutes", ticks / (60 * _TICKS)),
            ("TotalSeconds", ticks / _TICKS),
        ),
        type_=TIMESPAN,
    )


_SPAN = pattern(
    r"(?P<sign>-)?(?:(?P<days>\d{1,8})|(?:(?P<d>\d{1,8})(?:\.|:(?=\d+:\d+:)))?"
    r"(?P<h>\d{1,2}):(?P<m>\d{1,2})(?::(?P<s>\d{1,2})(?:\.(?P<f>\d{1,7}))?)?)"
)


def _told(value: Value, name: str, *, short: str) -> Value:
    """Return what a number or an enumeration says of a date or a span: ticks, or a text.

    Raises:
        ConversionError: A truth says nothing of it.
    """
    if isinstance(value, EnumValue):
        return value.number
    if isinstance(value, Char):
        return ord(value)
    if isinstance(value, bool):
        own = "System.Boolean" if short.startswith("System.") else "Boolean"
        raise cast_failure(
            shown(value), name, f"Invalid cast from '{own}' to '{short}'.",
            "InvalidCastIConvertible",
        )  # fmt: skip
    return to_text(value) if isinstance(value, float | Decimal) else value


def to_timespan(value: Value) -> ShellObject:
    """Return a value as a ``TimeSpan``: a text such as ``1.02:03:04``, or ticks."""
    if isinstance(value, ShellObject) and value.type is TIMESPAN:
        return value
    value = _told(value, TIMESPAN.name, short="System.TimeSpan")
    if isinstance(value, int):
        return timespan_object(int(value))
    if not isinstance(value, str):
        raise final_failure(value, "timespan")
    match = _SPAN.fullmatch(value.strip())
    if match is None:
        raise cast_failure(
            shown(value), TIMESPAN.name,
            "String was not recognized as a valid TimeSpan.", _PARSE,
        )  # fmt: skip
    days = int(match.group("days") or match.group("d") or 0)
    hours, minutes = int(match.group("h") or 0), int(match.group("m") or 0)
    seconds = int(match.group("s") or 0)
    if hours > 23 and match.group("s") and not days and seconds < 60 and minutes < 24:
        # So many hours are days to .NET, and what follows are hours and minutes.
        days, hours, minutes, seconds = hours, minutes, seconds, 0
    if hours > 23 or minutes > 59 or seconds > 59:
        raise cast_failure(
            shown(value), TIMESPAN.name,
            "The TimeSpan could not be parsed because at least one of the numeric components is "
            "out of range or contains too many digits.", _PARSE,
        )  # fmt: skip
    fraction = int((match.group("f") or "0").ljust(7, "0"))
    ticks = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * _TICKS + fraction
    return timespan_object(-ticks if match.group("sign") else ticks)


def format_span(value: ShellObject, pattern: str) -> str:
    """Return a time span in a standard or custom format."""
    return span_text(ticks_of(value), pattern)


def _moment(value: ShellObject) -> datetime:
    base = value.base
    return base if isinstance(base, datetime) else _EPOCH


def kind_of(value: ShellObject) -> str:
    """Return the kind of a date: ``Unspecified``, ``Utc`` or ``Local``."""
    kind = value.get("Kind")
    return kind.name if isinstance(kind, EnumValue) else "Unspecified"


def as_kind(value: ShellObject, kind: str) -> ShellObject:
    """Return the same date of another kind; the script's own zone is UTC."""
    return datetime_object(_moment(value), kind=kind, rest=ticks_of(value) % 10)


def _added(factor: int) -> Callable[[ShellObject, list[Value]], Value]:
    def add(value: ShellObject, arguments: list[Value]) -> Value:
        count = to_number(arguments[0] if arguments else 0)
        return shifted(value, round(float(count) * factor))

    return add


def shifted(value: ShellObject, ticks: int) -> ShellObject:
    """Return a date so many ticks later."""
    total = ticks_of(value) + ticks
    try:
        return datetime_object(
            _EPOCH + timedelta(microseconds=total // 10), kind=kind_of(value), rest=total % 10
        )
    except OverflowError:
        raise ConversionError(
            "The added or subtracted value results in an un-representable DateTime.\n"
            "Parameter name: value",
            id="ArgumentOutOfRangeException",
        ) from None


def _add_months(value: ShellObject, arguments: list[Value], times: int = 1) -> Value:
    moment = _moment(value)
    count = to_int(arguments[0] if arguments else 0)
    if times > 1 and abs(count) > 10_000:
        raise ConversionError(
            "Years value must be between +/-10000.\nParameter name: value",
            id="ArgumentOutOfRangeException",
        )
    months = moment.month - 1 + times * count
    year, month = moment.year + months // 12, months % 12 + 1
    for day in range(moment.day, 0, -1):
        try:
            later = moment.replace(year=year, month=month, day=day)
            return datetime_object(later, kind=kind_of(value), rest=ticks_of(value) % 10)
        except ValueError:
            continue
    raise ConversionError(
        "The added or subtracted value results in an un-representable DateTime.\n"
        f"Parameter name: {'months' if times == 1 else 'years'}",
        id="ArgumentOutOfRangeException",
    )


def subtract_dates(value: ShellObject, other: Value) -> ShellObject:
    """Return a date less another date (a time span) or less a time span (a date)."""
    if isinstance(other, ShellObject) and other.type is TIMESPAN:
        return shifted(value, -ticks_of(other))
    return timespan_object(ticks_of(value) - ticks_of(to_datetime(other)))


DATETIME = ObjectType(
    name="System.DateTime",
    text=lambda value: f"{(at := _moment(value)):%m/%d}/{at.year:04d} {at:%H:%M:%S}",
    identity=ticks_of,
    order=ticks_of,
    methods={
        "toshortdatestring": lambda value: format_time(value, "d"),
        "tolongdatestring": lambda value: format_time(value, "D"),
        "toshorttimestring": lambda value: format_time(value, "t"),
        "tolongtimestring": lambda value: format_time(value, "T"),
        "touniversaltime": lambda value: as_kind(value, "Utc"),
        "tolocaltime": lambda value: as_kind(value, "Local"),
        "tofiletime": lambda value: sized_integer(ticks_of(value) - FILE_TIME, "long"),
        "tofiletimeutc": lambda value: sized_integer(ticks_of(value) - FILE_TIME, "long"),
    },
    calls={
        "adddays": _added(86400 * _TICKS),
        "addhours": _added(3600 * _TICKS),
        "addminutes": _added(60 * _TICKS),
        "addseconds": _added(_TICKS),
        "addmilliseconds": _added(10_000),
        "addticks": lambda value, args: shifted(value, to_int(args[0] if args else 0)),
        "addmonths": _add_months,
        "addyears": lambda value, args: _add_months(value, args, 12),
        "add": lambda value, args: shifted(value, ticks_of(_span(args))),
        "subtract": lambda value, args: subtract_dates(value, args[0] if args else None),
        "tostring": lambda value, args: format_time(value, to_text(args[0]) if args else "G"),
    },
    read_only=True,
)


def _span(arguments: list[Value]) -> ShellObject:
    return to_timespan(arguments[0] if arguments else None)


def datetime_object(moment: datetime, *, kind: str = "Unspecified", rest: int = 0) -> ShellObject:
    """Return a ``DateTime`` of a kind: ``Unspecified``, ``Utc`` or ``Local``.

    Args:
        moment: The date and time.
        kind: Its kind.
        rest: The ticks, tenths of a microsecond, that it has more.
    """
    day = DAYS[moment.weekday()]
    ticks = _ticks(moment - _EPOCH) + rest
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    value = ShellObject(
        (
            ("DateTime", ""),
            ("Date", None),
            ("Day", moment.day),
            ("DayOfWeek", EnumValue(kind="dayofweek", name=day, number=(moment.weekday() + 1) % 7)),
            ("DayOfYear", (midnight - midnight.replace(month=1, day=1)).days + 1),
            ("Hour", moment.hour),
            ("Kind", EnumValue(kind="datetimekind", name=kind, number=_KINDS.index(kind))),
            ("Millisecond", moment.microsecond // 1000),
            ("Minute", moment.minute),
            ("Month", moment.month),
            ("Second", moment.second),
            ("Ticks", SizedInt(ticks, "long")),
            ("TimeOfDay", timespan_object(ticks - _ticks(midnight - _EPOCH))),
            ("Year", moment.year),
        ),
        type_=DATETIME,
        base=moment,
    )
    if rest or moment != midnight:
        value.put("Date", datetime_object(midnight, kind=kind))
    else:
        value.put("Date", value)
    value.put("DateTime", format_time(value, "F"))
    return value


_UNDATED = pattern(
    r"\d{1,2}(?::\d{2}){1,2}(?:\.\d+)?\s*(?:[AaPp][Mm])?|\d{1,2}\s*[AaPp][Mm]|\d{1,2}[-/.]\d{1,2}|"
    rf"(?:{'|'.join(name[:3] for name in MONTHS)})[a-z]* \d{{1,2}}|"
    rf"\d{{1,2}} (?:{'|'.join(name[:3] for name in MONTHS)})[a-z]*",
    re.IGNORECASE,
)
"""Texts that say no year or no day: today's would be taken."""


def to_datetime(value: Value) -> ShellObject:
    """Return a value as a ``DateTime``: a text such as ``2024-01-15 10:30`` or ``1/15/2024``."""
    if isinstance(value, ShellObject) and value.type is DATETIME:
        return value
    value = _told(value, DATETIME.name, short="DateTime")
    if isinstance(value, int):
        try:
            counted = _EPOCH + timedelta(microseconds=int(value) // 10)
        except OverflowError:
            raise cast_failure(
                shown(value), DATETIME.name,
                "Ticks must be between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks.\n"
                "Parameter name: ticks", "InvalidCastConstructorTargetInvocation",
            ) from None  # fmt: skip
        return datetime_object(counted, rest=int(value) % 10)
    if not isinstance(value, str):
        raise final_failure(value, "datetime")
    text = value.strip()
    moment, zoned = read_date(text)
    if moment is not None:
        return datetime_object(moment, kind="Local" if zoned else "Unspecified")
    if _UNDATED.fullmatch(text):
        raise not_in_subset(
            f"the date `{shown(value)}`, which depends on today,",
            hint="write it as `2024-01-31 10:30`",
        )
    reason = "String was not recognized as a valid DateTime."
    if not re.search(r"\d", text):
        start = len(value) - len(value.lstrip())
        reason = (
            "The string was not recognized as a valid DateTime. There is an unknown word starting "
            f"at index {start}."
        )
    raise cast_failure(shown(value), DATETIME.name, reason, _PARSE)


def format_time(value: ShellObject, pattern: str) -> str:
    """Return a date in a standard or custom .NET format.

    >>> format_time(to_datetime("2024-01-15 13:04"), "dd.MM.yyyy HH:mm")
    '15.01.2024 13:04'
    """
    return date_text(_moment(value), pattern, kind_of(value), ticks_of(value) % 10)


def in_culture(value: Value) -> str:
    """Return the text of a value as the culture has it: a date, and one in an object, by its form.

    In a text, ``"$date"``, it has the form of no country.
    """
    if isinstance(value, ShellObject) and value.type is DATETIME:
        return format_time(value, "G")
    plain = isinstance(value, ShellObject) and value.type.text is None and is_plain(value)
    if plain and isinstance(value, ShellObject) and value.items():
        inner = joined("; ", (f"{name}={item_in_culture(one)}" for name, one in value.items()))
        return bounded(f"@{{{inner}}}")
    return screen_text(value)


def item_in_culture(value: Value) -> str:
    """Return the text of an item of an array, or of an object, as the culture has it."""
    if isinstance(value, TypeValue):
        return full_name(value.name)
    return item_text(value) if isinstance(value, list) or is_plain(value) else in_culture(value)
