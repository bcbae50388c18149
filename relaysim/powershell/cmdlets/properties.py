"""Choosing and computing properties: names, wildcards, script blocks, calculated properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.calculated import Selector
from relaysim.powershell.display.shaping import ChosenProperty
from relaysim.powershell.display.views import properties_of
from relaysim.powershell.members.properties import property_of
from relaysim.powershell.members.reflection import reflected
from relaysim.powershell.values.conversion import (
    to_int,
    to_list,
    to_text,
    type_name_of,
    written_text,
)
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.net_time import in_culture
from relaysim.powershell.values.patterns.wildcard import has_wildcard, matches_wildcard
from relaysim.powershell.values.value import (
    HashTable,
    ShellObject,
    Value,
    collapse,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relaysim.powershell.interpreter.context import Context

__all__ = [
    "has_property",
    "key_value",
    "own_names",
    "property_value",
    "select_properties",
    "to_count",
    "to_texts",
    "view_properties",
    "without_nulls",
]


def to_one_text(value: Value) -> str:
    """Return an argument as a text; no array is one."""
    if isinstance(value, list):
        raise ConversionError(type_name_of(value), id="CannotConvertArgument")
    return in_culture(value)


def to_texts(value: Value) -> list[Value]:
    """Return an argument as an array of texts."""
    return [written_text(item) for item in to_list(value)]


def too_small(number: Value, least: int) -> ConversionError:
    """Return the error of an argument that is less than its parameter takes."""
    return ConversionError(
        f"The {to_text(number)} argument is less than the minimum allowed range of {least}. Supply "
        f"an argument that is greater than or equal to {least} and then try the command again.",
        id="ParameterArgumentValidationError",
    )


def too_large(number: int, most: int) -> ConversionError:
    """Return the error of an argument that is greater than its parameter takes."""
    return ConversionError(
        f"The {number} argument is greater than the maximum allowed range of {most}. Supply an "
        f"argument that is less than or equal to {most} and then try the command again.",
        id="ParameterArgumentValidationError",
    )


def to_count(value: Value) -> int:
    """Return an argument as a count."""
    try:
        count = to_int(value)
    except ConversionError as error:
        raise ConversionError(error.message, id="CannotConvertArgumentNoMessage") from error
    if count < 0:
        raise too_small(count, 0)
    return count


def without_nulls(context: Context, items: Iterable[Value], parameter: str) -> list[Value]:
    """Return objects for a parameter that takes no ``$null``; each ``$null`` is an error."""
    kept: list[Value] = []
    for item in items:
        if item is not None:
            kept.append(item)
            continue
        context.write_error(
            f"Cannot bind argument to parameter '{parameter}' because it is null.",
            id="ParameterArgumentValidationErrorNullNotAllowed",
            category="InvalidData",
        )
    return kept


def has_property(item: Value, name: str) -> bool:
    """Tell whether a value has a member that a view or a selection can show."""
    if isinstance(item, ShellObject | HashTable):
        return name in item
    return property_of(item, name) is not None


def property_value(
    context: Context,
    selector: Selector,
    item: Value,
    *,
    failed: Value = None,
    report: Callable[[str], None] | None = None,
) -> Value:
    """Return the value of a property of ``item``; an error in a script block gives ``failed``.

    Args:
        context: The command's surroundings.
        selector: The property.
        item: The object.
        failed: What an error gives.
        report: Takes the message of the error; nobody sees it otherwise.
    """
    if isinstance(selector.expression, str):
        return property_of(item, selector.expression)
    written, told = context.attempt(selector.expression, item)
    if told is None:
        return collapse(written)
    if report is not None:
        report(told)
    return failed


def key_value(context: Context, selector: Selector, item: Value, failed: Value) -> Value:
    """Return what objects are ordered by; an error in a script block is reported."""
    return property_value(
        context,
        selector,
        item,
        failed=failed,
        report=lambda message: context.write_error(
            message, id="ExpressionEvaluation", category="InvalidResult"
        ),
    )


def select_properties(
    context: Context, chosen: list[Selector], item: Value, excluded: list[str] | None = None
) -> list[tuple[str, Value]]:
    """Return the properties of ``item`` that are asked for; wildcards choose among its own."""
    result: dict[str, tuple[str, Value]] = {}
    twice: list[str] = []
    for selector in chosen:
        if isinstance(selector.expression, str) and has_wildcard(selector.expression):
            for name, value in _own_properties(item):
                if matches_wildcard(name, selector.expression):
                    result.setdefault(name.casefold(), (name, value))
            continue
        context.spend(1)
        name = selector.name
        if selector.name == selector.expression:
            # The property's own spelling is shown, not the one asked with.
            own = {key.casefold(): key for key, _ in _own_properties(item)}
            name = own.get(name.casefold(), name)
        if name.casefold() in result:
            twice.append(name)
            continue
        result[name.casefold()] = (name, _selected(context, selector, item))
    for name in twice:
        context.write_error(
            f'The property cannot be processed because the property "{name}" already exists.',
            id="AlreadyExistingUserSpecifiedPropertyNoExpand",
            target=name,
        )
    for pattern in excluded or []:
        for folded in [key for key in result if matches_wildcard(key, pattern)]:
            del result[folded]
    return list(result.values())


def _selected(context: Context, selector: Selector, item: Value) -> Value:
    """Return what a selection sees of a property.

    The keys of a hashtable and the members of an array's items are no properties of their own,
    though ``.name`` would give something.
    """
    if isinstance(selector.expression, str) and isinstance(item, HashTable | list):
        return dict(own_names(item)).get(selector.expression.casefold())
    return property_value(context, selector, item)


def own_names(item: HashTable | list[Value]) -> list[tuple[str, Value]]:
    """Return the properties of a collection itself, by lower-case name."""
    return [(name.casefold(), value) for name, value in reflected(item)]


def _own_properties(item: Value) -> list[tuple[str, Value]]:
    """Return what a selection sees of a value: of a collection its own, not what it holds."""
    return reflected(item) if isinstance(item, HashTable | list) else properties_of(item)


def view_properties(context: Context, chosen: list[Selector], item: Value) -> list[ChosenProperty]:
    """Return the properties that a view shows of ``item``, wildcards and spelling resolved."""
    own = [name for name, _ in properties_of(item)]
    found = []
    for selector in chosen:
        expression = selector.expression
        if isinstance(expression, str) and has_wildcard(expression):
            found += [
                _view_property(context, Selector(name=name, expression=name))
                for name in own
                if matches_wildcard(name, expression)
            ]
            continue
        title = selector.name
        if title == expression:
            title = next((name for name in own if name.casefold() == title.casefold()), title)
        found.append(_view_property(context, selector, title))
    return found


def _view_property(
    context: Context, selector: Selector, title: str | None = None
) -> ChosenProperty:
    def read(item: Value) -> Value:
        context.spend(1)
        return property_value(context, selector, item)

    def exists(item: Value) -> bool:
        expression = selector.expression
        return not isinstance(expression, str) or has_property(item, expression)

    return ChosenProperty(
        title=title or selector.name,
        read=read,
        exists=exists,
        width=selector.width,
        side=selector.side,
        pattern=selector.pattern,
    )
