"""Running what was read from another text than the script's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import replace
from relaysim.powershell.interpreter.failing.failures import ConversionError, ShellError
from relaysim.powershell.language.syntax import Function, ScriptBlockLiteral
from relaysim.powershell.language.walking import walk

if TYPE_CHECKING:
    from types import TracebackType

    from relaysim.errors import Problem
    from relaysim.powershell.interpreter.failing.failures import ErrorRecord
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.language.source import Position, Source
    from relaysim.powershell.language.syntax import ScriptBlock

__all__ = ["InItsText", "refused_text", "take_text"]


def refused_text(said: str, problem: Problem) -> ConversionError:
    """Return the error of a text that cannot be taken in.

    What stands in it is as much part of the script as the rest: without it, it would be another
    script.
    """
    return ConversionError(
        f"{said}: {problem.message}", id="NotInSubset", hint=problem.hint, subset=True
    )


def take_text(machine: Machine, tree: ScriptBlock, source: Source) -> None:
    """Remember of all blocks of a tree which text they were read from."""
    machine.sources[id(tree)] = source
    machine.kept.append(tree)
    for one in walk(tree):
        if isinstance(one, Function):
            machine.sources[id(one.body)] = source
        elif isinstance(one, ScriptBlockLiteral):
            machine.sources[id(one.block)] = source


class InItsText:
    """Runs a block in the text it was read from, which is not the script's own.

    Args:
        machine: The run.
        block: What runs.
        at: Where the text that is left called it.
    """

    def __init__(self, machine: Machine, block: ScriptBlock, at: int) -> None:
        self._machine = machine
        self._outer = machine.source
        self._inner = machine.sources.get(id(block), machine.main)
        self._at = at

    def __enter__(self) -> None:
        self._before = len(self._machine.errors)
        self._machine.source = self._inner

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        machine = self._machine
        machine.source = self._outer
        if self._inner is self._outer:
            return
        place = self._outer.position(self._at)
        own = self._inner is machine.main
        for number in range(self._before, len(machine.errors)):
            machine.errors[number] = self._told(machine.errors[number], place, own=own)
        if isinstance(error, ShellError):
            error.record = self._told(error.record, place, own=own)

    def _told(self, record: ErrorRecord, place: Position, *, own: bool) -> ErrorRecord:
        hint = record.hint
        # What a function writes as its own error has the place of its call already.
        told = self._inner.file is not None and record.position is not None
        if not own and not record.caller and told and record.position is not None:
            where = f"line {record.position.line} of `{self._inner.file}`"
            if hint is None:
                hint = where
            elif where not in hint.split("; "):
                hint = f"{where}; {hint}"
        return replace(record, position=place, hint=hint)
