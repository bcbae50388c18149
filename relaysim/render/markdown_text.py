"""Texts from data inside Markdown: nothing in them becomes a tag or ends a cell."""

from relaysim.errors import printable

__all__ = ["escaped", "literal"]


def escaped(text: str) -> str:
    r"""Return a text for a cell of a Markdown table.

    >>> escaped("a|b <c>")
    'a\\|b &lt;c>'
    """
    safe = printable(text).replace("&", "&amp;").replace("<", "&lt;")
    return safe.replace("|", "\\|")


def literal(text: str, *, also: str = "") -> str:
    """Return a text that Markdown shows as it is; ``also`` are further characters to escape."""
    out = printable(text)
    for char in "\\`*_[]<>|#" + also:
        out = out.replace(char, "\\" + char)
    return out
