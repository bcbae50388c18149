"""``Compare-Object``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.calculated import GROUP_KEYS, Selector, selectors
from relaysim.powershell.cmdlets.properties import (
    has_property,
    property_value,
    to_count,
    without_nulls,
)
from relaysim.powershell.cmdlets.sequences.sorting import comparable, compare_values
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failing.failures import LimitReached
from relaysim.powershell.values.conversion import (
    to_list,
    type_name_of,
    written_text,
)
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.numeric import decorated
from relaysim.powershell.values.value import ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["COMPARING_CMDLETS"]

_Keys = tuple[tuple[bool, Value], ...]
"""What an object is compared by: whether it has each property, and its value."""
_Entry = tuple[_Keys, Value]
_Side = list[_Entry]


def _objects(name: str) -> Callable[[Value], list[Value]]:
    """Return what takes the objects of a side, none of which may be null."""

    def convert(value: Value) -> list[Value]:
        items = to_list(value)
        if value is None or any(item is None for item in items):
            raise ConversionError(
                f"Cannot bind argument to parameter '{name}' because it is null.",
                id="ParameterArgumentValidationErrorNullNotAllowed",
            )
        return items

    return convert


class _Compare:
    spec = CmdletSpec(
        name="Compare-Object",
        aliases=("compare", "diff"),
        collects=True,
        parameters=(
            Parameter(
                name="ReferenceObject",
                position=0,
                mandatory=True,
                convert=_objects("ReferenceObject"),
            ),
            Parameter(
                name="DifferenceObject",
                position=1,
                mandatory=True,
                from_pipeline=True,
                convert=_objects("DifferenceObject"),
            ),
            Parameter(name="Property"),
            Parameter(name="SyncWindow", convert=to_count),
            Parameter(name="IncludeEqual", switch=True),
            Parameter(name="ExcludeDifferent", switch=True),
            Parameter(name="CaseSensitive", switch=True),
            Parameter(name="Culture", convert=written_text),
            Parameter(name="PassThru", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return what stands only on one side, compared by text or by the properties given."""
        chosen = selectors(bound.get("Property"), GROUP_KEYS)
        # What takes several objects takes an array as these, all or none.
        whole = [
            None if isinstance(item, list) and None in item else item for item in pipeline_input
        ]
        piped = without_nulls(context, whole, "DifferenceObject")
        if pipeline_input and not piped:
            return
        given = [one for item in piped for one in to_list(item)]
        given += to_list(bound.get("DifferenceObject"))
        left = self._side(context, chosen, to_list(bound.get("ReferenceObject")))
        right = self._side(context, chosen, given)
        window = bound.get("SyncWindow")
        matching = _Matching(
            context,
            window if isinstance(window, int) else None,
            case=bound.flag("CaseSensitive"),
        )
        rows = matching.rows(left, right)
        for item, side in rows:
            if side == "==" and not bound.flag("IncludeEqual"):
                continue
            if side != "==" and bound.flag("ExcludeDifferent"):
                continue
            yield self._row(context, bound, chosen, item, side)

    @staticmethod
    def _side(context: Context, chosen: list[Selector], items: list[Value]) -> _Side:
        result: _Side = []
        for item in items:
            context.spend(1)
            keys = [
                (
                    not isinstance(one.expression, str) or has_property(item, one.expression),
                    comparable(property_value(context, one, item)),
                )
                for one in chosen
            ]
            result.append((tuple(keys) or ((True, comparable(item)),), item))
        return result

    @staticmethod
    def _row(
        context: Context, bound: Bound, chosen: list[Selector], item: Value, side: str
    ) -> Value:
        if bound.flag("PassThru"):
            if isinstance(item, ShellObject):
                item.set("SideIndicator", side)
                return item
            beside = decorated(item, [("SideIndicator", side)])
            if beside is None:
                raise LimitReached(
                    f"Compare-Object: a {type_name_of(item)} has no `SideIndicator` here",
                    id="NotPartOfTheSubset",
                    hint="leave out `-PassThru`, and take `InputObject` of the results",
                )
            return beside
        fields: list[tuple[str, Value]] = [
            (one.name, property_value(context, one, item)) for one in chosen
        ] or [("InputObject", item)]
        return ShellObject((*fields, ("SideIndicator", side)))


class _Matching:
    """Both sides are read in step.

    An object that finds its partner among those that wait is equal; one that waited longer than
    ``window`` places is different. The one compared with those that wait decides how.
    """

    def __init__(self, context: Context, window: int | None, *, case: bool) -> None:
        self._context = context
        self._window = window
        self._case = case
        self._left: _Side = []
        self._right: _Side = []

    def _equal(self, one: _Entry, two: _Entry) -> bool:
        return all(
            there == known and compare_values(first, second, case=self._case) == 0
            for (there, first), (known, second) in zip(one[0], two[0], strict=True)
        )

    def _partner(self, entry: _Entry | None, waiting: _Side) -> _Entry | None:
        """Take the first entry out of those that wait which ``entry`` is equal to."""
        if entry is None:
            return None
        self._context.spend(len(waiting))
        for place, known in enumerate(waiting):
            if self._equal(entry, known):
                return waiting.pop(place)
        return None

    def rows(self, left: _Side, right: _Side) -> Iterator[tuple[Value, str]]:
        """Return the objects with their sides, in PowerShell's order."""
        for place in range(max(len(left), len(right))):
            one = left[place] if place < len(left) else None
            two = right[place] if place < len(right) else None
            self._context.spend(1)
            if one is not None and two is not None and self._equal(one, two):
                yield one[1], "=="
                continue
            partner = self._partner(two, self._left)
            if partner is not None:
                yield partner[1], "=="
                two = None
            if self._partner(one, self._right) is not None and one is not None:
                yield one[1], "=="
                one = None
            yield from self._wait(two, self._right, "=>")
            yield from self._wait(one, self._left, "<=")
        yield from ((item, "=>") for _, item in self._right)
        yield from ((item, "<=") for _, item in self._left)

    def _wait(self, entry: _Entry | None, waiting: _Side, side: str) -> Iterator[tuple[Value, str]]:
        """Let an entry wait for its partner; return those that waited too long."""
        if entry is None:
            return
        waiting.append(entry)
        while self._window is not None and len(waiting) > self._window:
            yield waiting.pop(0)[1], side


COMPARING_CMDLETS: tuple[Cmdlet, ...] = (_Compare(),)
