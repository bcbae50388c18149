"""``Format-List``, ``Format-Table``, ``Format-Wide``, ``Format-Custom``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from relaysim.powershell.cmdlets.calculated import FORMAT_KEYS, LIST_KEYS, WIDE_KEYS, selectors
from relaysim.powershell.cmdlets.choices import numbered, set_of
from relaysim.powershell.cmdlets.properties import view_properties
from relaysim.powershell.display.shaping import FormatOptions, Shaper
from relaysim.powershell.display.views import is_scalar
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.members.reflection import as_item, as_shown
from relaysim.powershell.values.conversion import to_text, written_text
from relaysim.powershell.values.failures import ConversionError, not_in_subset
from relaysim.powershell.values.value import TypeValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.cmdlets.calculated import Selector
    from relaysim.powershell.display.shaping import ChosenProperty
    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import StreamingCmdlet
    from relaysim.powershell.values.value import Value

__all__ = ["FORMATTING_CMDLETS", "SHARED"]

_Kind = Literal["table", "list", "wide"]

SHARED = (
    Parameter(name="GroupBy"),
    Parameter(name="View", convert=written_text),
    Parameter(name="ShowError", switch=True),
    Parameter(name="DisplayError", switch=True),
    Parameter(name="Force", switch=True),
    Parameter(name="Expand", convert=set_of("CoreOnly", "EnumOnly", "Both")),
    Parameter(name="InputObject", from_pipeline=True),
)
"""The parameters that all commands for views have."""


_KEYS = {"table": FORMAT_KEYS, "list": LIST_KEYS, "wide": WIDE_KEYS}


class _FormatStage:
    """A ``Format-`` command at work: each object goes on as a part of a view."""

    def __init__(
        self, context: Context, bound: Bound, emit: Callable[[Value], None], kind: _Kind
    ) -> None:
        self._context = context
        self._emit = emit
        self._kind = kind
        self._view = to_text(bound.get("View")) if "View" in bound else None
        if "View" in bound and "Property" in bound:
            raise context.failure(
                "Cmdlet parameters View and Property are mutually exclusive.",
                id="FormatCannotSpecifyViewAndProperty",
            )
        if bound.flag("AutoSize") and "Column" in bound:
            raise context.failure(
                f"{context.command}: `-AutoSize` and `-Column` exclude one another",
                id="FormatCannotSpecifyAutosizeAndColumns",
            )
        wanted = bound.get("Property")
        by = bound.get("GroupBy")
        if isinstance(by, list) or (kind == "wide" and isinstance(wanted, list)):
            raise ConversionError(
                "Cannot convert System.Object[] to one of the following types {System.String, "
                "System.Management.Automation.ScriptBlock}.",
                id="DictionaryKeyUnknownType",
            )
        group = selectors(by, LIST_KEYS)
        columns = bound.get("Column")
        self._shaper = Shaper(
            context.machine.enumeration_limit,
            FormatOptions(
                kind=kind,
                choose=self._chooser(selectors(wanted, _KEYS[kind])),
                group=self._group(group),
                headers=not bound.flag("HideTableHeaders"),
                wrap=bound.flag("Wrap"),
                columns=columns if isinstance(columns, int) else None,
                measured=bound.flag("AutoSize"),
                force=bound.flag("Force"),
            ),
        )

    def _chooser(self, chosen: list[Selector]) -> Callable[[Value], list[ChosenProperty]] | None:
        if not chosen:
            return None
        return lambda item: view_properties(self._context, chosen, item)

    def _group(self, chosen: list[Selector]) -> ChosenProperty | None:
        if not chosen:
            return None
        found = view_properties(self._context, chosen[:1], None)
        return found[0] if found else None

    def process(self, item: Value) -> None:
        """Take one object."""
        self._context.spend(1)
        for one in map(as_item, item) if isinstance(item, list) else [item]:
            if self._view is not None and not is_scalar(one):
                raise self._context.failure(
                    f"{self._context.command}: no view has the name `{self._view}`",
                    id="FormatViewNotFound",
                )
            if isinstance(one, TypeValue) and self._kind == "list":
                raise not_in_subset("the list of the properties of a type")
            for part in self._shaper.process(as_shown(one)):
                self._emit(part)

    def finish(self) -> None:
        """End the view."""
        for part in self._shaper.finish():
            self._emit(part)


class _Format:
    def __init__(self, kind: _Kind, name: str, alias: str, *parameters: Parameter) -> None:
        self._kind: _Kind = kind
        self.spec = CmdletSpec(
            name=name,
            aliases=(alias,),
            parameters=(Parameter(name="Property", position=0), *parameters, *SHARED),
        )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _FormatStage:
        """Begin a view."""
        return _FormatStage(context, bound, emit, self._kind)


_AUTO_SIZE = Parameter(name="AutoSize", switch=True)

FORMATTING_CMDLETS: tuple[StreamingCmdlet, ...] = (
    _Format("list", "Format-List", "fl"),
    _Format(
        "table",
        "Format-Table",
        "ft",
        _AUTO_SIZE,
        Parameter(name="Wrap", switch=True),
        Parameter(name="HideTableHeaders", switch=True),
    ),
    _Format("wide", "Format-Wide", "fw", _AUTO_SIZE, Parameter(name="Column", convert=numbered(1))),
)
