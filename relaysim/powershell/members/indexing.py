"""Items of collections: ``target[index]``, assigning to it, ``get_Item()`` and its like."""

from __future__ import annotations

from decimal import Decimal

from relaysim.powershell.members.properties import PropertyList, has_count, member_of
from relaysim.powershell.members.text_methods import to_units
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import (
    final_failure,
    is_plain,
    to_int,
    to_text,
    type_name_of,
)
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.numeric import Char
from relaysim.powershell.values.patterns.matches import MatchGroups
from relaysim.powershell.values.value import (
    NOTHING,
    HashTable,
    ShellList,
    ShellObject,
    TypedArray,
    TypeValue,
    Value,
)

__all__ = ["accessed", "check_inside", "index_value", "set_at", "value_at"]


_PLAIN = "System.Management.Automation.PSObject"


def null_index() -> ConversionError:
    """Return the error of an index that is null."""
    return ConversionError(
        "Index operation failed; the array index evaluated to null.", id="NullArrayIndex"
    )


def index_value(target: Value, index: Value) -> Value:
    """Return ``target[index]``, an array of items when ``index`` is an array.

    Raises:
        ConversionError: The target or the index is null.
    """
    if target is None:
        raise ConversionError("Cannot index into a null array.", id="NullArray")
    if index is None:
        raise null_index()
    if isinstance(index, list):
        found = [value_at(target, one) for one in index]
        if isinstance(target, HashTable):
            return found
        if isinstance(target, str):
            return found
        if not isinstance(target, list):
            return NOTHING
        # A place that an array does not have gives nothing, one that holds null gives null.
        return [
            item
            for item, place in zip(found, map(_place, index), strict=True)
            if item is not None or (place is not None and -len(target) <= place < len(target))
        ]
    return value_at(target, index)


def check_inside(target: Value, index: Value) -> None:
    """Check that numbers name places that a list, a text or an ordered table has.

    Raises:
        ConversionError: One does not, a text is no number, or the value has no places.
    """
    ordered = isinstance(target, ShellObject) and target.type.order is not None
    if ordered or isinstance(target, int | float | Decimal) or is_plain(target):
        if index not in (0, -1):
            kind = _PLAIN if is_plain(target) else type_name_of(target)
            raise ConversionError(
                f'Unable to index into an object of type "{kind}".', id="CannotIndex"
            )
        return
    if not isinstance(target, list | str | HashTable) or isinstance(target, PropertyList):
        return
    ordered = isinstance(target, HashTable)
    if isinstance(target, HashTable) and target.kind != "ordered":
        return
    for one in index if isinstance(index, list) else [index]:
        place = one
        if isinstance(one, str | float | Decimal) and not ordered:
            place = cast("int", one)
        if not isinstance(place, int) or -len(target) <= place < len(target):
            continue
        if ordered:
            raise ConversionError(
                "Index was out of range. Must be non-negative and less than the size of the "
                "collection.\nParameter name: index",
                id="System.ArgumentOutOfRangeException",
            )
        raise ConversionError(
            "Index was outside the bounds of the array.", id="System.IndexOutOfRangeException"
        )


def value_at(target: Value, index: Value) -> Value:
    """Return one item of a collection, ``None`` where there is none."""
    if index is None:
        raise null_index()
    if isinstance(target, HashTable):
        if target.kind == "ordered" and isinstance(index, int) and not isinstance(index, bool):
            keys = list(target)
            return target.get(keys[index]) if -len(keys) <= index < len(keys) else None
        return target.get(index)
    if isinstance(target, PropertyList | MatchGroups) and isinstance(index, str):
        return target.named(index)
    place = _place(index)
    if place is None:
        _refuse_place(target, index)
        return None
    if isinstance(target, str) and not isinstance(target, Char):
        units = to_units(target)
        return Char(units[place]) if -len(units) <= place < len(units) else None
    if isinstance(target, list):
        return target[place] if -len(target) <= place < len(target) else None
    if isinstance(target, ShellObject) and target.type.name == "System.Text.StringBuilder":
        text = to_text(target)
        return Char(text[place]) if 0 <= place < len(text) else None
    return target if place in {0, -1} else None


def _refuse_place(target: Value, index: Value) -> None:
    """Refuse what is no place of an array or a text, and no text that might be one either."""
    dated = isinstance(index, ShellObject) and index.type.name == "System.DateTime"
    no_place = isinstance(index, HashTable | TypeValue | ShellObject) and not dated
    if no_place and isinstance(target, list | str):
        raise final_failure(target, "int")


def _place(index: Value) -> int | None:
    try:
        place = cast("int", index)
    except ConversionError:
        return None
    return int(place) if isinstance(place, int | Decimal) else None


def set_at(target: Value, index: Value, value: Value) -> None:
    """Assign to an item of a collection.

    Raises:
        ConversionError: The target cannot be indexed, or there is no such place.
    """
    if target is None:
        raise ConversionError("Cannot index into a null array.", id="NullArray")
    if index is None:
        raise null_index()
    if isinstance(target, HashTable):
        if target.kind == "ordered" and isinstance(index, int) and not isinstance(index, bool):
            keys = list(target)
            if not 0 <= index < len(keys):
                raise ConversionError(
                    "Specified argument was out of the range of valid values.\n"
                    "Parameter name: index",
                    id="System.ArgumentOutOfRangeException",
                )
            target[keys[index]] = value
            return
        target[index] = value
        return
    if not isinstance(target, list):
        raise ConversionError(
            f'Unable to index into an object of type "{type_name_of(target)}".', id="CannotIndex"
        )
    place = to_int(cast("int", index))
    if isinstance(target, TypedArray):
        value = cast(target.item, value)
    if not -len(target) <= place < len(target):
        growing = isinstance(target, ShellList)
        raise ConversionError(
            "Index was out of range. Must be non-negative and less than the size of the "
            "collection.\nParameter name: index"
            if growing
            else "Index was outside the bounds of the array.",
            id="System.ArgumentOutOfRangeException"
            if growing
            else "System.IndexOutOfRangeException",
        )
    if isinstance(target, ShellList) and target.kind.startswith("list<"):
        value = cast(target.kind[5:-1], value)
    target[place] = value


_OF_TABLES = frozenset({"count", "keys", "values", "isreadonly", "isfixedsize", "issynchronized"})


def accessed(target: Value, name: str, arguments: list[Value]) -> tuple[Value] | None:
    """Return what ``get_Name()`` or ``set_Item()`` gives, ``None`` where there is no such one.

    Raises:
        ConversionError: There is no such place.
    """
    verb, _, member = name.lower().partition("_")
    indexed = "chars" if isinstance(target, str) else "item"
    if member == indexed and isinstance(target, HashTable | list | str):
        return _indexed(target, verb, arguments)
    if verb != "get" or arguments:
        return None
    if isinstance(target, HashTable):
        known = member in _OF_TABLES
    elif isinstance(target, ShellObject):
        known = not is_plain(target) and member in target
    else:
        known = isinstance(target, str | list) and has_count(target, member)
        known = known and member in {"count", "length"} and not isinstance(target, Char)
    return (member_of(target, member),) if known else None


def _indexed(target: Value, verb: str, arguments: list[Value]) -> tuple[Value] | None:
    if verb == "get" and len(arguments) == 1:
        return (value_at(target, arguments[0]),)
    if verb == "set" and len(arguments) == 2:
        set_at(target, arguments[0], arguments[1])
        return (NOTHING,)
    return None
