"""Where an error happened, as PowerShell shows it: the line, and marks under what failed.

Source: FMTLIST.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.language.source import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relaysim.powershell.language.source import Source

__all__ = ["call_stack", "line_of", "position_message"]

_MOST = 69
_LEAST_BEFORE = 12
_LEAST_BEHIND = 8


def position_message(source: Source, at: int) -> str:
    """Return the lines that show a place; only the first where its end is not known.

    A long line is cut on both sides of what failed, which is cut itself where it is too long.
    """
    position = source.position(at)
    head = f"At line:{position.line} char:{position.column}"
    if not isinstance(at, Place):
        return head
    start = at - position.column + 1
    line = source.text[start:].split("\n", 1)[0].rstrip()
    extent = len(source.text[at : at.end].rstrip())
    before = position.column - 1
    failed = min(extent, len(line) - before)
    shown, blanks, marks = _window(line, before, failed)
    return f"{head}\n+ {shown}\n+ {' ' * blanks}{'~' * marks}"


def line_of(source: Source, number: int) -> str:
    """Return a line of a script as an error tells it, with its end; the first has the number 1."""
    lines = source.text.splitlines(keepends=True)
    return lines[number - 1].replace("\r\n", "\n") if number <= len(lines) else ""


def _window(line: str, before: int, failed: int) -> tuple[str, int, int]:
    """Return what is shown of a line, and the blanks and marks under it."""
    if len(line) <= _MOST:
        return line, before, failed
    behind = len(line) - before - failed
    left, right = min(before, _LEAST_BEFORE), min(behind, _LEAST_BEHIND)
    if left + failed + right < _MOST:
        left += min(_MOST - left - failed - right, before - left)
        right += min(_MOST - left - failed - right, behind - right)
    else:
        failed = min(failed, _MOST - left)
        right = min(right, _MOST - left - failed)
    first, last = before - left, before + failed + right
    prefix = "... " if first else ""
    suffix = " ..." if last < len(line) else ""
    return f"{prefix}{line[first:last]}{suffix}", len(prefix) + left, failed


def call_stack(source: Source, frames: Sequence[tuple[str, int]], at: int) -> tuple[str, ...]:
    """Return the calls that a place is reached by, the innermost first, each as a line.

    Args:
        source: The script.
        frames: The functions and blocks under way, the outermost first, with where each is called.
        at: The place.
    """
    names = ["<ScriptBlock>", *(name for name, _ in frames)]
    places = [*(place for _, place in frames), at]
    return tuple(
        f"at {name}, <No file>: line {source.position(place).line}"
        for name, place in zip(reversed(names), reversed(places), strict=True)
    )
