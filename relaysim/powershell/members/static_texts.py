"""Static methods of texts, characters and arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import category

from relaysim.powershell.language.writing import join_surrogates
from relaysim.powershell.members.list_methods import find
from relaysim.powershell.members.signatures import argument, out_of_range
from relaysim.powershell.members.text_methods import comparison
from relaysim.powershell.values.comparison import compare_texts, sort_in_place
from relaysim.powershell.values.conversion import (
    bounded,
    joined,
    sized,
    to_int,
    to_text,
)
from relaysim.powershell.values.failures import ConversionError, method_failure
from relaysim.powershell.values.net_time import item_in_culture
from relaysim.powershell.values.numberformat import format_items, is_provider
from relaysim.powershell.values.numeric import Char
from relaysim.powershell.values.value import NOTHING, Nothing, ShellList, TypedArray, Value

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["TEXT_CALLS"]

Arguments = list[Value]


def _join(arguments: Arguments) -> str:
    items = arguments[1:]
    if not items:
        return ""
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
        raise _null("Join", 2, "values")
    separator = to_text(arguments[0])
    sized(len(separator) * len(items))
    return join_surrogates(joined(separator, (item_in_culture(item) for item in items)))


def _null(name: str, count: int, parameter: str) -> ConversionError:
    reason = f"Value cannot be null.\nParameter name: {parameter}"
    return method_failure(name, count, reason, "ArgumentNullException")


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
    if len(arguments) > 2 and comparison(arguments[2], "Equals")[0]:
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
    if items == [None]:
        raise _null("Format", 2, "args")
    if len(items) == 1 and isinstance(items[0], list) and not isinstance(items[0], ShellList):
        items = items[0]
    try:
        return bounded(format_items(to_text(template), items, invariant=not to_text(arguments[0])))
    except ConversionError as error:
        if error.id != "FormatError":
            raise
        reason = error.message.partition(": ")[2].removesuffix(".")
        raise method_failure("Format", len(arguments), reason, "FormatException") from error


def _required(name: str, arguments: Arguments) -> list[Value] | None:
    """Return the array that a method changes, ``None`` where it is none.

    Raises:
        ConversionError: It is null.
    """
    if arguments[0] is None or isinstance(arguments[0], Nothing):
        raise _null(name, len(arguments), "array")
    return arguments[0] if isinstance(arguments[0], list) else None


def _reverse(arguments: Arguments) -> Value:
    items = _required("Reverse", arguments)
    if items is not None:
        items.reverse()
    return NOTHING


def _sort(arguments: Arguments) -> Value:
    items = _required("Sort", arguments)
    if items is not None:
        sort_in_place(items, 1)
    return NOTHING


def _index_of(arguments: Arguments) -> Value:
    items = _required("IndexOf", arguments)
    return find([arguments[0]] if items is None else items, arguments[1])


def _is_char(
    name: str, test: Callable[[str], bool]
) -> tuple[int, int, Callable[[Arguments], Value]]:
    def call(arguments: Arguments) -> Value:
        if len(arguments) == 1:
            return test(to_text(argument(name, "c", arguments[0], "char")))
        text, at = to_text(arguments[0]), to_int(arguments[1])
        if not 0 <= at < len(text):
            reason = "Specified argument was out of the range of valid values."
            raise out_of_range(name, 2, reason, "index")
        return test(text[at])

    return 1, 2, call


def _changed(
    name: str, change: Callable[[str], str]
) -> tuple[int, int, Callable[[Arguments], Value]]:
    def call(arguments: Arguments) -> Value:
        return Char(change(to_text(argument(name, "c", arguments[0], "char"))))

    return 1, 1, call


TEXT_CALLS: dict[tuple[str, str], tuple[int, int | None, Callable[[Arguments], Value]]] = {
    ("string", "isnullorempty"): (1, 1, lambda args: not to_text(args[0])),
    ("string", "isnullorwhitespace"): (1, 1, lambda args: not to_text(args[0]).strip()),
    ("string", "join"): (1, None, _join),
    ("string", "concat"): (0, None, _concat),
    ("string", "compare"): (2, 3, _compare),
    ("string", "equals"): (2, 3, _equal),
    ("string", "compareordinal"): (2, 2, _ordinal_order),
    ("string", "format"): (1, None, _format),
    ("array", "reverse"): (1, 1, _reverse),
    ("array", "sort"): (1, 1, _sort),
    ("array", "indexof"): (2, 2, _index_of),
    ("char", "isdigit"): _is_char("IsDigit", str.isdecimal),
    ("char", "isletter"): _is_char("IsLetter", str.isalpha),
    ("char", "isletterordigit"): _is_char(
        "IsLetterOrDigit", lambda one: one.isalpha() or one.isdecimal()
    ),
    ("char", "isupper"): _is_char("IsUpper", str.isupper),
    ("char", "islower"): _is_char("IsLower", str.islower),
    ("char", "iswhitespace"): _is_char("IsWhiteSpace", str.isspace),
    ("char", "ispunctuation"): _is_char("IsPunctuation", lambda one: category(one)[0] == "P"),
    ("char", "issymbol"): _is_char("IsSymbol", lambda one: category(one)[0] == "S"),
    ("char", "iscontrol"): _is_char("IsControl", lambda one: category(one) == "Cc"),
    ("char", "isnumber"): _is_char("IsNumber", lambda one: category(one)[0] == "N"),
    ("char", "isseparator"): _is_char("IsSeparator", lambda one: category(one)[0] == "Z"),
    ("char", "toupper"): _changed("ToUpper", str.upper),
    ("char", "tolower"): _changed("ToLower", str.lower),
}
"""The methods: the fewest and the most arguments, and what they give."""
