"""What a script did: its warnings and errors, on the error stream, and what it changed."""

import sys
from typing import TYPE_CHECKING

from relaysim.errors import Problem

if TYPE_CHECKING:
    from relaysim.management_shell.running import ShellRun
    from relaysim.model.organization import Organization

__all__ = ["differences", "report"]


def report(result: "ShellRun", *, file: str | None = None) -> None:
    """Write warnings, errors with their hints, and what was assumed or kept unused.

    One line each, and one for all settings of an object.
    """
    settings: dict[str, list[str]] = {}
    for setting in result.unmodelled:
        settings.setdefault(setting.target, []).append(f"{setting.name} = {setting.value}")
    for target, made in settings.items():
        it = "it" if len(made) == 1 else "them"
        _write("note", Problem(f"{target}: {', '.join(made)}; no rule uses {it}", file=file))
    for assumption in result.assumptions:
        _write("note", Problem(f"assumed ({assumption.rule}): {assumption.text}", file=file))
    for remark in result.remarks:
        _write("note", Problem(remark, file=file))
    for warning in result.warnings:
        _write("warning", Problem(warning, file=file))
    for error in result.errors:
        position = error.position
        place = None if position is None else f"column {position.column}"
        _write(
            "error",
            Problem(
                error.message,
                file=file,
                line=None if position is None else position.line,
                where=place,
                hint=error.hint,
            ),
        )


def differences(before: "Organization", after: "Organization") -> str:
    """Return what changed, as text and as power; empty when nothing did."""
    from relaysim.config.difference import changes, format_changes
    from relaysim.render.power_lines import power_lines

    return format_changes(changes(before, after, changed=True)) + power_lines(before, after)


def _write(kind: str, problem: Problem) -> None:
    first, *rest = problem.lines()
    print(f"{kind}: {first}", *rest, sep="\n", file=sys.stderr)  # noqa: T201
