"""Variables with a scope before their names, ``$global:x`` and ``$using:x``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.interpreter.scope import Cell
    from relaysim.powershell.language.syntax import Variable

__all__ = ["scoped_cell"]


def scoped_cell(machine: Machine, node: Variable) -> Cell | None:
    """Return the variable that a name with a scope means, ``None`` when there is none.

    ``$using:`` names one of whoever sent a block to another machine.

    Raises:
        ShellError: The block was sent by nobody.
    """
    folded = node.name.casefold()
    if node.scope in {"script", "global"}:
        return machine.scope.root.variables.get(folded)
    if node.scope != "using":
        return machine.scope.variables.get(folded)
    if machine.using is None:
        machine.fail(
            "A Using variable cannot be retrieved. A Using variable can be used only with "
            "Invoke-Command, Start-Job, or InlineScript in the script workflow.",
            node.at,
            id="UsingWithoutInvokeCommand",
        )
    return machine.using.find(node.name)
