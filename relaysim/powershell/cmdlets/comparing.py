"""``Compare-Object``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.properties import (
    GROUP_KEYS,
    Selector,
    property_value,
    selectors,
    to_count,
)
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.value import ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["COMPARING_CMDLETS"]

_Keys = tuple[str, ...]
_Side = list[tuple[_Keys, Value]]


def _objects(value: Value) -> list[Value]:
    if value is None:
        raise ConversionError("is null", id="ParameterArgumentValidationErrorNullNotAllowed")
    items = to_list(value)
    if any(item is None for item in items):
        raise ConversionError("holds a null", id="ParameterArgumentValidationErrorNullNotAllowed")
    return items


class _Compare:
    spec = CmdletSpec(
        name="Compare-Object",
        aliases=("compare", "diff"),
        collects=True,
        parameters=(
            Parameter(name="ReferenceObject", position=0, mandatory=True, convert=_objects),
            Parameter(name="DifferenceObject", position=1, from_pipeline=True, convert=_objects),
            Parameter(name="Property"),
            Parameter(name="SyncWindow", convert=to_count),
            Parameter(name="IncludeEqual", switch=True),
            Parameter(name="ExcludeDifferent", switch=True),
            Parameter(name="CaseSensitive", switch=True),
            Parameter(name="Culture", convert=to_text),
            Parameter(name="PassThru", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return what stands only on one side, compared by text or by the properties given."""
        chosen = selectors(bound.get("Property"), GROUP_KEYS)
        if "DifferenceObject" not in bound and not pipeline_input:
            raise context.failure(
                "Compare-Object: missing `-DifferenceObject`", id="MissingMandatoryParameter"
            )
        given = [*pipeline_input, *to_list(bound.get("DifferenceObject"))]
        left = self._side(context, bound, chosen, to_list(bound.get("ReferenceObject")))
        right = self._side(context, bound, chosen, given)
        window = bound.get("SyncWindow")
        rows = _matched(context, left, right, window if isinstance(window, int) else None)
        for item, side in rows:
            if side == "==" and not bound.flag("IncludeEqual"):
                continue
            if side != "==" and bound.flag("ExcludeDifferent"):
                continue
            yield self._row(context, bound, chosen, item, side)

    @staticmethod
    def _side(context: Context, bound: Bound, chosen: list[Selector], items: list[Value]) -> _Side:
        case = bound.flag("CaseSensitive")
        result: _Side = []
        for item in items:
            context.spend(1)
            values = [property_value(context, one, item) for one in chosen] or [item]
            texts = tuple(_text(value) for value in values)
            result.append((texts if case else tuple(text.casefold() for text in texts), item))
        return result

    @staticmethod
    def _row(
        context: Context, bound: Bound, chosen: list[Selector], item: Value, side: str
    ) -> Value:
        if bound.flag("PassThru"):
            if isinstance(item, ShellObject):
                item.set("SideIndicator", side)
            return item
        fields: list[tuple[str, Value]] = [
            (one.name, property_value(context, one, item)) for one in chosen
        ] or [("InputObject", item)]
        return ShellObject((*fields, ("SideIndicator", side)))


def _text(value: Value) -> str:
    """Return what two values are compared by: an object made of properties has no text."""
    if isinstance(value, ShellObject) and value.type.text is None:
        return "" if value.type.name.endswith("PSCustomObject") else value.type.name
    return to_text(value)


def _matched(
    context: Context, left: _Side, right: _Side, window: int | None
) -> Iterator[tuple[Value, str]]:
    """Return the objects with their sides, in PowerShell's order.

    Both sides are read in step. An object that finds its partner among those that wait is equal;
    one that waited longer than ``window`` places is different.
    """
    waiting_left: _Side = []
    waiting_right: _Side = []
    for place in range(max(len(left), len(right))):
        one = left[place] if place < len(left) else None
        two = right[place] if place < len(right) else None
        context.spend(1 + ((len(waiting_left) + len(waiting_right)) >> 4))
        if one is not None and two is not None and one[0] == two[0]:
            yield one[1], "=="
            continue
        if two is not None:
            partner = next((known for known in waiting_left if known[0] == two[0]), None)
            if partner is not None:
                waiting_left.remove(partner)
                yield partner[1], "=="
            else:
                waiting_right.append(two)
        if one is not None:
            partner = next((known for known in waiting_right if known[0] == one[0]), None)
            if partner is not None:
                waiting_right.remove(partner)
                yield one[1], "=="
            else:
                waiting_left.append(one)
        if window is not None:
            while len(waiting_right) > window:
                yield waiting_right.pop(0)[1], "=>"
            while len(waiting_left) > window:
                yield waiting_left.pop(0)[1], "<="
    yield from ((item, "=>") for _, item in waiting_right)
    yield from ((item, "<=") for _, item in waiting_left)


COMPARING_CMDLETS: tuple[Cmdlet, ...] = (_Compare(),)
