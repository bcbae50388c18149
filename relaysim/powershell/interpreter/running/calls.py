"""Calling methods: of values, of types and of script blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.hosting.static_access import static_of
from relaysim.powershell.interpreter.binding.block_methods import (
    call_with_block,
    property_call,
    replace_with_block,
    type_call,
)
from relaysim.powershell.interpreter.failing.failures import (
    ConversionError,
    LimitReached,
    ShellError,
)
from relaysim.powershell.language.syntax import (
    Call,
    Cast,
    TypeLiteral,
    Variable,
)
from relaysim.powershell.members.indexing import accessed
from relaysim.powershell.members.methods import call_method, has_method, no_method
from relaysim.powershell.members.object_methods import with_options
from relaysim.powershell.members.properties import PropertyList
from relaysim.powershell.members.static_members import (
    call_static,
    default_of,
    try_parse,
)
from relaysim.powershell.values.conversion import canonical_type
from relaysim.powershell.values.failures import method_failure, not_in_subset
from relaysim.powershell.values.value import (
    HashTable,
    Nothing,
    ScriptBlockValue,
    ShellList,
    ShellObject,
    TypeValue,
    Value,
    collapse,
    unroll,
)

if TYPE_CHECKING:
    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.interpreter.machine import Machine

__all__ = ["Caller"]

_CALLED = "System.Management.Automation.MethodInvocationException"
_LIST_OWN = frozenset({"where", "foreach"})


class Caller:
    """Calls methods."""

    def __init__(self, machine: Machine, parts: Interpreter) -> None:
        self.machine = machine
        self.parts = parts

    def call(self, node: Call) -> Value:
        """Return what a method gives."""
        name = self.parts.name_of(node.name)
        static = isinstance(node.target, TypeLiteral) and node.static
        target = None if static else self.parts.evaluate(node.target)
        arguments = [self.parts.evaluate(argument) for argument in node.arguments]
        self._charge_call(target, arguments)
        try:
            if static and isinstance(node.target, TypeLiteral):
                return self._call_static(node, node.target, name, arguments)
            if node.static and isinstance(target, TypeValue):
                return call_static(target.name, name, arguments)
            return self._call_value(target, name, arguments)
        except ConversionError as error:
            raise self.machine.convert_failure(error, node.at) from error
        except OverflowError:
            self.machine.fail("the result is too large for a number", node.at)

    def _call_static(
        self, node: Call, target: TypeLiteral, name: str, arguments: list[Value]
    ) -> Value:
        parser = self.machine.type_of(target.name)
        if parser is not None and name.casefold() == "parse":
            return parser(arguments[0] if arguments else None)
        if name.casefold() == "tryparse" and len(node.arguments) >= 2:
            last = node.arguments[-1]
            if not isinstance(last, Cast) and not isinstance(arguments[-1], ShellObject):
                raise ConversionError(
                    f"Argument: '{len(arguments)}' should be a "
                    "System.Management.Automation.PSReference. Use [ref].",
                    id="NonRefArgumentToRefParameterMsg",
                )
            found = try_parse(target.name, arguments[0])
            done = not isinstance(found, Nothing)
            canonical = canonical_type(target.name) or ""
            if isinstance(last, Cast) and isinstance(last.operand, Variable):
                self.parts.store(last.operand, found if done else default_of(canonical))
            return done
        by_block = len(arguments) > 2 and isinstance(arguments[2], ScriptBlockValue)
        if by_block and (canonical_type(target.name), name.casefold()) == ("regex", "replace"):
            regex = with_options(arguments[1], "Replace", arguments[3:])
            return replace_with_block(self.parts, regex, [arguments[0], arguments[2]])
        if parser is not None and name.casefold() == "new":
            return parser(collapse(arguments))
        host = static_of(self.machine, target.name, name, arguments)
        return call_static(target.name, name, arguments) if host is None else host[0]

    def _charge_call(self, target: Value, arguments: list[Value]) -> None:
        for value in (target, *arguments):
            if isinstance(value, str):
                self.machine.spend(len(value) >> 4)
            elif isinstance(value, list | HashTable):
                self.machine.spend(len(value))

    def _call_value(self, target: Value, name: str, arguments: list[Value]) -> Value:
        folded = name.casefold()
        if folded.startswith(("get_", "set_")):
            own = accessed(target, name, arguments)
            if own is not None:
                return own[0]
        if isinstance(target, ScriptBlockValue):
            return self._call_block(target, folded, arguments)
        by_block = len(arguments) > 1 and isinstance(arguments[1], ScriptBlockValue)
        if folded == "replace" and by_block and isinstance(target, ShellObject):
            return replace_with_block(self.parts, target, arguments)
        if folded in _LIST_OWN:
            items = [] if target is None else target
            return call_with_block(self.parts, items, folded, arguments)
        if isinstance(target, PropertyList):
            return property_call(target, folded, arguments)
        if isinstance(target, ShellObject) and target.type.name.endswith("PSMemberSet"):
            if folded == "copy" and isinstance(target.base, ShellObject):
                return target.base.copy()
            raise not_in_subset(f"`.PSObject.{name}()`")
        if isinstance(target, HashTable) and folded in target and not has_method(target, name):
            held = target.get(name)
            if isinstance(held, ScriptBlockValue):
                raise no_method(target, name)
        if isinstance(target, list) and target and not has_method(target, name):
            # A method that arrays do not have is called on every item.
            found = [
                item for one in target for item in unroll(self._call_value(one, name, arguments))
            ]
            return collapse(found)
        return self._call_one(target, name, arguments)

    def _call_one(self, target: Value, name: str, arguments: list[Value]) -> Value:
        if isinstance(target, TypeValue):
            return type_call(target, name, arguments)
        return call_method(target, name, arguments)

    def _invoked(self, target: ScriptBlockValue, arguments: list[Value]) -> list[Value]:
        """Run a block by its method: the first error ends it, and what it wrote is lost."""
        written: list[Value] = []
        self.machine.tries += 1
        try:
            self.parts.call_block(target, written.append, arguments=arguments)
        except LimitReached:
            raise
        except ShellError as error:
            record = error.record
            if record.exception_type == _CALLED:
                raise ConversionError(record.message, id=record.id) from error
            inner = record.exception_type.rpartition(".")[2]
            own = "BlockStopped" if record.stopped else "BlockFailed"
            if not record.stopped and inner.startswith(("Parameter", "SessionState", "Property")):
                own = inner
            raise method_failure("Invoke", len(arguments), record.message, own) from error
        finally:
            self.machine.tries -= 1
        return written

    def _call_block(self, target: ScriptBlockValue, name: str, arguments: list[Value]) -> Value:
        if name == "tostring":
            return target.text
        if name == "gettype":
            return call_method(target, name, arguments)
        if name == "getnewclosure":
            scope = self.machine.scope
            kept = {key: cell.value for key, cell in scope.visible().items()}
            return ScriptBlockValue(block=target.block, text=target.text, kept=kept)
        if name == "equals":
            return bool(arguments) and target is arguments[0]
        if name in {"invoke", "invokereturnasis"}:
            written = self._invoked(target, arguments)
            if name == "invoke":
                return ShellList(written, "collection")
            return collapse(written)
        raise not_in_subset(f"the method `{name}` of a script block")
