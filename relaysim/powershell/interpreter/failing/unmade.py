"""Objects that ``New-Object`` cannot make here, seen before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.language.syntax import BareWord, ParameterArgument, StringLiteral
from relaysim.powershell.values.conversion import canonical_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.language.syntax import Command

__all__ = ["unmade"]

_OF_NET = ("system.", "net.", "io.", "diagnostics.", "security.", "text.", "microsoft.win32.")
_NEVER_MADE = frozenset({"errorrecord", "pscredential", "cultureinfo"})


def unmade(node: Command, is_host_type: Callable[[str], bool]) -> str | None:
    """Return why an object cannot be made, where its type is written out.

    Args:
        node: The ``New-Object`` command.
        is_host_type: Tells whether a type is the host's, or one of the surroundings.
    """
    arguments = node.arguments
    first: object = arguments[0] if arguments else None
    if isinstance(first, ParameterArgument):
        if first.name and "comobject".startswith(first.name.casefold()):
            return "`New-Object -ComObject` would run code"
        if first.name and not "typename".startswith(first.name.casefold()):
            return None
        first = first.value or (arguments[1] if len(arguments) > 1 else None)
    if not isinstance(first, BareWord | StringLiteral):
        return None
    name = first.text if isinstance(first, BareWord) else first.value
    known = canonical_type(name)
    # A type of .NET that is not here is one elsewhere; any other name is a slip or a module's.
    foreign = known is None and name.lower().startswith(_OF_NET)
    never = (known or "") in _NEVER_MADE or "[," in name or foreign
    if not never or is_host_type(name):
        return None
    return f"an object of the type `{name}` is not part of the subset"
