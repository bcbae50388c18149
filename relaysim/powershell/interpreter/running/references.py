"""References to variables: ``[ref]$variable``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import replace
from relaysim.powershell.language.syntax import Variable
from relaysim.powershell.values.value import REFERENCE, ShellObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.language.syntax import Cast, Expression
    from relaysim.powershell.values.value import Value

__all__ = ["CONSTANTS", "reference_of"]

CONSTANTS = {"true": True, "false": False, "null": None}
"""The variables that never change."""


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
