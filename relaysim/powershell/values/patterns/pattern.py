"""Matching regular expressions in time proportional to pattern times text.

All ways to match are followed side by side, one character at a time (Thompson's construction with
captures), so that no pattern can make a script hang. Every step is charged to the run's budget.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from relaysim.lean import frozen
from relaysim.powershell.values.failures import not_in_subset
from relaysim.powershell.values.patterns.pattern_syntax import (
    Alternatives,
    Anchor,
    Group,
    Look,
    One,
    Repeat,
    Sequence,
    read_pattern,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from relaysim.powershell.values.patterns.pattern_syntax import Part

__all__ = ["Match", "Pattern", "compile_pattern", "escape_pattern", "expanded"]

_MAX_PROGRAM = 4096


@frozen
class Match:
    """Where a pattern matched.

    Attributes:
        text: The text searched.
        spans: Start and end of the match and of each group; ``None`` for a group without part.
        names: The numbers of named groups.
        pattern: What matched.
    """

    text: str
    spans: tuple[tuple[int, int] | None, ...]
    names: dict[str, int]
    pattern: Pattern

    def group(self, number: int) -> str | None:
        """Return the text of a group, ``None`` when it took no part; 0 is the whole match."""
        span = self.spans[number]
        return None if span is None else self.text[span[0] : span[1]]


_Instruction = tuple[str, object, object]


class Pattern:
    """A compiled pattern."""

    def __init__(
        self, part: Part, *, groups: int, names: dict[str, int], ignore_case: bool
    ) -> None:
        self.groups, self.names, self.ignore_case = groups, names, ignore_case
        self._program: list[_Instruction] = []
        self._loops = 0
        self.repeated: set[int] = set()
        self._emit("save", 0)
        self._compile(part)
        self._emit("save", 1)
        self._emit("match")

    def _inside(self, part: Part) -> Pattern:
        """Return the pattern of a condition; its groups are not kept."""
        return Pattern(part, groups=0, names={}, ignore_case=self.ignore_case)

    def looks(self, look: Look, text: str, at: int) -> tuple[bool, int]:
        """Tell whether a condition holds at a place, and how many steps that took."""
        starts = range(at, -1, -1) if look.behind else (at,)
        steps = 0
        for start in starts:
            found, taken = self._from(text, start, stop=at if look.behind else None)
            steps += taken
            if found:
                return not look.negated, steps
        return look.negated, steps

    def _from(self, text: str, start: int, *, stop: int | None) -> tuple[bool, int]:
        """Tell whether a match begins at ``start`` (and ends at ``stop``), and the steps."""
        size = 2 * (self.groups + 1)
        threads: list[tuple[int, tuple[int, ...]]] = [(0, (-1,) * size)]
        steps = 0
        last = len(text) if stop is None else stop
        for at in range(start, last + 1):
            ready, taken = self._follow(threads, text, at)
            steps += 1 + taken
            threads = []
            char = text[at] if at < last else None
            for counter, saves in ready:
                kind, test, _ = self._program[counter]
                if kind == "match":
                    if stop is None or at == stop:
                        return True, steps
                elif char is not None and test(char):  # type: ignore[operator]
                    threads.append((counter + 1, saves))
            if not threads:
                break
        return False, steps

    def _emit(self, kind: str, first: object = None, second: object = None) -> int:
        if len(self._program) >= _MAX_PROGRAM:
            raise not_in_subset("a pattern that repeats so much")
        self._program.append((kind, first, second))
        return len(self._program) - 1

    def _compile(self, part: Part) -> None:
        match part:
            case One():
                self._emit("one", part.test)
            case Anchor():
                self._emit("anchor", part.kind)
            case Look():
                self._emit("look", self._inside(part.part), part)
            case Sequence():
                for item in part.parts:
                    self._compile(item)
            case Group() if part.number > self.groups:
                self._compile(part.part)
            case Group():
                if self._loops:
                    self.repeated.add(part.number)
                self._emit("save", 2 * part.number)
                self._compile(part.part)
                self._emit("save", 2 * part.number + 1)
            case Alternatives():
                self._compile_alternatives(part)
            case Repeat():
                self._loops += part.most != 1
                self._compile_repeat(part)
                self._loops -= part.most != 1

    def _compile_alternatives(self, part: Alternatives) -> None:
        jumps = []
        for choice in part.choices[:-1]:
            split = self._emit("split")
            self._compile(choice)
            jumps.append(self._emit("jump"))
            self._program[split] = ("split", split + 1, len(self._program))
        self._compile(part.choices[-1])
        for jump in jumps:
            self._program[jump] = ("jump", len(self._program), None)

    def _split(self, at: int, inside: int, after: int, *, greedy: bool) -> None:
        pair = (inside, after) if greedy else (after, inside)
        self._program[at] = ("split", *pair)

    def _compile_repeat(self, part: Repeat) -> None:
        for _ in range(part.least):
            self._compile(part.part)
        if part.most is None:
            split = self._emit("split")
            self._compile(part.part)
            self._emit("jump", split)
            self._split(split, split + 1, len(self._program), greedy=part.greedy)
            return
        splits = []
        for _ in range(part.most - part.least):
            splits.append(self._emit("split"))
            self._compile(part.part)
        for split in splits:
            self._split(split, split + 1, len(self._program), greedy=part.greedy)

    def search(
        self, text: str, start: int = 0, *, spend: Callable[[int], None] = lambda _count: None
    ) -> Match | None:
        """Return the leftmost match from ``start`` on, chosen as a backtracking engine would.

        Args:
            text: The text.
            start: Where to begin; anchors still see the whole text.
            spend: Told how many steps are done, from time to time; may raise.
        """
        subject = text.lower() if self.ignore_case else text
        if len(subject) != len(text):
            # A few characters change their length in lower case; offsets must not move.
            subject = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
        size = 2 * (self.groups + 1)
        best: tuple[int, ...] | None = None
        threads: list[tuple[int, tuple[int, ...]]] = []
        for at in range(start, len(text) + 1):
            if best is None:
                threads.append((0, (-1,) * size))
            ready, steps = self._follow(threads, subject, at)
            spend(1 + steps)
            threads = []
            char = subject[at] if at < len(subject) else None
            for counter, saves in ready:
                kind, test, _ = self._program[counter]
                if kind == "match":
                    best = saves
                    break
                if char is not None and test(char):  # type: ignore[operator]
                    threads.append((counter + 1, saves))
            if not threads and best is not None:
                break
        if best is None:
            return None
        spans = tuple(
            None if best[slot + 1] < 0 else (best[slot], best[slot + 1])
            for slot in range(0, size, 2)
        )
        return Match(text=text, spans=spans, names=self.names, pattern=self)

    def _follow(
        self, threads: list[tuple[int, tuple[int, ...]]], text: str, at: int
    ) -> tuple[list[tuple[int, tuple[int, ...]]], int]:
        """Return what is reachable without reading a character, best first, and the steps."""
        seen: set[int] = set()
        looked = 0
        ready: list[tuple[int, tuple[int, ...]]] = []
        stack = threads[::-1]
        while stack:
            counter, saves = stack.pop()
            if counter in seen:
                continue
            seen.add(counter)
            kind, first, second = self._program[counter]
            if kind == "jump":
                stack.append((first, saves))  # type: ignore[arg-type]
            elif kind == "split":
                stack.append((second, saves))  # type: ignore[arg-type]
                stack.append((first, saves))  # type: ignore[arg-type]
            elif kind == "save":
                slot: int = first  # type: ignore[assignment]
                stack.append((counter + 1, (*saves[:slot], at, *saves[slot + 1 :])))
            elif kind == "look":
                inner: Pattern = first  # type: ignore[assignment]
                condition: Look = second  # type: ignore[assignment]
                holds, taken = inner.looks(condition, text, at)
                looked += taken
                if holds:
                    stack.append((counter + 1, saves))
            elif kind == "anchor":
                if _holds(str(first), text, at):
                    stack.append((counter + 1, saves))
            else:
                ready.append((counter, saves))
        return ready, len(seen) + looked

    def matches(self, text: str, *, spend: Callable[[int], None]) -> Iterator[Match]:
        """Return the matches one after another; after an empty one the search moves on by one."""
        start = 0
        while start <= len(text):
            found = self.search(text, start, spend=spend)
            if found is None or found.spans[0] is None:
                return
            yield found
            begin, end = found.spans[0]
            start = end if end > begin else end + 1

    def replace(
        self, text: str, replacement: str, *, spend: Callable[[int], None], limit: int = 0
    ) -> str:
        """Return ``text`` with every match replaced; ``$1``, ``${name}``, ``$&``, ``$$`` count."""
        pieces: list[str] = []
        last = 0
        for count, found in enumerate(self.matches(text, spend=spend)):
            if limit and count >= limit:
                break
            begin, end = found.spans[0] or (0, 0)
            pieces += (text[last:begin], expanded(replacement, found))
            spend(1 + len(replacement))
            last = end
        pieces.append(text[last:])
        return "".join(pieces)

    def split(self, text: str, *, spend: Callable[[int], None], limit: int = 0) -> list[str]:
        """Return the texts between the matches, with the groups of each match between them."""
        pieces: list[str] = []
        last = 0
        count = 1
        for found in self.matches(text, spend=spend):
            if limit and count >= limit:
                break
            begin, end = found.spans[0] or (0, 0)
            pieces.append(text[last:begin])
            groups = (found.group(number) for number in range(1, self.groups + 1))
            pieces += (text for text in groups if text is not None)
            last = end
            count += 1
        pieces.append(text[last:])
        return pieces


def _is_word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")


def _holds(kind: str, text: str, at: int) -> bool:
    match kind:
        case "^" | "A":
            return at == 0
        case "^m":
            return at == 0 or text[at - 1] == "\n"
        case "$m":
            return at == len(text) or text[at] == "\n"
        case "$" | "Z":
            return at == len(text) or (at == len(text) - 1 and text[at] == "\n")
        case "z":
            return at == len(text)
        case "b":
            return _is_word(text, at - 1) != _is_word(text, at)
        case _:
            return _is_word(text, at - 1) == _is_word(text, at)


def _around(mark: str, found: Match) -> str | None:
    """Return what ``$$``, ``$'``, ``$` ``, ``$_`` and ``$+`` stand for; ``None`` for a group."""
    begin, end = found.spans[0] or (0, 0)
    match mark:
        case "$":
            return "$"
        case "'":
            return found.text[end:]
        case "`":
            return found.text[:begin]
        case "_":
            return found.text
        case "+":
            return found.group(len(found.spans) - 1) or ""
        case _:
            return None


def expanded(replacement: str, found: Match) -> str:
    """Return a replacement in which ``$1`` and its like stand for what was found."""
    if "$" not in replacement:
        return replacement
    pieces: list[str] = []
    index = 0
    while index < len(replacement):
        dollar = replacement.find("$", index)
        if dollar < 0 or dollar + 1 >= len(replacement):
            break
        pieces.append(replacement[index:dollar])
        following = replacement[dollar + 1]
        name, stop = following, dollar + 2
        if following == "{" and "}" in replacement[stop:]:
            stop = replacement.index("}", stop) + 1
            name = replacement[dollar + 2 : stop - 1]
        elif following.isascii() and following.isdigit():
            while (
                stop < len(replacement)
                and replacement[stop].isascii()
                and replacement[stop].isdigit()
            ):
                stop += 1
            name = replacement[dollar + 1 : stop]
        number = 0 if name == "&" else found.names.get(name, -1)
        if name.isascii() and name.isdigit() and len(name) < 5:
            number = int(name)
        around = _around(following, found)
        if around is not None:
            pieces.append(around)
        elif 0 <= number < len(found.spans):
            pieces.append(found.group(number) or "")
        else:
            pieces.append(replacement[dollar:stop])
        index = stop
    pieces.append(replacement[index:])
    return "".join(pieces)


@lru_cache(maxsize=128)
def compile_pattern(text: str, *, ignore_case: bool = True) -> Pattern:
    r"""Return the compiled pattern.

    >>> found = compile_pattern(r"^(\d+)\.").search("192.168")
    >>> found.group(1)
    '192'

    Raises:
        ConversionError: The pattern is wrong or outside the supported part of the syntax.
    """
    part, groups, names, ignore = read_pattern(text, ignore_case=ignore_case)
    return Pattern(part, groups=groups, names=names, ignore_case=ignore)


def escape_pattern(text: str) -> str:
    """Return a pattern that matches exactly ``text``."""
    special = {"\t": r"\t", "\n": r"\n", "\r": r"\r", "\f": r"\f"}
    return "".join(
        special.get(char, f"\\{char}" if char in "\\*+?|{[()^$.# " else char) for char in text
    )
