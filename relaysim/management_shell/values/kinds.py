"""The kinds of values that properties take: reading them, storing them, showing them.

A *stored* value is plain Python data. A *shown* value is what a script sees. ``text`` and ``read``
carry a stored value through a connector's list of unmodelled properties.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from relaysim.errors import InvalidInput, closest
from relaysim.management_shell.values.multi import MultiChange, parse_multi
from relaysim.model.session import parse_size
from relaysim.powershell.interpreter.failures import ConversionError
from relaysim.powershell.values.conversion import to_bool, to_int, to_text, written_text
from relaysim.powershell.values.value import HashTable, ObjectType, ShellList, ShellObject, Value

__all__ = [
    "ChoiceKind",
    "Count",
    "Flag",
    "Kind",
    "Size",
    "Stored",
    "Text",
    "Texts",
    "TimeSpanKind",
    "choose",
    "format_size",
    "format_span",
    "size_object",
]

Stored = object
"""A value of a property as plain Python data."""

UNLIMITED = "Unlimited"


class Kind(Protocol):
    """A kind of values."""

    @property
    def label(self) -> str:
        """What the reference calls the kind."""

    def parse(self, value: Value) -> Stored:
        """Return what an argument means.

        Raises:
            ConversionError: The argument does not fit.
        """

    def text(self, stored: Stored) -> str:
        """Return the text of a stored value."""

    def read(self, text: str) -> Stored:
        """Return the stored value of a text."""

    def shown(self, stored: Stored) -> Value:
        """Return what a script sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """``$true`` or ``$false``; text is refused, as PowerShell does."""

    label: str = "Boolean"

    def parse(self, value: Value) -> bool:
        """Return the truth value."""
        if isinstance(value, bool | int | float):
            return to_bool(value)
        raise ConversionError(
            f"`{to_text(value)}` is no Boolean", hint="write `$true` or `$false`, without quotes"
        )

    def text(self, stored: Stored) -> str:
        """Return ``True`` or ``False``."""
        return "True" if stored else "False"

    def read(self, text: str) -> bool:
        """Return the truth value of a text."""
        return text.strip().casefold() in {"true", "$true", "1"}

    def shown(self, stored: Stored) -> bool:
        """Return the truth value."""
        return bool(stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text; ``$null`` is the empty one."""

    label: str = "String"

    def parse(self, value: Value) -> str:
        """Return the text."""
        if isinstance(value, list | HashTable):
            raise ConversionError("one text is expected, not several values")
        return written_text(value)

    def text(self, stored: Stored) -> str:
        """Return the text."""
        return str(stored)

    def read(self, text: str) -> str:
        """Return the text."""
        return text

    def shown(self, stored: Stored) -> str:
        """Return the text."""
        return str(stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A whole number in a range, or ``Unlimited`` where that is allowed."""

    low: int
    high: int
    unlimited: bool = False

    @property
    def label(self) -> str:
        """What the reference calls the kind."""
        return "Unlimited" if self.unlimited else "Int32"

    def parse(self, value: Value) -> int | str:
        """Return the number, or ``Unlimited``."""
        if self.unlimited and to_text(value).strip().casefold() == UNLIMITED.casefold():
            return UNLIMITED
        number = to_int(value)
        if not self.low <= number <= self.high:
            more = f" or `{UNLIMITED}`" if self.unlimited else ""
            raise ConversionError(
                f"`{number}` is out of range (expected {self.low} to {self.high}{more})",
                id="ParameterOutOfRange",
            )
        return number

    def text(self, stored: Stored) -> str:
        """Return the number."""
        return str(stored)

    def read(self, text: str) -> int | str:
        """Return the number of a text."""
        return self.parse(text)

    def shown(self, stored: Stored) -> Value:
        """Return the number."""
        return stored


_UNITS = ((1 << 40, "TB"), (1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB"))


def format_size(count: int) -> str:
    """Return a number of bytes as Exchange prints sizes.

    Source: QA305565, CSSE19.

    >>> format_size(37748736)
    '36 MB (37,748,736 bytes)'
    """
    for unit, name in _UNITS:
        if count >= unit:
            return f"{count / unit:.4g} {name} ({count:,} bytes)"
    return f"{count} B ({count:,} bytes)"


def _bytes_of(value: ShellObject) -> int:
    count = value.base
    return count if isinstance(count, int) else 0


_SIZE = ObjectType(
    name="Microsoft.Exchange.Data.ByteQuantifiedSize",
    text=lambda value: format_size(_bytes_of(value)),
    number=_bytes_of,
    methods={
        "tobytes": _bytes_of,
        "tokb": lambda value: _bytes_of(value) >> 10,
        "tomb": lambda value: _bytes_of(value) >> 20,
        "togb": lambda value: _bytes_of(value) >> 30,
    },
)


def size_object(count: int) -> ShellObject:
    """Return a number of bytes as a script sees it."""
    return ShellObject(type_=_SIZE, base=count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A number of bytes in a range."""

    low: int
    high: int
    label: str = "ByteQuantifiedSize"

    def parse(self, value: Value) -> int:
        """Return the number of bytes."""
        if isinstance(value, ShellObject) and isinstance(value.base, int):
            count = value.base
        elif isinstance(value, int) and not isinstance(value, bool):
            count = int(value)
        else:
            try:
                count = parse_size(written_text(value))
            except InvalidInput as error:
                raise ConversionError(error.problems[0].message) from error
        if not self.low <= count <= self.high:
            raise ConversionError(
                f"`{format_size(count)}` is out of range "
                f"(expected {self.low} to {self.high} bytes)",
                id="ParameterOutOfRange",
            )
        return count

    def text(self, stored: Stored) -> str:
        """Return the size as Exchange prints it."""
        return format_size(stored) if isinstance(stored, int) else str(stored)

    def read(self, text: str) -> int:
        """Return the number of bytes of a text."""
        return self.parse(text)

    def shown(self, stored: Stored) -> Value:
        """Return the size as an object."""
        return size_object(stored) if isinstance(stored, int) else stored


def format_span(seconds: int) -> str:
    """Return a time span as .NET prints it.

    >>> format_span(600), format_span(86400)
    ('00:10:00', '1.00:00:00')
    """
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    clock = f"{hours:02}:{minutes:02}:{rest:02}"
    return f"{days}.{clock}" if days else clock


def _seconds_of(value: ShellObject) -> int:
    seconds = value.base
    return seconds if isinstance(seconds, int) else 0


_SPAN = ObjectType(
    name="Microsoft.Exchange.Data.EnhancedTimeSpan",
    text=lambda value: format_span(_seconds_of(value)),
    number=_seconds_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSpanKind:
    """A time span in whole seconds, written ``dd.hh:mm:ss``."""

    low: int
    high: int
    label: str = "EnhancedTimeSpan"

    def parse(self, value: Value) -> int:
        """Return the seconds."""
        if isinstance(value, ShellObject) and isinstance(value.base, int):
            seconds = value.base
        else:
            seconds = _read_span(written_text(value))
        if not self.low <= seconds <= self.high:
            raise ConversionError(
                f"`{format_span(seconds)}` is out of range (expected {format_span(self.low)} to "
                f"{format_span(self.high)})",
                id="ParameterOutOfRange",
            )
        return seconds

    def text(self, stored: Stored) -> str:
        """Return the time span as .NET prints it."""
        return format_span(stored) if isinstance(stored, int) else str(stored)

    def read(self, text: str) -> int:
        """Return the seconds of a text."""
        return self.parse(text)

    def shown(self, stored: Stored) -> Value:
        """Return the time span as an object."""
        if not isinstance(stored, int):
            return stored
        minutes, seconds = divmod(stored, 60)
        return ShellObject(
            (
                ("Days", minutes // 1440),
                ("Hours", minutes // 60 % 24),
                ("Minutes", minutes % 60),
                ("Seconds", seconds),
                ("TotalHours", stored / 3600),
                ("TotalMinutes", stored / 60),
                ("TotalSeconds", stored),
            ),
            type_=_SPAN,
            base=stored,
        )


def _read_span(text: str) -> int:
    days, dot, clock = text.strip().rpartition(".")
    parts = clock.split(":")
    if not dot and len(parts) == 1:
        # .NET reads a bare number as days.
        days, parts = clock, ["0", "0"]
    numbers = [days or "0", *parts]
    if not all(part.isascii() and part.isdigit() and len(part) < 9 for part in numbers):
        raise ConversionError(f"`{text}` is no time span", hint="write it as `hh:mm:ss`")
    if len(parts) not in (2, 3) or any(int(part) > 59 for part in parts[1:]):
        raise ConversionError(f"`{text}` is no time span", hint="write it as `hh:mm:ss`")
    hours, minutes = int(parts[0]), int(parts[1])
    seconds = int(parts[2]) if len(parts) == 3 else 0
    return ((int(days or 0) * 24 + hours) * 60 + minutes) * 60 + seconds


def choose(text: str, names: tuple[str, ...]) -> str:
    """Return the name equal to ``text`` without case, or the only one that begins with it.

    PowerShell reads the names of an enumeration so: Microsoft's pages write ``Frontend`` for
    ``FrontendTransport`` (CUST16).

    Raises:
        ConversionError: None is, or several begin with it.
    """
    wanted = text.strip().casefold()
    for name in names:
        if name.casefold() == wanted:
            return name
    beginning = [name for name in names if wanted and name.casefold().startswith(wanted)]
    if len(beginning) == 1:
        return beginning[0]
    near = closest(text, names)
    raise ConversionError(
        f"`{text}` is none of {', '.join(names)}",
        id="CannotConvertArgument",
        hint=f"did you mean `{near}`?" if near else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceKind:
    """One of some names, in any case."""

    names: tuple[str, ...]
    label: str

    def parse(self, value: Value) -> str:
        """Return the name in its own spelling."""
        return choose(to_text(value), self.names)

    def text(self, stored: Stored) -> str:
        """Return the name."""
        return str(stored)

    def read(self, text: str) -> str:
        """Return the name of a text."""
        return self.parse(text)

    def shown(self, stored: Stored) -> str:
        """Return the name."""
        return str(stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """A list of texts, kept in one text with ``; `` between them."""

    label: str = "MultiValuedProperty"

    def parse(self, value: Value) -> MultiChange[str]:
        """Return the change of the list."""
        return parse_multi(value, str)

    def text(self, stored: Stored) -> str:
        """Return the texts in one."""
        return "; ".join(stored) if isinstance(stored, tuple) else str(stored)

    def read(self, text: str) -> tuple[str, ...]:
        """Return the texts of one."""
        return tuple(part.strip() for part in text.split(";") if part.strip())

    def shown(self, stored: Stored) -> Value:
        """Return the texts as a list that grows."""
        return ShellList(stored) if isinstance(stored, tuple) else stored
