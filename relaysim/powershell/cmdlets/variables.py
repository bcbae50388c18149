"""``Get-``, ``Set-``, ``New-``, ``Clear-`` and ``Remove-Variable``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.properties import to_texts
from relaysim.powershell.cmdlets.storage.drives import VARIABLE, spelled
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.scope import Cell
from relaysim.powershell.values.conversion import (
    to_list,
    to_text,
    written_text,
)
from relaysim.powershell.values.failures import ConversionError, not_in_subset
from relaysim.powershell.values.patterns.wildcard import has_wildcard, matches_wildcard
from relaysim.powershell.values.value import ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet
    from relaysim.powershell.interpreter.scope import Scope

__all__ = ["VARIABLE_CMDLETS"]

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
    if text not in {"global", "script", "local"} and not text.isdecimal():
        below = text.lstrip("-").isdecimal()
        raise ConversionError(
            'Cannot process argument because the value of parameter "Scope" is not valid. Valid '
            'values are "Global", "Local", or "Script", or a number relative to the current scope '
            "(0 through the number of scopes where 0 is the current scope and 1 is its parent).",
            id="ArgumentOutOfRange" if below else "Argument",
        )
    return text


_SCOPE = Parameter(name="Scope", convert=_to_scope)


_OPTIONS = ("None", "ReadOnly", "Constant", "Private")


def _to_option(value: Value) -> str:
    text = to_text(value).casefold()
    if text == "allscope":
        raise not_in_subset("a variable that is one in all scopes")
    found = next((one for one in _OPTIONS if one.casefold() == text), None)
    if found is None:
        raise ConversionError(
            f"the option `{to_text(value)}` is none of {', '.join(_OPTIONS)}",
            id="CannotConvertArgumentNoMessage",
        )
    return found


def _shown(name: str, cell: Cell) -> ShellObject:
    """Return a variable as an object."""
    return ShellObject(
        (
            ("Name", name),
            ("Description", ""),
            ("Value", cell.value),
            ("Visibility", "Public"),
            ("Module", None),
            ("ModuleName", ""),
            ("Options", cell.option),
            ("Attributes", []),
        ),
        type_=VARIABLE,
    )


def _locked(context: Context, name: str, *, constant: bool = False) -> None:
    """Report that a variable cannot be changed."""
    reason = "read-only or constant" if not constant else "constant"
    context.write_error(
        f"Cannot overwrite variable {name} because it is {reason}.",
        id="VariableNotWritable",
        target=name,
    )


def _scope(context: Context, bound: Bound) -> Scope:
    scope = context.machine.scope
    named = to_text(bound.get("Scope"))
    if named in {"global", "script"}:
        return scope.root
    for _ in range(int(named) if named.isdecimal() else 0):
        if scope.parent is None:
            raise context.failure(
                f"The scope number '{named}' exceeds the number of active scopes.\n"
                f"Parameter name: Scope\nActual value was {named}.",
                id="ArgumentOutOfRange",
            )
        scope = scope.parent
    return scope


def _spelled(context: Context, folded: str) -> str:
    """Return a variable's name as the script spells it first; preferences have one anyway."""
    return _PREFERENCES.get(folded) or spelled(context, folded)


def _named(context: Context, bound: Bound) -> Iterator[str]:
    """Return the names of the variables asked for; an error for one that is not there."""
    known = {**_CONSTANTS, **context.machine.scope.visible()}
    for item in to_list(bound.get("Name")) or ["*"]:
        name = to_text(item)
        if has_wildcard(name):
            matches = [one for one in known if matches_wildcard(one, name, spend=context.spend)]
            yield from (_spelled(context, one) for one in sorted(matches))
        elif name.casefold() in known:
            yield name
        else:
            context.write_error(
                f"Cannot find a variable with the name '{name}'.",
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
        _scope(context, bound)
        for name in list(_named(context, bound)):
            folded = name.casefold()
            cell = context.machine.scope.find(name)
            if "Scope" in bound:
                cell = _scope(context, bound).variables.get(folded)
            if cell is None or folded in _CONSTANTS:
                cell = Cell(_CONSTANTS.get(folded), option="Constant")
            yield cell.value if bound.flag("ValueOnly") else _shown(name, cell)


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
                Parameter(name="Description", convert=written_text),
                Parameter(name="Option", convert=_to_option),
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
                constant = Cell(None, option="Constant")
                self._writable(context, bound, name, constant)
                continue
            cell = scope.variables.get(name.casefold())
            if not self._writable(context, bound, name, cell):
                continue
            if context.what_if and not context.should_process(
                f"Name: {name} Value: {to_text(value)}"
            ):
                continue
            option = to_text(bound.get("Option", "None" if cell is None else cell.option))
            if "Value" not in bound and not items and cell is not None:
                value = cell.value
            cell = Cell(value, option=option, private=option == "Private")
            scope.variables[name.casefold()] = cell
            if bound.flag("PassThru"):
                yield _shown(name, cell)

    def _writable(self, context: Context, bound: Bound, name: str, cell: Cell | None) -> bool:
        """Tell whether a variable can be given a value, or report why not."""
        if cell is None:
            return True
        if self._new and not bound.flag("Force"):
            context.write_error(
                f"A variable with name '{name}' already exists.",
                id="VariableAlreadyExists",
                target=name,
            )
        elif bound.get("Option") == "Constant":
            context.write_error(
                f"Existing variable {name} cannot be made constant. Variables can be made "
                "constant only at creation time.",
                id="VariableCannotBeMadeConstant",
                target=name,
            )
        elif cell.option == "Constant" or (cell.fixed and not bound.flag("Force")):
            _locked(context, name)
        else:
            return True
        return False


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
                self._locked(context, name)
                continue
            if context.what_if and not context.should_process(f"Name: {name}"):
                continue
            cell = scope.variables.get(name.casefold())
            if (
                cell is not None
                and cell.fixed
                and (cell.option == "Constant" or not bound.flag("Force"))
            ):
                self._locked(context, name)
            elif self._remove:
                scope.variables.pop(name.casefold(), None)
            elif cell is None:
                scope.set(name, None)
            else:
                cell.value = None
        return ()

    def _locked(self, context: Context, name: str) -> None:
        if not self._remove:
            _locked(context, name)
            return
        context.write_error(
            f"Cannot remove variable {name} because it is constant or read-only. If the variable "
            "is read-only, try the operation again specifying the Force option.",
            id="VariableNotRemovable",
            target=name,
        )


VARIABLE_CMDLETS: tuple[Cmdlet, ...] = (
    _GetVariable(),
    _SetVariable("Set-Variable", "sv", new=False),
    _SetVariable("New-Variable", "nv", new=True),
    _EndVariable("Clear-Variable", "clv", remove=False),
    _EndVariable("Remove-Variable", "rv", remove=True),
)
