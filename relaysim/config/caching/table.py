"""An organization as lines of text, and back: quick to read, and nothing in it is ever executed.

Every distinct value has a number, those that it is made of come before it. The values of one class
stand together, field by field, as numbers of other values:

- ``s COUNT``: that many scalars, one on a line: ``t`` and a text, ``i`` and a number, ``b0``,
  ``b1``, or ``n`` for ``None``;
- ``e CLASS``: members of an enumeration, their names on the next line;
- ``c CLASS COUNT``: values of a class, on the next lines each of their fields, as the numbers of
  all of them, or as ``=`` and the one number that all of them have;
- ``l tuple COUNT`` and ``l frozenset COUNT``: collections, on the next lines their lengths and the
  numbers of their items one after another.

The last value is the whole. Only classes of :data:`CLASSES` are made.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from functools import partial
from itertools import chain, islice, repeat
from operator import attrgetter
from typing import Any

from relaysim.lean import field_defaults, field_names, is_frozen, uncollected
from relaysim.model.acl import Ace
from relaysim.model.connector import AuthMechanism, ReceiveConnector, SizeMode, TransportRole
from relaysim.model.directory.accounts import Account
from relaysim.model.directory.domains import AcceptedDomain, DomainType
from relaysim.model.organization import Organization
from relaysim.model.principals import Principal
from relaysim.model.rights import Right
from relaysim.model.server import Network, Server
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.net.address import Address
from relaysim.net.interval import Interval
from relaysim.net.notation import AddressRange, Notation, Socket

__all__ = ["CLASSES", "NotKept", "from_lines", "to_lines"]

CLASSES: dict[str, type] = {
    one.__name__: one
    for one in (
        AcceptedDomain, Account, Ace, Address, AddressRange, AuthMechanism, DomainType,
        ExchangeVersion, Interval, Network, Notation, Organization, Principal, ReceiveConnector,
        Right, Server, ServerRole, SizeMode, Socket, TransportRole,
    )
}  # fmt: skip
"""The classes that a configuration is made of."""

_NAMES = {kind: name for name, kind in CLASSES.items()}
_SCALARS = (str, int, bool)
_UNSET = ("_domains", "_accounts")
"""Fields that hold what is worked out later."""
_Key = tuple[int, str, str]
"""How deep a kind of value goes, what it is and its class: the order of the groups."""
_Rows = list[tuple[int, Any]]
"""The values of a group: each one's serial, and what it is made of, in serials."""


class NotKept(ValueError):
    """A value that has no place in a table, or lines that are none."""


class _Places:
    """Gives every distinct value a serial, and puts it into the group of its kind.

    It is asked tens of thousands of times before the first answer about a file, so that it calls
    nothing for what it has seen.
    """

    def __init__(self) -> None:
        self._groups: dict[_Key, _Rows] = {}
        self._known: dict[tuple[str, str], dict[Any, int]] = {}
        self._depths: list[int] = []
        self._seen: dict[int, int] = {}
        self._held: list[object] = []
        self._takers: dict[type, Callable[[Any], Iterable[object]]] = {}

    def place(self, value: object) -> int:
        """Return the serial of a value; those of the values inside are smaller."""
        found = self._seen.get(id(value))
        if found is None:
            found = self._seen[id(value)] = self._placed(value)
            # A number of an object is another one's when it is gone.
            self._held.append(value)
        return found

    def _placed(self, value: object) -> int:
        kind = type(value)
        if value is None or kind in _SCALARS:
            return self._put("s", "", (kind.__name__, value), 0)
        name = _NAMES.get(kind)
        if isinstance(value, Enum) and name is not None:
            return self._put("e", name, value.name, 0)
        is_list = kind is tuple or kind is frozenset
        if name is None and not is_list:
            raise NotKept(f"a value of {kind.__name__}")
        inside: Any = value if is_list else self._taker(kind)(value)
        seen, depths = self._seen, self._depths
        parts = []
        depth = 0
        for one in inside:
            serial = seen.get(id(one))
            if serial is None:
                serial = self.place(one)
            parts.append(serial)
            depth = max(depth, depths[serial])
        if kind is frozenset:
            parts.sort()
        what, name = ("c", name) if name is not None else ("l", kind.__name__)
        return self._put(what, name, tuple(parts), depth + 1)

    def _taker(self, kind: type) -> Callable[[Any], Iterable[object]]:
        """Return what takes the fields of a class out of its values."""
        found = self._takers.get(kind)
        if found is None:
            names = _fields(kind)
            take = attrgetter(*names)
            found = self._takers[kind] = take if len(names) > 1 else lambda value: (take(value),)
        return found

    def _put(self, what: str, name: str, value: object, depth: int) -> int:
        known = self._known.setdefault((what, name), {})
        serial = known.get(value)
        if serial is None:
            serial = known[value] = len(self._depths)
            self._depths.append(depth)
            self._groups.setdefault((depth, what, name), []).append((serial, value))
        return serial

    def lines(self) -> Iterator[str]:
        """Return the lines of all groups."""
        numbers = [""] * len(self._depths)
        order = sorted(self._groups)
        serials = (serial for key in order for serial, _ in self._groups[key])
        for number, serial in enumerate(serials):
            numbers[serial] = str(number)
        for key in order:
            values = [value for _, value in self._groups[key]]
            yield from _group_lines(key, values, numbers.__getitem__)


def _fields(kind: type) -> tuple[str, ...]:
    if kind is Principal:
        return ("name", "sid")
    if issubclass(kind, tuple):
        fields: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]
        return fields
    return tuple(name for name in field_names(kind) if name not in _UNSET)


def _group_lines(key: _Key, values: list[Any], number: Callable[[int], str]) -> Iterator[str]:
    _, what, name = key
    if what == "s":
        yield f"s {len(values)}"
        yield from map(_scalar_line, values)
    elif what == "e":
        yield f"e {name}"
        yield " ".join(values)
    elif what == "l":
        yield f"l {name} {len(values)}"
        yield " ".join([str(len(one)) for one in values])
        yield " ".join(map(number, chain.from_iterable(values)))
    else:
        yield f"c {name} {len(values)}"
        for column in zip(*values, strict=True):
            first = column[0]
            same = len(column) > 1 and column.count(first) == len(column)
            yield f"={number(first)}" if same else " ".join(map(number, column))


def _scalar_line(scalar: tuple[str, Any]) -> str:
    kind, value = scalar
    if kind == "str":
        return "t" + str(value).encode("unicode_escape").decode("ascii")
    if kind == "int":
        return f"i{value}"
    return "n" if value is None else f"b{value:d}"


def to_lines(value: object) -> list[str]:
    """Return the lines of a value.

    Raises:
        NotKept: Something in it is of a class that has no place in a table.
    """
    writer = _Places()
    # What is made here refers to nothing that refers back: a search for cycles would find none.
    with uncollected():
        writer.place(value)
    if type(value) not in (tuple, frozenset, *_NAMES) or isinstance(value, Enum):
        raise NotKept("a value alone")
    return list(writer.lines())


def from_lines(lines: list[str]) -> Any:  # noqa: ANN401  # whatever was written
    """Return the value that the lines say.

    Raises:
        NotKept: They are not such lines.
    """
    values: list[Any] = []
    rest = iter(lines)
    try:
        for line in rest:
            words = line.split(" ")
            _READERS[words[0]](values, rest, words)
        return values[-1]
    except (KeyError, IndexError, ValueError, TypeError, AttributeError, StopIteration) as error:
        raise NotKept(f"no table: {error}") from error


def _read_scalars(values: list[Any], rest: Iterator[str], words: list[str]) -> None:
    for line in islice(rest, int(words[1])):
        kind, text = line[0], line[1:]
        if kind == "t":
            if "\\" in text:
                text = text.encode("ascii").decode("unicode_escape")
            values.append(text)
        elif kind == "i":
            values.append(int(text))
        else:
            values.append(None if kind == "n" else text == "1")


def _read_members(values: list[Any], rest: Iterator[str], words: list[str]) -> None:
    kind: Any = CLASSES[words[1]]
    values += [kind[name] for name in next(rest).split(" ")]


def _numbers(line: str) -> Iterator[int]:
    return map(int, line.split())


def _read_collections(values: list[Any], rest: Iterator[str], words: list[str]) -> None:
    kind: Any = {"tuple": tuple, "frozenset": frozenset}[words[1]]
    lengths = list(_numbers(next(rest)))
    items = map(values.__getitem__, list(_numbers(next(rest))))
    values += [kind(islice(items, length)) for length in lengths]


def _read_values(values: list[Any], rest: Iterator[str], words: list[str]) -> None:
    kind, count = CLASSES[words[1]], int(words[2])
    columns: list[Any] = []
    names = _fields(kind)
    for line in islice(rest, len(names)):
        if line.startswith("="):
            columns.append(repeat(values[int(line[1:])], count))
        else:
            columns.append([values[number] for number in _numbers(line)])
    if issubclass(kind, tuple):
        values.extend(map(partial(tuple.__new__, kind), zip(*columns)))  # noqa: B905  # repeats
    elif kind is Principal:
        values.extend(Principal(name, sid=sid) for name, sid in zip(*columns))  # noqa: B905
    else:
        values.extend(_made(kind, names, columns, count))


def _made(kind: type, names: tuple[str, ...], columns: list[Any], count: int) -> list[Any]:
    """Return values of a frozen class, their fields put in as they were when they were written.

    They were checked when they were made for the first time.
    """
    if not is_frozen(kind):
        raise NotKept(kind.__name__)
    made: list[Any] = [object.__new__(kind) for _ in range(count)]
    given = dict(zip(names, columns, strict=True))
    defaults = field_defaults(kind)
    for name in field_names(kind):
        column = given[name] if name in given else repeat(defaults[name], count)
        deque(map(getattr(kind, name).__set__, made, column), maxlen=0)
    return made


_READERS = {
    "s": _read_scalars,
    "e": _read_members,
    "l": _read_collections,
    "c": _read_values,
}
