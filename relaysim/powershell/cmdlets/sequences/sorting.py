"""``Sort-Object`` and ``Get-Unique``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.calculated import SORT_KEYS, Selector, selectors
from relaysim.powershell.cmdlets.properties import has_property, key_value
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.comparison import order_of
from relaysim.powershell.values.conversion import to_text, type_name_of, written_text
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.introsort import introsort
from relaysim.powershell.values.value import Nothing, ShellObject, Value, unroll

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet, StreamingCmdlet

__all__ = ["SORTING_CMDLETS", "comparable", "compare_values"]


def compare_values(left: Value, right: Value, *, case: bool) -> int:
    """Return -1, 0 or 1: the order of two values of any kind; ``$null`` comes first.

    The left value decides: a text with a number compares their texts, a number with a text that is
    a number compares numbers.
    """
    one_null = left is None or isinstance(left, Nothing)
    two_null = right is None or isinstance(right, Nothing)
    if one_null or two_null:
        return two_null - one_null
    try:
        return order_of(left, right, case=case)
    except ConversionError:
        return order_of(to_text(left), to_text(right), case=case)


def comparable(value: Value) -> Value:
    """Return what a value is compared by: an object made of properties has no text."""
    if isinstance(value, ShellObject) and value.type.text is None:
        return "" if value.type.name.endswith("PSCustomObject") else value.type.name
    return value


_Keys = list[tuple[bool, Value]]
_FAILED = object()


class _Sort:
    spec = CmdletSpec(
        name="Sort-Object",
        aliases=("sort",),
        collects=True,
        parameters=(
            Parameter(name="Property", position=0),
            Parameter(name="Descending", switch=True),
            Parameter(name="Unique", switch=True),
            Parameter(name="CaseSensitive", switch=True),
            Parameter(name="Culture", convert=written_text),
            Parameter(name="InputObject", from_pipeline=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the objects in order; those without the key come last."""
        chosen = selectors(bound.get("Property"), SORT_KEYS)
        case = bound.flag("CaseSensitive")
        whole = bound.flag("Descending")
        down = [whole if one.descending is None else one.descending for one in chosen] or [whole]
        items = [item for item in (*pipeline_input, bound.get("InputObject")) if item is not None]
        context.spend(8 * len(items))
        keyed = [(self._keys(context, chosen, item), item) for item in items]

        def compare(left: tuple[_Keys, Value], right: tuple[_Keys, Value]) -> int:
            for (has_one, one), (has_two, two), reverse in zip(
                left[0], right[0], down, strict=True
            ):
                if has_one != has_two:
                    return -1 if has_one else 1
                order = compare_values(one, two, case=case)
                if order:
                    return -order if reverse else order
            return 0

        introsort(keyed, compare)
        for place, one in enumerate(keyed):
            if bound.flag("Unique") and place and compare(keyed[place - 1], one) == 0:
                continue
            yield one[1]

    @staticmethod
    def _keys(context: Context, chosen: list[Selector], item: Value) -> _Keys:
        if not chosen:
            return [(True, comparable(item))]
        keys: _Keys = []
        for one in chosen:
            value = key_value(context, one, item, _FAILED)
            there = not isinstance(one.expression, str) or has_property(item, one.expression)
            keys.append((there, comparable(value)) if value is not _FAILED else (False, None))
        return keys


class _UniqueStage:
    """Passes on each object that differs from the last passed on; case counts in texts."""

    def __init__(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> None:
        self._context = context
        self._bound = bound
        self._emit = emit
        self._last: Value = None

    def process(self, item: Value) -> None:
        """Take an object; an array that is given whole is one, and goes on as what it holds."""
        self._context.spend(1)
        if self._last is None or not self._same(self._last, item):
            self._last = item
            for one in unroll(item) if "InputObject" in self._bound else [item]:
                self._emit(one)

    def finish(self) -> None:
        """Nothing is kept."""

    def _same(self, last: Value, item: Value) -> bool:
        if self._bound.flag("OnType"):
            return type_name_of(last) == type_name_of(item)
        if self._bound.flag("AsString"):
            if item is None:
                raise self._context.failure(
                    "Object reference not set to an instance of an object.",
                    id="System.NullReferenceException",
                )
            return to_text(last) == to_text(item)
        return compare_values(comparable(item), comparable(last), case=True) == 0


class _GetUnique:
    spec = CmdletSpec(
        name="Get-Unique",
        aliases=("gu",),
        parameters=(
            Parameter(name="InputObject", from_pipeline=True),
            Parameter(name="AsString", switch=True),
            Parameter(name="OnType", switch=True),
        ),
        exclusive=(("AsString", "OnType"),),
    )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _UniqueStage:
        """Begin to compare."""
        return _UniqueStage(context, bound, emit)


SORTING_CMDLETS: tuple[Cmdlet | StreamingCmdlet, ...] = (_Sort(), _GetUnique())
