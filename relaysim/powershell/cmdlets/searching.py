"""``Select-String``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.properties import to_count
from relaysim.powershell.cmdlets.storage.files import ENCODING, lines_of
from relaysim.powershell.cmdlets.storage.paths import full_path, matching_files, to_paths
from relaysim.powershell.interpreter.contract import UNBOUND, Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.patterns.matches import match_object
from relaysim.powershell.values.patterns.pattern import compile_pattern, escape_pattern
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, TypedArray, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import StreamingCmdlet
    from relaysim.powershell.values.patterns.pattern import Match

__all__ = ["SEARCHING_CMDLETS"]

_STREAM = "InputStream"


def _shown(found: ShellObject, path: str = "") -> list[str]:
    """Return the lines that the screen shows: with file and number when it came from a file.

    The screen shows a file's path as it was asked for, the text of a match has all of it.
    """
    asked = (
        found.base[0].removeprefix("./").removeprefix(".\\")
        if isinstance(found.base, tuple)
        else ""
    )
    path, number = path or asked or to_text(found.get("Path")), found.get("LineNumber")
    around = found.get("Context")
    kept = around.base if isinstance(around, ShellObject) else None
    before, after = kept if isinstance(kept, tuple) else ((), ())
    marks = ("> ", "  ") if before or after else ("", "")
    start = int(number) if isinstance(number, int) else 0
    rows = [(marks[1], start - len(before) + at, line) for at, line in enumerate(before)]
    rows.append((marks[0], start, to_text(found.get("Line"))))
    rows += [(marks[1], start + 1 + at, line) for at, line in enumerate(after)]
    if path == _STREAM:
        return [f"{mark}{line}" for mark, _, line in rows]
    return [f"{mark}{path}:{place}:{line}" for mark, place, line in rows]


_MATCH = ObjectType(
    name="Microsoft.PowerShell.Commands.MatchInfo",
    view=DefaultView(columns=("Line",), lines=_shown),
    text=lambda found: "\n".join(_shown(found, to_text(found.get("Path")))),
)


_CONTEXT = ObjectType(name="Microsoft.PowerShell.Commands.MatchInfoContext")


def _context_object(kept: tuple[tuple[str, ...], tuple[str, ...]]) -> ShellObject:
    """Return the lines around a match as an object."""
    before, after = (TypedArray(lines, "string") for lines in kept)
    return ShellObject(
        (
            ("PreContext", before), ("PostContext", after), ("DisplayPreContext", before),
            ("DisplayPostContext", after),
        ),
        type_=_CONTEXT, base=kept,
    )  # fmt: skip


class _SearchStage:
    """Sends on the lines one of the patterns matches, or with ``-NotMatch`` the others."""

    def __init__(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> None:
        self._context = context
        self._bound = bound
        self._emit = emit
        texts = [to_text(one) for one in to_list(bound.get("Pattern"))]
        raw = texts
        if bound.flag("SimpleMatch"):
            texts = [escape_pattern(text) for text in texts]
        try:
            self._patterns = [
                (compile_pattern(text, ignore_case=not bound.flag("CaseSensitive")), shown)
                for text, shown in zip(texts, raw, strict=True)
            ]
        except ConversionError as error:
            raise context.failure(f"Select-String: {error.message}", id="InvalidRegex") from error
        self._around = [to_count(one) for one in to_list(bound.get("Context"))]
        self._waits = bool(self._around)
        self._lines: list[str] = []
        self._count = 0
        self._any = False
        self._unbound = 0

    def process(self, item: Value) -> None:
        """Take a line, or a file; what stands around a match is only known at the end."""
        if "Path" in self._bound:
            self._unbound += 1
            self._context.write_error(UNBOUND, id="InputObjectNotBound", target=to_text(item))
            return
        if isinstance(item, ShellObject) and item.type.name == "System.IO.FileInfo":
            self._search_file(to_text(item.get("FullName")))
            return
        for line in [to_text(item)]:
            if self._waits:
                self._lines.append(line)
                continue
            self._count += 1
            self._search(_STREAM, [line], self._count)

    def finish(self) -> None:
        """Search the files, and what waited."""
        if not self._unbound:
            for item in to_list(self._bound.get("Path")):
                for path in matching_files(self._context, to_text(item)):
                    self._search_file(path)
        self._search(_STREAM, self._lines, 1)
        # Of objects without a match 5.1 says nothing at all, not `False`.
        if self._bound.flag("Quiet") and (self._any or "Path" in self._bound):
            self._emit(self._any)

    def _search_file(self, path: str) -> None:
        text = self._context.machine.files.read(path)
        if text is None:
            shown = full_path(self._context, path)
            raise self._context.failure(
                f"Cannot find path '{shown}' because it does not exist.",
                id="PathNotFound",
                target=shown,
            )
        self._search(path, lines_of(text.removeprefix("\ufeff")), 1)

    def _search(self, path: str, lines: list[str], first: int) -> None:
        bound = self._bound
        before, after = (self._around[0], self._around[-1]) if self._around else (0, 0)
        for place, line in enumerate(lines):
            matches, pattern = self._matches(line)
            if bool(matches) is bound.flag("NotMatch"):
                continue
            self._any = True
            if bound.flag("Quiet"):
                break
            kept = (
                (tuple(lines[max(0, place - before) : place]),
                 tuple(lines[place + 1 : place + 1 + after]))
                if self._around
                else None
            )  # fmt: skip
            simple = bound.flag("SimpleMatch")
            self._emit(
                self._found((path, place + first), line, pattern, matches, kept, simple=simple)
            )
            if bound.flag("List") and path != _STREAM:
                break

    def _found(
        self,
        place: tuple[str, int],
        line: str,
        pattern: str,
        matches: list[Match],
        kept: tuple[tuple[str, ...], tuple[str, ...]] | None,
        *,
        simple: bool,
    ) -> ShellObject:
        path, number = place
        return ShellObject(
            (
                ("IgnoreCase", True),
                ("LineNumber", number),
                ("Line", line),
                ("Filename", path.replace("\\", "/").rpartition("/")[2]),
                ("Path", path if path == _STREAM else full_path(self._context, path)),
                ("Pattern", pattern),
                ("Context", None if kept is None else _context_object(kept)),
                ("Matches", [match_object(one) for one in matches if not simple]),
            ),
            type_=_MATCH,
            base=(path,),
        )

    def _matches(self, line: str) -> tuple[list[Match], str]:
        context, bound, patterns = self._context, self._bound, self._patterns
        context.spend(1)
        for pattern, shown in patterns:
            first = pattern.search(line, spend=context.spend)
            if first is None:
                continue
            found = [first]
            while bound.flag("AllMatches"):
                start, end = found[-1].spans[0] or (0, 0)
                more = pattern.search(line, end + (start == end), spend=context.spend)
                if more is None:
                    break
                found.append(more)
            return found, shown
        return [], patterns[0][1] if patterns else ""


def _to_context(value: Value) -> Value:
    if isinstance(value, list) and len(value) > _BOTH:
        raise ConversionError(
            "The parameter requires at least 1 value(s) and no more than 2 value(s) - "
            f"{len(value)} value(s) were provided.",
            id="ParameterArgumentValidationError",
        )
    return value


_BOTH = 2
"""How many numbers of lines there are: before and after."""


class _SelectString:
    spec = CmdletSpec(
        name="Select-String",
        aliases=("sls",),
        parameters=(
            Parameter(name="Pattern", position=0, mandatory=True),
            Parameter(
                name="Path", position=1, aliases=("LiteralPath", "FullName"), convert=to_paths
            ),
            Parameter(name="InputObject", from_pipeline=True),
            *(
                Parameter(name=name, switch=True)
                for name in (
                    "SimpleMatch", "CaseSensitive", "NotMatch", "Quiet", "AllMatches", "List",
                )
            ),
            Parameter(name="Context", convert=_to_context),
            ENCODING,
        ),
    )  # fmt: skip

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _SearchStage:
        """Begin to search."""
        return _SearchStage(context, bound, emit)


SEARCHING_CMDLETS: tuple[StreamingCmdlet, ...] = (_SelectString(),)
