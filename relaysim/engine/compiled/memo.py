"""Look-ups that work out what they do not know, and forget everything before they take too much.

This is the one place that answers a missing key of a dict by ``__missing__``. A key that is there
then costs no call of a Python function, which is most of what a bulk question costs.
"""

from collections.abc import Callable, Hashable
from sys import getsizeof
from typing import TypeVar

__all__ = ["Memo", "Room", "bytes_of"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_ENTRY = 104
"""Bytes that an entry of a dict takes beside its key and value, with the room dicts keep free."""


class Room:
    """The bytes that memos may hold together. When they are used up, all of them are emptied.

    Attributes:
        size: So many bytes.
        used: Bytes held now.
    """

    __slots__ = ("_members", "size", "used")

    def __init__(self, size: int) -> None:
        self.size = size
        self.used = 0
        self._members: list[Callable[[], None]] = []

    def join(self, clear: Callable[[], None]) -> None:
        """Take in somebody who frees what he holds when called."""
        self._members.append(clear)

    def take(self, count: int) -> None:
        """Take so many bytes; whoever takes them puts what they are for in place afterwards."""
        self.used += count
        if self.used > self.size:
            self.used = count
            for clear in self._members:
                clear()


class Memo(dict[K, V]):
    """A dict that works out a missing value and keeps it.

    Args:
        make: Gives the value of a key.
        room: Where the bytes come from.
        weight: Bytes of a value, beside the key; values that others hold too weigh nothing.
    """

    __slots__ = ("_make", "_room", "_weight")

    def __init__(self, make: Callable[[K], V], room: Room, *, weight: int = 0) -> None:
        super().__init__()
        self._make, self._room, self._weight = make, room, weight

    def __missing__(self, key: K) -> V:
        value = self._make(key)
        self._room.take(_ENTRY + bytes_of(key) + self._weight)
        self[key] = value
        return value


def bytes_of(key: object) -> int:
    """Return the bytes of a key: a text, a number, or a tuple of such."""
    if isinstance(key, tuple):
        return getsizeof(key) + sum(map(bytes_of, key))
    return getsizeof(key) if isinstance(key, str) else 0
