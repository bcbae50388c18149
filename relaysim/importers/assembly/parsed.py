"""Items of lists as values: connectors of an organization share most of them."""

from itertools import chain
from typing import Any

from relaysim.model.properties.catalogue import BY_NAME
from relaysim.net.interval import Interval
from relaysim.net.notation import AddressRange, Notation

__all__ = ["LISTS", "PARSED", "WHOLE_LISTS", "forget_parsed"]

LISTS = ("Bindings", "RemoteIPRanges")
"""The lists of a connector whose items are read one by one."""


class _Parsed(dict[str, tuple[Any, ...]]):
    """The values of each item's text; connectors of an organization share most of them."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def __missing__(self, text: str) -> tuple[Any, ...]:
        if self._name == "RemoteIPRanges":
            try:
                self[text] = (SINGLE[text],)
            except KeyError:
                pass
            else:
                return self[text]
        read = BY_NAME[self._name.casefold()].kind.parse_items([text])
        self[text] = read if isinstance(read, tuple) else (read,)
        return self[text]


class _Single(dict[str, AddressRange]):
    """The ranges of single IPv4 addresses, by the text as everybody writes it."""

    def __missing__(self, text: str) -> AddressRange:
        try:
            first, second, third, fourth = text.split(".")
            value = _PARTS[first] << 24 | _PARTS[second] << 16 | _PARTS[third] << 8 | _PARTS[fourth]
        except ValueError:
            raise KeyError(text) from None
        self[text] = found = AddressRange(Interval(4, value, value), Notation.SINGLE, value)
        return found


_PARTS = {str(number): number for number in range(256)}
SINGLE = _Single()
"""By text; one that is no single IPv4 address raises KeyError."""


PARSED = {name: _Parsed(name) for name in LISTS}
"""The values of each text, by property; an item that cannot be read raises InvalidInput."""


class _WholeLists:
    """The values of whole lists: servers of one kind have the same."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[tuple[str, ...], tuple[Any, ...]]] = {}
        self._texts: dict[tuple[str, str], tuple[Any, ...]] = {}
        self._count = 0

    def values(self, name: str, items: tuple[str, ...]) -> tuple[Any, ...]:
        """Return the values of a list's items.

        Raises:
            InvalidInput: One of them cannot be read.
        """
        key = name, id(items)
        found = self._known.get(key)
        if found is None:
            if self._count > _MOST_ITEMS:
                self.clear()
            values = self._parsed(name, items)
            # The items are kept beside them, so that no others can be taken for them.
            found = self._known[key] = items, values
            self._count += len(items)
        return found[1]

    def _parsed(self, name: str, items: tuple[str, ...]) -> tuple[Any, ...]:
        if name == "RemoteIPRanges":
            try:
                return tuple(map(SINGLE.__getitem__, items))
            except KeyError:
                # Not all of them are single addresses.
                pass
        return tuple(chain.from_iterable(map(PARSED[name].__getitem__, items)))

    def of_text(self, name: str, text: str) -> tuple[Any, ...] | None:
        """Return the values of a text that was read whole before, ``None`` for any other."""
        return self._texts.get((name, text))

    def keep_text(self, name: str, text: str, values: tuple[Any, ...]) -> None:
        """Remember what a text comes to of which nothing is to be said."""
        if self._count > _MOST_ITEMS:
            self.clear()
        self._texts[name, text] = values
        self._count += len(values)

    def clear(self) -> None:
        """Forget them."""
        self._known.clear()
        self._texts.clear()
        self._count = 0


_MOST_ITEMS = 400_000
WHOLE_LISTS = _WholeLists()


def forget_parsed() -> None:
    """Forget the items that were parsed for one organization; the next has others."""
    WHOLE_LISTS.clear()
    SINGLE.clear()
    for parsed in PARSED.values():
        parsed.clear()
