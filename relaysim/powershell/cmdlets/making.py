"""``New-Object`` and the lines scripts begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import later, replace
from relaysim.powershell.cmdlets.properties import to_one_text, too_small
from relaysim.powershell.hosting.clock import stopwatch
from relaysim.powershell.hosting.named_types import folded_type
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failing.command_kinds import MISSING
from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.members.construction import construct, needs_arguments
from relaysim.powershell.values.conversion import (
    canonical_type,
    to_list,
    to_number,
    to_text,
    written_text,
)
from relaysim.powershell.values.failures import kind_of_error, not_in_subset
from relaysim.powershell.values.numeric import LIMITS
from relaysim.powershell.values.value import HashTable, ShellObject, Value, collapse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.errors import RelaysimError
    from relaysim.powershell.hosting.static_access import is_host_type, static_of
    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet
else:
    is_host_type, static_of = later(
        globals(), "relaysim.powershell.hosting.static_access", "is_host_type static_of"
    )

__all__ = ["MAKING_CMDLETS"]


def _to_table(value: Value) -> HashTable:
    if isinstance(value, HashTable):
        return value
    raise ConversionError(
        f"`{to_text(value)}` is no hashtable", id="CannotConvertArgumentNoMessage"
    )


class _NewObject:
    runs_at_once = True  # Also in a pipeline, whose objects it does not take.
    spec = CmdletSpec(
        name="New-Object",
        parameters=(
            Parameter(name="TypeName", position=0, mandatory=True, convert=to_one_text),
            Parameter(name="ArgumentList", position=1, aliases=("Args",)),
            Parameter(name="Property", convert=_to_table),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return a new object, list or hashtable."""
        del pipeline_input
        name = to_text(bound.get("TypeName"))
        table = bound.get("Property")
        kind = canonical_type(name)
        arguments = to_list(bound.get("ArgumentList"))
        host = context.machine.type_of(name)
        if host is not None:
            return [host(collapse(list(arguments)))]
        if folded_type(name) == "diagnostics.stopwatch":
            return [stopwatch(context.machine, running=False)]
        if kind in {"psobject", "object"} and not arguments:
            items = table.items() if isinstance(table, HashTable) else []
            return [ShellObject((to_text(key), value) for key, value in items)]
        opened = self._opened(context, name, arguments)
        if opened is not None:
            return opened
        if kind is None:
            raise context.failure(
                f"Cannot find type [{name}]: verify that the assembly containing this type is "
                "loaded.",
                id="TypeNotFound",
            )
        if table is not None:
            raise not_in_subset("`-Property` for an object of this type")
        plain = kind in LIMITS or kind in {"bool", "char", "double", "single", "decimal"}
        if plain or len(arguments) < needs_arguments(kind):
            raise context.failure(
                "A constructor was not found. Cannot find an appropriate constructor for type "
                f"{name}.",
                id="CannotFindAppropriateCtor",
            )
        try:
            return [construct(kind, arguments)]
        except ConversionError as error:
            raise self._not_made(context, error) from error

    def _opened(self, context: Context, name: str, arguments: list[Value]) -> tuple[Value] | None:
        """Return an object of the surroundings, such as a file that is written piece by piece."""
        if not is_host_type(name):
            return None
        try:
            return static_of(context.machine, name, "new", arguments)
        except ConversionError as error:
            raise self._not_made(context, error) from error

    def _not_made(self, context: Context, error: ConversionError) -> RelaysimError:
        if error.subset or error.id == "LimitReached":
            return error
        failure = context.failure(error.message, id="ConstructorInvokedThrowException")
        category, exception, inner = kind_of_error(error.id)
        failure.record = replace(failure.record, exception_type=exception, inner_type=inner)
        del category
        return failure


class _SetStrictMode:
    spec = CmdletSpec(
        name="Set-StrictMode",
        parameters=(
            Parameter(name="Version", convert=written_text),
            Parameter(name="Off", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Make undefined variables, and from version 2 on unknown properties, errors."""
        del pipeline_input
        version = to_text(bound.get("Version", "0")).casefold()
        first = version.partition(".")[0]
        level = 3 if version == "latest" else int(first) if first.isdigit() else 0
        context.machine.scope.strict = 0 if bound.flag("Off") else level
        return ()


def _to_time(value: Value) -> Value:
    number = to_number(value)
    if number < 0:
        raise too_small(number, 0)
    return number


class _StartSleep:
    spec = CmdletSpec(
        name="Start-Sleep",
        aliases=("sleep",),
        parameters=(
            Parameter(name="Seconds", position=0, from_pipeline=True, convert=_to_time),
            Parameter(name="Milliseconds", convert=_to_time, aliases=("m", "ms")),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Let the time pass on the clock of the run; nobody waits."""
        del pipeline_input
        if "Seconds" not in bound and "Milliseconds" not in bound:
            raise context.failure(f"{MISSING} Seconds.", id="MissingMandatoryParameter")
        seconds = float(to_number(bound.get("Seconds", 0)))
        context.machine.sleep(seconds + float(to_number(bound.get("Milliseconds", 0))) / 1000)
        return ()


class _ClearHost:
    spec = CmdletSpec(name="Clear-Host", aliases=("cls", "clear"))

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Leave the output as it is: it is read, not watched."""
        del context, bound, pipeline_input
        return ()


MAKING_CMDLETS: tuple[Cmdlet, ...] = (
    _NewObject(),
    _SetStrictMode(),
    _StartSleep(),
    _ClearHost(),
)
