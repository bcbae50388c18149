"""Warnings and notes on standard error: what is understood or done all the same."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relaysim.errors import Problem

__all__ = ["be_quiet", "note", "warn"]

_state = {"quiet": False}


def be_quiet() -> None:
    """Write no more warnings and notes; errors are written all the same."""
    _state["quiet"] = True


def warn(problem: "Problem") -> None:
    """Write one warning, and its hint if it has one."""
    _write("warning", problem)


def note(problem: "Problem") -> None:
    """Write one note, and its hint if it has one."""
    _write("note", problem)


def _write(kind: str, problem: "Problem") -> None:
    if not _state["quiet"]:
        first, *rest = problem.lines()
        print(f"{kind}: {first}", *rest, sep="\n", file=sys.stderr)  # noqa: T201
