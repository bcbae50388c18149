"""Readers of single values in a scenario file; each returns a value or raises ``InvalidInput``."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from relaysim.config.tables import Problems, describe
from relaysim.config.toml.positions import Path
from relaysim.errors import InvalidInput, Problem, closest
from relaysim.model.session import AuthKind, parse_auth, parse_mailbox
from relaysim.net.address import Address, parse_address
from relaysim.net.notation import AddressRange, parse_range

__all__ = [
    "At",
    "Reader",
    "read_address",
    "read_auth",
    "read_choice",
    "read_fields",
    "read_flag",
    "read_mailbox",
    "read_names",
    "read_number",
    "read_range",
    "read_text",
    "read_words",
]

T = TypeVar("T")
Reader = Callable[[Any], Any]

# The same few addresses and names stand in step after step. The caches are bounded, so that
# memory does not grow with the number of files.
_CACHED = 4096
read_range: Callable[[str], AddressRange] = lru_cache(_CACHED)(parse_range)
read_mailbox: Callable[[str], str] = lru_cache(_CACHED)(parse_mailbox)
read_auth: Callable[[str], AuthKind] = lru_cache(64)(parse_auth)


class At(NamedTuple):
    """A place in a file, to note problems at.

    Attributes:
        problems: Collects them.
        path: Key path of the table.
        where: The same in words.
    """

    problems: Problems
    path: Path
    where: str

    def problem(self, message: str, *keys: str | int, hint: str | None = None) -> None:
        """Note a problem of the table, or of something inside it."""
        place = ".".join(map(str, keys))
        where = f"{self.where}: {place}" if place and self.where else place or self.where
        self.problems.add((*self.path, *keys), where, message, hint)

    def errors(self, error: InvalidInput, *keys: str | int) -> None:
        """Note the problems of a caught error."""
        for problem in error.problems:
            self.problem(problem.message, *keys, hint=problem.hint)

    def unknown(self, key: str, known: Iterable[str], *keys: str, hint: str | None = None) -> None:
        """Note an unknown key, with the closest known one."""
        near = closest(key, known)
        advice = hint or (f"did you mean `{near}`?" if near else None)
        self.problem(f"unknown key `{key}`", *keys, key, hint=advice)


def read_fields(
    data: dict[str, Any],
    readers: dict[str, tuple[str, Reader]],
    at: At,
    key: str,
    hints: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Return the fields that a table fills; every problem is noted.

    Args:
        data: The table.
        readers: Key to field name and reader.
        at: The step.
        key: The table's key in the step.
        hints: Advice for likely wrong keys.
    """
    fields: dict[str, Any] = {}
    for name, value in data.items():
        entry = readers.get(name)
        if entry is None:
            at.unknown(name, readers, key, hint=(hints or {}).get(name))
            continue
        try:
            fields[entry[0]] = entry[1](value)
        except InvalidInput as error:
            at.errors(error, key, name)
    return fields


def read_text(value: Any) -> str:  # noqa: ANN401
    """Return a string that is not blank."""
    if not isinstance(value, str):
        raise InvalidInput(f"expected a string, got {describe(value)}")
    if not value.strip():
        raise InvalidInput("expected a string that is not empty")
    return value


def read_flag(value: Any) -> bool:  # noqa: ANN401
    """Return a boolean."""
    if not isinstance(value, bool):
        raise InvalidInput(f"expected true or false, got {describe(value)}")
    return value


def read_number(low: int, high: int) -> Reader:
    """Return a reader of whole numbers from ``low`` to ``high``."""

    def read(value: Any) -> int:  # noqa: ANN401
        if not isinstance(value, int) or isinstance(value, bool):
            raise InvalidInput(f"expected a whole number, got {describe(value)}")
        if not low <= value <= high:
            raise InvalidInput(f"`{value}` is out of range (expected {low} to {high})")
        return value

    return read


def read_address(value: Any) -> Address:  # noqa: ANN401
    """Return an address."""
    return parse_address(read_text(value))


def read_choice(choices: Iterable[str], what: str) -> Reader:
    """Return a reader of one of some words, in any case; it gives the word as listed."""
    known = {choice.casefold(): choice for choice in choices}

    def read(value: Any) -> str:  # noqa: ANN401
        text = read_text(value)
        found = known.get(text.strip().casefold())
        if found is None:
            near = closest(text, known.values())
            hint = f"did you mean `{near}`?" if near else f"one of {', '.join(known.values())}"
            raise InvalidInput(f"unknown {what} `{text}`", hint=hint)
        return found

    return read


def read_words(value: Any, read: Callable[[str], T], *, split: str = ",") -> tuple[T, ...]:  # noqa: ANN401
    """Return a list of strings, or one string split at ``split``, each read by ``read``.

    Raises:
        InvalidInput: Nothing in it, or the problems of all of its entries.
    """
    if isinstance(value, str):
        value = [part.strip() for part in value.split(split)] if split else [value]
    if not isinstance(value, list):
        raise InvalidInput(f"expected a list of strings, got {describe(value)}")
    if not value:
        raise InvalidInput("the list is empty")
    found: list[Any] = []
    problems: list[Problem] = []
    for item in value:
        try:
            found.append(read(read_text(item)))
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(problems)
    return tuple(found)


def read_names(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Return names: a list, or one string split at commas."""
    return read_words(value, str.strip)
