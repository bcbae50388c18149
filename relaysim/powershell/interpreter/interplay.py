"""What the parts of the interpreter ask of one another.

Expressions run statements and statements evaluate expressions. Each part works on the state of the
run and knows the others through this protocol; the executor joins them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from relaysim.powershell.values.value import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relaysim.powershell.interpreter.failing.failures import ShellError
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.language.syntax import (
        Assignment,
        Call,
        Catch,
        Expression,
        ScriptBlock,
        Statement,
        Try,
    )
    from relaysim.powershell.values.value import ScriptBlockValue, Value

__all__ = ["Commands", "Interpreter"]


class Commands(Protocol):
    """The commands a script can use."""

    def described(self, name: str) -> tuple[object, str, tuple[str, ...]] | None:
        """Return a command, its name and its parameters' names, or ``None``."""

    def asks_directory(self, name: str) -> bool:
        """Tell whether there is a command of this name, and it talks to the directory."""

    def names(self) -> list[str]:
        """Return the names of the commands, sorted."""


class Interpreter(Protocol):
    """Everything that can be done with a piece of a script.

    Attributes:
        machine: The state of the run.
        registry: The commands.
    """

    machine: Machine
    registry: Commands

    def evaluate(self, node: Expression) -> Value:
        """Return the value of an expression; the result of an empty pipeline is ``None``."""

    def result_of(self, node: Expression) -> Value:
        """Return the value of an expression, ``NOTHING`` where there is none."""

    def output_of(self, node: Expression) -> list[Value]:
        """Return what a pipeline receives from an expression: its items one by one."""

    def name_of(self, node: Expression) -> str:
        """Return the name a member has that may be computed."""

    def call(self, node: Call) -> Value:
        """Return what a method gives."""

    def cast_value(self, type_name: str, value: Value, at: int) -> Value:
        """Return ``value`` as a type a script names."""

    def assign(self, node: Assignment) -> Value:
        """Run an assignment and return the value assigned."""

    def store(self, target: Expression, value: Value) -> None:
        """Assign to a variable, property, index, cast variable or list of variables."""

    def value_of(self, node: Statement) -> Value:
        """Return what an assignment or parenthesis receives; ``NOTHING`` for no output."""

    def run_statement(self, node: Statement, emit: Callable[[Value], None]) -> None:
        """Run one statement."""

    def run_statements(self, nodes: tuple[Statement, ...], emit: Callable[[Value], None]) -> None:
        """Run statements in order; one that fails outside ``try`` is reported, the next runs."""

    def failed(self, error: ShellError) -> None:
        """Report the error of a statement, or pass it on where it ends more."""

    def run_try(self, node: Try, emit: Callable[[Value], None]) -> None:
        """Run a ``try`` with its ``catch`` and ``finally``."""

    def run_trapped(
        self,
        nodes: tuple[Statement, ...],
        handlers: Sequence[Catch],
        emit: Callable[[Value], None],
    ) -> None:
        """Run the statements of a block with traps."""

    def run_control(self, node: Statement, emit: Callable[[Value], None]) -> None:
        """Run a statement that decides which others run."""

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
