"""Functions of a script: their parameters, and their place in a pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.binding import bind_arguments, bind_item, common_parameters
from relaysim.powershell.interpreter.context import Context
from relaysim.powershell.interpreter.contract import Bound, Parameter
from relaysim.powershell.interpreter.failures import ConversionError, ReturnFromBlock
from relaysim.powershell.interpreter.scope import Cell, Scope
from relaysim.powershell.interpreter.stages import apply_common, require_mandatory
from relaysim.powershell.values.conversion import (
    canonical_type,
    to_bool,
    to_int,
    to_list,
    to_number,
    to_text,
)
from relaysim.powershell.values.pattern import compile_pattern
from relaysim.powershell.values.value import HashTable, Nothing, ScriptBlockValue, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.language.syntax import (
        Argument,
        Attribute,
        Expression,
        ParamBlock,
        ScriptBlock,
        Statement,
    )

__all__ = ["ATTRIBUTES", "FunctionStage", "declared_parameters"]

ATTRIBUTES = frozenset(
    {
        "alias", "allowemptycollection", "allowemptystring", "allownull", "cmdletbinding",
        "outputtype", "parameter", "supportswildcards", "validatecount", "validatelength",
        "validatenotnull", "validatenotnullorempty", "validatepattern", "validaterange",
        "validatescript", "validateset",
    }
)  # fmt: skip
"""The attributes that are understood."""


def _truth(parts: Interpreter, node: Expression | None) -> bool:
    return True if node is None else to_bool(parts.evaluate(node))


class _Converter:
    """Converts and validates the argument of a declared parameter."""

    def __init__(
        self, parts: Interpreter, type_name: str | None, attributes: tuple[Attribute, ...]
    ) -> None:
        self._parts = parts
        self._machine = parts.machine
        self._type_name = type_name
        self._attributes = attributes

    def __call__(self, value: Value) -> Value:
        if isinstance(value, Nothing):
            value = None
        name = self._type_name
        if name is not None:
            known = self._machine.types.get(name.casefold())
            canonical = canonical_type(name)
            if known is not None:
                value = known(value)
            elif canonical == "string":
                value = to_text(value)
            elif canonical is not None:
                value = self._cast(canonical, value)
        for attribute in self._attributes:
            self._validate(attribute, value)
        return value

    def _cast(self, canonical: str, value: Value) -> Value:
        from relaysim.powershell.values.conversion import cast

        return cast(canonical, value)

    def _validate(self, attribute: Attribute, value: Value) -> None:
        kind = attribute.name.casefold()
        arguments = [self._parts.evaluate(one) for one in attribute.positional]
        items = to_list(value)
        match kind:
            case "validateset":
                choices = [to_text(one) for argument in arguments for one in to_list(argument)]
                folded = {choice.casefold() for choice in choices}
                for item in items:
                    if to_text(item).casefold() not in folded:
                        raise ConversionError(
                            f"`{to_text(item)}` is not one of {', '.join(choices)}",
                            id="ParameterArgumentValidationError",
                        )
            case "validatenotnullorempty" | "validatenotnull":
                empty = value is None or (kind.endswith("empty") and to_text(value) == "")
                self._check(not empty, "the argument is null or empty")
            case "validaterange":
                low, high = (to_number(one) for one in arguments[:2])
                self._check(
                    all(low <= to_number(item) <= high for item in items),
                    f"the argument is outside {to_text(low)} to {to_text(high)}",
                )
            case "validatecount" | "validatelength":
                low, high = (to_int(one) for one in arguments[:2])
                counts = (
                    [len(items)]
                    if kind == "validatecount"
                    else [len(to_text(one)) for one in items]
                )
                self._check(
                    all(low <= count <= high for count in counts),
                    f"the argument's length is outside {low} to {high}",
                )
            case "validatepattern":
                pattern = compile_pattern(to_text(arguments[0]))
                found = [pattern.search(to_text(item), spend=self._machine.spend) for item in items]
                self._check(
                    None not in found, f"the argument does not match `{to_text(arguments[0])}`"
                )
            case "validatescript":
                self._run_check(arguments, items)
            case _:
                return

    def _run_check(self, arguments: list[Value], items: list[Value]) -> None:
        for item in items:
            for block in arguments:
                if isinstance(block, ScriptBlockValue):
                    written: list[Value] = []
                    self._parts.invoke_block(block.block, written.append, item=item)
                    self._check(to_bool(written), "the validation script refused the argument")

    @staticmethod
    def _check(holds: bool, message: str) -> None:  # noqa: FBT001 - the condition itself
        if not holds:
            raise ConversionError(message, id="ParameterArgumentValidationError")


def declared_parameters(
    parts: Interpreter, block: ParamBlock | None
) -> tuple[tuple[Parameter, ...], bool]:
    """Return the parameters a ``param`` block declares, and whether it makes a cmdlet of them.

    Parameters without a ``Position`` take unnamed arguments in the order of declaration, unless
    another one has a ``Position``.
    """
    if block is None:
        return (), False
    advanced = any(one.name.casefold() == "cmdletbinding" for one in block.attributes)
    rows: list[tuple[Parameter, int | None]] = []
    for declaration in block.parameters:
        options: dict[str, Expression | None] = {}
        aliases: list[str] = []
        for attribute in declaration.attributes:
            kind = attribute.name.casefold()
            if kind == "parameter":
                advanced = True
                options |= {name.casefold(): value for name, value in attribute.named}
            elif kind == "alias":
                aliases += (
                    to_text(item)
                    for node in attribute.positional
                    for item in to_list(parts.evaluate(node))
                )
        type_name = declaration.type_name
        switch = type_name is not None and type_name.casefold().rpartition(".")[2] in {
            "switch",
            "switchparameter",
        }
        place = options.get("position")
        position = None if place is None else to_int(parts.evaluate(place))
        parameter = Parameter(
            name=declaration.name,
            convert=_Converter(parts, None if switch else type_name, declaration.attributes),
            switch=switch,
            mandatory="mandatory" in options and _truth(parts, options["mandatory"]),
            from_pipeline="valuefrompipeline" in options
            and _truth(parts, options["valuefrompipeline"]),
            from_property="valuefrompipelinebypropertyname" in options
            and _truth(parts, options["valuefrompipelinebypropertyname"]),
            remaining="valuefromremainingarguments" in options
            and _truth(parts, options["valuefromremainingarguments"]),
            aliases=tuple(aliases),
        )
        rows.append((parameter, position))
    return _with_positions(rows), advanced


def _with_positions(rows: list[tuple[Parameter, int | None]]) -> tuple[Parameter, ...]:
    from dataclasses import replace

    explicit = any(position is not None for _, position in rows)
    result = []
    for index, (parameter, position) in enumerate(rows):
        place = position if explicit else None if parameter.switch else index
        result.append(replace(parameter, position=place))
    return tuple(result)


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
    ) -> None:
        self._parts = parts
        machine = self._machine = parts.machine
        self._block = block
        self._emit = emit
        self._has_input = has_input
        self._context = Context(parts, name, at)
        self._items: list[Value] = []
        machine.enter_call()
        try:
            self._parameters, advanced = declared_parameters(parts, block.params)
            common = common_parameters(changes=True, directory=False) if advanced else ()
            bindings = bind_arguments(
                parts, name, self._parameters, common, arguments, keep_rest=not advanced
            )
            self._bound = bindings.own
            self._scope = Scope(machine.scope) if scope is None else scope
            if advanced:
                self._apply_common(bindings.common)
            self._scope.set("args", list(bindings.rest))
            takes_input = has_input and any(
                one.from_pipeline or one.from_property for one in self._parameters
            )
            if not takes_input:
                require_mandatory(self._context, self._parameters, self._bound)
            self._set_parameters(self._bound)
            if block.begin is not None:
                self._run(block.begin)
        finally:
            machine.leave_call()

    def _apply_common(self, common: Bound) -> None:
        apply_common(self._machine, self._context, common)
        for parameter, variable in (
            ("ErrorAction", "ErrorActionPreference"),
            ("WarningAction", "WarningPreference"),
        ):
            if parameter in common:
                self._scope.set(variable, to_text(common.get(parameter)))
        if "Verbose" in common:
            self._scope.set(
                "VerbosePreference", "Continue" if common.flag("Verbose") else "SilentlyContinue"
            )
        if "WhatIf" in common:
            self._scope.set("WhatIfPreference", common.flag("WhatIf"))

    def _set_parameters(self, bound: Bound) -> None:
        given = HashTable()
        declarations = () if self._block.params is None else self._block.params.parameters
        outer, self._machine.scope = self._machine.scope, self._scope
        try:
            for declaration, parameter in zip(declarations, self._parameters, strict=True):
                value: Value = False if parameter.switch else None
                if parameter.name in bound:
                    value = bound.get(parameter.name)
                    given[parameter.name] = value
                elif declaration.default is not None:
                    value = self._parts.evaluate(declaration.default)
                    if declaration.type_name is not None and not parameter.switch:
                        value = self._parts.cast_value(declaration.type_name, value, declaration.at)
                elif declaration.type_name is not None:
                    value = _empty_of(declaration.type_name, value)
                kind = (
                    None if declaration.type_name is None else canonical_type(declaration.type_name)
                )
                self._scope.variables[parameter.name.casefold()] = Cell(value, kind)
            self._scope.set("PSBoundParameters", given)
        finally:
            self._machine.scope = outer

    def _run(self, statements: tuple[Statement, ...]) -> None:
        machine = self._machine
        outer, machine.scope = machine.scope, self._scope
        try:
            self._parts.run_statements(statements, self._outside(self._emit, outer))
        except ReturnFromBlock:
            return
        finally:
            machine.scope = outer

    def _outside(self, emit: Callable[[Value], None], outer: Scope) -> Callable[[Value], None]:
        """Return ``emit`` for inside the function: what follows in the pipeline is outside."""

        def emit_outside(value: Value) -> None:
            machine = self._machine
            inner, machine.scope = machine.scope, outer
            try:
                emit(value)
            finally:
                machine.scope = inner

        return emit_outside

    def process(self, item: Value) -> None:
        """Take one object."""
        self._machine.spend(1)
        takes = any(one.from_pipeline or one.from_property for one in self._parameters)
        if takes:
            try:
                bound = bind_item(self._parameters, self._bound, item)
            except ConversionError as error:
                self._context.write_error(f"{self._context.command}: {error.message}", id=error.id)
                return
            if bound is None:
                self._context.write_error(
                    f"{self._context.command}: no parameter takes `{to_text(item)[:80]}`",
                    id="InputObjectNotBound",
                )
                return
            require_mandatory(self._context, self._parameters, bound)
            self._set_parameters(bound)
        if self._block.process is None:
            self._items.append(item)
            return
        self._scope.set("_", item)
        self._call(self._block.process)

    def finish(self) -> None:
        """Take the end of the input."""
        if self._block.process is not None and not self._has_input:
            self._call(self._block.process)
        if self._block.end is not None:
            self._scope.set("input", self._items)
            self._call(self._block.end)

    def _call(self, statements: tuple[Statement, ...]) -> None:
        self._machine.enter_call()
        try:
            self._run(statements)
        finally:
            self._machine.leave_call()


def _empty_of(type_name: str, value: Value) -> Value:
    """Return what a typed parameter holds that was not given: .NET's default of a value type."""
    match canonical_type(type_name):
        case "string":
            return ""
        case "int" | "double" | "decimal":
            return 0
        case "bool":
            return False
        case _:
            return value
