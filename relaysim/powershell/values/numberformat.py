"""The format operator: ``"{0,-10} {1:N2}" -f ...``."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import TYPE_CHECKING

from relaysim.lean import pattern
from relaysim.powershell.values.conversion import is_plain, item_text, screen_text, sized, to_text
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.net_time import (
    DATETIME,
    TIMESPAN,
    format_span,
    format_time,
    in_culture,
)
from relaysim.powershell.values.net_values import GUID, guid_text
from relaysim.powershell.values.numeric import WRITTEN, Single, integer_kind
from relaysim.powershell.values.type_names import full_name
from relaysim.powershell.values.value import EnumValue, ShellObject, TypeValue

if TYPE_CHECKING:
    from relaysim.powershell.values.numeric import Number
    from relaysim.powershell.values.value import Value

__all__ = [
    "as_formatted",
    "format_items",
    "format_number",
    "invariant_text",
    "is_provider",
    "item_in_form",
]

_MAX_WIDTH = 1000
_HOLE = pattern(r"\{\{|\}\}|\{(\d{1,4}) *(?:, *(-?\d{1,4}) *)?(?::([^{}]*))?\}|[{}]")
_STANDARD = pattern(r"([A-Za-z])(\d{0,2})")
_SECTION = pattern(r"'[^']*'|\"[^\"]*\"|\\.|;")
_TOKEN = pattern(r"'([^']*)'|\"([^\"]*)\"|\\(.)|([0#.,%])|(.)", re.DOTALL)
_DIGITS = Context(prec=400)
_BAD_SPECIFIER = "Format specifier was invalid."


def _wrong(reason: str) -> ConversionError:
    return ConversionError(reason, id="FormatException")


def _decimal(value: Number) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return Decimal(int(value))
    return Decimal(f"{float(value):.{7 if isinstance(value, Single) else 15}g}")


def _rounded(value: Decimal, digits: int) -> Decimal:
    try:
        return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, context=_DIGITS)
    except InvalidOperation:
        raise _wrong("a number that has no decimal form of this length") from None


def format_number(value: Number, pattern: str) -> str:
    """Return a number in a standard .NET format (``N2``, ``X``) or in digits such as ``0.00``.

    >>> format_number(1234.5, "N2"), format_number(7, "D3"), format_number(255, "x")
    ('1,234.50', '007', 'ff')
    >>> format_number(0.256, "0.0%"), format_number(-3, "+0;-0;zero"), format_number(12345, "E2")
    ('25.6%', '-3', '1.23E+004')
    """
    if isinstance(value, float) and not math.isfinite(value):
        return screen_text(value)
    if not pattern:
        return to_text(value)
    standard = _STANDARD.fullmatch(pattern)
    if standard is None:
        return _custom(_decimal(value), pattern)
    return _standard(value, standard.group(1), standard.group(2))


def _standard(value: Number, kind: str, digits: str) -> str:
    number = _decimal(value)
    match kind.upper():
        case "N":
            return _no_minus_zero(f"{_rounded(number, int(digits or 2)):,f}")
        case "F":
            return _no_minus_zero(f"{_rounded(number, int(digits or 2)):f}")
        case "P":
            return _no_minus_zero(f"{_rounded(number * 100, int(digits or 2)):,f} %")
        case "C":
            amount = _rounded(abs(number), int(digits or 2))
            return f"{'-' if number < 0 and amount else ''}${amount:,f}"
        case "E":
            return _exponential(number, kind, int(digits or 6))
        case "G":
            return _general(value, kind, int(digits or 0))
        case "R":
            return to_text(value)
        case "D" | "X":
            return _integer(value, kind, int(digits or 0))
        case _:
            raise _wrong(_BAD_SPECIFIER)


def _no_minus_zero(text: str) -> str:
    return text[1:] if text.startswith("-") and not any(c in "123456789" for c in text) else text


def _exponential(number: Decimal, kind: str, digits: int, least: int = 3) -> str:
    if number == 0:
        mantissa, exponent = Decimal(0), 0
    else:
        exponent = number.adjusted()
        mantissa = _rounded(number.scaleb(-exponent, context=_DIGITS), digits)
        if abs(mantissa) >= 10:
            exponent += 1
            mantissa = _rounded(number.scaleb(-exponent, context=_DIGITS), digits)
    shown = f"{mantissa:.{digits}f}" if not number else f"{mantissa:f}"
    sign = "-" if exponent < 0 else "+"
    return f"{shown}{kind}{sign}{str(abs(exponent)).zfill(least)}"


def _general(value: Number, kind: str, digits: int) -> str:
    if not digits:
        text = to_text(value)
        return text if kind == "G" else text.replace("E", "e")
    number = _decimal(value)
    if number == 0:
        return "0"
    rounded = _rounded(number, digits - 1 - number.adjusted())
    exponent = rounded.adjusted()
    if -5 < exponent < digits:
        text = f"{rounded:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa = f"{rounded.scaleb(-exponent, context=_DIGITS):f}"
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    letter = "E" if kind == "G" else "e"
    return f"{mantissa}{letter}{'-' if exponent < 0 else '+'}{str(abs(exponent)).zfill(2)}"


def _integer(value: Number, kind: str, digits: int) -> str:
    if not isinstance(value, int):
        raise _wrong(_BAD_SPECIFIER)
    if kind in "Dd":
        return f"{'-' if value < 0 else ''}{str(abs(value)).zfill(digits)}"
    size = {"long": 64, "uint64": 64, "byte": 8, "sbyte": 8, "int16": 16, "uint16": 16}
    number = int(value)
    if number < 0:
        number += 1 << size.get(integer_kind(value), 32)
    text = f"{number:X}".zfill(digits)
    return text if kind == "X" else text.lower()


def _sections(pattern: str) -> list[str]:
    sections, start = [], 0
    for match in _SECTION.finditer(pattern):
        if match.group() == ";":
            sections.append(pattern[start : match.start()])
            start = match.end()
    return [*sections, pattern[start:]]


def _custom(number: Decimal, pattern: str) -> str:
    sections = _sections(pattern)
    negative = number < 0
    if len(sections) > 1 and negative and sections[1]:
        return _filled(-number, sections[1])
    if len(sections) > 2 and number == 0:
        return _filled(number, sections[2])
    text = _filled(abs(number), sections[0])
    shows = any(char in "123456789" for char in text)
    return f"-{text}" if negative and shows else text


def _filled(number: Decimal, pattern: str) -> str:
    tokens = [match.groups() for match in _TOKEN.finditer(pattern)]
    marks = [token[3] for token in tokens if token[3]]
    number *= Decimal(100) ** marks.count("%")
    whole_marks = marks[: marks.index(".")] if "." in marks else marks
    part_marks = marks[marks.index(".") + 1 :] if "." in marks else []
    holes = [mark for mark in whole_marks if mark in "0#"]
    last = max((at for at, mark in enumerate(whole_marks) if mark in "0#"), default=-1)
    first = next((at for at, mark in enumerate(whole_marks) if mark in "0#"), len(whole_marks))
    grouped = "," in whole_marks[first:last]
    number /= Decimal(1000) ** whole_marks[last + 1 :].count(",") if last >= 0 else 1
    places = [mark for mark in part_marks if mark in "0#"]
    rounded = _rounded(number, len(places))
    whole, _, part = f"{rounded:f}".partition(".")
    least = len(holes) - holes.index("0") if "0" in holes else 0
    whole = whole.zfill(least) if int(whole) or least else ""
    if not int(whole or 0) and not least:
        whole = ""
    while part and part[-1] == "0" and places[len(part) - 1] == "#":
        part = part[:-1]
    if grouped:
        whole = _grouped(whole)
    return _placed(tokens, _shared(whole, len(holes)), part, len(holes))


def _shared(whole: str, holes: int) -> list[str]:
    """Return what stands at each mark before the point: the first has all digits too many."""
    if "," in whole:
        return [whole]
    surplus = max(len(whole) - holes, 0)
    missing = max(holes - len(whole), 0)
    return [*("" for _ in range(missing)), whole[: surplus + 1], *whole[surplus + 1 :]]


def _grouped(whole: str) -> str:
    head = len(whole) % 3
    pieces = [whole[:head]] if head else []
    return ",".join([*pieces, *(whole[at : at + 3] for at in range(head, len(whole), 3))])


def _placed(tokens: list[tuple[str | None, ...]], wholes: list[str], part: str, holes: int) -> str:
    """Put the digits where the marks stand; what is no mark stays as it is."""
    pieces: list[str] = []
    seen_point = False
    before = iter(wholes)
    digits = iter(part)
    for single, double, escaped, mark, other in tokens:
        if mark is None:
            pieces.append(single or double or escaped or other or "")
        elif mark == "%":
            pieces.append("%")
        elif mark == ".":
            if not holes:
                pieces += wholes
            seen_point = True
            pieces.append("." if part else "")
        elif mark == ",":
            continue
        elif seen_point:
            pieces.append(next(digits, ""))
        else:
            pieces.append(next(before, ""))
    return "".join(pieces)


def item_in_form(value: Value, pattern: str | None) -> str:
    """Return the text of a value in a form, as ``-f`` fills it in."""
    if isinstance(value, float) and math.isinf(value):
        return screen_text(value)
    if pattern and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return format_number(value, pattern)
    if isinstance(value, ShellObject) and value.type is DATETIME:
        return format_time(value, pattern or "G")
    if isinstance(value, ShellObject) and value.type is TIMESPAN:
        return format_span(value, pattern or "c")
    if isinstance(value, EnumValue) and (pattern or "").upper() in {"D", "X"}:
        return str(value.number) if pattern in {"d", "D"} else f"{value.number:08X}"
    if pattern and isinstance(value, ShellObject) and value.type is GUID:
        return guid_text(value, [pattern])
    if pattern and isinstance(value, ShellObject) and is_plain(value):
        parts = (f"{name}={item_in_form(one, pattern)}" for name, one in value.items())
        return f"@{{{'; '.join(parts)}}}"
    if isinstance(value, TypeValue):
        return full_name(value.name)
    return item_text(value) if isinstance(value, list) else in_culture(value)


_INVARIANT = {
    "d": "MM/dd/yyyy", "D": "dddd, dd MMMM yyyy", "t": "HH:mm", "T": "HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm", "G": "MM/dd/yyyy HH:mm:ss", "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss", "y": "yyyy MMMM", "Y": "yyyy MMMM",
}  # fmt: skip
"""The forms of dates of no country, by .NET's letters."""


def is_provider(value: Value) -> bool:
    """Tell whether a value is a culture or the forms of one."""
    return isinstance(value, ShellObject) and value.type.name.startswith("System.Globalization.")


def invariant_text(value: Value, pattern: str | None) -> str:
    """Return the text of a value in a form, as the culture of no country has it."""
    if isinstance(value, ShellObject) and value.type is DATETIME:
        return format_time(value, _INVARIANT.get(pattern or "G", pattern or "G"))
    if isinstance(value, float) and math.isinf(value):
        return to_text(value)
    text = item_in_form(value, pattern)
    return text.replace("$", "\u00a4") if (pattern or "")[:1] in {"c", "C"} else text


def as_formatted(value: Value) -> Value:
    """Return what is formatted of a value.

    A number that was written as an argument in another way than it is shown, such as ``36MB``, is
    that text, whatever its form.
    """
    return value.written if isinstance(value, WRITTEN) and value.written != str(value) else value


def format_items(template: str, items: list[Value], *, invariant: bool = False) -> str:
    """Return ``template`` with its numbered holes filled.

    Args:
        template: The text with the holes.
        items: What fills them.
        invariant: Whether dates and numbers have the forms of no country.

    >>> format_items("{0,5}|{1}{{}}", ["ab", True])
    '   ab|True{}'
    """
    size = len(template)
    shown = invariant_text if invariant else item_in_form

    def fill(match: re.Match[str]) -> str:
        nonlocal size
        text = filled(match)
        size += len(text)
        sized(size)
        return text

    def filled(match: re.Match[str]) -> str:
        whole = match.group()
        if whole in {"{{", "}}"}:
            return whole[0]
        if match.group(1) is None:
            raise _wrong("Input string was not in a correct format.")
        index = int(match.group(1))
        if index >= len(items):
            raise _wrong(
                "Index (zero based) must be greater than or equal to zero and less than the size "
                "of the argument list."
            )
        text = shown(items[index], match.group(3))
        width = int(match.group(2) or 0)
        if abs(width) > _MAX_WIDTH:
            raise ConversionError(f"a column of {abs(width)} characters", id="LimitReached")
        return text.ljust(-width) if width < 0 else text.rjust(width)

    try:
        return _HOLE.sub(fill, template)
    except ConversionError as error:
        if error.id != "FormatException":
            raise
        raise ConversionError(
            f"Error formatting a string: {error.message}.", id="FormatError", target=template
        ) from error
