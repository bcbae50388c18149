"""From objects to the parts of a view: the first object decides what the next ones look like.

The objects of a whole script go through one shaper, as they go through one ``Out-Default`` in
PowerShell; each ``Format-`` command has its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from relaysim.lean import frozen, later, replace
from relaysim.powershell.display.cells import Side, cell_text, side_of
from relaysim.powershell.display.records import (
    Column,
    EndRecord,
    EntryRecord,
    GroupEndRecord,
    GroupStartRecord,
    ListShape,
    PlainRecord,
    StartRecord,
    TableShape,
    TextShape,
    WideShape,
    as_object,
    record_of,
)
from relaysim.powershell.display.views import (
    DICTIONARY_ENTRY,
    entries_of,
    is_scalar,
    properties_of,
    view_of,
    wide_name,
)
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.value import HashTable, Nothing, ShellObject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from relaysim.powershell.display.records import FormatRecord, Shape
    from relaysim.powershell.members.reflection import as_item
    from relaysim.powershell.values.numberformat import as_formatted, format_items
    from relaysim.powershell.values.value import DefaultView, Value
else:
    (as_item,) = later(globals(), "relaysim.powershell.members.reflection", "as_item")
    as_formatted, format_items = later(
        globals(), "relaysim.powershell.values.numberformat", "as_formatted format_items"
    )

__all__ = ["ChosenProperty", "FormatOptions", "Shaper"]

_TABLE_WIDTH = 4
"""An object with more properties is shown as a list, unless its type says otherwise."""
_OWN_WIDTHS = frozenset(
    {
        "System.Version", "Microsoft.PowerShell.Commands.GroupInfo",
        "System.Management.Automation.PSVariable",
    }
)  # fmt: skip
"""Types whose columns keep the widths of their view in ``Format-Table`` too."""
_MOST_COLUMNS = 10
"""A table that nobody chose columns for has no more than these."""


@frozen
class ChosenProperty:
    """One property that a view shows.

    Attributes:
        title: Its name in the view.
        read: Returns its value for an object.
        exists: Tells whether an object has it; lists leave out what does not exist.
        width: The width of its column, when one is asked for.
        side: Where its texts stand, when it is asked for.
        pattern: A .NET format of its value, such as ``N0``.
    """

    title: str
    read: Callable[[Value], Value]
    exists: Callable[[Value], bool]
    width: int | None = None
    side: Side | None = None
    pattern: str | None = None

    def text(self, item: Value, limit: int) -> str:
        """Return the property of ``item`` as the view shows it."""
        value = self.read(item)
        if self.pattern and value is not None and not isinstance(value, str):
            pattern = self.pattern if "{" in self.pattern else f"{{0:{self.pattern}}}"
            items = value if isinstance(value, list) else [value]
            return " ".join(format_items(pattern, [as_formatted(one)]) for one in items)
        return cell_text(value, limit)


def property_named(name: str, title: str | None = None) -> ChosenProperty:
    """Return the choice of an object's own property."""
    counted = name.casefold() in {"count", "length"}

    def read(item: Value) -> Value:
        if not isinstance(item, ShellObject):
            own = properties_of(item) if isinstance(item, str) else ()
            return next((value for key, value in own if key.casefold() == name.casefold()), None)
        # Any object with properties counts as one where a column of that name asks.
        return 1 if counted and name not in item and item.names() else item.get(name)

    return ChosenProperty(
        title=title or name,
        read=read,
        exists=lambda item: (
            name in item
            if isinstance(item, ShellObject)
            else isinstance(item, str) and read(item) is not None
        ),
    )


@frozen
class FormatOptions:
    """What a ``Format-`` command asks for.

    Attributes:
        kind: The form; ``None``: the type's own.
        choose: Returns the properties to show of an object; ``None``: the type's own.
        group: The property whose changes begin a new group.
        headers: Whether a table shows its heads.
        wrap: Whether a table's long texts go on in the next line.
        columns: How many columns a wide view has.
        measured: Whether the widths are taken from the content though a view gives some.
        force: Whether texts and numbers are shown by their properties too.
    """

    kind: Literal["table", "list", "wide"] | None = None
    choose: Callable[[Value], list[ChosenProperty]] | None = None
    group: ChosenProperty | None = None
    headers: bool = True
    wrap: bool = False
    columns: int | None = None
    measured: bool = False
    force: bool = False


class _OpenView:
    """The view that objects go to until one does not fit."""

    __slots__ = ("chosen", "group", "shape", "type_name")

    def __init__(
        self, *, shape: Shape, type_name: str | None, chosen: list[ChosenProperty] | None
    ) -> None:
        self.shape = shape
        self.type_name = type_name
        self.chosen = chosen
        self.group: str | None = None


class Shaper:
    """Turns objects into the parts of views; texts and numbers pass as they are.

    Args:
        limit: Returns how many items of a collection are shown.
        options: What is asked for.
    """

    def __init__(self, limit: Callable[[], int], options: FormatOptions | None = None) -> None:
        self._limit = limit
        self._options = options or FormatOptions()
        self._commanded = options is not None
        self._open: _OpenView | None = None

    def process(self, value: Value) -> Iterator[Value]:
        """Return what an object makes: parts of a view, or itself."""
        if value is None or isinstance(value, Nothing):
            return
        record = record_of(value)
        if isinstance(record, PlainRecord):
            yield value
        elif record is not None:
            # A view that a command made stands by itself.
            yield from self.finish()
            yield value
        elif isinstance(value, list):
            for item in value:
                yield from self.process(as_item(item))
        elif isinstance(value, HashTable):
            for entry in entries_of(value):
                yield from self._object(entry)
        elif is_scalar(value) and not self._shows_properties(value):
            yield as_object(PlainRecord(value=value)) if self._commanded else value
        else:
            yield from self._object(value)

    def finish(self) -> Iterator[Value]:
        """Return the end of the view that is open."""
        if self._open is not None:
            self._open = None
            yield as_object(GroupEndRecord())
            yield as_object(EndRecord())

    def _shows_properties(self, value: Value) -> bool:
        """Tell whether what has a text is shown by the properties asked for all the same."""
        options = self._options
        return options.force or (options.choose is not None and isinstance(value, ShellObject))

    def _object(self, item: Value) -> Iterator[Value]:
        for record in self._records(item):
            yield as_object(record)

    def _records(self, item: Value) -> Iterator[FormatRecord]:
        current = self._open
        if current is not None and not self._fits(current, item):
            yield from self._alone(item)
            return
        label = self._label(item, current)
        if current is None:
            found = self._begin(item)
            if found is None:
                return
            current = self._open = found
            current.group = label
            yield StartRecord(shape=current.shape)
            yield GroupStartRecord(label=label)
        elif (label or "").casefold() != (current.group or "").casefold():
            current.group = label
            yield GroupEndRecord()
            yield GroupStartRecord(label=label)
        yield self._entry(current, item)

    @staticmethod
    def _fits(current: _OpenView, item: Value) -> bool:
        name = item.type.name if isinstance(item, ShellObject) else ""
        line = item.type.ancestors if isinstance(item, ShellObject) else ()
        known = current.type_name
        return known is None or known == name or known in line

    def _label(self, item: Value, current: _OpenView | None) -> str | None:
        group = self._options.group
        joins = current is not None and current.type_name is None
        view = view_of(item) if isinstance(item, ShellObject) and not joins else None
        own = self._options.choose is None and self._options.kind in {None, "table"}
        if group is None and own and view is not None and view.group is not None:
            group = property_named(view.group)
        if group is None:
            return None
        if not group.exists(item):
            # What has no such property stays with those before it.
            return None if current is None else current.group
        return f"{group.title}: {group.text(item, self._limit())}"

    def _alone(self, item: Value) -> Iterator[FormatRecord]:
        """An object of another type between those of a view: a list of its own."""
        view = view_of(item) if isinstance(item, ShellObject) else None
        chosen = _of_view(view) if view is not None and view.as_list else None
        inner = _OpenView(shape=ListShape(), type_name=None, chosen=chosen)
        yield StartRecord(shape=inner.shape)
        yield GroupStartRecord()
        yield self._entry(inner, item)
        yield GroupEndRecord()
        yield EndRecord()

    def _begin(self, item: Value) -> _OpenView | None:
        """Return the view that an object opens, ``None`` when it has nothing to show."""
        options = self._options
        view = view_of(item) if isinstance(item, ShellObject) else None
        if options.choose is not None:
            return self._chosen_view(item, options.choose)
        if view is not None and view.lines is not None and options.kind is None:
            return _OpenView(shape=TextShape(), type_name=_type_name(item), chosen=None)
        own = properties_of(item)
        if not own:
            return None
        if options.kind == "wide":
            name = view.columns[0] if view is not None else wide_name(own)
            return _OpenView(shape=self._wide(), type_name=None, chosen=[property_named(name)])
        if options.kind == "table" and view is not None and view.table:
            asked = [replace(one, side=Side.LEFT) for one in map(property_named, view.table)]
            shape = self._table(item, asked)
            return _OpenView(shape=shape, type_name=_type_name(item), chosen=asked)
        fits = view is None and len(own) <= _TABLE_WIDTH
        as_table = fits if view is None else not view.as_list and view.lines is None
        if options.kind == "list" or (options.kind is None and not as_table):
            whole = view is not None and (view.as_list or _is_entry(item)) and not view.generated
            chosen = _of_view(view) if view is not None and whole else None
            mixed = view is not None and view.lines is not None and options.kind == "list"
            if view is not None and view.listed and not mixed:
                chosen = [property_named(name) for name in view.listed]
            name_of = None if mixed and not whole else _view_type(item, view)
            return _OpenView(shape=ListShape(), type_name=name_of, chosen=chosen)
        if view is not None and not view.as_list and view.lines is None:
            chosen = _of_view(view)
            fixed = bool(view.widths) and not options.measured
            plain = options.kind is None or _is_entry(item) or _type_name(item) in _OWN_WIDTHS
            fixed = fixed and plain
            shape = self._table(item, chosen, fixed=fixed)
            return _OpenView(shape=shape, type_name=_view_type(item, view), chosen=chosen)
        chosen = [property_named(name) for name, _ in own[:_MOST_COLUMNS]]
        return _OpenView(shape=self._table(item, chosen), type_name=None, chosen=chosen)

    def _chosen_view(
        self, item: Value, choose: Callable[[Value], list[ChosenProperty]]
    ) -> _OpenView | None:
        if self._options.kind == "list":
            return _OpenView(shape=ListShape(), type_name=None, chosen=None)
        chosen = choose(item)
        if not chosen:
            return None
        if self._options.kind == "wide":
            return _OpenView(shape=self._wide(), type_name=None, chosen=chosen[:1])
        # Widths count when the first column has one; otherwise the content decides.
        fixed = chosen[0].width is not None and not self._options.measured
        shape = self._table(item, chosen, fixed=fixed)
        return _OpenView(shape=shape, type_name=None, chosen=chosen)

    def _wide(self) -> WideShape:
        options = self._options
        return WideShape(
            columns=options.columns or 2, measured=options.measured and options.columns is None
        )

    def _table(
        self,
        item: Value,
        chosen: list[ChosenProperty],
        *,
        fixed: bool = False,
    ) -> TableShape:
        options = self._options
        columns = tuple(
            Column(
                title=one.title,
                side=one.side or side_of(one.read(item)),
                width=one.width,
            )
            for one in chosen
        )
        return TableShape(
            columns=columns,
            headers=options.headers,
            wrap=options.wrap,
            measured=not fixed,
            sized=options.measured,
        )

    def _entry(self, current: _OpenView, item: Value) -> EntryRecord:
        limit = self._limit()
        if isinstance(current.shape, TextShape):
            view = view_of(item) if isinstance(item, ShellObject) else None
            if isinstance(item, ShellObject) and view is not None and view.lines is not None:
                return EntryRecord(cells=tuple(view.lines(item)))
            return EntryRecord(cells=(to_text(item),))
        chosen = current.chosen
        if isinstance(current.shape, ListShape):
            if chosen is None and self._options.choose is not None:
                chosen = self._options.choose(item)
            if chosen is None:
                chosen = [property_named(name) for name in _listed(item)]
            chosen = [one for one in chosen if one.exists(item)]
            names = tuple(one.title for one in chosen)
            return EntryRecord(cells=tuple(one.text(item, limit) for one in chosen), names=names)
        return EntryRecord(cells=tuple(one.text(item, limit) for one in chosen or []))


def _listed(item: Value) -> Sequence[str]:
    """Return the names of what a list shows of an object, in their order."""
    view = view_of(item) if isinstance(item, ShellObject) else None
    if view is not None and view.lines is not None and view.listed:
        return view.listed
    return [name for name, _ in properties_of(item)]


def _type_name(item: Value) -> str | None:
    return item.type.name if isinstance(item, ShellObject) else None


def _view_type(item: Value, view: DefaultView | None) -> str | None:
    """Return the type whose objects a view takes, ``None`` for one that takes any."""
    return None if view is None or view.generated else _type_name(item)


def _is_entry(item: Value) -> bool:
    return _type_name(item) == DICTIONARY_ENTRY.name


def _of_view(view: DefaultView) -> list[ChosenProperty]:
    titles = dict(view.titles)
    widths = view.widths or (None,) * len(view.columns)
    return [
        ChosenProperty(
            title=titles.get(name, name),
            read=property_named(name).read,
            exists=lambda _item: True,
            width=width,
            side=Side.RIGHT if name in view.right else Side.LEFT,
        )
        for name, width in zip(view.columns, widths, strict=True)
    ]
