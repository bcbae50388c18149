"""Every field of a session looked at once, in its own words.

A session is made of what a person writes as well as of what a program parsed: text stands for an
address or a kind of authentication, one text for one recipient. What is nothing of the kind is
refused: a wrong type that were taken silently would be a wrong answer.
"""

from collections.abc import Callable
from typing import Any

from relaysim.errors import InvalidInput, Problem
from relaysim.model.facts.catalogue import FACT_NAMED, FactKind
from relaysim.model.field_checks import refused
from relaysim.net.address import Address, parse_address

__all__ = ["mended"]


def mended(values: dict[str, Any], parse_auth: Callable[[str], Any], auth: type) -> dict[str, Any]:
    """Return the fields of a session with everything parsed.

    Args:
        values: The fields by name.
        parse_auth: Returns the kind of authentication that a text names.
        auth: The type of these kinds.

    Raises:
        InvalidInput: With every field that is nothing of the kind.
    """
    problems: list[Problem] = []
    found = {}

    def read_auth(value: Any) -> Any:  # noqa: ANN401  # anything may be given
        if isinstance(value, auth):
            return value
        return (
            parse_auth(value) if isinstance(value, str) else _refuse("text or an AuthKind", value)
        )

    for name, value in values.items():
        fact = FACT_NAMED.get(name)
        if fact is None:
            # What a kind of session has beside the facts is its own.
            found[name] = value
            continue
        kind = fact.kind
        reader = read_auth if kind is FactKind.AUTH else _READERS[kind]
        try:
            # Of all facts, the client alone has to be there.
            found[name] = _address(value) if name == "ip" else reader(value)
        except InvalidInput as error:
            for problem in error.problems:
                problem.where = problem.where or name
            problems += error.problems
    if problems:
        raise InvalidInput(problems)
    return found


def _refuse(expected: str, value: object) -> Any:  # noqa: ANN401  # it never returns
    raise InvalidInput(refused(expected, value))


def _address(value: Any) -> Address:  # noqa: ANN401
    if isinstance(value, Address):
        return value
    if isinstance(value, str):
        return parse_address(value)
    text = str(value)
    # The addresses of the standard library say what they are.
    if type(value).__module__ == "ipaddress" and "/" not in text:
        return parse_address(text)
    return _refuse("an address", value)  # type: ignore[no-any-return]


def _optional(reader: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else reader(value)


def _flag(value: Any) -> bool:  # noqa: ANN401
    return value if isinstance(value, bool) else _refuse("True or False", value)


def _number(value: Any, low: int, high: int | None) -> int:  # noqa: ANN401
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole and value >= low and (high is None or value <= high):
        return int(value)
    limits = f"{low} to {high}" if high is not None else f"{low} or more"
    return _refuse(f"a whole number, {limits}", value)  # type: ignore[no-any-return]


def _text(value: Any) -> str:  # noqa: ANN401
    return value if isinstance(value, str) else _refuse("text", value)


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    if isinstance(value, str):
        # One text is one name or address, never its letters.
        return (value,)
    if not isinstance(value, list | tuple | set | frozenset):
        return _refuse("a list of texts", value)  # type: ignore[no-any-return]
    return tuple(_text(each) for each in value)


_READERS: dict[FactKind, Callable[[Any], Any]] = {
    FactKind.ADDRESS: _optional(_address),
    FactKind.FLAG: _flag,
    FactKind.PORT: lambda value: _number(value, 1, 65535),
    FactKind.NAME: _optional(_text),
    FactKind.NAMES: _texts,
    FactKind.MAILBOX: _optional(_text),
    FactKind.MAILBOXES: _texts,
    FactKind.SIZE: _optional(lambda value: _number(value, 0, None)),
}
