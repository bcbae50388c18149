"""The errors relaysim raises, and how they read.

Every error names the place and the entry it is about, in one line; advice stands in a separate
``hint``. This is the only module that every other module may import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "InvalidConfiguration",
    "InvalidInput",
    "InvalidNotation",
    "InvalidScenario",
    "InvalidScript",
    "Problem",
    "RelaysimError",
    "UnknownName",
    "closest",
    "few_of_each",
    "printable",
    "shortened",
]


def printable(text: str) -> str:
    r"""Return ``text`` with every control, format and surrogate character escaped.

    Names come from exports and logs: an escape sequence, a line break or a bidirectional override
    in one of them must not act on the reader's terminal. A byte that is no UTF-8 is
    shown as the byte it is.

    >>> printable("a\x1b[31mb\n")
    'a\\x1b[31mb\\n'
    >>> printable(b"caf\xe9".decode("utf-8", "surrogateescape"))
    'caf\\xe9'
    """
    if "##" in text or text.lstrip().startswith("::"):
        text = _without_commands(text)
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _without_commands(text: str) -> str:
    """Return a text in which no CI system finds a command: logs are read for them.

    Azure Pipelines and TeamCity look for ``##name[`` anywhere in a line, GitHub for ``::name::``
    at its beginning.
    """
    import re

    text = re.sub(r"##(?=\w*\[)", lambda _: "\\x23#", text)
    return re.sub(r"^(\s*):(?=:[A-Za-z][^:]*::)", lambda found: f"{found[1]}\\x3a", text)


def shortened(text: str) -> str:
    """Return a line without the middle of names that nobody reads to their end.

    >>> len(shortened("unknown connector `" + "x" * 5000 + "`"))
    218
    """
    if len(text) <= _LONGEST_NAME:
        return text
    words = (
        word if len(word) <= _LONGEST_NAME else f"{word[:120]}...{word[-77:]}"
        for word in text.split(" ")
    )
    text = " ".join(words)
    return text if len(text) <= _LONGEST_LINE else f"{text[: _LONGEST_LINE - 80]}...{text[-77:]}"


_SHORTEST_PART = 4
"""A shorter word is part of too many names to mean one of them."""
_LONGEST_NAME = 300
_LONGEST_LINE = 900


def _escaped(char: str) -> str:
    if "\udc80" <= char <= "\udcff":
        return f"\\x{ord(char) - 0xDC00:02x}"
    return char.encode("unicode_escape").decode("ascii")


def closest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that is most like ``word``, compared without case, or ``None``.

    Where none is spelt alike it is the one that has the word as its beginning or its end.

    >>> closest("AnonymusUsers", ["AnonymousUsers", "Partners"])
    'AnonymousUsers'
    >>> closest("groups", ["bindings", "permission_groups"])
    'permission_groups'
    """
    from relaysim.likeness import most_alike

    asked = word.casefold()
    folded = {choice.casefold(): choice for choice in choices}
    found = most_alike(asked, folded)
    if found is not None:
        return folded[found]
    if len(asked) < _SHORTEST_PART:
        return None
    parts = [name for name in folded if name.startswith(asked) or name.endswith(asked)]
    return folded[parts[0]] if len(parts) == 1 else None


class Problem:
    """One thing that is wrong with an input.

    Attributes:
        message: What is wrong, lower-case, one line, user text in backticks.
        file: The file it stands in, as the user named it, or ``None``.
        line: The line, counted from 1, or ``None`` when not known.
        where: The entry inside the file (``connector "Relay": remote_ip_ranges[1]``), or ``None``.
        hint: Advice for a separate line, or ``None``.
    """

    __slots__ = ("file", "hint", "line", "message", "where")

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        where: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.message = message
        self.file = file
        self.line = line
        self.where = where
        self.hint = hint

    def __repr__(self) -> str:
        return f"Problem({self.text()!r})"

    def text(self) -> str:
        """Return ``file:line: where: message`` without the parts that are not known."""
        place = ""
        if self.file is not None:
            place = self.file if self.line is None else f"{self.file}:{self.line}"
        elif self.line is not None:
            place = f"line {self.line}"
        return shortened(
            printable(": ".join(part for part in (place, self.where, self.message) if part))
        )

    def lines(self) -> list[str]:
        """Return the error line and, where there is advice, a ``hint:`` line."""
        if self.hint is None:
            return [self.text()]
        return [self.text(), f"hint: {shortened(printable(self.hint))}"]


def few_of_each(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield problems: of equal ones in a file ten, of one kind thirty, and how many more there are.

    Of one kind are those whose messages differ in what is quoted and in numbers alone.
    """
    import re

    every = list(problems)
    if len(every) <= MOST_EQUAL:
        yield from every
        return
    counts: dict[object, int] = {}
    last: dict[object, int] = {}
    more: dict[int, int] = {}
    shown: list[int] = []
    for number, one in enumerate(every):
        equal = one.file, one.message
        kind = one.file, re.sub(r"`[^`]*`|[0-9]+", "", one.message), "kind"
        if counts.get(equal, 0) < MOST_EQUAL and counts.get(kind, 0) < MOST_OF_A_KIND:
            shown.append(number)
            for key in (equal, kind):
                counts[key] = counts.get(key, 0) + 1
                last[key] = number
        else:
            before = last.get(equal, last[kind])
            more[before] = more.get(before, 0) + 1
    for number in shown:
        yield every[number]
        if number in more:
            yield Problem(f"{more[number]} more like this one", file=every[number].file)


MOST_EQUAL = 10
MOST_OF_A_KIND = 30


class RelaysimError(Exception):
    """Base of everything relaysim raises on purpose; never raised itself."""


class InvalidInput(RelaysimError):
    """Input that cannot be understood, with all of its problems at once.

    Attributes:
        problems: At least one :class:`Problem`, in the order of the input.
    """

    def __init__(
        self, problems: Problem | str | Iterable[Problem], *, hint: str | None = None
    ) -> None:
        if isinstance(problems, str):
            problems = Problem(problems, hint=hint)
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__("\n".join(problem.text() for problem in few_of_each(self.problems)))


class InvalidNotation(InvalidInput):
    """Text that is no address, range or binding."""


class UnknownName(InvalidInput):
    """A right, group, mechanism, connector or principal that does not exist."""


class InvalidConfiguration(InvalidInput):
    """A server file that cannot be used."""


class InvalidScenario(InvalidInput):
    """A scenario file that cannot be used."""


class InvalidScript(InvalidInput):
    """Shell text that cannot be parsed."""
