"""``New-Item``, ``Remove-Item``, ``Get-Item``: files and folders in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import replace
from relaysim.powershell.cmdlets.storage.drives import (
    found_on_drive,
    names_drive,
    remove_from_drive,
)
from relaysim.powershell.cmdlets.storage.file_writing import WRITTEN_PATH, write_text
from relaysim.powershell.cmdlets.storage.paths import PATH, matching_files, not_there
from relaysim.powershell.hosting.clock import dated
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failing.command_kinds import MISSING
from relaysim.powershell.values.conversion import (
    to_list,
    to_text,
    written_text,
)
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["ITEM_CMDLETS", "item_object"]


def _file_text(item: ShellObject) -> str:
    return to_text(item.get("FullName"))


_FILE = ObjectType(
    name="System.IO.FileInfo",
    view=DefaultView(columns=("Length", "Name"), right=("Length",)),
    text=_file_text,
)
_FOLDER = ObjectType(
    name="System.IO.DirectoryInfo", view=DefaultView(columns=("Name",)), text=_file_text
)


def item_object(context: Context, path: str) -> ShellObject:
    """Return a file or a folder in memory as a script sees it."""
    files = context.machine.files
    name = path.replace("\\", "/").rstrip("/").rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    fields: list[tuple[str, Value]] = [("Name", name), ("FullName", path)]
    folder = files.is_folder(path)
    fields.append(("PSIsContainer", folder))
    if context.machine.surroundings.now is not None:
        # Whatever a script finds here it has written itself, at the time of its clock.
        moment = dated(context.machine)
        fields += [(name, moment) for name in ("CreationTime", "LastAccessTime", "LastWriteTime")]
    if folder:
        return ShellObject([*fields, ("Exists", True)], type_=_FOLDER)
    fields.append(("DirectoryName", path.replace("/", "\\").rpartition("\\")[0]))
    text = files.read(path) or ""
    fields += [
        ("Length", len(text)),
        ("BaseName", stem if dot else name),
        ("Extension", f".{ending}" if dot else ""),
        ("Exists", True),
    ]
    return ShellObject(fields, type_=_FILE)


class _NewItem:
    spec = CmdletSpec(
        name="New-Item",
        aliases=("ni",),
        changes=True,
        parameters=(
            replace(WRITTEN_PATH, mandatory=False),
            Parameter(name="ItemType", convert=written_text, aliases=("Type",)),
            Parameter(name="Name", convert=written_text),
            Parameter(name="Value"),
            Parameter(name="Force", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Make a file or a folder in memory."""
        del pipeline_input
        kind = to_text(bound.get("ItemType", "File")).casefold()
        if kind not in {"file", "directory"}:
            raise context.failure(
                'The type is not a known type for the file system. Only "file","directory" or '
                '"symboliclink" can be specified.',
                id="Argument",
            )
        files = context.machine.files
        name = to_text(bound.get("Name"))
        if "Path" not in bound and not name:
            raise context.failure(f"{MISSING} Path.", id="MissingMandatoryParameter")
        for item in to_list(bound.get("Path")) or [""]:
            path = to_text(item)
            if name:
                path = f"{path.rstrip('/' + chr(92))}{chr(92)}{name}" if path else name
            if files.exists(path) and not bound.flag("Force"):
                error_id = "DirectoryExist" if kind == "directory" else "NewItemIOError"
                context.write_error(f"New-Item: `{path}` is there already", id=error_id)
                continue
            if not context.should_process(f"Destination: {path}", f"Create {kind.title()}"):
                continue
            if kind == "directory":
                files.make_folder(path)
            else:
                if bound.flag("Force") and not files.folder_is_there(path):
                    files.make_folder(path.replace("\\", "/").rpartition("/")[0])
                text = to_text(bound.get("Value"))
                if not write_text(context, path, text, encoding="plain"):
                    continue
            yield item_object(context, path)


class _RemoveItem:
    spec = CmdletSpec(
        name="Remove-Item",
        aliases=("ri", "rm", "del", "erase", "rd"),
        changes=True,
        parameters=(
            PATH,
            Parameter(name="Recurse", switch=True),
            Parameter(name="Force", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Remove files and folders of the memory; what stands on a disk is not touched."""
        del pipeline_input
        for item in to_list(bound.get("Path")):
            if names_drive(to_text(item)):
                self._remove_named(context, to_text(item))
                continue
            for path in matching_files(context, to_text(item)):
                if not context.machine.files.exists(path):
                    not_there(context, path)
                elif context.should_process(path, "Remove File"):
                    context.machine.files.remove(path)
        return ()

    @staticmethod
    def _remove_named(context: Context, path: str) -> None:
        if context.should_process(path, "Remove Item") and not remove_from_drive(context, path):
            context.write_error(
                f"Cannot find path '{path}' because it does not exist.",
                id="PathNotFound",
                target=path,
            )


class _GetItem:
    spec = CmdletSpec(name="Get-Item", aliases=("gi",), parameters=(PATH,))

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the files that the paths name."""
        del pipeline_input
        for item in to_list(bound.get("Path")):
            if names_drive(to_text(item)):
                yield from found_on_drive(context, to_text(item))
                continue
            for path in matching_files(context, to_text(item)):
                if not context.machine.files.exists(path):
                    not_there(context, path)
                    continue
                yield item_object(context, path)


ITEM_CMDLETS: tuple[Cmdlet, ...] = (_NewItem(), _RemoveItem(), _GetItem())
