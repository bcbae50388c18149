"""Values of objects of which most have most in common: what is the same is kept once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from relaysim.importers.records import Value

__all__ = ["Layout", "SharedValues", "Sharing", "is_own"]

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


class Layout(NamedTuple):
    """Which properties objects have that are laid out alike.

    Attributes:
        order: The names of all, in order.
        places: Of those of which each object has its own value, where it stands among these.
    """

    order: tuple[str, ...]
    places: dict[str, int]

    @classmethod
    def of(cls, order: Sequence[str], own: Iterable[str]) -> "Layout":
        """Return the layout of objects with these properties."""
        return cls(tuple(order), {name: place for place, name in enumerate(own)})


class SharedValues(Mapping[str, Value]):
    """The values of one object in their order.

    Args:
        layout: Which they are, the same for all objects that are laid out alike.
        own: Those that this object alone has.
        shared: The others, the same dictionary for all objects that have the same; never changed.
    """

    __slots__ = ("_layout", "_own", "shared")

    def __init__(self, layout: Layout, own: tuple[Value, ...], shared: Mapping[str, Value]) -> None:
        self._layout, self._own, self.shared = layout, own, shared

    @property
    def own(self) -> Iterable[tuple[str, Value]]:
        """What this object alone has, in order."""
        return zip(self._layout.places, self._own, strict=True)

    def __getitem__(self, name: str) -> Value:
        place = self._layout.places.get(name)
        return self.shared[name] if place is None else self._own[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._layout.order)

    def __len__(self) -> int:
        return len(self._layout.order)

    def __contains__(self, name: object) -> bool:
        return name in self._layout.places or name in self.shared

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401  # as a mapping's
        """Return the value of a property, or the default."""
        place = self._layout.places.get(name)
        return self.shared.get(name, default) if place is None else self._own[place]


class Sharing:
    """Finds what the objects of one text have in common."""

    def __init__(self) -> None:
        self._layouts: dict[tuple[tuple[str, ...], int], tuple[Layout, tuple[str, ...]]] = {}
        self._known: dict[tuple[object, ...], dict[str, Value]] = {}

    def share(self, values: dict[str, Value], placed: int) -> Mapping[str, Value]:
        """Return values of which those are kept once that other objects have too.

        Args:
            values: They.
            placed: How many of them, at the end, carry a line, so that no other object has them.
        """
        if len(values) < _FEWEST:
            return values
        key = tuple(values), placed
        found = self._layouts.get(key)
        if found is None:
            plain = key[0][: len(values) - placed]
            own = (*filter(is_own, plain), *key[0][len(plain) :])
            if len(self._layouts) >= _MOST_KEPT:
                self._layouts.clear()
            rest = tuple(name for name in plain if not is_own(name))
            found = self._layouts[key] = Layout.of(key[0], own), rest
        layout, rest = found
        alike = (*map(values.__getitem__, rest), rest)
        shared = self._known.get(alike)
        if shared is None:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            shared = self._known[alike] = {name: values[name] for name in rest}
        return SharedValues(layout, tuple(map(values.__getitem__, layout.places)), shared)
