"""Types of which a hashtable would make an object by the properties it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.values.conversion import is_plain, shown, type_name_of
from relaysim.powershell.values.failures import ConversionError, cast_failure
from relaysim.powershell.values.kinds.enumerations import ENUMERATIONS
from relaysim.powershell.values.type_names import full_name
from relaysim.powershell.values.value import HashTable

if TYPE_CHECKING:
    from relaysim.powershell.values.value import Value

__all__ = ["MADE", "require_no_members"]

MADE = frozenset({"datetime", "decimal", "guid", "switch", "timespan", "version", *ENUMERATIONS})
"""Such types, beside those of exceptions."""


def require_no_members(value: Value, canonical: str) -> None:
    """Refuse what would make an object of a type by properties that it does not have.

    Raises:
        ConversionError: It is a hashtable or an object made of properties.
    """
    name = full_name(canonical)
    if isinstance(value, HashTable) and len(value):
        raise ConversionError(
            f"Cannot create object of type \"{name}\". The property '{shown(next(iter(value)))}' "
            f"was not found for the '{name}' object. There is no settable property available.",
            id="ObjectCreationError",
        )
    if is_plain(value):
        reason = f'Cannot convert the "{shown(value)}" value of type "{type_name_of(value)}" to '
        raise cast_failure(
            shown(value), name, f'{reason}type "{name}".', "InvalidCastConstructorException"
        )
