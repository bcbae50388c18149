"""The attributes that validate an argument: ``[ValidateSet()]`` and its relatives."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from relaysim.powershell.values.conversion import to_int, to_list, to_number, to_text, type_name_of
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.patterns.pattern import compile_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.values.value import Value

__all__ = ["validate_argument"]


def _refuse(message: str) -> ConversionError:
    return ConversionError(message, id="ParameterArgumentValidationError")


def validate_argument(
    kind: str, arguments: list[Value], value: Value, spend: Callable[[int], None]
) -> None:
    """Check a value against an attribute.

    Args:
        kind: The attribute's name in lower case.
        arguments: What stands in its parentheses.
        value: The converted argument.
        spend: Charges the steps of a pattern.

    Raises:
        ConversionError: The value is not valid.
    """
    items = value if isinstance(value, list) else [value]
    match kind:
        case "validateset":
            _check_set(arguments, items)
        case "validatenotnullorempty" | "validatenotnull":
            _check_filled(value, empty=kind.endswith("empty"))
        case "validaterange":
            _check_range(arguments, items)
        case "validatecount":
            _check_count(arguments, value)
        case "validatelength":
            _check_length(arguments, items)
        case "validatepattern":
            pattern = compile_pattern(to_text(arguments[0]))
            for item in items:
                text = to_text(item)
                if pattern.search(text, spend=spend) is None:
                    shown = to_text(arguments[0])
                    raise _refuse(
                        f'The argument "{text}" does not match the "{shown}" pattern. Supply an '
                        f'argument that matches "{shown}" and try the command again.'
                    )
        case _:
            return


def _check_filled(value: Value, *, empty: bool) -> None:
    """Refuse null, and where ``empty`` is asked for what is empty too."""
    if isinstance(value, list) and (None in value or (empty and not value)):
        raise _refuse(
            "The argument is null, empty, or an element of the argument collection contains a null "
            "value. Supply a collection that does not contain any null values and then try the "
            "command again."
        )
    if value is None and not empty:
        raise _refuse(
            "The argument is null. Provide a valid value for the argument, and then try running "
            "the command again."
        )
    if empty and (value is None or value == ""):
        raise _refuse(
            "The argument is null or empty. Provide an argument that is not null or empty, and "
            "then try the command again."
        )


def _check_set(arguments: list[Value], items: list[Value]) -> None:
    choices = [to_text(one) for argument in arguments for one in to_list(argument)]
    folded = {choice.casefold() for choice in choices}
    for item in items:
        if item is None or to_text(item).casefold() not in folded:
            raise _refuse(
                f'The argument "{to_text(item)}" does not belong to the set "{",".join(choices)}" '
                "specified by the ValidateSet attribute. Supply an argument that is in the set and "
                "then try the command again."
            )


def _check_range(arguments: list[Value], items: list[Value]) -> None:
    low, high = (to_number(one) for one in arguments[:2])
    for item in items:
        if not isinstance(item, int | float | Decimal):
            raise _refuse(
                "The argument cannot be validated because its type "
                f'"{type_name_of(item).rpartition(".")[2]}" is not the same type (Int32) as the '
                "maximum and minimum limits of the parameter. Make sure the argument is of type "
                "Int32 and then try the command again."
            )
        if item > high:
            raise _refuse(
                f"The {to_text(item)} argument is greater than the maximum allowed range of "
                f"{to_text(high)}. Supply an argument that is less than or equal to "
                f"{to_text(high)} and then try the command again."
            )
        if item < low:
            raise _refuse(
                f"The {to_text(item)} argument is less than the minimum allowed range of "
                f"{to_text(low)}. Supply an argument that is greater than or equal to "
                f"{to_text(low)} and then try the command again."
            )


def _check_count(arguments: list[Value], value: Value) -> None:
    low, high = (to_int(one) for one in arguments[:2])
    if not isinstance(value, list):
        raise _refuse(
            "The ValidateCount attribute cannot be applied to a non-array parameter. Either remove "
            "the attribute from the parameter or make the parameter an array parameter."
        )
    if not low <= len(value) <= high:
        raise _refuse(
            f"The parameter requires at least {low} value(s) and no more than {high} value(s) - "
            f"{len(value)} value(s) were provided."
        )


def _check_length(arguments: list[Value], items: list[Value]) -> None:
    low, high = (to_int(one) for one in arguments[:2])
    for item in items:
        count = len(to_text(item))
        if count > high:
            raise _refuse(
                f"The character length of the {count} argument is too long. Shorten the character "
                f'length of the argument so it is fewer than or equal to "{high}" characters, and '
                "then try the command again."
            )
        if count < low:
            raise _refuse(
                f"The character length ({count}) of the argument is too short. Specify an argument "
                f'with a length that is greater than or equal to "{low}", and then try the command '
                "again."
            )
