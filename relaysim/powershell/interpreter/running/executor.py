"""The interpreter joined: its parts, and the state they work on."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from relaysim.powershell.interpreter.running.evaluation import Evaluator
from relaysim.powershell.interpreter.running.execution import StatementRunner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relaysim.powershell.interpreter.contract import Registry
    from relaysim.powershell.interpreter.interplay import Commands
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.language.syntax import (
        Assignment,
        Call,
        Catch,
        Expression,
        Statement,
        Try,
    )
    from relaysim.powershell.values.value import Value

__all__ = ["Executor"]

_PARTS = {
    "call": ("calls", "Caller"),
    "assign": ("assignment", "Assigner"),
    "store": ("assignment", "Assigner"),
    "run_control": ("control", "Controller"),
    "run_try": ("handling", "ErrorHandler"),
    "run_trapped": ("handling", "ErrorHandler"),
}
"""What the parts do that not every script needs: the module and class of each."""


class Executor:
    """Fulfils :class:`~relaysim.powershell.interpreter.interplay.Interpreter`.

    What evaluates and what runs statements is there from the beginning; the other parts are made
    when one of their methods is asked for.
    """

    call: Callable[[Call], Value]
    assign: Callable[[Assignment], Value]
    store: Callable[[Expression, Value], None]
    run_control: Callable[[Statement, Callable[[Value], None]], None]
    run_try: Callable[[Try, Callable[[Value], None]], None]
    run_trapped: Callable[[tuple[Statement, ...], Sequence[Catch], Callable[[Value], None]], None]

    def __init__(self, machine: Machine, registry: Registry) -> None:
        self.machine = machine
        self.registry: Commands = registry
        expressions = Evaluator(machine, self)
        statements = StatementRunner(machine, self, registry)
        self.evaluate = expressions.evaluate
        self.result_of = expressions.result_of
        self.output_of = expressions.output_of
        self.name_of = expressions.name_of
        self.cast_value = expressions.cast_value
        self.failed = statements.failed
        self.value_of = statements.value_of
        self.run_statement = statements.run_statement
        self.run_statements = statements.run_statements
        self.invoke_block = statements.invoke_block
        self.call_block = statements.call_block

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # a method of a part
        if name not in _PARTS:
            raise AttributeError(name)
        module, kind = _PARTS[name]
        part = getattr(import_module(f"{__package__}.{module}"), kind)(self.machine, self)
        for one, made_by in _PARTS.items():
            if made_by == (module, kind):
                setattr(self, one, getattr(part, one))
        return getattr(part, name)
