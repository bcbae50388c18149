"""Values of objects of which most have most in common: what is the same is kept once."""

from collections.abc import Iterator, Mapping
from typing import Any

from relaysim.importers.records import Value

__all__ = ["SharedValues", "Sharing", "is_own"]

_OWN = frozenset(
    {
        "Name",
        "Identity",
        "Server",
        "RemoteIPRanges",
        "DistinguishedName",
        "Guid",
        "Id",
        "WhenChanged",
        "WhenCreated",
        "WhenChangedUTC",
        "WhenCreatedUTC",
        "RunspaceId",
        "Identity.DistinguishedName",
        "Server.DistinguishedName",
        "OriginatingServer",
        "Fqdn",
    }
)
"""Properties that tell one connector from another."""
_FEWEST = 8
_MOST_KEPT = 1024


def is_own(name: str) -> bool:
    """Tell whether a property is one that hardly two objects have alike."""
    return name in _OWN


class SharedValues(Mapping[str, Value]):
    """The values of one object in their order.

    Args:
        order: The names of all of them; one tuple for all objects that are laid out alike.
        own: Those that this object alone has.
        shared: The others, the same dictionary for all objects that have the same; never changed.
    """

    __slots__ = ("order", "own", "shared")

    def __init__(
        self, order: tuple[str, ...], own: dict[str, Value], shared: dict[str, Value]
    ) -> None:
        self.order, self.own, self.shared = order, own, shared

    def __getitem__(self, name: str) -> Value:
        return self.own[name] if name in self.own else self.shared[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.order)

    def __len__(self) -> int:
        return len(self.order)

    def __contains__(self, name: object) -> bool:
        return name in self.own or name in self.shared

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401  # as a mapping's
        """Return the value of a property, or the default."""
        found = self.own.get(name)
        return self.shared.get(name, default) if found is None else found


class Sharing:
    """Finds what the objects of one text have in common."""

    def __init__(self) -> None:
        self._layouts: dict[tuple[tuple[str, ...], int], tuple[tuple[str, ...], ...]] = {}
        self._known: dict[tuple[object, ...], dict[str, Value]] = {}

    def share(self, values: dict[str, Value], placed: int) -> Mapping[str, Value]:
        """Return values of which those are kept once that other objects have too.

        Args:
            values: They.
            placed: How many of them, at the end, carry a line, so that no other object has them.
        """
        if len(values) < _FEWEST:
            return values
        layout = tuple(values), placed
        found = self._layouts.get(layout)
        if found is None:
            order = layout[0]
            plain = order[: len(order) - placed]
            own = (*filter(is_own, plain), *order[len(plain) :])
            rest = tuple(name for name in plain if not is_own(name))
            if len(self._layouts) >= _MOST_KEPT:
                self._layouts.clear()
            found = self._layouts[layout] = order, own, rest
        order, own, rest = found
        key = (*map(values.__getitem__, rest), rest)
        shared = self._known.get(key)
        if shared is None:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            shared = self._known[key] = {name: values[name] for name in rest}
        return SharedValues(order, {name: values[name] for name in own}, shared)
