"""Calling a script block by itself, without a command that is written somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.binding.functions import FunctionStage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.interpreter.scope import Scope
    from relaysim.powershell.language.syntax import ScriptBlock
    from relaysim.powershell.values.value import Value

__all__ = ["run_in_scope"]


def run_in_scope(
    parts: Interpreter,
    block: ScriptBlock,
    emit: Callable[[Value], None],
    *,
    scope: Scope,
    values: list[Value],
    given: Sequence[Value] = (),
) -> None:
    """Run a called block in a scope, with values for its parameters, and with its input."""
    stage = FunctionStage(
        parts,
        "script block",
        block,
        emit,
        arguments=(),
        at=block.at,
        has_input=bool(given),
        scope=scope,
        values=values,
    )
    stage.begin()
    for one in given:
        stage.process(one)
    stage.finish()
