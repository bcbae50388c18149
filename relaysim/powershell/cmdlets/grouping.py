"""``Sort-Object``, ``Group-Object``, ``Measure-Object`` and ``Compare-Object``."""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.properties import Selector, property_value, selectors
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.evaluation import member_of
from relaysim.powershell.interpreter.operators import sort_key
from relaysim.powershell.values.conversion import to_list, to_number, to_text
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["GROUPING_CMDLETS"]

_GROUP = ObjectType(
    name="Microsoft.PowerShell.Commands.GroupInfo",
    view=DefaultView(columns=("Count", "Name", "Group")),
)
_MEASURE = ObjectType(
    name="Microsoft.PowerShell.Commands.GenericMeasureInfo",
    view=DefaultView(
        columns=("Count", "Average", "Sum", "Maximum", "Minimum", "Property"), as_list=True
    ),
)


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
            Parameter(name="InputObject"),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the objects in order; equal ones keep theirs."""
        chosen = selectors(bound.get("Property"))
        case = bound.flag("CaseSensitive")
        down = [
            bound.flag("Descending") if one.descending is None else one.descending for one in chosen
        ]
        items = [*pipeline_input, *to_list(bound.get("InputObject"))]
        context.spend(8 * len(items))
        keyed = [(_keys(context, chosen, item, case=case), item) for item in items]
        if not chosen:
            down = [bound.flag("Descending")]

        def compare(left: tuple[list[_Key], Value], right: tuple[list[_Key], Value]) -> int:
            for one, two, reverse in zip(left[0], right[0], down, strict=True):
                if one != two:
                    return -1 if (one < two) != reverse else 1
            return 0

        keyed.sort(key=cmp_to_key(compare))
        last: list[_Key] | None = None
        for keys, item in keyed:
            if not bound.flag("Unique") or keys != last:
                yield item
            last = keys


_Key = tuple[int, float, str]


def _keys(context: Context, chosen: list[Selector], item: Value, *, case: bool) -> list[_Key]:
    if not chosen:
        return [sort_key(item, case=case)]
    return [sort_key(property_value(context, one, item), case=case) for one in chosen]


class _Group:
    spec = CmdletSpec(
        name="Group-Object",
        aliases=("group",),
        collects=True,
        parameters=(
            Parameter(name="Property", position=0),
            Parameter(name="NoElement", switch=True),
            Parameter(name="CaseSensitive", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return one object per distinct value, in the order of first appearance."""
        chosen = selectors(bound.get("Property"))
        groups: dict[tuple[_Key, ...], tuple[str, list[Value]]] = {}
        for item in pipeline_input:
            context.spend(1)
            keys = tuple(_keys(context, chosen, item, case=bound.flag("CaseSensitive")))
            shown = (
                ", ".join(to_text(property_value(context, one, item)) for one in chosen)
                if chosen
                else to_text(item)
            )
            groups.setdefault(keys, (shown, []))[1].append(item)
        for name, members in groups.values():
            fields: list[tuple[str, Value]] = [("Count", len(members)), ("Name", name)]
            if not bound.flag("NoElement"):
                fields.append(("Group", members))
            yield ShellObject(fields, type_=_GROUP)


class _Measure:
    spec = CmdletSpec(
        name="Measure-Object",
        aliases=("measure",),
        collects=True,
        parameters=(
            Parameter(name="Property", position=0, convert=to_text),
            *(
                Parameter(name=name, switch=True)
                for name in ("Sum", "Average", "Maximum", "Minimum")
            ),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the count and what else is asked for."""
        name = to_text(bound.get("Property"))
        context.spend(len(pipeline_input))
        values = [item for item in pipeline_input if item is not None]
        if name:
            values = [value for item in values if (value := member_of(item, name)) is not None]
        wanted = [one for one in ("Sum", "Average", "Maximum", "Minimum") if bound.flag(one)]
        numbers = [to_number(value) for value in values] if wanted else []
        total = sum(numbers)
        results = {
            "Sum": total,
            "Average": total / len(numbers) if numbers else None,
            "Maximum": max(numbers, default=None),
            "Minimum": min(numbers, default=None),
        }
        fields: list[tuple[str, Value]] = [("Count", len(values))]
        fields += ((one, results[one] if one in wanted else None) for one in _MEASURE_ORDER)
        fields.append(("Property", name or None))
        yield ShellObject(fields, type_=_MEASURE)


_MEASURE_ORDER = ("Average", "Sum", "Maximum", "Minimum")


class _Compare:
    spec = CmdletSpec(
        name="Compare-Object",
        aliases=("compare", "diff"),
        parameters=(
            Parameter(name="ReferenceObject", position=0, mandatory=True),
            Parameter(name="DifferenceObject", position=1, mandatory=True, from_pipeline=True),
            Parameter(name="IncludeEqual", switch=True),
            Parameter(name="ExcludeDifferent", switch=True),
            Parameter(name="PassThru", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return what stands only on one side, compared by text without case."""
        del pipeline_input
        reference = to_list(bound.get("ReferenceObject"))
        difference = to_list(bound.get("DifferenceObject"))
        context.spend(len(reference) + len(difference))
        left: dict[str, list[Value]] = {}
        for item in reference:
            left.setdefault(to_text(item).casefold(), []).append(item)
        equal: list[Value] = []
        only_right: list[Value] = []
        for item in difference:
            known = left.get(to_text(item).casefold())
            if known:
                equal.append(known.pop(0))
            else:
                only_right.append(item)
        rows = [(item, "==") for item in equal] if bound.flag("IncludeEqual") else []
        if not bound.flag("ExcludeDifferent"):
            rows += [(item, "=>") for item in only_right]
            rows += [(item, "<=") for items in left.values() for item in items]
        for item, side in rows:
            if bound.flag("PassThru"):
                yield item
            else:
                yield ShellObject((("InputObject", item), ("SideIndicator", side)))


GROUPING_CMDLETS: tuple[Cmdlet, ...] = (_Sort(), _Group(), _Measure(), _Compare())
