"""``Out-String``, ``Out-Null``, ``Out-Host``, ``Tee-Object -Variable``: where objects end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.properties import too_small
from relaysim.powershell.display.screen import Display
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_int

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet, StreamingCmdlet
    from relaysim.powershell.values.value import Value

__all__ = ["SENDING_CMDLETS", "to_width"]


def to_width(value: Value) -> int:
    """Return an argument as the width of a console."""
    width = to_int(value)
    if width < 2:
        raise too_small(width, 2)
    return width


class _Shown:
    """What a console would show of objects, as they come."""

    def __init__(self, context: Context, width: Value) -> None:
        limit = context.machine.enumeration_limit
        self._context = context
        self._display = Display(limit, width if isinstance(width, int) else None)
        self._mark = 0

    def take(self, item: Value) -> str:
        """Return what an object lets the console show."""
        self._context.spend(1)
        self._display.emit(item)
        shown = self._display.since(self._mark)
        self._mark = self._display.mark()
        return shown

    def rest(self) -> str:
        """Return what only the end lets it show."""
        self._display.text()
        return self._display.since(self._mark)


class _StringStage:
    def __init__(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> None:
        self._written = _Shown(context, bound.get("Width", context.machine.display.width))
        self._emit = emit
        self._stream = bound.flag("Stream")
        self._kept: list[str] = []

    def process(self, item: Value) -> None:
        """Take an object; its lines go on at once with ``-Stream``."""
        self._lines(self._written.take(item))

    def finish(self) -> None:
        """Send on what is left."""
        self._lines(self._written.rest())
        if not self._stream:
            # The text is one of Windows, whose lines end in two characters.
            self._emit("".join(self._kept).replace("\n", "\r\n"))

    def _lines(self, text: str) -> None:
        if not self._stream:
            self._kept.append(text)
            return
        for line in text.removesuffix("\n").split("\n") if text else ():
            self._emit(line)


class _OutString:
    spec = CmdletSpec(
        name="Out-String",
        parameters=(
            Parameter(name="Stream", switch=True),
            Parameter(name="Width", convert=to_width),
            Parameter(name="InputObject", from_pipeline=True),
        ),
    )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _StringStage:
        """Begin to take objects."""
        return _StringStage(context, bound, emit)


class _OutNull:
    spec = CmdletSpec(
        name="Out-Null",
        collects=True,
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return nothing, whatever is written behind the command."""
        del context, bound, pipeline_input
        return ()


class _HostStage:
    def __init__(self, context: Context) -> None:
        self._console = context.machine.display
        self._written = _Shown(context, self._console.width)

    def process(self, item: Value) -> None:
        """Write an object to the console, past whatever else takes the output."""
        self._console.host(self._written.take(item))

    def finish(self) -> None:
        """Write what is left."""
        self._console.host(self._written.rest())


class _OutHost:
    def __init__(self, name: str, *aliases: str) -> None:
        self.spec = CmdletSpec(
            name=name,
            aliases=aliases,
            parameters=(
                Parameter(name="Paging", switch=True),
                Parameter(name="InputObject", from_pipeline=True),
            ),
        )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _HostStage:
        """Begin to write."""
        del bound, emit
        return _HostStage(context)


SENDING_CMDLETS: tuple[Cmdlet | StreamingCmdlet, ...] = (
    _OutString(),
    _OutNull(),
    _OutHost("Out-Host", "oh"),
    _OutHost("Out-Default"),
)
