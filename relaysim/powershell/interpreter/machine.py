"""What a run keeps: the state of the host, the scopes, the budget, the output and the errors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from relaysim.powershell.display.screen import Display
from relaysim.powershell.interpreter.failures import (
    ConversionError,
    ErrorRecord,
    LimitReached,
    ShellError,
)
from relaysim.powershell.interpreter.scope import Cell, Scope
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.value import HashTable, ObjectType, ShellList, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import NoReturn

    from relaysim.powershell.language.source import Source
    from relaysim.powershell.values.pattern import Match

__all__ = ["MAX_STEPS", "Machine", "error_object"]

MAX_STEPS = 2_000_000
"""How many steps a run may take before it is ended; a step is roughly a microsecond."""

_MAX_CALLS = 30
_ERROR_TYPE = ObjectType(
    name="System.Management.Automation.ErrorRecord",
    text=lambda record: to_text(record.get("Message")),
)
_EXCEPTION_TYPE = ObjectType(
    name="System.Management.Automation.RuntimeException",
    text=lambda exception: to_text(exception.get("Message")),
)


def error_object(record: ErrorRecord) -> ShellObject:
    """Return the object a script sees as ``$_`` in ``catch`` and in ``$error``."""
    exception = ShellObject(
        (("Message", record.message), ("InnerException", None)), type_=_EXCEPTION_TYPE
    )
    line = record.position.line if record.position is not None else None
    invocation = ShellObject((("MyCommand", record.command), ("ScriptLineNumber", line)))
    return ShellObject(
        (
            ("Exception", exception),
            ("TargetObject", record.thrown if record.thrown is not None else record.target),
            ("FullyQualifiedErrorId", record.id),
            ("InvocationInfo", invocation),
            ("Message", record.message),
        ),
        type_=_ERROR_TYPE,
        base=record,
    )


class Machine:
    """The run of one script; what evaluates and executes works on it.

    Attributes:
        state: The host's state, opaque here.
        scope: The innermost scope.
        errors: The errors that were neither caught nor silenced, in order.
        warnings: The warnings, in order.
        exit_code: What ``exit`` gave, or ``None``.
    """

    def __init__(
        self,
        source: Source,
        *,
        state: object,
        reader: Callable[[str], str] | None,
        types: Mapping[str, Callable[[Value], Value]],
        environment: Mapping[str, str],
        max_steps: int = MAX_STEPS,
        width: int | None = None,
    ) -> None:
        # The last column of a console stays free.
        self.width = None if width is None else width - 1
        self.source = source
        self.state = state
        self.reader = reader
        self.types = {name.casefold(): convert for name, convert in types.items()}
        self.environment = {name.casefold(): value for name, value in environment.items()}
        self.max_steps = max_steps
        self.steps = 0
        self.calls = 0
        self.tries = 0
        self.succeeded = True
        self.muted: list[tuple[str, ...]] = []
        self.scope = Scope()
        self.display = Display(self.enumeration_limit, self.width)
        self.errors: list[ErrorRecord] = []
        self.warnings: list[str] = []
        self.exit_code: int | None = None
        self.seen_errors = ShellList()
        for name, value in (
            ("ErrorActionPreference", "Continue"),
            ("WarningPreference", "Continue"),
            ("VerbosePreference", "SilentlyContinue"),
            ("ConfirmPreference", "High"),
            ("WhatIfPreference", False),
            ("FormatEnumerationLimit", 16),
            ("Error", self.seen_errors),
            ("Matches", None),
        ):
            self.scope.variables[name.casefold()] = Cell(value)

    def begin(self, source: Source, scope: Scope) -> None:
        """Make ready for a script: nothing written yet, no error, the whole budget."""
        self.source = source
        self.scope = scope
        self.steps = self.calls = self.tries = 0
        self.succeeded = True
        self.muted = []
        self.display = Display(self.enumeration_limit, self.width)
        self.errors = []
        self.warnings = []
        self.exit_code = None

    def end_with(self, record: ErrorRecord) -> None:
        """Report the error that ended the script, whatever was silenced around it."""
        self.muted = []
        self.report(record)

    def spend(self, count: int) -> None:
        """Charge steps; end the run when they are used up."""
        self.steps += count
        if self.steps > self.max_steps:
            raise LimitReached(
                f"the script took more than {self.max_steps} steps",
                hint="look for a loop that does not end",
            )

    def enter_call(self) -> None:
        """Count a call of a function or block that is under way; refuse endless recursion."""
        self.calls += 1
        if self.calls > _MAX_CALLS:
            self.calls = 0
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
        raise ShellError(
            ErrorRecord(message=message, id=id, hint=hint, position=self.source.position(at))
        )

    def convert_failure(self, error: ConversionError, at: int, context: str = "") -> ShellError:
        """Return the error of a statement whose value did not fit."""
        if error.id == "LimitReached":
            return LimitReached(error.message)
        return ShellError(
            ErrorRecord(
                message=context + error.message,
                id=error.id,
                hint=error.hint,
                position=self.source.position(at),
            )
        )

    def remember(self, record: ErrorRecord) -> None:
        """Put an error first in ``$error``."""
        self.succeeded = False
        self.seen_errors.insert(0, error_object(record))
        del self.seen_errors[256:]

    def report(self, record: ErrorRecord) -> None:
        """Report an error that nobody caught."""
        self.remember(record)
        if not any("2" in streams or "*" in streams for streams in self.muted):
            self.errors.append(record)

    def warn(self, message: str) -> None:
        """Report a warning."""
        if not any("3" in streams or "*" in streams for streams in self.muted):
            self.warnings.append(message)

    def host(self, text: str) -> None:
        """Write text past the pipeline."""
        if not any("6" in streams or "*" in streams for streams in self.muted):
            self.display.host(text)

    def preference(self, name: str) -> str:
        """Return a preference variable in lower case."""
        return to_text(self.scope.get(name)).lower()
