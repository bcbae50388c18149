"""``Measure-Object`` and ``Measure-Command``."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.properties import has_property, to_texts
from relaysim.powershell.cmdlets.sequences.sorting import compare_values
from relaysim.powershell.display.views import properties_of
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.members.properties import property_of
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.comparison import order_of
from relaysim.powershell.values.conversion import (
    is_plain,
    to_list,
    to_number,
    to_text,
    type_name_of,
)
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.net_time import in_culture
from relaysim.powershell.values.patterns.wildcard import has_wildcard, matches_wildcard
from relaysim.powershell.values.value import DefaultView, EnumValue, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["MEASURING_CMDLETS"]

_NUMBERS = ("Sum", "Average", "Maximum", "Minimum")
_TEXTS = ("Line", "Word", "Character")
_ORDER = ("Average", "Sum", "Maximum", "Minimum")
_MEASURE = ObjectType(
    name="Microsoft.PowerShell.Commands.GenericMeasureInfo",
    view=DefaultView(
        columns=("Count", "Average", "Sum", "Maximum", "Minimum", "Property"), as_list=True
    ),
)
_TEXT_MEASURE = ObjectType(
    name="Microsoft.PowerShell.Commands.TextMeasureInfo",
    view=DefaultView(
        columns=("Lines", "Words", "Characters", "Property"),
        right=("Lines", "Words", "Characters"),
    ),
)


class _Measure:
    spec = CmdletSpec(
        name="Measure-Object",
        aliases=("measure",),
        collects=True,
        parameters=(
            Parameter(name="Property", position=0, convert=to_texts),
            *(Parameter(name=name, switch=True) for name in (*_NUMBERS, *_TEXTS)),
            Parameter(name="IgnoreWhiteSpace", switch=True),
            Parameter(name="InputObject", from_pipeline=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the count and what else is asked for, once per property."""
        numbers = [one for one in _NUMBERS if bound.flag(one)]
        texts = [one for one in _TEXTS if bound.flag(one)]
        if numbers and (texts or bound.flag("IgnoreWhiteSpace")):
            raise context.failure(
                "Measure-Object: numbers and texts cannot be measured at once",
                id="AmbiguousParameterSet",
            )
        items = [item for item in (*pipeline_input, bound.get("InputObject")) if item is not None]
        context.spend(len(items))
        for name, values in self._columns(context, bound, items):
            if texts or bound.flag("IgnoreWhiteSpace"):
                yield _measured_text(bound, values, name)
            else:
                yield _measured(context, values, name, numbers)

    @staticmethod
    def _columns(
        context: Context, bound: Bound, items: list[Value]
    ) -> list[tuple[str | None, list[Value]]]:
        asked = [to_text(one) for one in to_list(bound.get("Property"))]
        if not asked:
            return [(None, items)]
        names: list[str] = []
        for pattern in asked:
            if not has_wildcard(pattern):
                names.append(pattern)
                continue
            found = {
                name: None
                for item in items
                for name, _ in properties_of(item)
                if matches_wildcard(name, pattern)
            }
            names += found
        columns: list[tuple[str | None, list[Value]]] = []
        for name in names:
            values = [property_of(item, name) for item in items if _has(item, name)]
            if items and not values:
                # Windows PowerShell says so; from 7.3 on it is silent.
                kind = "Text" if any(map(bound.flag, _TEXTS)) else "Generic"
                context.write_error(
                    f'The property "{name}" cannot be found in the input for any objects.',
                    id=f"{kind}MeasurePropertyNotFound",
                    category="InvalidArgument",
                )
                continue
            if not items:
                continue
            columns.append((name, values))
        return columns


def _measured(
    context: Context, values: list[Value], name: str | None, wanted: list[str]
) -> ShellObject:
    results: dict[str, Value] = {}
    count = len(values)
    if "Sum" in wanted or "Average" in wanted:
        numbers: list[float] = []
        fitting: list[Value] = []
        for value in values:
            try:
                numbers.append(_real(value))
                fitting.append(value)
            except ConversionError:
                context.write_error(
                    f'Input object "{to_text(value)}" is not numeric.',
                    id="NonNumericInputObject",
                    category="InvalidType",
                )
        if len(fitting) == len(values):
            total = sum(numbers, 0.0)
            results["Sum"] = total
            results["Average"] = total / len(numbers) if numbers else None
        count, values = len(values), fitting
    for one, sign in (("Maximum", 1), ("Minimum", -1)):
        if one in wanted and values:
            best: Value = None
            for value in map(_number_in, values):
                if best is None or _order(value, best) * sign > 0:
                    best = value
            results[one] = _as_double(best)
    fields: list[tuple[str, Value]] = [("Count", count)]
    fields += ((one, results.get(one) if one in wanted else None) for one in _ORDER)
    fields.append(("Property", name))
    return ShellObject(fields, type_=_MEASURE)


def _has(item: Value, name: str) -> bool:
    """Tell whether an object has a property, which may be null."""
    return has_property(item, name) or name.casefold() in {
        one.casefold() for one, _ in properties_of(item)
    }


def _order(value: Value, best: Value) -> int:
    """Return how a value compares; null is less than what is above zero only."""
    return order_of(value, best) if value is None else compare_values(value, best, case=True)


def _real(value: Value) -> float:
    """Return a value as the Double that is summed; a text may have commas between thousands."""
    if value is None:
        return 0.0
    return float(to_number(cast("double", value) if isinstance(value, str) else value))


def _number_in(value: Value) -> Value:
    """Return a text that is a number as that number: so the least and the most are found."""
    if isinstance(value, EnumValue):
        return value.number
    if isinstance(value, str):
        try:
            return _real(value)
        except ConversionError:
            return value
    return value


def _as_double(value: Value) -> Value:
    """Return a number as the Double that results are; a text as it is."""
    return float(value) if isinstance(value, int | float | Decimal) else value


def _measured_text(bound: Bound, values: list[Value], name: str | None) -> ShellObject:
    texts = [_as_text(value) for value in values]
    lines = sum(len(_line_breaks(text)) for text in texts if text)
    words = sum(len(text.split()) for text in texts)
    blind = bound.flag("IgnoreWhiteSpace")
    characters = sum(len("".join(text.split())) if blind else len(text) for text in texts)
    counts = (("Lines", "Line", lines), ("Words", "Word", words))
    fields: list[tuple[str, Value]] = [
        (title, count if bound.flag(flag) else None) for title, flag, count in counts
    ]
    fields.append(("Characters", characters if bound.flag("Character") else None))
    fields.append(("Property", name))
    return ShellObject(fields, type_=_TEXT_MEASURE)


def _as_text(value: Value) -> str:
    """Return what a value is measured as: a list by its type, an object made of properties not."""
    if isinstance(value, list):
        return type_name_of(value)
    return "" if is_plain(value) else in_culture(value)


def _line_breaks(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


MEASURING_CMDLETS: tuple[Cmdlet, ...] = (_Measure(),)
