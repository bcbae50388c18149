"""Errors, warnings and notes on standard error."""

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from relaysim.errors import Problem, few_of_each

if TYPE_CHECKING:
    from relaysim.writing import PendingFile

__all__ = [
    "be_quiet",
    "before_each_note",
    "complain",
    "is_quiet",
    "make_room",
    "note",
    "note_written",
    "warn",
]

_state = {"quiet": False}
before_each_note: list[Callable[[], None]] = []
"""Called before anything is written: what draws on the same terminal makes room."""


def be_quiet() -> None:
    """Write no more warnings and notes; errors are written all the same."""
    _state["quiet"] = True


def is_quiet() -> bool:
    """Tell whether only errors are written."""
    return _state["quiet"]


def make_room() -> None:
    """Let what draws on the same terminal clear its line: something is about to be written."""
    for clear in before_each_note:
        clear()


def complain(problems: Iterable[Problem]) -> None:
    """Write errors, and the hint of each; of many of one kind a few, and how many more."""
    make_room()
    for problem in few_of_each(problems):
        first, *rest = problem.lines()
        print(f"error: {first}", *rest, sep="\n", file=sys.stderr)  # noqa: T201


def warn(problem: Problem) -> None:
    """Write one warning, and its hint if it has one."""
    _write("warning", problem)


def note(problem: Problem) -> None:
    """Write one note, and its hint if it has one."""
    _write("note", problem)


def note_written(pending: "PendingFile", path: str) -> None:
    """Write what somebody may not expect of a file that was written: a folder, an older one."""
    if pending.new_folder:
        note(Problem("folder made", file=pending.new_folder))
    if pending.replaces:
        note(Problem("replaced", file=path))


def _write(kind: str, problem: Problem) -> None:
    if not _state["quiet"]:
        make_room()
        first, *rest = problem.lines()
        print(f"{kind}: {first}", *rest, sep="\n", file=sys.stderr)  # noqa: T201
