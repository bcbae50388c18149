"""Making objects of .NET's types: ``New-Object`` and ``[type]::new()``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from relaysim.powershell.members.list_methods import empty_of
from relaysim.powershell.members.object_methods import regex_options, string_builder
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import (
    canonical_type,
    joined,
    sized,
    to_int,
    to_list,
    to_text,
)
from relaysim.powershell.values.exceptions import made_exception
from relaysim.powershell.values.failures import (
    ConversionError,
    method_failure,
    no_overload,
    not_in_subset,
)
from relaysim.powershell.values.net_time import (
    as_kind,
    datetime_object,
    timespan_object,
    to_datetime,
)
from relaysim.powershell.values.net_values import version_object
from relaysim.powershell.values.patterns.matches import regex_object
from relaysim.powershell.values.type_names import full_name, is_exception
from relaysim.powershell.values.value import (
    EnumValue,
    HashTable,
    ShellList,
    ShellObject,
    TypedArray,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CONSTRUCTED", "construct", "is_constructed", "needs_arguments"]

CONSTRUCTED = frozenset(
    {
        "object", "psobject", "hashtable", "ordered", "arraylist", "queue", "stack",
        "stringbuilder", "string", "version", "datetime", "timespan", "regex", "mailaddress",
        "uint32", "guid", "constructed", "array", "ipaddress",
    }
)  # fmt: skip
"""The types that can be made, beside generic collections, arrays and exceptions."""


def is_constructed(name: str) -> bool:
    """Tell whether an object of a type that a script names can be made."""
    canonical = canonical_type(name)
    if canonical is None:
        return False
    return canonical in CONSTRUCTED or canonical.endswith(("[]", ">")) or is_exception(canonical)


def construct(canonical: str, arguments: list[Value]) -> Value:
    """Return a new object.

    Raises:
        ConversionError: The type cannot be made, or not of these arguments.
    """
    if is_exception(canonical):
        return made_exception(canonical, arguments)
    count = len(arguments)
    if not needs_arguments(canonical) <= count <= _MOST_ARGUMENTS.get(canonical, count):
        raise no_overload(full_name(canonical).rpartition(".")[2], count)
    if canonical.endswith("[]"):
        item = canonical[:-2]
        length = cast("int", arguments[0])
        if not isinstance(length, int) or length < 0:
            reason = "Arithmetic operation resulted in an overflow."
            raise method_failure(".ctor", 1, reason, "OverflowException")
        blanks = [empty_of(item)] * sized(length)
        return list(blanks) if item == "object" else TypedArray(blanks, item)
    if canonical.endswith(">") or canonical in {"arraylist", "queue", "stack"}:
        return _collection(canonical, arguments)
    return _plain(canonical, arguments)


def _collection(canonical: str, arguments: list[Value]) -> Value:
    if canonical.startswith("dictionary<"):
        return HashTable(kind=canonical)
    given = arguments[0] if len(arguments) == 1 else arguments
    if len(arguments) == 1 and isinstance(given, int):
        given = []
    items = list(to_list(given))
    if canonical.startswith(("list<", "hashset<")):
        inner = canonical[canonical.index("<") + 1 : -1]
        items = [cast(inner, one) for one in items]
    if canonical.startswith("stack"):
        items.reverse()
    return ShellList(items, canonical)


_MOST_ARGUMENTS = {"version": 4, "guid": 11, "mailaddress": 3, "regex": 3, "stringbuilder": 4}


def needs_arguments(canonical: str) -> int:
    """Return how many arguments a constructor has at least: 0 or 1."""
    return int(canonical in {"string", "regex"} or canonical.endswith("[]"))


def _parsed(canonical: str, arguments: list[Value], error_id: str = "FormatException") -> Value:
    """Return an object made of one text, with the error of a constructor."""
    try:
        return cast(canonical, to_text(arguments[0]))
    except ConversionError as error:
        if error.subset:
            raise
        reason = error.message.partition('Error: "')[2].removesuffix('"') or error.message
        raise method_failure(".ctor", len(arguments), reason, error_id) from error


def _plain(canonical: str, arguments: list[Value]) -> Value:
    if canonical in {"object", "psobject"}:
        return ShellObject()
    if canonical in {"hashtable", "ordered"}:
        return HashTable(kind=canonical)
    if canonical in {"mailaddress", "guid"}:
        return _parsed(canonical, arguments or ["0" * 32])
    maker = _MAKERS.get(canonical)
    if maker is None:
        raise not_in_subset(f"an object of the type `{canonical}`")
    return maker(arguments)


def _builder(arguments: list[Value]) -> Value:
    text = arguments[0] if arguments and isinstance(arguments[0], str) else ""
    return string_builder(to_text(text))


def _string(arguments: list[Value]) -> Value:
    if len(arguments) == 2:
        return to_text(arguments[0]) * sized(to_int(arguments[1]))
    return joined("", (to_text(one) for one in to_list(arguments[0])))


def _version(arguments: list[Value]) -> Value:
    if len(arguments) == 1:
        return _parsed("version", arguments)
    return version_object(*(to_int(one) for one in arguments or (0, 0)))


def _regex(arguments: list[Value]) -> Value:
    if len(arguments) == 1:
        return _parsed("regex", arguments, "ArgumentException")
    before, ignore = regex_options(".ctor", arguments[1:])
    if before:
        raise not_in_subset("an expression that keeps options beside `IgnoreCase`")
    return regex_object(to_text(arguments[0]), ignore_case=ignore)


def _address(arguments: list[Value]) -> Value:
    given = arguments[0] if len(arguments) == 1 else None
    if isinstance(given, list) and all(isinstance(one, int) for one in given):
        return cast("ipaddress", TypedArray(given, "byte"))
    if isinstance(given, int) and not isinstance(given, bool):
        return cast("ipaddress", given)
    raise not_in_subset("an address made of anything but its bytes or its number")


def _date(arguments: list[Value]) -> Value:
    kind = "Unspecified"
    if len(arguments) > 1 and isinstance(last := arguments[-1], EnumValue):
        kind, arguments = last.name, arguments[:-1]
    if len(arguments) == 1:
        return as_kind(to_datetime(to_int(arguments[0])), kind)
    if len(arguments) > 7:
        raise not_in_subset(f"a date made of {len(arguments)} values")
    parts = [to_int(one) for one in arguments] or [1, 1, 1]
    if len(parts) == 7:
        parts[6] *= 1000
    try:
        return datetime_object(datetime(*parts), kind=kind)  # type: ignore[arg-type] # noqa: DTZ001
    except (ValueError, TypeError):
        raise method_failure(
            ".ctor", len(arguments),
            "Year, Month, and Day parameters describe an un-representable DateTime.",
            "ArgumentOutOfRangeException",
        ) from None  # fmt: skip


def _span(parts: list[int]) -> Value:
    if len(parts) <= 1:
        return timespan_object(parts[0] if parts else 0)
    if len(parts) == 3:
        parts = [0, *parts]
    if len(parts) not in {4, 5}:
        raise ConversionError(
            "Cannot find an overload for the arguments.", id="MethodCountCouldNotFindBest"
        )
    days, hours, minutes, seconds, *rest = parts
    milliseconds = rest[0] if rest else 0
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return timespan_object(total * 10_000_000 + milliseconds * 10_000)


_MAKERS: dict[str, Callable[[list[Value]], Value]] = {
    "stringbuilder": _builder,
    "string": _string,
    "version": _version,
    "datetime": _date,
    "timespan": lambda arguments: _span([to_int(one) for one in arguments]),
    "regex": _regex,
    "ipaddress": _address,
}
