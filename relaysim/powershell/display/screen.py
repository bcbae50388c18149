"""How objects look when a script writes them: tables, lists, plain text.

A run collects what it writes. Strings stand as they are; neighbouring objects of one type share a
table. Columns are as wide as their content, nothing is cut or wrapped, so that output can be
compared; collections show as many items as ``$FormatEnumerationLimit`` allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import printable
from relaysim.powershell.interpreter.failures import LimitReached
from relaysim.powershell.values.conversion import to_text, type_name_of
from relaysim.powershell.values.value import (
    FormattedText,
    HashTable,
    Nothing,
    ShellObject,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Display", "cell_text", "format_list", "format_table", "properties_of"]

_MAX_OUTPUT = 32 * 1024 * 1024
_TABLE_WIDTH = 4
"""An object with more properties is shown as a list, unless its type says otherwise."""


def cell_text(value: Value, limit: int) -> str:
    """Return a property as tables and lists show it: collections in braces."""
    if isinstance(value, HashTable):
        value = list(value)
    if isinstance(value, list):
        shown = [to_text(item) for item in (value if limit < 0 else value[:limit])]
        if len(shown) < len(value):
            return printable("{" + ", ".join(shown) + "...}")
        return printable("{" + ", ".join(shown) + "}")
    return printable(to_text(value))


def properties_of(value: Value) -> list[tuple[str, Value]]:
    """Return what a value shows when all its properties are asked for."""
    if isinstance(value, ShellObject):
        return value.items()
    if isinstance(value, HashTable):
        return [(to_text(key), item) for key, item in value.items()]
    if isinstance(value, str):
        return [("Length", len(value))]
    return [("Value", value)]


def format_list(rows: Sequence[Sequence[tuple[str, Value]]], limit: int) -> str:
    """Return objects as lists of ``Name : value``, names padded, a blank line around each.

    >>> print(format_list([[("Name", "Relay"), ("Bindings", ["0.0.0.0:25"])]], 16))
    <BLANKLINE>
    Name     : Relay
    Bindings : {0.0.0.0:25}
    <BLANKLINE>
    """
    blocks = []
    for row in rows:
        width = max((len(printable(name)) for name, _ in row), default=0)
        lines = [
            f"{printable(name).ljust(width)} : {cell_text(value, limit)}".rstrip(" ")
            for name, value in row
        ]
        blocks.append("\n".join(lines))
    return "\n" + "\n\n".join(blocks) + "\n"


def format_table(
    names: Sequence[str],
    rows: Sequence[Sequence[Value]],
    limit: int,
    *,
    headers: bool = True,
) -> str:
    """Return a table; columns of numbers are aligned to the right.

    >>> print(format_table(["Name", "Port"], [["Relay", 25], ["Default", 2525]], 16))
    <BLANKLINE>
    Name    Port
    ----    ----
    Relay     25
    Default 2525
    <BLANKLINE>
    """
    titles = [printable(name) for name in names]
    cells = [[cell_text(value, limit) for value in row] for row in rows]
    right = [
        any(_is_number(row[column]) for row in rows)
        and all(_is_number(row[column]) or row[column] is None for row in rows)
        for column in range(len(names))
    ]
    widths = [
        max([len(title) if headers else 0, *(len(row[column]) for row in cells)])
        for column, title in enumerate(titles)
    ]
    lines: list[list[str]] = list(cells)
    if headers:
        lines = [titles, ["-" * len(title) for title in titles], *cells]
    text = "\n".join(
        " ".join(
            part.rjust(width) if aligned else part.ljust(width)
            for part, width, aligned in zip(line, widths, right, strict=True)
        ).rstrip(" ")
        for line in lines
    )
    return f"\n{text}\n"


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class Display:
    """The output of a run, in order."""

    def __init__(self, limit: Callable[[], int]) -> None:
        self._limit = limit
        self._pieces: list[str] = []
        self._size = 0
        self._waiting: list[ShellObject | HashTable] = []

    def _write(self, text: str) -> None:
        self._size += len(text)
        if self._size > _MAX_OUTPUT:
            raise LimitReached(f"the script wrote more than {_MAX_OUTPUT} characters")
        self._pieces.append(text)

    def host(self, text: str) -> None:
        """Add text as it is."""
        self.flush()
        self._write(text)

    def emit(self, value: Value) -> None:
        """Add an object that reached the end of a pipeline."""
        if value is None or isinstance(value, Nothing):
            return
        if isinstance(value, ShellObject | HashTable):
            if self._waiting and type_name_of(self._waiting[0]) != type_name_of(value):
                self.flush()
            if (
                self._waiting
                and isinstance(value, ShellObject)
                and value.type.view is None
                and value.names() != _names(self._waiting[0])
            ):
                self.flush()
            self._waiting.append(value)
            return
        self.flush()
        if isinstance(value, list):
            for item in value:
                self.emit(item)
            self.flush()
            return
        text = value.text if isinstance(value, FormattedText) else to_text(value)
        self._write(text + "\n")

    def flush(self) -> None:
        """Format the objects that wait for others of their type."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        self._write(default_format(waiting, self._limit()) + "\n")

    def text(self) -> str:
        """Return the whole output."""
        self.flush()
        return "".join(self._pieces)


def _names(value: ShellObject | HashTable) -> list[str]:
    return value.names() if isinstance(value, ShellObject) else ["Name", "Value"]


def default_format(values: Sequence[ShellObject | HashTable], limit: int) -> str:
    """Return objects of one type as PowerShell shows them when nothing else is asked for."""
    first = values[0]
    if isinstance(first, HashTable):
        entries = [
            (key, item)
            for table in values
            if isinstance(table, HashTable)
            for key, item in table.items()
        ]
        return format_table(["Name", "Value"], entries, limit)
    objects = [value for value in values if isinstance(value, ShellObject)]
    view = first.type.view
    names = list(view.columns) if view is not None else first.names()
    if view is None and first.type.text is not None:
        return "\n".join(printable(to_text(value)) for value in objects)
    as_list = len(names) > _TABLE_WIDTH if view is None else view.as_list
    if as_list:
        return format_list(
            [[(name, value.get(name)) for name in names] for value in objects], limit
        )
    heads = names if view is None else view.heads()
    return format_table(heads, [[value.get(name) for name in names] for value in objects], limit)
