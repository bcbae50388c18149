"""The values a script works with.

``None`` is ``$null``; ``bool``, ``int``, ``float``, ``Decimal`` and ``str`` are themselves; a
``list`` is an array. Other sizes of numbers are in :mod:`relaysim.powershell.values.numeric`.
Everything else is a class of this module, or an opaque object of the host inside a
:class:`ShellObject`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from relaysim.lean import field, frozen
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.kinds.object_types import (
    PLAIN_OBJECT,
    REFERENCE,
    ComputedProperty,
    DefaultView,
    ObjectType,
)
from relaysim.powershell.values.numeric import Char, WrittenFloat, WrittenInt, integer_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from relaysim.powershell.language.syntax import ScriptBlock

__all__ = [
    "NOTHING",
    "REFERENCE",
    "ComputedProperty",
    "DefaultView",
    "EnumValue",
    "Enumerator",
    "HashTable",
    "MemberText",
    "Nothing",
    "ObjectType",
    "ScriptBlockValue",
    "ShellList",
    "ShellObject",
    "SwitchValue",
    "TypeValue",
    "TypedArray",
    "Value",
    "WrittenFloat",
    "WrittenInt",
    "collapse",
    "is_collection",
    "unroll",
]

Value: TypeAlias = object
"""Any value of a script, see the module."""


class Nothing:
    """The result of a command without output: ``$null`` everywhere, but a pipeline of nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING = Nothing()


class MemberText(str):
    """A text that has members beside a text's own: a host's value that is shown as its text.

    They are made when a script asks for one of them.

    Attributes:
        members: Its properties by lower-case name.
        results: What its methods without arguments give, by lower-case name.
    """

    __slots__ = ("_make", "members", "results")

    def __new__(
        cls, text: str, make: Callable[[], tuple[Mapping[str, Value], Mapping[str, Value]]]
    ) -> MemberText:
        """Make a text with the members and results that ``make`` gives."""
        made = super().__new__(cls, text)
        made._make = make
        return made

    members: Mapping[str, Value]
    results: Mapping[str, Value]
    _make: Callable[[], tuple[Mapping[str, Value], Mapping[str, Value]]]

    def __getattr__(self, name: str) -> Mapping[str, Value]:
        if name not in {"members", "results"}:
            raise AttributeError(name)
        self.members, self.results = self._make()
        return self.members if name == "members" else self.results


class TypedArray(list[Value]):
    """An array of one type, ``string[]``; a plain list is an ``object[]``.

    Attributes:
        item: The canonical name of the type of its items.
    """

    __slots__ = ("item",)

    def __init__(self, items: Iterable[Value], item: str) -> None:
        super().__init__(items)
        self.item = item


class ShellList(list[Value]):
    """A list that grows in place (``ArrayList``, a multi-valued property), unlike an array.

    Attributes:
        kind: The canonical name of its type.
        reads: Returns what its methods are given as the list holds it; ``None``: the type says it.
    """

    __slots__ = ("kind", "reads")

    def __init__(self, items: Iterable[Value] = (), kind: str = "arraylist") -> None:
        super().__init__(items)
        self.kind = kind
        self.reads: Callable[[Value], Value] | None = None


class Enumerator(ShellList):
    """What gives its items only once, as ``$input`` does; ``taken`` counts those given."""

    __slots__ = ("source", "taken")

    def __init__(self, items: Iterable[Value] = (), source: HashTable | None = None) -> None:
        super().__init__(items, "enumerator")
        self.taken = 0
        self.source = source

    def take(self) -> list[Value]:
        """Return the items that are left."""
        left = self[self.taken :]
        self.taken = len(self)
        return left


class HashTable:
    """An ordered table whose text keys are compared without case.

    ``@{}`` keeps its order here, which PowerShell only promises for ``[ordered]``: output must be
    the same in every run.

    Attributes:
        kind: The canonical name of its type: ``hashtable``, ``ordered`` or a dictionary's.
    """

    __slots__ = ("_items", "changes", "kind")

    def __init__(
        self, items: Iterable[tuple[Value, Value]] = (), *, kind: str = "hashtable"
    ) -> None:
        self.kind = kind
        self.changes = 0
        self._items: dict[object, tuple[Value, Value]] = {}
        for key, value in items:
            self[key] = value

    @staticmethod
    def _fold(key: Value) -> object:
        if isinstance(key, Char):
            return ("character", str(key))
        if isinstance(key, str):
            return ("text", key.casefold())
        if isinstance(key, bool):
            return ("switch", key)
        if isinstance(key, int):
            return (integer_kind(key), int(key))
        if isinstance(key, float | Decimal):
            return ("number", key)
        if isinstance(key, TypeValue):
            return ("type", key.name)
        if isinstance(key, ShellObject) and key.type.identity is not None:
            return ("value", key.type.name, key.type.identity(key))
        return ("object", id(key))

    def __setitem__(self, key: Value, value: Value) -> None:
        folded = self._fold(key)
        known = self._items.get(folded)
        self.changes += 1
        # An ordered table takes the new spelling of a key, a plain one keeps the first.
        kept = known is not None and self.kind != "ordered"
        self._items[folded] = (known[0] if known is not None and kept else key, value)

    def __contains__(self, key: Value) -> bool:
        return self._fold(key) in self._items

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Value]:
        return (key for key, _ in self._items.values())

    def get(self, key: Value, default: Value = None) -> Value:
        """Return the value of ``key``, or ``default``."""
        found = self._items.get(self._fold(key))
        return default if found is None else found[1]

    def remove(self, key: Value) -> None:
        """Remove ``key`` if it is there."""
        self.changes += 1
        self._items.pop(self._fold(key), None)

    def clear(self) -> None:
        """Remove every entry."""
        self._items.clear()

    def insert(self, place: int, key: Value, value: Value) -> None:
        """Put a new entry before the entry at ``place``."""
        entries = list(self._items.items())
        entries.insert(place, (self._fold(key), (key, value)))
        self._items = dict(entries)

    def items(self) -> list[tuple[Value, Value]]:
        """Return the entries in order."""
        return list(self._items.values())

    def copy(self) -> HashTable:
        """Return a table with the same entries."""
        return HashTable(self.items(), kind=self.kind)


class TableView(ShellList):
    """The keys or values of a table, which it must not change while they are enumerated."""

    __slots__ = ("table",)

    def __init__(self, items: Iterable[Value], kind: str, table: HashTable) -> None:
        super().__init__(items, kind)
        self.table = table


class ShellObject:
    """An object: ordered properties whose names are compared without case.

    Attributes:
        type: The type.
        base: What the host attached, never seen by a script.
    """

    __slots__ = ("_properties", "base", "type")

    def __init__(
        self,
        properties: Iterable[tuple[str, Value]] = (),
        *,
        type_: ObjectType = PLAIN_OBJECT,
        base: object = None,
    ) -> None:
        self.type = type_
        self.base = base
        self._properties: dict[str, tuple[str, Value]] = {}
        for name, value in properties:
            self._properties[name.casefold()] = (name, value)

    def __repr__(self) -> str:
        return f"ShellObject({self.type.name}, {self.names()!r})"

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._properties

    def get(self, name: str) -> Value:
        """Return a property's value, ``None`` when there is no such property."""
        found = self._properties.get(name.casefold())
        if found is None:
            return None
        value = found[1]
        return value.read(self) if isinstance(value, ComputedProperty) else value

    def computed(self, name: str) -> ComputedProperty | None:
        """Return how a property is computed, ``None`` for one that is stored."""
        found = self._properties.get(name.casefold())
        stored = None if found is None else found[1]
        return stored if isinstance(stored, ComputedProperty) else None

    def set(self, name: str, value: Value) -> None:
        """Store a property, converted as its type says; a new one is added at the end."""
        folded = name.casefold()
        known = self._properties.get(folded)
        if known is not None and isinstance(known[1], ComputedProperty):
            if known[1].write is None:
                raise ConversionError(
                    f'Set accessor for property "{known[0]}" is unavailable.',
                    id="SetWithoutSetterFromScriptProperty",
                )
            known[1].write(self, value)
            return
        if self.type.convert is not None:
            value = self.type.convert(name if known is None else known[0], value)
        self._properties[folded] = (name if known is None else known[0], value)

    def put(self, name: str, value: Value) -> None:
        """Store a property as it is."""
        self._properties[name.casefold()] = (name, value)

    def remove(self, name: str) -> None:
        """Remove a property if it is there."""
        self._properties.pop(name.casefold(), None)

    def copy(self) -> ShellObject:
        """Return an object of the same type with the same properties."""
        return ShellObject(self._properties.values(), type_=self.type, base=self.base)

    def names(self) -> list[str]:
        """Return the names of the properties in order."""
        return [name for name, _ in self._properties.values()]

    def items(self) -> list[tuple[str, Value]]:
        """Return the properties in order."""
        return [
            (name, value.read(self) if isinstance(value, ComputedProperty) else value)
            for name, value in self._properties.values()
        ]


@frozen
class ScriptBlockValue:
    """A script block as a value.

    Attributes:
        block: The block.
        text: What stands between its braces.
        kept: The variables a closure brought along, ``None`` for a block that is no closure.
    """

    block: ScriptBlock
    text: str = field(default="", compare=False)
    kept: Mapping[str, Value] | None = field(default=None, compare=False)


@frozen
class TypeValue:
    """A type as a value; ``name`` is its canonical name, such as ``string``."""

    name: str


class SwitchValue:
    """The value of a switch parameter: true or false, of a type of its own."""

    __slots__ = ("on",)

    def __init__(self, on: bool) -> None:  # noqa: FBT001  # the only thing there is to say
        self.on = on

    def __eq__(self, other: object) -> bool:
        return self.on is other.on if isinstance(other, SwitchValue) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.on)

    def __bool__(self) -> bool:
        return self.on


@frozen
class EnumValue:
    """A member of an enumeration.

    Attributes:
        kind: The canonical name of the enumeration.
        name: The member's name.
        number: The member's number.
    """

    kind: str
    name: str
    number: int


def is_collection(value: Value) -> bool:
    """Tell whether a pipeline sends ``value`` on item by item; a hashtable is one item."""
    return isinstance(value, list)


def unroll(value: Value) -> list[Value]:
    """Return the items a pipeline makes of ``value``; ``$null`` is one item."""
    if isinstance(value, Enumerator):
        return value.take()
    if isinstance(value, list):
        return list(value)
    return [] if isinstance(value, Nothing) else [value]


def collapse(values: list[Value]) -> Value:
    """Return what a variable holds that receives the output ``values``."""
    if not values:
        return NOTHING
    return values[0] if len(values) == 1 else values
