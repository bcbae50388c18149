"""Items of lists as values: connectors of an organization share most of them."""

from socket import AF_INET, inet_ntop, inet_pton
from typing import Any

from relaysim.model.properties.catalogue import BY_NAME
from relaysim.net.interval import Interval
from relaysim.net.notation import AddressRange, Notation

__all__ = ["LISTS", "PARSED", "forget_parsed"]

LISTS = ("Bindings", "RemoteIPRanges")
"""The lists of a connector whose items are read one by one."""


class _Parsed(dict[str, tuple[Any, ...]]):
    """The values of each item's text; connectors of an organization share most of them."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def __missing__(self, text: str) -> tuple[Any, ...]:
        plain = _plain_v4(text) if self._name == "RemoteIPRanges" else None
        if plain is None:
            read = BY_NAME[self._name.casefold()].kind.parse_items([text])
            self[text] = read if isinstance(read, tuple) else (read,)
        else:
            self[text] = (plain,)
        return self[text]


def _plain_v4(text: str) -> AddressRange | None:
    """Return the range of an IPv4 address as everybody writes it, ``None`` for anything else."""
    try:
        packed = inet_pton(AF_INET, text)
    except (OSError, ValueError):
        return None
    if inet_ntop(AF_INET, packed) != text:
        return None
    value = int.from_bytes(packed, "big")
    return AddressRange(Interval(4, value, value), Notation.SINGLE, value)


PARSED = {name: _Parsed(name) for name in LISTS}
"""The values of each text, by property; an item that cannot be read raises InvalidInput."""


def forget_parsed() -> None:
    """Forget the items that were parsed for one organization; the next has others."""
    for parsed in PARSED.values():
        parsed.clear()
