"""Errors while a script runs, and the other ways in which running leaves a statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from relaysim.errors import RelaysimError
from relaysim.powershell.values.failures import ConversionError

if TYPE_CHECKING:
    from relaysim.powershell.language.source import Position
    from relaysim.powershell.values.value import Value

__all__ = [
    "BreakLoop",
    "ContinueLoop",
    "ConversionError",
    "ErrorRecord",
    "ExitScript",
    "LimitReached",
    "ReturnFromBlock",
    "ShellError",
    "StopUpstream",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRecord:
    """One error of a script.

    Attributes:
        message: One line, in the voice of the command that failed.
        id: A stable id such as ``V-1``, or the name of a kind of error such as ``CommandNotFound``.
        command: The command or operator that failed; empty when none.
        target: What it was working on, as text; empty when unknown.
        position: Where in the script, or ``None`` when not known.
        exception_type: The .NET name ``catch [type]`` compares.
        thrown: The value of ``throw``, when the script threw it.
        hint: Advice, or ``None``.
    """

    message: str
    id: str = "RuntimeException"
    command: str = ""
    target: str = ""
    position: Position | None = None
    exception_type: str = "System.Management.Automation.RuntimeException"
    thrown: Value = field(default=None, compare=False)
    hint: str | None = None


class ShellError(RelaysimError):
    """An error that ends a statement, or with ``fatal`` the script, unless it is caught."""

    def __init__(self, record: ErrorRecord, *, fatal: bool = False) -> None:
        super().__init__(record.message)
        self.record = record
        self.fatal = fatal


class LimitReached(ShellError):
    """A bound of a run was reached; no ``catch`` takes it, since the work must end."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(ErrorRecord(message=message, id="LimitReached", hint=hint), fatal=True)


class BreakLoop(Exception):
    """``break``."""


class ContinueLoop(Exception):
    """``continue``."""


class StopUpstream(Exception):
    """A command of a pipeline wants no more objects; ``stage`` is set on the way up."""

    def __init__(self) -> None:
        super().__init__()
        self.stage: object = None


class ReturnFromBlock(Exception):
    """``return``; its value has already gone to the output."""


class ExitScript(Exception):
    """``exit`` with a code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code
