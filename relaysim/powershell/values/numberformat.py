"""The format operator: ``"{0,-10} {1:N2}" -f ...``."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING

from relaysim.powershell.values.conversion import sized, to_text
from relaysim.powershell.values.failures import ConversionError

if TYPE_CHECKING:
    from relaysim.powershell.values.value import Value

__all__ = ["format_items", "format_number"]

_MAX_WIDTH = 1000
_HOLE = re.compile(r"\{\{|\}\}|\{(\d{1,4})(?:,(-?\d{1,4}))?(?::([^{}]*))?\}|[{}]")
_STANDARD = re.compile(r"([NnFfDdXxPp])(\d{0,2})")
_CUSTOM = re.compile(r"(?P<comma>#,#*)?(?P<whole>[#0]*)(?:\.(?P<part>[#0]*))?")


def format_number(value: int | float, pattern: str) -> str:
    """Return a number in a .NET format: ``N``, ``F``, ``D``, ``X``, ``P`` or digits as ``0.00``.

    >>> format_number(1234.5, "N2"), format_number(7, "D3"), format_number(255, "x")
    ('1,234.50', '007', 'ff')
    """
    standard = _STANDARD.fullmatch(pattern)
    if standard is not None:
        return _standard(value, standard.group(1), standard.group(2))
    custom = _CUSTOM.fullmatch(pattern)
    if custom is None or not pattern:
        raise ConversionError(f"the number format `{pattern}` is not part of the subset")
    part = custom.group("part") or ""
    text = f"{_rounded(value, len(part)):{',' if custom.group('comma') else ''}f}"
    whole, _, decimals = text.partition(".")
    while decimals and decimals[-1] == "0" and part[len(decimals) - 1] == "#":
        decimals = decimals[:-1]
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    whole = whole.zfill(custom.group("whole").count("0"))
    if whole == "0" and "0" not in custom.group("whole"):
        whole = ""
    return f"{sign}{whole}.{decimals}" if decimals else sign + whole


def _rounded(value: int | float, digits: int) -> Decimal:
    try:
        return Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    except InvalidOperation:
        raise ConversionError("a number that has no decimal form of this length") from None


def _standard(value: int | float, kind: str, digits: str) -> str:
    match kind.upper():
        case "N":
            return f"{_rounded(value, int(digits or 2)):,f}"
        case "F":
            return f"{_rounded(value, int(digits or 2)):f}"
        case "P":
            return f"{_rounded(value * 100, int(digits or 2)):,f} %"
        case _:
            return _integer(value, kind, int(digits or 0))


def _integer(value: int | float, kind: str, digits: int) -> str:
    if not isinstance(value, int):
        raise ConversionError(f"the format `{kind}` takes an integer")
    if kind in "Dd":
        return f"{'-' if value < 0 else ''}{str(abs(value)).zfill(digits)}"
    text = f"{value if value >= 0 else value + (1 << 32):X}".zfill(digits)
    return text if kind == "X" else text.lower()


def format_items(template: str, items: list[Value]) -> str:
    """Return ``template`` with its numbered holes filled.

    >>> format_items("{0,5}|{1}{{}}", ["ab", True])
    '   ab|True{}'
    """
    size = len(template)

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
            raise ConversionError(f"the format string `{template}` has a brace without its partner")
        index = int(match.group(1))
        if index >= len(items):
            raise ConversionError(
                f"the format string has a hole {{{index}}} but only {len(items)} values follow"
            )
        value = items[index]
        pattern = match.group(3)
        if pattern and isinstance(value, int | float) and not isinstance(value, bool):
            text = format_number(value, pattern)
        else:
            text = to_text(value)
        width = int(match.group(2) or 0)
        if abs(width) > _MAX_WIDTH:
            raise ConversionError(f"a column of {abs(width)} characters")
        return text.ljust(-width) if width < 0 else text.rjust(width)

    return _HOLE.sub(fill, template)
