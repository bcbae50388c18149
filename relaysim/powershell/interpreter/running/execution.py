"""Running statements and pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from relaysim.lean import later
from relaysim.powershell.interpreter.failing.failures import (
    ConversionError,
    Leaving,
    LimitReached,
    ReturnFromBlock,
    ShellError,
    StopUpstream,
)
from relaysim.powershell.interpreter.failing.unknown import refuse_unknown
from relaysim.powershell.interpreter.pipelines import (
    abandon,
    is_counting,
    looks_like_method,
    stages_from,
)
from relaysim.powershell.interpreter.running.muting import MutedStage
from relaysim.powershell.interpreter.scope import Cell, Scope, closed_scope
from relaysim.powershell.interpreter.stages import CmdletStage
from relaysim.powershell.language.syntax import (
    Assignment,
    BareWord,
    Command,
    Discarded,
    Function,
    Increment,
    Paren,
    Pipeline,
    SubExpression,
    Trap,
)
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.value import (
    NOTHING,
    Nothing,
    ScriptBlockValue,
    Value,
    collapse,
    unroll,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from relaysim.powershell.interpreter.binding.called import run_in_scope
    from relaysim.powershell.interpreter.binding.functions import FunctionStage
    from relaysim.powershell.interpreter.contract import PipelineStage, Registry
    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.interpreter.running.control import discard
    from relaysim.powershell.interpreter.running.muting import BegunStage
    from relaysim.powershell.language.syntax import Expression, ScriptBlock, Statement
else:
    (run_in_scope,) = later(
        globals(), "relaysim.powershell.interpreter.binding.called", "run_in_scope"
    )
    (FunctionStage,) = later(
        globals(), "relaysim.powershell.interpreter.binding.functions", "FunctionStage"
    )
    (discard,) = later(globals(), "relaysim.powershell.interpreter.running.control", "discard")

__all__ = ["StatementRunner"]


def _sending_to(stages: Sequence[BegunStage], place: int) -> Callable[[Value], None]:
    """Return what gives an object to a stage that is made later."""

    def send(value: Value) -> None:
        stages[place].process(value)

    return send


class StatementRunner:
    """Runs statements and pipelines; what they write goes to ``emit``, one object at a time."""

    def __init__(self, machine: Machine, parts: Interpreter, registry: Registry) -> None:
        self.registry = registry
        self.machine = machine
        self.parts = parts

    def run_statements(self, nodes: tuple[Statement, ...], emit: Callable[[Value], None]) -> None:
        """Run statements in order; one that fails outside ``try`` is reported and the next runs."""
        if any(type(node) is Trap for node in nodes):
            handlers = [node.handler for node in nodes if isinstance(node, Trap)]
            self.parts.run_trapped(nodes, handlers, emit)
            return
        for node in nodes:
            self.machine.spend(1)
            try:
                self.run_statement(node, emit)
            except ConversionError as error:
                failure = self.machine.convert_failure(error, node.at)
                failure.record = self.machine.placed(failure.record, node.at)
                self.failed(failure)
            except LimitReached as error:
                error.record = self.machine.locate(error.record, node.at)
                raise
            except ShellError as error:
                error.record = self.machine.placed(error.record, node.at)
                self.failed(error)

    def failed(self, error: ShellError) -> None:
        """Report the error of a statement, or pass it on where it ends more."""
        if error.stage is not None:
            raise error
        action = self.machine.preference("ErrorActionPreference")
        thrown = error.record.command == "throw" and not self.machine.tries
        if thrown and action in {"silentlycontinue", "ignore"}:
            self.machine.remember(error.record)
            return
        if error.fatal or self.machine.tries:
            raise error
        if action == "stop":
            raise ShellError(error.record, fatal=True, preferred=True) from error
        if action in {"silentlycontinue", "ignore"}:
            self.machine.remember(error.record)
        else:
            self.machine.report(error.record)

    def run_statement(self, node: Statement, emit: Callable[[Value], None]) -> None:
        """Run one statement."""
        method = self._STATEMENTS.get(type(node))
        if method is None:
            self.parts.run_control(node, emit)
        else:
            method(self, node, emit)

    def value_of(self, node: Statement) -> Value:
        """Return what an assignment or parenthesis receives; ``NOTHING`` for no output."""
        if isinstance(node, Pipeline) and len(node.elements) == 1:
            only = node.elements[0]
            if not isinstance(only, Command | Discarded):
                return self.parts.result_of(only)
        if isinstance(node, Assignment):
            return self.parts.assign(node)
        written: list[Value] = []
        try:
            self.run_statement(node, written.append)
        except Leaving as leaving:
            leaving.pending[:0] = written
            raise
        return collapse(written)

    def invoke_block(
        self,
        block: ScriptBlock,
        emit: Callable[[Value], None],
        *,
        item: Value = None,
        arguments: list[Value] | None = None,
        apart: bool = False,
    ) -> None:
        """Run a script block with ``$_`` set to ``item``, in the current scope or ``apart``."""
        machine = self.machine
        machine.enter_call()
        outer = machine.scope
        scope = machine.scope = Scope(outer) if apart else outer
        before = scope.variables.get("_")
        scope.variables["_"] = Cell(item)
        scope.lent += not apart
        try:
            if arguments is not None:
                scope.set("args", arguments)
            for statements in (block.begin, block.process, block.end):
                if statements is not None:
                    self.run_statements(statements, emit)
        except ReturnFromBlock as leaving:
            leaving.hand_over(emit)
        finally:
            scope.lent -= not apart
            machine.leave_call()
            machine.scope = outer
            if before is None:
                scope.variables.pop("_", None)
            else:
                scope.variables["_"] = before

    def call_block(
        self,
        block: ScriptBlockValue,
        emit: Callable[[Value], None],
        *,
        item: Value = NOTHING,
        arguments: list[Value] | None = None,
        here: bool = False,
        given: list[Value] | None = None,
    ) -> None:
        """Call a script block; without ``item`` in a scope of its own, unless ``here``."""
        if not isinstance(item, Nothing) and block.kept is None:
            self.invoke_block(block.block, emit, item=item, arguments=arguments)
            return
        outer = self.machine.scope
        scope = outer if here else closed_scope(outer, block.kept or {})
        if not isinstance(item, Nothing):
            scope.set("_", item)
        run_in_scope(
            self.parts, block.block, emit, scope=scope, values=arguments or [], given=given or []
        )

    def pipeline_output(self, node: Pipeline, emit: Callable[[Value], None]) -> None:
        """Run a pipeline; objects flow through it one by one."""
        stages: list[PipelineStage] = []
        ended = False
        try:
            self._flow(node, emit, stages)
            ended = True
        except ShellError as error:
            # Outside its own pipeline it is the error of a statement.
            if any(error.stage is one for one in stages):
                error.stage = None
            raise
        finally:
            if not ended:
                abandon(stages)

    def _flow(
        self, node: Pipeline, emit: Callable[[Value], None], stages: list[PipelineStage]
    ) -> None:
        head = node.elements[0]
        first_is_command = isinstance(head, Command)
        downstream, enough = emit, None
        given: list[Value] = []
        if not isinstance(head, Command):
            # Before the commands behind it begin.
            alone = len(node.elements) == 1
            self._feed(head, emit if alone else given.append, alone=alone)
        commands = node.elements if first_is_command else node.elements[1:]
        try:
            begun: list[BegunStage] = []
            for place, command in enumerate(commands):
                if isinstance(command, Command):
                    # Arguments are evaluated and bound from the first command to the last.
                    last = place == len(commands) - 1
                    onward = emit if last else _sending_to(begun, len(begun) + 1)
                    has_input = place > 0 or not first_is_command
                    begun.append(self._open(command, onward, has_input=has_input))
            for bound in reversed(begun):
                # A block before the first object may already write more than is wanted.
                bound.begin()
                stages.insert(0, bound)
                downstream = bound.process
            if first_is_command:
                self.machine.succeeded = True
            for item in given:
                downstream(item)
        except StopUpstream as stop:
            enough = stop
        waiting = list(stages) if enough is None else stages_from(enough, stages)
        while waiting:
            stage = waiting.pop(0)
            try:
                stage.finish()
            except StopUpstream as stop:
                waiting = stages_from(stop, waiting)

    def _feed(
        self, head: Expression | Discarded, emit: Callable[[Value], None], *, alone: bool
    ) -> None:
        """Send on what the expression at the head of a pipeline gives."""
        if isinstance(head, Discarded):
            self._redirected(head, emit)
        elif isinstance(head, Increment) and alone:
            self.parts.evaluate(head)
            self.machine.succeeded = True
        elif isinstance(head, SubExpression) and head.statements:
            # What its statements wrote goes on at their end, also where one fails; but an array
            # that is all they write is taken apart.
            held: list[Value] = []
            try:
                self.parts.run_statements(head.statements, held.append)
            finally:
                for item in unroll(held[0]) if len(held) == 1 else held:
                    emit(item)
        else:
            items = self.parts.output_of(head)
            # Only now: the expression itself may ask for `$?`.
            self.machine.succeeded = True
            for item in items:
                emit(item)

    def _redirected(self, node: Discarded, emit: Callable[[Value], None]) -> None:
        """Send on what an expression gives some of whose streams are redirected."""
        machine = self.machine
        machine.redirected.append((node.streams, list[Value]().append))
        try:
            items = self.parts.output_of(node.expression)
        finally:
            machine.redirected.pop()
        # Statements in `$( )` leave behind how the last of them ended.
        if not (isinstance(node.expression, SubExpression) and node.expression.statements):
            machine.succeeded = True
        if not {"1", "*"} & set(node.streams) and not is_counting(node.expression):
            for item in items:
                emit(item)

    def _open(self, node: Command, emit: Callable[[Value], None], *, has_input: bool) -> BegunStage:
        self.machine.spend(1)
        downstream = emit
        if "1" in node.silenced or "*" in node.silenced:
            emit = discard
        # What fails while arguments are evaluated and bound is not redirected.
        stage = self._stage(node, emit, has_input=has_input)
        if node.silenced or node.merged:
            stage = MutedStage(self.machine, stage, node.silenced, node.merged, downstream)
        return stage

    def _stage(
        self, node: Command, emit: Callable[[Value], None], *, has_input: bool
    ) -> BegunStage:
        target = (
            node.name.text if isinstance(node.name, BareWord) else self.parts.evaluate(node.name)
        )
        if self.machine.scope.strict >= 2 and looks_like_method(node):
            self.machine.fail(
                "The function or command was called as if it were a method. Parameters should be "
                "separated by spaces. For information about parameters, see the about_Parameters "
                "Help topic.",
                node.at,
                id="StrictModeFunctionCallWithParens",
            )
        name = to_text(target)
        name = self.machine.aliases.get(name.casefold(), name)
        body = target.block if isinstance(target, ScriptBlockValue) else None
        if body is not None:
            name = "script block"
        else:
            function = self.machine.scope.find_function(name)
            if function is not None:
                name, body = function.name, function.body
        if body is not None:
            scope = self.machine.scope if node.dotted else None
            if isinstance(target, ScriptBlockValue) and target.kept is not None:
                scope = closed_scope(self.machine.scope, target.kept)
            return FunctionStage(
                self.parts,
                name,
                body,
                emit,
                arguments=node.arguments,
                at=node.at,
                has_input=has_input,
                scope=scope,
            )
        if target is None or not name:
            self.machine.fail(
                f"The expression after '{'.' if node.dotted else '&'}' in a pipeline element "
                "produced an object that was not valid. It must result in a command name, a script "
                "block, or a CommandInfo object.",
                node.at,
                id="BadExpression",
            )
        cmdlet = self.registry.find(name)
        if cmdlet is None and name.casefold().endswith(".ps1"):
            from relaysim.powershell.interpreter.running.script_files import script_stage

            found = script_stage(self.parts, node, name, emit, has_input=has_input)
            if found is not None:
                return found
        if cmdlet is None:
            refuse_unknown(self.machine, node, name, self.registry.suggestion(name))
        return CmdletStage(self.parts, cmdlet, node, emit, has_input=has_input)

    def _pipeline(self, node: Pipeline, emit: Callable[[Value], None]) -> None:
        only = node.elements[0]
        if (
            len(node.elements) == 1
            and isinstance(only, Paren)
            and isinstance(only.inner, Assignment)
        ):
            for item in unroll(self.parts.assign(only.inner)):
                emit(item)
            return
        self.pipeline_output(node, emit)

    def _assignment(self, node: Assignment, _emit: Callable[[Value], None]) -> None:
        self.parts.assign(node)

    def _function(self, node: Function, _emit: Callable[[Value], None]) -> None:
        scope = self.machine.scope
        scope = scope.root if node.scope in {"global", "script"} else scope
        scope.functions[node.name.casefold()] = node

    _STATEMENTS: ClassVar[
        dict[type[Statement], Callable[[Any, Any, Callable[[Value], None]], None]]
    ] = {
        Pipeline: _pipeline,
        Assignment: _assignment,
        Function: _function,
    }
