"""What a run keeps: the state of the host, the scopes, the budget, the output and the errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import later, replace
from relaysim.powershell.display.screen import Display
from relaysim.powershell.hosting.named_types import converter_for, folded_type
from relaysim.powershell.hosting.surroundings import Surroundings
from relaysim.powershell.interpreter.budget import Budget, Limits
from relaysim.powershell.interpreter.failing.failures import (
    ConversionError,
    ErrorRecord,
    LimitReached,
    ShellError,
)
from relaysim.powershell.interpreter.memory_files import MemoryFiles
from relaysim.powershell.interpreter.scope import Cell, Scope
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.failures import SHOWN_IDS, kind_of_error
from relaysim.powershell.values.value import HashTable, ShellList, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import NoReturn

    from relaysim.powershell.interpreter.failing.error_objects import (
        error_object,
        message_object,
        stands_first,
    )
    from relaysim.powershell.interpreter.positions import call_stack, line_of, position_message
    from relaysim.powershell.language.source import Source
    from relaysim.powershell.language.syntax import ScriptBlock
    from relaysim.powershell.values.patterns.pattern import Match
else:
    error_object, message_object, stands_first = later(
        globals(),
        "relaysim.powershell.interpreter.failing.error_objects",
        "error_object message_object stands_first",
    )
    call_stack, line_of, position_message = later(
        globals(),
        "relaysim.powershell.interpreter.positions",
        "call_stack line_of position_message",
    )

__all__ = ["Collected", "Machine"]

_MAX_CALLS = 90
_OWN_PLACE = frozenset(
    {"CommandNotFoundException", "InvalidNullKey", "TypeNotFound", "VariableIsUndefined"}
)
"""The errors whose place is what they name."""


class Collected:
    """What ``-ErrorVariable`` and its like of a function gather.

    Attributes:
        errors: The errors as objects.
        messages: Warnings and information as objects.
        written: What the function wrote.
    """

    __slots__ = ("errors", "messages", "written")

    def __init__(self) -> None:
        self.errors: list[Value] = []
        self.messages: dict[str, list[Value]] = {"Warning": [], "Information": []}
        self.written: list[Value] = []


class Machine:
    """The run of one script; what evaluates and executes works on it.

    Attributes:
        state: The host's state, opaque here.
        scope: The innermost scope.
        source: The text that runs; ``main`` is the script's own, ``sources`` have the texts of
            other scripts by the identity of their blocks, which ``kept`` holds.
        errors: The errors that were neither caught nor silenced, in order.
        warnings: The warnings, in order.
        exit_code: What ``exit`` gave, or ``None``.
        caller: The function that is running, empty in the script itself.
        frames: The functions and blocks that are under way, each with the place of its call.
        remarks: What was said about the run itself, each once.
        keep_going: Whether an unknown command is told in PowerShell's own words.
        tells_invocation: Whether the script names what tells about a call, such as ``$PSCmdlet``.
        using: The scope that ``$using:`` looks into, inside a block that runs elsewhere.
        slept: The seconds that the script has slept.
        aliases: Commands by the lower-case names that the script gave them.
        snapins: What it loaded, by lower-case name; ``modules`` likewise.
        sessions: The remote sessions it began.
        places: The folders it will come back to; ``jobs`` are the jobs it began.
        transcripts: The transcripts that are open, each with where it began on the console.
        check: Refuses a part of the script that only comes to be while it runs, as the whole of it
            was looked at before; raises ``InvalidScript``.
    """

    def __init__(
        self,
        source: Source,
        *,
        state: object,
        reader: Callable[[str], str] | None,
        types: Mapping[str, Callable[[Value], Value]],
        environment: Mapping[str, str],
        limits: Limits,
        width: int | None = None,
        surroundings: Surroundings | None = None,
    ) -> None:
        self.surroundings = surroundings or Surroundings()
        # The last column of a console stays free.
        self.width = None if width is None else width - 1
        self.source = self.main = source
        self.sources: dict[int, Source] = {}
        self.kept: list[ScriptBlock] = []
        self.state = state
        self.files = MemoryFiles(reader)
        self.types = {folded_type(name): convert for name, convert in types.items()}
        self.environment = {name.casefold(): value for name, value in environment.items()}
        self.budget = Budget(limits)
        self.answers: list[str] | None = None
        self.calls = 0
        self.tries = 0
        self.succeeded = True
        self.redirected: list[tuple[tuple[str, ...], Callable[[Value], None]]] = []
        self.collecting: list[Collected] = []
        self.caller = ""
        self.frames: list[tuple[str, int]] = []
        self.scope = Scope()
        self.using: Scope | None = None
        self.display = Display(self.enumeration_limit, self.width)
        self.errors: list[ErrorRecord] = []
        self.warnings: list[str] = []
        self.remarks: dict[str, None] = {}
        self.slept = 0.0
        self.keep_going = False
        self.tells_invocation = False
        self.watches: list[Callable[[], None]] = []
        self.aliases: dict[str, str] = {}
        self.snapins: dict[str, str] = {}
        self.modules: dict[str, str] = {}
        self.sessions: list[ShellObject] = []
        self.places: list[str] = []
        self.jobs: list[ShellObject] = []
        self.jobs_begun = 0
        self.transcripts: list[tuple[str, int]] = []
        self.exit_code: int | None = None
        self.check: Callable[[ScriptBlock, Source], None] = lambda _tree, _source: None
        self.seen_errors = ShellList()
        for name, value in (
            ("ErrorActionPreference", "Continue"),
            ("WarningPreference", "Continue"),
            ("VerbosePreference", "SilentlyContinue"),
            ("DebugPreference", "SilentlyContinue"),
            ("InformationPreference", "SilentlyContinue"),
            ("ProgressPreference", "Continue"),
            ("MaximumHistoryCount", 4096),
            ("ConfirmPreference", "High"),
            ("WhatIfPreference", False),
            ("FormatEnumerationLimit", 16),
            ("Error", self.seen_errors),
        ):
            self.scope.variables[name.casefold()] = Cell(value)

    def begin(self, source: Source, scope: Scope) -> None:
        """Make ready for a script: nothing written yet, no error, the whole budget."""
        self.source = self.main = source
        self.scope = scope
        self.calls = self.tries = 0
        self.budget.begin()
        self.succeeded = True
        self.redirected = []
        self.collecting = []
        self.caller = ""
        self.frames = []
        self.display = Display(self.enumeration_limit, self.width)
        self.errors = []
        self.warnings = []
        self.remarks = {}
        self.exit_code = None

    def end_with(self, record: ErrorRecord) -> None:
        """Report the error that ended the script, whatever was silenced around it."""
        self.redirected = []
        self.report(record)

    def spend(self, count: int) -> None:
        """Charge steps; end the run when a bound is reached."""
        self.budget.spend(count)

    def ask(self, question: str) -> str:
        """Return what a person answers, the next of the answers given beforehand.

        Raises:
            LimitReached: There is no answer left; the script ends at the question.
        """
        if not self.answers:
            raise LimitReached(
                f"a question was asked: {question}",
                id="QuestionWithoutAnswer",
                hint="`--answer` gives the answers, in their order",
            )
        return self.answers.pop(0)

    def sleep(self, seconds: float) -> None:
        """Let time pass without waiting."""
        self.slept += max(0.0, seconds)
        for update in self.watches:
            update()

    def remark(self, text: str) -> None:
        """Say something about the run itself, once; no stream of the script carries it."""
        self.remarks[text] = None

    def has_folder(self, path: str) -> bool:
        """Tell whether a file can be written; a folder of the machine is taken for there."""
        if self.files.folder_is_there(path):
            return True
        folder = self.files.take_folder(path)
        if folder is not None:
            self.remark(f"the folder `{folder}` is taken for there: this machine is not looked at")
        return folder is not None

    def type_of(self, name: str) -> Callable[[Value], Value] | None:
        """Return what makes a value one of a type of the host, ``None`` for another type."""
        return converter_for(self.types, name)

    def enter_call(self) -> None:
        """Count a call of a function or block that is under way; refuse endless recursion."""
        self.calls += 1
        if self.calls > _MAX_CALLS:
            raise LimitReached(f"more than {_MAX_CALLS} calls inside one another")

    def leave_call(self) -> None:
        """End what :meth:`enter_call` began."""
        self.calls = max(0, self.calls - 1)

    def matched(self, match: Match) -> None:
        """Set ``$matches`` as a successful ``-match`` does."""
        table = HashTable()
        names = {number: name for name, number in match.names.items()}
        for number in range(len(match.spans)):
            text = match.group(number)
            if text is not None:
                table[names.get(number, number)] = text
        self.scope.set("Matches", table)

    def joiner(self) -> str:
        """Return what stands between the items of an array in a text: ``$OFS``, or a blank."""
        separator = self.scope.get("OFS")
        return " " if separator is None else to_text(separator)

    def enumeration_limit(self) -> int:
        """Return how many items of a collection are shown; -1 means all."""
        value = self.scope.get("FormatEnumerationLimit")
        return value if isinstance(value, int) else 16

    def locate(self, record: ErrorRecord, at: int) -> ErrorRecord:
        """Return the record with its place, unless it has one."""
        if record.position is not None:
            return record
        return replace(record, position=self.source.position(at))

    def fail(
        self,
        message: str,
        at: int,
        *,
        id: str = "RuntimeException",  # noqa: A002 - the word of the error record
        hint: str | None = None,
    ) -> NoReturn:
        """End the statement with an error."""
        raise ShellError(self.record(message, at, id=id, hint=hint))

    def convert_failure(self, error: ConversionError, at: int) -> ShellError:
        """Return the error of a statement whose value did not fit."""
        position = self.source.position(at)
        if error.id == "LimitReached" or error.subset:
            return LimitReached(error.message, hint=error.hint, id=error.id, position=position)
        return ShellError(
            self.record(error.message, at, id=error.id, hint=error.hint, target=error.target)
        )

    def record(
        self,
        message: str,
        at: int,
        *,
        id: str,  # noqa: A002 - the word of the error record
        hint: str | None = None,
        target: Value = None,
    ) -> ErrorRecord:
        """Return the record of an error, with what PowerShell says about its kind."""
        category, exception, inner = kind_of_error(id)
        return ErrorRecord(
            message=message,
            id=SHOWN_IDS.get(id, id),
            hint=hint,
            position=self.source.position(at),
            category=category,
            exception_type=exception,
            inner_type=inner,
            thrown=target,
        )

    def placed(self, record: ErrorRecord, at: int) -> ErrorRecord:
        """Return the record with the statement it happened in, the innermost one."""
        if record.at is not None:
            return record
        if not record.command and record.id not in _OWN_PLACE:
            # What fails in an expression has the place of its statement.
            record = replace(record, position=self.source.position(at))
        return replace(record, at=at, stack=self.stack(at))

    def stack(self, at: int) -> tuple[str, ...]:
        """Return the calls that ``at`` is reached by, innermost first, as a script sees them."""
        return call_stack(self.source, self.frames, at)

    def object_of(self, record: ErrorRecord) -> ShellObject:
        """Return the object a script sees for an error."""
        line = "" if record.position is None else line_of(self.source, record.position.line)
        message = "" if record.at is None else position_message(self.source, record.at)
        return error_object(record, line, message)

    def remember(self, record: ErrorRecord, *, caught: bool = False) -> None:
        """Put an error first in ``$error``, and where ``-ErrorVariable`` of a function asks."""
        self.succeeded, seen = False, self.object_of(record)
        if not stands_first(record, self.seen_errors):
            self.seen_errors.insert(0, seen)
        # An error that a command ends with is told once as its own and once where it is caught.
        times = 2 if caught and record.stopped else 1
        for collected in self.collecting:
            collected.errors += [seen] * times
        del self.seen_errors[256:]

    def report(self, record: ErrorRecord) -> None:
        """Report an error that nobody caught."""
        self.remember(record)
        taker = self.taker_of("2")
        if taker is not None:
            taker(self.object_of(record))
            return
        self.errors.append(record)
        self.budget.count_error(record.id, record.message)

    def taker_of(self, stream: str) -> Callable[[Value], None] | None:
        """Return what takes a stream that is redirected, merged or silenced; ``None`` for none."""
        for streams, emit in reversed(self.redirected):
            if stream in streams or "*" in streams:
                return emit
        return None

    def gather(self, kind: str, message: str) -> None:
        """Keep a ``Warning`` or ``Information`` for what functions that run ask to be kept."""
        for collected in self.collecting:
            collected.messages[kind].append(message_object(kind, message))

    def warn(self, message: str) -> None:
        """Report a warning."""
        self.gather("Warning", message)
        taker = self.taker_of("3")
        if taker is not None:
            taker(message_object("Warning", message))
            return
        self.warnings.append(message)

    def host(self, text: str) -> None:
        """Write text past the pipeline."""
        taker = self.taker_of("6")
        if taker is not None:
            taker(message_object("Information", text.removesuffix("\n")))
            return
        self.display.host(text)

    def message(self, stream: str, text: str) -> None:
        """Write a message of the stream ``verbose`` or ``debug``."""
        number = {"verbose": "4", "debug": "5"}[stream]
        taker = self.taker_of(number)
        if taker is not None:
            taker(message_object(stream.capitalize(), text))
        else:
            self.display.host(f"{stream.upper()}: {text}\n")

    def inform(self, text: str, *, shown: bool) -> None:
        """Write an information message, on the screen where it is ``shown``."""
        if shown or self.taker_of("6") is not None:
            self.host(text)

    def preference(self, name: str) -> str:
        """Return a preference variable in lower case."""
        return to_text(self.scope.get(name)).lower()
