"""Wildcards: ``*``, ``?`` and ``[a-z]``, compared without case in bounded time."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from relaysim.powershell.values.failures import ConversionError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["has_wildcard", "matches_wildcard", "require_wildcard"]


def has_wildcard(text: str) -> bool:
    """Tell whether ``text`` holds a character that is a wildcard when not escaped."""
    return any(char in text for char in "*?[")


@lru_cache(maxsize=256)
def _compile(pattern: str) -> tuple[Callable[[str], bool] | None, ...]:
    """Return one test per character of the text; ``None`` stands for ``*``."""
    tests: list[Callable[[str], bool] | None] = []
    index = 0
    while index < len(pattern):
        char = pattern[index]
        index += 1
        if char == "*":
            if not tests or tests[-1] is not None:
                tests.append(None)
        elif char == "?":
            tests.append(lambda _char: True)
        elif char == "[" and "]" in pattern[index + 1 :]:
            stop = pattern.index("]", index + 1)
            tests.append(_class_test(pattern[index:stop]))
            index = stop + 1
        else:
            if char == "`" and index < len(pattern):
                char = pattern[index]
                index += 1
            tests.append(lambda other, wanted=char: other == wanted)  # type: ignore[misc]
    return tuple(tests)


def _class_test(body: str) -> Callable[[str], bool]:
    ranges: list[tuple[str, str]] = []
    index = 0
    while index < len(body):
        if index + 2 < len(body) and body[index + 1] == "-":
            ranges.append((body[index], body[index + 2]))
            index += 3
        else:
            ranges.append((body[index], body[index]))
            index += 1
    return lambda char: any(low <= char <= high for low, high in ranges)


def require_wildcard(pattern: str) -> None:
    """Refuse a pattern with a bracket that is never closed, as operators do.

    Raises:
        ConversionError: The pattern is not valid.
    """
    index = 0
    while index < len(pattern):
        char = pattern[index]
        if char == "`":
            index += 1
        elif char == "[":
            stop = pattern.find("]", index + 1)
            if stop < 0:
                raise ConversionError(
                    f"The specified wildcard character pattern is not valid: {pattern}",
                    id="WildcardPattern",
                )
            index = stop
        index += 1


def matches_wildcard(
    text: str,
    pattern: str,
    *,
    case_sensitive: bool = False,
    spend: Callable[[int], None] = lambda _count: None,
) -> bool:
    r"""Tell whether the whole of ``text`` matches ``pattern``.

    The time is at most the product of the two lengths; ``spend`` is told how many characters were
    looked at, from time to time, and may raise.

    >>> matches_wildcard("SRV\\Default Frontend SRV", "*default*"), matches_wildcard("a", "[b-d]")
    (True, False)
    """
    if not case_sensitive:
        text, pattern = text.lower(), pattern.lower()
    tests = _compile(pattern)
    at = test = 0
    star = -1
    resume = 0
    looked = 0
    while at < len(text):
        looked += 1
        if looked & 0x3FF == 0:
            spend(0x80)
        current = tests[test] if test < len(tests) else _never
        if current is None:
            star, resume = test, at
            test += 1
        elif current(text[at]):
            at += 1
            test += 1
        elif star >= 0:
            resume += 1
            at, test = resume, star + 1
        else:
            return False
    return all(current is None for current in tests[test:])


def _never(_char: str) -> bool:
    return False
