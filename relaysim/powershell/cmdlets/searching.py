"""``Select-String``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.properties import to_count
from relaysim.powershell.cmdlets.storage.files import ENCODING, lines_of
from relaysim.powershell.cmdlets.storage.paths import matching_files, to_paths
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
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


def _shown(found: ShellObject) -> list[str]:
    """Return the lines that the screen shows: with file and number when it came from a file."""
    path, number = to_text(found.get("Path")), found.get("LineNumber")
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
    text=lambda found: "\n".join(_shown(found)),
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
        self._around = [to_count(one) for one in to_list(bound.get("Context"))][:2]
        self._waits = bool(self._around) or "Path" in bound
        self._lines: list[str] = []
        self._count = 0
        self._any = False

    def process(self, item: Value) -> None:
        """Take a line; what stands around a match is only known at the end."""
        for line in map(to_text, to_list(item) if "InputObject" in self._bound else [item]):
            if self._waits:
                self._lines.append(line)
                continue
            self._count += 1
            self._search(_STREAM, [line], self._count)

    def finish(self) -> None:
        """Search the files, and what waited."""
        texts: list[tuple[str, str]] = []
        for item in to_list(self._bound.get("Path")):
            for path in matching_files(self._context, to_text(item)):
                text = self._context.machine.files.read(path)
                if text is None:
                    raise self._context.failure(
                        f"Select-String: there is no file `{path}`", id="PathNotFound", target=path
                    )
                texts.append((path, text.removeprefix("\ufeff")))
        for path, text in texts:
            self._search(path, lines_of(text), 1)
        self._search(_STREAM, self._lines, 1)
        # Of objects without a match 5.1 says nothing at all, not `False`.
        if self._bound.flag("Quiet") and (self._any or "Path" in self._bound):
            self._emit(self._any)

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
            self._emit(self._found((path, place + first), line, pattern, matches, kept))
            if bound.flag("List") and path != _STREAM:
                break

    @staticmethod
    def _found(
        place: tuple[str, int],
        line: str,
        pattern: str,
        matches: list[Match],
        kept: tuple[tuple[str, ...], tuple[str, ...]] | None,
    ) -> ShellObject:
        path, number = place
        return ShellObject(
            (
                ("IgnoreCase", True),
                ("LineNumber", number),
                ("Line", line),
                ("Filename", path.replace("\\", "/").rpartition("/")[2]),
                ("Path", path),
                ("Pattern", pattern),
                ("Context", None if kept is None else _context_object(kept)),
                ("Matches", [match_object(one) for one in matches]),
            ),
            type_=_MATCH,
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
            Parameter(name="Context"),
            ENCODING,
        ),
    )  # fmt: skip

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _SearchStage:
        """Begin to search."""
        return _SearchStage(context, bound, emit)


SEARCHING_CMDLETS: tuple[StreamingCmdlet, ...] = (_SelectString(),)
