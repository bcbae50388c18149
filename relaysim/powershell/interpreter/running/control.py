"""Conditions, loops, ``switch``, ``try`` and the ways to leave a block."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from relaysim.lean import replace
from relaysim.powershell.interpreter.failing.failures import (
    BreakLoop,
    ContinueLoop,
    ConversionError,
    ErrorRecord,
    ExitScript,
    LimitReached,
    ReturnFromBlock,
    ShellError,
)
from relaysim.powershell.language.syntax import (
    DoLoop,
    FlowControl,
    For,
    Foreach,
    If,
    Switch,
    Trap,
    Try,
    While,
)
from relaysim.powershell.values.comparison import are_equal
from relaysim.powershell.values.conversion import to_bool, to_int, to_text
from relaysim.powershell.values.exceptions import is_exception_object
from relaysim.powershell.values.patterns.pattern import compile_pattern
from relaysim.powershell.values.patterns.wildcard import matches_wildcard
from relaysim.powershell.values.type_names import ancestors
from relaysim.powershell.values.value import (
    NOTHING,
    Enumerator,
    Nothing,
    ScriptBlockValue,
    ShellList,
    ShellObject,
    TableView,
    Value,
    unroll,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.language.syntax import (
        Assignment,
        Expression,
        Pipeline,
        Statement,
    )

__all__ = ["Controller", "discard"]


def discard(_value: Value) -> None:
    """Take output that nobody wants."""


def _changes(items: Value) -> int:
    """Return how often a list or the table behind it was changed, as far as it tells."""
    if isinstance(items, TableView):
        return items.table.changes
    if isinstance(items, Enumerator):
        return 0 if items.source is None else items.source.changes
    return len(items) if isinstance(items, ShellList) else 0


_RECORDS = {
    "SessionStateException": ("SessionStateException", "InvalidArgument"),
    "ValidationMetadataException": ("RuntimeException", "MetadataError"),
    "CommandNotFoundException": ("CommandNotFoundException", "ObjectNotFound"),
    "RuntimeException": ("RuntimeException", "NotSpecified"),
}
"""The id and the category of the error record that an exception of PowerShell's own has."""


def _brought_along(name: str) -> tuple[str, str] | None:
    """Return the id and the category that an exception brings along, ``None`` for none."""
    for one in ancestors(name):
        found = _RECORDS.get(one.rpartition(".")[2])
        if found is not None:
            return found
    return None


def _code_of(value: Value) -> int:
    """Return the code that ``exit`` gives; what is no number gives none."""
    try:
        return to_int(value)
    except ConversionError:
        return 0


class Controller:
    """Runs the statements that decide which others run."""

    def __init__(self, machine: Machine, parts: Interpreter) -> None:
        self.machine = machine
        self.parts = parts

    def run_control(self, node: Statement, emit: Callable[[Value], None]) -> None:
        """Run a statement that decides which others run."""
        self._CONTROL[type(node)](self, node, emit)

    def _condition(self, node: Pipeline | Assignment) -> bool:
        return to_bool(self._asked(node))

    def _asked(self, node: Statement) -> Value:
        """Return what a condition or the like gives; what fails in it has its place."""
        try:
            return self.parts.value_of(node)
        except LimitReached:
            raise
        except ShellError as error:
            error.record = self.machine.placed(error.record, node.at)
            raise

    def _if(self, node: If, emit: Callable[[Value], None]) -> None:
        for condition, body in node.branches:
            if self._condition(condition):
                self.parts.run_statements(body, emit)
                return
        if node.otherwise is not None:
            self.parts.run_statements(node.otherwise, emit)

    def _body(self, body: tuple[Statement, ...], emit: Callable[[Value], None], label: str) -> bool:
        """Run the body of a loop once; return whether the loop goes on."""
        self.machine.spend(1)
        try:
            self.parts.run_statements(body, emit)
        except ContinueLoop as leaving:
            if leaving.label and leaving.label != label.casefold():
                raise
            leaving.hand_over(emit)
            return True
        except BreakLoop as leaving:
            if leaving.label and leaving.label != label.casefold():
                raise
            leaving.hand_over(emit)
            return False
        return True

    def _foreach(self, node: Foreach, emit: Callable[[Value], None]) -> None:
        items = self._asked(node.items)
        changes = _changes(items)
        for item in [] if items is None else unroll(items):
            self.parts.store(node.variable, item)
            if not self._body(node.body, emit, node.label):
                return
            if _changes(items) != changes:
                self.machine.fail(
                    "Collection was modified; enumeration operation may not execute.",
                    node.at,
                    id="System.InvalidOperationException",
                )

    def _while(self, node: While, emit: Callable[[Value], None]) -> None:
        while self._condition(node.condition):
            if not self._body(node.body, emit, node.label):
                return

    def _do(self, node: DoLoop, emit: Callable[[Value], None]) -> None:
        while self._body(node.body, emit, node.label):
            if self._condition(node.condition) == node.until:
                return

    def _for(self, node: For, emit: Callable[[Value], None]) -> None:
        if node.start is not None:
            self.parts.run_statement(node.start, discard)
        while node.condition is None or self._condition(node.condition):
            if not self._body(node.body, emit, node.label):
                return
            if node.step is not None:
                self.parts.run_statement(node.step, discard)

    def _switch(self, node: Switch, emit: Callable[[Value], None]) -> None:
        subject = self._asked(node.subject)
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
        label = node.label.casefold()
        for test, body in node.clauses:
            if test is None or not self._clause_holds(node, item, test):
                continue
            matched = True
            try:
                self.parts.run_statements(body, emit)
            except BreakLoop as leaving:
                if leaving.label and leaving.label != label:
                    raise
                leaving.hand_over(emit)
                return False
            except ContinueLoop as leaving:
                if leaving.label and leaving.label != label:
                    raise
                leaving.hand_over(emit)
                return True
        for test, body in node.clauses:
            if test is None and not matched:
                return self._body(body, emit, node.label)
        return True

    def _clause_holds(self, node: Switch, item: Value, test: Expression) -> bool:
        self.machine.spend(1)
        case = node.case_sensitive
        wanted = self.parts.evaluate(test)
        if isinstance(wanted, ScriptBlockValue):
            written: list[Value] = []
            # An error in the condition ends the whole statement, not only the condition.
            self.machine.tries += 1
            try:
                self.parts.invoke_block(wanted.block, written.append, item=item, apart=True)
            finally:
                self.machine.tries -= 1
            return to_bool(written)
        spend = self.machine.spend
        if node.mode == "wildcard":
            return matches_wildcard(
                to_text(item), to_text(wanted), case_sensitive=case, spend=spend
            )
        if node.mode == "regex":
            pattern = compile_pattern(to_text(wanted), ignore_case=not case)
            found = pattern.search(to_text(item), spend=spend)
            if found is not None:
                self.machine.matched(found)
            return found is not None
        # Without a mode both are compared as texts: the clause `1` does not take `$true`.
        if wanted is None or isinstance(wanted, Nothing):
            return item is None
        return are_equal(to_text(item), to_text(wanted), case=case)

    def _try(self, node: Try, emit: Callable[[Value], None]) -> None:
        self.parts.run_try(node, emit)

    def _trap(self, node: Trap, _emit: Callable[[Value], None]) -> None:
        """Do nothing in its place: the block it stands in knows it."""

    def _flow(self, node: FlowControl, emit: Callable[[Value], None]) -> None:
        match node.keyword:
            case "break":
                raise BreakLoop(node.label.casefold())
            case "continue":
                raise ContinueLoop(node.label.casefold())
            case "return":
                if node.value is not None:
                    self.parts.run_statement(node.value, emit)
                raise ReturnFromBlock
            case "exit":
                value = NOTHING if node.value is None else self.parts.value_of(node.value)
                raise ExitScript(_code_of(None if isinstance(value, Nothing) else value))
            case _:
                self._throw(node)

    def _throw(self, node: FlowControl) -> None:
        machine = self.machine
        value = machine.scope.get("_") if node.value is None else self.parts.value_of(node.value)
        if isinstance(value, ShellObject) and isinstance(value.base, ErrorRecord):
            record = machine.locate(value.base, node.at)
            if record.at is None:
                record = replace(record, at=node.at, stack=machine.stack(node.at))
            raise ShellError(record, fatal=True)
        if node.value is None or isinstance(value, Nothing):
            value = None
        thrown = isinstance(value, ShellObject) and is_exception_object(value)
        exception = value if thrown and isinstance(value, ShellObject) else None
        message = "ScriptHalted" if value is None else to_text(value)
        error_id, category = message, "OperationStopped"
        if exception is not None:
            message = to_text(exception.get("Message"))
            error_id, category = _brought_along(exception.type.name) or (message, category)
        record = ErrorRecord(
            message=message,
            id=error_id,
            command="throw",
            thrown=None if thrown else value,
            position=machine.source.position(node.at),
            at=node.at,
            stack=machine.stack(node.at),
            category=category,
            exception=exception,
            exception_type=(
                "System.Management.Automation.RuntimeException"
                if exception is None
                else exception.type.name
            ),
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
        Trap: _trap,
        FlowControl: _flow,
    }
