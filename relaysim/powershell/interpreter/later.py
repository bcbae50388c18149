"""Parameters of commands that only later versions of PowerShell have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.language.syntax import ParameterArgument

if TYPE_CHECKING:
    from relaysim.powershell.language.syntax import Command

__all__ = ["later_parameter"]

_LATER = {
    "get-unique": {"caseinsensitive": "7.4"},
    "sort-object": {"top": "6.0", "bottom": "6.0", "stable": "6.1"},
    "where-object": {"not": "6.1"},
    "measure-object": {"allstats": "6.0", "standarddeviation": "6.0"},
    "foreach-object": {"parallel": "7.0", "throttlelimit": "7.0", "asjob": "7.0"},
    "convertto-json": {"asarray": "6.0", "enumsasstrings": "6.0", "escapehandling": "6.2"},
    "convertfrom-json": {"ashashtable": "6.0", "depth": "6.2", "noenumerate": "7.0"},
    "select-string": {"noemphasis": "7.0", "raw": "7.0", "culture": "7.0"},
    "out-string": {"nonewline": "6.0"},
    "split-path": {"leafbase": "6.0", "extension": "6.0"},
    "get-content": {"asbytestream": "6.0"},
    "set-content": {"asbytestream": "6.0"},
    "add-content": {"asbytestream": "6.0"},
    "export-csv": {"includetypeinformation": "6.0", "quotefields": "7.0", "usequotes": "7.0"},
    "convertto-csv": {"includetypeinformation": "6.0", "quotefields": "7.0", "usequotes": "7.0"},
    "select-object": {"caseinsensitive": "7.4"},
    "get-date": {"asutc": "7.1", "unixtimeseconds": "7.1"},
}


def later_parameter(command: str, node: Command) -> str | None:
    """Return why a command as it is written needs a later version, ``None`` when it does not."""
    known = _LATER.get(command.casefold(), {})
    for argument in node.arguments:
        if isinstance(argument, ParameterArgument) and argument.name.casefold() in known:
            version = known[argument.name.casefold()]
            return (
                f"`{command} -{argument.name}` needs PowerShell {version}, "
                "Windows PowerShell has no such parameter"
            )
    return None
