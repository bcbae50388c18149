"""Methods that run script blocks, and those of types and of lists of properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.binding.called import run_in_scope
from relaysim.powershell.interpreter.scope import Cell
from relaysim.powershell.interpreter.text_operators import split_limits
from relaysim.powershell.members.methods import call_method, has_method, no_method
from relaysim.powershell.members.properties import PropertyList, is_of_types, member_of
from relaysim.powershell.values.casting import cast, is_of_type
from relaysim.powershell.values.conversion import (
    bounded,
    to_bool,
    to_int,
    to_list,
    to_text,
    written_text,
)
from relaysim.powershell.values.failures import ConversionError, no_overload, not_in_subset
from relaysim.powershell.values.patterns.matches import match_object
from relaysim.powershell.values.patterns.pattern import compile_pattern
from relaysim.powershell.values.patterns.wildcard import matches_wildcard
from relaysim.powershell.values.type_names import full_name
from relaysim.powershell.values.value import (
    NOTHING,
    HashTable,
    Nothing,
    ScriptBlockValue,
    ShellList,
    ShellObject,
    TypedArray,
    TypeValue,
    Value,
    collapse,
    unroll,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.interplay import Interpreter

__all__ = [
    "call_with_block",
    "property_call",
    "replace_with_block",
    "split_by_block",
    "type_call",
]

_MODES = ("default", "first", "last", "skipuntil", "until", "split")


def call_with_block(parts: Interpreter, target: Value, name: str, arguments: list[Value]) -> Value:
    """Return what ``.Where()`` or ``.ForEach()`` gives."""
    if not arguments:
        raise no_overload("Where" if name == "where" else "ForEach", 0)
    items = unroll(target)
    if name == "where":
        return _where(parts, items, arguments)
    return _for_each(parts, items, arguments)


def _where(parts: Interpreter, items: list[Value], arguments: list[Value]) -> Value:
    block = arguments[0]
    mode = to_text(arguments[1]).casefold() if len(arguments) > 1 else "default"
    count = to_int(arguments[2]) if len(arguments) > 2 else 0
    if mode not in _MODES or not isinstance(block, ScriptBlockValue):
        raise not_in_subset(f"`.Where()` with `{to_text(arguments[-1])}`")

    def holds(item: Value) -> bool:
        written: list[Value] = []
        parts.call_block(block, written.append, item=item)
        return to_bool(written)

    if mode == "skipuntil":
        at = next((at for at, item in enumerate(items) if holds(item)), len(items))
        found = items[at:]
        return ShellList(found[:count] if count else found, "collection")
    if mode == "until":
        at = next((at for at, item in enumerate(items) if holds(item)), len(items))
        return ShellList(items[: min(at, count) if count else at], "collection")
    if mode == "first":
        wanted = count or 1
        found = []
        for item in items:
            if len(found) == wanted:
                break
            if holds(item):
                found.append(item)
        return ShellList(found, "collection")
    found = [item for item in items if holds(item)]
    if mode == "last":
        found = found[-(count or 1) :]
    if mode == "split":
        rest = [item for item in items if not any(item is one for one in found)]
        return ShellList(
            [ShellList(found, "collection"), ShellList(rest, "collection")], "collection"
        )
    return ShellList(found[:count] if count else found, "collection")


def _for_each(parts: Interpreter, items: list[Value], arguments: list[Value]) -> Value:
    action, rest = arguments[0], arguments[1:]
    if action is None:
        raise ConversionError(
            "Value cannot be null.\nParameter name: expression",
            id="System.ArgumentNullException",
        )
    written: list[Value] = []
    for item in items:
        if isinstance(action, ScriptBlockValue):
            _call_with(parts, action, item, rest, written.append)
        elif isinstance(action, TypeValue):
            written.append(cast(action.name, item))
        else:
            written += _of_member(item, to_text(action), rest)
    return ShellList(written, "collection")


def _call_with(
    parts: Interpreter,
    block: ScriptBlockValue,
    item: Value,
    arguments: list[Value],
    emit: Callable[[Value], None],
) -> None:
    """Run a block for an item where it stands; only its parameters are its own."""
    declared = () if block.block.params is None else block.block.params.parameters
    if not declared or block.kept is not None:
        parts.call_block(block, emit, item=item, arguments=arguments)
        return
    variables = parts.machine.scope.variables
    names = {"_", "args", *(one.name.casefold() for one in declared)}
    before = {name: variables.get(name) for name in names}
    variables["_"] = Cell(item)
    try:
        run_in_scope(parts, block.block, emit, scope=parts.machine.scope, values=arguments)
    finally:
        for name, cell in before.items():
            if cell is None:
                variables.pop(name, None)
            else:
                variables[name] = cell


def _of_member(item: Value, name: str, arguments: list[Value]) -> list[Value]:
    """Return what a member gives: a method its result, a property its value unless one is set."""
    if item is None:
        if not arguments:
            return [None]
        raise ConversionError(
            f'Exception calling "{name}" with "{len(arguments)}" argument(s): "Object reference '
            'not set to an instance of an object."',
            id="NullReferenceException",
        )
    if has_method(item, name):
        result = call_method(item, name, arguments)
        return [] if isinstance(result, Nothing) else [result]
    folded = name.casefold()
    if isinstance(item, HashTable | ShellObject):
        known = there = name in item
    else:
        there = isinstance(item, list) or (isinstance(item, str) and folded == "length")
        # Every value has a count, but it is no member of it.
        known = there or folded not in {"count", "length"}
    value = member_of(item, name) if known else None
    if not arguments:
        return [value]
    given = arguments[0] if len(arguments) == 1 else arguments
    if isinstance(item, HashTable):
        item[name] = given
        return []
    if isinstance(item, ShellObject) and there and not item.type.read_only:
        item.set(name, given)
        return []
    if value is not None:
        raise ConversionError(f'"{name}" is a ReadOnly property.', id="ReadOnlyProperty")
    raise ConversionError(
        f"The ForEach() operator could not find a member '{name}' on the target object. Please "
        "verify that the named member exists and then try running your script again.",
        id="ForEachNonexistentMemberReference",
    )


def replace_with_block(parts: Interpreter, regex: ShellObject, arguments: list[Value]) -> Value:
    """Return a text whose matches are replaced by what a script block makes of each.

    Args:
        parts: The interpreter.
        regex: The regular expression.
        arguments: The text, the block and, where it is limited, how many are replaced.
    """
    text, block = to_text(arguments[0]), arguments[1]
    if not isinstance(regex.base, tuple) or not regex.type.name.endswith(".Regex"):
        raise no_method(regex, "Replace")
    pattern = compile_pattern(regex.base[0], ignore_case=bool(regex.base[1]))
    limit = to_int(arguments[2]) if len(arguments) > 2 else 0
    pieces: list[str] = []
    last = 0
    for count, found in enumerate(pattern.matches(text, spend=parts.machine.spend)):
        if (limit and count >= limit) or not isinstance(block, ScriptBlockValue):
            break
        begin, end = found.spans[0] or (0, 0)
        written: list[Value] = []
        parts.call_block(block, written.append, arguments=[match_object(found)])
        pieces += (text[last:begin], to_text(collapse(written)))
        last = end
    return bounded("".join([*pieces, text[last:]]))


def split_by_block(parts: Interpreter, left: Value, arguments: list[Value]) -> Value:
    """Return what ``-split`` gives where a block tells of each character whether it separates."""
    block = arguments[0]
    limit, _ = split_limits(arguments, predicate=True)
    pieces: list[Value] = []
    for item in [left] if left is None else to_list(left):
        text, start = written_text(item), 0
        own = 1
        for at, char in enumerate(text):
            if (limit and own >= limit) or not isinstance(block, ScriptBlockValue):
                break
            written: list[Value] = []
            parts.invoke_block(block.block, written.append, item=char, apart=True)
            if to_bool(written):
                pieces.append(text[start:at])
                start, own = at + 1, own + 1
        pieces.append(text[start:])
    return TypedArray(pieces, "string")


def property_call(target: PropertyList, name: str, arguments: list[Value]) -> Value:
    """Return what a method of ``.PSObject.Properties`` gives."""
    owner = target.owner
    if name == "remove" and len(arguments) == 1 and isinstance(owner, ShellObject):
        owner.remove(to_text(arguments[0]))
        return NOTHING
    if name == "match" and arguments:
        return [
            one
            for one in target
            if isinstance(one, ShellObject)
            and matches_wildcard(to_text(one.get("Name")), to_text(arguments[0]))
        ]
    if name == "add" and len(arguments) == 1 and isinstance(owner, ShellObject):
        added = arguments[0]
        if isinstance(added, ShellObject) and "Name" in added and "Value" in added:
            owner.set(to_text(added.get("Name")), added.get("Value"))
            return NOTHING
    raise not_in_subset(f"`.PSObject.Properties.{name}()`")


def type_call(target: TypeValue, name: str, arguments: list[Value]) -> Value:
    """Return what a method of a type gives."""
    folded = name.casefold()
    if folded == "tostring" and arguments:
        raise no_overload("ToString", len(arguments))
    if folded == "tostring":
        return full_name(target.name)
    if folded == "gettype":
        return TypeValue(name="System.RuntimeType")
    if folded == "isinstanceoftype" and len(arguments) == 1:
        return is_of_type(arguments[0], target.name)
    if folded == "getelementtype":
        return TypeValue(name=target.name[:-2]) if target.name.endswith("[]") else None
    if folded == "equals" and len(arguments) == 1:
        return target == arguments[0]
    if is_of_types(folded):
        raise not_in_subset(f"the method `{name}` of a type")
    raise ConversionError(
        "Method invocation failed because [System.RuntimeType] does not contain a method named "
        f"'{name}'.",
        id="MethodNotFound",
    )
