"""Kinds with a unit: numbers of bytes and of seconds."""

from __future__ import annotations

from relaysim.errors import InvalidInput
from relaysim.model.properties.kinds import UNLIMITED, BoundedKind, RefusedValue, ValueKind
from relaysim.model.session import parse_size

__all__ = ["SizeKind", "SpanKind", "format_size", "format_span"]

_UNITS = ((1 << 40, "TB"), (1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB"))


def format_size(count: int) -> str:
    """Return a number of bytes as Exchange prints sizes.

    Source: QA305565, CSSE19.

    >>> format_size(37748736)
    '36 MB (37,748,736 bytes)'
    """
    for unit, name in _UNITS:
        if count >= unit:
            return f"{count / unit:.4g} {name} ({count:,} bytes)"
    return f"{count} B ({count:,} bytes)"


class SizeKind(BoundedKind):
    """A number of bytes."""

    __slots__ = ()
    counted = "ByteQuantifiedSize"

    def parse(self, text: str) -> int | str:
        """Return the bytes of ``10MB``, ``10485760`` or Exchange's long form."""
        if self.is_endless(text):
            return UNLIMITED
        count = parse_size(text)
        self.check(count)
        return count

    def format(self, value: object) -> str:
        """Return the size as Exchange prints it."""
        return format_size(value) if isinstance(value, int) else str(value)

    @property
    def expected(self) -> str:
        """What a value looks like."""
        return "bytes or a size such as `10MB`"

    @property
    def limits(self) -> str:
        """The limits in words."""
        return f"{self.low} to {self.high} bytes" + (f" or `{UNLIMITED}`" if self.unlimited else "")


def format_span(seconds: int) -> str:
    """Return seconds as .NET prints a time span.

    >>> format_span(600), format_span(86400)
    ('00:10:00', '1.00:00:00')
    """
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    clock = f"{hours:02}:{minutes:02}:{rest:02}"
    return f"{days}.{clock}" if days else clock


class SpanKind(ValueKind):
    """A time span in whole seconds in a range, both ends inclusive, written ``dd.hh:mm:ss``."""

    __slots__ = ("high", "low")
    label = "EnhancedTimeSpan"

    def __init__(self, *, low: int, high: int) -> None:
        self.low = low
        self.high = high

    def parse(self, text: str) -> int:
        """Return the seconds of ``hh:mm:ss``, ``d.hh:mm:ss`` or XML's ``PT10M``.

        A bare number is a number of days, as .NET reads it. Parts of a second are refused unless
        they are zero.
        """
        seconds = _iso_seconds(text) if text.strip()[:1] == "P" else _clock_seconds(text)
        self.check(seconds)
        return seconds

    def read(self, raw: object) -> int:
        """Return the seconds; a number without a unit is refused."""
        if isinstance(raw, str):
            return self.parse(raw)
        raise InvalidInput(f"expected {self.expected}")

    def check(self, value: object) -> None:
        """Accept a number of seconds in the range."""
        if not isinstance(value, int) or not self.low <= value <= self.high:
            shown = format_span(value) if isinstance(value, int) and value >= 0 else value
            raise RefusedValue(f"`{shown}` is out of range (expected {self.limits})")

    def format(self, value: object) -> str:
        """Return the time span as .NET prints it."""
        return format_span(value) if isinstance(value, int) else str(value)

    @property
    def expected(self) -> str:
        """What a value looks like."""
        return "a time span such as `00:10:00`"

    @property
    def limits(self) -> str:
        """The limits in words."""
        return f"{format_span(self.low)} to {format_span(self.high)}"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


def _no_span(text: str) -> InvalidInput:
    return InvalidInput(f"`{text}` is no time span", hint="write it as `hh:mm:ss`")


def _clock_seconds(text: str) -> int:
    clock = text.strip()
    whole, dot, fraction = clock.rpartition(".")
    if dot and ":" in whole and fraction and not fraction.strip("0"):
        clock = whole
    days, dot, clock = clock.rpartition(".")
    parts = clock.split(":")
    if not dot and len(parts) == 1:
        # .NET reads a bare number as days.
        days, parts = clock, ["0", "0"]
    if not all(_is_number(part) for part in (days if dot else days or "0", *parts)):
        raise _no_span(text)
    if len(parts) not in (2, 3) or any(int(part) > 59 for part in parts[1:]):
        raise _no_span(text)
    hours, minutes = int(parts[0]), int(parts[1])
    seconds = int(parts[2]) if len(parts) == 3 else 0
    return ((int(days or 0) * 24 + hours) * 60 + minutes) * 60 + seconds


def _iso_seconds(text: str) -> int:
    date, _, clock = text.strip()[1:].partition("T")
    total = 0
    for part, units in ((date, {"D": 86400}), (clock, {"H": 3600, "M": 60, "S": 1})):
        number = ""
        for char in part:
            if char.isdigit() or char == ".":
                number += char
                continue
            whole, _, fraction = number.partition(".")
            if char not in units or not _is_number(whole) or fraction.strip("0"):
                raise _no_span(text)
            total += int(whole) * units[char]
            number = ""
        if number:
            raise _no_span(text)
    if not (date or clock):
        raise _no_span(text)
    return total
