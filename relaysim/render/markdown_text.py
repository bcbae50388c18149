"""Texts from data inside Markdown: nothing in them becomes a tag or ends a cell."""

from relaysim.errors import printable

__all__ = ["escaped"]


def escaped(text: str) -> str:
    r"""Return a text for a cell of a Markdown table.

    >>> escaped("a|b <c>")
    'a\\|b &lt;c>'
    """
    safe = printable(text).replace("&", "&amp;").replace("<", "&lt;")
    return safe.replace("|", "\\|")
