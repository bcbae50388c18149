"""Types that a host or the surroundings bring: found by name, with arrays of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.values.conversion import to_list
from relaysim.powershell.values.value import TypedArray, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["converter_for", "folded_type"]


def folded_type(name: str) -> str:
    """Return the name of a type for comparison: lower-case, without ``System.``.

    >>> folded_type("System.IO.File"), folded_type("IO.File")
    ('io.file', 'io.file')
    """
    return "".join(name.lower().split()).removeprefix("system.")


def converter_for(
    types: Mapping[str, Callable[[Value], Value]], name: str
) -> Callable[[Value], Value] | None:
    """Return what makes a value one of a type, or ``None`` for a type that is not there.

    Args:
        types: The types by their folded names, see :func:`folded_type`.
        name: As a script writes it; with ``[]`` behind it an array of the type.
    """
    folded = folded_type(name)
    found = types.get(folded)
    if found is not None or not folded.endswith("[]"):
        return found
    item = converter_for(types, name.strip()[:-2])
    return None if item is None else _Items(item, name.strip()[:-2])


class _Items:
    """Makes an array whose items are of one type."""

    def __init__(self, item: Callable[[Value], Value], name: str) -> None:
        self._item = item
        self._name = name

    def __call__(self, value: Value) -> Value:
        if value is None:
            return None
        return TypedArray([self._item(one) for one in to_list(value)], self._name)
