"""What an object that comes down a pipeline gives to the parameters of a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.members.properties import has_count, member_of
from relaysim.powershell.values.conversion import to_bool
from relaysim.powershell.values.value import HashTable, ShellObject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relaysim.powershell.interpreter.contract import Bound, Parameter
    from relaysim.powershell.values.value import Value

__all__ = ["bind_item"]

_OF_TABLES = frozenset({"count", "keys", "values"})
_COUNTS = frozenset({"count", "length"})


def _has(item: Value, name: str) -> bool:
    """Tell whether an object has a property of its own; keys of a hashtable are none."""
    if isinstance(item, HashTable):
        return name.lower() in _OF_TABLES
    return has_count(item, name) and (isinstance(item, ShellObject) or name.lower() in _COUNTS)


def _given(parameter: Parameter, item: Value) -> str | None:
    """Return the name under which an object has what a parameter takes."""
    names = (parameter.name, *parameter.aliases)
    file = isinstance(item, ShellObject) and item.type.name.startswith("System.IO.")
    return next((one for one in names if _has(item, one) and (file or one != "FullName")), None)


def bind_item(parameters: Sequence[Parameter], bound: Bound, item: Value) -> Bound | None:
    """Return the parameters with those a pipeline object gives, ``None`` when it gives none.

    An object goes whole to the first free parameter that takes it; its properties go to the free
    parameters of their name.

    Raises:
        ConversionError: A parameter was there but could not convert what it should take.
    """
    result = bound.copy()
    taken = False
    trouble: ConversionError | None = None
    for parameter in parameters:
        whole = parameter.from_pipeline and parameter.name not in bound
        # What a path is given by its name is not taken for its text.
        if whole and not ("LiteralPath" in parameter.aliases and _given(parameter, item)):
            try:
                result.set(parameter.name, parameter.convert(item))
            except ConversionError as error:
                trouble = trouble or error
            else:
                taken = True
                break
    for parameter in parameters:
        if not parameter.from_property or parameter.name in result:
            continue
        found = _given(parameter, item)
        if found is None:
            continue
        value = member_of(item, found)
        result.set(parameter.name, to_bool(value) if parameter.switch else parameter.convert(value))
        taken = True
    if not taken and trouble is not None:
        raise trouble
    return result if taken else None
