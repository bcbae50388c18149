"""References to variables: ``[ref]$variable``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import replace
from relaysim.powershell.interpreter.failing.failures import ShellError
from relaysim.powershell.language.syntax import Variable
from relaysim.powershell.values.value import REFERENCE, ShellObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.language.syntax import Cast, Expression
    from relaysim.powershell.values.value import Value

__all__ = ["CONSTANTS", "reference_of", "unset"]

CONSTANTS = {"true": True, "false": False, "null": None}
"""The variables that never change."""


def unset(machine: Machine, node: Variable) -> ShellError:
    """Return the error of a variable that strict mode does not let be read."""
    message = f"The variable '${node.name}' cannot be retrieved because it has not been set."
    return ShellError(machine.record(message, node.at, id="VariableIsUndefined", target=node.name))


def reference_of(
    machine: Machine, node: Cast, evaluate: Callable[[Expression], Value]
) -> ShellObject:
    """Return ``[ref]$variable``: what is stored in its ``Value`` goes to the variable."""
    if not isinstance(node.operand, Variable) or node.operand.name.casefold() in CONSTANTS:
        return ShellObject((("Value", evaluate(node.operand)),), type_=REFERENCE)
    cell = machine.scope.find(node.operand.name)
    if cell is None:
        machine.fail(
            "[ref] cannot be applied to a variable that does not exist.",
            node.at,
            id="NonExistingVariableReference",
        )
    held = cell

    def store(_name: str, value: Value) -> Value:
        held.value = value
        return value

    return ShellObject((("Value", held.value),), type_=replace(REFERENCE, convert=store))
