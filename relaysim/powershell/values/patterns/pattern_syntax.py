"""Reading regular expressions: the part of .NET's syntax that can be matched in bounded time.

Backreferences, atomic and conditional groups are refused: they are what makes
matching exponential.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relaysim.lean import frozen, pattern
from relaysim.powershell.values.failures import ConversionError, not_in_subset

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "LETTERS",
    "MAX_PATTERN",
    "Alternatives",
    "Anchor",
    "Group",
    "Look",
    "One",
    "Repeat",
    "Sequence",
    "read_pattern",
]

MAX_PATTERN = 1024
_MAX_NESTING = 40
_MAX_REPEAT = 1000


@frozen
class One:
    """One character that passes ``test``; the character is lower-case when case is ignored."""

    test: Callable[[str], bool]


@frozen
class Anchor:
    """A place: ``^``, ``$``, ``b``, ``B``, ``A``, ``z`` or ``Z``."""

    kind: str


@frozen
class Sequence:
    """Parts one after another."""

    parts: tuple[Part, ...]


@frozen
class Alternatives:
    """The first alternative that leads to a match."""

    choices: tuple[Part, ...]


@frozen
class Repeat:
    """``part`` at least ``least`` times, at most ``most`` times (``None``: without end)."""

    part: Part
    least: int
    most: int | None
    greedy: bool


@frozen
class Group:
    """A capture with a number from 1."""

    part: Part
    number: int


@frozen
class Look:
    """A condition on what follows the place, or with ``behind`` on what stands before it."""

    part: Part
    behind: bool
    negated: bool


Part = Look | One | Anchor | Sequence | Alternatives | Repeat | Group

_CLASSES: dict[str, Callable[[str], bool]] = {
    "d": str.isdecimal,
    "w": lambda char: char.isalnum() or char == "_",
    "s": str.isspace,
    "D": lambda char: not char.isdecimal(),
    "W": lambda char: not (char.isalnum() or char == "_"),
    "S": lambda char: not char.isspace(),
}
LETTERS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"}
"""What a letter after a backslash stands for."""


class _PatternReader:
    def __init__(self, text: str, *, ignore_case: bool) -> None:
        self.text = text
        self.pos = 0
        self.ignore_case = ignore_case
        self.dot_all = False
        self.multiline = False
        self.groups = 0
        self.names: dict[str, int] = {}
        self.depth = 0

    def wrong(self, message: str) -> ConversionError:
        return ConversionError(f'parsing "{self.text}" - {message}', id="System.ArgumentException")

    def refuse(self, message: str) -> ConversionError:
        return not_in_subset(f"the pattern `{self.text}` ({message})")

    def peek(self) -> str:
        return self.text[self.pos : self.pos + 1]

    def take(self) -> str:
        char = self.peek()
        if not char:
            raise self.wrong("Illegal \\ at end of pattern.")
        self.pos += 1
        return char

    def alternatives(self) -> Part:
        self.depth += 1
        if self.depth > _MAX_NESTING:
            raise self.refuse("groups are nested too deeply")
        choices = [self.sequence()]
        while self.peek() == "|":
            self.pos += 1
            choices.append(self.sequence())
        self.depth -= 1
        return choices[0] if len(choices) == 1 else Alternatives(choices=tuple(choices))

    def sequence(self) -> Part:
        parts: list[Part] = []
        while self.peek() not in {"", "|", ")"}:
            part = self.atom()
            if part is not None:
                parts.append(self.quantified(part))
        return Sequence(parts=tuple(parts))

    def quantified(self, part: Part) -> Part:
        bounds = self._bounds()
        if bounds is None:
            return part
        least, most = bounds
        if most is not None and most < least:
            raise self.wrong("Illegal {x,y} with x > y.")
        if least > _MAX_REPEAT or (most or 0) > _MAX_REPEAT:
            raise self.refuse("a quantifier out of range")
        greedy = self.peek() != "?"
        if not greedy:
            self.pos += 1
        if self.peek() in {"*", "+", "?"}:
            raise self.wrong(f"Nested quantifier {self.peek()}.")
        return Repeat(part=part, least=least, most=most, greedy=greedy)

    def _bounds(self) -> tuple[int, int | None] | None:
        char = self.peek()
        simple = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(char)
        if simple is not None:
            self.pos += 1
            return simple
        if char != "{":
            return None
        stop = self.text.find("}", self.pos)
        low, comma, high = self.text[self.pos + 1 : max(stop, self.pos + 1)].partition(",")
        if not low.isascii() or not low.isdigit() or len(low) > 4:
            return None
        if high and not (high.isascii() and high.isdigit() and len(high) <= 4):
            return None
        self.pos = stop + 1
        least = int(low)
        return least, int(high) if high else None if comma else least

    def atom(self) -> Part | None:
        char = self.take()
        if char == "(":
            return self.group()
        if char == "[":
            return self.char_class()
        if char == ".":
            every = self.dot_all
            return One(test=lambda other: every or other != "\n")
        if char in "^$":
            return Anchor(kind=f"{char}m" if self.multiline else char)
        if char == "\\":
            return self.escape()
        if char in "*+?":
            raise self.wrong("Quantifier {x,y} following nothing.")
        return self.literal(char)

    def literal(self, char: str) -> One:
        wanted = char.lower() if self.ignore_case else char
        return One(test=lambda other: other == wanted)

    def escape(self) -> Part:
        char = self.peek()
        if char in {"b", "B", "A", "z", "Z"} and char:
            self.pos += 1
            return Anchor(kind=char)
        if char.isdigit() and char != "0":
            raise self.refuse("a backreference is not supported")
        found = self.escaped()
        return One(test=found) if not isinstance(found, str) else self.literal(found)

    def escaped(self) -> str | Callable[[str], bool]:
        """Read what follows a backslash, in a class or outside."""
        char = self.take()
        if char in _CLASSES:
            return _CLASSES[char]
        if char in LETTERS:
            return LETTERS[char]
        if char in "xu":
            length = 2 if char == "x" else 4
            digits = self.text[self.pos : self.pos + length]
            if len(digits) < length or any(
                digit not in "0123456789abcdefABCDEF" for digit in digits
            ):
                raise self.wrong("Insufficient hexadecimal digits.")
            self.pos += length
            return chr(int(digits, 16))
        if char == "0":
            return "\0"
        if char in "pP":
            raise self.refuse("classes of characters by name")
        if char.isalnum():
            raise self.wrong(f"Unrecognized escape sequence \\{char}.")
        return char

    def group(self) -> Part | None:
        number = None
        if self.peek() == "?":
            self.pos += 1
            char = self.take()
            if char in "<'" and self.peek() not in {"=", "!"}:
                number = self.named_group(">" if char == "<" else "'")
            elif char in "imsn-":
                self.inline_flags(char)
                return None
            elif char in "=!" or (char == "<" and self.peek() in {"=", "!"}):
                return self.look(char)
            elif char == "#":
                self.pos = self.text.find(")", self.pos) + 1 or len(self.text)
                return None
            elif char != ":":
                raise self.refuse("atomic and conditional groups are not supported")
        else:
            self.groups += 1
            number = self.groups
        part = self.alternatives()
        if self.peek() != ")":
            raise self.wrong("Not enough )'s.")
        self.pos += 1
        return part if number is None else Group(part=part, number=number)

    def look(self, char: str) -> Part:
        behind = char == "<"
        negated = (self.take() if behind else char) == "!"
        part = self.alternatives()
        if self.peek() != ")":
            raise self.wrong("Not enough )'s.")
        self.pos += 1
        return Look(part=part, behind=behind, negated=negated)

    def named_group(self, close: str) -> int:
        stop = self.text.find(close, self.pos)
        name = self.text[self.pos : max(stop, self.pos)]
        if not name.isidentifier() or name in self.names:
            raise self.refuse("a group with a name that cannot be used")
        self.pos = stop + 1
        # Groups without a name are counted first, wherever they stand.
        self.names[name] = _plain_groups(self.text) + len(self.names) + 1
        return self.names[name]

    def inline_flags(self, first: str) -> None:
        if self.depth > 1:
            raise self.refuse("options are only supported outside groups")
        on = True
        char = first
        while char != ")":
            if char == "-":
                on = False
            elif char == "i":
                self.ignore_case = on
            elif char == "s":
                self.dot_all = on
            elif char == "m":
                self.multiline = on
            else:
                raise self.refuse(f"the option `{char}` is not supported")
            char = self.take()

    def char_class(self) -> One:
        negated = self.peek() == "^"
        if negated:
            self.pos += 1
        tests: list[Callable[[str], bool]] = []
        ranges: list[tuple[str, str]] = []
        first = True
        while first or self.peek() != "]":
            if not self.peek():
                raise self.wrong("Unterminated [] set.")
            first = False
            low = self.class_item()
            if not isinstance(low, str):
                tests.append(low)
                continue
            high: str | Callable[[str], bool] = low
            if self.peek() == "-" and self.text[self.pos + 1 : self.pos + 2] not in {"]", ""}:
                self.pos += 1
                if self.peek() == "[":
                    raise self.refuse("class subtraction is not supported")
                high = self.class_item()
            if not isinstance(high, str) or high < low:
                raise self.wrong("[x-y] range in reverse order.")
            ranges.append((low, high))
        self.pos += 1
        return One(test=_class_test(tests, ranges, ignore_case=self.ignore_case, negated=negated))

    def class_item(self) -> str | Callable[[str], bool]:
        char = self.take()
        if char != "\\":
            return char
        if self.peek() == "b":
            self.pos += 1
            return "\b"
        return self.escaped()


def _class_test(
    tests: list[Callable[[str], bool]],
    ranges: list[tuple[str, str]],
    *,
    ignore_case: bool,
    negated: bool,
) -> Callable[[str], bool]:
    def inside(char: str) -> bool:
        forms = {char}
        if ignore_case:
            # `ß` and `ı` are no forms of other letters, though Python's capitals say so.
            forms |= {one for one in (char.upper(), char.lower()) if one.lower() == char.lower()}
            forms = {one for one in forms if len(one) == 1}
        return any(low <= form <= high for low, high in ranges for form in forms) or any(
            test(char) for test in tests
        )

    return (lambda char: not inside(char)) if negated else inside


_CLASS = pattern(r"\[\^?\]?[^\]]*\]")


def _plain_groups(text: str) -> int:
    """Return how many groups of a pattern have no name."""
    return len(re.findall(r"\((?!\?)", _CLASS.sub("x", re.sub(r"\\.", "x", text))))


def read_pattern(text: str, *, ignore_case: bool) -> tuple[Part, int, dict[str, int], bool]:
    """Return the parts of a pattern, its number of groups, their names and whether case counts.

    Raises:
        ConversionError: The pattern is wrong, too long, or outside the supported part.
    """
    reader = _PatternReader(text, ignore_case=ignore_case)
    if len(text) > MAX_PATTERN:
        raise not_in_subset(f"a pattern of more than {MAX_PATTERN} characters")
    part = reader.alternatives()
    if reader.pos < len(text):
        raise reader.wrong("Too many )'s.")
    return part, reader.groups + len(reader.names), reader.names, reader.ignore_case
