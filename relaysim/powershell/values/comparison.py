"""Comparing values: equal, and which comes first."""

from __future__ import annotations

from relaysim.powershell.values.conversion import to_bool, to_number, to_text
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.value import Nothing, ShellObject, TypeValue, Value

__all__ = ["are_equal", "order_of", "sort_key"]


def _fold(text: str, *, case: bool) -> str:
    return text if case else text.casefold()


def _as_number(value: Value) -> Value:
    """Return the number an object stands for, anything else as it is."""
    if isinstance(value, ShellObject) and value.type.number is not None:
        return value.type.number(value)
    return value


def are_equal(left: Value, right: Value, *, case: bool = False) -> bool:
    """Tell whether ``left -eq right`` for a left operand that is no array."""
    if isinstance(left, Nothing):
        left = None
    if isinstance(right, Nothing):
        right = None
    left = _as_number(left)
    if left is None or right is None:
        return left is right
    if isinstance(left, str):
        return _fold(left, case=case) == _fold(to_text(right), case=case)
    if isinstance(left, bool):
        return left == to_bool(right)
    if isinstance(left, int | float):
        try:
            return left == to_number(right)
        except ConversionError:
            return False
    if isinstance(left, ShellObject) and isinstance(right, ShellObject) and left.type.text is None:
        return left is right
    if isinstance(left, ShellObject):
        return _fold(to_text(left), case=case) == _fold(to_text(right), case=case)
    return left is right or (isinstance(left, TypeValue) and left == right)


def sort_key(value: Value, *, case: bool = False) -> tuple[int, float, str]:
    """Return a key that orders values: ``$null``, then numbers, then everything by its text."""
    if value is None or isinstance(value, Nothing):
        return (0, 0.0, "")
    if isinstance(value, int | float):
        return (1, float(value), "")
    text = to_text(value)
    return (2, 0.0, _fold(text, case=case))


def order_of(left: Value, right: Value, *, case: bool) -> int:
    """Return -1, 0 or 1; the left operand decides how the two are compared."""
    left = _as_number(left)
    if isinstance(left, int | float):
        first, second = float(left), float(to_number(right))
        return (first > second) - (first < second)
    one, two = sort_key(left, case=case), sort_key(right, case=case)
    if isinstance(left, str):
        one, two = (2, 0.0, _fold(left, case=case)), (2, 0.0, _fold(to_text(right), case=case))
    return (one > two) - (one < two)
