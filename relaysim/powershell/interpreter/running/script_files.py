r"""Other scripts that a script runs: ``. .\common.ps1``, ``& "$PSScriptRoot\\add.ps1"``.

They come from the files of the run: what the script wrote, then what may be read. Each is read,
checked and bounded like the rest, and what fails in one is told where the script reached it, for
that is the text whoever runs it looks at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import InvalidScript
from relaysim.powershell.hosting.console import invocation_object
from relaysim.powershell.hosting.surroundings import SCRIPT_FOLDER
from relaysim.powershell.interpreter.binding.functions import FunctionStage
from relaysim.powershell.interpreter.failing.failures import ExitScript
from relaysim.powershell.interpreter.failing.script_parts import is_script_path
from relaysim.powershell.interpreter.running.other_texts import refused_text, take_text
from relaysim.powershell.interpreter.scope import Cell, Scope
from relaysim.powershell.language.source import Source
from relaysim.powershell.parser import parse_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.language.syntax import Command, ScriptBlock
    from relaysim.powershell.values.value import Value

__all__ = ["script_stage"]

_TOLD = ("PSScriptRoot", "PSCommandPath", "MyInvocation")


class _ScriptStage:
    """A script file in a pipeline: what it ends with ``exit`` is itself only."""

    def __init__(
        self,
        parts: Interpreter,
        node: Command,
        tree: ScriptBlock,
        emit: Callable[[Value], None],
        *,
        name: str,
        path: str,
        has_input: bool,
    ) -> None:
        self._machine = machine = parts.machine
        self._scope = machine.scope if node.dotted else Scope(machine.scope)
        self._stage: FunctionStage | None = None
        folder = path.rpartition("\\")[0]
        itself = invocation_object(machine, at=node.at, path=path)
        # A script asks this to find out whether it was run by a dot.
        itself.put("InvocationName", "." if node.dotted else "&" if node.called else name)
        self._values = dict(zip(_TOLD, (folder, path, itself), strict=True))

        def bind() -> None:
            self._stage = FunctionStage(
                parts,
                path.rpartition("\\")[2],
                tree,
                emit,
                arguments=node.arguments,
                at=node.at,
                has_input=has_input,
                scope=self._scope,
            )

        self._run(bind)

    def _run(self, work: Callable[[], None]) -> None:
        variables = self._scope.variables
        kept = {name: variables.get(name.casefold()) for name in _TOLD}
        for name, value in self._values.items():
            variables[name.casefold()] = Cell(value)
        try:
            work()
        except ExitScript as leaving:
            self._stage = None
            self._machine.scope.root.set("LASTEXITCODE", leaving.code)
            self._machine.succeeded = not leaving.code
        finally:
            for name, cell in kept.items():
                if cell is None:
                    variables.pop(name.casefold(), None)
                else:
                    variables[name.casefold()] = cell

    def begin(self) -> None:
        """Run the block that comes before the objects."""
        stage = self._stage
        if stage is not None:
            self._run(stage.begin)

    def process(self, item: Value) -> None:
        """Take one object."""
        stage = self._stage
        if stage is not None:
            self._run(lambda: stage.process(item))

    def finish(self) -> None:
        """Take the end of the input."""
        stage = self._stage
        if stage is not None:
            self._run(stage.finish)


def script_stage(
    parts: Interpreter,
    node: Command,
    name: str,
    emit: Callable[[Value], None],
    *,
    has_input: bool,
) -> _ScriptStage | None:
    """Return the stage of a script that is named by its path, ``None`` when it cannot be read.

    Raises:
        ConversionError: What stands in it is not part of the subset.
    """
    if not is_script_path(name):
        return None
    machine = parts.machine
    text = machine.files.read(name)
    if text is None:
        return None
    machine.spend(len(text) >> 4)
    source = Source(text.removeprefix("\ufeff"), file=name)
    try:
        tree = parse_source(source)
        machine.check(tree, source)
    except InvalidScript as error:
        problem = error.problems[0]
        raise refused_text(f"`{name}`: line {problem.line}", problem) from error
    take_text(machine, tree, source)
    place = machine.files.place(name).replace("/", "\\")
    path = place if place[1:2] == ":" else f"{SCRIPT_FOLDER}\\{place}"
    return _ScriptStage(parts, node, tree, emit, name=name, path=path, has_input=has_input)
