"""What is said of arguments that do not fit their parameters."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from relaysim.lean import replace
from relaysim.powershell.interpreter.failing.command_kinds import INNER_EXCEPTIONS, binding_kind
from relaysim.powershell.interpreter.failing.failures import ConversionError, ShellError
from relaysim.powershell.values.conversion import final_failure, to_bool, type_name_of
from relaysim.powershell.values.value import SwitchValue

if TYPE_CHECKING:
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.values.value import Value

__all__ = ["as_switch", "misfit", "no_boolean", "no_default", "to_switch"]

_NO_CAST = (
    "InvalidCastF", "InvalidCastI", "InvalidCastP", "ConvertTo", "CannotConvertArgument",
    "SubstringDisambiguation", "UndefinedIntegerToEnum", "EnumParseUndefined",
)  # fmt: skip
"""The beginnings of ids of what cannot become a value of the parameter's type."""


def misfit(command: str, name: str, error: ConversionError, *, function: bool) -> tuple[str, str]:
    """Return what is said of an argument that does not fit a parameter, and the error's id.

    Args:
        command: The name of the command.
        name: The name of the parameter.
        error: Why it does not fit.
        function: Whether the parameter is that of a function.
    """
    if error.id == "ParameterArgumentValidationError":
        return f"Cannot validate argument on parameter '{name}'. {error.message}", error.id
    if error.id == "CannotConvertArgument":
        return error.message, error.id
    if error.id.startswith("ParameterArgumentValidationError"):
        message = error.message
        if message.startswith("is "):
            message = f"Cannot bind argument to parameter '{name}' because it {message}"
        return message, error.id
    if function:
        message = f"Cannot process argument transformation on parameter '{name}'. {error.message}"
        return message, "ParameterArgumentTransformationError"
    if error.id == "CannotConvertArgument":
        message = (
            f"Cannot convert '{error.message}' to the type 'System.String' required by parameter "
            f"'{name}'. Specified method is not supported."
        )
        return message, error.id
    if error.id == "nullToObjectInvalidCast":
        return (
            f"Cannot bind parameter '{name}' to the target. Exception setting \"{name}\": "
            f'"{error.message}"'
        ), "ParameterBindingFailed"
    if error.id.startswith(_NO_CAST):
        return f"Cannot bind parameter '{name}'. {error.message}", "CannotConvertArgumentNoMessage"
    return f"{command}: `-{name}`: {error.message}", error.id


def no_boolean(value: Value, name: str = "System.Boolean") -> ConversionError:
    """Return the error of a value that is no Boolean for a parameter that is one."""
    return ConversionError(
        f'Cannot convert value "{"" if value is None else type_name_of(value)}" to type "{name}". '
        "Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0.",
        id="InvalidCastBoolean",
    )


def as_switch(value: Value) -> SwitchValue:
    """Return a value as a switch of a function.

    Raises:
        ConversionError: It is neither a truth nor a switch.
    """
    if not isinstance(value, bool | int | float | SwitchValue) and value is not None:
        raise no_boolean(value, "System.Management.Automation.SwitchParameter")
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise final_failure(value, "switch")
    return SwitchValue(to_bool(value))


def to_switch(name: str, value: Value) -> bool:
    """Return whether a switch of a command is on; null is an argument like none at all.

    Raises:
        ConversionError: The argument is neither a truth nor a number.
    """
    if value is None:
        return True
    if isinstance(value, bool | int | float | Decimal | SwitchValue):
        return to_bool(value)
    raise ConversionError(
        f"Cannot convert '{type_name_of(value)}' to the type "
        f"'System.Management.Automation.SwitchParameter' required by parameter '{name}'. ",
        id="CannotConvertArgument",
    )


def no_default(
    machine: Machine, command: str, name: str, error: ConversionError, at: int
) -> ShellError:
    """Return the error of a default that does not fit the parameter of a function."""
    message, error_id = misfit(command, name, error, function=True)
    category, exception = binding_kind(error_id)
    record = replace(
        machine.record(message, at, id=error_id),
        category=category,
        exception_type=exception,
        inner_type=INNER_EXCEPTIONS.get(error_id, ""),
        command=command,
        origin=command,
    )
    return ShellError(record)
