"""Running a script: text and a state in, a new state, output and errors out.

Pure: nothing is read but the text, unless a ``reader`` is given, and nothing is ever executed on
the machine.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NamedTuple

from relaysim.errors import InvalidScript
from relaysim.lean import frozen, later, replace
from relaysim.powershell.cmdlets import ASKING_SHELF, CLOCK_SHELF, GENERIC_SHELVES
from relaysim.powershell.hosting.console import shows, surrounding_variables
from relaysim.powershell.hosting.general_types import GENERAL_TYPES
from relaysim.powershell.hosting.surroundings import Surroundings
from relaysim.powershell.interpreter.budget import MAX_MEMORY, MAX_SECONDS, MAX_STEPS, Limits
from relaysim.powershell.interpreter.contract import Registry, WithFunctions
from relaysim.powershell.interpreter.failing.checking import check_script
from relaysim.powershell.interpreter.failing.elsewhere import what_differs
from relaysim.powershell.interpreter.failing.failures import (
    ConversionError,
    ErrorRecord,
    ExitScript,
    Leaving,
    LimitReached,
    ShellError,
)
from relaysim.powershell.interpreter.failing.familiar import Familiar
from relaysim.powershell.interpreter.machine import Machine
from relaysim.powershell.interpreter.running.executor import Executor
from relaysim.powershell.language.source import Source
from relaysim.powershell.language.syntax import ParameterArgument, StringLiteral
from relaysim.powershell.parser import parse_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from relaysim.powershell.interpreter.contract import Cmdlet, Maker, Shelf, StreamingCmdlet
    from relaysim.powershell.interpreter.memory_files import MemoryFiles
    from relaysim.powershell.interpreter.scope import Scope
    from relaysim.powershell.language.advice import advise, in_order, without_line
    from relaysim.powershell.language.syntax import Argument, ScriptBlock
    from relaysim.powershell.values.value import Value
else:
    advise, in_order, without_line = later(
        globals(), "relaysim.powershell.language.advice", "advise in_order without_line"
    )

__all__ = ["Prepared", "ScriptResult", "ScriptSession", "Session", "run_script"]


@frozen
class ScriptResult:
    r"""What a script did.

    Attributes:
        output: What it wrote, formatted as PowerShell would, lines ended by ``\n``.
        state: The host's state after it.
        errors: The errors that were neither caught nor silenced, in order, with their places.
        warnings: The warnings, in order.
        remarks: What was said about the run itself, such as a command that does nothing here.
        terminated: Whether the last error ended the script.
        exit_code: What ``exit`` gave, or ``None``.
    """

    output: str
    state: object
    errors: tuple[ErrorRecord, ...]
    warnings: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    terminated: bool = False
    exit_code: int | None = None

    @property
    def failed(self) -> bool:
        """Whether a command failed or the script said so."""
        return bool(self.errors) or bool(self.exit_code)


class Prepared(NamedTuple):
    """A text that was parsed and checked; only the session that made it runs it."""

    tree: ScriptBlock
    source: Source
    said: tuple[str, ...]


_LEFT_OUT = 8
"""So many lines are left out to find what else is wrong with a script."""
_DEPTH = 5000
"""How deeply Python may call itself while a script runs: some thirty calls for one of it."""


class ScriptSession:
    """Scripts run one after another with the same variables and functions, as at a prompt."""

    def __init__(
        self,
        *,
        state: object,
        cmdlets: Iterable[Cmdlet | StreamingCmdlet],
        shelves: Iterable[Shelf] = (),
        reader: Callable[[str], str] | None = None,
        types: Mapping[str, Callable[[Value], Value]] | None = None,
        environment: Mapping[str, str] | None = None,
        max_steps: int = MAX_STEPS,
        max_seconds: float = MAX_SECONDS,
        max_memory: int = MAX_MEMORY,
        width: int | None = None,
        arguments: Sequence[str] = (),
        answers: Sequence[str] | None = None,
        surroundings: Surroundings | None = None,
        now: datetime | None = None,
        keep_going: bool = False,
        later: Callable[[], Mapping[str, Maker]] | None = None,
    ) -> None:
        self._registry = Registry((*GENERIC_SHELVES, *shelves), cmdlets)
        if later is not None:
            self._registry.add_later(later)
        if answers is not None:
            self._registry.stock(ASKING_SHELF)
        about = surroundings or Surroundings()
        about = about if now is None else replace(about, now=now)
        if about.now is not None:
            self._registry.stock(CLOCK_SHELF)
        self._arguments = tuple(arguments)
        self._types = {**GENERAL_TYPES, **(types or {})}
        self._environment = environment or {}
        self._machine = Machine(
            Source(""),
            state=state,
            reader=reader,
            types=self._types,
            environment=self._environment,
            limits=Limits(steps=max_steps, seconds=max_seconds, megabytes=max_memory),
            width=width,
            surroundings=about,
        )
        for one in ("temp", "appdata", "localappdata", "userprofile"):
            self._machine.files.assume_folder(self._machine.environment.get(one) or ".")
        self._machine.keep_going = keep_going
        self._machine.answers = None if answers is None else list(answers)
        self._machine.check = self._check
        self._executor = Executor(self._machine, self._registry)
        self._root = self._machine.scope

    @property
    def registry(self) -> Registry:
        """The commands, for completion."""
        return self._registry

    @property
    def state(self) -> object:
        """The host's state."""
        return self._machine.state

    @state.setter
    def state(self, value: object) -> None:
        self._machine.state = value

    def variable(self, name: str) -> Value:
        """Return the value of a variable of the session, ``None`` when there is none."""
        return self._root.get(name)

    def set_variable(self, name: str, value: Value) -> None:
        """Give a variable of the session a value."""
        self._root.set(name, value)

    @property
    def files(self) -> MemoryFiles:
        """What the scripts wrote."""
        return self._machine.files

    def variable_names(self) -> list[str]:
        """Return the names of the variables of the session, sorted."""
        return sorted(self._root.variables)

    def run(self, text: str, *, file: str | None = None) -> ScriptResult:
        """Parse and check the whole of ``text``, then run it.

        Raises:
            InvalidScript: The text cannot be understood; nothing has run.
        """
        source = Source(text, file=file)
        try:
            tree = parse_source(source)
        except InvalidScript as error:
            self._surround(file)
            raise self._everything_wrong(error, source) from None
        self._surround(file)
        folded = text.casefold()
        self._machine.tells_invocation |= "myinvocation" in folded or "pscmdlet" in folded
        try:
            self._check(tree, source)
        except InvalidScript as error:
            advise(error.problems, text)
            raise
        return self._run(tree, source, what_differs(self._machine, self._registry, tree, source))

    def prepare(self, text: str) -> Prepared:
        """Parse and check a text that will be run many times; raises ``InvalidScript``."""
        source = Source(text)
        tree = parse_source(source)
        self._surround(None)
        self._check(tree, source)
        said = what_differs(self._machine, self._registry, tree, source)
        return Prepared(tree, source, said)

    def run_prepared(self, prepared: Prepared) -> ScriptResult:
        """Run such a text; the variables about the surroundings stay as they are."""
        return self._run(*prepared)

    def _everything_wrong(self, error: InvalidScript, source: Source) -> InvalidScript:
        """Return the error of a script with what else is wrong, when that can be told.

        The lines that cannot be read are left out one after another. Where the rest then makes a
        script, what it names is looked at too; where it does not, only the first error is sure.
        """
        first, text = list(error.problems), source.text
        found = list(first)
        # Without its end a here-string would swallow what follows: nothing else is sure.
        for _ in range(0 if "here-string" in first[0].message else _LEFT_OUT):
            rest = without_line(text, found[-1].line)
            if rest is None:
                break
            text = rest
            try:
                tree = parse_source(Source(text, file=source.file))
            except InvalidScript as further:
                found += further.problems
                continue
            unread = {id(one) for one in found}
            try:
                self._check(tree, Source(text, file=source.file))
            except InvalidScript as further:
                found += further.problems
            found = in_order(found, unread)
            advise(found, source.text)
            return InvalidScript(found)
        advise(first, source.text)
        return InvalidScript(first)

    def _check(self, tree: ScriptBlock, source: Source) -> None:
        """Refuse a script that names something unknown."""
        machine = self._machine
        known: dict[str, object] = {**machine.aliases}
        scope: Scope | None = machine.scope
        while scope is not None:
            known |= scope.functions
            scope = scope.parent
        familiar = Familiar(
            types=machine.types,
            environment=self._environment,
            variables=self._root.variables,
            clock=machine.surroundings.now is not None,
            answers=machine.answers is not None,
            keep_going=machine.keep_going,
            files=machine.files,
        )
        check_script(tree, source, registry=WithFunctions(self._registry, known), familiar=familiar)

    def _surround(self, file: str | None) -> None:
        """Tell the script its name, and set the variables about its surroundings."""
        machine = self._machine
        name = (file or "").replace("\\", "/").rpartition("/")[2]
        script = name if name.casefold().endswith(".ps1") else ""
        machine.surroundings = replace(machine.surroundings, script=script)
        for variable, make in surrounding_variables(machine).items():
            self._root.set_late(variable, make)

    def _run(self, tree: ScriptBlock, source: Source, said: tuple[str, ...]) -> ScriptResult:
        machine = self._machine
        machine.begin(source, self._root)
        machine.remarks.update(dict.fromkeys(said))
        terminated, left = True, None
        depth = sys.getrecursionlimit()
        try:
            sys.setrecursionlimit(max(depth, _DEPTH))
            self._run_tree(tree)
            terminated = False
        except Leaving as leaving:
            terminated = False
            left = leaving
            if isinstance(leaving, ExitScript):
                machine.exit_code = leaving.code
        except ShellError as error:
            machine.end_with(error.record)
        except ConversionError as error:
            machine.end_with(ErrorRecord(message=error.message, id=error.id, hint=error.hint))
        except RecursionError:
            machine.end_with(ErrorRecord(message="calls are nested too deeply", id="LimitReached"))
        finally:
            sys.setrecursionlimit(depth)
        try:
            if left is not None:
                left.hand_over(machine.display.emit)
            output = machine.display.text()
            if machine.transcripts:
                from relaysim.powershell.cmdlets.host.transcripts import end_transcripts

                end_transcripts(machine)
        except LimitReached as error:
            output = ""
            machine.end_with(error.record)
        return ScriptResult(
            output=output,
            state=machine.state,
            errors=tuple(machine.errors),
            warnings=tuple(machine.warnings),
            remarks=tuple(machine.remarks),
            terminated=terminated,
            exit_code=machine.exit_code,
        )

    def _run_tree(self, tree: ScriptBlock) -> None:
        machine = self._machine
        if tree.params is None and not self._arguments:
            self._root.set("args", [])
            for statements in (tree.begin, tree.process, tree.end):
                if statements is not None:
                    self._executor.run_statements(statements, shows(machine))
            return
        from relaysim.powershell.interpreter.binding.functions import FunctionStage

        stage = FunctionStage(
            self._executor,
            "script",
            tree,
            shows(machine),
            arguments=tuple(_argument(text) for text in self._arguments),
            at=tree.at,
            has_input=False,
            scope=machine.scope,
        )
        stage.begin()
        stage.finish()


Session = ScriptSession
"""The public name of :class:`ScriptSession`; inside the package each class has one name."""


def _argument(text: str) -> Argument:
    """Return an argument of the script as PowerShell reads it after ``-File``."""
    match = re.fullmatch(r"-([A-Za-z_]\w*)(?::(.*))?", text, re.DOTALL)
    if match is None:
        return StringLiteral(value=text)
    value = match.group(2)
    return ParameterArgument(
        name=match.group(1), value=None if value is None else StringLiteral(value=value)
    )


def run_script(
    text: str,
    *,
    state: object,
    cmdlets: Iterable[Cmdlet | StreamingCmdlet],
    reader: Callable[[str], str] | None = None,
    file: str | None = None,
    types: Mapping[str, Callable[[Value], Value]] | None = None,
    environment: Mapping[str, str] | None = None,
    max_steps: int = MAX_STEPS,
) -> ScriptResult:
    r"""Run a script.

    The whole script is parsed and checked before anything runs. Errors while it runs are in the
    result, never raised: as in PowerShell the script goes on after an error unless it is fatal
    (``throw``, ``-ErrorAction Stop``) and not caught.

    Args:
        text: The script.
        state: The host's state, handed to the cmdlets through their context.
        cmdlets: The host's commands, beside the generic ones.
        reader: Returns the text of a file the script may read; raises ``OSError`` or
            ``ValueError`` for one it may not. Without it nothing can be read.
        file: The name errors use for the script.
        types: Types beside the built-in ones, with what converts a value to each.
        environment: The environment variables the script may see; none by default.
        max_steps: The bound of the work, see ``MAX_STEPS`` of the budget.

    Raises:
        InvalidScript: The text cannot be understood; nothing has run.

    >>> run_script('1..3 | ForEach-Object { "n$_" }', state=None, cmdlets=()).output
    'n1\nn2\nn3\n'
    """
    session = ScriptSession(
        state=state,
        cmdlets=cmdlets,
        reader=reader,
        types=types,
        environment=environment,
        max_steps=max_steps,
    )
    return session.run(text, file=file)
