"""The attributes that validate an argument: ``[ValidateSet()]`` and its relatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.members.text_methods import to_units
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.comparison import order_of
from relaysim.powershell.values.conversion import to_int, to_number, to_text, type_name_of
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.numeric import Char, joint_kind
from relaysim.powershell.values.patterns.pattern import compile_pattern
from relaysim.powershell.values.type_names import full_name
from relaysim.powershell.values.value import HashTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.values.value import Value

__all__ = ["items_of", "require_value", "validate_argument"]


def _refuse(message: str) -> ConversionError:
    return ConversionError(message, id="ParameterArgumentValidationError")


def validate_argument(
    kind: str,
    arguments: list[Value],
    value: Value,
    spend: Callable[[int], None],
    *,
    case: bool = False,
) -> None:
    """Check a value against an attribute.

    Args:
        kind: The attribute's name in lower case.
        arguments: What stands in its parentheses.
        value: The converted argument.
        spend: Charges the steps of a pattern.
        case: Whether the case of letters counts.

    Raises:
        ConversionError: The value is not valid.
    """
    match kind:
        case "validatenotnullorempty" | "validatenotnull":
            _check_filled(value, empty=kind.endswith("empty"))
            return
        case "validatecount":
            _check_count(arguments, value)
            return
        case _:
            items = items_of(value)
    match kind:
        case "validateset":
            _check_set(arguments, items, case=case)
        case "validaterange":
            _check_range(arguments, items)
        case "validatelength":
            _check_length(arguments, items)
        case "validatepattern":
            pattern = compile_pattern(to_text(arguments[0]), ignore_case=not case)
            for item in items:
                require_value(item)
                text = to_text(item)
                if pattern.search(text, spend=spend) is None:
                    shown = to_text(arguments[0])
                    raise _refuse(
                        f'The argument "{text}" does not match the "{shown}" pattern. Supply an '
                        f'argument that matches "{shown}" and try the command again.'
                    )
        case _:
            return


def items_of(value: Value) -> list[Value]:
    """Return what an attribute looks at one by one.

    Raises:
        ConversionError: There is nothing.
    """
    if value is None:
        raise _refuse(_NOTHING)
    return value if isinstance(value, list) else [value]


_NOTHING = (
    "The argument is null, empty, or an element of the argument collection contains a null value. "
    "Supply a collection that does not contain any null values and then try the command again."
)


def require_value(value: Value) -> None:
    """Refuse null among what an attribute looks at.

    Raises:
        ConversionError: It is null.
    """
    if value is None:
        raise _refuse(
            "The argument is null. Provide a valid value for the argument, and then try running "
            "the command again."
        )


def _check_filled(value: Value, *, empty: bool) -> None:
    """Refuse null, and where ``empty`` is asked for what is empty too."""
    if isinstance(value, list | HashTable):
        items = list(value) if isinstance(value, list) else []
        if empty and (not value or None in items or "" in items):
            raise _refuse(_NOTHING)
        if None in items:
            raise _refuse(
                "The argument has a null value, or an element of the argument collection contains "
                "a null value. Provide a collection that does not contain any null values, and "
                "then try the command again."
            )
        return
    if empty and (value is None or value == ""):
        raise _refuse(
            "The argument is null or empty. Provide an argument that is not null or empty, and "
            "then try the command again."
        )
    require_value(value)


def _check_set(arguments: list[Value], items: list[Value], *, case: bool) -> None:
    choices = [to_text(one) for one in arguments]
    known = set(choices) if case else {choice.casefold() for choice in choices}
    for item in items:
        require_value(item)
        text = to_text(item)
        if (text if case else text.casefold()) not in known:
            raise _refuse(
                f'The argument "{to_text(item)}" does not belong to the set "{",".join(choices)}" '
                "specified by the ValidateSet attribute. Supply an argument that is in the set and "
                "then try the command again."
            )


def _check_range(arguments: list[Value], items: list[Value]) -> None:
    low, high = arguments[:2]
    kind = "string" if isinstance(low, str) else joint_kind(to_number(low), to_number(high))
    for item in items:
        require_value(item)
        try:
            found = cast(kind, item)
        except ConversionError as error:
            name = full_name(kind).removeprefix("System.")
            raise _refuse(
                "The argument cannot be validated because its type "
                f'"{type_name_of(item).rpartition(".")[2]}" is not the same type ({name}) as the '
                "maximum and minimum limits of the parameter. Make sure the argument is of type "
                f"{name} and then try the command again."
            ) from error
        if order_of(found, high, case=True) > 0:
            raise _refuse(
                f"The {to_text(found)} argument is greater than the maximum allowed range of "
                f"{to_text(high)}. Supply an argument that is less than or equal to "
                f"{to_text(high)} and then try the command again."
            )
        if order_of(found, low, case=True) < 0:
            raise _refuse(
                f"The {to_text(found)} argument is less than the minimum allowed range of "
                f"{to_text(low)}. Supply an argument that is greater than or equal to "
                f"{to_text(low)} and then try the command again."
            )


def _check_count(arguments: list[Value], value: Value) -> None:
    low, high = (to_int(one) for one in arguments[:2])
    if value is None or isinstance(value, list | HashTable | str):
        count = 0 if value is None else len(value)
    else:
        raise _refuse(
            "The ValidateCount attribute cannot be applied to a non-array parameter. Either remove "
            "the attribute from the parameter or make the parameter an array parameter."
        )
    if not low <= count <= high:
        raise _refuse(
            f"The parameter requires at least {low} value(s) and no more than {high} value(s) - "
            f"{count} value(s) were provided."
        )


def _check_length(arguments: list[Value], items: list[Value]) -> None:
    low, high = (to_int(one) for one in arguments[:2])
    for item in items:
        if not isinstance(item, str) or isinstance(item, Char):
            raise _refuse(
                "The ValidateLength attribute cannot be applied to a parameter that is not a "
                "string or string[] parameter. Make the parameter a string or string[] parameter."
            )
        count = len(to_units(item))
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
