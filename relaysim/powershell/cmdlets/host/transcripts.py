"""``Start-Transcript`` and ``Stop-Transcript``: what the console showed, as a file in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.storage.paths import to_paths
from relaysim.powershell.hosting.clock import local_time
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import (
    to_list,
    to_text,
    written_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.values.value import Value

__all__ = ["TRANSCRIPT_CMDLETS", "end_transcripts"]

_STARS = "*" * 22


def _stamp(machine: Machine, name: str) -> str:
    if machine.surroundings.now is None:
        return ""
    return f"{name}: {local_time(machine):%Y%m%d%H%M%S}\r\n"


class _Start:
    spec = CmdletSpec(
        name="Start-Transcript",
        changes=True,
        parameters=(
            Parameter(name="Path", position=0, aliases=("LiteralPath", "PSPath"), convert=to_paths),
            Parameter(name="OutputDirectory", convert=written_text),
            Parameter(name="Append", switch=True),
            Parameter(name="Force", switch=True),
            Parameter(name="NoClobber", switch=True),
            Parameter(name="IncludeInvocationHeader", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Begin to keep what the console shows."""
        del pipeline_input
        machine = context.machine
        about = machine.surroundings
        given = to_list(bound.get("Path"))
        path = to_text(given[0]) if given else ""
        if not path:
            folder = to_text(bound.get("OutputDirectory")) or machine.files.folder
            path = f"{folder}\\PowerShell_transcript.{about.computer}.txt"
        if not machine.files.folder_is_there(path):
            machine.files.make_folder(path.replace("\\", "/").rpartition("/")[0])
        if bound.flag("NoClobber") and machine.files.exists(path):
            raise context.failure(
                f"Start-Transcript: the file `{path}` is there already",
                id="NoClobber",
                target=path,
            )
        head = (
            f"{_STARS}\r\nWindows PowerShell transcript start\r\n{_stamp(machine, 'Start time')}"
            f"Username: {about.account}\r\nMachine: {about.computer}\r\n{_STARS}\r\n"
        )
        if bound.flag("Append"):
            machine.files.append(path, head, "utf8")
        else:
            machine.files.write(path, head, "utf8")
        machine.transcripts.append((path, machine.display.mark()))
        return [f"Transcript started, output file is {path}"]


class _Stop:
    spec = CmdletSpec(name="Stop-Transcript")

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """End the last transcript."""
        del bound, pipeline_input
        machine = context.machine
        if not machine.transcripts:
            raise context.failure(
                "Stop-Transcript: the host is not transcribing", id="InvalidOperation"
            )
        path, mark = machine.transcripts.pop()
        _end(machine, path, mark)
        return [f"Transcript stopped, output file is {path}"]


def _end(machine: Machine, path: str, mark: int) -> None:
    shown = machine.display.since(mark).replace("\n", "\r\n")
    tail = (
        f"{_STARS}\r\nWindows PowerShell transcript end\r\n{_stamp(machine, 'End time')}"
        f"{_STARS}\r\n"
    )
    machine.files.append(path, shown + tail, "utf8")


def end_transcripts(machine: Machine) -> None:
    """End the transcripts that a script left open."""
    while machine.transcripts:
        _end(machine, *machine.transcripts.pop())


TRANSCRIPT_CMDLETS: tuple[Cmdlet, ...] = (_Start(), _Stop())
