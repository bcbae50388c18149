"""``Get-Member``: which members objects have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.choices import member_kinds, one_of
from relaysim.powershell.cmdlets.properties import to_texts
from relaysim.powershell.cmdlets.storage.tabular import stored_type
from relaysim.powershell.display.cells import culture_text
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failing.failures import LimitReached
from relaysim.powershell.values.conversion import canonical_of, to_list, to_text, type_name_of
from relaysim.powershell.values.failures import not_in_subset
from relaysim.powershell.values.kinds.enumerations import enum_member
from relaysim.powershell.values.numeric import DECORATED
from relaysim.powershell.values.patterns.wildcard import matches_wildcard
from relaysim.powershell.values.type_names import full_name, object_text
from relaysim.powershell.values.value import (
    DefaultView,
    ObjectType,
    ShellObject,
    TypeValue,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["LISTING_CMDLETS"]

_MEMBER = ObjectType(
    name="Microsoft.PowerShell.Commands.MemberDefinition",
    view=DefaultView(columns=("Name", "MemberType", "Definition"), group="TypeName"),
    text=lambda one: to_text(one.get("Definition")),
)
_METHODS = (
    ("Equals", "Method", "bool Equals(System.Object obj)"),
    ("GetHashCode", "Method", "int GetHashCode()"),
    ("GetType", "Method", "type GetType()"),
    ("ToString", "Method", "string ToString()"),
)
_STATIC = (
    ("Equals", "Method", "static bool Equals(System.Object objA, System.Object objB)"),
    ("ReferenceEquals", "Method",
     "static bool ReferenceEquals(System.Object objA, System.Object objB)"),
)  # fmt: skip
_NUMBER = "System.Nullable[double] {} {{get;set;}}"
_DECLARED = {
    "Microsoft.PowerShell.Commands.GroupInfo": {
        "Group": "System.Collections.ObjectModel.Collection[psobject] {} {{get;}}",
        "Values": "System.Collections.ArrayList {} {{get;}}",
        "Count": "int {} {{get;}}", "Name": "string {} {{get;}}",
    },
    "Microsoft.PowerShell.Commands.GenericMeasureInfo": {
        "Average": _NUMBER, "Sum": _NUMBER, "Maximum": _NUMBER, "Minimum": _NUMBER,
        "Property": "string {} {{get;set;}}",
    },
    "Microsoft.PowerShell.Commands.MatchInfo": {
        "Context": "Microsoft.PowerShell.Commands.MatchInfoContext {} {{get;set;}}",
        "Filename": "string {} {{get;}}",
        "Matches": "System.Text.RegularExpressions.Match[] {} {{get;set;}}",
    },
}  # fmt: skip
"""How properties are declared whose values do not tell it."""
_ACCELERATED = frozenset(
    {
        "bool", "byte", "char", "datetime", "decimal", "double", "guid", "hashtable", "int",
        "int16", "ipaddress", "long", "regex", "sbyte", "scriptblock", "string", "switch",
        "timespan", "uint16", "uint32", "uint64", "version", "xml",
    }
)  # fmt: skip
"""The short names that stand in definitions."""
_VIEWS = one_of(
    "System.Management.Automation.PSMemberViewTypes", "Extended", "Adapted", "Base", "All"
)


class _GetMember:
    spec = CmdletSpec(
        name="Get-Member",
        aliases=("gm",),
        collects=True,
        parameters=(
            Parameter(name="Name", position=0, convert=to_texts),
            Parameter(name="MemberType", convert=member_kinds, aliases=("Type",)),
            Parameter(name="Static", switch=True),
            Parameter(name="Force", switch=True),
            Parameter(name="View", convert=_VIEWS),
            Parameter(name="InputObject", from_pipeline=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the members of each kind of object that comes, once."""
        if bound.flag("Force"):
            raise not_in_subset("`Get-Member -Force`, which shows what .NET has,")
        given = [*pipeline_input, *([bound.get("InputObject")] if "InputObject" in bound else [])]
        items = [item for item in given if item is not None]
        if not items:
            context.write_error(
                "You must specify an object for the Get-Member cmdlet.", id="NoObjectInGetMember"
            )
        seen: set[str] = set()
        for item in items:
            # Objects of one type are looked at once, whatever each of them has.
            name = stored_type(item)
            if name in seen:
                continue
            seen.add(name)
            kinds = [_kind(to_text(one)).casefold() for one in to_list(bound.get("MemberType"))]
            if isinstance(item, ShellObject):
                yield from _chosen(bound, _rows(bound, item), name)
            elif kinds == ["noteproperty"]:
                own = item.members.values() if isinstance(item, DECORATED) else ()
                yield from _chosen(bound, _rows(bound, ShellObject(own)), name)
            else:
                raise LimitReached(
                    f"{context.command}: the members of a {type_name_of(item)} are not listed "
                    "here, only those of objects made of properties",
                    id="NotPartOfTheSubset",
                )


def _chosen(bound: Bound, rows: list[tuple[str, str, str]], name: str) -> Iterable[Value]:
    """Return the members that are asked for, name by name."""
    kinds = [_kind(to_text(one)) for one in to_list(bound.get("MemberType"))] or ["*"]
    for pattern in [to_text(one) for one in to_list(bound.get("Name"))] or ["*"]:
        for one, member, definition in rows:
            if matches_wildcard(one, pattern) and any(
                matches_wildcard(member, kind) for kind in kinds
            ):
                yield ShellObject(
                    (
                        ("TypeName", name),
                        ("Name", one),
                        ("MemberType", enum_member("psmembertypes", member)),
                        ("Definition", definition),
                    ),
                    type_=_MEMBER,
                )


def _rows(bound: Bound, item: ShellObject) -> list[tuple[str, str, str]]:
    """Return the members of an object by kind and name: each one's name, kind and definition."""
    plain = item.type.name.endswith("PSCustomObject")
    if bound.flag("Static"):
        if not plain:
            raise not_in_subset(f"the static members of a {item.type.name}")
        return list(_STATIC)
    view = to_text(bound.get("View"))
    rows = [] if view == "Extended" else list(_METHODS)
    for one, value in item.items():
        computed = item.computed(one)
        if computed is not None:
            rows.append((one, computed.kind, computed.definition))
        elif plain:
            rows.append((one, "NoteProperty", f"{_type(value)} {one}={_shown(value)}"))
        else:
            rows.append((one, "Property", _declared(item, one, value)))
    rows += [(one, "ScriptMethod", f"System.Object {one}();") for one in item.type.scripts or {}]
    adapted = {"Method", "Property"}
    if view in {"Adapted", "Base"}:
        rows = [row for row in rows if row[1] in adapted]
    elif view == "Extended":
        rows = [row for row in rows if row[1] not in adapted]
    # Names are compared without case, by the numbers of their characters.
    return sorted(rows, key=lambda row: (row[1], row[0].upper()))


def _declared(item: ShellObject, name: str, value: Value) -> str:
    known = _DECLARED.get(item.type.name, {}).get(name)
    if known is not None:
        return known.format(name)
    return f"{_type(value)} {name} {{get;{'' if item.type.read_only else 'set;'}}}"


def _type(value: Value) -> str:
    """Return the name that a definition has for the type of a value."""
    return "object" if value is None else _short(canonical_of(value), type_name_of(value))


def _short(canonical: str, name: str) -> str:
    if canonical.endswith("[]"):
        return _short(canonical[:-2], full_name(canonical[:-2])) + "[]"
    if canonical in _ACCELERATED:
        return canonical
    if canonical == "single":
        return "float"
    if name.endswith("PSCustomObject"):
        return name
    kind, bracket, of = canonical.partition("<")
    if bracket:
        items = ", ".join(_short(one, full_name(one)) for one in of.rstrip(">").split(","))
        return f"{kind.title()}[{items}]"
    return name.rpartition(".")[2].rpartition("+")[2]


def _shown(value: Value) -> str:
    if isinstance(value, list):
        return object_text(canonical_of(value))
    if isinstance(value, TypeValue):
        return full_name(value.name)
    return "null" if value is None else culture_text(value)


def _kind(text: str) -> str:
    folded = text.casefold()
    return {"properties": "*property", "methods": "*method", "all": "*"}.get(folded, text)


LISTING_CMDLETS: tuple[Cmdlet, ...] = (_GetMember(),)
