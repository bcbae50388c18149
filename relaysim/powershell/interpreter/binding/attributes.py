"""What the attributes and names of parameters may not be: told when the function is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.comparison import order_of
from relaysim.powershell.values.conversion import to_text, type_name_of
from relaysim.powershell.values.failures import ConversionError, no_overload
from relaysim.powershell.values.value import ScriptBlockValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relaysim.powershell.interpreter.contract import Parameter
    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.language.syntax import Attribute, ParamBlock
    from relaysim.powershell.values.value import Value

__all__ = ["READ_ONLY", "require_own_names", "require_sound"]

READ_ONLY = frozenset({"true", "false", "?", "error", "host", "pid", "home", "pshome", "shellid"})
"""Variables that no script may set."""

_COUNTS = {
    "validatecount": 2, "validatelength": 2, "validaterange": 2, "validatepattern": 1,
    "validatescript": 1, "validatenotnull": 0, "validatenotnullorempty": 0, "parameter": 0,
    "allownull": 0, "allowemptystring": 0, "allowemptycollection": 0, "cmdletbinding": 0,
}  # fmt: skip
_KNOWN = {
    "parameter": frozenset(
        {
            "mandatory", "position", "parametersetname", "valuefrompipeline",
            "valuefrompipelinebypropertyname", "valuefromremainingarguments", "helpmessage",
            "helpmessagebasename", "helpmessageresourceid", "dontshow",
        }
    ),
    "cmdletbinding": frozenset(
        {
            "supportsshouldprocess", "confirmimpact", "defaultparametersetname",
            "positionalbinding", "supportspaging", "supportstransactions", "helpuri",
            "remotingcapability",
        }
    ),
}  # fmt: skip
_ENDS = {
    "validatecount": "ValidateRangeMaxLengthSmallerThanMinLength",
    "validatelength": "ValidateLengthMaxLengthSmallerThanMinLength",
    "validaterange": "MaxRangeSmallerThanMinRange",
}
_REASONS = {
    "validatecount": "The specified maximum number of arguments for a parameter is fewer than the "
    "specified minimum number of arguments. Update the ValidateCount attribute for the parameter.",
    "validatelength": "The specified maximum character length of the argument is shorter than the "
    "specified minimum argument character length. Update the ValidateLength attribute for the "
    "parameter.",
    "validaterange": "The specified maximum range cannot be accepted because it is less than the "
    "specified minimum range. Update the ValidateRange attribute for the parameter.",
}


def _constructed(attribute: Attribute, reason: str) -> ConversionError:
    return ConversionError(
        f'The following exception occurred while constructing the attribute "{attribute.name}": '
        f'"{reason}"',
        id="ExceptionConstructingAttribute",
    )


def _require_limits(attribute: Attribute, limits: list[Value]) -> None:
    kind = attribute.name.casefold()
    low, high = limits
    if kind != "validaterange":
        try:
            low, high = cast("int", low), cast("int", high)
        except ConversionError as error:
            raise _constructed(attribute, error.message) from error
        for name, limit in (("minLength", low), ("maxLength", high)):
            if order_of(limit, 0) < 0:
                raise _constructed(
                    attribute,
                    f'Cannot process argument because the value of argument "{name}" is out of '
                    f'range. Change argument "{name}" to a value that is within range.\n'
                    f"Parameter name: {name}\nActual value was {to_text(limit)}.",
                )
    elif isinstance(low, str) != isinstance(high, str):
        first, second = (type_name_of(one).removeprefix("System.") for one in limits)
        raise ConversionError(
            f"The specified minimum range ({first}) cannot be accepted because it is not the same "
            f"type as the specified maximum range ({second}). Update the ValidateRange attribute "
            "for the parameter.",
            id="MinRangeNotTheSameTypeOfMaxRange",
        )
    if order_of(low, high, case=True) > 0:
        raise ConversionError(_REASONS[kind], id=_ENDS[kind])


def _require(parts: Interpreter, attribute: Attribute) -> None:
    kind = attribute.name.casefold()
    known = _KNOWN.get(kind)
    if known is not None:
        wrong = next((name for name, _ in attribute.named if name.casefold() not in known), None)
        if wrong is not None:
            raise ConversionError(
                f"Property '{wrong}' cannot be found for type "
                "'System.Management.Automation.CmdletBindingAttribute'.",
                id="PropertyNotFoundForType",
            )
    count = _COUNTS.get(kind)
    if count is not None and len(attribute.positional) != count:
        raise no_overload(".ctor", len(attribute.positional))
    if kind in _ENDS:
        _require_limits(attribute, [parts.evaluate(one) for one in attribute.positional])
    elif kind == "validatescript":
        given = parts.evaluate(attribute.positional[0])
        if not isinstance(given, ScriptBlockValue):
            raise _constructed(
                attribute,
                f'Cannot convert the "{to_text(given)}" value of type "{type_name_of(given)}" to '
                'type "System.Management.Automation.ScriptBlock".',
            )


def _attributes(block: ParamBlock) -> Iterator[Attribute]:
    yield from block.attributes
    for declaration in block.parameters:
        yield from declaration.attributes


def require_sound(parts: Interpreter, block: ParamBlock | None) -> None:
    """Refuse attributes that cannot be made.

    Raises:
        ShellError: One cannot be made; it stands where the attribute does.
    """
    for attribute in () if block is None else _attributes(block):
        try:
            _require(parts, attribute)
        except ConversionError as error:
            failure = parts.machine.convert_failure(error, attribute.at)
            failure.record = parts.machine.placed(failure.record, attribute.at)
            raise failure from error


def require_own_names(
    parts: Interpreter, parameters: Sequence[Parameter], common: Sequence[Parameter], at: int
) -> None:
    """Refuse names and aliases of parameters of which there are several.

    Raises:
        ShellError: One is there twice.
    """
    names = {one.name.casefold() for one in parameters}
    shared = {one.name.casefold() for one in common}
    short = {alias.casefold() for one in common for alias in one.aliases}
    seen: set[str] = set()
    for parameter in parameters:
        if parameter.name.casefold() in shared:
            parts.machine.fail(
                f"A parameter with the name '{parameter.name}' was defined multiple times for the "
                "command.",
                at,
                id="ParameterNameAlreadyExistsForCommand",
            )
        for alias in parameter.aliases:
            folded = alias.casefold()
            if folded in short:
                parts.machine.fail(
                    f"The parameter alias cannot be specified because an alias with the name "
                    f"'{alias}' was already defined multiple times for the command.",
                    at,
                    id="AliasParameterNameAlreadyExistsForCommand",
                )
            if folded in seen:
                parts.machine.fail(
                    f'The alias "{alias}" is declared multiple times.',
                    at,
                    id="AliasDeclaredMultipleTimes",
                )
            if folded in names:
                parts.machine.fail(
                    f"The parameter '{alias}' cannot be specified because it conflicts with the "
                    f"parameter alias of the same name for parameter '{parameter.name}'.",
                    at,
                    id="ParameterNameConflictsWithAlias",
                )
            seen.add(folded)
