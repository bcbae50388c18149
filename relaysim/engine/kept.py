"""What is worked out of an organization or a server once, for as long as it is asked about."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

__all__ = ["kept"]

_T = TypeVar("_T")
_R = TypeVar("_R")
_MOST_KEPT = 8


def kept(make: Callable[[_T], _R]) -> Callable[[_T], _R]:
    """Decorate a function of one value: for the same object it returns what it made before."""
    known: dict[int, tuple[_T, _R]] = {}

    @wraps(make)
    def found(value: _T) -> _R:
        pair = known.get(id(value))
        if pair is None:
            if len(known) >= _MOST_KEPT:
                known.clear()
            # With the value itself, so that its id stays its own.
            pair = known[id(value)] = value, make(value)
        return pair[1]

    return found
