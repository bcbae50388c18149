"""``Where-Object``, ``ForEach-Object`` and ``Select-Object``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.properties import select_properties, selectors, to_count, to_texts
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failures import ConversionError, StopUpstream
from relaysim.powershell.interpreter.operators import are_equal, binary
from relaysim.powershell.members.methods import call_method, has_method
from relaysim.powershell.members.properties import member_of
from relaysim.powershell.values.conversion import to_bool, to_list, to_text
from relaysim.powershell.values.value import ScriptBlockValue, ShellObject, Value, unroll

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import StreamingCmdlet

__all__ = ["OBJECT_CMDLETS"]

_OPERATORS = (
    "EQ", "NE", "GT", "GE", "LT", "LE", "Like", "NotLike", "Match", "NotMatch", "Contains",
    "NotContains", "In", "NotIn", "CEQ", "CNE", "CLike", "CMatch", "Is", "IsNot",
)  # fmt: skip


def _block(value: Value) -> ScriptBlockValue:
    if isinstance(value, ScriptBlockValue):
        return value
    raise ConversionError(f"`{to_text(value)}` is no script block")


class _WhereStage:
    def __init__(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> None:
        self._context = context
        self._emit = emit
        self._test = bound.get("Property")
        chosen = [name for name in _OPERATORS if bound.flag(name)]
        if len(chosen) > 1:
            raise context.failure("Where-Object: more than one comparison")
        self._operator = f"-{chosen[0].lower()}" if chosen else None
        self._value = bound.get("Value")
        if isinstance(self._test, ScriptBlockValue) and self._operator is not None:
            raise context.failure("Where-Object: a script block and a comparison")

    def process(self, item: Value) -> None:
        """Let the object pass when it meets the condition."""
        if isinstance(self._test, ScriptBlockValue):
            holds = to_bool(self._context.invoke(self._test, item))
        else:
            value = member_of(item, to_text(self._test))
            holds = to_bool(
                value
                if self._operator is None
                else binary(self._context.machine, self._operator, value, self._value)
            )
        if holds:
            self._emit(item)

    def finish(self) -> None:
        """Nothing is kept."""


class _Where:
    spec = CmdletSpec(
        name="Where-Object",
        aliases=("where", "?"),
        parameters=(
            Parameter(name="Property", aliases=("FilterScript",), position=0, mandatory=True),
            Parameter(name="Value", position=1),
            *(Parameter(name=name, switch=True) for name in _OPERATORS),
            Parameter(name="InputObject", from_pipeline=True),
        ),
    )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _WhereStage:
        """Begin to filter."""
        return _WhereStage(context, bound, emit)


class _ForEachStage:
    def __init__(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> None:
        self._context = context
        self._emit = emit
        self._end = [_block(bound.get("End"))] if "End" in bound else []
        begin = [_block(bound.get("Begin"))] if "Begin" in bound else []
        given = to_list(bound.get("Process"))
        self._member = ""
        self._process: list[ScriptBlockValue] = []
        self._arguments = to_list(bound.get("ArgumentList"))
        if given and not isinstance(given[0], ScriptBlockValue):
            self._member = to_text(given[0])
            self._arguments = given[1:] or self._arguments
        else:
            blocks = [_block(one) for one in given]
            if len(blocks) > 1 and not begin:
                begin = [blocks.pop(0)]
            if len(blocks) > 1 and not self._end:
                self._end = [blocks.pop()]
            self._process = blocks
        for block in begin:
            self._run(block, None)

    def _run(self, block: ScriptBlockValue, item: Value) -> None:
        self._context.call(block, self._emit, item=item)

    def process(self, item: Value) -> None:
        """Run the blocks for the object, or emit the member."""
        for block in self._process:
            self._run(block, item)
        if self._member:
            for value in unroll(self._member_of(item)):
                self._emit(value)

    def _member_of(self, item: Value) -> Value:
        own = isinstance(item, ShellObject) and self._member in item
        if not own and has_method(item, self._member):
            return call_method(item, self._member, self._arguments)
        return member_of(item, self._member)

    def finish(self) -> None:
        """Run the end block."""
        for block in self._end:
            self._run(block, None)


class _ForEach:
    runs_without_input = True
    spec = CmdletSpec(
        name="ForEach-Object",
        aliases=("foreach", "%"),
        parameters=(
            Parameter(
                name="Process", aliases=("MemberName",), position=0, mandatory=True, remaining=True
            ),
            Parameter(name="Begin"),
            Parameter(name="End"),
            Parameter(name="ArgumentList", aliases=("Args",)),
            Parameter(name="InputObject", from_pipeline=True),
        ),
    )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _ForEachStage:
        """Begin to run the block."""
        return _ForEachStage(context, bound, emit)


class _SelectStage:
    def __init__(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> None:
        self._context = context
        self._emit = emit
        self._first = bound.get("First")
        self._last = bound.get("Last")
        self._skip = bound.get("Skip", 0)
        self._unique = bound.flag("Unique")
        self._expand = to_text(bound.get("ExpandProperty"))
        self._chosen = selectors(bound.get("Property"))
        self._excluded = [to_text(one) for one in to_list(bound.get("ExcludeProperty"))]
        if self._excluded and not self._chosen:
            self._chosen = selectors("*")
        self._seen: list[Value] = []
        self._waiting: list[Value] = []
        self._count = 0
        self._passed = 0

    def process(self, item: Value) -> None:
        """Take the object if its place in the input is asked for."""
        if isinstance(self._last, int):
            self._waiting.append(item)
            if self._first is None:
                return
        self._count += 1
        if self._last is None and isinstance(self._skip, int) and self._count <= self._skip:
            return
        if isinstance(self._first, int):
            if self._passed >= self._first:
                if self._last is None:
                    raise StopUpstream
                return
            self._passed += 1
        self._take(item)
        if self._last is None and isinstance(self._first, int) and self._passed >= self._first:
            raise StopUpstream

    def finish(self) -> None:
        """Take the last objects when they are asked for."""
        if isinstance(self._last, int) and self._last > 0:
            skip = self._skip if isinstance(self._skip, int) else 0
            rest = self._waiting[self._passed :]
            rest = rest[: len(rest) - skip] if skip else rest
            for item in rest[-self._last :]:
                self._take(item)

    def _take(self, item: Value) -> None:
        result = item
        if self._chosen:
            fields = select_properties(self._context, self._chosen, item, self._excluded)
            result = ShellObject(fields)
        if self._unique and self._known(result):
            return
        if not self._expand:
            self._emit(result)
            return
        for value in unroll(self._expanded(item)):
            self._emit(value)

    def _expanded(self, item: Value) -> Value:
        if isinstance(item, ShellObject) and self._expand not in item:
            self._context.write_error(
                f"Select-Object: the property `{self._expand}` cannot be found",
                id="ExpandPropertyNotFound",
            )
            return []
        value = member_of(item, self._expand)
        return [] if value is None else value

    def _known(self, value: Value) -> bool:
        shown = value.items() if isinstance(value, ShellObject) else None
        self._context.spend(1 + len(self._seen))
        for other in self._seen:
            if shown is not None and isinstance(other, ShellObject):
                names = [name.casefold() for name, _ in shown]
                if names == [name.casefold() for name in other.names()] and all(
                    to_text(one) == to_text(two)
                    for (_, one), (_, two) in zip(shown, other.items(), strict=True)
                ):
                    return True
            elif are_equal(other, value, case=True):
                return True
        self._seen.append(value)
        return False


class _Select:
    spec = CmdletSpec(
        name="Select-Object",
        aliases=("select",),
        parameters=(
            Parameter(name="Property", position=0),
            Parameter(name="ExcludeProperty", convert=to_texts),
            Parameter(name="ExpandProperty", convert=to_text),
            Parameter(name="First", convert=to_count),
            Parameter(name="Last", convert=to_count),
            Parameter(name="Skip", convert=to_count),
            Parameter(name="Unique", switch=True),
            Parameter(name="InputObject", from_pipeline=True),
        ),
    )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _SelectStage:
        """Begin to select."""
        return _SelectStage(context, bound, emit)


OBJECT_CMDLETS: tuple[StreamingCmdlet, ...] = (_Where(), _ForEach(), _Select())
