"""``Get-Member`` and ``Add-Member``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import replace
from relaysim.powershell.cmdlets.choices import member_kinds
from relaysim.powershell.cmdlets.properties import to_texts
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failing.command_kinds import MISSING
from relaysim.powershell.interpreter.failing.failures import LimitReached, ShellError
from relaysim.powershell.language.syntax import ParameterArgument
from relaysim.powershell.values.conversion import (
    to_list,
    to_text,
    type_name_of,
    written_text,
)
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.kinds.enumerations import enum_member
from relaysim.powershell.values.numeric import DECORATED, decorated
from relaysim.powershell.values.patterns.wildcard import matches_wildcard
from relaysim.powershell.values.value import (
    ComputedProperty,
    DefaultView,
    HashTable,
    ObjectType,
    ScriptBlockValue,
    ShellObject,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet
    from relaysim.powershell.language.syntax import Command

__all__ = ["MEMBER_CMDLETS"]

_MEMBER = ObjectType(
    name="Microsoft.PowerShell.Commands.MemberDefinition",
    view=DefaultView(columns=("Name", "MemberType", "Definition"), group="TypeName"),
)
_METHODS = (
    ("Equals", "bool Equals(System.Object obj)"),
    ("GetHashCode", "int GetHashCode()"),
    ("GetType", "type GetType()"),
    ("ToString", "string ToString()"),
)
_SHORT = {
    "System.String": "string", "System.Int32": "int", "System.Int64": "long",
    "System.Boolean": "bool", "System.Double": "double", "System.Decimal": "decimal",
    "System.Char": "char", "System.Byte": "byte", "System.DateTime": "datetime",
}  # fmt: skip


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
            Parameter(name="View", convert=written_text),
            Parameter(name="InputObject", from_pipeline=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the members of each kind of object that comes, once."""
        given = [*pipeline_input, *([bound.get("InputObject")] if "InputObject" in bound else [])]
        items = [item for item in given if item is not None]
        if not items:
            context.write_error(
                "You must specify an object for the Get-Member cmdlet.", id="NoObjectInGetMember"
            )
        seen: set[tuple[str, object]] = set()
        for item in items:
            # Objects of one type are looked at once, whatever each of them has.
            key = (type_name_of(item), item.base if isinstance(item, ShellObject) else None)
            if key in seen:
                continue
            seen.add(key)
            kinds = [_kind(to_text(one)).casefold() for one in to_list(bound.get("MemberType"))]
            if not isinstance(item, ShellObject) and kinds == ["noteproperty"]:
                own = item.members.values() if isinstance(item, DECORATED) else ()
                beside = ShellObject(own)
                yield from self._members(bound, beside, type_name_of(item))
                continue
            if not isinstance(item, ShellObject):
                raise _shortfall(
                    context,
                    f"the members of a {type_name_of(item)} are not listed here, only those of "
                    "objects made of properties",
                )
            yield from self._members(bound, item, item.type.name)

    @staticmethod
    def _members(bound: Bound, item: ShellObject, name: str) -> Iterable[Value]:
        plain = item.type.name.endswith("PSCustomObject")
        kind = "NoteProperty" if plain else "Property"
        rows = [(one, "Method", definition) for one, definition in _METHODS]
        for one, value in sorted(item.items(), key=lambda pair: pair[0].casefold()):
            computed = item.computed(one)
            if computed is not None:
                rows.append((one, computed.kind, computed.definition))
                continue
            type_name = "object" if value is None else type_name_of(value)
            shown = _SHORT.get(type_name, type_name)
            if isinstance(value, list):
                shown = shown.rpartition(".")[2]
            definition = (
                f"{shown} {one}={_shown(value)}" if plain else f"{shown} {one} {{get;set;}}"
            )
            rows.append((one, kind, definition))
        rows += [
            (one, "ScriptMethod", f"System.Object {one}();") for one in item.type.scripts or {}
        ]
        rows.sort(key=lambda row: row[1])
        names = [to_text(one) for one in to_list(bound.get("Name"))] or ["*"]
        kinds = [_kind(to_text(one)) for one in to_list(bound.get("MemberType"))] or ["*"]
        for one, member, definition in rows:
            if not any(matches_wildcard(one, pattern) for pattern in names):
                continue
            if not any(matches_wildcard(member, pattern) for pattern in kinds):
                continue
            yield ShellObject(
                (
                    ("TypeName", name),
                    ("Name", one),
                    ("MemberType", enum_member("psmembertypes", member)),
                    ("Definition", definition),
                ),
                type_=_MEMBER,
            )


def _kind(text: str) -> str:
    folded = text.casefold()
    return {"properties": "*property", "methods": "*method", "all": "*"}.get(folded, text)


def _shown(value: Value) -> str:
    if isinstance(value, list):
        return type_name_of(value)
    return "null" if value is None else to_text(value)


def _shortfall(context: Context, message: str) -> ShellError:
    """Return an error that ends the script: going on would be another script."""
    return LimitReached(f"{context.command}: {message}", id="NotPartOfTheSubset")


def _to_table(value: Value) -> HashTable:
    if isinstance(value, HashTable):
        return value
    raise ConversionError(
        f"`{to_text(value)}` is no hashtable", id="CannotConvertArgumentNoMessage"
    )


_KINDS = ("NoteProperty", "AliasProperty", "ScriptProperty", "ScriptMethod", "CodeProperty")


def _code_member(node: Command) -> str | None:
    """Return why a member that is compiled code cannot be added."""
    for argument in node.arguments:
        value = argument.value if isinstance(argument, ParameterArgument) else argument
        text = getattr(value, "text", None) or getattr(value, "value", None)
        if isinstance(text, str) and text.casefold() in {"codeproperty", "codemethod"}:
            return f"`Add-Member`: members of the kind {text} are not kept here"
    return None


def _check_second(context: Context, bound: Bound, kind: str) -> None:
    """Refuse a second value for a kind of member that has one value."""
    if "SecondValue" not in bound or kind == "ScriptProperty":
        return
    if kind == "AliasProperty":
        raise _shortfall(context, "an AliasProperty of another type is not kept here")
    raise context.failure(
        f'The SecondValue parameter is not necessary for a member of type "{kind}", and should '
        "not be specified. Do not specify the SecondValue parameter when you add members of this "
        "type.",
        id="Value2ShouldNotBeSpecified",
    )


def _script_property(context: Context, bound: Bound, name: str) -> ComputedProperty:
    """Return a property that a script block computes, and a second one takes."""
    block, second = bound.get("Value"), bound.get("SecondValue")
    if not isinstance(block, ScriptBlockValue):
        raise _shortfall(context, "a ScriptProperty without a script block")
    get = context.method_of(block)
    definition = f"System.Object {name} {{get={block.text};"
    put = None
    if isinstance(second, ScriptBlockValue):
        take = context.method_of(second)
        definition += f"set={second.text};"

        def put(owner: ShellObject, value: Value) -> None:
            take(owner, [value])

    def read(owner: ShellObject) -> Value:
        try:
            return get(owner, [])
        except LimitReached:
            raise
        except ShellError:
            return None  # A property whose block fails has no value.

    return ComputedProperty(
        kind="ScriptProperty", read=read, write=put, definition=f"{definition}}}"
    )


def _alias_property(name: str, target: str) -> ComputedProperty:
    return ComputedProperty(
        kind="AliasProperty",
        read=lambda owner: owner.get(target),
        write=lambda owner, value: owner.set(target, value),
        definition=f"{name} = {target}",
    )


def _method(context: Context, block: Value) -> Callable[[Value, list[Value]], Value]:
    """Return what a script block gives as a method of an object."""
    if not isinstance(block, ScriptBlockValue):
        raise _shortfall(context, "a ScriptMethod without a script block")
    return context.method_of(block)


def _is_taken(context: Context, target: ShellObject, name: str) -> bool:
    """Tell whether an object has a member of a name, and report it."""
    if name not in target and name.casefold() not in {
        one.casefold() for one in target.type.scripts or {}
    }:
        return False
    context.write_error(
        f'Cannot add a member with the name "{name}" because a member with that name already '
        "exists. To overwrite the member anyway, add the Force parameter to your command.",
        id="MemberAlreadyExists",
        target=name,
    )
    return True


def _add_method(context: Context, target: ShellObject, name: str, block: Value) -> None:
    """Give one object a method of its own."""
    call = _method(context, block)
    calls = {**(target.type.calls or {}), name.casefold(): call}
    text = target.type.text
    if name.casefold() == "tostring":
        text = lambda owner: to_text(call(owner, []))  # noqa: E731 - a field of the type
    scripts = {**(target.type.scripts or {}), name: to_text(block)}
    target.type = replace(target.type, calls=calls, text=text, scripts=scripts)


class _AddMember:
    spec = CmdletSpec(
        name="Add-Member",
        refuse=_code_member,
        parameters=(
            Parameter(name="MemberType", position=0, aliases=("Type",)),
            Parameter(name="Name", position=1),
            Parameter(name="Value", position=2),
            Parameter(name="SecondValue", position=3),
            Parameter(name="NotePropertyName", convert=written_text),
            Parameter(name="NotePropertyValue"),
            Parameter(name="NotePropertyMembers", convert=_to_table),
            Parameter(name="TypeName", convert=written_text),
            Parameter(name="InputObject", mandatory=True, from_pipeline=True),
            Parameter(name="PassThru", switch=True),
            Parameter(name="Force", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Add properties to the object."""
        del pipeline_input
        target = bound.get("InputObject")
        if target is None:
            context.write_error(
                "Cannot bind argument to parameter 'InputObject' because it is null.",
                id="ParameterArgumentValidationErrorNullNotAllowed",
                category="InvalidData",
            )
            return []
        rows = self._rows(context, bound)
        method = to_text(bound.get("MemberType")).casefold() == "scriptmethod" and "Name" in bound
        beside = self._beside(context, bound, rows, method=method)
        passes = bound.flag("PassThru") or not isinstance(target, list)
        if beside is not None and passes:
            # A text or number is not changed: what is passed on has the members.
            return [beside] if bound.flag("PassThru") else []
        if not isinstance(target, ShellObject):
            raise _shortfall(context, f"a {type_name_of(target)} takes no members here")
        force = bound.flag("Force")
        if method:
            rows = [(to_text(bound.get("Name")), bound.get("Value"))]
        free = [one for one in rows if force or not _is_taken(context, target, one[0])]
        for name, value in free:
            if method:
                _add_method(context, target, name, value)
            else:
                target.put(name, value)
        # Of several members given at once some may be there.
        passed = len(free) == len(rows) or "NotePropertyMembers" in bound
        return [target] if passed and bound.flag("PassThru") else []

    @staticmethod
    def _beside(
        context: Context, bound: Bound, rows: list[tuple[str, Value]], *, method: bool
    ) -> Value:
        """Return a text or number with what is added to it, ``None`` where it cannot be."""
        target = bound.get("InputObject")
        if isinstance(target, ShellObject):
            return None
        if method:
            call = _method(context, bound.get("Value"))
            return decorated(target, (), {to_text(bound.get("Name")).casefold(): call})
        if to_text(bound.get("MemberType")).casefold() == "aliasproperty":
            return None
        return decorated(target, rows)

    @staticmethod
    def _rows(context: Context, bound: Bound) -> list[tuple[str, Value]]:
        first = bound.get("MemberType")
        members = bound.get("NotePropertyMembers", first if isinstance(first, HashTable) else None)
        if isinstance(members, HashTable):
            return [(to_text(key), value) for key, value in members.items()]
        if "NotePropertyName" in bound:
            value = bound.get("NotePropertyValue", bound.get("MemberType"))
            return [(to_text(bound.get("NotePropertyName")), value)]
        kind = to_text(first)
        known = [one for one in _KINDS if kind and one.casefold() == kind.casefold()]
        if kind and not known and "Value" not in bound:
            # `Add-Member Name Value`: the name and the value of a note property.
            return [(kind, bound.get("Name") if "Name" in bound else None)]
        if not known or "Name" not in bound:
            missing = "Name" if known else "MemberType" if "Name" in bound else "TypeName"
            raise context.failure(f"{MISSING} {missing}.", id="MissingMandatoryParameter")
        _check_second(context, bound, known[0])
        name = to_text(bound.get("Name"))
        match known[0]:
            case "ScriptProperty":
                return [(name, _script_property(context, bound, name))]
            case "AliasProperty":
                return [(name, _alias_property(name, to_text(bound.get("Value"))))]
            case "CodeProperty":
                raise _shortfall(context, f"members of the kind {known[0]} are not kept here")
            case _:
                return [(name, bound.get("Value"))]


MEMBER_CMDLETS: tuple[Cmdlet, ...] = (_GetMember(), _AddMember())
