"""Conditions, loops, ``switch``, ``try`` and the ways to leave a block."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from relaysim.powershell.interpreter.failures import (
    BreakLoop,
    ContinueLoop,
    ErrorRecord,
    ExitScript,
    LimitReached,
    ReturnFromBlock,
    ShellError,
)
from relaysim.powershell.interpreter.machine import error_object
from relaysim.powershell.interpreter.scope import Cell
from relaysim.powershell.language.syntax import (
    DoLoop,
    FlowControl,
    For,
    Foreach,
    If,
    Switch,
    Try,
    While,
)
from relaysim.powershell.values.comparison import are_equal
from relaysim.powershell.values.conversion import to_bool, to_int, to_text
from relaysim.powershell.values.pattern import compile_pattern
from relaysim.powershell.values.value import (
    NOTHING,
    Nothing,
    ScriptBlockValue,
    ShellObject,
    Value,
    unroll,
)
from relaysim.powershell.values.wildcard import matches_wildcard

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.language.syntax import (
        Assignment,
        Catch,
        Expression,
        Pipeline,
        Statement,
    )

__all__ = ["Controller", "discard"]

_EVERY_ERROR = frozenset({"exception", "runtimeexception", "systemexception"})


def discard(_value: Value) -> None:
    """Take output that nobody wants."""


class Controller:
    """Runs the statements that decide which others run."""

    def __init__(self, machine: Machine, parts: Interpreter) -> None:
        self.machine = machine
        self.parts = parts

    def run_control(self, node: Statement, emit: Callable[[Value], None]) -> None:
        """Run a statement that decides which others run."""
        self._CONTROL[type(node)](self, node, emit)

    def _condition(self, node: Pipeline | Assignment) -> bool:
        return to_bool(self.parts.value_of(node))

    def _if(self, node: If, emit: Callable[[Value], None]) -> None:
        for condition, body in node.branches:
            if self._condition(condition):
                self.parts.run_statements(body, emit)
                return
        if node.otherwise is not None:
            self.parts.run_statements(node.otherwise, emit)

    def _body(self, body: tuple[Statement, ...], emit: Callable[[Value], None]) -> bool:
        """Run the body of a loop once; return whether the loop goes on."""
        self.machine.spend(1)
        try:
            self.parts.run_statements(body, emit)
        except ContinueLoop:
            return True
        except BreakLoop:
            return False
        return True

    def _foreach(self, node: Foreach, emit: Callable[[Value], None]) -> None:
        items = self.parts.value_of(node.items)
        for item in [] if items is None else unroll(items):
            self.parts.store(node.variable, item)
            if not self._body(node.body, emit):
                return

    def _while(self, node: While, emit: Callable[[Value], None]) -> None:
        while self._condition(node.condition):
            if not self._body(node.body, emit):
                return

    def _do(self, node: DoLoop, emit: Callable[[Value], None]) -> None:
        while self._body(node.body, emit):
            if self._condition(node.condition) == node.until:
                return

    def _for(self, node: For, emit: Callable[[Value], None]) -> None:
        if node.start is not None:
            self.parts.run_statement(node.start, discard)
        while node.condition is None or self._condition(node.condition):
            if not self._body(node.body, emit):
                return
            if node.step is not None:
                self.parts.run_statement(node.step, discard)

    def _switch(self, node: Switch, emit: Callable[[Value], None]) -> None:
        subject = self.parts.value_of(node.subject)
        before = self.machine.scope.variables.get("_")
        try:
            for item in unroll(subject):
                self.machine.scope.set("_", item)
                if not self._switch_item(node, item, emit):
                    return
        finally:
            if before is None:
                self.machine.scope.variables.pop("_", None)
            else:
                self.machine.scope.variables["_"] = before

    def _switch_item(self, node: Switch, item: Value, emit: Callable[[Value], None]) -> bool:
        matched = False
        for test, body in node.clauses:
            if test is None or not self._clause_holds(node.mode, item, test):
                continue
            matched = True
            try:
                self.parts.run_statements(body, emit)
            except BreakLoop:
                return False
            except ContinueLoop:
                return True
        for test, body in node.clauses:
            if test is None and not matched:
                return self._body(body, emit)
        return True

    def _clause_holds(self, mode: str, item: Value, test: Expression) -> bool:
        self.machine.spend(1)
        wanted = self.parts.evaluate(test)
        if isinstance(wanted, ScriptBlockValue):
            written: list[Value] = []
            self.parts.invoke_block(wanted.block, written.append, item=item)
            return to_bool(written)
        if mode == "wildcard":
            return matches_wildcard(to_text(item), to_text(wanted), spend=self.machine.spend)
        if mode == "regex":
            found = compile_pattern(to_text(wanted)).search(to_text(item), spend=self.machine.spend)
            if found is not None:
                self.machine.matched(found)
            return found is not None
        return are_equal(item, wanted)

    def _try(self, node: Try, emit: Callable[[Value], None]) -> None:
        try:
            self._try_catch(node, emit)
        finally:
            if node.cleanup is not None:
                self.parts.run_statements(node.cleanup, emit)

    def _try_catch(self, node: Try, emit: Callable[[Value], None]) -> None:
        if not node.catches:
            self.parts.run_statements(node.body, emit)
            return
        self.machine.tries += 1
        outer = self.machine.scope
        try:
            self.parts.run_statements(node.body, emit)
        except LimitReached:
            raise
        except ShellError as error:
            self.machine.scope = outer
            handler = self._handler(node, error.record)
            if handler is None:
                raise
            caught = error
        else:
            return
        finally:
            self.machine.tries -= 1
        self.machine.remember(caught.record)
        self._run_handler(handler, caught.record, emit)

    def _run_handler(
        self, handler: Catch, record: ErrorRecord, emit: Callable[[Value], None]
    ) -> None:
        before = self.machine.scope.variables.get("_")
        self.machine.scope.variables["_"] = Cell(error_object(record))
        try:
            self.parts.run_statements(handler.body, emit)
        finally:
            if before is None:
                self.machine.scope.variables.pop("_", None)
            else:
                self.machine.scope.variables["_"] = before

    def _handler(self, node: Try, record: ErrorRecord) -> Catch | None:
        own = record.exception_type.casefold()
        for handler in node.catches:
            names = {name.casefold() for name in handler.types}
            if not names or own in names or own.rpartition(".")[2] in names:
                return handler
            if any(name.rpartition(".")[2] in _EVERY_ERROR for name in names):
                return handler
        return None

    def _flow(self, node: FlowControl, emit: Callable[[Value], None]) -> None:
        match node.keyword:
            case "break":
                raise BreakLoop
            case "continue":
                raise ContinueLoop
            case "return":
                if node.value is not None:
                    self.parts.run_statement(node.value, emit)
                raise ReturnFromBlock
            case "exit":
                value = NOTHING if node.value is None else self.parts.value_of(node.value)
                raise ExitScript(to_int(None if isinstance(value, Nothing) else value))
            case _:
                self._throw(node)

    def _throw(self, node: FlowControl) -> None:
        value = (
            self.machine.scope.get("_") if node.value is None else self.parts.value_of(node.value)
        )
        if isinstance(value, ShellObject) and isinstance(value.base, ErrorRecord):
            raise ShellError(value.base, fatal=True)
        message = to_text(value) or "ScriptHalted"
        record = ErrorRecord(
            message=message,
            id="Thrown",
            command="throw",
            thrown=value,
            position=self.machine.source.position(node.at),
        )
        raise ShellError(record, fatal=True)

    _CONTROL: ClassVar[
        dict[type[Statement], Callable[[Any, Any, Callable[[Value], None]], None]]
    ] = {
        If: _if,
        Foreach: _foreach,
        While: _while,
        DoLoop: _do,
        For: _for,
        Switch: _switch,
        Try: _try,
        FlowControl: _flow,
    }
