"""Taking errors: ``try`` with its ``catch`` and ``finally``, and ``trap``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import replace
from relaysim.powershell.interpreter.failing.failures import (
    BreakLoop,
    ContinueLoop,
    ConversionError,
    ErrorRecord,
    LimitReached,
    ShellError,
)
from relaysim.powershell.interpreter.scope import Cell, Scope
from relaysim.powershell.values.conversion import canonical_type
from relaysim.powershell.values.exceptions import inner_message
from relaysim.powershell.values.type_names import ancestors, full_name
from relaysim.powershell.values.value import ShellObject

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.language.syntax import Catch, Statement, Try
    from relaysim.powershell.values.value import Value

__all__ = ["ErrorHandler"]

_RUNTIME = "System.Management.Automation.RuntimeException"
_STOPPED = "System.Management.Automation.ActionPreferenceStopException"


class ErrorHandler:
    """Runs what a script does about its errors."""

    def __init__(self, machine: Machine, parts: Interpreter) -> None:
        self.machine = machine
        self.parts = parts

    def run_trapped(
        self,
        nodes: tuple[Statement, ...],
        handlers: Sequence[Catch],
        emit: Callable[[Value], None],
    ) -> None:
        """Run statements of a block with traps: each error goes to the trap for its type.

        After ``continue`` the next statement of the block runs, after ``break`` nothing of it; a
        trap that ends otherwise lets the error be reported, and the next statement runs. An error
        that no trap of the block takes, and one inside a trap, ends more than the block.
        """
        for node in nodes:
            self.machine.spend(1)
            failed = self._attempted(node, emit)
            if failed is None:
                continue
            handler, seen = self._handler(handlers, failed.record, rest="Exception")
            if failed.stage is not None:
                self.parts.failed(failed)
            elif handler is None:
                raise ShellError(failed.record, fatal=True) from failed
            else:
                self._run_trap(handler, failed, seen, emit)

    def _attempted(self, node: Statement, emit: Callable[[Value], None]) -> ShellError | None:
        """Run a statement and return the error that ended it."""
        outer = self.machine.scope
        self.machine.tries += 1
        try:
            self.parts.run_statement(node, emit)
        except LimitReached:
            raise
        except ConversionError as error:
            failure = self.machine.convert_failure(error, node.at)
            failure.record = self.machine.placed(failure.record, node.at)
            return failure
        except ShellError as error:
            self.machine.scope = outer
            error.record = self.machine.placed(error.record, node.at)
            return error
        finally:
            self.machine.tries -= 1
        return None

    def _run_trap(
        self, handler: Catch, failed: ShellError, seen: ErrorRecord, emit: Callable[[Value], None]
    ) -> None:
        machine = self.machine
        record = failed.record
        action = machine.preference("ErrorActionPreference")
        outer = machine.scope
        machine.scope = Scope(outer)
        machine.scope.set("_", machine.object_of(seen))
        machine.tries += 1
        try:
            self.parts.run_statements(handler.body, emit)
        except ContinueLoop:
            machine.remember(record)
            return
        except BreakLoop:
            raise ShellError(record, fatal=True) from failed
        finally:
            machine.tries -= 1
            machine.scope = outer
        if action in {"silentlycontinue", "ignore"}:
            machine.remember(record)
        else:
            machine.report(record)

    def run_try(self, node: Try, emit: Callable[[Value], None]) -> None:
        """Run a ``try`` with its ``catch`` and ``finally``."""
        try:
            self._try_catch(node, emit)
        except LimitReached:
            # The work must end: what would clean up might begin it again.
            raise
        except BaseException:
            self._clean_up(node, emit)
            raise
        self._clean_up(node, emit)

    def _clean_up(self, node: Try, emit: Callable[[Value], None]) -> None:
        if node.cleanup is not None:
            self.parts.run_statements(node.cleanup, emit)

    def _try_catch(self, node: Try, emit: Callable[[Value], None]) -> None:
        self.machine.tries += 1
        outer = self.machine.scope
        try:
            self.parts.run_statements(node.body, emit)
        except LimitReached:
            raise
        except ConversionError as error:
            raise self.machine.convert_failure(error, node.at) from error
        except ShellError as error:
            self.machine.scope = outer
            if not node.catches or error.stage is not None:
                raise
            handler, seen = self._handler(node.catches, error.record)
            if handler is None:
                raise
            caught = error
        else:
            return
        finally:
            self.machine.tries -= 1
        self.machine.remember(caught.record, caught=True)
        self._run_handler(handler, seen, emit)

    def _run_handler(
        self, handler: Catch, record: ErrorRecord, emit: Callable[[Value], None]
    ) -> None:
        before = self.machine.scope.variables.get("_")
        errors = self.machine.seen_errors
        first = errors[0] if errors else None
        own = isinstance(first, ShellObject) and first.base is record
        self.machine.scope.variables["_"] = Cell(first if own else self.machine.object_of(record))
        # An error here is one of the whole statement: nothing more of the block runs.
        self.machine.tries += 1
        try:
            self.parts.run_statements(handler.body, emit)
        finally:
            self.machine.tries -= 1
            if before is None:
                self.machine.scope.variables.pop("_", None)
            else:
                self.machine.scope.variables["_"] = before

    def _handler(
        self, catches: Sequence[Catch], record: ErrorRecord, *, rest: str = ""
    ) -> tuple[Catch | None, ErrorRecord]:
        """Return the ``catch`` that takes an error, and the error as it sees it.

        The inner exception decides first, then the error's own; the handler that names the inner
        one gets it in the error's place.

        Args:
            catches: The handlers.
            record: The error.
            rest: The type that a handler without types names; empty when it only takes the rest.
        """
        inner, own = record.inner_type, record.exception_type
        if record.command == "throw":
            inner, own = own, _RUNTIME
        elif record.stopped:
            inner, own = _STOPPED, record.exception_type
        for name in (inner, own):
            found = self._handler_by_type(catches, name, rest) if name else None
            if found is not None:
                return found, _unwrapped(record) if name == inner else record
        return next((one for one in catches if not one.types), None), record

    def _handler_by_type(self, catches: Sequence[Catch], name: str, rest: str) -> Catch | None:
        line = [full_name(one).lower() for one in ancestors(canonical_type(name) or name)]
        if len(line) < 3 and name != "System.Exception":
            line = [name.lower(), "system.exception"]
        for reach in (line[:1], line[1:]):
            for handler in catches:
                for written in handler.types or ((rest,) if rest else ()):
                    canonical = canonical_type(written)
                    if canonical is None and written.lower().startswith(
                        self.machine.surroundings.namespaces
                    ):
                        canonical = written
                    if canonical is None:
                        self.machine.fail(
                            f"Unable to find type [{written}].", handler.at, id="TypeNotFound"
                        )
                    if full_name(canonical).lower() in reach:
                        return handler
        return None


def _unwrapped(record: ErrorRecord) -> ErrorRecord:
    """Return an error with the exception that was inside its own."""
    if record.exception is not None or not record.inner_type:
        return record
    return replace(
        record,
        message=inner_message(record.message),
        exception_type=record.inner_type,
        inner_type="",
    )
