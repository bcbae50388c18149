"""Functions of a script: their parameters, and their place in a pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import later, replace
from relaysim.powershell.hosting.commandlet import commandlet_object, outside_the_set
from relaysim.powershell.hosting.console import invocation_object
from relaysim.powershell.interpreter.binding.attributes import (
    READ_ONLY,
    require_own_names,
    require_sound,
)
from relaysim.powershell.interpreter.binding.common_parameters import common_parameters
from relaysim.powershell.interpreter.binding.matching import (
    bind_arguments,
)
from relaysim.powershell.interpreter.binding.misfits import as_switch, no_boolean, no_default
from relaysim.powershell.interpreter.binding.parameters import changes_things, declared_parameters
from relaysim.powershell.interpreter.binding.piped import bind_item
from relaysim.powershell.interpreter.context import Context
from relaysim.powershell.interpreter.contract import UNBOUND
from relaysim.powershell.interpreter.failing.failures import (
    ConversionError,
    ReturnFromBlock,
    ShellError,
)
from relaysim.powershell.interpreter.machine import Collected
from relaysim.powershell.interpreter.scope import Cell, Scope
from relaysim.powershell.interpreter.stages import (
    action_of,
    apply_common,
    kept_for_pipeline,
    require_mandatory,
    set_common_variable,
)
from relaysim.powershell.members.list_methods import empty_of
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import (
    canonical_type,
    to_text,
)
from relaysim.powershell.values.value import (
    Enumerator,
    HashTable,
    SwitchValue,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.binding.delayed import filled
    from relaysim.powershell.interpreter.contract import Bound, Parameter
    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.language.syntax import (
        Argument,
        ParameterDeclaration,
        ScriptBlock,
        Statement,
    )
else:
    (filled,) = later(globals(), "relaysim.powershell.interpreter.binding.delayed", "filled")

__all__ = ["FunctionStage"]


class FunctionStage:
    """A function or called block in a pipeline, with a scope of its own."""

    def __init__(
        self,
        parts: Interpreter,
        name: str,
        block: ScriptBlock,
        emit: Callable[[Value], None],
        *,
        arguments: tuple[Argument, ...],
        at: int,
        has_input: bool,
        scope: Scope | None = None,
        values: list[Value] | None = None,
    ) -> None:
        self._parts = parts
        machine = self._machine = parts.machine
        self._outer_text = machine.source
        self._block = block
        self._name = name
        self._emit = emit
        self._has_input = has_input
        self._context = Context(parts, name, at)
        self._context.origin = name
        self._items: list[Value] = []
        self._left_out = False
        machine.enter_call()
        try:
            require_sound(parts, block.params)
            self._parameters, advanced = declared_parameters(parts, block.params)
            changes = advanced and changes_things(parts, block.params)
            common = common_parameters(changes=changes, directory=False) if advanced else ()
            require_own_names(parts, self._parameters, common, at)
            bindings = bind_arguments(
                parts,
                name,
                self._parameters,
                common,
                arguments,
                keep_rest=not advanced,
                function=True,
                values=values or (),
                piped=has_input,
            )
            self._delayed = bindings.delayed
            self._advanced = advanced
            self._at = at
            self._bound = bindings.own
            self._common = bindings.common
            self._collected = Collected()
            self._scope = Scope(machine.scope) if scope is None else scope
            self._lent = scope is machine.scope
            if advanced:
                self._apply_common(bindings.common)
                self._emit = kept_for_pipeline(machine, bindings.common, emit)
            self._scope.set("args", list(bindings.rest))
            takes_input = has_input and any(
                one.from_pipeline or one.from_property for one in self._parameters
            )
            if not takes_input:
                wanted = self._of_the_set(self._bound)
                self._ask_missing(wanted)
                require_mandatory(self._context, wanted, self._bound)
            self._set_parameters(self._bound)
        finally:
            machine.leave_call()

    def begin(self) -> None:
        """Run the block that comes before the objects."""
        if self._block.begin is not None:
            self._call(self._block.begin)

    def _of_the_set(self, bound: Bound) -> tuple[Parameter, ...]:
        """Return the parameters without those of other parameter sets than the one chosen."""
        block = self._block.params
        if block is None:
            return self._parameters
        try:
            others = outside_the_set(block, {name.casefold() for name in bound})
        except ConversionError as error:
            raise self._context.converted(error) from error
        return tuple(one for one in self._parameters if one.name.casefold() not in others)

    def _ask_missing(self, wanted: tuple[Parameter, ...]) -> None:
        """Ask for the mandatory parameters that were not given, where somebody answers."""
        if self._machine.answers is None:
            return
        for parameter in wanted:
            if parameter.mandatory and parameter.name not in self._bound:
                answer = self._machine.ask(f"{parameter.name}:")
                self._bound.set(parameter.name, parameter.convert(answer))

    def _apply_common(self, common: Bound) -> None:
        apply_common(self._machine, self._context, common)
        for parameter, variable in (
            ("ErrorAction", "ErrorActionPreference"),
            ("WarningAction", "WarningPreference"),
            ("InformationAction", "InformationPreference"),
        ):
            if parameter in common:
                action = action_of(self._machine, self._context, common, parameter)
                self._scope.set(variable, action)
        for parameter in ("Verbose", "Debug"):
            if parameter in common:
                action = "Continue" if common.flag(parameter) else "SilentlyContinue"
                self._scope.set(f"{parameter}Preference", action)
        if "WhatIf" in common:
            self._scope.set("WhatIfPreference", common.flag("WhatIf"))

    def _set_parameters(self, bound: Bound) -> None:
        given = HashTable(kind="dictionary<string,object>")
        declarations = () if self._block.params is None else self._block.params.parameters
        outer, self._machine.scope = self._machine.scope, self._scope
        try:
            for declaration, parameter in zip(declarations, self._parameters, strict=True):
                self._require_writable(parameter.name)
                value: Value = SwitchValue(False) if parameter.switch else None  # noqa: FBT003
                if parameter.name in bound:
                    value = bound.get(parameter.name)
                    given[parameter.name] = value
                elif declaration.default is not None:
                    value = self._default(declaration, parameter)
                elif declaration.type_name is not None:
                    value = _empty_of(declaration.type_name, value)
                cell = Cell(value)
                if declaration.type_name is not None:
                    cell.type_name = canonical_type(declaration.type_name)
                if any(one.name.lower().startswith("validate") for one in declaration.attributes):
                    cell.convert = parameter.convert
                self._scope.variables[parameter.name.casefold()] = cell
            self._scope.set("PSBoundParameters", given)
            self._tell_about_itself(given)
        finally:
            self._machine.scope = outer

    def _require_writable(self, name: str) -> None:
        if name.casefold() in READ_ONLY or name.casefold() == "null":
            self._machine.fail(
                f"Cannot overwrite variable {name} because it is read-only or constant.",
                self._at,
                id="VariableNotWritable",
            )

    def _tell_about_itself(self, given: HashTable) -> None:
        """Set ``$MyInvocation`` and ``$PSCmdlet`` where the script names them."""
        machine, block = self._machine, self._block
        if not machine.tells_invocation or self._at == block.at:
            return
        name = self._context.command
        invocation = invocation_object(machine, name=name, at=self._at, bound=given)
        self._scope.set("MyInvocation", invocation)
        if self._advanced and block.params is not None:
            names = {to_text(one).casefold() for one in given}
            itself = commandlet_object(self._context, block.params, names, invocation)
            self._scope.set("PSCmdlet", itself)

    def _default(self, declaration: ParameterDeclaration, parameter: Parameter) -> Value:
        if declaration.default is None:
            return None
        value = self._parts.evaluate(declaration.default)
        if declaration.type_name is None:
            return value
        try:
            if parameter.switch:
                return as_switch(value)
            kind = canonical_type(declaration.type_name)
            if kind == "bool" and not isinstance(value, bool | int | float | SwitchValue):
                raise no_boolean(value)
            if kind is None or self._machine.type_of(declaration.type_name) is not None:
                return self._parts.cast_value(declaration.type_name, value, self._at)
            return cast(kind, value)
        except ConversionError as error:
            if error.subset:
                raise
            raise no_default(self._machine, self._name, parameter.name, error, self._at) from error

    def _run(self, statements: tuple[Statement, ...]) -> None:
        if self._machine.sources:
            from relaysim.powershell.interpreter.running.other_texts import InItsText

            with InItsText(self._machine, self._block, self._at):
                self._run_here(statements)
            return
        self._run_here(statements)

    def _run_here(self, statements: tuple[Statement, ...]) -> None:
        machine = self._machine
        outer, machine.scope = machine.scope, self._scope
        self._scope.lent += self._lent
        machine.collecting.append(self._collected)
        caller = machine.caller
        block = self._name == "script block"
        if not block:
            machine.caller = self._name
        machine.frames.append(("<ScriptBlock>" if block else self._name, self._at))
        emit = self._kept if "OutVariable" in self._common else self._emit
        try:
            self._parts.run_statements(statements, self._outside(emit, outer))
        except ReturnFromBlock as leaving:
            leaving.hand_over(emit)
        except ShellError as error:
            self._collected.errors.append(machine.object_of(error.record))
            if error.preferred and "ErrorAction" in self._common:
                # What `-ErrorAction Stop` of this call ends is this call.
                error.fatal = error.preferred = False
                error.record = replace(error.record, position=machine.source.position(self._at))
            raise
        finally:
            machine.collecting.pop()
            machine.frames.pop()
            machine.caller = caller
            machine.scope = outer
            self._scope.lent -= self._lent
            self._set_variables()

    def _kept(self, value: Value) -> None:
        self._collected.written.append(value)
        self._emit(value)

    def _set_variables(self) -> None:
        for parameter, values in (
            ("OutVariable", self._collected.written),
            ("ErrorVariable", self._collected.errors),
            ("WarningVariable", self._collected.messages["Warning"]),
            ("InformationVariable", self._collected.messages["Information"]),
        ):
            name = to_text(self._common.get(parameter))
            set_common_variable(self._machine, name, values)
            if name.startswith("+"):
                values.clear()

    def _outside(self, emit: Callable[[Value], None], outer: Scope) -> Callable[[Value], None]:
        """Return ``emit`` for inside the function: what follows in the pipeline is outside."""
        text = self._outer_text

        def emit_outside(value: Value) -> None:
            machine = self._machine
            inner, machine.scope = machine.scope, outer
            own, machine.source = machine.source, text
            try:
                emit(value)
            finally:
                machine.scope = inner
                machine.source = own

        return emit_outside

    def process(self, item: Value) -> None:
        """Take one object."""
        self._machine.spend(1)
        takes = any(one.from_pipeline or one.from_property for one in self._parameters)
        if takes:
            given = self._bound
            if self._delayed:
                known = filled(self._context, given, self._delayed, item, function=True)
                if known is None:
                    self._left_out = True
                    return
                given = known
            try:
                bound = bind_item(self._parameters, given, item)
                if bound is None and self._delayed:
                    bound = given
            except ConversionError as error:
                if error.subset:
                    raise
                self._not_bound(item)
                return
            if bound is None:
                self._not_bound(item)
                return
            require_mandatory(self._context, self._of_the_set(bound), bound)
            self._set_parameters(bound)
        elif self._advanced:
            self._not_bound(item)
            return
        if self._block.process is None:
            self._items.append(item)
            return
        self._scope.set("_", item)
        self._scope.set("input", Enumerator([item]))
        self._call(self._block.process)

    def _not_bound(self, item: Value) -> None:
        self._left_out = True
        self._context.write_error(UNBOUND, id="InputObjectNotBound", target=to_text(item))

    def finish(self) -> None:
        """Take the end of the input."""
        if self._block.process is not None and not self._has_input:
            self._call(self._block.process)
        if self._block.end is not None:
            self._scope.set("input", Enumerator(self._items))
            self._call(self._block.end)
        # What a function reports does not make the call itself a failure.
        self._machine.succeeded = not self._left_out

    def _call(self, statements: tuple[Statement, ...]) -> None:
        self._machine.enter_call()
        try:
            self._run(statements)
        finally:
            self._machine.leave_call()


def _empty_of(type_name: str, value: Value) -> Value:
    """Return what a typed parameter holds that was not given: .NET's default of a value type."""
    kind = canonical_type(type_name)
    if kind == "string":
        return ""
    if kind is None:
        return value
    found = empty_of(kind)
    return value if found is None else found
