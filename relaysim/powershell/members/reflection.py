"""Values that are shown by their properties although they are no objects here: types, switches."""

from __future__ import annotations

from relaysim.powershell.values.conversion import to_text, type_name_of
from relaysim.powershell.values.failures import not_in_subset
from relaysim.powershell.values.type_names import base_name, full_name
from relaysim.powershell.values.value import (
    DefaultView,
    HashTable,
    ObjectType,
    ShellList,
    ShellObject,
    SwitchValue,
    TypeValue,
    Value,
)

__all__ = ["as_item", "as_shown", "reflected"]

_TYPE = ObjectType(
    name="System.RuntimeType",
    view=DefaultView(columns=("IsPublic", "IsSerial", "Name", "BaseType"), widths=(8, 8, 40, None)),
)
_SWITCH = ObjectType(name="System.Management.Automation.SwitchParameter")


_ARRAY = ObjectType(
    name="System.Object[]",
    view=DefaultView(
        columns=(
            "Length", "LongLength", "Rank", "SyncRoot", "IsReadOnly", "IsFixedSize",
            "IsSynchronized", "Count",
        ),
        as_list=True,
    ),
)  # fmt: skip


_STACK = DefaultView(
    columns=("Count", "IsSynchronized", "SyncRoot"),
    right=("Count", "IsSynchronized"),
    generated=True,
)
_ORDERED = ObjectType(
    name="System.Collections.Specialized.OrderedDictionary",
    view=DefaultView(
        columns=(
            "Count", "IsReadOnly", "Keys", "Values", "IsFixedSize", "SyncRoot", "IsSynchronized",
        ),
        as_list=True,
        generated=True,
    ),
)  # fmt: skip


def reflected(value: Value) -> list[tuple[str, Value]]:
    """Return the .NET properties of an array or a hashtable, in PowerShell's order."""
    if isinstance(value, list):
        return [
            ("Length", len(value)), ("LongLength", len(value)), ("Rank", 1), ("SyncRoot", value),
            ("IsReadOnly", False), ("IsFixedSize", True), ("IsSynchronized", False),
            ("Count", len(value)),
        ]  # fmt: skip
    if not isinstance(value, HashTable):
        return []
    keys, values = list(value), [item for _, item in value.items()]
    if value.kind == "hashtable":
        return [
            ("IsReadOnly", False), ("IsFixedSize", False), ("IsSynchronized", False),
            ("Keys", keys), ("Values", values), ("SyncRoot", "System.Object"),
            ("Count", len(keys)),
        ]  # fmt: skip
    entries: list[Value] = [f"[{to_text(key)}, {_named(item)}]" for key, item in value.items()]
    return [
        ("Count", len(keys)), ("IsReadOnly", False), ("Keys", keys), ("Values", values),
        ("IsFixedSize", False), ("SyncRoot", entries), ("IsSynchronized", False),
    ]  # fmt: skip


def as_item(value: Value) -> Value:
    """Return what is shown of an item of an array that is shown whole: no entries of a table."""
    if not isinstance(value, HashTable) or value.kind not in {"hashtable", "ordered"}:
        return value
    if value.kind == "hashtable":
        return "System.Collections.Hashtable"
    return ShellObject(reflected(value), type_=_ORDERED)


def _named(value: Value) -> str:
    return type_name_of(value) if isinstance(value, list) else to_text(value)


def as_shown(value: Value) -> Value:
    """Return the object whose properties the screen shows for a type or a switch."""
    if isinstance(value, SwitchValue):
        return ShellObject((("IsPresent", value.on),), type_=_SWITCH)
    if isinstance(value, TypeValue):
        full = full_name(value.name)
        short = full.partition("[[")[0].rpartition(".")[2]
        return ShellObject(
            (
                ("IsPublic", True),
                ("IsSerial", True),
                ("Name", short if not full.endswith("[]") else full.rpartition(".")[2]),
                ("BaseType", to_text(base_name(value.name))),
            ),
            type_=_TYPE,
        )
    if isinstance(value, ShellList) and value.kind in {"stack", "queue"}:
        held: list[Value] = [type_name_of(one) if one is value else one for one in value]
        return ShellObject(
            (("Count", len(value)), ("IsSynchronized", False), ("SyncRoot", held)),
            type_=ObjectType(name=full_name(value.kind), view=_STACK),
        )
    if isinstance(value, ShellList) and value.kind == "arraylist":
        # Its capacity is shown, too, which hangs on how it grew.
        raise not_in_subset(f"a `{full_name(value.kind)}` inside an array, shown whole,")
    if isinstance(value, list):
        return ShellObject(reflected(value), type_=_ARRAY)
    if isinstance(value, ShellObject) and value.type.name == "System.Text.StringBuilder":
        raise not_in_subset("a `System.Text.StringBuilder` shown by itself, not its `ToString()`,")
    return value
