"""Which properties a value has, and how its type is shown when nothing else is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.members.properties import own_value
from relaysim.powershell.values.conversion import is_plain, to_text
from relaysim.powershell.values.numeric import DECORATED, Char
from relaysim.powershell.values.value import (
    DefaultView,
    EnumValue,
    HashTable,
    ObjectType,
    ShellObject,
)

if TYPE_CHECKING:
    from relaysim.powershell.values.value import Value

__all__ = [
    "DICTIONARY_ENTRY",
    "beside",
    "entries_of",
    "is_scalar",
    "properties_of",
    "view_of",
    "wide_name",
]

DICTIONARY_ENTRY = ObjectType(
    name="System.Collections.DictionaryEntry",
    view=DefaultView(columns=("Name", "Value"), widths=(30, None)),
)

_PAIR = ObjectType(name="System.Collections.Generic.KeyValuePair`2")

_VIEWS: dict[str, DefaultView] = {
    "System.Collections.DictionaryEntry": DefaultView(columns=("Name", "Value"), widths=(30, None)),
    "System.DateTime": DefaultView(
        columns=("DateTime",),
        lines=lambda date: (to_text(date.get("DateTime")),),
        listed=(
            "DisplayHint",
            "Date",
            "Day",
            "DayOfWeek",
            "DayOfYear",
            "Hour",
            "Kind",
            "Millisecond",
            "Minute",
            "Month",
            "Second",
            "Ticks",
            "TimeOfDay",
            "Year",
            "DateTime",
        ),
    ),
    "System.Guid": DefaultView(columns=("Guid",)),
    "System.Version": DefaultView(
        columns=("Major", "Minor", "Build", "Revision"), widths=(6, 6, 6, 8)
    ),
}
"""The views of types that belong to no host, by full name."""


def properties_of(value: Value) -> list[tuple[str, Value]]:
    """Return what a value shows when all its properties are asked for."""
    if isinstance(value, ShellObject):
        return value.items()
    if isinstance(value, HashTable):
        return [(to_text(key), item) for key, item in value.items()]
    if isinstance(value, str) and not isinstance(value, Char):
        return [*beside(value), ("Length", len(value))]
    return [("value__", value.number)] if isinstance(value, EnumValue) else beside(value)


def beside(value: Value) -> list[tuple[str, Value]]:
    """Return the members that a text or a number has of its own."""
    if not isinstance(value, DECORATED):
        return []
    return [(name, own_value(value, one)) for name, one in value.members.values()]


def entries_of(table: HashTable) -> list[ShellObject]:
    """Return a hashtable as the entries that the screen shows of it."""
    if table.kind.startswith("dictionary<"):
        return [
            ShellObject((("Key", key), ("Value", value)), type_=_PAIR)
            for key, value in table.items()
        ]
    return [
        ShellObject((("Name", key), ("Key", key), ("Value", value)), type_=DICTIONARY_ENTRY)
        for key, value in table.items()
    ]


def view_of(value: ShellObject) -> DefaultView | None:
    """Return the view of an object's type, ``None`` when it has none."""
    return value.type.view or _VIEWS.get(value.type.name)


def is_scalar(value: Value) -> bool:
    """Tell whether a value is shown as its text, wherever it comes."""
    if isinstance(value, ShellObject):
        return view_of(value) is None and value.type.text is not None and not is_plain(value)
    return not isinstance(value, HashTable | list)


def wide_name(own: list[tuple[str, Value]]) -> str:
    """Return the property that a wide view shows: one that sounds like a name, else the first."""
    names = [name for name, _ in own]
    for wanted in ("name", "id", "key"):
        found = [name for name in names if name.casefold().endswith(wanted)]
        exact = [name for name in found if name.casefold() == wanted]
        if exact or found:
            return (exact or found)[0]
    return names[0]
