"""Dates and time spans as texts, in the standard and the custom forms of .NET."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import pattern
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.kinds.date_reading import DAYS, MONTHS, form_parts, literal_of

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["STANDARD_FORMS", "date_text", "span_text"]

_TICKS = 10_000_000
_ZONES = {"Unspecified": "", "Utc": "Z", "Local": "+00:00"}
"""What stands for the zone of a date of each kind; the script's own zone is UTC."""

STANDARD_FORMS = {
    "d": "M/d/yyyy", "D": "dddd, MMMM d, yyyy", "t": "h:mm tt", "T": "h:mm:ss tt",
    "f": "dddd, MMMM d, yyyy h:mm tt", "F": "dddd, MMMM d, yyyy h:mm:ss tt",
    "g": "M/d/yyyy h:mm tt", "G": "M/d/yyyy h:mm:ss tt", "s": "yyyy-MM-ddTHH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ssZ", "o": "yyyy-MM-ddTHH:mm:ss.fffffffK", "M": "MMMM d",
    "O": "yyyy-MM-ddTHH:mm:ss.fffffffK", "Y": "MMMM yyyy", "y": "MMMM yyyy", "m": "MMMM d",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'", "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
}  # fmt: skip
"""The custom form of each standard one."""


def _wrong() -> ConversionError:
    return ConversionError("Input string was not in a correct format.", id="FormatException")


def date_text(moment: datetime, pattern: str, kind: str, rest: int = 0) -> str:
    """Return a date of a kind in a form; ``rest`` are the ticks it has beside microseconds.

    Raises:
        ConversionError: The one letter of the form stands for none.
    """
    if pattern == "U":
        pattern = "F"
    if len(pattern) == 1 and pattern not in STANDARD_FORMS:
        raise _wrong()
    pieces: list[str] = []
    for match in form_parts(STANDARD_FORMS.get(pattern, pattern)):
        letters = match.group("letters")
        text = literal_of(match) if letters is None else _field(moment, letters, kind, rest)
        if not text and letters and letters[0] == "F" and pieces[-1:] == ["."]:
            # A fraction that is not there takes its point with it.
            pieces.pop()
        pieces.append(text)
    return "".join(pieces)


def _field(moment: datetime, letters: str, kind: str, rest: int) -> str:
    count = len(letters)
    match letters[0]:
        case "d":
            day = DAYS[moment.weekday()]
            return str(moment.day).zfill(count) if count < 3 else day[:3] if count == 3 else day
        case "M":
            name = MONTHS[moment.month - 1]
            return str(moment.month).zfill(count) if count < 3 else name[:3] if count == 3 else name
        case "y":
            return str(moment.year % 100).zfill(count) if count < 3 else str(moment.year).zfill(4)
        case "H" | "h" | "m" | "s":
            clock = {"H": moment.hour, "h": moment.hour % 12 or 12, "m": moment.minute}
            return str(clock.get(letters[0], moment.second)).zfill(min(count, 2))
        case "f":
            return f"{moment.microsecond:06d}{rest}"[:count]
        case "F":
            return f"{moment.microsecond:06d}{rest}"[:count].rstrip("0")
        case "t":
            return ("AM" if moment.hour < 12 else "PM")[:count]
        case "z":
            return "+00:00" if count > 2 else "+00" if count == 2 else "+0"
        case "K":
            return _ZONES[kind]
        case _:
            return "A.D."


def _constant(ticks: int) -> str:
    sign, rest = ("-", -ticks) if ticks < 0 else ("", ticks)
    seconds, fraction = divmod(rest, _TICKS)
    days, seconds = divmod(seconds, 86400)
    head = f"{days}." if days else ""
    tail = f".{fraction:07d}" if fraction else ""
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{sign}{head}{clock}{tail}"


def _general(ticks: int, *, whole: bool) -> str:
    """Return a time span in the general format, the long one with all its parts."""
    seconds, fraction = divmod(abs(ticks), _TICKS)
    days, seconds = divmod(seconds, 86400)
    head = f"{days}:" if days or whole else ""
    hours = str(seconds // 3600).zfill(2 if whole else 1)
    digits = f"{fraction:07d}" if whole else f"{fraction:07d}".rstrip("0")
    tail = f".{digits}" if digits else ""
    minutes = f"{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{'-' if ticks < 0 else ''}{head}{hours}:{minutes}{tail}"


_SPAN_PARTS = pattern(r"\\(.)|'([^']*)'|%?(d+|h+|m+|s+)|%?(f{1,7}|F{1,7})|(.)")


def span_text(ticks: int, pattern: str) -> str:
    r"""Return a time span in a format: ``c``, ``g``, or letters with escaped signs (``hh\:mm``).

    Raises:
        ConversionError: The format has a sign that is not escaped, or one letter alone.
    """
    if pattern in {"c", "t", "T", ""}:
        return _constant(ticks)
    if pattern in {"g", "G"}:
        return _general(ticks, whole=pattern == "G")
    if len(pattern) == 1:
        raise _wrong()
    rest = abs(ticks)
    parts = {
        "d": rest // (86400 * _TICKS),
        "h": rest // (3600 * _TICKS) % 24,
        "m": rest // (60 * _TICKS) % 60,
        "s": rest // _TICKS % 60,
    }
    pieces: list[str] = []
    for match in _SPAN_PARTS.finditer(pattern):
        escaped, quoted, letters, fraction, other = match.groups()
        if other is not None or (letters and len(letters) > (8 if letters[0] == "d" else 2)):
            raise _wrong()
        if letters:
            pieces.append(str(parts[letters[0]]).zfill(len(letters)))
        elif fraction:
            digits = f"{rest % _TICKS:07d}"[: len(fraction)]
            pieces.append(digits if fraction[0] == "f" else digits.rstrip("0"))
        else:
            pieces.append(escaped or quoted or "")
    return "".join(pieces)
