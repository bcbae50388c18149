"""Reading files, those of a run first: see :class:`MemoryFiles`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import replace
from relaysim.powershell.cmdlets.properties import to_count
from relaysim.powershell.cmdlets.storage.drives import found_on_drive, names_drive
from relaysim.powershell.cmdlets.storage.paths import PATH, full_path, matching_files, not_there
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.memory_files import encoding_named
from relaysim.powershell.values.conversion import (
    to_list,
    to_text,
    written_text,
)
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.numeric import sized_integer
from relaysim.powershell.values.value import ShellObject, Value, unroll

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = [
    "CONTENT",
    "ENCODING",
    "FILE_CMDLETS",
    "lines_of",
    "read_files",
    "require_matches",
    "to_encoding",
]


def to_encoding(value: Value) -> str:
    """Return an argument as the name of an encoding."""
    found = encoding_named(to_text(value))
    if found is None:
        raise ConversionError(
            f"there is no encoding `{to_text(value)}` in Windows PowerShell",
            id="ParameterArgumentValidationError",
        )
    return found


def _to_content(value: Value) -> str:
    return "bytes" if to_text(value).casefold() == "byte" else to_encoding(value)


ENCODING = Parameter(name="Encoding", convert=to_encoding)
CONTENT = Parameter(name="Encoding", convert=_to_content)


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
        found = matching_files(context, to_text(item))
        if not found and error_id != "PathNotFound":
            raise context.failure(
                f"Cannot perform operation because the wildcard path {to_text(item)} did not "
                "resolve to a file.",
                id=error_id,
            )
        for path in found:
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
    if error_id == "PathNotFound" and files.is_folder(path):
        shown = full_path(context, path)
        context.write_error(
            f"Access to the path '{shown}' is denied.",
            id="GetContentReaderUnauthorizedAccessError",
            category="PermissionDenied",
            target=shown,
        )
        return
    if error_id == "PathNotFound":
        not_there(context, path, hint=hint)
        return
    shown = full_path(context, path)
    raise context.failure(f"Could not find file '{shown}'.", id=error_id, target=shown, hint=hint)


def require_matches(context: Context, bound: Bound) -> None:
    """Report each wildcard that no file matches."""
    for pattern in map(to_text, to_list(bound.get("Path"))):
        if ("*" in pattern or "?" in pattern) and not matching_files(context, pattern):
            context.write_error(
                f"An object at the specified path {pattern} does not exist, or has been filtered "
                "by the -Include or -Exclude parameter.",
                id="ItemNotFound",
                category="ObjectNotFound",
                target=pattern,
            )


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
            replace(PATH, from_pipeline=False),
            CONTENT,
            Parameter(name="Raw", switch=True),
            Parameter(name="TotalCount", aliases=("First", "Head"), convert=to_count),
            Parameter(name="Tail", aliases=("Last",), convert=to_count),
            Parameter(name="ReadCount", convert=to_count),
            Parameter(name="Delimiter", convert=written_text),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the lines of the files."""
        del pipeline_input
        if "Tail" in bound and "TotalCount" in bound:
            context.write_error(
                "The parameters TotalCount and Tail cannot be used together. Please specify only "
                "one parameter.",
                id="TailAndHeadCannotCoexist",
                category="InvalidOperation",
            )
            return
        octets = bound.get("Encoding") == "bytes"
        first = to_text(to_list(bound.get("Path"))[0])
        if names_drive(first):
            for one in found_on_drive(context, first):
                if isinstance(one, ShellObject):
                    held = next(name for name in _HELD if name in one)
                    yield from unroll(one.get(held))
            return
        require_matches(context, bound)
        for text in read_files(context, bound, octets=octets):
            if bound.flag("Raw") and not octets:
                yield from [text] if text else []
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


FILE_CMDLETS: tuple[Cmdlet, ...] = (_GetContent(),)
