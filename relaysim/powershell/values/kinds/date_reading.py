"""Texts as dates: in the forms that .NET takes in an English culture, and in one exact form."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from relaysim.lean import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DAYS", "MONTHS", "form_parts", "literal_of", "read_date", "read_exact"]

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

_WORD = "|".join(f"{name[:3]}(?:{name[3:]})?" if name[3:] else name for name in MONTHS)
_WEEKDAY = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in DAYS)
_CLOCK = (
    r"(?P<h>\d{1,2})(?::(?P<m>\d{1,2})(?::(?P<s>\d{1,2})(?:\.(?P<f>\d{1,7}))?)?)?"
    r"(?:\s*(?P<half>[AaPp])[Mm])?"
)
_ZONE = r"(?:\s*(?P<zone>Z|GMT|(?<=\d)\s?[+-]\d{1,2}(?::?\d{2})?))?"
_DATES = (
    r"(?P<y>\d{4})[-/.](?P<mo>\d{1,2})[-/.](?P<d>\d{1,2})",
    r"(?P<mo>\d{1,2})[-/.](?P<d>\d{1,2})[-/.](?P<y>\d{4}|\d{2})",
    rf"(?P<word>{_WORD})\.?[ -](?P<d>\d{{1,2}}),?[ -](?P<y>\d{{4}}|\d{{2}})",
    rf"(?P<d>\d{{1,2}})[ -](?P<word>{_WORD})\.?,?[ -](?P<y>\d{{4}}|\d{{2}})",
    rf"(?P<word>{_WORD})\.?,? (?P<y>\d{{4}})",
    r"(?P<y>\d{4})-(?P<mo>\d{1,2})",
)
_FORMS = tuple(
    pattern(rf"(?:(?:{_WEEKDAY}),?\s+)?{date}(?:(?:T|,?\s+)(?=\d+:|\d+\s*[ap]m){_CLOCK})?{_ZONE}",
            re.IGNORECASE)
    for date in _DATES
)  # fmt: skip


def _month(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if groups.get("word"):
        short = groups["word"][:3].casefold()
        return next(at for at, name in enumerate(MONTHS, 1) if name[:3].casefold() == short)
    return int(groups["mo"])


def _year(text: str) -> int:
    """Return a year; of two digits those up to 29 belong to this century."""
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < 30 else 1900)


def _hour(hour: int, half: str) -> int:
    if not half:
        return hour
    if not 0 < hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half.casefold() == "p" else 0)


def _offset(zone: str) -> timedelta:
    found = re.fullmatch(r"\s*([+-])(\d{1,2}):?(\d{2})?", zone)
    if found is None:
        return timedelta()
    sign = -1 if found.group(1) == "-" else 1
    return sign * timedelta(hours=int(found.group(2)), minutes=int(found.group(3) or 0))


def _moment(match: re.Match[str]) -> datetime | None:
    """Return the date and time whose parts are the groups, ``None`` when it does not exist."""
    groups = match.groupdict()
    fraction = (groups.get("f") or "0").ljust(6, "0")[:6]
    try:
        moment = datetime(  # noqa: DTZ001 - a date without a zone, as a script has it
            _year(groups.get("y") or "0001"),
            _month(match) if groups.get("mo") or groups.get("word") else 1,
            int(groups.get("d") or 1),
            _hour(int(groups.get("h") or 0), (groups.get("half") or "")[:1]),
            int(groups.get("m") or 0), int(groups.get("s") or 0), int(fraction),
        )  # fmt: skip
        return moment - _offset(groups.get("zone") or "")
    except (ValueError, OverflowError):
        return None


def read_date(text: str) -> tuple[datetime | None, bool]:
    """Return the date and time of a text, and whether the text says its zone.

    The date is ``None`` when no form fits the text or it does not exist. A time of another zone
    becomes that of the script's, which is UTC.

    >>> read_date("2 January 2012 3:04 PM"), read_date("2012-13-01")
    ((datetime.datetime(2012, 1, 2, 15, 4), False), (None, False))
    """
    for form in _FORMS:
        match = form.fullmatch(text)
        if match is not None:
            return _moment(match), bool(match["zone"])
    return None, False


_TOKEN = pattern(
    r"\\(?P<escaped>.)|'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\"|%?(?P<letters>d+|M+|y+|H+|h+|m+|"
    r"s+|f+|F+|t+|z+|g+|K)|(?P<other>.)",
    re.DOTALL,
)
_LITERALS = ("escaped", "single", "double", "other")


def form_parts(pattern: str) -> Iterator[re.Match[str]]:
    """Return the parts of a custom form; those that stand for a part of a date have letters."""
    return _TOKEN.finditer(pattern)


def literal_of(part: re.Match[str]) -> str:
    """Return the text of a part that stands for itself."""
    return next((part[name] for name in _LITERALS if part[name] is not None), "")


def _pieces(pattern: str) -> str:
    """Return the regular expression of an exact form."""
    pieces: list[str] = []
    seen: set[str] = set()
    for match in form_parts(pattern):
        letters = match.group("letters")
        if letters is None:
            pieces.append(re.escape(literal_of(match)))
            continue
        name, form = _part(letters)
        if not name or name in seen:
            pieces.append(f"(?:{form})")
        else:
            seen.add(name)
            pieces.append(f"(?P<{name}>{form})")
    return "".join(pieces)


def _part(letters: str) -> tuple[str, str]:
    """Return the name and the form of one part of an exact form."""
    count = len(letters)
    digits = r"\d{1,2}" if count == 1 else r"\d{2}"
    match letters[0]:
        case "d":
            return ("d", digits) if count < 3 else ("", _WEEKDAY)
        case "M":
            return ("mo", digits) if count < 3 else ("word", _WORD)
        case "y":
            return "y", digits if count < 3 else rf"\d{{{max(count, 4)}}}"
        case "H" | "h":
            return "h", digits
        case "m":
            return "m", digits
        case "s":
            return "s", digits
        case "f":
            return "f", rf"\d{{{count}}}"
        case "F":
            return "f", rf"\d{{0,{count}}}"
        case "t":
            return "half", "[AaPp][Mm]" if count > 1 else "[AaPp]"
        case "g":
            return "", r"A\.D\."
        case _:
            return "zone", r"Z|[+-]\d{1,2}(?::?\d{2})?|"


def read_exact(text: str, pattern: str) -> datetime | None:
    """Return the date of a text in exactly one custom form, ``None`` when it has another.

    >>> read_exact("20120304", "yyyyMMdd")
    datetime.datetime(2012, 3, 4, 0, 0)
    """
    match = re.fullmatch(_pieces(pattern), text, re.IGNORECASE)
    if match is None:
        return None
    groups = match.groupdict()
    dated = any(groups.get(name) for name in ("mo", "word", "d", "y"))
    return _moment(match) if dated else None
