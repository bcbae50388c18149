"""``Invoke-Command`` on the spot, and the culture that texts have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.language.syntax import ParameterArgument, Splat
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import to_list
from relaysim.powershell.values.kinds.text_encodings import culture
from relaysim.powershell.values.value import ScriptBlockValue, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet
    from relaysim.powershell.language.syntax import Command

__all__ = ["CALLING_CMDLETS"]

_HERE = ("scriptblock", "command", "argumentlist", "args", "nonewscope")
_REMOTE = "`Invoke-Command` to another machine would reach it"
_HINT = "without a computer or a session it runs its block on the spot"


def _only_here(node: Command) -> str | None:
    """Return why a call cannot be followed: it names another machine, or a file to run."""
    places = 0
    for argument in node.arguments:
        if isinstance(argument, Splat):
            return f"{_REMOTE}; {_HINT}"
        if not isinstance(argument, ParameterArgument):
            places += 1
            continue
        name = argument.name.casefold()
        common = name.startswith(("err", "warn", "out", "verb", "inform"))
        if not common and not any(one.startswith(name) for one in _HERE):
            return f"{_REMOTE}; {_HINT}"
        places -= argument.value is None and not "nonewscope".startswith(name)
    return f"{_REMOTE}; {_HINT}" if places > 1 else None


def _block(value: Value) -> Value:
    return cast("scriptblock", value)


class _InvokeCommand:
    spec = CmdletSpec(
        name="Invoke-Command",
        aliases=("icm",),
        parameters=(
            Parameter(
                name="ScriptBlock", aliases=("Command",), position=0, mandatory=True, convert=_block
            ),
            Parameter(name="ArgumentList", aliases=("Args",)),
            Parameter(name="NoNewScope", switch=True),
        ),
        refuse=_only_here,
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return what the block writes."""
        del pipeline_input
        written: list[Value] = []
        block = bound.get("ScriptBlock")
        if isinstance(block, ScriptBlockValue):
            context.call_with(block, written.append, list(to_list(bound.get("ArgumentList"))))
        return written


class _GetCulture:
    def __init__(self, name: str) -> None:
        self.spec = CmdletSpec(name=name)

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the culture: the English one of the United States."""
        del context, bound, pipeline_input
        return [culture("en-US")]


CALLING_CMDLETS: tuple[Cmdlet, ...] = (
    _InvokeCommand(),
    _GetCulture("Get-Culture"),
    _GetCulture("Get-UICulture"),
)
