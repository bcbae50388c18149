"""Error records that a script makes itself: ``[System.Management.Automation.ErrorRecord]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.failing.failures import ErrorRecord
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.exceptions import is_exception_object, to_exception
from relaysim.powershell.values.kinds.enumerations import to_enum
from relaysim.powershell.values.value import EnumValue, ShellObject

if TYPE_CHECKING:
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.values.value import Value

__all__ = ["made_record"]

_EXCEPTION = "System.Exception"


def made_record(machine: Machine, arguments: list[Value]) -> Value:
    """Return the error record made of an exception, an id, a category and a target.

    Raises:
        ConversionError: The category is none.
    """
    given, error_id, category, target = arguments
    exception = given if is_exception_object(given) else to_exception(given, _EXCEPTION)
    kind = to_enum("errorcategory", category)
    if not isinstance(exception, ShellObject) or not isinstance(kind, EnumValue):
        return None
    record = ErrorRecord(
        message=to_text(exception.get("Message")),
        id=to_text(error_id),
        category=kind.name,
        thrown=target,
        exception=exception,
        exception_type=exception.type.name,
    )
    return machine.object_of(record)
