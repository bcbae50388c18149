"""Errors while a script runs, and the other ways in which running leaves a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import RelaysimError
from relaysim.lean import field, frozen
from relaysim.powershell.values.failures import ConversionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.language.source import Position
    from relaysim.powershell.values.value import Value

__all__ = [
    "BreakLoop",
    "ContinueLoop",
    "ConversionError",
    "ErrorRecord",
    "ExitScript",
    "Leaving",
    "LimitReached",
    "ReturnFromBlock",
    "ShellError",
    "StopUpstream",
]


@frozen
class ErrorRecord:
    """One error of a script.

    Attributes:
        message: One line, in the voice of the command that failed.
        id: A stable id such as ``V-1``, or the name of a kind of error such as ``CommandNotFound``.
        command: The command or operator that failed; empty when none.
        target: What it was working on, as text; empty when unknown.
        position: Where in the script, or ``None`` when not known.
        at: The place of the statement or command that failed, or ``None``.
        exception_type: The .NET name ``catch [type]`` compares.
        thrown: The value of ``throw``, when the script threw it.
        hint: Advice, or ``None``.
        category: The category, such as ``InvalidArgument``.
        inner_type: The .NET name of the inner exception, which ``catch [type]`` compares too.
        exception: The exception a script threw, or ``None``.
        origin: The command that stands behind the id in ``FullyQualifiedErrorId``.
        caller: The function that wrote it, whose call is its place; empty for none.
        stack: The calls it happened in, the innermost first, each a line.
        stopped: Whether it ends what runs only because the action ``Stop`` was asked for.
        described: What ``Write-Error`` was told about activity, reason, and the name and type of
            the target; empty texts where nothing.
    """

    message: str
    id: str = "RuntimeException"
    command: str = ""
    target: str = ""
    position: Position | None = None
    at: int | None = field(default=None, compare=False)
    exception_type: str = "System.Management.Automation.RuntimeException"
    thrown: Value = field(default=None, compare=False)
    hint: str | None = None
    category: str = "NotSpecified"
    inner_type: str = ""
    exception: Value = field(default=None, compare=False)
    origin: str = ""
    caller: str = ""
    stack: tuple[str, ...] = field(default=(), compare=False)
    stopped: bool = field(default=False, compare=False)
    described: tuple[str, str, str, str] = ("", "", "", "")


class ShellError(RelaysimError):
    """An error that ends a statement, or with ``fatal`` the script, unless it is caught.

    Attributes:
        record: What is reported.
        fatal: Whether the script ends.
        stage: The command of a pipeline that failed while an earlier one wrote: no statement of
            the earlier one handles the error, its pipeline ends. ``None`` where it has.
        preferred: Whether it is only fatal because ``$ErrorActionPreference`` says so.
    """

    def __init__(
        self, record: ErrorRecord, *, fatal: bool = False, preferred: bool = False
    ) -> None:
        super().__init__(record.message)
        self.stage: object = None
        self.record = record
        self.fatal = fatal
        self.preferred = preferred


class LimitReached(ShellError):
    """The script must end here: a bound was reached, or something is not part of the subset.

    No ``catch`` takes it.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        id: str = "LimitReached",  # noqa: A002 - the word of the error record
        position: Position | None = None,
    ) -> None:
        record = ErrorRecord(message=message, id=id, hint=hint, position=position)
        super().__init__(record, fatal=True)


class Leaving(Exception):
    """A statement that leaves where it stands.

    Attributes:
        pending: What was written for an assignment or a text that is not made any more: it goes to
            the output of what is left.
    """

    def __init__(self, *about: object) -> None:
        super().__init__(*about)
        self.pending: list[Value] = []

    def hand_over(self, emit: Callable[[Value], None]) -> None:
        """Write what is pending."""
        for value in self.pending:
            emit(value)
        self.pending.clear()


class BreakLoop(Leaving):
    """``break``; ``label`` names the loop it leaves, empty for the innermost."""

    def __init__(self, label: str = "") -> None:
        super().__init__(label)
        self.label = label


class ContinueLoop(Leaving):
    """``continue``; ``label`` names the loop that goes on, empty for the innermost."""

    def __init__(self, label: str = "") -> None:
        super().__init__(label)
        self.label = label


class StopUpstream(Exception):
    """A command of a pipeline wants no more objects; ``stage`` is set on the way up."""

    def __init__(self) -> None:
        super().__init__()
        self.stage: object = None


class ReturnFromBlock(Leaving):
    """``return``; its value has already gone to the output."""


class ExitScript(Leaving):
    """``exit`` with a code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code
