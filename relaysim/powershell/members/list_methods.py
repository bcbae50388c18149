"""The methods of arrays, lists and hashtables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.members.signatures import out_of_range
from relaysim.powershell.members.text_methods import Method, integer
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.comparison import are_equal, sort_in_place
from relaysim.powershell.values.conversion import (
    canonical_of,
    canonical_type,
    to_list,
    to_text,
)
from relaysim.powershell.values.failures import ConversionError, method_failure
from relaysim.powershell.values.type_names import full_name
from relaysim.powershell.values.value import (
    NOTHING,
    Enumerator,
    HashTable,
    ObjectType,
    ShellList,
    ShellObject,
    TypedArray,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "ARRAY_METHODS",
    "DICTIONARY_ENTRY",
    "LIST_METHODS",
    "TABLE_METHODS",
    "entries_of",
    "find",
]

Arguments = list[Value]

DICTIONARY_ENTRY = ObjectType(name="System.Collections.DictionaryEntry")


def same_value(left: Value, right: Value) -> bool:
    """Tell what .NET's ``Equals`` says: of the same type and equal, texts with their case."""
    if left is None or right is None:
        return left is right
    return canonical_of(left) == canonical_of(right) and are_equal(left, right, case=True)


def find(items: list[Value], wanted: Value, name: str = "IndexOf") -> int:
    """Return the place of the first item that is equal, -1 for none.

    A list that reads its items reads ``wanted`` as well: an address as text finds its range.

    Raises:
        ConversionError: Such a list cannot read it.
    """
    if isinstance(items, ShellList) and items.reads is not None:
        # What such a list holds is what its text says, whichever object says it.
        text = to_text(_typed(items, wanted, name)).casefold()
        return next((at for at, item in enumerate(items) if to_text(item).casefold() == text), -1)
    return next((at for at, item in enumerate(items) if same_value(item, wanted)), -1)


def _fixed(name: str) -> Callable[[list[Value], Arguments], Value]:
    def refuse(_items: list[Value], arguments: Arguments) -> Value:
        raise method_failure(
            name, len(arguments), "Collection was of a fixed size.", "NotSupportedException"
        )

    return refuse


def _clear_array(items: list[Value], arguments: Arguments) -> Value:
    del arguments
    blank: Value = None
    if isinstance(items, TypedArray):
        blank = empty_of(items.item)
    items[:] = [blank] * len(items)
    return NOTHING


def empty_of(canonical: str) -> Value:
    """Return .NET's default of a type: zero, false, or ``$null``."""
    if canonical == "bool":
        return False
    if canonical in {
        "int", "long", "byte", "sbyte", "int16", "uint16", "uint32", "uint64", "double", "single",
        "decimal", "char",
    }:  # fmt: skip
        return cast(canonical, 0)
    return None


def _done(change: Callable[[], object]) -> Value:
    """Make a change and return no value, as a method without a result does."""
    change()
    return NOTHING


def _typed(items: list[Value], value: Value, name: str) -> Value:
    """Return a value as the list of one type holds it."""
    kind = items.kind if isinstance(items, ShellList) else "arraylist"
    inner = kind[kind.index("<") + 1 : -1] if "<" in kind else "object"
    reads = items.reads if isinstance(items, ShellList) else None
    try:
        return cast(inner, value) if reads is None else reads(value)
    except ConversionError as error:
        raise ConversionError(
            f'Cannot convert argument "item", with value: "{to_text(value)}", for "{name}" to '
            f'type "{full_name(inner)}": "{error.message}"',
            id="MethodArgumentConversionInvalidCastArgument",
        ) from error


def _is_generic(items: list[Value]) -> bool:
    return isinstance(items, ShellList) and "<" in items.kind


def _add(items: list[Value], arguments: Arguments) -> Value:
    items.append(_typed(items, arguments[0], "Add"))
    return NOTHING if _is_generic(items) else len(items) - 1


def _add_range(items: list[Value], arguments: Arguments) -> Value:
    items += [_typed(items, one, "AddRange") for one in to_list(arguments[0])]
    return NOTHING


def _remove(items: list[Value], arguments: Arguments) -> Value:
    at = find(items, arguments[0], "Remove")
    if at >= 0:
        del items[at]
    return at >= 0 if _is_generic(items) else NOTHING


def _place(items: list[Value], name: str, arguments: Arguments, *, end: int) -> int:
    at = integer(name, "index", arguments[0])
    if not 0 <= at < len(items) + end:
        raise out_of_range(
            name, len(arguments), "Index was out of range. Must be non-negative and less than the "
            "size of the collection.", "index",
        )  # fmt: skip
    return at


def _remove_at(items: list[Value], arguments: Arguments) -> Value:
    del items[_place(items, "RemoveAt", arguments, end=0)]
    return NOTHING


def _remove_range(items: list[Value], arguments: Arguments) -> Value:
    start, count = (integer("RemoveRange", "index", one) for one in arguments)
    del items[start : start + count]
    return NOTHING


def _insert(items: list[Value], arguments: Arguments) -> Value:
    at = _place(items, "Insert", arguments, end=1)
    items.insert(at, _typed(items, arguments[1], "Insert"))
    return NOTHING


def _to_array(items: list[Value], arguments: Arguments) -> Value:
    del arguments
    kind = items.kind if isinstance(items, ShellList) else ""
    inner = kind[kind.index("<") + 1 : -1] if "<" in kind else "object"
    return list(items) if inner == "object" else TypedArray(items, inner)


def _clone(items: list[Value], arguments: Arguments) -> Value:
    del arguments
    if isinstance(items, ShellList):
        copy = ShellList(items, items.kind)
        copy.reads = items.reads
        return copy
    return TypedArray(items, items.item) if isinstance(items, TypedArray) else list(items)


def _sort(items: list[Value], arguments: Arguments) -> Value:
    del arguments
    sort_in_place(items, 0)
    return NOTHING


def _set_value(items: list[Value], arguments: Arguments) -> Value:
    items[_place(items, "SetValue", [arguments[1]], end=0)] = arguments[0]
    return NOTHING


def _length(items: list[Value], arguments: Arguments) -> Value:
    if integer("GetLength", "dimension", arguments[0]):
        reason = "Array does not have that many dimensions."
        raise method_failure("GetLength", 1, reason, "IndexOutOfRangeException")
    return len(items)


def _value(items: list[Value], arguments: Arguments) -> Value:
    at = integer("GetValue", "index", arguments[0])
    if not 0 <= at < len(items):
        reason = "Index was outside the bounds of the array."
        raise method_failure("GetValue", 1, reason, "IndexOutOfRangeException")
    return items[at]


def _bounds(name: str) -> Callable[[list[Value], Arguments], Value]:
    return lambda items, _arguments: len(items) - 1 if name == "upper" else 0


def _copy_to(items: list[Value], arguments: Arguments) -> Value:
    target, start = arguments[0], integer("CopyTo", "index", arguments[1])
    if isinstance(target, list) and start + len(items) <= len(target):
        target[start : start + len(items)] = items
    return NOTHING


_SHARED = (
    Method("Clone", _clone),
    Method("Contains", lambda items, args: find(items, args[0], "Contains") >= 0, 1, 1),
    Method("CopyTo", _copy_to, 2, 2),
    Method("Equals", lambda items, args: items is args[0], 1, 1),
    Method("GetEnumerator", lambda items, _args: Enumerator(items)),
    Method("IndexOf", lambda items, args: find(items, args[0]), 1, 1),
)
ARRAY_METHODS = {
    method.name.lower(): method
    for method in (
        *_SHARED,
        Method("Add", _fixed("Add"), 1, 1),
        Method("Clear", _clear_array),
        Method("GetLength", _length, 1, 1),
        Method("GetLowerBound", _bounds("lower"), 1, 1),
        Method("GetUpperBound", _bounds("upper"), 1, 1),
        Method("GetValue", _value, 1, 1),
        Method("Insert", _fixed("Insert"), 2, 2),
        Method("Remove", _fixed("Remove"), 1, 1),
        Method("RemoveAt", _fixed("RemoveAt"), 1, 1),
        Method("SetValue", _set_value, 2, 2),
    )
}
LIST_METHODS = {
    method.name.lower(): method
    for method in (
        *_SHARED,
        Method("Add", _add, 1, 1),
        Method("AddRange", _add_range, 1, 1),
        Method("Clear", lambda items, _args: _done(items.clear)),
        Method("Insert", _insert, 2, 2),
        Method("Remove", _remove, 1, 1),
        Method("RemoveAt", _remove_at, 1, 1),
        Method("RemoveRange", _remove_range, 2, 2),
        Method("Reverse", lambda items, _args: _done(items.reverse)),
        Method("Sort", _sort),
        Method("ToArray", _to_array),
    )
}


def _null_key(name: str, count: int) -> ConversionError:
    return method_failure(
        name, count, "Key cannot be null.\nParameter name: key", "ArgumentNullException"
    )


def _add_key(table: HashTable, arguments: Arguments) -> Value:
    key, value = arguments
    if key is None:
        raise _null_key("Add", 2)
    if key in table:
        shown = to_text(key)
        reason = (
            f"Item has already been added. Key in dictionary: '{_own_key(table, key)}'  Key being "
            f"added: '{shown}'"
        )
        if table.kind.startswith("dictionary<"):
            reason = "An item with the same key has already been added."
        raise method_failure("Add", 2, reason, "ArgumentException")
    table[key] = _as_declared(table, value)
    return NOTHING


def _as_declared(table: HashTable, value: Value) -> Value:
    """Return a value as one of the type that a generic dictionary declares."""
    if not table.kind.startswith("dictionary<"):
        return value
    kind = table.kind[len("dictionary<") : -1].rpartition(",")[2].strip()
    try:
        return cast(kind, value)
    except ConversionError as error:
        if error.subset:
            raise
        raise ConversionError(
            f'Cannot convert argument "value", with value: "{to_text(value)}", for "Add" to type '
            f'"{full_name(kind)}": "{error.message}"',
            id="MethodArgumentConversionInvalidCastArgument",
        ) from error


def _own_key(table: HashTable, key: Value) -> str:
    return next((to_text(own) for own in table if are_equal(own, key)), to_text(key))


def entries_of(table: HashTable) -> list[Value]:
    """Return the entries of a table, as its enumerator gives them."""
    return [
        ShellObject((("Name", key), ("Key", key), ("Value", item)), type_=DICTIONARY_ENTRY)
        for key, item in table.items()
    ]


def _has(name: str) -> Callable[[HashTable, Arguments], Value]:
    def has(table: HashTable, arguments: Arguments) -> Value:
        if arguments[0] is None:
            raise _null_key(name, 1)
        return arguments[0] in table

    return has


def _remove_key(table: HashTable, arguments: Arguments) -> Value:
    if arguments[0] is None:
        raise _null_key("Remove", 1)
    there = arguments[0] in table
    table.remove(arguments[0])
    return there if "<" in table.kind else NOTHING


def _insert_key(table: HashTable, arguments: Arguments) -> Value:
    place = integer("Insert", "index", arguments[0])
    if not 0 <= place <= len(table):
        raise out_of_range(
            "Insert", 3, "Specified argument was out of the range of valid values.", "index"
        )
    if arguments[1] in table:
        return _add_key(table, arguments[1:])
    table.insert(place, arguments[1], arguments[2])
    return NOTHING


def _remove_place(table: HashTable, arguments: Arguments) -> Value:
    place = integer("RemoveAt", "index", arguments[0])
    keys = list(table)
    if not 0 <= place < len(keys):
        raise out_of_range(
            "RemoveAt", 1, "Index was out of range. Must be non-negative and less than the size of "
            "the collection.", "index",
        )  # fmt: skip
    table.remove(keys[place])
    return NOTHING


def _has_value(table: HashTable, arguments: Arguments) -> Value:
    return any(same_value(item, arguments[0]) for _, item in table.items())


_BOTH = (
    Method("Add", _add_key, 2, 2),
    Method("Clear", lambda table, _args: _done(table.clear)),
    Method("Contains", _has("Contains"), 1, 1),
    Method("Equals", lambda table, args: table is args[0], 1, 1),
    Method("GetEnumerator", lambda table, _args: Enumerator(entries_of(table), table)),
    Method("Item", lambda table, args: table.get(args[0]), 1, 1),
    Method("Remove", _remove_key, 1, 1),
)
TABLE_METHODS: dict[str, dict[str, Method]] = {
    "hashtable": {
        method.name.lower(): method
        for method in (
            *_BOTH,
            Method("Clone", lambda table, _args: table.copy()),
            Method("ContainsKey", _has("ContainsKey"), 1, 1),
            Method("ContainsValue", _has_value, 1, 1),
        )
    },
    "ordered": {
        method.name.lower(): method
        for method in (
            *_BOTH,
            Method("Insert", _insert_key, 3, 3),
            Method("RemoveAt", _remove_place, 1, 1),
        )
    },
}
TABLE_METHODS["dictionary"] = TABLE_METHODS["hashtable"]


def item_type(kind: str) -> str:
    """Return the type of the items of a generic list, ``object`` for others."""
    return canonical_type(kind[kind.index("<") + 1 : -1]) or "object" if "<" in kind else "object"
