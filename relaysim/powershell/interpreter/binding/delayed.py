"""Script blocks for parameters that take the pipeline: they run once for each object.

``Get-Item a.txt | Rename-Item -NewName { "old-$($_.Name)" }``
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.binding.misfits import misfit
from relaysim.powershell.interpreter.failing.failures import (
    ConversionError,
)
from relaysim.powershell.values.value import ScriptBlockValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Bound, Parameter
    from relaysim.powershell.values.value import Value

__all__ = ["filled", "is_delayed"]

_BESIDE = {
    "Add-Content": ("Path",),
    "Copy-Item": ("Destination",),
    "Join-Path": ("ChildPath",),
    "Move-Item": ("Destination",),
    "New-Item": ("Path", "Name"),
    "Rename-Item": ("NewName",),
    "Select-String": ("Path",),
    "Set-Content": ("Path",),
}
"""Parameters that take properties of the pipeline's objects in PowerShell, though not here."""
_OBJECTS = frozenset(
    {
        ("Add-Content", "Value"), ("ConvertTo-Json", "InputObject"), ("Set-Content", "Value"),
        ("Write-Host", "Object"), ("Write-Information", "MessageData"),
    }
)  # fmt: skip
"""Parameters that take any object, a block too."""


def is_delayed(command: str, parameter: Parameter, value: Value) -> bool:
    """Tell whether an argument is a block that gives a parameter its values.

    Args:
        command: The command's name.
        parameter: The parameter.
        value: The argument.
    """
    if not isinstance(value, ScriptBlockValue) or (command, parameter.name) in _OBJECTS:
        return False
    piped = parameter.from_pipeline or parameter.from_property
    piped = piped or parameter.name in _BESIDE.get(command, ())
    return piped and not getattr(parameter.convert, "takes_blocks", False)


def filled(
    context: Context,
    bound: Bound,
    delayed: Mapping[str, tuple[Parameter, Value]],
    item: Value,
    *,
    function: bool = False,
) -> Bound | None:
    """Return the parameters with what the blocks give for an object.

    ``None`` where one fails, which is reported.
    """
    result = bound.copy()
    for name, (parameter, block) in delayed.items():
        try:
            values = _ran(context, name, block, item)
        except ConversionError as error:
            if error.subset:
                raise
            context.write_error(error.message, id=error.id, category="InvalidArgument")
            return None
        try:
            result.set(name, parameter.convert(values[0] if len(values) == 1 else values))
        except ConversionError as error:
            if error.subset:
                raise
            message, error_id = misfit(context.command, name, error, function=function)
            context.write_error(message, id=error_id, category="InvalidArgument")
            return None
    return result


def _ran(context: Context, name: str, block: Value, item: Value) -> list[Value]:
    """Return what a block gives for an object.

    Raises:
        ConversionError: It fails, or gives nothing.
    """
    if not isinstance(block, ScriptBlockValue):
        return [block]
    values, told = context.attempt(block, item)
    if told is not None:
        raise ConversionError(
            f"The input to the script block for parameter '{name}' failed. {told}",
            id="ScriptBlockArgumentInvocationFailed",
        )
    if not values:
        raise ConversionError(
            f"Cannot evaluate parameter '{name}' because its argument input did not produce any "
            "output.",
            id="ScriptBlockArgumentNoOutput",
        )
    return values
