"""Folders: the working one, what one holds, and files that are copied, moved and renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.storage.drives import found_on_drive, names_drive
from relaysim.powershell.cmdlets.storage.file_writing import WRITTEN_PATH
from relaysim.powershell.cmdlets.storage.items import item_object
from relaysim.powershell.cmdlets.storage.paths import PATH, matching_files, not_there
from relaysim.powershell.hosting.console import location_object
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.memory_files import normal_path
from relaysim.powershell.values.conversion import (
    to_list,
    to_text,
    written_text,
)
from relaysim.powershell.values.failures import not_in_subset
from relaysim.powershell.values.patterns.wildcard import has_wildcard, matches_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.values.value import Value

__all__ = ["LOCATION_CMDLETS"]

_FOLDER = Parameter(
    name="Path", position=0, aliases=("LiteralPath", "PSPath"), convert=written_text
)


def _go(machine: Machine, path: str) -> None:
    full = normal_path(path)
    if full[1:2] != ":" and not full.startswith("/"):
        full = normal_path(f"{machine.files.folder}/{path}")
    machine.files.folder = full.replace("/", "\\") + ("\\" if full.endswith(":") else "")
    machine.scope.root.set("PWD", location_object(machine.files.folder))


class _GetLocation:
    spec = CmdletSpec(name="Get-Location", aliases=("gl", "pwd"))

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the working folder."""
        del bound, pipeline_input
        return [location_object(context.machine.files.folder)]


class _SetLocation:
    def __init__(
        self, name: str, *aliases: str, keeps: bool = False, returns: bool = False
    ) -> None:
        parameters = () if returns else (_FOLDER, Parameter(name="PassThru", switch=True))
        self.spec = CmdletSpec(name=name, aliases=aliases, parameters=parameters)
        self._keeps = keeps
        self._returns = returns

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Go to a folder; whether it is there is not known, so it is taken for there."""
        del pipeline_input
        machine = context.machine
        if self._returns:
            if machine.places:
                _go(machine, machine.places.pop())
            return ()
        path = to_text(bound.get("Path"))
        if self._keeps:
            machine.places.append(machine.files.folder)
        if path:
            _go(machine, path)
            machine.files.assume_folder(machine.files.folder)
        return [location_object(machine.files.folder)] if bound.flag("PassThru") else ()


class _GetChildItem:
    spec = CmdletSpec(
        name="Get-ChildItem",
        aliases=("gci", "ls", "dir"),
        parameters=(
            _FOLDER,
            Parameter(name="Filter", position=1, convert=written_text),
            Parameter(name="Include"),
            Parameter(name="Exclude"),
            *(
                Parameter(name=name, switch=True)
                for name in ("Recurse", "Force", "File", "Directory", "Name")
            ),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return what a folder holds of the files that the script wrote."""
        del pipeline_input
        machine = context.machine
        if names_drive(to_text(bound.get("Path"))):
            yield from found_on_drive(context, to_text(bound.get("Path")), quiet=True)
            return
        if machine.files.reader is not None:
            raise not_in_subset("`Get-ChildItem` where files of this machine may be read")
        path = to_text(bound.get("Path")) or machine.files.folder
        pattern = to_text(bound.get("Filter")) or "*"
        if has_wildcard(path):
            head, _, pattern = path.replace("\\", "/").rpartition("/")
            path = head or machine.files.folder
        if not machine.files.exists(path):
            not_there(context, path)
            return
        found = machine.files.inside(path)
        if machine.files.is_folder(path) and not found and not machine.files.was_made(path):
            # Only what the script wrote is known; a folder of the machine is not empty.
            raise not_in_subset(f"`Get-ChildItem` of `{path}`, a folder of this machine,")
        if not machine.files.is_folder(path):
            yield item_object(context, path)
            return
        for one, is_folder in found:
            name = one.rpartition("/")[2]
            kind = (bound.flag("File") and is_folder) or (bound.flag("Directory") and not is_folder)
            if matches_wildcard(name, pattern) and not kind:
                full = one if one[1:2] == ":" else f"{machine.files.folder}/{one}"
                shown = full.replace("/", "\\")
                yield name if bound.flag("Name") else item_object(context, shown)


class _MakeFolder:
    spec = CmdletSpec(
        name="mkdir",
        aliases=("md",),
        parameters=(WRITTEN_PATH, Parameter(name="Force", switch=True)),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Make folders."""
        del pipeline_input
        for item in to_list(bound.get("Path")):
            path = to_text(item)
            if context.machine.files.exists(path) and not bound.flag("Force"):
                context.write_error(f"mkdir: `{path}` is there already", id="DirectoryExist")
                continue
            context.machine.files.make_folder(path)
            yield item_object(context, path)


class _Transfer:
    def __init__(self, name: str, *aliases: str, keeps: bool, renames: bool = False) -> None:
        target = "NewName" if renames else "Destination"
        self.spec = CmdletSpec(
            name=name,
            aliases=aliases,
            changes=True,
            parameters=(
                PATH,
                Parameter(
                    name=target,
                    position=1,
                    mandatory=True,
                    from_property=True,
                    convert=written_text,
                ),
                Parameter(name="Force", switch=True),
                Parameter(name="Recurse", switch=True),
                Parameter(name="PassThru", switch=True),
            ),
        )
        self._keeps = keeps
        self._target = target

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Copy or move files of the memory; a file of a disk is read and stays where it is."""
        del pipeline_input
        files = context.machine.files
        for item in to_list(bound.get("Path")):
            for path in matching_files(context, to_text(item)):
                text = files.read(path)
                if text is None:
                    not_there(context, path)
                    continue
                target = self._place(context, path, to_text(bound.get(self._target)))
                if not context.should_process(f"Item: {path} Destination: {target}"):
                    continue
                files.write(target, text, files.encoding(path))
                if not self._keeps:
                    files.remove(path)
                if bound.flag("PassThru"):
                    yield item_object(context, target)

    def _place(self, context: Context, path: str, target: str) -> str:
        folder, slash, name = path.replace("\\", "/").rpartition("/")
        if self._target == "NewName":
            return f"{folder}{slash}{target}"
        if context.machine.files.is_folder(target) or target.endswith(("\\", "/")):
            return target.rstrip("\\/") + "\\" + name
        return target


LOCATION_CMDLETS: tuple[Cmdlet, ...] = (
    _GetLocation(),
    _SetLocation("Set-Location", "cd", "sl", "chdir"),
    _SetLocation("Push-Location", "pushd", keeps=True),
    _SetLocation("Pop-Location", "popd", returns=True),
    _GetChildItem(),
    _MakeFolder(),
    _Transfer("Copy-Item", "copy", "cp", "cpi", keeps=True),
    _Transfer("Move-Item", "move", "mv", "mi", keeps=False),
    _Transfer("Rename-Item", "ren", "rni", keeps=False, renames=True),
)
