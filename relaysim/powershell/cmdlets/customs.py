"""``Format-Custom``: every property of an object below its class, as deep as asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.calculated import CUSTOM_KEYS, selectors
from relaysim.powershell.cmdlets.choices import numbered
from relaysim.powershell.cmdlets.formatting import SHARED
from relaysim.powershell.cmdlets.properties import view_properties
from relaysim.powershell.display.cells import ELLIPSIS, culture_text
from relaysim.powershell.display.views import entries_of, is_scalar, properties_of, view_of
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_list, to_text, type_name_of
from relaysim.powershell.values.failures import not_in_subset
from relaysim.powershell.values.value import HashTable, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import StreamingCmdlet

__all__ = ["CUSTOM_CMDLETS"]

_DEPTH = 5


class _CustomStage:
    def __init__(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> None:
        self._context = context
        self._emit = emit
        for name in ("GroupBy", "View"):
            if name in bound:
                raise not_in_subset(f"`Format-Custom -{name}`")
        depth = bound.get("Depth")
        self._depth = depth if isinstance(depth, int) else _DEPTH
        self._chosen = selectors(bound.get("Property"), CUSTOM_KEYS)

    def process(self, item: Value) -> None:
        """Write an object as a class with its properties, a text as it is."""
        if isinstance(item, HashTable):
            for entry in entries_of(item):
                self.process(entry)
            return
        if _is_plain_text(item):
            self._emit(item)
            return
        chosen = view_properties(self._context, self._chosen, item) if self._chosen else None
        pairs = (
            [(one.title, one.read(item)) for one in chosen] if chosen is not None else _own(item)
        )
        self._emit("\n" + "\n".join(self._lines(item, pairs, "", self._depth)) + "\n")

    def finish(self) -> None:
        """Nothing is kept."""

    def _lines(
        self, item: Value, pairs: Iterable[tuple[str, Value]], pad: str, depth: int
    ) -> Iterator[str]:
        self._context.spend(1)
        yield f"{pad}class {type_name_of(item).rpartition('.')[2]}"
        yield f"{pad}{{"
        for name, value in pairs:
            if isinstance(value, HashTable | list):
                yield f"{pad}  {name} = "
                yield from self._items(value, pad + "    ", depth)
            elif _is_plain_text(value) or depth <= 0:
                yield f"{pad}  {name} = {culture_text(value)}"
            else:
                yield f"{pad}  {name} = "
                yield from self._lines(value, _own(value), pad + "    ", depth - 1)
        yield f"{pad}}}"

    def _items(self, value: Value, pad: str, depth: int) -> Iterator[str]:
        items = list(entries_of(value) if isinstance(value, HashTable) else to_list(value))
        limit = self._context.machine.enumeration_limit()
        kept = items if limit < 0 else items[:limit]
        yield f"{pad}["
        for one in kept:
            if _is_plain_text(one) or isinstance(one, HashTable | list):
                yield f"{pad}  {culture_text(one)}"
            elif depth <= 1:
                yield f"{pad}  {_entry_text(one)}"
            else:
                yield from self._lines(one, _own(one), pad + "  ", depth - 1)
        if len(kept) < len(items):
            yield f"{pad}  {ELLIPSIS}"
        yield f"{pad}]"
        yield pad


def _is_plain_text(value: Value) -> bool:
    """Tell whether a value is shown as its text: no object, or one with a text of its own."""
    view = view_of(value) if isinstance(value, ShellObject) else None
    return is_scalar(value) or (view is not None and view.lines is not None)


def _entry_text(value: Value) -> str:
    if isinstance(value, ShellObject) and value.type.name.endswith("DictionaryEntry"):
        return f"[{to_text(value.get('Key'))}, {to_text(value.get('Value'))}]"
    return to_text(value)


def _own(item: Value) -> list[tuple[str, Value]]:
    """Return the properties of an object; those of an entry stand key first, as .NET has them."""
    if isinstance(item, ShellObject) and item.type.name.endswith("DictionaryEntry"):
        return [(name, item.get(name)) for name in ("Key", "Value", "Name")]
    return properties_of(item)


class _FormatCustom:
    spec = CmdletSpec(
        name="Format-Custom",
        aliases=("fc",),
        parameters=(
            Parameter(name="Property", position=0),
            Parameter(name="Depth", convert=numbered(1)),
            *SHARED,
        ),
    )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _CustomStage:
        """Begin to write."""
        return _CustomStage(context, bound, emit)


CUSTOM_CMDLETS: tuple[StreamingCmdlet, ...] = (_FormatCustom(),)
