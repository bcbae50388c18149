"""A fact as a cell, as JSON or as PowerShell gives it, and as JSON takes it."""

from collections.abc import Callable, Sequence
from typing import Any

from relaysim.errors import InvalidInput
from relaysim.model.facts.catalogue import FactKind, SessionFact
from relaysim.model.session import parse_auth, parse_mailbox, parse_size
from relaysim.net.address import parse_address

__all__ = ["READERS", "plain_fact", "read_fact"]

_YES = ("yes", "true", "1")
_NO = ("no", "false", "0")


def read_fact(fact: SessionFact, value: Any) -> Any:  # noqa: ANN401  # JSON gives anything
    """Return the value of a fact, from text or from what JSON has for it.

    Several names and recipients are a list, or a text with ``;`` between them; ``<>`` is the null
    sender, and in ``header_from`` a message without one.

    Raises:
        InvalidInput: It is nothing of the kind.

    >>> from relaysim.model.facts.catalogue import FACT_NAMED
    >>> read_fact(FACT_NAMED["rcpt_to"], "a@contoso.com; b@contoso.com")
    ('a@contoso.com', 'b@contoso.com')
    """
    return READERS[fact.kind](value)


def plain_fact(fact: SessionFact, value: Any) -> Any:  # noqa: ANN401  # what JSON takes
    """Return the value of a fact as JSON and TOML have it; ``None`` where nothing is said."""
    match fact.kind:
        case FactKind.ADDRESS:
            return None if value is None else str(value)
        case FactKind.AUTH:
            return value.value
        case FactKind.NAMES | FactKind.MAILBOXES:
            return list(value)
        case _:
            return value


def _text(value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str):
        raise InvalidInput(f"`{value}` is no text")
    return value.strip()


def _flag(value: Any) -> bool:  # noqa: ANN401
    if isinstance(value, bool):
        return value
    word = _text(value).lower()
    if word not in _YES + _NO:
        raise InvalidInput(f"`{value}` is neither yes nor no")
    return word in _YES


def _port(value: Any) -> int:  # noqa: ANN401
    text = str(value).strip() if isinstance(value, int) else _text(value)
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535):
        raise InvalidInput(f"`{text}` is no port (expected 1 to 65535)")
    return int(text)


def _size(value: Any) -> int:  # noqa: ANN401
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    return parse_size(_text(value))


def _names(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    parts: Sequence[Any] = value if isinstance(value, list) else _text(value).split(";")
    return tuple(text for part in parts if (text := _text(part)))


def _mailboxes(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    found = tuple(map(parse_mailbox, _names(value)))
    if "" in found:
        raise InvalidInput("a recipient cannot be empty")
    return found


READERS: dict[FactKind, Callable[[Any], Any]] = {
    FactKind.ADDRESS: lambda value: parse_address(_text(value)),
    FactKind.AUTH: lambda value: parse_auth(_text(value)),
    FactKind.FLAG: _flag,
    FactKind.PORT: _port,
    FactKind.NAME: _text,
    FactKind.NAMES: _names,
    FactKind.MAILBOX: lambda value: parse_mailbox(_text(value)),
    FactKind.MAILBOXES: _mailboxes,
    FactKind.SIZE: _size,
}
"""What reads each kind."""
