"""``Add-Member``: members that objects get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import replace
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failing.command_kinds import MISSING, NO_SET
from relaysim.powershell.interpreter.failing.failures import LimitReached, ShellError
from relaysim.powershell.language.syntax import ParameterArgument
from relaysim.powershell.values.conversion import (
    final_failure,
    to_text,
    type_name_of,
    written_text,
)
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.numeric import decorated
from relaysim.powershell.values.value import (
    ComputedProperty,
    HashTable,
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
    if block is None and second is None:
        raise context.failure(
            "Both Value and SecondValue parameters should not be null for a member of type "
            '"ScriptProperty". Specify a non-null value for one of the two parameters.',
            id="Value1AndValue2AreNotBothNull",
        )
    if not isinstance(block, ScriptBlockValue):
        if block is not None:
            raise final_failure(block, "scriptblock")
        raise _shortfall(context, "a ScriptProperty that cannot be read")
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


def _note(context: Context, bound: Bound) -> tuple[str, Value]:
    """Return the name and the value of ``-NotePropertyName``."""
    if "Name" in bound or "Value" in bound:
        raise context.failure(NO_SET, id="AmbiguousParameterSet")
    if "NotePropertyValue" not in bound and "MemberType" not in bound:
        raise context.failure(f"{MISSING} NotePropertyValue.", id="MissingMandatoryParameter")
    value = bound.get("NotePropertyValue", bound.get("MemberType"))
    return to_text(bound.get("NotePropertyName")), value


def _no_value(context: Context, kind: str) -> ShellError:
    return context.failure(
        f'The Value parameter should not be null for a member of type "{kind}". Specify a non-null '
        "value for the Value parameter when adding members of this type.",
        id="Value1ShouldNotBeNull",
    )


def _method(context: Context, block: Value) -> Callable[[Value, list[Value]], Value]:
    """Return what a script block gives as a method of an object."""
    if block is None:
        raise _no_value(context, "ScriptMethod")
    if not isinstance(block, ScriptBlockValue):
        raise final_failure(block, "scriptblock")
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
        several = "NotePropertyMembers" in bound or isinstance(bound.get("MemberType"), HashTable)
        passed = len(free) == len(rows) or several
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
            return [_note(context, bound)]
        kind = to_text(first)
        known = [one for one in _KINDS if kind and one.casefold() == kind.casefold()]
        if kind and not known and "Value" not in bound:
            # `Add-Member Name Value`: the name and the value of a note property.
            if "Name" not in bound:
                missing = f"{MISSING} NotePropertyValue."
                raise context.failure(missing, id="MissingMandatoryParameter")
            return [(kind, bound.get("Name"))]
        if "TypeName" in bound and not kind:
            raise _shortfall(context, "an object keeps no further names of types here")
        if not known or "Name" not in bound:
            missing = "Name" if known else "MemberType" if "Name" in bound else "TypeName"
            raise context.failure(f"{MISSING} {missing}.", id="MissingMandatoryParameter")
        if "Value" not in bound and "SecondValue" not in bound:
            raise _shortfall(context, "asks for the value, which is not given")
        _check_second(context, bound, known[0])
        name = to_text(bound.get("Name"))
        return [(name, _member(context, bound, known[0], name))]


def _member(context: Context, bound: Bound, kind: str, name: str) -> Value:
    """Return what a member of a kind is made of."""
    match kind:
        case "ScriptProperty":
            return _script_property(context, bound, name)
        case "AliasProperty":
            if bound.get("Value") is None:
                raise _no_value(context, kind)
            return _alias_property(name, to_text(bound.get("Value")))
        case "CodeProperty":
            raise _shortfall(context, f"members of the kind {kind} are not kept here")
        case _:
            return bound.get("Value")


MEMBER_CMDLETS: tuple[Cmdlet, ...] = (_AddMember(),)
