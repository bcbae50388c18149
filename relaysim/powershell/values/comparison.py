"""Comparing values: equal, and which comes first."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from relaysim.lean import later
from relaysim.powershell.values.collation import collation_key, culture_fold
from relaysim.powershell.values.conversion import (
    canonical_of,
    is_plain,
    operand_number,
    shown,
    to_bool,
    to_text,
    type_name_of,
)
from relaysim.powershell.values.failures import ConversionError, method_failure, no_coercion
from relaysim.powershell.values.introsort import introsort
from relaysim.powershell.values.numeric import Char, Number
from relaysim.powershell.values.value import (
    EnumValue,
    Nothing,
    ShellObject,
    SwitchValue,
    TypeValue,
    Value,
)

if TYPE_CHECKING:
    from relaysim.powershell.values.casting import cast
else:
    (cast,) = later(globals(), "relaysim.powershell.values.casting", "cast")

__all__ = [
    "are_equal",
    "compare_texts",
    "order_of",
    "refuse_no_member",
    "sort_in_place",
    "sort_key",
]


def _plain(value: Value) -> Value:
    """Return the number or truth an object stands for, anything else as it is."""
    if isinstance(value, ShellObject) and value.type.number is not None:
        return value.type.number(value)
    if isinstance(value, SwitchValue):
        return value.on
    return None if isinstance(value, Nothing) else value


def _same_number(left: Number, right: Number) -> bool:
    if isinstance(left, Decimal) and isinstance(right, float):
        return float(left) == right
    if isinstance(left, float) and isinstance(right, Decimal):
        return left == float(right)
    return left == right


def _enum_equal(left: EnumValue, right: Value) -> bool:
    if isinstance(right, Char):
        return left.number == ord(right)
    if isinstance(right, Decimal):
        raise no_coercion(type_name_of(left))
    same = isinstance(right, EnumValue) and left == right
    if isinstance(right, str) and right.strip().lstrip("+-").isdecimal():
        return int(right) == left.number
    return same or _names(to_text(right)) == _names(left.name) or right == left.number


def are_equal(left: Value, right: Value, *, case: bool = False) -> bool:
    """Tell whether ``left -eq right`` for a left operand that is no array."""
    left, right = _plain(left), _plain(right)
    if left is None or right is None:
        return left is right
    if isinstance(left, Char):
        return _char_equal(left, right, case=case)
    if isinstance(left, str):
        return culture_fold(left, case=case) == culture_fold(to_text(right), case=case)
    if isinstance(left, bool):
        return left == to_bool(right)
    if isinstance(left, int | float | Decimal):
        try:
            return _same_number(left, operand_number(right))
        except ConversionError:
            return False
    if isinstance(left, EnumValue):
        return _enum_equal(left, right)
    if isinstance(left, TypeValue):
        return isinstance(right, TypeValue) and left == right
    if isinstance(left, ShellObject):
        return _object_equal(left, right, case=case)
    return left is right


def _names(text: str) -> set[str]:
    """Return the names of an enumeration in a text: the order of several does not matter."""
    return {name.strip() for name in text.casefold().split(",")}


def _char_equal(left: Char, right: Value, *, case: bool) -> bool:
    if isinstance(right, str) and len(right) == 1:
        return culture_fold(left, case=case) == culture_fold(right, case=case)
    if isinstance(right, str):
        return False
    if isinstance(right, float | Decimal | bool):
        return False  # What is no character by a cast is none here.
    try:
        return ord(left) == operand_number(right)
    except ConversionError:
        return False


def _object_equal(left: ShellObject, right: Value, *, case: bool) -> bool:
    if left.type.identity is not None:
        try:
            other = cast(canonical_of(left), right)
        except ConversionError:
            return False
        return (
            isinstance(other, ShellObject)
            and other.type is left.type
            and left.type.identity(other) == left.type.identity(left)
        )
    if is_plain(left) or left.type.text is None or left.type.name.endswith("Record"):
        return left is right
    return culture_fold(to_text(left), case=case) == culture_fold(to_text(right), case=case)


def compare_texts(left: str, right: str, *, case: bool) -> int:
    """Return -1, 0 or 1 for two texts by culture."""
    if culture_fold(left, case=case) == culture_fold(right, case=case):
        return 0
    one, two = collation_key(left, case=case), collation_key(right, case=case)
    return (one > two) - (one < two)


def _sign(value: Value) -> int:
    """Return the sign a value compares with ``$null``: a negative number is less."""
    number = value if isinstance(value, int | float | Decimal) else 1
    return -1 if number < 0 and not isinstance(value, bool) else 1


def _right_number(left: Value, right: Value) -> Number:
    try:
        return operand_number(right)
    except ConversionError as error:
        if error.subset:
            raise
    try:
        # A text is named without the blanks around it.
        cast(canonical_of(left), right.strip() if type(right) is str else right)
    except ConversionError as error:
        if isinstance(right, str):
            raise
        raise ConversionError(
            f'Could not compare "{shown(left)}" to "{shown(right)}". Error: "{error.message}"',
            id="ComparisonFailure",
        ) from error
    return operand_number(right)


def _char_order(left: Char, right: Value, *, case: bool) -> int:
    """Return how a character compares with what is made a character for it."""
    try:
        other = cast("char", right)
    except ConversionError as error:
        raise ConversionError(
            f'Could not compare "{left}" to "{shown(right)}". Error: "{error.message}"',
            id="ComparisonFailure",
        ) from error
    if isinstance(right, str):
        return compare_texts(left, to_text(other), case=case)
    return (left > to_text(other)) - (left < to_text(other))


def order_of(left: Value, right: Value, *, case: bool = False) -> int:
    """Return -1, 0 or 1; the left operand decides how the two are compared.

    Raises:
        ConversionError: The left operand has no order, or the right one does not fit it.
    """
    left, right = _plain(left), _plain(right)
    if left is None:
        return 0 if right is None else -_sign(right)
    if right is None:
        return _sign(left)
    if isinstance(left, bool):
        return int(left) - int(to_bool(right))
    if isinstance(left, Char):
        return _char_order(left, right, case=case)
    if isinstance(left, int | float | Decimal):
        first, second = left, _right_number(left, right)
        if isinstance(first, Decimal) != isinstance(second, Decimal):
            first, second = float(first), float(second)
        return (first > second) - (first < second)
    if isinstance(left, str):
        return compare_texts(left, to_text(right), case=case)
    return _object_order(left, right, case=case)


_TICKED = frozenset({"System.DateTime", "System.TimeSpan"})
"""The types that a number is the ticks of."""


_UNORDERED = (
    "System.Net.", "System.Text.StringBuilder", "System.Text.RegularExpressions.Regex",
    "Microsoft.PowerShell.Commands.", "System.IO.",
)  # fmt: skip
"""How the names of types without an order begin; those of the first two are equal by their text."""


def _object_order(left: Value, right: Value, *, case: bool) -> int:
    if isinstance(left, ShellObject) and left.type.order is not None:
        if isinstance(right, EnumValue) and left.type.name in _TICKED:
            one = left.type.order(left)
            return int(one > right.number) - int(one < right.number)
        try:
            other = cast(canonical_of(left), right)
        except ConversionError as error:
            if error.subset:
                raise
            raise ConversionError(
                f'Could not compare "{shown(left)}" to "{shown(right)}". Error: "{error.message}"',
                id="ComparisonFailure",
            ) from error
        one = left.type.order(left)
        two = left.type.order(other) if isinstance(other, ShellObject) else one
        return int(one > two) - int(one < two)
    if isinstance(left, EnumValue):
        if isinstance(right, Decimal):
            raise no_coercion(type_name_of(left))
        other = ord(right) if isinstance(right, Char) else right
        if isinstance(other, str):
            # A number as a text need not be one of the members.
            counted = other.strip().lstrip("+-").isdecimal()
            other = int(other) if counted else cast(left.kind, other)
        number = other.number if isinstance(other, EnumValue) else _right_number(left, other)
        return (left.number > number) - (left.number < number)
    named = isinstance(left, ShellObject) and left.type.name.startswith(_UNORDERED)
    # What has no order is still equal to itself.
    whole = isinstance(left, ShellObject) and left.type.name.startswith(_UNORDERED[:2])
    if left is right or (whole and are_equal(left, right)):
        return 0
    if named:
        raise _no_order(to_text(left))
    if isinstance(left, ShellObject) and left.type.text is not None:
        return compare_texts(to_text(left), to_text(right), case=case)
    if is_plain(left):
        text = to_text(left)
        raise ConversionError(
            f'Cannot compare "{text}" to "{shown(right)}" because the objects are not the same '
            f'type or the object "{text}" does not implement "IComparable".',
            id="PSObjectCompareTo",
        )
    name = to_text(left) if isinstance(left, TypeValue) else type_name_of(left)
    raise _no_order(name)


def _no_order(name: str) -> ConversionError:
    return ConversionError(
        f'Cannot compare "{name}" because it is not IComparable.', id="NotIcomparable"
    )


def refuse_no_member(word: str, left: Value, right: Value) -> None:
    """Refuse to order a member of an enumeration and null, for which .NET has no operator.

    Args:
        word: The operator, such as ``lt``.
        left: What stands before it.
        right: What stands behind it.

    Raises:
        ConversionError: One of them is such a member.
    """
    member = right if left is None else left
    if isinstance(member, EnumValue):
        below = (word in {"lt", "le"}) == (left is member)
        name = type_name_of(member)
        raise ConversionError(
            f"The binary operator {'LessThan' if below else 'GreaterThanOrEqual'} is not defined "
            f"for the types '{name}' and '{name}'.",
            id="System.InvalidOperationException",
        )


def sort_in_place(items: list[Value], arguments: int) -> None:
    """Sort an array or list as its own ``Sort`` does, which takes values of one type only.

    Args:
        items: The values; what had changed places before two did not compare stays there.
        arguments: How many arguments the method was called with, for its error.

    Raises:
        ConversionError: Two of them are not of one type, or of one that has no order.
    """

    def compare(one: Value, two: Value) -> int:
        if one is None or two is None:
            return (one is not None) - (two is not None)
        kind = canonical_of(one)
        ordered = isinstance(one, str | int | float | Decimal | EnumValue)
        ordered = ordered or (isinstance(one, ShellObject) and one.type.order is not None)
        if not ordered or kind != canonical_of(two):
            raise method_failure(
                "Sort",
                arguments,
                "Failed to compare two elements in the array.",
                "InvalidOperationException",
            )
        return order_of(one, two, case=True)

    introsort(items, compare)


def sort_key(value: Value, *, case: bool = False) -> tuple[int, float, Any]:
    """Return a key that orders values: ``$null``, then numbers, then everything by its text."""
    value = _plain(value)
    if value is None:
        return (0, 0.0, ())
    if isinstance(value, int | float | Decimal):
        return (1, float(value), ())
    if isinstance(value, ShellObject) and value.type.order is not None:
        return (2, 0.0, value.type.order(value))
    return (3, 0.0, collation_key(to_text(value), case=case))
