"""Running commands: how a cmdlet or a function takes its place in a pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from relaysim.lean import later, replace
from relaysim.powershell.interpreter.binding.common_parameters import common_parameters
from relaysim.powershell.interpreter.binding.matching import (
    BoundArguments,
    bind_arguments,
)
from relaysim.powershell.interpreter.binding.piped import bind_item
from relaysim.powershell.interpreter.context import Context
from relaysim.powershell.interpreter.contract import (
    UNBOUND,
    Bound,
    PipelineStage,
    as_streaming,
)
from relaysim.powershell.interpreter.failing.command_kinds import MISSING
from relaysim.powershell.interpreter.failing.failures import (
    ConversionError,
    ShellError,
    StopUpstream,
)
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.failures import not_in_subset
from relaysim.powershell.values.value import ShellList, Value, unroll

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relaysim.powershell.interpreter.binding.delayed import filled
    from relaysim.powershell.interpreter.contract import Cmdlet, Parameter, StreamingCmdlet
    from relaysim.powershell.interpreter.failing.error_objects import error_object, message_object
    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.language.syntax import Command
else:
    (filled,) = later(globals(), "relaysim.powershell.interpreter.binding.delayed", "filled")
    error_object, message_object = later(
        globals(),
        "relaysim.powershell.interpreter.failing.error_objects",
        "error_object message_object",
    )

__all__ = [
    "CmdletStage",
    "action_of",
    "apply_common",
    "kept_for_pipeline",
    "require_mandatory",
    "set_common_variable",
]


def apply_common(machine: Machine, context: Context, common: Bound) -> None:
    """Let the common parameters of a command act on its context."""
    if "ErrorAction" in common:
        context.error_action = action_of(machine, context, common, "ErrorAction").casefold()
    if "WarningAction" in common:
        context.warning_action = action_of(machine, context, common, "WarningAction").casefold()
    if "Verbose" in common:
        context.verbose_action = "continue" if common.flag("Verbose") else "silentlycontinue"
        context.told = common.flag("Verbose")
    if "Debug" in common:
        context.debug_action = "continue" if common.flag("Debug") else "silentlycontinue"
    if "InformationAction" in common:
        action = action_of(machine, context, common, "InformationAction")
        context.information_action = action.casefold()
    if "WhatIf" in common:
        context.what_if = common.flag("WhatIf")
    if "DomainController" in common:
        context.domain_controller = to_text(common.get("DomainController"))
    if common.flag("Confirm") and machine.answers is not None:
        context.confirm = True
    elif common.flag("Confirm"):
        context.warn(f"{context.command}: `-Confirm` cannot ask; taken as confirmed")


_ACTIONS = ("Continue", "Ignore", "Inquire", "SilentlyContinue", "Stop")
_ACTION_NUMBERS = {
    "0": "SilentlyContinue",
    "1": "Stop",
    "2": "Continue",
    "3": "Inquire",
    "4": "Ignore",
}


def action_of(machine: Machine, context: Context, common: Bound, name: str) -> str:
    """Return what ``-ErrorAction`` or its like asks for, a number or a beginning by its name."""
    text = to_text(common.get(name))
    text = _ACTION_NUMBERS.get(text, text).casefold()
    matches = [action for action in _ACTIONS if action.casefold().startswith(text) and text]
    exact = [action for action in matches if action.casefold() == text]
    if len(exact or matches) != 1:
        machine.fail(
            f"{context.command}: `-{name}` cannot be `{text}` (one of {', '.join(_ACTIONS)})",
            context.at,
            id="InvalidArgument",
        )
    return (exact or matches)[0]


def require_mandatory(context: Context, parameters: Sequence[Parameter], bound: Bound) -> None:
    """Refuse when a mandatory parameter has no value."""
    missing = [one.name for one in parameters if one.mandatory and one.name not in bound]
    if missing:
        failure = context.failure(f"{MISSING} {' '.join(missing)}.", id="MissingMandatoryParameter")
        failure.fatal = False  # Whatever `-ErrorAction` says: the command never began.
        raise failure


def set_common_variable(machine: Machine, name: str, values: list[Value]) -> None:
    """Give the variable that ``-ErrorVariable`` or its like names its values; ``+`` adds them."""
    if not name:
        return
    kept = ShellList()
    if name.startswith("+"):
        name = name[1:]
        before = machine.scope.get(name)
        kept.extend([] if before is None else unroll(before))
    kept.extend(values)
    machine.scope.set(name, kept)


def kept_for_pipeline(
    machine: Machine, common: Bound, emit: Callable[[Value], None]
) -> Callable[[Value], None]:
    """Return what emits each object after the variable of ``-PipelineVariable`` has it."""
    name = to_text(common.get("PipelineVariable"))
    if not name:
        return emit
    scope = machine.scope

    def kept(value: Value) -> None:
        scope.set(name, value)
        emit(value)

    return kept


class CmdletStage:
    """A cmdlet in a pipeline."""

    def __init__(
        self,
        parts: Interpreter,
        cmdlet: Cmdlet | StreamingCmdlet,
        node: Command,
        emit: Callable[[Value], None],
        *,
        has_input: bool,
    ) -> None:
        machine = self._machine = parts.machine
        self._cmdlet = cmdlet
        self._has_input = has_input
        spec = cmdlet.spec
        self._context = Context(parts, spec.name, node.at)
        if type(cmdlet).__module__.startswith("relaysim.powershell."):
            name = spec.name.replace("-", "")
            self._context.origin = f"Microsoft.PowerShell.Commands.{name}Command"
        self._collected: list[Value] = []
        self._written: list[Value] = []
        common = common_parameters(changes=spec.changes, directory=spec.directory)
        bindings: BoundArguments = bind_arguments(
            parts,
            spec.name,
            spec.parameters,
            common,
            node.arguments,
            exclusive=spec.exclusive,
            at=node.at,
            origin=self._context.origin,
            piped=has_input,
            keep_rest=spec.name == "Out-Null",
        )
        self._delayed = bindings.delayed
        self._bound = bindings.own
        self._common = bindings.common
        apply_common(machine, self._context, bindings.common)
        emit = kept_for_pipeline(machine, bindings.common, emit)
        out = to_text(bindings.common.get("OutVariable"))
        self._emit = self._emit_and_keep(emit) if out else emit
        self._inner: PipelineStage | None = None
        taken = [one.name for one in spec.parameters if one.from_pipeline]
        self._full = (
            has_input
            and bool(taken)
            and not self._delayed
            and all(name in self._bound for name in taken)
            and not any(one.from_property for one in spec.parameters)
        )
        if self._full:
            # What was given is not looked at either: no object is ever bound.
            require_mandatory(self._context, spec.parameters, self._bound)
            self._bound = Bound(one for one in self._bound.items() if one[0] not in taken)
        if as_streaming(cmdlet) is not None:
            waiting = self._waiting(spec.parameters) if has_input else []
            needed = [one for one in spec.parameters if one not in waiting]
            require_mandatory(self._context, needed, self._bound)
        elif has_input:
            piped = [
                one
                for one in spec.parameters
                if one.from_pipeline or one.from_property or one.name in self._delayed
            ]
            needed = [one for one in spec.parameters if one not in piped]
            require_mandatory(self._context, needed, self._bound)

    def begin(self) -> None:
        """Open a command that takes its objects one by one."""
        before = self._cmdlet.spec.before
        if before is not None:
            before(self._context, self._bound)
        streaming = as_streaming(self._cmdlet)
        if streaming is not None:
            try:
                self._inner = streaming.open(self._context, self._bound, self._emit)
            except ConversionError as error:
                raise self._context.converted(error) from error
        elif self._has_input and getattr(self._cmdlet, "runs_at_once", False):
            self._run(self._bound, ())

    def _emit_and_keep(self, emit: Callable[[Value], None]) -> Callable[[Value], None]:
        def both(value: Value) -> None:
            self._written.append(value)
            emit(value)

        return both

    def process(self, item: Value) -> None:
        """Take one object."""
        self._machine.spend(1)
        try:
            self._take(item)
        except ShellError as error:
            error.stage = error.stage or self
            raise

    def _take(self, item: Value) -> None:
        spec = self._cmdlet.spec
        if self._full:
            self._not_bound(item)
            return
        if self._delayed:
            bound = filled(self._context, self._bound, self._delayed, item)
            if bound is None or not self._take_filled(bound, item):
                return
            item = bound.get("InputObject")
        if self._inner is not None:
            try:
                self._inner.process(item)
            except StopUpstream as stop:
                stop.stage = stop.stage or self
                raise
            except ConversionError as error:
                raise self._context.converted(error) from error
            except ShellError as error:
                self._passed_on(error)
                raise
            return
        if spec.collects:
            self._collected.append(item)
            return
        try:
            bound = bind_item(spec.parameters, self._bound, item)
        except ConversionError as error:
            self._context.write_error(
                error.message, id=error.id, target=to_text(item), hint=error.hint
            )
            return
        if bound is None:
            self._not_bound(item)
            return
        self._run(bound, (item,))

    def _take_filled(self, bound: Bound, item: Value) -> bool:
        """Run a command for an object whose blocks have run; tell whether it is still to take."""
        spec = self._cmdlet.spec
        if list(self._delayed) == ["InputObject"]:
            return True
        if self._inner is not None:
            raise not_in_subset(f"a block for `{spec.name} -{next(iter(self._delayed))}`")
        if spec.collects:
            taken = [one.name for one in spec.parameters if one.from_pipeline]
            self._run(bound, () if any(name in bound for name in taken) else (item,))
        else:
            found = bind_item(spec.parameters, bound, item)
            self._run(found or bound, () if found is None else (item,))
        return False

    def _not_bound(self, item: Value) -> None:
        """Report an object that no parameter takes."""
        self._context.write_error(
            UNBOUND,
            id="InputObjectNotBound",
            target=to_text(item),
        )

    def abandon(self) -> None:
        """Write what came before the pipeline ended early, where a command writes files."""
        inner = getattr(self._inner, "abandon", None)
        if inner is not None:
            inner()
        elif self._cmdlet.spec.writes and self._collected:
            self._emit = list[Value]().append
            self._run(self._bound, tuple(self._collected))

    def _passed_on(self, error: ShellError) -> None:
        """Name the command in an error that leaves it on the way to a ``catch``."""
        record = error.record
        if not error.fatal and not record.origin and not record.id.startswith("NotInSubset"):
            error.record = replace(record, origin=self._context.origin)

    def finish(self) -> None:
        """Take the end of the input, run what waits for it, and set the variables asked for."""
        try:
            if self._inner is not None:
                self._finish_inner(self._inner)
            elif self._delayed and list(self._delayed) != ["InputObject"]:
                return
            elif self._cmdlet.spec.collects and not self._lacks_input():
                self._run(self._bound, tuple(self._collected))
            elif not self._has_input and not self._cmdlet.spec.collects:
                self._run(self._bound, ())
        finally:
            self._set_variables()

    def _lacks_input(self) -> bool:
        """Tell whether nothing came for a parameter that must be given, and nothing is opened."""
        return (
            self._has_input
            and self._cmdlet.spec.before is None
            and not self._collected
            and any(one.mandatory for one in self._waiting(self._cmdlet.spec.parameters))
        )

    def _waiting(self, parameters: Sequence[Parameter]) -> list[Parameter]:
        return [
            one
            for one in parameters
            if one.name in self._delayed or (one.from_pipeline and one.name not in self._bound)
        ]

    def _finish_inner(self, inner: PipelineStage) -> None:
        if not self._has_input and "InputObject" in self._bound:
            try:
                inner.process(self._bound.get("InputObject"))
            except StopUpstream:
                # There is nothing before this command that could stop.
                self._has_input = True
        elif not self._has_input and getattr(self._cmdlet, "runs_without_input", False):
            inner.process(None)
        inner.finish()

    def _run(self, bound: Bound, items: tuple[Value, ...]) -> None:
        if self._inner is not None:
            return
        cmdlet = cast("Cmdlet", self._cmdlet)
        needed: Sequence[Parameter] = cmdlet.spec.parameters
        if self._has_input and cmdlet.spec.collects:
            # What waits for the pipeline has its objects.
            waiting = self._waiting(needed)
            needed = [one for one in needed if one not in waiting]
        elif self._has_input:
            missing = [one.name for one in needed if one.mandatory and one.name not in bound]
            if missing:
                self._context.write_error(
                    "The input object cannot be bound because it did not contain the information "
                    f"required to bind all mandatory parameters:  {' '.join(missing)}",
                    id="InputObjectMissingMandatory",
                    target=to_text(items[0]) if items else "",
                )
                return
        require_mandatory(self._context, needed, bound)
        try:
            for value in cmdlet.run(self._context, bound, items):
                self._machine.spend(1)
                self._emit(value)
        except ConversionError as error:
            raise self._context.converted(error) from error

    def _set_variables(self) -> None:
        context = self._context
        records: list[Value] = [error_object(one) for one in context.collected]
        known: tuple[tuple[str, list[Value]], ...] = (
            ("OutVariable", self._written),
            ("ErrorVariable", records),
            ("WarningVariable", [message_object("Warning", one) for one in context.warned]),
            (
                "InformationVariable",
                [message_object("Information", one) for one in context.informed],
            ),
        )
        for parameter, values in known:
            set_common_variable(self._machine, to_text(self._common.get(parameter)), values)
