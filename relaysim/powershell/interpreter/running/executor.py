"""The interpreter joined: its parts, and the state they work on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.running.assignment import Assigner
from relaysim.powershell.interpreter.running.calls import Caller
from relaysim.powershell.interpreter.running.control import Controller
from relaysim.powershell.interpreter.running.evaluation import Evaluator
from relaysim.powershell.interpreter.running.execution import StatementRunner
from relaysim.powershell.interpreter.running.handling import ErrorHandler

if TYPE_CHECKING:
    from relaysim.powershell.interpreter.contract import Registry
    from relaysim.powershell.interpreter.interplay import Commands
    from relaysim.powershell.interpreter.machine import Machine

__all__ = ["Executor"]


class Executor:
    """Fulfils :class:`~relaysim.powershell.interpreter.interplay.Interpreter`."""

    def __init__(self, machine: Machine, registry: Registry) -> None:
        self.machine = machine
        self.registry: Commands = registry
        expressions = Evaluator(machine, self)
        assignments = Assigner(machine, self)
        control = Controller(machine, self)
        statements = StatementRunner(machine, self, registry)
        handling = ErrorHandler(machine, self)
        self.call = Caller(machine, self).call
        self.evaluate = expressions.evaluate
        self.result_of = expressions.result_of
        self.output_of = expressions.output_of
        self.name_of = expressions.name_of
        self.cast_value = expressions.cast_value
        self.assign = assignments.assign
        self.store = assignments.store
        self.run_control = control.run_control
        self.run_try = handling.run_try
        self.run_trapped = handling.run_trapped
        self.failed = statements.failed
        self.value_of = statements.value_of
        self.run_statement = statements.run_statement
        self.run_statements = statements.run_statements
        self.invoke_block = statements.invoke_block
        self.call_block = statements.call_block
