"""The kinds of values that properties have: one text to one value and back, and the limits.

A value is plain Python data: a ``bool``, a number, a number of bytes or of seconds, a text, an
enumeration's member, a tuple or a frozenset. Everything here is pure and independent of where the
text was found: ``parse`` reads what a shell printed and what a person writes, ``format`` gives
what Exchange prints, and the two are inverse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import InvalidInput, UnknownName, closest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from enum import Enum

__all__ = [
    "UNLIMITED",
    "AmbiguousName",
    "CountKind",
    "FlagKind",
    "NameKind",
    "RefusedValue",
    "TextKind",
    "ValueKind",
    "choose_name",
]

UNLIMITED = "Unlimited"
"""What Exchange prints for a number without a limit; it is the value as well."""


class RefusedValue(InvalidInput):
    """A value of the right form that Exchange refuses.

    Attributes:
        rule: The rule it breaks, empty for a number out of its range.
        reason: Why, without the rule.
    """

    def __init__(self, message: str, *, rule: str = "", hint: str | None = None) -> None:
        super().__init__(f"{message} ({rule})" if rule else message, hint=hint)
        self.rule = rule
        self.reason = message


class AmbiguousName(UnknownName):
    """A text that several names of an enumeration begin with.

    Attributes:
        text: What was written.
        names: The names that begin so.
    """

    def __init__(self, text: str, names: Sequence[str], what: str) -> None:
        self.text = text
        self.names = tuple(names)
        hint = "one of " + ", ".join(f"`{name}`" for name in names)
        super().__init__(f"`{text}` is the beginning of several {what}s", hint=hint)


class ValueKind:
    """A kind of values.

    Attributes:
        label: What the reference pages call the kind.
        is_list: Whether a value is a list of items, in the order in which they were written.
    """

    __slots__ = ()
    label: str = ""
    is_list: bool = False

    def parse(self, text: str) -> object:
        """Return the value of a text, within the kind's limits.

        Raises:
            InvalidInput: No value of the kind.
            RefusedValue: Out of range.
        """
        raise InvalidInput(f"`{text}` cannot be read")

    def read(self, raw: object) -> object:
        """Return the value of what a document holds: a text, a number, a truth value or a list.

        A number stands for a count, a number of bytes or an enumeration's member; nothing but a
        truth value is a flag, and a bare number is no time span, whose unit it does not say.

        Raises:
            InvalidInput: No value of the kind, or out of range.
        """
        if isinstance(raw, str):
            return self.parse(raw)
        if isinstance(raw, int) and not isinstance(raw, bool):
            return self.parse(str(raw))
        if isinstance(raw, list | tuple) and all(isinstance(item, str) for item in raw):
            return self.parse_items(raw)
        raise InvalidInput(f"expected {self.expected}")

    def parse_items(self, items: Sequence[str]) -> object:
        """Return the value of several texts; only a kind that has several values takes them.

        Raises:
            InvalidInput: As for :meth:`parse`; one text is expected.
        """
        if len(items) == 1:
            return self.parse(items[0])
        raise InvalidInput(f"one value is expected, not {len(items)}")

    def check(self, value: object) -> None:
        """Accept a value within the limits of the kind.

        Raises:
            RefusedValue: Out of range.
        """

    def format(self, value: object) -> str:
        """Return the value as Exchange prints it."""
        return str(value)

    @property
    def expected(self) -> str:
        """What a value looks like, for error messages."""
        return "a string"

    @property
    def limits(self) -> str:
        """The limits in words, empty when there are none."""
        return ""


class FlagKind(ValueKind):
    """True or false."""

    __slots__ = ()
    label = "Boolean"

    def parse(self, text: str) -> bool:
        """Return the truth value of ``True`` or ``False``, also as PowerShell writes them."""
        word = text.strip().casefold().removeprefix("$")
        if word in ("true", "false"):
            return word == "true"
        raise InvalidInput(f"expected {self.expected}, got `{text}`")

    def read(self, raw: object) -> bool:
        """Return the truth value; a number is none."""
        if isinstance(raw, bool):
            return raw
        if isinstance(raw, str):
            return self.parse(raw)
        raise InvalidInput(f"expected {self.expected}")

    def format(self, value: object) -> str:
        """Return ``True`` or ``False``."""
        return "True" if value else "False"

    @property
    def expected(self) -> str:
        """What a value looks like."""
        return "true or false"


class TextKind(ValueKind):
    """A text, of any characters; the empty one means that nothing is set.

    Attributes:
        longest: Most characters it may have, 0 for any number.
        start: What it begins with unless it is empty.
    """

    __slots__ = ("longest", "start")
    label = "String"

    def __init__(self, *, longest: int = 0, start: str = "") -> None:
        self.longest = longest
        self.start = start

    def parse(self, text: str) -> str:
        """Return the text as it stands."""
        self.check(text)
        return text

    def check(self, value: object) -> None:
        """Accept a text that is short enough and begins as it must (rule V-7)."""
        text = str(value)
        if self.longest and len(text) > self.longest:
            raise RefusedValue(
                f"it has {len(text)} characters, at most {self.longest} are allowed", rule="V-7"
            )
        if text and not text.startswith(self.start):
            raise RefusedValue(f"it must start with {self.start}", rule="V-7")

    @property
    def limits(self) -> str:
        """The limits in words."""
        found = [f"at most {self.longest} characters"] if self.longest else []
        return ", ".join([*found, f"starts with {self.start}"] if self.start else found)


class BoundedKind(ValueKind):
    """A quantity in a range, both ends inclusive, or ``Unlimited`` where that is allowed."""

    __slots__ = ("high", "low", "unlimited")
    counted: str
    """What the reference pages call the kind where it is always limited."""

    def __init__(self, *, low: int, high: int, unlimited: bool = False) -> None:
        self.low = low
        self.high = high
        self.unlimited = unlimited

    @property
    def label(self) -> str:  # type: ignore[override]
        """What the reference pages call the kind."""
        return UNLIMITED if self.unlimited else self.counted

    def is_endless(self, text: str) -> bool:
        """Tell whether a text means ``Unlimited`` and may."""
        return self.unlimited and text.strip().casefold() == UNLIMITED.casefold()

    def check(self, value: object) -> None:
        """Accept a quantity in the range, or ``Unlimited``."""
        if value == UNLIMITED and self.unlimited:
            return
        if not isinstance(value, int) or not self.low <= value <= self.high:
            raise RefusedValue(f"`{self.format(value)}` is out of range (expected {self.limits})")


class CountKind(BoundedKind):
    """A whole number."""

    __slots__ = ()
    counted = "Int32"

    def parse(self, text: str) -> int | str:
        """Return the number, or ``Unlimited``."""
        if self.is_endless(text):
            return UNLIMITED
        word = text.strip()
        digits = word.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
            raise InvalidInput(f"`{text}` is no whole number (expected {self.limits})")
        self.check(int(word))
        return int(word)

    @property
    def expected(self) -> str:
        """What a value looks like."""
        return f"a whole number or `{UNLIMITED}`" if self.unlimited else "a whole number"

    @property
    def limits(self) -> str:
        """The limits in words."""
        return f"{self.low} to {self.high}" + (f" or `{UNLIMITED}`" if self.unlimited else "")


def choose_name(text: str, names: Sequence[str], what: str = "value") -> str:
    """Return the name equal to ``text`` without case, or the only one that begins with it.

    PowerShell reads the names of an enumeration so (rule V-5b): Microsoft's pages write
    ``Frontend`` for ``FrontendTransport`` (CUST16).

    Args:
        text: What was written.
        names: The names in their own spelling.
        what: What they name, for the error.

    Raises:
        UnknownName: None is, or (as :class:`AmbiguousName`) several begin with it.
    """
    wanted = text.strip().casefold()
    for name in names:
        if name.casefold() == wanted:
            return name
    beginning = [name for name in names if wanted and name.casefold().startswith(wanted)]
    if len(beginning) == 1:
        return beginning[0]
    if beginning:
        raise AmbiguousName(text.strip(), beginning, what)
    near = closest(text, names)
    raise UnknownName(
        f"unknown {what} `{text}` (expected {', '.join(names)})",
        hint=f"did you mean `{near}`?" if near else None,
    )


class NameKind(ValueKind):
    """One of some names, as a text or as a member of an enumeration whose values they are.

    Attributes:
        names: Exchange's spelling.
        label: Exchange's name of the enumeration.
        numbers: The names by their numbers in serialised objects, as far as they are known.
        members: The enumeration of the model, or ``None`` when the value is the name.
    """

    __slots__ = ("label", "members", "names", "numbers")

    def __init__(
        self,
        label: str,
        names: dict[str, int | None],
        *,
        members: type[Enum] | None = None,
    ) -> None:
        self.label = label
        self.names = tuple(names)
        self.numbers = {number: name for name, number in names.items() if number is not None}
        self.members = members

    def parse(self, text: str) -> object:
        """Return the value named by a text or by its number."""
        word = text.strip()
        if word.isascii() and word.isdigit() and int(word[:9]) in self.numbers:
            name = self.numbers[int(word[:9])]
        else:
            name = choose_name(text, self.names)
        return name if self.members is None else self.members(name)

    def format(self, value: object) -> str:
        """Return the name."""
        return str(getattr(value, "value", value))

    @property
    def expected(self) -> str:
        """What a value looks like."""
        return "one of " + ", ".join(self.names)

    @property
    def limits(self) -> str:
        """The names."""
        return ", ".join(self.names)
