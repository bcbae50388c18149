"""The methods of .NET's collections, builders of texts and regular expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.members.list_methods import ARRAY_METHODS, LIST_METHODS, find
from relaysim.powershell.members.signatures import argument
from relaysim.powershell.members.text_methods import Method
from relaysim.powershell.values.conversion import bounded, to_int, to_text
from relaysim.powershell.values.failures import method_failure, no_overload, not_in_subset
from relaysim.powershell.values.net_time import item_in_culture
from relaysim.powershell.values.patterns.matches import match_object, regex_object
from relaysim.powershell.values.patterns.pattern import Pattern, compile_pattern, escape_pattern
from relaysim.powershell.values.value import (
    NOTHING,
    Enumerator,
    EnumValue,
    ObjectType,
    ShellList,
    ShellObject,
    TypedArray,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "OBJECT_METHODS",
    "escape_pattern",
    "regex_call",
    "regex_options",
    "string_builder",
    "with_options",
]

Arguments = list[Value]


def _nothing_spent(_count: int) -> None:
    """Take steps that no budget counts: the text and the pattern are bounded."""


BUILDER = ObjectType(
    name="System.Text.StringBuilder", text=lambda value: "".join(_pieces(value)), read_only=True
)


def _pieces(value: ShellObject) -> list[str]:
    return value.base if isinstance(value.base, list) else []


def string_builder(text: str) -> ShellObject:
    """Return a ``StringBuilder``."""
    return ShellObject(
        (("Capacity", 16), ("MaxCapacity", (1 << 31) - 1), ("Length", len(text))),
        type_=BUILDER, base=[text],
    )  # fmt: skip


def _rebuilt(change: Callable[[str, Arguments], str]) -> Callable[[ShellObject, Arguments], Value]:
    def call(value: ShellObject, arguments: Arguments) -> Value:
        pieces = _pieces(value)
        text = bounded(change("".join(pieces), arguments))
        pieces[:] = [text]
        value.put("Length", len(text))
        return value

    return call


def _piece(value: Value) -> str:
    return to_text(value, "") if isinstance(value, list) else item_in_culture(value)


def _append(ending: str) -> Callable[[ShellObject, Arguments], Value]:
    def call(value: ShellObject, arguments: Arguments) -> Value:
        piece = "".join(_piece(one) for one in arguments[:1]) + ending
        length = to_int(value.get("Length")) + len(piece)
        if length > 8 * 1024 * 1024:
            bounded(" " * length)
        _pieces(value).append(piece)
        value.put("Length", length)
        return value

    return call


def _append_format(text: str, arguments: Arguments) -> str:
    from relaysim.powershell.values.numberformat import format_items

    return text + format_items(to_text(arguments[0]), arguments[1:])


def _removed(text: str, arguments: Arguments) -> str:
    start, count = to_int(arguments[0]), to_int(arguments[1])
    return text[:start] + text[start + count :]


def _inserted(text: str, arguments: Arguments) -> str:
    start = to_int(arguments[0])
    return text[:start] + to_text(arguments[1]) + text[start:]


_BUILDER = (
    Method("Append", _append(""), 1, 1),
    Method("AppendLine", _append("\r\n"), 0, 1),
    Method("AppendFormat", _rebuilt(_append_format), 2, None),
    Method("Clear", _rebuilt(lambda _text, _args: "")),
    Method("Insert", _rebuilt(_inserted), 2, 2),
    Method("Remove", _rebuilt(_removed), 2, 2),
    Method(
        "Replace",
        _rebuilt(lambda text, args: text.replace(to_text(args[0]), to_text(args[1]))), 2, 2,
    ),
)  # fmt: skip


def _taken(name: str, *, keep: bool) -> Callable[[list[Value], Arguments], Value]:
    def take(items: list[Value], arguments: Arguments) -> Value:
        del arguments
        if not items:
            kind = items.kind.capitalize() if isinstance(items, ShellList) else "Queue"
            raise method_failure(name, 0, f"{kind} empty.", "InvalidOperationException")
        # A stack is kept with its top first, as it is enumerated.
        return items[0] if keep else items.pop(0)

    return take


def _push(items: list[Value], arguments: Arguments) -> Value:
    items.insert(0, arguments[0])
    return NOTHING


def _enqueue(items: list[Value], arguments: Arguments) -> Value:
    items.append(arguments[0])
    return NOTHING


def _cleared(items: list[Value], arguments: Arguments) -> Value:
    del arguments
    items.clear()
    return NOTHING


_PLAIN = (
    Method("Clear", _cleared),
    Method("Clone", lambda items, _args: ShellList(items, items.kind)),
    Method("Contains", lambda items, args: find(items, args[0]) >= 0, 1, 1),
    Method("GetEnumerator", lambda items, _args: Enumerator(items)),
    Method("ToArray", lambda items, _args: list(items)),
)
_QUEUE = (
    *_PLAIN,
    Method("Enqueue", _enqueue, 1, 1),
    Method("Dequeue", _taken("Dequeue", keep=False)),
    Method("Peek", _taken("Peek", keep=True)),
)
_STACK = (
    *_PLAIN,
    Method("Push", _push, 1, 1),
    Method("Pop", _taken("Pop", keep=False)),
    Method("Peek", _taken("Peek", keep=True)),
)


def _unique_add(items: list[Value], arguments: Arguments) -> Value:
    if find(items, arguments[0]) >= 0:
        return False
    items.append(arguments[0])
    return True


_HASHSET = (
    *_PLAIN,
    Method("Add", _unique_add, 1, 1),
    Method("Remove", lambda items, args: _discarded(items, args[0]), 1, 1),
)


def _discarded(items: list[Value], wanted: Value) -> bool:
    at = find(items, wanted)
    if at >= 0:
        del items[at]
    return at >= 0


_LETTERS = ((2, "m"), (16, "s"))
_WITHOUT_EFFECT = 1 | 8 | 512


def regex_options(name: str, options: Arguments) -> tuple[str, bool]:
    """Return what the options of a pattern put before it, and whether case is ignored.

    Raises:
        ConversionError: There are none of that name, or they are not understood.
    """
    if not options:
        return "", False
    if options[0] is None:
        raise no_overload(name, 3)
    option = argument(name, "options", options[0], "regexoptions")
    number = option.number if isinstance(option, EnumValue) else 0
    letters = "".join(letter for bit, letter in _LETTERS if number & bit)
    if number & ~(_WITHOUT_EFFECT | 2 | 16):
        raise not_in_subset(f"the option `{to_text(option)}` of a pattern")
    return f"(?{letters})" if letters else "", bool(number & 1)


def with_options(pattern: Value, name: str, options: Arguments) -> ShellObject:
    """Return a regular expression with options."""
    before, ignore_case = regex_options(name, options)
    return regex_object(before + to_text(pattern), ignore_case=ignore_case)


def regex_call(pattern: Pattern, name: str, arguments: Arguments) -> Value:
    """Return what a method of a regular expression gives."""
    text = to_text(arguments[0])
    if name == "ismatch":
        return pattern.search(text, spend=_nothing_spent) is not None
    if name == "match":
        return match_object(pattern.search(text, spend=_nothing_spent))
    if name == "matches":
        return [match_object(found) for found in pattern.matches(text, spend=_nothing_spent)]
    if name == "split":
        return TypedArray(pattern.split(text, spend=_nothing_spent), "string")
    if not isinstance(arguments[1], str):
        raise not_in_subset("`Replace` with a script block")
    limit = to_int(arguments[2]) if len(arguments) > 2 else 0
    return bounded(pattern.replace(text, arguments[1], spend=_nothing_spent, limit=limit))


def _regex(name: str) -> Callable[[ShellObject, Arguments], Value]:
    def call(value: ShellObject, arguments: Arguments) -> Value:
        text, ignore_case = value.base if isinstance(value.base, tuple) else ("", False)
        return regex_call(compile_pattern(text, ignore_case=ignore_case), name, arguments)

    return call


_REGEX = (
    Method("IsMatch", _regex("ismatch"), 1, 1),
    Method("Match", _regex("match"), 1, 1),
    Method("Matches", _regex("matches"), 1, 1),
    Method("Replace", _regex("replace"), 2, 3),
    Method("Split", _regex("split"), 1, 1),
)


def _named(methods: tuple[Method, ...]) -> dict[str, Method]:
    return {method.name.lower(): method for method in methods}


def _move_next(items: Enumerator, _arguments: Arguments) -> Value:
    items.taken = min(items.taken + 1, len(items) + 1)
    return items.taken <= len(items)


def _reset(items: Enumerator, _arguments: Arguments) -> Value:
    items.taken = 0
    return NOTHING


_ENUMERATOR = (Method("MoveNext", _move_next), Method("Reset", _reset))

OBJECT_METHODS: dict[str, dict[str, Method]] = {
    "stringbuilder": _named(_BUILDER),
    "queue": _named(_QUEUE),
    "stack": _named(_STACK),
    "hashset": _named(_HASHSET),
    "enumerator": _named(_ENUMERATOR),
    "list": LIST_METHODS,
    "arraylist": LIST_METHODS,
    "regex": _named(_REGEX),
    "keycollection": {"copyto": ARRAY_METHODS["copyto"]},
}
"""The methods of objects and collections, by the canonical name of the type."""
