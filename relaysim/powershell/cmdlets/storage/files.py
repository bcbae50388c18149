"""Reading and writing files: all of it in memory, see :class:`MemoryFiles`."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.properties import to_count
from relaysim.powershell.cmdlets.sending import to_width
from relaysim.powershell.cmdlets.storage.drives import found_on_drive, names_drive
from relaysim.powershell.cmdlets.storage.paths import (
    PATH,
    full_path,
    matching_files,
    not_there,
    to_paths,
)
from relaysim.powershell.display.screen import rendered
from relaysim.powershell.interpreter.contract import UNBOUND, Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.memory_files import byte_text, encoding_named
from relaysim.powershell.values.conversion import to_list, to_text, type_name_of
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.numeric import sized_integer
from relaysim.powershell.values.value import ShellObject, Value, unroll

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet, StreamingCmdlet

__all__ = ["ENCODING", "FILE_CMDLETS", "WRITTEN_PATH", "lines_of", "read_files", "write_text"]


def _to_encoding(value: Value) -> str:
    found = encoding_named(to_text(value))
    if found is None:
        raise ConversionError(
            f"there is no encoding `{to_text(value)}` in Windows PowerShell",
            id="ParameterArgumentValidationError",
        )
    return found


def _to_content(value: Value) -> str:
    return "bytes" if to_text(value).casefold() == "byte" else _to_encoding(value)


ENCODING = Parameter(name="Encoding", convert=_to_encoding)
_CONTENT = Parameter(name="Encoding", convert=_to_content)
_FILE_PATH = Parameter(
    name="FilePath", position=0, mandatory=True, aliases=("LiteralPath", "PSPath"), convert=to_paths
)
_NEWLINE = "\r\n"
WRITTEN_PATH = Parameter(
    name="Path",
    aliases=("LiteralPath", "PSPath"),
    position=0,
    mandatory=True,
    convert=to_paths,
)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text without their ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    return lines


def read_files(
    context: Context, bound: Bound, error_id: str = "PathNotFound", *, octets: bool = False
) -> Iterator[str]:
    """Return the texts of the files that ``-Path`` names, an error for each that is not there.

    With ``octets`` a text has a letter for each byte.
    """
    for item in to_list(bound.get("Path")):
        for path in matching_files(context, to_text(item)):
            text = context.machine.files.read(path)
            if text is None:
                _no_file(context, path, error_id)
                continue
            context.spend(len(text) >> 4)
            if octets:
                yield (context.machine.files.data(path) or b"").decode("latin-1")
                continue
            yield text.removeprefix("\ufeff")


def _no_file(context: Context, path: str, error_id: str) -> None:
    """Report a file that is not there, or may not be read."""
    files = context.machine.files
    hint: str | None = files.refusal or None
    if files.reader is None:
        hint = "files of this machine are read only below the folder given with `--allow-read`"
    if error_id == "PathNotFound":
        not_there(context, path, hint=hint)
        return
    shown = full_path(context, path)
    context.write_error(f"Could not find file '{shown}'.", id=error_id, target=shown, hint=hint)


def write_text(
    context: Context, path: str, text: str, *, encoding: str, append: bool = False
) -> bool:
    """Write a file in memory; report a folder that is not there and return ``False``."""
    files = context.machine.files
    if not context.machine.has_folder(path):
        content = context.command in {"Set-Content", "Add-Content"}
        shown = full_path(context, path)
        context.write_error(
            f"Could not find a part of the path '{shown}'.",
            id="GetContentWriterDirectoryNotFoundError" if content else "FileOpenFailure",
            target=shown if content else "",
        )
        return False
    context.spend(len(text) >> 4)
    if append:
        files.append(path, text, encoding)
    else:
        files.write(path, text, encoding)
    return True


def _part(lines: list[Value], head: Value, tail: Value) -> list[Value]:
    if isinstance(head, int):
        lines = lines[:head]
    if isinstance(tail, int):
        lines = lines[-tail:] if tail else []
    return lines


_HELD = ("Value", "ScriptBlock", "Definition")
"""What an item of a drive without files holds: a variable, a function, an alias."""


class _GetContent:
    spec = CmdletSpec(
        name="Get-Content",
        aliases=("gc", "cat", "type"),
        parameters=(
            PATH,
            _CONTENT,
            Parameter(name="Raw", switch=True),
            Parameter(name="TotalCount", aliases=("First", "Head"), convert=to_count),
            Parameter(name="Tail", aliases=("Last",), convert=to_count),
            Parameter(name="ReadCount", convert=to_count),
            Parameter(name="Delimiter", convert=to_text),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the lines of the files."""
        if pipeline_input and isinstance(pipeline_input[0], str):
            context.write_error(
                UNBOUND,
                id="InputObjectNotBound",
                target=pipeline_input[0],
                category="InvalidArgument",
            )
            return
        if "Tail" in bound and "TotalCount" in bound:
            raise context.failure(
                "Get-Content: `-Tail` and `-TotalCount` exclude one another",
                id="InvalidOperation",
            )
        octets = bound.get("Encoding") == "bytes"
        first = to_text(to_list(bound.get("Path"))[0])
        if names_drive(first):
            for one in found_on_drive(context, first):
                if isinstance(one, ShellObject):
                    held = next(name for name in _HELD if name in one)
                    yield from unroll(one.get(held))
            return
        for text in read_files(context, bound, octets=octets):
            if bound.flag("Raw") and not octets:
                if text:
                    yield text
                continue
            lines: list[Value] = [*self._pieces(text, bound)]
            if octets:
                lines = [sized_integer(ord(one), "byte") for one in text]
            lines = _part(lines, bound.get("TotalCount"), bound.get("Tail"))
            size = bound.get("ReadCount", 1)
            if not isinstance(size, int) or size == 1:
                yield from lines
            elif lines:
                step = size or len(lines)
                yield from (lines[at : at + step] for at in range(0, len(lines), step))

    @staticmethod
    def _pieces(text: str, bound: Bound) -> list[str]:
        delimiter = to_text(bound.get("Delimiter"))
        if not delimiter:
            return lines_of(text)
        pieces = text.split(delimiter)
        return pieces[:-1] if pieces[-1] == "" else pieces


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
                Parameter(name="Value", position=1),
                _CONTENT,
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
            held = [one for item in given for one in to_list(item) if one is not None]
            text = "".join(f"{_line(one)}{end}" for one in held)
        for path in map(to_text, to_list(bound.get("Path"))):
            if context.should_process(f"Path: {path}", self.spec.name.replace("-", " ")):
                write_text(
                    context,
                    path,
                    text,
                    encoding=to_text(bound.get("Encoding", "default")),
                    append=self._append,
                )
        return items if bound.flag("PassThru") else ()


def _line(value: Value) -> str:
    return type_name_of(value) if isinstance(value, list) else to_text(value)


class _ClearContent:
    spec = CmdletSpec(name="Clear-Content", aliases=("clc",), changes=True, parameters=(PATH,))

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
        collects=True,
        writes=True,
        changes=True,
        parameters=(
            _FILE_PATH,
            Parameter(name="Encoding", position=1, convert=_to_encoding),
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
        files = context.machine.files
        if bound.flag("NoClobber") and files.read(path) is not None:
            raise context.failure(f"Out-File: `{path}` is there already", id="NoClobber")
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
        if "FilePath" not in self._bound:
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
            Parameter(name="Variable", convert=to_text),
            Parameter(name="Append", switch=True),
            Parameter(name="InputObject", from_pipeline=True),
        ),
        exclusive=(("Append", "Variable"),),
    )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _TeeStage:
        """Begin to pass objects on."""
        return _TeeStage(context, bound, emit)


FILE_CMDLETS: tuple[Cmdlet | StreamingCmdlet, ...] = (
    _GetContent(),
    _SetContent("Set-Content", append=False, aliases=("sc",)),
    _SetContent("Add-Content", append=True, aliases=("ac",)),
    _ClearContent(),
    _OutFile(),
    _Tee(),
)
