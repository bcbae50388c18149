"""``Group-Object``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.calculated import GROUP_KEYS, selectors
from relaysim.powershell.cmdlets.properties import key_value
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import (
    canonical_of,
    to_text,
    written_text,
)
from relaysim.powershell.values.net_time import in_culture
from relaysim.powershell.values.type_names import object_text
from relaysim.powershell.values.value import (
    DefaultView,
    HashTable,
    Nothing,
    ObjectType,
    ShellList,
    ShellObject,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["GROUPING_CMDLETS"]


def _group_text(group: ShellObject) -> str:
    return group.type.name


_GROUP = ObjectType(
    name="Microsoft.PowerShell.Commands.GroupInfo",
    view=DefaultView(
        columns=("Count", "Name", "Group"),
        widths=(5, 25, None),
        right=("Count",),
        listed=("Name", "Count", "Group", "Values"),
    ),
    text=_group_text,
)
_NO_ELEMENT = ObjectType(
    name="Microsoft.PowerShell.Commands.GroupInfoNoElement",
    view=DefaultView(columns=("Count", "Name"), widths=(5, None), right=("Count",)),
    text=_group_text,
    ancestors=("Microsoft.PowerShell.Commands.GroupInfo",),
)


def _name(value: Value) -> str:
    if isinstance(value, HashTable):
        value = ["System.Collections.DictionaryEntry"] * len(value)
    if isinstance(value, list):
        return "{" + ", ".join(map(in_culture, value)) + "}"
    return in_culture(value)


def _own_text(value: Value) -> str:
    """Return what the ``ToString`` of a value gives: the name of an array's type."""
    return object_text(canonical_of(value)) if isinstance(value, list) else to_text(value)


class _Group:
    spec = CmdletSpec(
        name="Group-Object",
        aliases=("group",),
        collects=True,
        parameters=(
            Parameter(name="Property", position=0),
            Parameter(name="NoElement", switch=True),
            Parameter(name="CaseSensitive", switch=True),
            Parameter(name="AsHashTable", switch=True, aliases=("AHT",)),
            Parameter(name="AsString", switch=True),
            Parameter(name="Culture", convert=written_text),
            Parameter(name="InputObject", from_pipeline=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return one object per distinct value, in the order of first appearance."""
        if bound.flag("AsString") and not bound.flag("AsHashTable"):
            raise context.failure(
                "Group-Object: `-AsString` is for `-AsHashTable`", id="ArgumentException"
            )
        groups = self._groups(context, bound, pipeline_input)
        # An array that a property holds is named as one, an array itself by its text.
        name = _name if "Property" in bound else in_culture
        if bound.flag("AsHashTable"):
            if not groups:
                return
            table = HashTable()
            for values, members in groups:
                single = values[0] if len(values) == 1 else ", ".join(map(to_text, values))
                table[name(single) if bound.flag("AsString") else single] = members
            yield table
            return
        for values, members in groups:
            fields: list[tuple[str, Value]] = [
                ("Values", ShellList(values)),
                ("Count", len(members)),
                ("Group", members),
                ("Name", ", ".join(name(one) for one in values if one is not None)),
            ]
            if bound.flag("NoElement"):
                fields[2] = ("Group", type(members)(kind=members.kind))
            type_ = _NO_ELEMENT if bound.flag("NoElement") else _GROUP
            yield ShellObject(fields, type_=type_)

    @staticmethod
    def _groups(
        context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> list[tuple[list[Value], ShellList]]:
        items = [
            item
            for item in (*pipeline_input, bound.get("InputObject"))
            if item is not None and not isinstance(item, Nothing)
        ]
        # Nobody looks at the properties before the first object.
        chosen = selectors(bound.get("Property"), GROUP_KEYS) if items else []
        case = bound.flag("CaseSensitive")
        groups: list[tuple[list[Value], ShellList]] = []
        known: dict[tuple[str, ...], tuple[list[Value], ShellList]] = {}
        for item in items:
            context.spend(1)
            values = [key_value(context, one, item, None) for one in chosen] or [item]
            # An empty text and no value at all look alike, and are two groups.
            gaps = tuple(str(place) for place, one in enumerate(values) if one is None)
            # Arrays are the same when their types are, and otherwise when their texts are.
            keys, also = (
                (*(text if case else text.casefold() for text in map(text_of, values)), *gaps)
                for text_of in (_own_text, to_text)
            )
            found = known.get(keys) or known.get(also)
            if found is None:
                found = known[keys] = known[also] = (values, ShellList())
                groups.append(found)
            found[1].append(item)
        return groups


GROUPING_CMDLETS: tuple[Cmdlet, ...] = (_Group(),)
