"""What a running cmdlet may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import later, replace
from relaysim.powershell.interpreter.failing.command_kinds import INNER_EXCEPTIONS, command_kind
from relaysim.powershell.interpreter.failing.failures import (
    ConversionError,
    ErrorRecord,
    LimitReached,
    ShellError,
)
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.value import Nothing, ScriptBlockValue, ShellObject, Value, collapse

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.hosting.questions import confirmed
    from relaysim.powershell.interpreter.interplay import Commands, Interpreter
else:
    (confirmed,) = later(globals(), "relaysim.powershell.hosting.questions", "confirmed")

__all__ = ["Context"]

_DEFAULT_EXCEPTION = "System.Management.Automation.RuntimeException"
_WRITTEN = "Microsoft.PowerShell.Commands.WriteErrorException"


class Context:
    """The surroundings of one command.

    Attributes:
        command: The name of the command.
        at: Its offset in the script.
        error_action: ``-ErrorAction`` or ``$ErrorActionPreference``, lower-case.
        what_if: Whether nothing may be changed (``-WhatIf``).
        verbose_action: ``-Verbose`` or ``$VerbosePreference``, lower-case.
        told: Whether ``-Verbose`` itself asks for each change to be told; no preference does.
        debug_action: ``-Debug`` or ``$DebugPreference``, lower-case.
        information_action: ``-InformationAction`` or ``$InformationPreference``, lower-case.
        informed: The texts of ``Write-Information``, for ``-InformationVariable``.
        confirm: Whether a person is asked before anything is changed.
        origin: The .NET name of the command, which its errors carry; empty for a host's own.
        collected: The errors of this command, for ``-ErrorVariable``.
        warned: The warnings of this command, for ``-WarningVariable``.
    """

    def __init__(self, parts: Interpreter, command: str, at: int) -> None:
        machine = parts.machine
        self.machine = machine
        self._parts = parts
        self.command = command
        self.at = at
        self.error_action = machine.preference("ErrorActionPreference")
        self.warning_action = machine.preference("WarningPreference")
        self.verbose_action = machine.preference("VerbosePreference")
        self.told = False
        self.debug_action = machine.preference("DebugPreference")
        self.information_action = machine.preference("InformationPreference")
        self.what_if = machine.scope.get("WhatIfPreference") is True
        self.domain_controller: str | None = None
        self.origin = ""
        self.confirm = False
        self._confirmed: list[str] = []
        self.collected: list[ErrorRecord] = []
        self.warned: list[str] = []
        self.informed: list[str] = []

    @property
    def state(self) -> object:
        """The host's state; replace it when a change succeeded, never before."""
        return self.machine.state

    @state.setter
    def state(self, value: object) -> None:
        self.machine.state = value

    def write_record(self, record: ErrorRecord, exception: Value) -> None:
        """Report an error that another command made, with the exception a script sees in it."""
        position = self.machine.source.position(self.at)
        self._reported(replace(record, position=position, at=self.at, exception=exception))

    def write_exception(self, exception: ShellObject, *, category: str = "NotSpecified") -> None:
        """Report an exception as an error after which the script goes on."""
        name = exception.type.name
        message = to_text(exception.get("Message"))
        record = self._record(message, name, "", None)
        self._reported(replace(record, exception_type=name, exception=exception, category=category))

    def _record(self, message: str, error_id: str, target: str, hint: str | None) -> ErrorRecord:
        machine = self.machine
        own = self.command == "Write-Error" and error_id != "MissingMandatoryParameter"
        # What a function writes has the place of its call.
        at = machine.frames[-1][1] if own and machine.frames else self.at
        known = None if own else command_kind(error_id)
        other = dict(machine.surroundings.exceptions).get(error_id, _DEFAULT_EXCEPTION)
        category, exception = known or ("NotSpecified", _WRITTEN if own else other)
        return ErrorRecord(
            message=message,
            id=error_id,
            target=target,
            hint=hint,
            command=self.command,
            origin=machine.caller if own else self.origin,
            exception_type=exception,
            inner_type="" if own else INNER_EXCEPTIONS.get(error_id, ""),
            category=category,
            position=machine.source.position(at),
            at=at,
            caller=machine.caller if own else "",
            stack=machine.stack(self.at),
        )

    def write_error(
        self,
        message: str,
        *,
        id: str = "WriteError",  # noqa: A002 - the word of the error record
        target: str = "",
        hint: str | None = None,
        category: str | None = None,
        described: tuple[str, str, str, str] = ("", "", "", ""),
        about: Value = None,
    ) -> None:
        """Report an error after which the command and the script go on.

        With ``-ErrorAction Stop`` it raises instead, with ``SilentlyContinue`` it only reaches
        ``$error``, with ``Ignore`` nothing.
        """
        record = self._record(message, id, target, hint)
        record = replace(record, category=category or record.category, described=described)
        self._reported(replace(record, thrown=about))

    def _reported(self, record: ErrorRecord) -> None:
        self.machine.succeeded = False
        self.collected.append(record)
        match self.error_action:
            case "stop":
                raise ShellError(replace(record, stopped=True), fatal=True)
            case "ignore":
                return
            case "silentlycontinue":
                self.machine.remember(record)
            case _:
                self.machine.report(record)

    def failure(
        self,
        message: str,
        *,
        id: str = "CommandFailed",  # noqa: A002 - the word of the error record
        target: str = "",
        hint: str | None = None,
    ) -> ShellError:
        """Return the error that ends the command; raise it."""
        record = self._record(message, id, target, hint)
        self.collected.append(record)
        # What ends a command of PowerShell's own ends the statement, also with `Stop`.
        return ShellError(record, fatal=self.error_action == "stop" and not self.origin)

    def converted(self, error: ConversionError) -> ShellError:
        """Return the error of the command for a value that did not fit while it ran."""
        failure = self.machine.convert_failure(error, self.at)
        known = command_kind(error.id)
        if not isinstance(failure, LimitReached):
            category, exception = known or (failure.record.category, failure.record.exception_type)
            failure.record = replace(
                failure.record, category=category, exception_type=exception, origin=self.origin
            )
        return failure

    def warn(self, message: str) -> None:
        """Report a warning, unless ``-WarningAction`` silences it."""
        self.warned.append(message)
        if self.warning_action == "stop":
            self.machine.warn(message)
            raise self._stopped("WarningPreference", message)
        if self.warning_action not in {"silentlycontinue", "ignore"}:
            self.machine.warn(message)
        elif self.warning_action == "silentlycontinue":
            self.machine.gather("Warning", message)

    def host(self, text: str) -> None:
        """Write text to the output, past the pipeline; ends no line by itself."""
        self.machine.host(text)

    def _stopped(self, preference: str, message: str) -> ShellError:
        """Return the error of a message that is to stop the script."""
        return ShellError(
            self._record(
                f'The running command stopped because the preference variable "{preference}" or '
                f"common parameter is set to Stop: {message}",
                "ActionPreferenceStop",
                "",
                None,
            ),
            fatal=True,
        )

    def note(self, message: str) -> None:
        """Write a verbose message where ``-Verbose`` asks for them."""
        self._shown("verbose", self.verbose_action, message)

    def debug(self, message: str) -> None:
        """Write a debug message where ``-Debug`` asks for them."""
        self._shown("debug", self.debug_action, message)

    def _shown(self, stream: str, action: str, message: str) -> None:
        if action in {"silentlycontinue", "ignore"}:
            return
        self.machine.message(stream, message)
        if action == "stop":
            raise self._stopped(f"{stream.capitalize()}Preference", message)

    def told_of(self, message: str) -> None:
        """Keep what ``-InformationVariable`` of the command, or of a function, asks for."""
        self.informed.append(message)
        self.machine.gather("Information", message)

    def inform(self, message: str) -> None:
        """Write an information message where ``-InformationAction`` asks for them."""
        if self.information_action != "ignore":
            self.told_of(message)
        if self.information_action == "stop":
            raise self._stopped("InformationPreference", message)
        self.machine.inform(f"{message}\n", shown=self.information_action == "continue")

    def should_process(self, target: str, action: str | None = None) -> bool:
        """Return whether to make a change; under ``-WhatIf`` say what it would be instead."""
        operation = action or self.command
        if self.what_if:
            self.machine.host(
                f'What if: Performing the operation "{operation}" on target "{target}".\n'
            )
            return False
        if self.confirm and not confirmed(self.machine, operation, target, self._confirmed):
            return False
        if self.told:
            self.note(f'Performing the operation "{operation}" on target "{target}".')
        return True

    def invoke(self, block: ScriptBlockValue, item: Value, *, apart: bool = False) -> list[Value]:
        """Run a script block with ``$_``, in a scope of its own or not; return what it wrote."""
        written: list[Value] = []
        self.call(block, written.append, item=item, apart=apart)
        return written

    def attempt(self, block: ScriptBlockValue, item: Value) -> tuple[list[Value], str | None]:
        """Run a script block with ``$_`` in a scope of its own; nobody else sees what fails in it.

        Returns:
            What it wrote, and the message of what ended it, ``None`` where nothing did.
        """
        machine = self.machine
        errors = len(machine.errors)
        machine.tries += 1
        try:
            return self.invoke(block, item, apart=True), None
        except LimitReached:
            raise
        except (ShellError, ConversionError) as error:
            if isinstance(error, ConversionError) and error.subset:
                raise
            del machine.errors[errors:]
            told = error.message if isinstance(error, ConversionError) else error.record.message
            return [], told
        finally:
            machine.tries -= 1

    def call(
        self,
        block: ScriptBlockValue,
        emit: Callable[[Value], None],
        *,
        item: Value = None,
        apart: bool = False,
    ) -> None:
        """Run a script block with ``$_``; what it writes goes to ``emit`` at once."""
        machine = self.machine
        before = machine.succeeded
        failed = False

        def emitted(value: Value) -> None:
            nonlocal failed
            inside, machine.succeeded = machine.succeeded, True
            emit(value)
            failed = failed or not machine.succeeded
            machine.succeeded = inside

        self._parts.invoke_block(block.block, emitted, item=item, apart=apart)
        # What fails in the block does not make the command a failure, what fails behind it does.
        machine.succeeded = before and not failed

    def call_with(
        self,
        block: ScriptBlockValue,
        emit: Callable[[Value], None],
        arguments: list[Value],
        *,
        here: bool = False,
        given: list[Value] | None = None,
    ) -> None:
        """Run a script block with arguments, in a scope of its own unless ``here``.

        Args:
            block: The block.
            emit: Takes what it writes.
            arguments: Its arguments.
            here: Whether it runs in the scope it is called from.
            given: What it reads as ``$input``.
        """
        self._parts.call_block(block, emit, arguments=arguments, here=here, given=given)

    def method_of(self, block: ScriptBlockValue) -> Callable[[Value, list[Value]], Value]:
        """Return what calls a script block as a member: with its object as ``$this``."""
        parts, machine = self._parts, self.machine

        def call(owner: Value, arguments: list[Value]) -> Value:
            written: list[Value] = []
            scope = machine.scope
            before = scope.variables.get("this")
            scope.set("this", owner)
            machine.tries += 1
            try:
                parts.call_block(block, written.append, arguments=arguments)
            finally:
                machine.tries -= 1
                scope.variables.pop("this", None)
                if before is not None:
                    scope.variables["this"] = before
            result = collapse(written)
            return None if isinstance(result, Nothing) else result

        return call

    def value(self, block: ScriptBlockValue, item: Value) -> Value:
        """Run a script block with ``$_`` and return its output as one value."""
        result = collapse(self.invoke(block, item))
        return None if isinstance(result, type(collapse([]))) else result

    def variable(self, name: str) -> Value:
        """Return a variable of the script."""
        return self.machine.scope.get(name)

    @property
    def registry(self) -> Commands:
        """The commands, to look one up."""
        return self._parts.registry

    def spend(self, count: int) -> None:
        """Charge steps for work that grows with the input."""
        self.machine.spend(count)
