"""The parameters a ``param`` block declares: their conversion, validation and places."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from relaysim.lean import replace
from relaysim.powershell.interpreter.binding.misfits import no_boolean
from relaysim.powershell.interpreter.binding.validation import (
    items_of,
    require_value,
    validate_argument,
)
from relaysim.powershell.interpreter.contract import Parameter
from relaysim.powershell.interpreter.failing.failures import (
    ConversionError,
    LimitReached,
    ShellError,
)
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import (
    canonical_type,
    final_failure,
    to_bool,
    to_int,
    to_list,
    to_text,
)
from relaysim.powershell.values.type_names import full_name
from relaysim.powershell.values.value import (
    Nothing,
    ScriptBlockValue,
    SwitchValue,
    Value,
)

if TYPE_CHECKING:
    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.language.syntax import (
        Attribute,
        Expression,
        ParamBlock,
    )

__all__ = ["ATTRIBUTES", "changes_things", "declared_parameters"]

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


_BLOCKS = frozenset({"object", "object[]", "array", "scriptblock", "scriptblock[]"})


class Converter:
    """Converts and validates the argument of a declared parameter."""

    def __init__(
        self,
        parts: Interpreter,
        name: str,
        type_name: str | None,
        attributes: tuple[Attribute, ...],
        *,
        mandatory: bool,
        advanced: bool,
    ) -> None:
        self._parts = parts
        self._machine = parts.machine
        self._name = name
        self._type_name = type_name
        self._attributes = attributes
        self._mandatory = mandatory
        self._advanced = advanced

    @property
    def takes_blocks(self) -> bool:
        """Whether a script block is a value of the parameter, not what gives it values."""
        return canonical_type(self._type_name or "object") in _BLOCKS

    def __call__(self, value: Value) -> Value:
        if isinstance(value, Nothing):
            value = None
        given = value
        name = self._type_name
        if name is not None:
            known = self._machine.type_of(name)
            canonical = canonical_type(name)
            if known is not None:
                value = known(value)
            elif canonical == "bool" and not isinstance(
                value, bool | int | float | Decimal | SwitchValue
            ):
                raise no_boolean(value)
            elif canonical == "string" and isinstance(value, list):
                if self._advanced:
                    raise final_failure(value, "string")
                value = to_text(value, self._machine.joiner())
            elif canonical is not None:
                value = cast(canonical, value)
        if self._mandatory:
            self._require(given, value)
        for attribute in self._attributes:
            self.validate(attribute, value)
        return value

    def _require(self, given: Value, value: Value) -> None:
        allowed = {one.name.casefold() for one in self._attributes}
        head = f"Cannot bind argument to parameter '{self._name}' because it is"
        error_id = "ParameterArgumentValidationError"
        text = canonical_type(self._type_name or "") in {"string", "string[]"}
        if value is None and "allownull" not in allowed:
            raise ConversionError(f"{head} null.", id=f"{error_id}NullNotAllowed")
        if not (canonical_type(self._type_name or "") or "").endswith(("[]", "array", "list", ">")):
            if self._type_name == "string" and value == "" and "allowemptystring" not in allowed:
                raise ConversionError(
                    f"{head} an empty string.", id=f"{error_id}EmptyStringNotAllowed"
                )
            return
        if isinstance(value, list) and "allowemptycollection" not in allowed and not value:
            raise ConversionError(f"{head} an empty array.", id=f"{error_id}EmptyArrayNotAllowed")
        items = value if isinstance(value, list) else [value]
        if any(item is None for item in items) and "allownull" not in allowed:
            raise ConversionError(f"{head} null.", id=f"{error_id}NullNotAllowed")
        del given
        if text and "" in items and "allowemptystring" not in allowed:
            raise ConversionError(f"{head} an empty string.", id=f"{error_id}EmptyStringNotAllowed")

    def validate(self, attribute: Attribute, value: Value) -> None:
        """Check a value against one attribute."""
        kind = attribute.name.casefold()
        if not kind.startswith("validate"):
            return
        arguments = [self._parts.evaluate(one) for one in attribute.positional]
        if kind == "validatescript":
            self._run_check(attribute, arguments, value)
        else:
            case = any(
                not _truth(self._parts, option)
                if name.casefold() == "ignorecase"
                else name.casefold() == "options"
                and "ignorecase" not in to_text(self._parts.evaluate(option)).casefold()
                for name, option in attribute.named
                if option is not None
            )
            validate_argument(kind, arguments, value, self._machine.spend, case=case)

    def _run_check(self, attribute: Attribute, arguments: list[Value], value: Value) -> None:
        del attribute
        for item in items_of(value):
            for block in arguments:
                if isinstance(block, ScriptBlockValue):
                    written: list[Value] = []
                    require_value(item)
                    try:
                        self._parts.invoke_block(block.block, written.append, item=item, apart=True)
                    except LimitReached:
                        raise
                    except ShellError as error:
                        raise ConversionError(
                            error.record.message, id="ParameterArgumentValidationError"
                        ) from error
                    if not to_bool(written):
                        raise ConversionError(
                            f'The "{block.text}" validation script for the argument with value '
                            f'"{to_text(item)}" did not return a result of True. Determine why the '
                            "validation script failed, and then try the command again.",
                            id="ParameterArgumentValidationError",
                        )


def changes_things(parts: Interpreter, block: ParamBlock | None) -> bool:
    """Tell whether a function asks before it changes something, with ``-WhatIf``."""
    return any(
        name.casefold() == "supportsshouldprocess" and _truth(parts, value)
        for attribute in (() if block is None else block.attributes)
        for name, value in attribute.named
    )


def declared_parameters(
    parts: Interpreter, block: ParamBlock | None
) -> tuple[tuple[Parameter, ...], bool]:
    """Return the parameters a ``param`` block declares, and whether it makes a cmdlet of them.

    Parameters without a ``Position`` take unnamed arguments in the order of declaration, unless
    another one has a ``Position`` or belongs to a parameter set.
    """
    if block is None:
        return (), False
    advanced = any(one.name.casefold() == "cmdletbinding" for one in block.attributes) or any(
        attribute.name.casefold() == "parameter"
        for declaration in block.parameters
        for attribute in declaration.attributes
    )
    rows: list[tuple[Parameter, int | None]] = []
    in_sets = False
    for declaration in block.parameters:
        options: dict[str, Expression | None] = {}
        aliases: list[str] = []
        for attribute in declaration.attributes:
            kind = attribute.name.casefold()
            if kind == "parameter":
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
        in_sets = in_sets or "parametersetname" in options
        place = options.get("position")
        position = None if place is None else to_int(parts.evaluate(place))
        mandatory = "mandatory" in options and _truth(parts, options["mandatory"])
        parameter = Parameter(
            name=declaration.name,
            convert=Converter(
                parts,
                declaration.name,
                None if switch else type_name,
                declaration.attributes,
                mandatory=mandatory,
                advanced=advanced,
            ),
            type_name=full_name(canonical_type(type_name or "object") or "object"),
            switch=switch,
            mandatory=mandatory,
            from_pipeline="valuefrompipeline" in options
            and _truth(parts, options["valuefrompipeline"]),
            from_property="valuefrompipelinebypropertyname" in options
            and _truth(parts, options["valuefrompipelinebypropertyname"]),
            remaining="valuefromremainingarguments" in options
            and _truth(parts, options["valuefromremainingarguments"]),
            aliases=tuple(aliases),
        )
        rows.append((parameter, position))
    return _with_positions(rows, by_name=_by_name(parts, block) or in_sets), advanced


def _by_name(parts: Interpreter, block: ParamBlock) -> bool:
    """Tell whether a function takes no argument by its place."""
    return any(
        name.casefold() == "positionalbinding" and not _truth(parts, value)
        for attribute in block.attributes
        for name, value in attribute.named
    )


def _with_positions(
    rows: list[tuple[Parameter, int | None]], *, by_name: bool
) -> tuple[Parameter, ...]:
    explicit = by_name or any(position is not None for _, position in rows)
    result = []
    for index, (parameter, position) in enumerate(rows):
        unplaced = parameter.switch or parameter.remaining
        place = position if explicit else None if unplaced else index
        result.append(replace(parameter, position=place))
    return tuple(result)
