"""Reads and runs the ``console`` blocks of Markdown pages."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Run(NamedTuple):
    code: int
    output: str


def relaysim(arguments: list[str], *, cwd: Path = ROOT, stdin: str = "") -> Run:
    """Run the command line in process; standard output and error come back as one text."""
    from relaysim.cli import main

    stream = io.StringIO()
    before, environ = Path.cwd(), dict(os.environ)
    os.environ.pop("RELAYSIM_CONFIG", None)
    # Help folds at the terminal's width, and a test has none.
    os.environ["COLUMNS"] = "80"
    os.chdir(cwd)
    try:
        with (
            contextlib.redirect_stdout(stream),
            contextlib.redirect_stderr(stream),
            _standard_input(stdin),
        ):
            try:
                main(arguments)
            except SystemExit as stop:
                code = stop.code if isinstance(stop.code, int) else 0
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(environ)
    return Run(code, stream.getvalue())


@contextlib.contextmanager
def _standard_input(text: str):
    import sys

    before = sys.stdin
    sys.stdin = io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = before


class Step(NamedTuple):
    page: Path
    line: int
    command: str
    shown: str


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def steps(page: Path) -> list[Step]:
    """Return every ``$ relaysim`` command of the console blocks with the output shown below it."""
    found: list[Step] = []
    inside = False
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if line.startswith("```"):
            inside = line.strip() == "```console"
            continue
        if not inside:
            continue
        if line.startswith("$ "):
            found.append(Step(page, number, line[2:], ""))
        elif found:
            found[-1] = found[-1]._replace(shown=found[-1].shown + line + "\n")
    return [step for step in found if step.command.startswith("relaysim ")]


def rewrite(page: Path) -> str:
    """Return the page with the real output under every command."""
    lines: list[str] = []
    inside, skipping = False, False
    for line in page.read_text().splitlines():
        if line.startswith("```"):
            inside, skipping = line.strip() == "```console", False
            lines.append(line)
            continue
        if inside and line.startswith("$ "):
            lines.append(line)
            skipping = line.startswith("$ relaysim ")
            if skipping:
                lines += run(line[2:]).output.splitlines()
            continue
        if not (inside and skipping):
            lines.append(line)
    return "\n".join(lines) + "\n"


def run(command: str) -> Run:
    return relaysim(shlex.split(command)[1:])
