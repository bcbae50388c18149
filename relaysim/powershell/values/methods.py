"""Members and methods of texts, numbers, lists and hashtables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import closest
from relaysim.powershell.values.comparison import are_equal
from relaysim.powershell.values.conversion import (
    bounded,
    sized,
    to_int,
    to_list,
    to_text,
    type_name_of,
)
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.numberformat import format_number
from relaysim.powershell.values.value import NOTHING, HashTable, ShellList, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["call_method"]

_Arguments = list[Value]


def _text(arguments: _Arguments, index: int, default: str | None = None) -> str:
    if index < len(arguments):
        return to_text(arguments[index])
    if default is None:
        raise ConversionError(f"the method needs an argument {index + 1}")
    return default


def _number(arguments: _Arguments, index: int) -> int:
    if index >= len(arguments):
        raise ConversionError(f"the method needs an argument {index + 1}")
    return to_int(arguments[index])


def _split(text: str, arguments: _Arguments) -> Value:
    separators = "".join(to_text(item) for item in to_list(arguments[0])) if arguments else ""
    limit = 0
    drop_empty = False
    for option in arguments[1:]:
        if isinstance(option, int) and not isinstance(option, bool):
            limit = option
        elif to_text(option).lower() == "removeemptyentries":
            drop_empty = True
        elif to_text(option).lower() != "none":
            raise ConversionError(f"`Split` has no option `{to_text(option)}`")
    pieces: list[Value] = []
    start = 0
    for at, char in enumerate(text):
        if limit and len(pieces) + 1 >= limit:
            break
        if char in separators or (not separators and char.isspace()):
            if at > start or not drop_empty:
                pieces.append(text[start:at])
            start = at + 1
    if start < len(text) or not drop_empty:
        pieces.append(text[start:])
    return pieces


def _trim_set(arguments: _Arguments) -> str | None:
    joined = "".join(to_text(item) for argument in arguments for item in to_list(argument))
    return joined or None


def _substring(text: str, arguments: _Arguments) -> str:
    start = _number(arguments, 0)
    length = _number(arguments, 1) if len(arguments) > 1 else len(text) - start
    if start < 0 or length < 0 or start + length > len(text):
        raise ConversionError("index and length must refer to a location within the string")
    return text[start : start + length]


def _pad(arguments: _Arguments) -> tuple[int, str]:
    return sized(_number(arguments, 0), 100_000), _text(arguments, 1, " ")[:1] or " "


def _remove(text: str, arguments: _Arguments) -> str:
    start = _number(arguments, 0)
    length = _number(arguments, 1) if len(arguments) > 1 else len(text) - start
    if start < 0 or length < 0 or start + length > len(text):
        raise ConversionError("index and count must refer to a location within the string")
    return text[:start] + text[start + length :]


def _replace(text: str, arguments: _Arguments) -> str:
    old, new = _text(arguments, 0), _text(arguments, 1)
    if not old:
        raise ConversionError("`Replace` needs a text to look for")
    sized(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _insert(text: str, arguments: _Arguments) -> str:
    at = _number(arguments, 0)
    if not 0 <= at <= len(text):
        raise ConversionError("the index is outside the string")
    return bounded(text[:at] + _text(arguments, 1) + text[at:])


_IGNORE_CASE = {"ordinalignorecase", "currentcultureignorecase", "invariantcultureignorecase"}


def _fold(text: str, arguments: _Arguments) -> tuple[str, str]:
    wanted = _text(arguments, 0)
    if len(arguments) > 1 and to_text(arguments[1]).lower() in _IGNORE_CASE:
        return text.casefold(), wanted.casefold()
    return text, wanted


def _ends(text: str, arguments: _Arguments) -> bool:
    subject, wanted = _fold(text, arguments)
    return subject.endswith(wanted)


def _starts(text: str, arguments: _Arguments) -> bool:
    subject, wanted = _fold(text, arguments)
    return subject.startswith(wanted)


def _equals(text: str, arguments: _Arguments) -> bool:
    subject, wanted = _fold(text, arguments)
    return subject == wanted


_TEXT: dict[str, Callable[[str, _Arguments], Value]] = {
    "compareto": lambda text, args: (text > _text(args, 0)) - (text < _text(args, 0)),
    "contains": lambda text, args: _text(args, 0) in text,
    "endswith": _ends,
    "equals": _equals,
    "indexof": lambda text, args: text.find(_text(args, 0)),
    "insert": _insert,
    "lastindexof": lambda text, args: text.rfind(_text(args, 0)),
    "padleft": lambda text, args: text.rjust(*_pad(args)),
    "padright": lambda text, args: text.ljust(*_pad(args)),
    "remove": _remove,
    "replace": _replace,
    "split": _split,
    "startswith": _starts,
    "substring": _substring,
    "tochararray": lambda text, _args: list(text),
    "tolower": lambda text, _args: text.lower(),
    "tolowerinvariant": lambda text, _args: text.lower(),
    "toupper": lambda text, _args: text.upper(),
    "toupperinvariant": lambda text, _args: text.upper(),
    "trim": lambda text, args: text.strip(_trim_set(args)),
    "trimend": lambda text, args: text.rstrip(_trim_set(args)),
    "trimstart": lambda text, args: text.lstrip(_trim_set(args)),
}


def _done(change: Callable[[], None]) -> Value:
    """Make a change and return no value, as a method without a result does."""
    change()
    return NOTHING


def _remove_key(table: HashTable, arguments: _Arguments) -> Value:
    table.remove(arguments[0] if arguments else None)
    return NOTHING


def _find(items: list[Value], arguments: _Arguments) -> int:
    wanted = arguments[0] if arguments else None
    for at, item in enumerate(items):
        if are_equal(item, wanted, case=True):
            return at
    return -1


def _add_range(items: list[Value], arguments: _Arguments) -> Value:
    for argument in arguments:
        items += to_list(argument)
    return NOTHING


def _add(items: list[Value], arguments: _Arguments) -> Value:
    if len(arguments) != 1:
        raise ConversionError("`Add` takes one argument")
    items.append(arguments[0])
    return len(items) - 1


def _delete(items: list[Value], arguments: _Arguments) -> Value:
    at = _find(items, arguments)
    if at >= 0:
        del items[at]
    return NOTHING


def _delete_at(items: list[Value], arguments: _Arguments) -> Value:
    at = _number(arguments, 0)
    if not 0 <= at < len(items):
        raise ConversionError("index was out of range")
    del items[at]
    return NOTHING


def _insert_item(items: list[Value], arguments: _Arguments) -> Value:
    at = _number(arguments, 0)
    if not 0 <= at <= len(items) or len(arguments) != 2:
        raise ConversionError("index was out of range")
    items.insert(at, arguments[1])
    return NOTHING


_LIST: dict[str, Callable[[list[Value], _Arguments], Value]] = {
    "clone": lambda items, _args: list(items),
    "contains": lambda items, args: _find(items, args) >= 0,
    "getenumerator": lambda items, _args: list(items),
    "indexof": _find,
    "toarray": lambda items, _args: list(items),
}
_GROWING: dict[str, Callable[[list[Value], _Arguments], Value]] = {
    "add": _add,
    "addrange": _add_range,
    "clear": lambda items, _args: _done(items.clear),
    "insert": _insert_item,
    "remove": _delete,
    "removeat": _delete_at,
    "reverse": lambda items, _args: _done(items.reverse),
}


def _add_key(table: HashTable, arguments: _Arguments) -> Value:
    if len(arguments) != 2:
        raise ConversionError("`Add` takes a key and a value")
    if arguments[0] in table:
        raise ConversionError(f"the key `{to_text(arguments[0])}` is already there")
    table[arguments[0]] = arguments[1]
    return NOTHING


def _entries(table: HashTable, _arguments: _Arguments) -> Value:
    return [
        ShellObject((("Name", key), ("Key", key), ("Value", item))) for key, item in table.items()
    ]


_TABLE: dict[str, Callable[[HashTable, _Arguments], Value]] = {
    "add": _add_key,
    "clear": lambda table, _args: _done(table.clear),
    "clone": lambda table, _args: table.copy(),
    "contains": lambda table, args: bool(args) and args[0] in table,
    "containskey": lambda table, args: bool(args) and args[0] in table,
    "containsvalue": lambda table, args: any(
        are_equal(item, args[0] if args else None) for _, item in table.items()
    ),
    "getenumerator": _entries,
    "remove": _remove_key,
}


def _to_string(value: Value, arguments: _Arguments) -> Value:
    if arguments and isinstance(value, int | float) and not isinstance(value, bool):
        return format_number(value, to_text(arguments[0]))
    return type_name_of(value) if isinstance(value, list) else to_text(value)


def call_method(target: Value, name: str, arguments: list[Value]) -> Value:
    """Return what ``target.name(arguments)`` gives.

    Raises:
        ConversionError: There is no such method here, or the arguments do not fit.
    """
    folded = name.lower()
    if target is None:
        raise ConversionError(
            f"`{name}` is called on a value that is null", id="InvokeMethodOnNull"
        )
    if folded == "gettype":
        full = type_name_of(target)
        short = full.rpartition(".")[2]
        return ShellObject((("Name", short), ("FullName", full)))
    if folded == "tostring":
        return _to_string(target, arguments)
    if isinstance(target, ShellObject) and target.type.methods and folded in target.type.methods:
        return target.type.methods[folded](target)
    known: Iterable[str] = ()
    if isinstance(target, str):
        if folded in _TEXT:
            return _TEXT[folded](target, arguments)
        known = _TEXT
    elif isinstance(target, HashTable):
        if folded in _TABLE:
            return _TABLE[folded](target, arguments)
        known = _TABLE
    elif isinstance(target, list):
        if folded in _LIST:
            return _LIST[folded](target, arguments)
        if folded in _GROWING and not isinstance(target, ShellList):
            raise ConversionError(
                f"`{name}`: the array has a fixed size", hint="write `$list += $item`"
            )
        if folded in _GROWING:
            return _GROWING[folded](target, arguments)
        known = [*_LIST, *_GROWING]
    suggestion = closest(folded, known)
    raise ConversionError(
        f"`{name}` is no method of {type_name_of(target)} here",
        id="MethodNotFound",
        hint=f"did you mean `{suggestion}`?" if suggestion else None,
    )
