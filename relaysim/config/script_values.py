"""How an exported script writes commands and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import InvalidInput
from relaysim.model.connector import AuthMechanism
from relaysim.model.properties.kinds import CountKind, FlagKind, ValueKind
from relaysim.model.properties.quantities import SizeKind
from relaysim.powershell.language.quoting import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["argument", "command", "kept_value", "list_of", "value_of"]


def command(
    name: str, arguments: Iterable[tuple[str, str]], *, confirm: bool = False, tail: str = ""
) -> str:
    r"""Return the line of a command.

    Args:
        name: The command.
        arguments: Parameters with their values as text; an empty one belongs to a switch.
        confirm: Whether the command asks for confirmation, which the script answers.
        tail: What follows it.

    >>> command("Get-AcceptedDomain", [("Identity", quote("it's"))])
    "Get-AcceptedDomain -Identity 'it''s'\n"
    """
    words = [name, *(f"-{key} {value}" if value else f"-{key}" for key, value in arguments)]
    if confirm:
        words.append("-Confirm:$false")
    return " ".join(words) + tail + "\n"


def list_of(texts: Iterable[str], *, empty: str = "$null") -> str:
    """Return texts as an array, or ``empty`` when there is none."""
    return ",".join(quote(text) for text in texts) or empty


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
        return list_of(names, empty="'None'")
    if isinstance(value, tuple):
        return list_of(map(str, value))
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
    return argument(kind, stored)
