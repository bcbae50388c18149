"""From a kind of the property catalogue to what a command takes and a script sees.

What is text goes through the kind itself, so that the shell and a server file take the same
values within the same limits. What PowerShell has beyond text (numbers, truth values, objects,
``@{Add=...}``) is turned into it here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relaysim.errors import InvalidInput, UnknownName
from relaysim.management_shell.values.multi import MultiChange, parse_multi, read_items
from relaysim.management_shell.values.property_objects import (
    binding_object,
    named_value,
    range_object,
    size_object,
    span_object,
)
from relaysim.model.properties.kinds import (
    UNLIMITED,
    AmbiguousName,
    CountKind,
    FlagKind,
    NameKind,
    RefusedValue,
    TextKind,
    ValueKind,
)
from relaysim.model.properties.lists import (
    BindingListKind,
    GroupsKind,
    MechanismsKind,
    RangeListKind,
    TextListKind,
)
from relaysim.model.properties.quantities import SizeKind, SpanKind
from relaysim.net.notation import AddressRange, Socket, parse_range, parse_socket
from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.values.conversion import to_bool, to_int, to_list, to_text, written_text
from relaysim.powershell.values.value import HashTable, ShellList, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "RefusedArgument",
    "argument_of",
    "converted",
    "items_of",
    "refused_later",
    "replaced",
    "shown",
]


def argument_of(kind: ValueKind) -> Callable[[Value], object]:
    """Return what turns an argument into a value of the kind.

    A list becomes a :class:`~relaysim.management_shell.values.multi.MultiChange`. The function
    raises ``ConversionError`` for what does not fit, and returns a value of the right type that
    Exchange refuses as a :class:`RefusedArgument`.
    """
    return refused_later(lambda value: converted(kind, value))


class RefusedArgument(NamedTuple):
    """A value of the right type that the command refuses, once it runs (V-10).

    Attributes:
        error: Why.
    """

    error: ConversionError


def refused_later(convert: Callable[[Value], object]) -> Callable[[Value], object]:
    """Return a conversion that leaves it to the command to refuse values of the right type.

    What does not fit the type fails where arguments are bound, which ends the statement; what
    Exchange itself refuses is an error of the command, which ``-ErrorAction`` governs.
    """

    def convert_or_keep(value: Value) -> object:
        try:
            return convert(value)
        except ConversionError as error:
            if error.id in _OF_THE_COMMAND or error.id.startswith("V-"):
                return RefusedArgument(error)
            raise

    return convert_or_keep


_OF_THE_COMMAND = ("ParameterOutOfRange", "RightNotFound")


def converted(kind: ValueKind, value: Value) -> object:
    """Return the value of a kind that an argument means.

    Raises:
        ConversionError: The argument does not fit, or is out of range.
    """
    items = _ITEMS.get(type(kind))
    if items is not None:
        return parse_multi(value, items)
    try:
        return _CONVERTERS[type(kind)](kind, value)
    except RefusedValue as error:
        raise _failure(error, id=error.rule or "ParameterOutOfRange") from error
    except AmbiguousName as error:
        names = ", ".join(error.names)
        raise ConversionError(
            f"The identifier name {error.text} cannot be processed because it is either too "
            f"similar or identical to the following enumerator names: {names}. Use a more "
            "specific identifier name.",
            id="CannotConvertArgumentNoMessage",
        ) from error
    except UnknownName as error:
        raise _failure(error, id="CannotConvertArgument") from error
    except InvalidInput as error:
        raise _failure(error) from error


def _failure(
    error: InvalidInput,
    *,
    id: str = "InvalidCast",  # noqa: A002 - the word of the error record
) -> ConversionError:
    problem = error.problems[0]
    return ConversionError(problem.message, hint=problem.hint, id=id)


def _flag(_kind: ValueKind, value: Value) -> object:
    # Text is refused, as PowerShell does.
    if isinstance(value, bool | int | float):
        return to_bool(value)
    raise ConversionError(
        f"`{to_text(value)}` is no Boolean", hint="write `$true` or `$false`, without quotes"
    )


def _text(_kind: ValueKind, value: Value) -> object:
    # The limits of a text are refused by the command, not by the conversion of its argument.
    if isinstance(value, list | HashTable):
        raise ConversionError("one text is expected, not several values")
    return written_text(value)


def _count(kind: ValueKind, value: Value) -> object:
    if to_text(value).strip().casefold() == UNLIMITED.casefold():
        return kind.parse(UNLIMITED)
    number = to_int(value)
    kind.check(number)
    return number


def _quantity(kind: ValueKind, value: Value) -> object:
    if isinstance(value, ShellObject) and isinstance(value.base, int):
        number = value.base
    elif isinstance(kind, SizeKind) and isinstance(value, int) and not isinstance(value, bool):
        number = int(value)
    else:
        return kind.parse(written_text(value))
    kind.check(number)
    return number


def _name(kind: ValueKind, value: Value) -> object:
    return kind.parse(to_text(value))


def _names(kind: ValueKind, value: Value) -> object:
    return kind.parse_items(_written_names(value))


def _written_names(value: Value) -> Sequence[str]:
    """Return the names of an enumeration whose values combine: one text or several."""
    return [
        name.strip() for item in to_list(value) for name in to_text(item).split(",") if name.strip()
    ]


def _groups(kind: ValueKind, value: Value) -> object:
    names = _written_names(value)
    if "custom" in (name.casefold() for name in names):
        raise ConversionError(
            "`Custom` is shown for rights given by hand and cannot be set (V-5)",
            id="V-5",
            hint="name the other groups only; rights given by hand stay (G-4)",
        )
    return kind.parse_items(names)


_ITEMS: dict[type[ValueKind], Callable[[str], object]] = {
    BindingListKind: parse_socket,
    RangeListKind: parse_range,
    TextListKind: str,
}
_CONVERTERS: dict[type[ValueKind], Callable[[ValueKind, Value], object]] = {
    FlagKind: _flag,
    TextKind: _text,
    CountKind: _count,
    SizeKind: _quantity,
    SpanKind: _quantity,
    NameKind: _name,
    MechanismsKind: _names,
    GroupsKind: _groups,
}


def items_of(kind: ValueKind, text: str) -> tuple[object, ...]:
    """Return the items of a kept list; none when the text is no list of the kind."""
    try:
        value = kind.parse(text)
    except InvalidInput:
        return ()
    return value if isinstance(value, tuple) else ()


def shown(kind: ValueKind, value: object) -> Value:
    """Return a value of a kind as a script sees it."""
    if isinstance(kind, SizeKind) and isinstance(value, int):
        return size_object(value)
    if isinstance(kind, SpanKind) and isinstance(value, int):
        return span_object(value)
    if isinstance(kind, FlagKind):
        return bool(value)
    if isinstance(kind, CountKind) and isinstance(value, int):
        return value
    if isinstance(kind, NameKind):
        numbers = {name: number for number, name in kind.numbers.items()}
        return named_value(kind.label, kind.format(value), numbers)
    if isinstance(kind, MechanismsKind | GroupsKind):
        return named_value(kind.label, kind.format(value), {"None": 0, **kind.flags})
    if isinstance(value, tuple):
        parse = _ITEMS.get(type(kind))
        found = ShellList(_item(item) for item in value)
        found.reads = None if parse is None else _item_reader(parse)
        return found
    return kind.format(value)


def _item(item: object) -> Value:
    if isinstance(item, AddressRange):
        return range_object(item)
    return binding_object(item) if isinstance(item, Socket) else str(item)


def _item_reader(parse: Callable[[str], object]) -> Callable[[Value], Value]:
    """Return what makes an item of what the list's methods are given, an address as text say."""

    def read(value: Value) -> Value:
        return _item(read_items([value], parse)[0])

    return read


def replaced(value: object) -> object:
    """Return the whole list of a change that replaces one, any other value as it is."""
    return value.replace if isinstance(value, MultiChange) else value
