"""The drives of PowerShell that hold no files: variables, the environment, functions, aliases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relaysim.lean import pattern
from relaysim.powershell.display.views import DICTIONARY_ENTRY
from relaysim.powershell.hosting.alias_names import ALIASES
from relaysim.powershell.interpreter.scope import Cell
from relaysim.powershell.language.syntax import Function
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.failures import not_in_subset, not_known
from relaysim.powershell.values.patterns.wildcard import has_wildcard, matches_wildcard
from relaysim.powershell.values.value import (
    DefaultView,
    ObjectType,
    ScriptBlockValue,
    ShellObject,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relaysim.powershell.interpreter.context import Context

__all__ = [
    "FUNCTION",
    "VARIABLE",
    "drive_items",
    "found_on_drive",
    "names_drive",
    "remove_from_drive",
    "spelled",
]

_DRIVES = "variable|env|function|alias|cert|hklm|hkcu|wsman|ad|iis"
_PATH = pattern(rf"(?:\w+\\)*({_DRIVES}):{{1,2}}", re.IGNORECASE)
_REGISTRY = pattern(r"registry::(hkey_local_machine|hkey_current_user)", re.IGNORECASE)
VARIABLE = ObjectType(
    name="System.Management.Automation.PSVariable",
    view=DefaultView(columns=("Name", "Value"), widths=(30, None)),
)
FUNCTION = ObjectType(
    name="System.Management.Automation.FunctionInfo",
    view=DefaultView(
        columns=("CommandType", "Name", "Version", "Source"), widths=(15, 50, 10, None)
    ),
    text=lambda one: to_text(one.get("Name")),
)
"""A function as a command, or as an item of its drive."""

_FUNCTION = ObjectType(
    name="System.Management.Automation.AliasInfo",
    view=DefaultView(columns=("Name", "Definition")),
    text=lambda one: to_text(one.get("Name")),
)


def names_drive(path: str) -> bool:
    """Tell whether a path stands on a drive that holds no files.

    >>> names_drive("env:TEMP"), names_drive("HKLM:/SOFTWARE"), names_drive("C:/a.txt")
    (True, True, False)
    """
    return _PATH.match(path) is not None or _REGISTRY.match(path) is not None


def _split(path: str) -> tuple[str, str]:
    found = _PATH.match(path)
    if found is None:
        return "registry", path
    return found.group(1).casefold(), path[found.end() :].strip("\\/")


def _kept(context: Context, drive: str) -> Mapping[str, Cell | Function | str | None]:
    """Return what a drive holds, by its name in lower case."""
    machine = context.machine
    if drive == "variable":
        return machine.scope.visible()
    if drive == "env":
        # A variable that is emptied is none any more.
        return {name: value for name, value in machine.environment.items() if value}
    if drive == "alias":
        return ALIASES | machine.aliases
    return {name: machine.scope.find_function(name) for name in machine.scope.function_names()}


def _item(
    context: Context, drive: str, name: str, kept: Cell | Function | str | None
) -> ShellObject:
    if drive == "alias":
        return ShellObject((("Name", name), ("Definition", kept)), type_=_FUNCTION)
    shown = name.upper() if name in _UPPER else spelled(context, name)
    if isinstance(kept, Cell):
        return ShellObject((("Name", shown), ("Value", kept.value)), type_=VARIABLE)
    if drive == "env":
        return ShellObject(
            (("Name", shown), ("Key", shown), ("Value", kept)), type_=DICTIONARY_ENTRY
        )
    fields: list[tuple[str, Value]] = [("CommandType", "Function"), ("Name", shown)]
    if isinstance(kept, Function):
        block = ScriptBlockValue(block=kept.body, text=kept.text)
        fields = [*fields, ("Definition", kept.text), ("ScriptBlock", block)]
    return ShellObject(fields, type_=FUNCTION)


_UPPER = frozenset({"computername", "userdomain", "userdnsdomain", "username", "userprofile",
                    "temp", "tmp"})  # fmt: skip


def spelled(context: Context, folded: str) -> str:
    """Return a name as the script spells it first; it is kept without case."""
    word = re.compile(rf"(?<!\w){re.escape(folded)}(?!\w)", re.IGNORECASE)
    found = word.search(context.machine.source.text)
    return folded if found is None else found.group()


def drive_items(context: Context, path: str) -> list[Value]:
    """Return what stands at a path of such a drive, by name; wildcards choose.

    Raises:
        ConversionError: The drive is one of the machine, of which nothing is known here.
    """
    drive, name = _split(path)
    if drive not in {"variable", "env", "function", "alias"}:
        return _of_machine(context, path)
    wanted = name or "*"
    found = [
        (key, kept)
        for key, kept in _kept(context, drive).items()
        if matches_wildcard(key, wanted, spend=context.spend)
    ]
    named = drive == "env" and name and not found and not has_wildcard(name)
    if named and name.casefold() not in context.machine.environment:
        # What the script did not set or take away itself, the machine may have.
        raise not_known(f"whether there is a variable `{name}` in the environment")
    found.sort(key=lambda pair: pair[0])
    return [_item(context, drive, key, kept) for key, kept in found]


def found_on_drive(context: Context, path: str, *, quiet: bool = False) -> list[Value]:
    """Return what stands at a path; an error where nothing does, with ``quiet`` only by a name."""
    found = drive_items(context, path)
    if not found and not has_wildcard(path) and (_split(path)[1] or not quiet):
        context.write_error(
            f"Cannot find path '{path}' because it does not exist.", id="PathNotFound", target=path
        )
    return found


def _of_machine(context: Context, path: str) -> list[Value]:
    folded = path.casefold().replace("/", "\\").rstrip("\\").removeprefix("registry::")
    folded = folded.replace("hkey_local_machine", "hklm:").replace("hklm::", "hklm:")
    for key, there in context.machine.surroundings.keys:
        if key == folded:
            return [ShellObject((("Name", path), ("PSPath", path)))] if there else []
    raise not_known(f"what stands at `{path}`")


def remove_from_drive(context: Context, path: str) -> bool:
    """Take a variable away from a script or its environment; tell whether it was there.

    Raises:
        ConversionError: Nothing can be removed there.
    """
    drive, name = _split(path)
    folded = name.casefold()
    if drive == "env":
        was_there = bool(context.machine.environment.get(folded))
        context.machine.environment[folded] = ""
        return was_there
    if drive == "variable":
        return context.machine.scope.variables.pop(folded, None) is not None
    if drive == "function":
        return context.machine.scope.forget_function(name)
    raise not_in_subset(f"`{context.command}` of `{path}`")
