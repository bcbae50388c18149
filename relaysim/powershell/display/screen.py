"""The console of a run: everything a script writes, in order, as text.

Texts and numbers stand as they are. Objects of a whole script share one view as long as they fit
into it. A table that is as wide as its content is held back until its last row is known, while
``Write-Host`` is not. Blank lines are those of Windows PowerShell 5.1: one before a table and two
after it, two before a list, one after each object and two more at its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import later, replace
from relaysim.powershell.display.records import (
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
    record_of,
)
from relaysim.powershell.display.shaping import Shaper
from relaysim.powershell.display.tables import TableLayout
from relaysim.powershell.interpreter.failing.failures import LimitReached
from relaysim.powershell.values.conversion import screen_text
from relaysim.powershell.values.failures import ConversionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relaysim.powershell.display.lists import list_lines
    from relaysim.powershell.display.records import FormatRecord, Shape
    from relaysim.powershell.display.tables import wide_lines
    from relaysim.powershell.members.reflection import as_item, as_shown
    from relaysim.powershell.values.value import Value
else:
    (list_lines,) = later(globals(), "relaysim.powershell.display.lists", "list_lines")
    (wide_lines,) = later(globals(), "relaysim.powershell.display.tables", "wide_lines")
    (as_item,) = later(globals(), "relaysim.powershell.members.reflection", "as_item")
    (as_shown,) = later(globals(), "relaysim.powershell.members.reflection", "as_shown")

__all__ = ["Display", "rendered"]

_MAX_OUTPUT = 32 * 1024 * 1024


class _View:
    """A view that has begun: what waits in it until it can be laid out."""

    __slots__ = ("layout", "shape", "waiting")

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.layout: TableLayout | None = None
        self.waiting: list[EntryRecord | str] = []


class Display:
    """The output of a run.

    Args:
        limit: Returns how many items of a collection are shown.
        width: The columns of the console; ``None``: nothing is cut or wrapped.
    """

    def __init__(self, limit: Callable[[], int], width: int | None = None) -> None:
        self._width = width
        self._shaper = Shaper(limit)
        self._pieces: list[str] = []
        self._size = 0
        self._views: list[_View] = []
        self._measures = False

    @property
    def width(self) -> int | None:
        """The columns of the console, ``None`` when nothing is cut."""
        return self._width

    def host(self, text: str) -> None:
        """Add text as it is, before a table that is held back."""
        self._size += len(text)
        if self._size > _MAX_OUTPUT:
            raise LimitReached(f"the script wrote more than {_MAX_OUTPUT} characters")
        self._pieces.append(text)

    def emit(self, value: Value) -> None:
        """Add an object that reached the end of a pipeline."""
        items = map(as_item, value) if isinstance(value, list) else [value]
        for one in items:
            for item in self._shaper.process(as_shown(one)):
                self._take(item)

    def text(self) -> str:
        """End the view that is open and return the whole output."""
        for item in self._shaper.finish():
            self._take(item)
        while self._views:
            self._end_group()
            self._views.pop()
        return "".join(self._pieces)

    def mark(self) -> int:
        """Return where the output is now, for :meth:`since`."""
        return len(self._pieces)

    def since(self, mark: int) -> str:
        """Return what was written since then; what is still held back is not part of it."""
        return "".join(self._pieces[mark:])

    def _lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.host(f"{line}\n")

    def _take(self, value: Value) -> None:
        record = record_of(value)
        if isinstance(record, PlainRecord):
            value = record.value
        elif record is not None:
            self._record(record)
            return
        text = screen_text(value).replace("\r\n", "\n")
        view = self._views[-1] if self._views else None
        # Texts stand before a line of a wide view that is not full yet.
        if view is not None and view.waiting and not isinstance(view.shape, WideShape):
            self._size += len(text)
            view.waiting.append(text)
        else:
            self.host(f"{text}\n")

    def _record(self, record: FormatRecord) -> None:
        if isinstance(record, StartRecord):
            if self._views:
                self._lay_out(self._views[-1])
            self._views.append(_View(self._measured(record.shape)))
            self.host("\n")
            return
        if not self._views:
            raise ConversionError(
                "a part of a table or list without its beginning cannot be shown",
                id="ConsoleLineOutputOutOfSequencePacket",
            )
        match record:
            case GroupStartRecord():
                self._begin_group(self._views[-1], record)
            case EntryRecord():
                self._entry(self._views[-1], record)
            case GroupEndRecord():
                self._end_group()
                self.host("\n")
            case EndRecord():
                self._views.pop()
                self.host("\n")
            case PlainRecord():
                self._take(record.value)

    def _measured(self, shape: Shape) -> Shape:
        """Return the shape of a view: behind one as wide as its content, all tables are that."""
        if isinstance(shape, TableShape | WideShape) and shape.measured:
            self._measures = True
        elif isinstance(shape, TableShape) and self._measures:
            columns = tuple(replace(one, width=None) for one in shape.columns)
            return replace(shape, columns=columns, measured=True)
        return shape

    def _begin_group(self, view: _View, record: GroupStartRecord) -> None:
        if record.label is not None:
            self.host(f"\n   {record.label}\n\n")
        if isinstance(view.shape, ListShape):
            self.host("\n")
        elif isinstance(view.shape, TableShape) and not view.shape.measured:
            view.layout = TableLayout(view.shape, (), self._width)
            self._lines(view.layout.head())

    def _entry(self, view: _View, record: EntryRecord) -> None:
        if isinstance(view.shape, ListShape):
            self._lines(list_lines(record.names, record.cells, self._width))
            self.host("\n")
        elif isinstance(view.shape, TextShape):
            self._lines(record.cells)
        elif view.layout is not None:
            self._lines(view.layout.row(record.cells))
        else:
            self._size += sum(len(cell) for cell in record.cells)
            if self._size > _MAX_OUTPUT:
                raise LimitReached(f"the script wrote more than {_MAX_OUTPUT} characters")
            view.waiting.append(record)
            wide = view.shape
            if isinstance(wide, WideShape) and not wide.measured and self._width is not None:
                full = len(view.waiting) == wide.columns
                if full:
                    self._lay_out(view)

    def _end_group(self) -> None:
        view = self._views[-1]
        self._lay_out(view)
        view.layout = None

    def _lay_out(self, view: _View) -> None:
        """Write what waits for the widths of its columns."""
        waiting, view.waiting = view.waiting, []
        rows = [one.cells for one in waiting if isinstance(one, EntryRecord)]
        if isinstance(view.shape, WideShape):
            shape = view.shape
            self._lines(
                wide_lines(
                    [cells[0] for cells in rows],
                    columns=shape.columns,
                    measured=shape.measured,
                    width=self._width,
                )
            )
        elif isinstance(view.shape, TableShape) and waiting:
            view.layout = TableLayout(view.shape, rows, self._width)
            self._lines(view.layout.head())
            for one in waiting:
                self._lines([one] if isinstance(one, str) else view.layout.row(one.cells))


def rendered(values: Iterable[Value], limit: Callable[[], int], width: int | None) -> str:
    """Return as text what the console would show of ``values`` alone."""
    display = Display(limit, width)
    for value in values:
        display.emit(value)
    return display.text()
