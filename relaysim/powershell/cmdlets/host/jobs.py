"""Jobs: a block runs at once, apart from the script, and gives what it wrote when it is received.

As in the process of its own that a job is, the block has none of the script's variables (but
``$using:``), functions and aliases, and another working folder. Nothing runs beside the script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.host.calling import missing_there, scope_apart
from relaysim.powershell.display.screen import Display
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failing.failures import (
    ErrorRecord,
    ExitScript,
    LimitReached,
    ShellError,
)
from relaysim.powershell.interpreter.scope import Cell
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import (
    to_int,
    to_list,
    to_text,
    written_text,
)
from relaysim.powershell.values.patterns.wildcard import matches_wildcard
from relaysim.powershell.values.value import DefaultView, ObjectType, ScriptBlockValue, ShellObject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet
    from relaysim.powershell.values.value import Value

__all__ = ["JOB_CMDLETS"]

_JOB = ObjectType(
    name="System.Management.Automation.PSRemotingJob",
    text=lambda _one: "System.Management.Automation.PSRemotingJob",
    view=DefaultView(
        columns=("Id", "Name", "PSJobTypeName", "State", "HasMoreData", "Location", "Command"),
        widths=(6, 15, 15, 13, 15, 20, None),
    ),
)


class _Left:
    """What a job left behind for whoever receives it.

    Attributes:
        parts: What it wrote and its errors, in their order.
        warnings: Its warnings.
        shown: What it wrote to the console.
    """

    def __init__(self) -> None:
        self.parts: list[Value | ErrorRecord] = []
        self.warnings: list[str] = []
        self.shown = ""


def _left(job: ShellObject) -> _Left:
    return job.base if isinstance(job.base, _Left) else _Left()


def _run(
    context: Context, first: Value, block: ScriptBlockValue, arguments: list[Value]
) -> tuple[_Left, bool]:
    """Run a job's block and return what it left, and whether an error ended it."""
    machine, left = context.machine, _Left()
    kept = machine.scope, machine.using, machine.display, machine.aliases, machine.tries
    folder, errors, warnings = machine.files.folder, len(machine.errors), len(machine.warnings)
    seen = len(machine.seen_errors)
    profile = machine.environment.get("userprofile", "C:\\Users\\Default")
    machine.scope, machine.using = scope_apart(machine.scope), machine.scope
    machine.scope.variables["erroractionpreference"] = Cell("Continue")
    machine.display, machine.aliases, machine.tries = (
        Display(machine.enumeration_limit, machine.width), {}, 0,
    )  # fmt: skip
    machine.files.folder = f"{profile}\\Documents"
    machine.files.assume_folder(machine.files.folder)
    failed = False

    def drain() -> None:
        """Take the errors since the last time: they stand before what is written next."""
        left.parts += machine.errors[errors:]
        del machine.errors[errors:]

    def written(value: Value) -> None:
        drain()
        left.parts.append(value)

    try:
        if isinstance(first, ScriptBlockValue):
            context.call(first, lambda _value: None, item=None)
        context.call_with(block, written, arguments)
    except ExitScript:
        pass
    except LimitReached:
        raise
    except ShellError as error:
        drain()
        left.parts.append(error.record)
        failed = True
    finally:
        console = machine.display
        machine.scope, machine.using, machine.display, machine.aliases, machine.tries = kept
        machine.files.folder = folder
    drain()
    left.shown = console.text()
    left.warnings = machine.warnings[warnings:]
    del machine.warnings[warnings:]
    del machine.seen_errors[: len(machine.seen_errors) - seen]
    return left, failed


class _StartJob:
    spec = CmdletSpec(
        name="Start-Job",
        aliases=("sajb",),
        parameters=(
            Parameter(name="ScriptBlock", aliases=("Command",), position=0, mandatory=True),
            Parameter(name="InitializationScript", position=1),
            Parameter(name="Name", convert=written_text),
            Parameter(name="ArgumentList", aliases=("Args",)),
            Parameter(name="Credential"),
            Parameter(name="RunAs32", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Run the block and return the job."""
        del pipeline_input
        block = cast("scriptblock", bound.get("ScriptBlock"))
        if not isinstance(block, ScriptBlockValue):
            return ()
        machine = context.machine
        arguments = list(to_list(bound.get("ArgumentList")))
        left, failed = _run(context, bound.get("InitializationScript"), block, arguments)
        number = 1 + 2 * machine.jobs_begun
        machine.jobs_begun += 1
        job = ShellObject(
            (
                ("Id", number), ("Name", to_text(bound.get("Name")) or f"Job{number}"),
                ("PSJobTypeName", "BackgroundJob"), ("State", "Failed" if failed else "Completed"),
                ("HasMoreData", True), ("Location", "localhost"), ("Command", block.text),
                ("StatusMessage", ""),
            ),
            type_=_JOB, base=left,
        )  # fmt: skip
        machine.jobs.append(job)
        machine.remark("Start-Job ran its block at once; what is received is live, not a copy")
        missing = missing_there(context, block)
        if missing is not None:
            machine.remark(f"`{missing}` is not there in a job, only after `Add-PSSnapin`")
        return [job]


_WHICH = (
    Parameter(name="Job", position=0, from_pipeline=True),
    Parameter(name="Id"),
    Parameter(name="Name"),
)
_STATE = Parameter(name="State", convert=written_text)


def _chosen(context: Context, bound: Bound, *, every: bool = False) -> list[ShellObject]:
    """Return the jobs that are meant; one that is not there is an error."""
    jobs = context.machine.jobs
    state = to_text(bound.get("State")).casefold()
    named = any(one.name in bound for one in _WHICH)
    found = list(jobs) if not named and (every or state) else []
    for given in (*to_list(bound.get("Job")), *to_list(bound.get("Id"))):
        if isinstance(given, ShellObject):
            found.append(given)
        elif to_text(given).isdigit():
            found += _those(context, jobs, "Id", to_int(given))
        else:
            found += _those(context, jobs, "Name", given)
    for given in to_list(bound.get("Name")):
        found += _those(context, jobs, "Name", given)
    return [one for one in found if not state or to_text(one.get("State")).lower() == state]


def _those(
    context: Context, jobs: list[ShellObject], name: str, wanted: Value
) -> list[ShellObject]:
    text = to_text(wanted)
    found = [one for one in jobs if matches_wildcard(to_text(one.get(name)), text)]
    if not found and not set("*?[") & set(text):
        what, told = ("identifier", "SessionId") if name == "Id" else ("name", "Name")
        context.write_error(
            f"The command cannot find a job with the job {what} {text}. Verify the value of the "
            f"{name} parameter and then try the command again.",
            id=f"JobWithSpecified{told}NotFound",
            target=text,
        )
    return found


class _GetJob:
    spec = CmdletSpec(name="Get-Job", aliases=("gjb",), parameters=(*_WHICH, _STATE))

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the jobs that were begun and not removed."""
        del pipeline_input
        return _chosen(context, bound, every=True)


class _WaitJob:
    def __init__(self, name: str, alias: str) -> None:
        self.spec = CmdletSpec(
            name=name,
            aliases=(alias,),
            parameters=(
                *_WHICH,
                _STATE,
                Parameter(name="Timeout", aliases=("TimeoutSec",)),
                Parameter(name="Any", switch=True),
                Parameter(name="Force", switch=True),
                Parameter(name="PassThru", switch=True),
            ),
        )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the jobs: each has ended."""
        del pipeline_input
        found = _chosen(context, bound)
        shown = self.spec.name == "Wait-Job" or bound.flag("PassThru")
        return found[:1] if bound.flag("Any") else found if shown else ()


class _ReceiveJob:
    spec = CmdletSpec(
        name="Receive-Job",
        aliases=("rcjb",),
        parameters=(
            *_WHICH,
            *(Parameter(name=name, switch=True) for name in ("Keep", "Wait", "AutoRemoveJob")),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return what the jobs wrote, and report their errors."""
        del pipeline_input
        machine = context.machine
        for job in _chosen(context, bound):
            left = _left(job)
            if not bound.flag("Keep"):
                job.base = _Left()
                job.put("HasMoreData", False)  # noqa: FBT003 - the value of a property
            if left.shown:
                machine.host(left.shown)
            for text in left.warnings:
                context.warn(text)
            for part in left.parts:
                if isinstance(part, ErrorRecord):
                    context.write_error(part.message, id=part.id, target=part.target)
                    continue
                one = part
                if isinstance(part, ShellObject):
                    one = part.copy()
                    one.put("PSComputerName", "localhost")
                yield one
            if bound.flag("AutoRemoveJob") and job in machine.jobs:
                machine.jobs.remove(job)


class _RemoveJob:
    spec = CmdletSpec(
        name="Remove-Job",
        aliases=("rjb",),
        changes=True,
        parameters=(*_WHICH, _STATE, Parameter(name="Force", aliases=("F",), switch=True)),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Forget the jobs."""
        del pipeline_input
        for job in _chosen(context, bound):
            if job in context.machine.jobs:
                context.machine.jobs.remove(job)
        return ()


JOB_CMDLETS: tuple[Cmdlet, ...] = (
    _StartJob(),
    _GetJob(),
    _WaitJob("Wait-Job", "wjb"),
    _ReceiveJob(),
    _RemoveJob(),
    _WaitJob("Stop-Job", "spjb"),
)
