"""Every field of a public value looked at once: what is nothing of the kind is refused.

A wrong type that were taken silently would be a wrong answer: `enabled="no"` counts as true, and an
entry whose principal is text never meets anybody. What is right already costs next to nothing.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from operator import attrgetter, contains
from typing import Any, TypeVar

from relaysim.errors import InvalidInput, Problem

__all__ = [
    "COUNT",
    "FLAG",
    "PAIRS",
    "TEXT",
    "TEXTS",
    "Kind",
    "a",
    "changed",
    "checked",
    "many",
    "refused",
    "some",
]

_SHOWN = 60
_T = TypeVar("_T")


class Kind:
    """What a field may hold.

    Args:
        words: The same in words.
        types: The types of its values.
        holds: Tells whether a value of such a type is right inside; ``None`` for always.
        made: What a list or set is made into, ``None`` where none is taken.
        item: The type of everything in it.
        least: How many must be in it.
    """

    __slots__ = ("holds", "item", "least", "made", "types", "words")

    def __init__(
        self,
        words: str,
        types: frozenset[type],
        holds: Callable[[Any], bool] | None = None,
        made: type | None = None,
        item: type | None = None,
        *,
        least: int = 0,
    ) -> None:
        self.words, self.types, self.holds = words, types, holds
        self.made, self.item, self.least = made, item, least


TEXT = Kind("text", frozenset({str}))
FLAG = Kind("True or False", frozenset({bool}))
COUNT = Kind("a whole number, 0 or more", frozenset({int}), lambda value: value >= 0)


def a(one: type, *more: type) -> Kind:
    """Return the kind of one value of these types; ``NoneType`` among them says optional."""
    names = [kind.__name__.removesuffix("Type") for kind in (one, *more)]
    return Kind(" or ".join(names), frozenset((one, *more)))


def many(item: type, *, words: str = "", made: type = tuple, least: int = 0) -> Kind:
    """Return the kind of a number of values of one type."""
    words = words or f"a {made.__name__} of {item.__name__}"
    if not least:
        return Kind(words, frozenset({made}), lambda all_: _are_all(item, all_), made, item)
    return Kind(
        f"{words}, {least} or more",
        frozenset({made}),
        lambda all_: len(all_) >= least and _are_all(item, all_),
        made,
        item,
        least=least,
    )


def _are_all(item: type, values: Collection[object]) -> bool:
    # Of thousands this takes two thirds of the time that a set of their types takes.
    return list(map(type, values)).count(item) == len(values)


def some(kind: Kind) -> Kind:
    """Return the kind that may also be ``None``."""
    holds, types = kind.holds, kind.types | {type(None)}
    inside = None if holds is None else lambda value: value is None or holds(value)
    return Kind(kind.words, types, inside, kind.made, kind.item, least=kind.least)


TEXTS = many(str, words="a tuple of texts")
PAIRS = many(tuple, words="a tuple of (name, value) pairs")


def checked(**kinds: Kind) -> Callable[[type[_T]], type[_T]]:
    """Return a decorator below ``@frozen``: the class then refuses fields of other kinds.

    Where fields hold nothing of their kind, making a value raises ``InvalidInput`` with each of
    them; lists are made into what they stand for.

    Args:
        kinds: The kind of each field, by its name.
    """
    fields = _Fields(**kinds)

    def decorated(cls: type[_T]) -> type[_T]:
        def __post_init__(self: object) -> None:  # noqa: N807  # it becomes the method
            fields.check(self)

        cls.__post_init__ = __post_init__  # type: ignore[attr-defined]
        cls.__checked_fields__ = fields  # type: ignore[attr-defined]
        return cls

    return decorated


def changed(value: _T, changes: Mapping[str, object], *, sound: Collection[str] = ()) -> _T:
    """Return a checked value with some fields changed: what `relaysim.lean.replace` returns.

    Only what changes is looked at, so that thousands of values that have most fields alike are made
    in a third of the time.

    Args:
        value: A value of a class that is `checked`.
        changes: The fields that change.
        sound: Those among them that need no look, since they hold what was looked at before.

    Raises:
        InvalidInput: A field that holds nothing of its kind.
        TypeError: There is no such field.
    """
    fields: _Fields = type(value).__checked_fields__  # type: ignore[attr-defined]
    return fields.changed(value, changes, sound)  # type: ignore[no-any-return]


class _Fields:
    """The fields of one class and their kinds, put together once.

    Args:
        kinds: The kind of each field, by its name.
    """

    __slots__ = ("_deep", "_kinds", "_plain", "_put", "_read", "_types")

    def __init__(self, **kinds: Kind) -> None:
        self._kinds = kinds
        self._read = attrgetter(*kinds)
        self._put: tuple[Callable[[object, object], None], ...] = ()
        self._types = [kind.types for kind in kinds.values()]
        # Most values are of the first type of each kind, and that is one comparison.
        self._plain = tuple(next(iter(types)) for types in self._types)
        self._deep = [
            (at, kind.holds, bool(kind.least))
            for at, kind in enumerate(kinds.values())
            if kind.holds is not None
        ]

    def check(self, value: object) -> None:
        """Look at every field of a frozen value; lists are made into what they stand for.

        Raises:
            InvalidInput: With every field that holds nothing of the kind.
        """
        found = self._read(value)
        types = tuple(map(type, found))
        if types == self._plain or all(map(contains, self._types, types)):
            for at, holds, wants_some in self._deep:
                # What is empty holds nothing wrong, zero is a count, and nothing may be missing.
                one = found[at]
                if (one or wants_some) and not holds(one):
                    break
            else:
                return
        problems = []
        for (name, kind), given in zip(self._kinds.items(), found, strict=True):
            taken = _made(kind, given)
            if not _fits(kind, taken):
                problems.append(refused(kind.words, given, name))
            elif taken is not given:
                object.__setattr__(value, name, taken)
        if problems:
            raise InvalidInput(problems)

    def changed(self, value: Any, changes: Mapping[str, object], sound: Collection[str]) -> Any:  # noqa: ANN401
        """Return a value with some fields changed, of which only these are looked at."""
        cls = type(value)
        if not self._put:
            if cls.__lean_fields__.keys() != self._kinds.keys():
                raise TypeError(f"not all fields of {cls.__name__} have a kind")
            self._put = tuple(getattr(cls, name).__set__ for name in self._kinds)
        made = object.__new__(cls)
        for put, held in zip(self._put, self._read(value), strict=True):
            put(made, held)
        for name, given in changes.items():
            if name not in self._kinds:
                raise TypeError(f"{cls.__name__} has no field {name}")
            kind = self._kinds[name]
            if name not in sound and not _fits_as_it_is(kind, given):
                # The long way takes what else stands for such a value, and says what is wrong.
                return cls(**{one: getattr(value, one) for one in self._kinds} | dict(changes))
            object.__setattr__(made, name, given)
        return made


def _fits_as_it_is(kind: Kind, given: object) -> bool:
    return type(given) in kind.types and (kind.holds is None or kind.holds(given))


def _made(kind: Kind, given: Any) -> Any:  # noqa: ANN401  # anything may be given
    several = isinstance(given, list | tuple | set | frozenset)
    return kind.made(given) if kind.made is not None and several else given


def _fits(kind: Kind, value: Any) -> bool:  # noqa: ANN401
    if not _is_one_of(value, kind.types):
        return False
    if value is None or kind.holds is None or kind.holds(value):
        return True
    item = kind.item
    if item is None:
        return False
    # The quick look takes no subclass for what it is.
    others = [each for each in value if type(each) is not item]
    plain = [each for each in value if type(each) is item]
    return bool(others) and kind.holds(plain) and all(_is_one_of(each, {item}) for each in others)


def _is_one_of(value: object, types: Iterable[type]) -> bool:
    """Tell whether a value is of one of the types; True and False are no numbers."""
    return isinstance(value, tuple(types)) and (not isinstance(value, bool) or bool in types)


def refused(words: str, given: object, name: str | None = None) -> Problem:
    """Return the problem of a field that holds nothing of its kind, which these words name."""
    shown = repr(given)
    shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 3] + "..."
    return Problem(f"expected {words}, got `{shown}`", where=name)
