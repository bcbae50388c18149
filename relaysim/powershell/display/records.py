"""What the formatting commands hand to the screen: the parts of a table, list or wide view.

A script sees them as objects of PowerShell's own internal names; five of them make a table with
one row. The screen reads what is attached to each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from relaysim.lean import field, frozen
from relaysim.powershell.values.value import ObjectType, ShellObject

if TYPE_CHECKING:
    from relaysim.powershell.display.cells import Side
    from relaysim.powershell.values.value import Value

__all__ = [
    "Column",
    "EndRecord",
    "EntryRecord",
    "FormatRecord",
    "GroupEndRecord",
    "GroupStartRecord",
    "ListShape",
    "PlainRecord",
    "Shape",
    "StartRecord",
    "TableShape",
    "TextShape",
    "WideShape",
    "as_object",
    "record_of",
    "record_properties",
]

_NAMESPACE = "Microsoft.PowerShell.Commands.Internal.Format."


@frozen
class Column:
    """A column of a table.

    Attributes:
        title: Its head.
        side: Where its texts stand.
        width: Its width; ``None``: as wide as its content, or what the others leave.
    """

    title: str
    side: Side
    width: int | None = None


@frozen
class TableShape:
    """A table.

    Attributes:
        columns: The columns.
        headers: Whether their heads are shown.
        wrap: Whether long texts go on in the next line instead of being cut.
        measured: Whether the table waits for its last row to be as narrow as its content.
        sized: Whether ``-AutoSize`` asked for that.
    """

    columns: tuple[Column, ...]
    headers: bool = True
    wrap: bool = False
    measured: bool = True
    sized: bool = False


@frozen
class ListShape:
    """One line per property."""


@frozen
class TextShape:
    """Lines of text of the view's own."""


@frozen
class WideShape:
    """One property of many objects side by side.

    Attributes:
        columns: How many in a line.
        measured: Whether as many as fit are taken instead.
    """

    columns: int = 2
    measured: bool = False


Shape: TypeAlias = TableShape | ListShape | TextShape | WideShape


@frozen
class StartRecord:
    """The beginning of a view."""

    shape: Shape


@frozen
class GroupStartRecord:
    """The beginning of a group; ``label`` only with ``-GroupBy``."""

    label: str | None = None


@frozen
class EntryRecord:
    """One object, as it was when it was written.

    Attributes:
        cells: Its texts, one per column; for a list one per name.
        names: The names of a list's lines.
    """

    cells: tuple[str, ...]
    names: tuple[str, ...] = field(default=())


@frozen
class GroupEndRecord:
    """The end of a group."""


@frozen
class EndRecord:
    """The end of a view."""


@frozen
class PlainRecord:
    """A text or a number, which stands in no view."""

    value: Value


FormatRecord: TypeAlias = (
    StartRecord | GroupStartRecord | EntryRecord | GroupEndRecord | EndRecord | PlainRecord
)

_TYPES: dict[type[FormatRecord], ObjectType] = {
    StartRecord: ObjectType(name=f"{_NAMESPACE}FormatStartData"),
    GroupStartRecord: ObjectType(name=f"{_NAMESPACE}GroupStartData"),
    EntryRecord: ObjectType(name=f"{_NAMESPACE}FormatEntryData"),
    PlainRecord: ObjectType(name=f"{_NAMESPACE}FormatEntryData"),
    GroupEndRecord: ObjectType(name=f"{_NAMESPACE}GroupEndData"),
    EndRecord: ObjectType(name=f"{_NAMESPACE}FormatEndData"),
}


def as_object(record: FormatRecord) -> ShellObject:
    """Return the object a script sees of a record."""
    return ShellObject(type_=_TYPES[type(record)], base=record)


_CLASSES: dict[type[FormatRecord], str] = {
    StartRecord: "033ecb2bc07a4d43b5ef94ed5a35d280",
    GroupStartRecord: "9e210fe47d09416682b841769c78b8a3",
    EntryRecord: "27c87ef9bbda4f709f6b4002fa4af63c",
    PlainRecord: "27c87ef9bbda4f709f6b4002fa4af63c",
    GroupEndRecord: "4ec4f0187cb04f4cb6973460dfe252df",
    EndRecord: "cf522b78d86c486691226b40aa69e95c",
}
_SHAPES: dict[type[Shape], str] = {
    TableShape: "TableHeaderInfo",
    ListShape: "ListViewHeaderInfo",
    WideShape: "WideViewHeaderInfo",
    TextShape: "ComplexViewHeaderInfo",
}


def record_properties(record: FormatRecord) -> list[tuple[str, Value]]:
    """Return what files of tables show of a record that was written into one by mistake."""
    found: list[tuple[str, Value]] = [
        ("ClassId2e4f51ef21dd47e99d3c952918aff9cd", _CLASSES[type(record)])
    ]
    if isinstance(record, StartRecord):
        shape = record.shape
        sized = isinstance(shape, TableShape) and shape.sized
        sized = sized or (isinstance(shape, WideShape) and shape.measured)
        found += [
            ("pageHeaderEntry", None),
            ("pageFooterEntry", None),
            ("autosizeInfo", f"{_NAMESPACE}AutosizeInfo" if sized else None),
            ("shapeInfo", _NAMESPACE + _SHAPES[type(shape)]),
            ("groupingEntry", None),
        ]
    return found


def record_of(value: Value) -> FormatRecord | None:
    """Return the record inside an object, ``None`` when it is no such object."""
    if not isinstance(value, ShellObject) or type(value.base) not in _TYPES:
        return None
    base = value.base
    return base if isinstance(base, FormatRecord) else None
