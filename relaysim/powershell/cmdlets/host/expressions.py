"""``Invoke-Expression``: a text becomes part of the script, read and checked like the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import InvalidScript
from relaysim.lean import replace
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failing.failures import ConversionError, ShellError
from relaysim.powershell.interpreter.running.other_texts import refused_text
from relaysim.powershell.language.source import Source
from relaysim.powershell.parser import parse_source
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.value import ScriptBlockValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import StreamingCmdlet
    from relaysim.powershell.values.value import Value

__all__ = ["EXPRESSION_CMDLETS"]


class _Stage:
    def __init__(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> None:
        self._context = context
        self._emit = emit
        if "Command" in bound:
            self._run(bound.get("Command"))

    def process(self, item: Value) -> None:
        """Run a text that comes down the pipeline."""
        self._run(item)

    def finish(self) -> None:
        """Nothing is left over."""

    def _run(self, given: Value) -> None:
        context, machine = self._context, self._context.machine
        text = to_text(given)
        context.spend(len(text))
        source = Source(text, file=machine.source.file)
        try:
            tree = parse_source(source)
            machine.check(tree, source)
        except InvalidScript as error:
            raise refused_text(context.command, error.problems[0]) from error
        outer, machine.source = machine.source, source
        place = outer.position(context.at)
        before = len(machine.errors)
        try:
            context.call(ScriptBlockValue(block=tree), self._emit, item=context.variable("_"))
        except ShellError as error:
            error.record = replace(error.record, position=place)
            raise
        finally:
            machine.source = outer
            # An error is told where the script stands, not where in a text that it made.
            machine.errors[before:] = [
                replace(record, position=place) for record in machine.errors[before:]
            ]


def _to_command(value: Value) -> Value:
    if value is None:
        raise ConversionError("is null.", id="ParameterArgumentValidationErrorNullNotAllowed")
    if value == "":
        raise ConversionError(
            "is an empty string.", id="ParameterArgumentValidationErrorEmptyStringNotAllowed"
        )
    return value


class _InvokeExpression:
    runs_without_input = True
    spec = CmdletSpec(
        name="Invoke-Expression",
        aliases=("iex",),
        parameters=(
            Parameter(
                name="Command", position=0, mandatory=True, from_pipeline=True, convert=_to_command
            ),
        ),
    )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _Stage:
        """Begin: a text that is given runs at once."""
        return _Stage(context, bound, emit)


EXPRESSION_CMDLETS: tuple[StreamingCmdlet, ...] = (_InvokeExpression(),)
