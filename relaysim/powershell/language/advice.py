"""Advice about text that was pasted and is no script as it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.errors import Problem

__all__ = ["advise", "without_line"]

# Only a script that is wrong asks for these: none is compiled before.
_ADVICE = (
    (
        r"&(?:quot|amp|gt|lt|apos|nbsp|#\d+);",
        'the text has HTML entities: `&quot;` stands for `"`, `&gt;` for `>`, `&amp;` for `&`',
    ),
    (
        r"^\s*(?:\[PS\]|PS\s+[A-Za-z]:)[^>]*>",
        "a prompt was pasted with the command: leave out what stands before it",
    ),
    (
        r"^\s*>>",
        "`>>` is the prompt of a continued line: leave it out",
    ),
    (
        r"(?<![\"'])<[A-Za-z][\w .-]*>",
        "a word in `< >` is a placeholder: write the value in its place",
    ),
)
_LINE_END = r"\r\n|\n|\r"


def advise(problems: Iterable[Problem], text: str) -> None:
    """Give problems advice when their line shows what was pasted.

    Args:
        problems: The problems of a script; each gets a hint where one fits.
        text: The script.
    """
    lines = re.split(_LINE_END, text)
    for problem in problems:
        if problem.line is None or not 0 < problem.line <= len(lines):
            continue
        for pattern, hint in _ADVICE:
            if re.search(pattern, lines[problem.line - 1]):
                problem.hint = hint
                break


def without_line(text: str, line: int | None) -> str | None:
    r"""Return a text with one line made blank, every place as before; ``None`` when it is blank.

    >>> without_line("ab\ncd", 1)
    '  \ncd'
    """
    start = 0
    for number, end in enumerate([*re.finditer(_LINE_END, text), None], 1):
        stop = len(text) if end is None else end.start()
        if number == line:
            before = text[start:stop]
            if not before.strip():
                return None
            return text[:start] + " " * len(before) + text[stop:]
        start = stop if end is None else end.end()
    return None
