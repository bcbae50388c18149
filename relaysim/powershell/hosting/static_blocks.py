"""Script blocks that are made of texts: read, checked and bounded like the script itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import InvalidScript
from relaysim.powershell.interpreter.running.other_texts import refused_text, take_text
from relaysim.powershell.language.source import ScriptProblem, Source
from relaysim.powershell.parser import parse_source
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.failures import method_failure
from relaysim.powershell.values.value import ScriptBlockValue, Value

if TYPE_CHECKING:
    from relaysim.powershell.interpreter.machine import Machine

__all__ = ["created_block"]


def created_block(machine: Machine, arguments: list[Value]) -> Value:
    """Return ``[scriptblock]::Create(text)``.

    Raises:
        ConversionError: The text is no script, or not one of the subset.
    """
    text = to_text(arguments[0])
    machine.spend(len(text))
    source = Source(text)
    try:
        tree = parse_source(source)
        machine.check(tree, source)
    except InvalidScript as error:
        problem = error.problems[0]
        if isinstance(problem, ScriptProblem) and not problem.refused:
            raise method_failure("Create", 1, problem.message, "ParseException") from error
        raise refused_text("in this text", problem) from error
    take_text(machine, tree, source)
    return ScriptBlockValue(block=tree, text=text)
