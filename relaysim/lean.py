"""What keeps the start of a program short: frozen values, patterns and functions that come later.

The standard library writes the methods of a data class as text and compiles it, at every start of
the program: more work for one class than for importing a module of ordinary ones. The classes here
take their methods from functions that are compiled already. What they do is what
:func:`dataclasses.dataclass` makes of a class (frozen, with slots and keyword-only), and
``tests/laws/test_lean.py`` holds the two beside each other. What the standard library does with
data classes (:func:`dataclasses.replace`, :func:`dataclasses.fields`) it does with these too.

A regular expression is compiled by a program in Python, which takes as long as importing a module.
Those of :func:`pattern` are compiled when they are used for the first time, and the functions of
:func:`later` are imported when one of them is called for the first time.
"""

import gc
from contextlib import contextmanager
from importlib import import_module
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from dataclasses import field, replace

__all__ = [
    "field",
    "field_defaults",
    "field_names",
    "frozen",
    "is_frozen",
    "later",
    "pattern",
    "replace",
    "uncollected",
]

_T = TypeVar("_T")
_ABSENT: Any = object()
"""Stands for a default that is not given; ``None`` is one."""


class _LeanField:
    """One field of a frozen class, as :func:`dataclasses.field` describes it."""

    __slots__ = ("compare", "default", "factory", "init", "name", "repr", "type")

    def __init__(
        self,
        *,
        default: object = _ABSENT,
        default_factory: Any = None,  # noqa: ANN401  # a callable without arguments
        init: bool = True,
        repr: bool = True,  # noqa: A002  # the words of dataclasses.field
        compare: bool = True,
    ) -> None:
        self.default = default
        self.factory = default_factory
        self.init, self.repr, self.compare = init, repr, compare
        self.name = ""
        self.type: Any = None


if not TYPE_CHECKING:
    field = _LeanField

    def replace(value, /, **changes):  # noqa: ANN001, ANN003, ANN201
        """Return a frozen value with some fields changed, as :func:`dataclasses.replace` does."""
        for one in value.__lean_fields__.values():
            if not one.init:
                if one.name in changes:
                    raise ValueError(f"field {one.name} is declared with init=False")
            elif one.name not in changes:
                changes[one.name] = getattr(value, one.name)
        return type(value)(**changes)


class _WhenAsked:
    """An attribute of a class that is worked out when somebody asks for it."""

    __slots__ = ("_made", "_make", "_of")

    def __init__(self, make: "Callable[[Any], object]", of: object) -> None:
        self._make, self._of = make, of
        self._made: object = None

    def __get__(self, instance: object, owner: type) -> object:
        if self._made is None:
            self._made = self._make(self._of)
        return self._made


def later(place: dict[str, Any], module: str, names: str) -> "tuple[Callable[..., Any], ...]":
    """Return what stands for functions of another module, which is imported when one is called.

    For functions that few runs need, in the ``else`` of the ``if TYPE_CHECKING`` that imports them:
    ``one, another = later(globals(), "module", "one another")``. The first call puts the functions
    themselves in their places, so that later ones cost nothing.

    Args:
        place: The ``globals()`` of the module that calls them.
        module: The full name of the module that has them.
        names: What they are called, with blanks between.
    """
    stands: dict[str, Any] = {}

    def bring(name: str) -> "Callable[..., Any]":
        found = import_module(module)
        for one, stand in stands.items():
            if place.get(one) is stand:
                place[one] = getattr(found, one)
        function: Callable[..., Any] = getattr(found, name)
        return function

    def stand_for(name: str) -> "Callable[..., Any]":
        def call(*given: Any, **named: Any) -> Any:  # noqa: ANN401  # whatever the function takes
            return bring(name)(*given, **named)

        return call

    stands.update((name, stand_for(name)) for name in names.split())
    return tuple(stands.values())


_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")


class _Pattern:
    """A regular expression that is compiled when one of its methods is asked for.

    They are put into slots then, so that later uses cost what they do with a compiled one.
    """

    __slots__ = ("_flags", "pattern", *_METHODS)

    def __init__(self, text: str, flags: int) -> None:
        self.pattern = text
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        import re

        compiled = re.compile(self.pattern, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def pattern(text: str, flags: int = 0) -> "re.Pattern[str]":
    r"""Return what is used as a compiled regular expression is, and is compiled when it is used.

    Args:
        text: The expression.
        flags: Those of :mod:`re`.

    >>> pattern(r"(\d+)-(\d+)").fullmatch("10-20").groups()
    ('10', '20')
    """
    made: Any = _Pattern(text, flags)
    return made  # type: ignore[no-any-return]


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[_T]) -> type[_T]:
    """Return the class made a data class: frozen, with slots, all arguments by keyword.

    As with :func:`dataclasses.dataclass` the class is made anew, fields of frozen base classes come
    first, ``__post_init__`` is called, and a ``__repr__`` or ``__hash__`` of its own is kept.
    Class variables and ``super()`` without arguments are not understood.

    >>> @frozen
    ... class Place:
    ...     file: str
    ...     line: int = 1
    >>> replace(Place(file="a.toml"), line=2)
    Place(file='a.toml', line=2)
    """
    namespace = dict(cls.__dict__)
    fields: dict[str, _LeanField] = {}
    for base in reversed(cls.__mro__[1:]):
        fields.update(base.__dict__.get("__lean_fields__", ()))
    inherited = frozenset(fields)
    for name, kind in cls.__annotations__.items():
        default = namespace.pop(name, _ABSENT)
        one = default if isinstance(default, _LeanField) else _LeanField(default=default)
        if one.default.__hash__ is None:
            raise ValueError(f"mutable default {type(one.default)} for field {name}")
        one.name, one.type = name, kind
        fields[name] = one
    namespace.pop("__dict__", None)
    namespace.pop("__weakref__", None)
    namespace["__slots__"] = tuple(name for name in fields if name not in inherited)
    namespace["__lean_fields__"] = fields
    namespace["__match_args__"] = ()
    namespace["__setattr__"] = _refuse_change
    namespace["__delattr__"] = _refuse_change
    namespace["__getstate__"] = _get_state
    namespace["__setstate__"] = _set_state
    compared = _compared(fields)
    for name, method in compared.items():
        namespace.setdefault(name, method)
    if namespace["__hash__"] is None:
        # A class body with a method of equality says so of itself, and means nothing by it.
        namespace["__hash__"] = compared["__hash__"]
    metaclass: Any = type(cls)
    made: Any = metaclass(cls.__name__, cls.__bases__, namespace)
    made.__qualname__ = cls.__qualname__
    made.__init__ = _initializer(made, tuple(fields.values()))
    # The standard library looks at these; whoever only makes values never imports it.
    made.__dataclass_fields__ = _WhenAsked(_standard_fields, made)
    made.__dataclass_params__ = _WhenAsked(_standard_parameters, made)
    made.__signature__ = _WhenAsked(_standard_signature, made)
    return made  # type: ignore[no-any-return]


def is_frozen(value: object) -> bool:
    """Tell whether a value is of a frozen class."""
    return hasattr(value, "__lean_fields__")


def field_names(cls: type) -> tuple[str, ...]:
    """Return the names of the fields of a frozen class, those of its bases first."""
    found: dict[str, _LeanField] = cls.__lean_fields__  # type: ignore[attr-defined]
    return tuple(found)


def field_defaults(cls: type) -> dict[str, Any]:
    """Return the default of each field of a frozen class that has one, by name."""
    found: dict[str, _LeanField] = cls.__lean_fields__  # type: ignore[attr-defined]
    return {name: one.default for name, one in found.items() if one.default is not _ABSENT}


def _initializer(made: type, fields: tuple[_LeanField, ...]) -> "Callable[..., None]":
    """Return ``__init__``; the values are put into the slots past the refusal to change them."""
    taken = [one for one in fields if one.init]
    names = tuple(one.name for one in taken)
    count = len(names)
    pick = _getter(names, itemgetter)
    defaults = {one.name: one.default for one in taken if one.default is not _ABSENT}
    factories = tuple((one.name, one.factory) for one in taken if one.factory is not None)
    put_each = tuple(getattr(made, name).__set__ for name in names)
    untaken = tuple(
        (getattr(made, one.name).__set__, one.default) for one in fields if not one.init
    )
    finish = getattr(made, "__post_init__", None)

    def __init__(self: object, **given: Any) -> None:  # noqa: ANN401, N807  # it becomes the method
        if factories:
            for name, factory in factories:
                if name not in given:
                    given[name] = factory()
        values = given if len(given) == count else {**defaults, **given}
        if len(values) != count:
            raise _unfit(type(self), names, values)
        try:
            chosen = pick(values)
        except KeyError:
            raise _unfit(type(self), names, values) from None
        for put, value in zip(put_each, chosen):  # noqa: B905  # as many by their making
            put(self, value)
        for put, value in untaken:
            put(self, value)
        if finish is not None:
            finish(self)

    return __init__


def _getter(names: tuple[str, ...], kind: Any) -> "Callable[[Any], tuple[Any, ...]]":  # noqa: ANN401
    """Return what gets things of these names as a tuple, also where there is one or none."""
    if not names:
        return _nothing
    get = kind(*names)
    return get if len(names) > 1 else lambda of: (get(of),)


def _nothing(_of: object) -> tuple[()]:
    return ()


def _unfit(cls: type, names: tuple[str, ...], values: "Mapping[str, object]") -> TypeError:
    odd = [name for name in values if name not in names]
    if odd:
        return TypeError(f"{cls.__name__}() got an unexpected keyword argument '{odd[0]}'")
    missing = ", ".join(f"'{name}'" for name in names if name not in values)
    return TypeError(f"{cls.__name__}() missing required keyword-only arguments: {missing}")


def _compared(fields: "Mapping[str, _LeanField]") -> "dict[str, Callable[..., Any]]":
    """Return the methods that look at the values of the fields."""
    key = _getter(tuple(one.name for one in fields.values() if one.compare), attrgetter)
    shown = tuple(one.name for one in fields.values() if one.repr)

    def __eq__(self: object, other: object) -> bool:  # noqa: N807
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(key(self))

    def __repr__(self: object) -> str:  # noqa: N807
        inner = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__qualname__}({inner})"

    return {"__eq__": __eq__, "__hash__": __hash__, "__repr__": __repr__}


def _refuse_change(_self: object, name: str, *_value: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot {'assign to' if _value else 'delete'} field {name!r}")


def _get_state(self: Any) -> list[object]:  # noqa: ANN401
    return [getattr(self, name) for name in self.__lean_fields__]


def _set_state(self: Any, state: "Iterable[object]") -> None:  # noqa: ANN401
    for name, value in zip(self.__lean_fields__, state, strict=True):
        object.__setattr__(self, name, value)


def _standard_fields(made: type) -> object:
    return _twin(made).__dataclass_fields__


def _standard_parameters(made: type) -> object:
    return _twin(made).__dataclass_params__


def _twin(made: Any) -> Any:  # noqa: ANN401
    """Return a data class of the standard library with the same fields."""
    import dataclasses

    described = [
        (
            one.name,
            one.type,
            dataclasses.field(
                init=one.init,
                repr=one.repr,
                compare=one.compare,
                **({} if one.default is _ABSENT else {"default": one.default}),
                **({} if one.factory is None else {"default_factory": one.factory}),
            ),
        )
        for one in made.__lean_fields__.values()
    ]
    return dataclasses.make_dataclass(made.__name__, described, frozen=True, kw_only=True)


def _standard_signature(made: Any) -> object:  # noqa: ANN401
    from inspect import Parameter, Signature

    return Signature(
        [
            Parameter(
                one.name,
                Parameter.KEYWORD_ONLY,
                annotation=one.type,
                default=Parameter.empty
                if one.default is _ABSENT and one.factory is None
                else one.default,
            )
            for one in made.__lean_fields__.values()
            if one.init
        ]
    )


_MANY = 20_000


@contextmanager
def uncollected() -> "Iterator[None]":
    """Pause the cyclic garbage collector of this process.

    Configurations and findings are very many small values without a cycle among them; the collector
    would walk over all of them again and again. Afterwards they count as old ones, or the first
    search of the young ones would walk over them once more.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            # Where few were made neither is worth it: counting what is frozen walks over all of it.
            if gc.get_count()[0] > _MANY and not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
