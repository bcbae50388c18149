"""Writing files: all of it in memory, see :class:`MemoryFiles`."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from relaysim.lean import replace
from relaysim.powershell.cmdlets.sending import to_width
from relaysim.powershell.cmdlets.storage.files import CONTENT, require_matches, to_encoding
from relaysim.powershell.cmdlets.storage.paths import PATH, full_path, matching_files, to_paths
from relaysim.powershell.display.cells import culture_text
from relaysim.powershell.display.screen import rendered
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.memory_files import byte_text
from relaysim.powershell.values.conversion import (
    canonical_of,
    to_list,
    to_text,
    written_text,
)
from relaysim.powershell.values.numeric import VALUE_TYPES, WRITTEN
from relaysim.powershell.values.type_names import object_text
from relaysim.powershell.values.value import ShellList, TypedArray

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet, StreamingCmdlet
    from relaysim.powershell.interpreter.failing.failures import ShellError
    from relaysim.powershell.values.value import Value

__all__ = ["WRITING_FILE_CMDLETS", "WRITTEN_PATH", "require_writable", "write_text"]

_NEWLINE = "\r\n"
_FILE_PATH = Parameter(
    name="FilePath", position=0, mandatory=True, aliases=("LiteralPath", "PSPath"), convert=to_paths
)
WRITTEN_PATH = Parameter(
    name="Path",
    aliases=("LiteralPath", "PSPath"),
    position=0,
    mandatory=True,
    convert=to_paths,
)


_NO_FOLDER = {
    "New-Item": ("NewItemIOError", "WriteError"),
    "Set-Content": ("GetContentWriterDirectoryNotFoundError", "ObjectNotFound"),
    "Add-Content": ("GetContentWriterDirectoryNotFoundError", "ObjectNotFound"),
}
"""The commands that report a folder that is not there and go on: the error's id and category."""


def write_text(
    context: Context, path: str, text: str, *, encoding: str, append: bool = False
) -> bool:
    """Write a file in memory; return ``False`` where its folder is not there and that is told."""
    files = context.machine.files
    if not context.machine.has_folder(path):
        if context.command not in _NO_FOLDER:
            raise _unopened(context, path)
        error_id, category = _NO_FOLDER[context.command]
        shown = full_path(context, path)
        message = f"Could not find a part of the path '{shown}'."
        context.write_error(message, id=error_id, target=shown, category=category)
        return False
    context.spend(len(text) >> 4)
    if append:
        files.append(path, text, encoding)
    else:
        files.write(path, text, encoding)
    return True


def _unopened(context: Context, path: str) -> ShellError:
    shown = full_path(context, path)
    failure = context.failure(f"Could not find a part of the path '{shown}'.", id="FileOpenFailure")
    missing = "System.IO.DirectoryNotFoundException"
    failure.record = replace(failure.record, exception_type=missing)
    return failure


def require_writable(context: Context, bound: Bound) -> None:
    """Refuse a file that cannot be opened, before the first object comes."""
    given = to_list(bound.get("FilePath" if "FilePath" in bound else "Path"))
    if not given or context.what_if:
        return
    path = to_text(given[0])
    if "*" in path or "?" in path:
        path = _only_file(context, path)
        bound.set("FilePath" if "FilePath" in bound else "Path", [path])
    fresh = bound.flag("NoClobber") and not bound.flag("Append")
    if fresh and context.machine.files.read(path) is not None:
        raise context.failure(f"{context.command}: `{path}` is there already", id="NoClobber")
    if not context.machine.has_folder(path):
        raise _unopened(context, path)


def _only_file(context: Context, pattern: str) -> str:
    """Return the file that a wildcard is meant for."""
    found = matching_files(context, pattern)
    if len(found) == 1:
        return found[0]
    if found:
        raise context.failure(
            "Cannot perform operation because the path resolved to more than one file. This "
            "command cannot operate on multiple files.",
            id="ReadWriteMultipleFilesNotSupported",
        )
    raise context.failure(
        f"Cannot perform operation because the wildcard path {pattern} did not resolve to a file.",
        id="FileOpenFailure",
    )


class _SetContent:
    def __init__(self, name: str, *, append: bool, aliases: tuple[str, ...] = ()) -> None:
        self._append = append
        self.spec = CmdletSpec(
            name=name,
            aliases=aliases,
            collects=True,
            writes=True,
            changes=True,
            parameters=(
                WRITTEN_PATH,
                Parameter(name="Value", position=1, mandatory=True, from_pipeline=True),
                CONTENT,
                Parameter(name="Force", switch=True),
                Parameter(name="NoNewline", switch=True),
                Parameter(name="PassThru", switch=True),
            ),
        )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Write the values, one a line."""
        items = [*to_list(bound.get("Value")), *pipeline_input]
        if not items and "Value" not in bound:
            # Without a single object the file is not even opened.
            return ()
        end = "" if bound.flag("NoNewline") else _NEWLINE
        if bound.get("Encoding") == "bytes":
            text = byte_text(one for item in items for one in to_list(item))
        else:
            # An array writes what it holds, and nothing is written of null.
            given = [*to_list(bound.get("Value")), *itertools.chain(*map(to_list, pipeline_input))]
            held = [one for item in given for one in _held(item) if one is not None]
            text = "".join(f"{_line(one)}{end}" for one in held)
        require_matches(context, bound)
        for path in self._paths(context, bound):
            if context.should_process(f"Path: {path}", self.spec.name.replace("-", " ")):
                write_text(
                    context,
                    path,
                    text,
                    encoding=to_text(bound.get("Encoding", "default")),
                    append=self._append,
                )
        return items if bound.flag("PassThru") else ()

    @staticmethod
    def _paths(context: Context, bound: Bound) -> Iterator[str]:
        for path in map(to_text, to_list(bound.get("Path"))):
            wild = "*" in path or "?" in path
            yield from matching_files(context, path) if wild else [path]


def _held(value: Value) -> list[Value]:
    """Return what is written of an item: arrays of objects what they hold, others their type."""
    plain = isinstance(value, ShellList) or (
        isinstance(value, TypedArray) and value.item in VALUE_TYPES
    )
    return [value] if plain else to_list(value)


def _line(value: Value) -> str:
    if isinstance(value, list):
        return object_text(canonical_of(value))
    # Also one that was written as an argument, such as `36MB`, is the number here.
    return to_text(value) if isinstance(value, WRITTEN) else culture_text(value)


class _ClearContent:
    spec = CmdletSpec(
        name="Clear-Content",
        aliases=("clc",),
        changes=True,
        parameters=(replace(PATH, from_pipeline=False),),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Empty the files."""
        del pipeline_input
        for path in map(to_text, to_list(bound.get("Path"))):
            if context.machine.files.read(path) is None:
                context.write_error(
                    f"Clear-Content: there is no file `{path}`", id="PathNotFound", target=path
                )
            elif context.should_process(f"Path: {path}", "Clear Content"):
                context.machine.files.write(path, "", "default")
        return ()


class _OutFile:
    spec = CmdletSpec(
        name="Out-File",
        before=require_writable,
        collects=True,
        writes=True,
        changes=True,
        parameters=(
            _FILE_PATH,
            Parameter(name="Encoding", position=1, convert=to_encoding),
            Parameter(name="Append", switch=True),
            Parameter(name="Force", switch=True),
            Parameter(name="NoClobber", switch=True, aliases=("NoOverwrite",)),
            Parameter(name="NoNewline", switch=True),
            Parameter(name="Width", convert=to_width),
            Parameter(name="InputObject", from_pipeline=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Write what the console would show."""
        path = to_text(to_list(bound.get("FilePath"))[0])
        width = bound.get("Width", context.machine.display.width)
        given = [bound.get("InputObject")] if "InputObject" in bound else []
        text = rendered(
            [*pipeline_input, *given],
            context.machine.enumeration_limit,
            width if isinstance(width, int) else None,
        )
        text = text.replace("\n", "" if bound.flag("NoNewline") else _NEWLINE)
        if context.should_process(path, "Output to File"):
            write_text(
                context,
                path,
                text,
                encoding=to_text(bound.get("Encoding", "unicode")),
                append=bound.flag("Append"),
            )
        return ()


class _TeeStage:
    """Passes the objects on as they come; at the end the variable or the file has them."""

    def __init__(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> None:
        self._context = context
        self._bound = bound
        self._emit = emit
        self._items: list[Value] = []
        if ("FilePath" in bound) == ("Variable" in bound):
            raise context.failure(
                "Tee-Object: a file or a variable is needed", id="MissingMandatoryParameter"
            )

    def process(self, item: Value) -> None:
        """Keep an object and pass it on."""
        if not self._items:
            require_writable(self._context, self._bound)
        self._items.append(item)
        self._emit(item)

    def finish(self) -> None:
        """Give the variable its value, or write the file."""
        items = self._items
        if "Variable" in self._bound:
            kept = items[0] if len(items) == 1 else items or None
            self._context.machine.scope.set(to_text(self._bound.get("Variable")), kept)
        else:
            self.abandon()

    def abandon(self) -> None:
        """Write the file; a variable is only set at the end."""
        if "FilePath" not in self._bound or not self._items:
            return
        machine = self._context.machine
        text = rendered(self._items, machine.enumeration_limit, machine.display.width)
        write_text(
            self._context,
            to_text(to_list(self._bound.get("FilePath"))[0]),
            text.replace("\n", _NEWLINE),
            encoding="unicode",
            append=self._bound.flag("Append"),
        )


class _Tee:
    spec = CmdletSpec(
        name="Tee-Object",
        aliases=("tee",),
        parameters=(
            Parameter(name="FilePath", position=0, aliases=("LiteralPath",), convert=to_paths),
            Parameter(name="Variable", convert=written_text),
            Parameter(name="Append", switch=True),
            Parameter(name="InputObject", from_pipeline=True),
        ),
        exclusive=(("Append", "Variable"),),
    )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _TeeStage:
        """Begin to pass objects on."""
        return _TeeStage(context, bound, emit)


WRITING_FILE_CMDLETS: tuple[Cmdlet | StreamingCmdlet, ...] = (
    _SetContent("Set-Content", append=False, aliases=("sc",)),
    _SetContent("Add-Content", append=True, aliases=("ac",)),
    _ClearContent(),
    _OutFile(),
    _Tee(),
)
