"""Static members of ``[string]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.language.writing import join_surrogates
from relaysim.powershell.members.text_methods import comparison, out_of_range
from relaysim.powershell.values.comparison import compare_texts
from relaysim.powershell.values.conversion import bounded, joined, sized, to_int, to_text
from relaysim.powershell.values.failures import ConversionError, method_failure
from relaysim.powershell.values.net_time import item_in_culture
from relaysim.powershell.values.numberformat import format_items, is_provider
from relaysim.powershell.values.value import Nothing, ShellList, TypedArray, Value

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["TEXT_CALLS"]

Arguments = list[Value]


def _join(arguments: Arguments) -> str:
    items = arguments[1:]
    texts = items[0] if isinstance(items[0], TypedArray) else [items[0]]
    whole = isinstance(items[0], list) and not isinstance(items[0], TypedArray)
    if len(items) == 3 and not whole and all(isinstance(one, int) for one in items[1:]):
        # A part of an array of texts: where it begins, and how many.
        start, count = (to_int(one) for one in items[1:])
        if start < 0 or count < 0 or start + count > len(texts):
            reason = "Index and count must refer to a location within the string."
            raise out_of_range("Join", 4, reason, "startIndex")
        items = [[*texts[start : start + count]]]
    if len(items) == 1 and isinstance(items[0], list):
        items = items[0]
    elif len(items) == 1 and (items[0] is None or isinstance(items[0], Nothing)):
        reason = "Value cannot be null.\nParameter name: values"
        raise method_failure("Join", 2, reason, "ArgumentNullException")
    separator = to_text(arguments[0])
    sized(len(separator) * len(items))
    return join_surrogates(joined(separator, (item_in_culture(item) for item in items)))


def _concat(arguments: Arguments) -> str:
    items = arguments
    if len(items) == 1 and isinstance(items[0], list):
        items = items[0]
    return join_surrogates(joined("", (item_in_culture(item) for item in items)))


def _compare(arguments: Arguments) -> int:
    ignore = False
    if len(arguments) > 2:
        option = arguments[2]
        ignore = option if isinstance(option, bool) else comparison(option)[0]
    return compare_texts(to_text(arguments[0]), to_text(arguments[1]), case=not ignore)


def _equal(arguments: Arguments) -> bool:
    one, two = to_text(arguments[0]), to_text(arguments[1])
    if len(arguments) > 2 and comparison(arguments[2])[0]:
        return one.casefold() == two.casefold()
    return one == two


def _ordinal_order(arguments: Arguments) -> int:
    one, two = to_text(arguments[0]), to_text(arguments[1])
    for first, second in zip(one, two, strict=False):
        if first != second:
            return ord(first) - ord(second)
    return len(one) - len(two)


def _format(arguments: Arguments) -> str:
    template, *items = arguments[1:] if is_provider(arguments[0]) else arguments
    if len(items) == 1 and isinstance(items[0], list) and not isinstance(items[0], ShellList):
        items = items[0]
    try:
        return bounded(format_items(to_text(template), items, invariant=not to_text(arguments[0])))
    except ConversionError as error:
        if error.id != "FormatError":
            raise
        reason = error.message.partition(": ")[2].removesuffix(".")
        raise method_failure("Format", len(arguments), reason, "FormatException") from error


TEXT_CALLS: dict[tuple[str, str], tuple[int, int | None, Callable[[Arguments], Value]]] = {
    ("string", "isnullorempty"): (1, 1, lambda args: not to_text(args[0])),
    ("string", "isnullorwhitespace"): (1, 1, lambda args: not to_text(args[0]).strip()),
    ("string", "join"): (2, None, _join),
    ("string", "concat"): (0, None, _concat),
    ("string", "compare"): (2, 3, _compare),
    ("string", "equals"): (2, 3, _equal),
    ("string", "compareordinal"): (2, 2, _ordinal_order),
    ("string", "format"): (2, None, _format),
}
"""The methods of ``[string]``: how many arguments each takes at least and at most, and itself."""
