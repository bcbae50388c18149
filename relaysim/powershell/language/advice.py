"""Advice about text that was pasted and is no script as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.errors import Problem

__all__ = ["advise", "in_order", "without_line"]

_ADVICE = (
    (
        pattern(r"&(?:quot|amp|gt|lt|apos|nbsp|#\d+);"),
        'the text has HTML entities: `&quot;` stands for `"`, `&gt;` for `>`, `&amp;` for `&`',
    ),
    (
        pattern(r"^\s*(?:\[PS\]|PS\s+[A-Za-z]:)[^>]*>"),
        "a prompt was pasted with the command: leave out what stands before it",
    ),
    (
        pattern(r"^\s*>>"),
        "`>>` is the prompt of a continued line: leave it out",
    ),
    (
        pattern(r"(?<![\"'])<[A-Za-z][\w .-]*>"),
        "a word in `< >` is a placeholder: write the value in its place",
    ),
)
_LINE_END = pattern(r"\r\n|\n|\r")


def advise(problems: Iterable[Problem], text: str) -> None:
    """Give problems advice when their line shows what was pasted.

    Args:
        problems: The problems of a script; each gets a hint where one fits.
        text: The script.
    """
    lines = _LINE_END.split(text)
    for problem in problems:
        if problem.line is None or not 0 < problem.line <= len(lines):
            continue
        for sign, hint in _ADVICE:
            if sign.search(lines[problem.line - 1]):
                problem.hint = hint
                break


def in_order(problems: Iterable[Problem], unread: set[int]) -> list[Problem]:
    """Return problems by line; what PowerShell does not read either comes first.

    Args:
        problems: The problems of a script.
        unread: The identities of those that reading the script found.
    """
    found = sorted(problems, key=lambda problem: problem.line or 0)
    for place, one in enumerate(found):
        if id(one) in unread and not getattr(one, "refused", False):
            return [one, *found[:place], *found[place + 1 :]]
    return found


def without_line(text: str, line: int | None) -> str | None:
    r"""Return a text with one line made blank, every place as before; ``None`` when it is blank.

    >>> without_line("ab\ncd", 1)
    '  \ncd'
    """
    start = 0
    for number, end in enumerate([*_LINE_END.finditer(text), None], 1):
        stop = len(text) if end is None else end.start()
        if number == line:
            before = text[start:stop]
            if not before.strip():
                return None
            return text[:start] + " " * len(before) + text[stop:]
        start = stop if end is None else end.end()
    return None
