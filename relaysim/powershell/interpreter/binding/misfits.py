"""What is said of arguments that do not fit their parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.values.conversion import type_name_of

if TYPE_CHECKING:
    from relaysim.powershell.values.value import Value

__all__ = ["INNER_EXCEPTIONS", "no_boolean"]

INNER_EXCEPTIONS = {
    "ParameterArgumentTransformationError": (
        "System.Management.Automation.ArgumentTransformationMetadataException"
    ),
    "ParameterArgumentValidationError": "System.Management.Automation.ValidationMetadataException",
}
"""What is inside the error of an argument, by its id."""


def no_boolean(value: Value, name: str = "System.Boolean") -> ConversionError:
    """Return the error of a value that is no Boolean for a parameter that is one."""
    return ConversionError(
        f'Cannot convert value "{"" if value is None else type_name_of(value)}" to type "{name}". '
        "Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0.",
        id="InvalidCastBoolean",
    )
