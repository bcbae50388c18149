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
    from collections.abc import Iterable, Iterator, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet
    from relaysim.powershell.values.patterns.pattern import Match, Pattern

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


class _SelectString:
    spec = CmdletSpec(
        name="Select-String",
        aliases=("sls",),
        collects=True,
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

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the lines one of the patterns matches, or with ``-NotMatch`` the others."""
        texts = [to_text(one) for one in to_list(bound.get("Pattern"))]
        raw = texts
        if bound.flag("SimpleMatch"):
            texts = [escape_pattern(text) for text in texts]
        try:
            patterns = [
                (compile_pattern(text, ignore_case=not bound.flag("CaseSensitive")), shown)
                for text, shown in zip(texts, raw, strict=True)
            ]
        except ConversionError as error:
            raise context.failure(f"Select-String: {error.message}", id="InvalidRegex") from error
        around = [to_count(one) for one in to_list(bound.get("Context"))][:2]
        before, after = (around[0], around[-1]) if around else (0, 0)
        any_found = False
        for path, lines in self._sources(context, bound, pipeline_input):
            for place, line in enumerate(lines):
                matches, pattern = self._matches(context, bound, patterns, line)
                if bool(matches) is bound.flag("NotMatch"):
                    continue
                any_found = True
                if bound.flag("Quiet"):
                    break
                kept = (
                    (tuple(lines[max(0, place - before) : place]),
                     tuple(lines[place + 1 : place + 1 + after]))
                    if around
                    else None
                )  # fmt: skip
                yield self._found((path, place + 1), line, pattern, matches, kept)
                if bound.flag("List") and path != _STREAM:
                    break
        # Of objects without a match 5.1 says nothing at all, not `False`.
        if bound.flag("Quiet") and (any_found or "Path" in bound):
            yield any_found

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

    @staticmethod
    def _matches(
        context: Context, bound: Bound, patterns: list[tuple[Pattern, str]], line: str
    ) -> tuple[list[Match], str]:
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

    @staticmethod
    def _sources(
        context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterator[tuple[str, list[str]]]:
        for item in to_list(bound.get("Path")):
            for path in matching_files(context, to_text(item)):
                text = context.machine.files.read(path)
                if text is None:
                    context.write_error(
                        f"Select-String: there is no file `{path}`",
                        id="PathNotFound",
                        target=path,
                    )
                    continue
                yield path, lines_of(text.removeprefix("\ufeff"))
        items = [*pipeline_input, *to_list(bound.get("InputObject"))]
        if items:
            yield _STREAM, [to_text(item) for item in items]


SEARCHING_CMDLETS: tuple[Cmdlet, ...] = (_SelectString(),)
