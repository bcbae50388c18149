"""``Invoke-Command`` on the spot or on a machine that the host knows, and the culture of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.scope import Scope
from relaysim.powershell.language.syntax import BareWord, Command, ParameterArgument, Splat
from relaysim.powershell.language.walking import walk
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.failures import not_known
from relaysim.powershell.values.kinds.text_encodings import culture
from relaysim.powershell.values.value import ScriptBlockValue, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet, PipelineStage, StreamingCmdlet

__all__ = ["CALLING_CMDLETS", "InvokeCommand", "Visit", "missing_there", "scope_apart"]

_HERE = ("scriptblock", "command", "argumentlist", "args", "nonewscope")
_THERE = (
    "ComputerName", "Session", "Credential", "Authentication", "ConfigurationName", "Port",
    "SessionOption", "ThrottleLimit",
)  # fmt: skip
_REMOTE = "`Invoke-Command` to another machine would reach it"
_HINT = "without a computer or a session it runs its block on the spot"


class Visit(Protocol):
    """Moves a run to another machine and back again."""

    def __call__(self, context: Context, computer: str) -> AbstractContextManager[str] | None:
        """Return what is entered on the way there, giving the machine's name, or ``None``."""


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


class _Calling:
    def __init__(self, call: Callable[[list[Value]], None]) -> None:
        self._call = call
        self._given: list[Value] = []

    def process(self, item: Value) -> None:
        """Keep an object for ``$input``."""
        self._given.append(item)

    def finish(self) -> None:
        """Run the block."""
        self._call(self._given)


class InvokeCommand:
    """The command.

    Args:
        visit: Moves a run to a machine that the host knows; without it a block only runs on the
            spot, and a call that names a machine is refused.
    """

    def __init__(self, visit: Visit | None = None) -> None:
        self._visit = visit
        there = () if visit is None else tuple(Parameter(name=name) for name in _THERE)
        self.spec = CmdletSpec(
            name="Invoke-Command",
            aliases=("icm",),
            parameters=(
                Parameter(name="ScriptBlock", aliases=("Command",), position=0, mandatory=True),
                Parameter(name="ArgumentList", aliases=("Args",)),
                Parameter(name="NoNewScope", switch=True),
                Parameter(name="InputObject", from_pipeline=True),
                Parameter(name="HideComputerName", switch=True),
                *there,
                # The machine may come first, without a name; the block then stands behind it.
                *(() if visit is None else (Parameter(name="Behind", position=1, remaining=True),)),
            ),
            refuse=None if visit is not None else _only_here,
        )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> PipelineStage:
        """Begin: the block runs at the end of the input, and what it writes is written at once."""
        return _Calling(lambda given: self._call(context, bound, emit, given))

    def _call(
        self, context: Context, bound: Bound, emit: Callable[[Value], None], given: list[Value]
    ) -> None:
        """Run the block where it is to run."""
        first, behind = bound.get("ScriptBlock"), to_list(bound.get("Behind"))
        places = to_list(bound.get("ComputerName", bound.get("Session")))
        if behind:
            block, machines = (first, behind[0])
            if not isinstance(first, ScriptBlockValue):
                block, machines = behind[0], first
            first, places = block, to_list(machines)
        block = cast("scriptblock", first)
        arguments = list(to_list(bound.get("ArgumentList")))
        if not isinstance(block, ScriptBlockValue):
            return
        if not places:
            here = bound.flag("NoNewScope")
            context.call_with(block, emit, arguments, here=here, given=given)
        plain = not {"Session", "ConfigurationName"} & set(bound)
        for place in places:
            written: list[Value] = []
            self._call_there(context, block, written, arguments, _computer(place), plain=plain)
            for value in written:
                emit(value)

    def _call_there(
        self,
        context: Context,
        block: ScriptBlockValue,
        written: list[Value],
        arguments: list[Value],
        computer: str,
        *,
        plain: bool,
    ) -> None:
        """Run the block as it runs there: without the variables of the caller."""
        machine = context.machine
        visit = None if self._visit is None else self._visit(context, computer)
        if visit is None:
            raise not_known(f"what `Invoke-Command` does on `{computer}`, which is no server here,")
        kept, using = machine.scope, machine.using
        apart = scope_apart(kept)
        found: list[Value] = []
        with visit as name:
            machine.scope, machine.using = apart, kept
            try:
                context.call_with(block, found.append, arguments)
            finally:
                machine.scope, machine.using = kept, using
        for value in found:
            one = value
            if isinstance(value, ShellObject):
                one = value.copy()
                one.put("PSComputerName", name)
            written.append(one)
        if plain:
            _remark_missing(context, block)
        machine.remark(
            f"Invoke-Command ran its block on the modelled `{name}`; what comes back is live, not "
            "a copy with `RunspaceId`"
        )


_EVERYWHERE = frozenset(
    {"psversiontable", "pshome", "host", "psculture", "psuiculture", "erroractionpreference",
     "warningpreference", "verbosepreference", "debugpreference", "informationpreference",
     "confirmpreference", "whatifpreference", "error"}
)  # fmt: skip
"""The variables that a session begins with anywhere."""


def scope_apart(scope: Scope) -> Scope:
    """Return a scope that has nothing of another one but what is there in every session."""
    apart = Scope()
    apart.variables = {
        name: cell for name, cell in scope.root.variables.items() if name in _EVERYWHERE
    }
    return apart


def missing_there(context: Context, block: ScriptBlockValue) -> str | None:
    """Return a command of a block that a plain session does not have: one of the host's."""
    names = [
        node.name.text
        for node in walk(block.block)
        if isinstance(node, Command) and isinstance(node.name, BareWord)
    ]
    own = [name for name in names if context.registry.asks_directory(name)]
    loads = any(name.casefold().startswith(("add-", "import-")) for name in names)
    return own[0] if own and not loads else None


def _remark_missing(context: Context, block: ScriptBlockValue) -> None:
    """Say that a plain session does not have the commands of the host."""
    name = missing_there(context, block)
    if name is not None:
        context.machine.remark(
            f"`{name}` is not there in a plain session with another machine, only after "
            "`Add-PSSnapin`"
        )


def _computer(place: Value) -> str:
    if isinstance(place, ShellObject):
        return to_text(place.get("ComputerName") or place.get("Name"))
    return to_text(place)


class _GetCulture:
    def __init__(self, name: str) -> None:
        self.spec = CmdletSpec(name=name)

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the culture: the English one of the United States."""
        del context, bound, pipeline_input
        return [culture("en-US")]


CALLING_CMDLETS: tuple[Cmdlet | StreamingCmdlet, ...] = (
    InvokeCommand(),
    _GetCulture("Get-Culture"),
    _GetCulture("Get-UICulture"),
)
