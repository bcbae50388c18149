"""``Format-List``, ``Format-Table``, ``Out-String``, ``Out-Null``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.properties import select_properties, selectors
from relaysim.powershell.display.screen import Display, format_list, format_table, properties_of
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.value import FormattedText, HashTable, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["FORMATTING_CMDLETS"]


def _is_row(value: Value) -> bool:
    return isinstance(value, ShellObject | HashTable)


class _FormatList:
    spec = CmdletSpec(
        name="Format-List",
        aliases=("fl",),
        collects=True,
        parameters=(
            Parameter(name="Property", position=0),
            Parameter(name="Force", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the objects as lists of their properties."""
        chosen = selectors(bound.get("Property"))
        limit = context.machine.enumeration_limit()
        rows = []
        for item in pipeline_input:
            context.spend(1)
            if chosen and item is not None:
                rows.append(select_properties(context, chosen, item))
            elif isinstance(item, HashTable):
                rows += [[("Name", key), ("Value", value)] for key, value in item.items()]
            elif isinstance(item, ShellObject):
                rows.append(item.items())
            elif item is not None:
                if rows:
                    yield FormattedText(text=format_list(rows, limit))
                    rows = []
                yield FormattedText(text=to_text(item))
        if rows:
            yield FormattedText(text=format_list(rows, limit))


class _FormatTable:
    spec = CmdletSpec(
        name="Format-Table",
        aliases=("ft",),
        collects=True,
        parameters=(
            Parameter(name="Property", position=0),
            Parameter(name="AutoSize", switch=True),
            Parameter(name="Wrap", switch=True),
            Parameter(name="HideTableHeaders", switch=True),
            Parameter(name="Force", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the objects as one table; columns are always as wide as their content."""
        chosen = selectors(bound.get("Property"))
        items = [item for item in pipeline_input if item is not None]
        context.spend(len(items))
        if not chosen and items and not _is_row(items[0]):
            yield from (FormattedText(text=to_text(item)) for item in items)
            return
        if not items:
            return
        first = items[0]
        if not chosen and isinstance(first, HashTable):
            items = [
                ShellObject((("Name", key), ("Value", value)))
                for item in items
                if isinstance(item, HashTable)
                for key, value in item.items()
            ]
            first = ShellObject((("Name", None), ("Value", None)))
        view = None
        if not chosen:
            view = first.type.view if isinstance(first, ShellObject) else None
            names = [name for name, _ in properties_of(first)] if view is None else view.columns
            chosen = selectors(list(names))
        rows = [select_properties(context, chosen, item) for item in items]
        names = list(dict.fromkeys(name for row in rows for name, _ in row))
        table = [[dict(row).get(name) for name in names] for row in rows]
        yield FormattedText(
            text=format_table(
                names if view is None else view.heads(),
                table,
                context.machine.enumeration_limit(),
                headers=not bound.flag("HideTableHeaders"),
            )
        )


class _OutString:
    spec = CmdletSpec(
        name="Out-String",
        collects=True,
        parameters=(
            Parameter(name="Stream", switch=True),
            Parameter(name="Width"),
            Parameter(name="InputObject"),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return as text what the output would show."""
        display = Display(context.machine.enumeration_limit)
        for item in (*pipeline_input, bound.get("InputObject")):
            context.spend(1)
            display.emit(item)
        text = display.text()
        if bound.flag("Stream"):
            yield from text.splitlines()
        else:
            yield text


class _OutNull:
    spec = CmdletSpec(
        name="Out-Null", collects=True, parameters=(Parameter(name="InputObject", position=0),)
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return nothing."""
        del context, bound, pipeline_input
        return ()


class _OutDefault:
    spec = CmdletSpec(
        name="Out-Host",
        aliases=("Out-Default", "oh"),
        collects=True,
        parameters=(Parameter(name="Paging", switch=True),),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Write the objects to the output, past whatever else takes it."""
        del bound
        for item in pipeline_input:
            context.machine.display.emit(item)
        return ()


FORMATTING_CMDLETS: tuple[Cmdlet, ...] = (
    _FormatList(),
    _FormatTable(),
    _OutString(),
    _OutNull(),
    _OutDefault(),
)
