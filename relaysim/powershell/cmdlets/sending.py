"""``Out-String``, ``Out-Null``, ``Out-Host``, ``Tee-Object -Variable``: where objects end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.display.screen import rendered
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_int
from relaysim.powershell.values.failures import ConversionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet
    from relaysim.powershell.values.value import Value

__all__ = ["SENDING_CMDLETS", "to_width"]


def to_width(value: Value) -> int:
    """Return an argument as the width of a console."""
    width = to_int(value)
    if width < 2:
        raise ConversionError(
            f"a width of {width} (at least 2)", id="ParameterArgumentValidationError"
        )
    return width


def _given(bound: Bound, pipeline_input: Sequence[Value]) -> list[Value]:
    return [*pipeline_input, *([bound.get("InputObject")] if "InputObject" in bound else [])]


class _OutString:
    spec = CmdletSpec(
        name="Out-String",
        collects=True,
        parameters=(
            Parameter(name="Stream", switch=True),
            Parameter(name="Width", convert=to_width),
            Parameter(name="InputObject", from_pipeline=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return as text what the output would show."""
        width = bound.get("Width", context.machine.display.width)
        items = _given(bound, pipeline_input)
        context.spend(len(items))
        text = rendered(
            items,
            context.machine.enumeration_limit,
            width if isinstance(width, int) else None,
        )
        # The text is one of Windows, whose lines end in two characters.
        if bound.flag("Stream"):
            yield from text.removesuffix("\n").split("\n") if text else ()
        else:
            yield text.replace("\n", "\r\n")


class _OutNull:
    spec = CmdletSpec(
        name="Out-Null",
        collects=True,
        parameters=(Parameter(name="InputObject", from_pipeline=True),),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return nothing."""
        del context, bound, pipeline_input
        return ()


class _OutHost:
    def __init__(self, name: str, *aliases: str) -> None:
        self.spec = CmdletSpec(
            name=name,
            aliases=aliases,
            collects=True,
            parameters=(
                Parameter(name="Paging", switch=True),
                Parameter(name="InputObject", from_pipeline=True),
            ),
        )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Write the objects to the console, past whatever else takes the output."""
        display = context.machine.display
        items = _given(bound, pipeline_input)
        context.spend(len(items))
        display.host(rendered(items, context.machine.enumeration_limit, display.width))
        return ()


SENDING_CMDLETS: tuple[Cmdlet, ...] = (
    _OutString(),
    _OutNull(),
    _OutHost("Out-Host", "oh"),
    _OutHost("Out-Default"),
)
