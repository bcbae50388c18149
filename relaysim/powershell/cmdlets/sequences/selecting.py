"""``Select-Object``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.calculated import selectors
from relaysim.powershell.cmdlets.properties import (
    own_names,
    select_properties,
    to_count,
    to_texts,
    too_small,
)
from relaysim.powershell.cmdlets.sequences.sorting import comparable
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failing.failures import LimitReached, StopUpstream
from relaysim.powershell.members.properties import property_of
from relaysim.powershell.values.comparison import are_equal
from relaysim.powershell.values.conversion import (
    to_int,
    to_list,
    to_text,
    type_name_of,
    written_text,
)
from relaysim.powershell.values.numeric import decorated
from relaysim.powershell.values.value import HashTable, ShellObject, Value, unroll

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import StreamingCmdlet

__all__ = ["SELECTING_CMDLETS"]


_WITHOUT_PLACES = (
    "Property", "ExcludeProperty", "ExpandProperty", "First", "Last", "Skip", "SkipLast",
)  # fmt: skip
"""What the set of ``-Index`` does not have."""


def _to_places(value: Value) -> list[Value]:
    places = [to_int(one) for one in to_list(value)]
    if min(places, default=0) < 0:
        raise too_small(min(places), 0)
    return [*places]


class _SelectStage:
    def __init__(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> None:
        self._context = context
        self._emit = emit
        self._first = self._number(bound, "First")
        self._last = self._number(bound, "Last")
        self._skip = self._number(bound, "Skip") or 0
        self._skip_last = self._number(bound, "SkipLast") or 0
        self._places = {one for one in to_list(bound.get("Index")) if isinstance(one, int)}
        self._indexed = "Index" in bound
        self._unique = bound.flag("Unique")
        self._expand = to_text(bound.get("ExpandProperty"))
        self._chosen = selectors(bound.get("Property"))
        self._excluded = [to_text(one) for one in to_list(bound.get("ExcludeProperty"))]
        if self._excluded and not self._chosen and not self._expand:
            self._chosen = selectors("*")
        self._seen: list[tuple[Value, Value]] = []
        self._waiting: list[Value] = []
        self._count = 0
        self._passed = 0

    @staticmethod
    def _number(bound: Bound, name: str) -> int | None:
        value = bound.get(name)
        return value if isinstance(value, int) else None

    def process(self, item: Value) -> None:
        """Take the object if its place in the input is asked for."""
        if item is None:
            return
        self._count += 1
        if self._indexed:
            if self._count - 1 in self._places:
                self._take(item)
            return
        if self._last is not None or self._skip_last:
            self._waiting.append(item)
            if self._first is None:
                return
        if self._last is None and self._count <= self._skip:
            return
        if self._first is not None:
            if self._passed >= self._first:
                if self._last is None:
                    raise StopUpstream
                return
            self._passed += 1
        self._take(item)
        if self._last is None and self._first is not None and self._passed >= self._first:
            raise StopUpstream

    def finish(self) -> None:
        """Take the last objects when they are asked for."""
        if self._skip_last:
            for item in self._waiting[self._skip : len(self._waiting) - self._skip_last]:
                self._take(item)
        elif self._last:
            rest = self._waiting[self._passed :]
            rest = rest[: len(rest) - self._skip] if self._skip else rest
            for item in rest[-self._last :]:
                self._take(item)

    def _take(self, item: Value) -> None:
        if self._expand:
            self._take_expanded(item)
            return
        result = item
        if self._chosen:
            fields = select_properties(self._context, self._chosen, item, self._excluded)
            # What the selection is made of is part of its type in files.
            result = ShellObject(fields, base=f"Selected.{_source(item)}")
        if not self._unique or not self._known(result):
            self._emit(result)

    def _take_expanded(self, item: Value) -> None:
        more = (
            select_properties(self._context, self._chosen, item, self._excluded)
            if self._chosen
            else []
        )
        for value in unroll(self._expanded(item)):
            if self._unique and self._known(value):
                continue
            if more and not isinstance(value, ShellObject):
                beside = decorated(value, more)
                if beside is not None:
                    self._emit(beside)
                    continue
                raise LimitReached(
                    f"Select-Object: a {type_name_of(value)} keeps no further properties here",
                    id="NotPartOfTheSubset",
                    hint="select the properties with a calculated one instead",
                )
            self._emit(_with_members(self._context, value, more))

    def _expanded(self, item: Value) -> Value:
        if isinstance(item, HashTable) and self._expand not in item:
            own = dict(own_names(item))
            if self._expand.casefold() in own:
                return own[self._expand.casefold()]
        there = (
            self._expand in item
            if isinstance(item, ShellObject | HashTable)
            else property_of(item, self._expand) is not None
        )
        if not there:
            self._context.write_error(
                f'Property "{self._expand}" cannot be found.',
                id="ExpandPropertyNotFound",
            )
            return []
        value = property_of(item, self._expand)
        return [] if value is None else value

    def _known(self, value: Value) -> bool:
        chosen = self._chosen and not self._expand
        shown = value.items() if chosen and isinstance(value, ShellObject) else None
        alone = comparable(value)
        self._context.spend(1 + len(self._seen))
        for other, other_alone in self._seen:
            if shown is not None and isinstance(other, ShellObject):
                names = [name.casefold() for name, _ in shown]
                if names == [name.casefold() for name in other.names()] and all(
                    to_text(comparable(one)) == to_text(comparable(two))
                    for (_, one), (_, two) in zip(shown, other.items(), strict=True)
                ):
                    return True
            elif are_equal(alone, other_alone, case=True):
                return True
            elif isinstance(other, HashTable) and isinstance(value, HashTable):
                # Tables have the same text, the name of their type.
                return True
        self._seen.append((value, alone))
        return False


def _source(item: Value) -> str:
    """Return the name of the type that a selection is made of."""
    name = type_name_of(item)
    return (
        "System.Management.Automation.PSCustomObject" if name.endswith("PSCustomObject") else name
    )


def _with_members(context: Context, value: Value, more: list[tuple[str, Value]]) -> Value:
    """Return an expanded object with the properties that were asked for beside it."""
    if more and isinstance(value, ShellObject):
        for name, item in more:
            if name not in value:
                value.set(name, item)
                continue
            context.write_error(
                f'The property cannot be processed because the property "{name}" already exists.',
                id="AlreadyExistingUserSpecifiedPropertyExpand",
                category="InvalidOperation",
            )
    return value


class _Select:
    spec = CmdletSpec(
        name="Select-Object",
        aliases=("select",),
        parameters=(
            Parameter(name="Property", position=0),
            Parameter(name="ExcludeProperty", convert=to_texts),
            Parameter(name="ExpandProperty", convert=written_text),
            Parameter(name="First", convert=to_count),
            Parameter(name="Last", convert=to_count),
            Parameter(name="Skip", convert=to_count),
            Parameter(name="SkipLast", convert=to_count),
            Parameter(name="Index", convert=_to_places),
            Parameter(name="Wait", switch=True),
            Parameter(name="Unique", switch=True),
            Parameter(name="InputObject", from_pipeline=True),
        ),
        exclusive=(
            *(("Index", name) for name in _WITHOUT_PLACES),
            *(("SkipLast", name) for name in ("First", "Last", "Wait")),
        ),
    )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _SelectStage:
        """Begin to select."""
        return _SelectStage(context, bound, emit)


SELECTING_CMDLETS: tuple[StreamingCmdlet, ...] = (_Select(),)
