"""Properties of values: ``target.name``, ``target[index]`` and what ``.PSObject`` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import later
from relaysim.powershell.values.conversion import (
    canonical_of,
    is_plain,
    to_text,
    type_name_of,
)
from relaysim.powershell.values.failures import not_in_subset
from relaysim.powershell.values.kinds.enumerations import enum_member
from relaysim.powershell.values.numeric import DECORATED, Char
from relaysim.powershell.values.type_names import ancestors, base_name, full_name
from relaysim.powershell.values.value import (
    ComputedProperty,
    DefaultView,
    Enumerator,
    EnumValue,
    HashTable,
    MemberText,
    Nothing,
    ObjectType,
    ScriptBlockValue,
    ShellList,
    ShellObject,
    SwitchValue,
    TableView,
    TypeValue,
    Value,
    collapse,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.members.methods import has_method
    from relaysim.powershell.members.reflection import reflected
    from relaysim.powershell.members.text_methods import to_units
else:
    (has_method,) = later(globals(), "relaysim.powershell.members.methods", "has_method")
    (reflected,) = later(globals(), "relaysim.powershell.members.reflection", "reflected")
    (to_units,) = later(globals(), "relaysim.powershell.members.text_methods", "to_units")

__all__ = ["PropertyList", "has_count", "is_gone", "member_of", "property_of"]

_OF_ENTRIES = frozenset({"key", "value"})
_OF_TEXTS = frozenset(
    {
        "asspan", "copyto", "enumeraterunes", "gethashcode", "gettypecode", "isnormalized",
        "lastindexofany", "replacelineendings", "trycopyto",
    }
)  # fmt: skip
"""Methods of texts that there are and that are not here."""

_MEMBER_SET = ObjectType(name="System.Management.Automation.PSMemberSet")
_PROPERTY_VIEW = DefaultView(
    columns=(
        "MemberType", "IsSettable", "IsGettable", "Value", "TypeNameOfValue", "Name",
        "IsInstance",
    ),
    as_list=True,
)  # fmt: skip


class PropertyList(list[Value]):
    """The properties of an object, as ``.PSObject.Properties`` has them."""

    def __init__(self, owner: Value) -> None:
        super().__init__(_properties(owner))
        self.owner = owner

    def named(self, name: str) -> Value:
        """Return the property called ``name``, ``None`` when there is none."""
        for one in self:
            if isinstance(one, ShellObject) and to_text(one.get("Name")).lower() == name.lower():
                return one
        return None


def _properties(owner: Value) -> list[Value]:
    if isinstance(owner, ShellObject):
        return [_property(owner, name, value) for name, value in owner.items()]
    if isinstance(owner, str):
        return [_property(None, "Length", len(to_units(owner)))]
    if isinstance(owner, list | HashTable):
        return [_property(None, name, value) for name, value in reflected(owner)]
    return []


def _setter(owner: ShellObject, name: str) -> Callable[[str, Value], Value]:
    def set_value(own: str, value: Value) -> Value:
        if own == "Value":
            owner.set(name, value)
        return value

    return set_value


def _property(owner: ShellObject | None, name: str, value: Value) -> ShellObject:
    kind = "NoteProperty" if is_plain(owner) else "Property"
    type_ = ObjectType(
        name=f"System.Management.Automation.PS{kind}",
        view=_PROPERTY_VIEW,
        convert=None if owner is None else _setter(owner, name),
        text=lambda one: f"{type_name_of(one.get('Value'))} {name}={to_text(one.get('Value'))}",
    )
    return ShellObject(
        (
            ("MemberType", enum_member("psmembertypes", kind)),
            ("IsSettable", owner is not None),
            ("IsGettable", True),
            ("Value", value),
            ("TypeNameOfValue", "System.Object" if value is None else type_name_of(value)),
            ("Name", name),
            ("IsInstance", True),
        ),
        type_=type_,
    )


def type_names(value: Value) -> list[Value]:
    """Return the names of a value's type and of what it is derived from."""
    own = type_name_of(value)
    if is_plain(value):
        source = value.base if isinstance(value, ShellObject) else None
        selected = [source] if isinstance(source, str) and source.startswith("Selected.") else []
        return [*selected, "System.Management.Automation.PSCustomObject", "System.Object"]
    line = [own]
    if isinstance(value, ShellObject):
        line += value.type.ancestors
    base = base_name(canonical_of(value))
    line += [base] if base and base not in line else []
    return list(dict.fromkeys([*line, "System.Object"]))


def _member_set(target: Value) -> ShellObject:
    return ShellObject(
        (
            ("Properties", PropertyList(target)),
            ("Members", PropertyList(target)),
            ("TypeNames", ShellList(type_names(target), "list<string>")),
            ("BaseObject", target),
            ("ImmediateBaseObject", target),
        ),
        type_=_MEMBER_SET,
        base=target,
    )


_OF_TYPES = (
    "is", "get", "declar", "generic", "assembl", "guid", "contains", "struct", "member", "metadata",
    "module", "reflected", "typehandle", "typeinit", "underlying", "implemented", "has", "attribut",
    "custom", "astype", "clone", "find", "invoke", "make",
)  # fmt: skip
"""The beginnings of the names of what a type has in .NET."""


def is_of_types(folded: str) -> bool:
    """Tell whether .NET's types may have a member of a name, in lower case."""
    return folded.startswith(_OF_TYPES)


def _type_member(value: TypeValue, folded: str) -> Value:
    canonical = value.name
    full = full_name(canonical)
    short = full.partition("[[")[0].rpartition(".")[2] if "[[" in full else full.rpartition(".")[2]
    short = short.rpartition("+")[2]
    known: dict[str, Value] = {
        "name": short,
        "fullname": full,
        "namespace": full.partition("[[")[0].rpartition(".")[0],
        "isarray": canonical.endswith("[]"),
        "isvaluetype": "valuetype" in ancestors(canonical),
        "isenum": base_name(canonical) == "System.Enum",
        "isclass": "valuetype" not in ancestors(canonical),
        "isgenerictype": canonical.endswith(">"),
        "ispublic": True,
    }
    if folded == "basetype":
        from relaysim.powershell.values.conversion import canonical_type

        name = base_name(canonical)
        return TypeValue(name=canonical_type(name) or name) if name else None
    if folded in known:
        return known[folded]
    if folded in {"count", "length"}:
        return 1
    if is_of_types(folded):
        raise not_in_subset(f"the property `{folded}` of a type")
    return None


def _list_member(target: list[Value], folded: str) -> tuple[bool, Value]:
    if isinstance(target, Enumerator):
        at = target.taken - 1
        current = target[at] if 0 <= at < len(target) else None
        if folded in _OF_ENTRIES and target and isinstance(target[0], ShellObject):
            entry = current if isinstance(current, ShellObject) else None
            return True, None if entry is None else entry.get(folded)
        return folded == "current", current if folded == "current" else None
    if folded in {"count", "length", "longlength"}:
        growing = isinstance(target, ShellList)
        if not (growing and folded != "count"):
            return True, len(target)
    if folded == "capacity" and isinstance(target, ShellList):
        size = 4
        while size < len(target):
            size *= 2
        return True, size if target else 0
    known: dict[str, Value] = {
        "rank": 1,
        "isfixedsize": not isinstance(target, ShellList),
        "isreadonly": False,
        "issynchronized": False,
        "syncroot": target,
    }
    return folded in known, known.get(folded)


def member_of(target: Value, name: str) -> Value:
    """Return ``target.name``; the members of the items when ``target`` is an array without it."""
    folded = name.lower()
    if isinstance(target, ShellObject):
        if name in target:
            return target.get(name)
    elif isinstance(target, HashTable) and name in target and folded != "psobject":
        return target.get(name)
    elif isinstance(target, DECORATED) and name.casefold() in target.members:
        return own_value(target, target.members[name.casefold()][1])
    if folded == "psobject" and target is not None:
        return _member_set(target)
    if folded == "psbase":
        return target if not isinstance(target, HashTable) else _PlainTable(target)
    return _own_member(target, name, folded)


def own_value(owner: Value, value: Value) -> Value:
    """Return what a member of a text or a number gives, which a script may compute."""
    if isinstance(value, ComputedProperty):
        return value.read(owner)  # For the script it is `$this`.
    return value


def property_of(target: Value, name: str) -> Value:
    """Return what a command finds as the property ``name``: ``Count`` of one value is none."""
    if name.lower() in {"count", "length"} and not has_count(target, name):
        return None
    return member_of(target, name)


def has_count(target: Value, name: str) -> bool:
    """Tell whether ``Count`` or ``Length`` is a property of the value itself."""
    if isinstance(target, ShellObject):
        return name in target
    if isinstance(target, HashTable):
        return name.lower() == "count" or name in target
    if isinstance(target, str) and not isinstance(target, Char):
        return name.lower() == "length"
    growing = isinstance(target, ShellList)
    return isinstance(target, list) and not (growing and name.lower() == "length")


class _PlainTable(HashTable):
    """A hashtable whose keys are no members: what ``.psbase`` gives."""

    def __init__(self, table: HashTable) -> None:
        super().__init__(kind=table.kind)
        self.table = table


def _own_member(target: Value, name: str, folded: str) -> Value:
    if isinstance(target, HashTable):
        table = target.table if isinstance(target, _PlainTable) else target
        return _table_member(table, name, folded)
    if isinstance(target, list):
        known, value = _list_member(target, folded)
        if not known and not isinstance(target, Enumerator) and has_method(target, name):
            raise not_in_subset(f"the method `{name}` without its parentheses")
        return value if known else _of_items(target, name)
    if isinstance(target, TypeValue):
        return _type_member(target, folded)
    if isinstance(target, MemberText) and folded in target.members:
        return target.members[folded]
    if isinstance(target, SwitchValue) and folded == "ispresent":
        return target.on
    if isinstance(target, str) and not isinstance(target, Char) and folded == "length":
        return len(to_units(target))
    if isinstance(target, EnumValue) and folded == "value__":
        return target.number
    if isinstance(target, ScriptBlockValue) and folded in {"ast", "module", "file"}:
        raise not_in_subset(f"the property `{name}` of a script block")
    if folded in {"count", "length"}:
        return 0 if target is None or isinstance(target, Nothing) else 1
    if target is not None and (
        has_method(target, name) or (isinstance(target, str) and folded in _OF_TEXTS)
    ):
        raise not_in_subset(f"the method `{name}` without its parentheses")
    return None


def _of_items(items: list[Value], name: str) -> Value:
    found: list[Value] = []
    for item in items:
        value = member_of(item, name)
        if isinstance(value, list):
            found += value
        elif isinstance(value, Nothing):
            continue
        # An object made of properties gives null for one that it does not have, others nothing.
        elif value is not None or is_plain(item) or _has_property(item, name):
            found.append(value)
    result = collapse(found)
    return None if isinstance(result, Nothing) else result


def is_gone(value: Value, target: Value, name: str) -> bool:
    """Tell whether a member gave nothing but null, or counts what does not count itself."""
    lone = name.casefold() in {"count", "length"} and not has_count(target, name)
    items = value if isinstance(value, list) and value else [value]
    return lone or all(one is None for one in items)


def _has_property(item: Value, name: str) -> bool:
    return isinstance(item, ShellObject | HashTable) and name in item


def _table_member(table: HashTable, name: str, folded: str) -> Value:
    if folded == "count":
        return len(table)
    if folded == "keys":
        return TableView(table, _part(table, "key"), table)
    if folded == "values":
        return TableView([item for _, item in table.items()], _part(table, "value"), table)
    if folded in {"isreadonly", "isfixedsize", "issynchronized"}:
        return False
    if folded == "syncroot":
        return table
    if folded == "length":
        return 1
    if has_method(table, name):
        raise not_in_subset(f"the method `{name}` without its parentheses")
    return None


def _part(table: HashTable, part: str) -> str:
    if table.kind == "ordered":
        return (
            "System.Collections.Specialized.OrderedDictionary+OrderedDictionaryKeyValueCollection"
        )
    return f"{part}collection"
