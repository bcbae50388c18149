"""From the text of a script to its syntax tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.language.parsing_statements import StatementReader
from relaysim.powershell.language.source import Source

if TYPE_CHECKING:
    from relaysim.powershell.language.syntax import ScriptBlock

__all__ = ["parse_script", "parse_source"]


def parse_script(text: str, *, file: str | None = None) -> ScriptBlock:
    """Return the syntax tree of a whole script.

    Nothing is skipped: a construct outside the subset is an error that names it. Reading takes
    time proportional to the length of the text.

    Args:
        text: The script; a byte order mark at its start is ignored.
        file: The name errors use for it.

    Raises:
        InvalidScript: With the line, the column, the source line and a caret.

    >>> parse_script("Get-ReceiveConnector").end[0].elements[0].name
    BareWord(text='Get-ReceiveConnector')
    """
    return parse_source(Source(text, file=file))


def parse_source(source: Source) -> ScriptBlock:
    """Return the syntax tree of ``source``; see :func:`parse_script`."""
    reader = StatementReader(source)
    try:
        return reader.parse_script()
    except RecursionError:
        # The caller's own stack may leave less room than the nesting limit needs.
        raise reader.error("nested too deeply") from None
