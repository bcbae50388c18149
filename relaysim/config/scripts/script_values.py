"""How an exported script writes values of properties."""

from __future__ import annotations

from relaysim.errors import InvalidInput
from relaysim.model.connector import AuthMechanism
from relaysim.model.properties.kinds import CountKind, FlagKind, ValueKind
from relaysim.model.properties.quantities import SizeKind
from relaysim.powershell.language.writing import array, quote

__all__ = ["argument", "kept_value", "value_of"]


def value_of(value: object) -> str:
    """Return a value of the model as an argument; the empty text is ``$null``."""
    if isinstance(value, bool):
        return "$true" if value else "$false"
    if isinstance(value, int):
        return str(value)
    text = str(getattr(value, "value", value))
    return quote(text) if text else "$null"


def argument(kind: ValueKind, value: object) -> str:
    """Return a value of a property as an argument; the empty text and list are ``$null``."""
    if isinstance(value, frozenset):
        names = [one.value for one in AuthMechanism if one in value]
        return array(names, empty="'None'")
    if isinstance(value, tuple):
        return array(map(str, value))
    if isinstance(kind, FlagKind | SizeKind | CountKind):
        return value_of(value)
    return value_of(kind.format(value))


def kept_value(kind: ValueKind, text: str) -> str | None:
    """Return the text of a property that no rule uses as an argument.

    ``None`` when it is no value of its kind, as a property of another source may be.
    """
    try:
        stored = kind.parse(text)
    except InvalidInput:
        return None
    if isinstance(kind, CountKind):
        return value_of(kind.format(stored))
    return argument(kind, stored)
