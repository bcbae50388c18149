"""``Get-``, ``Set-``, ``New-``, ``Clear-`` and ``Remove-Variable``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.properties import to_texts
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, Value
from relaysim.powershell.values.wildcard import has_wildcard, matches_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet
    from relaysim.powershell.interpreter.scope import Scope

__all__ = ["VARIABLE_CMDLETS"]

_VARIABLE = ObjectType(
    name="System.Management.Automation.PSVariable",
    view=DefaultView(columns=("Name", "Value"), widths=(30, None)),
)
_CONSTANTS: dict[str, Value] = {"true": True, "false": False, "null": None}
_PREFERENCES = {
    name.casefold(): name
    for name in (
        "ErrorActionPreference", "WarningPreference", "VerbosePreference", "DebugPreference",
        "InformationPreference", "ProgressPreference", "ConfirmPreference", "WhatIfPreference",
        "FormatEnumerationLimit", "Error", "Matches", "OFS",
    )
}  # fmt: skip
_NAME = Parameter(name="Name", position=0, mandatory=True, from_property=True, convert=to_texts)


def _to_scope(value: Value) -> str:
    text = to_text(value).casefold()
    if text not in {"global", "script", "local", "0"}:
        raise ConversionError(
            f"the scope `{to_text(value)}` is none of global, script, local",
            id="ParameterArgumentValidationError",
        )
    return text


_SCOPE = Parameter(name="Scope", convert=_to_scope)


def _scope(context: Context, bound: Bound) -> Scope:
    scope = context.machine.scope
    return scope.root if to_text(bound.get("Scope")) in {"global", "script"} else scope


def _visible(context: Context) -> dict[str, Value]:
    """Return every variable that the script sees, by lower-case name, inner ones first."""
    found: dict[str, Value] = {}
    scope: Scope | None = context.machine.scope
    while scope is not None:
        for name, cell in scope.variables.items():
            found.setdefault(name, cell.value)
        scope = scope.parent
    return found


def _spelled(context: Context, folded: str) -> str:
    """Return a variable's name as the script spells it first; scopes keep it without case."""
    if folded in _PREFERENCES:
        return _PREFERENCES[folded]
    word = re.compile(rf"(?<!\w){re.escape(folded)}(?!\w)", re.IGNORECASE)
    found = word.search(context.machine.source.text)
    return folded if found is None else found.group()


def _named(context: Context, bound: Bound) -> Iterator[str]:
    """Return the names of the variables asked for; an error for one that is not there."""
    known = {**_CONSTANTS, **_visible(context)}
    for item in to_list(bound.get("Name")) or ["*"]:
        name = to_text(item)
        if has_wildcard(name):
            matches = [one for one in known if matches_wildcard(one, name, spend=context.spend)]
            yield from (_spelled(context, one) for one in sorted(matches))
        elif name.casefold() in known:
            yield name
        else:
            context.write_error(
                f"{context.command}: there is no variable `{name}`",
                id="VariableNotFound",
                target=name,
            )


class _GetVariable:
    spec = CmdletSpec(
        name="Get-Variable",
        aliases=("gv",),
        parameters=(
            Parameter(name="Name", position=0, from_pipeline=True, convert=to_texts),
            Parameter(name="ValueOnly", switch=True),
            _SCOPE,
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the variables, or their values."""
        del pipeline_input
        for name in list(_named(context, bound)):
            value = _CONSTANTS.get(name.casefold(), context.machine.scope.get(name))
            if bound.flag("ValueOnly"):
                yield value
            else:
                yield ShellObject((("Name", name), ("Value", value)), type_=_VARIABLE)


class _SetVariable:
    def __init__(self, name: str, alias: str, *, new: bool) -> None:
        self._new = new
        self.spec = CmdletSpec(
            name=name,
            aliases=(alias,),
            changes=True,
            collects=True,
            parameters=(
                _NAME,
                Parameter(name="Value", position=1),
                _SCOPE,
                Parameter(name="Description", convert=to_text),
                Parameter(name="Force", switch=True),
                Parameter(name="PassThru", switch=True),
            ),
        )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Give the variables a value."""
        items = list(pipeline_input)
        value: Value = items[0] if len(items) == 1 else items or None
        if "Value" in bound:
            value = bound.get("Value")
        scope = _scope(context, bound)
        for name in map(to_text, to_list(bound.get("Name"))):
            if name.casefold() in _CONSTANTS:
                context.write_error(
                    f"{context.command}: `{name}` cannot be changed", id="VariableNotWritable"
                )
                continue
            if self._new and name.casefold() in scope.variables and not bound.flag("Force"):
                context.write_error(
                    f"{context.command}: there is already a variable `{name}`",
                    id="VariableAlreadyExists",
                    target=name,
                )
                continue
            if not context.should_process(f"Name: {name} Value: {to_text(value)}"):
                continue
            scope.set(name, value)
            if bound.flag("PassThru"):
                yield ShellObject((("Name", name), ("Value", value)), type_=_VARIABLE)


class _EndVariable:
    def __init__(self, name: str, alias: str, *, remove: bool) -> None:
        self._remove = remove
        self.spec = CmdletSpec(
            name=name,
            aliases=(alias,),
            changes=True,
            parameters=(
                Parameter(
                    name="Name",
                    position=0,
                    mandatory=True,
                    from_pipeline=True,
                    from_property=True,
                    convert=to_texts,
                ),
                _SCOPE,
                Parameter(name="Force", switch=True),
            ),
        )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Empty the variables, or take them away."""
        del pipeline_input
        scope = _scope(context, bound)
        for name in list(_named(context, bound)):
            if name.casefold() in _CONSTANTS:
                continue
            if not context.should_process(f"Name: {name}"):
                continue
            if self._remove:
                scope.variables.pop(name.casefold(), None)
            else:
                scope.set(name, None)
        return ()


VARIABLE_CMDLETS: tuple[Cmdlet, ...] = (
    _GetVariable(),
    _SetVariable("Set-Variable", "sv", new=False),
    _SetVariable("New-Variable", "nv", new=True),
    _EndVariable("Clear-Variable", "clv", remove=False),
    _EndVariable("Remove-Variable", "rv", remove=True),
)
