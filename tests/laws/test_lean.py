"""A lean class is a data class in everything but the cost of its definition."""

import copy
import dataclasses
import inspect
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relaysim import lean

STANDARD = dataclasses.dataclass(frozen=True, slots=True, kw_only=True)


def family(decorate, field):
    """Return a class and a class above it, made by one of the two ways."""

    @decorate
    class Shape:
        name: str
        sides: tuple[int, ...] = ()
        notes: list[str] = field(default_factory=list, compare=False)
        _area: int | None = field(default=None, init=False, repr=False, compare=False)

        def __post_init__(self):
            if self.name == "odd":
                object.__setattr__(self, "name", "even")

        @property
        def count(self):
            return len(self.sides)

    @decorate
    class Named(Shape):
        __qualname__ = "Named"
        sides: tuple[int, ...] = (1, 2)
        hidden: int = field(default=3, repr=False)

        def __hash__(self):
            return 7

    return Shape, Named


LEAN = family(lean.frozen, lean.field)
PLAIN = family(STANDARD, dataclasses.field)


@lean.frozen
class One:
    only: float


@lean.frozen
class Empty:
    """Has no field at all."""


def outcome(what):
    """Return what a call comes to, told without the name of the function it went through."""
    try:
        made = what()
    except (TypeError, ValueError, AttributeError) as error:
        return type(error)
    return repr(made).rpartition("<locals>.")[2], made


names = st.sampled_from(["odd", "even", "square"])
sides = st.lists(st.integers(0, 2), max_size=2).map(tuple)
arguments = st.dictionaries(
    st.sampled_from(["name", "sides", "notes", "hidden", "_area", "unheard_of"]),
    st.just(()),
).flatmap(
    lambda chosen: st.fixed_dictionaries(
        {
            key: {"name": names, "sides": sides, "notes": st.just(["n"])}.get(
                key, st.integers(0, 1)
            )
            for key in chosen
        }
    )
)


@given(arguments, arguments, st.sampled_from([0, 1]))
def test_a_lean_class_takes_and_tells_what_a_data_class_does(first, second, which):
    results = []
    for cls in (LEAN[which], PLAIN[which]):
        made = [outcome(lambda given=each, cls=cls: cls(**given)) for each in (first, second)]
        shown = [each if isinstance(each, type) else each[0] for each in made]
        values = [each[1] for each in made if not isinstance(each, type)]
        told = [(value.count, value.name, value.sides, value.notes) for value in values]
        pairs = [(a == b, a != b) for a in values for b in values]
        same = [hash(a) == hash(b) for a in values for b in values]
        changed = [
            result if isinstance(result, type) else result[0]
            for value in values
            for replace in (lean.replace if cls in LEAN else dataclasses.replace,)
            for result in (outcome(lambda: replace(value, **second)),)  # noqa: B023
        ]
        results.append((shown, told, pairs, same, changed))
    assert results[0] == results[1]


@pytest.mark.parametrize("which", [0, 1])
def test_the_standard_library_takes_a_lean_class_for_a_data_class(which):
    ours: Any = LEAN[which]
    plain: Any = PLAIN[which]
    assert dataclasses.is_dataclass(LEAN[which])
    described = [
        [(f.name, f.type, f.default, f.default_factory, f.init, f.compare, f.repr) for f in fields]
        for fields in (dataclasses.fields(ours), dataclasses.fields(plain))
    ]
    assert described[0] == described[1]
    assert lean.field_defaults(ours).keys() == set(lean.field_names(ours)) - {"name", "notes"}
    assert lean.field_names(ours) == tuple(f.name for f in dataclasses.fields(plain))
    value, twin = ours(name="a", sides=(4,)), plain(name="a", sides=(4,))
    assert dataclasses.asdict(value) == dataclasses.asdict(twin)
    assert dataclasses.replace(value, name="b") == lean.replace(value, name="b")
    mine, theirs = (inspect.signature(cls).parameters for cls in (ours, plain))
    assert list(mine) == list(theirs)
    assert [p.kind for p in mine.values()] == [p.kind for p in theirs.values()]
    assert ours.__match_args__ == plain.__match_args__
    assert ours.__slots__ == plain.__slots__
    assert not hasattr(value, "__dict__")


def test_a_lean_value_cannot_be_changed():
    value: Any = One(only=1.0)
    for change in (lambda: setattr(value, "only", 2.0), lambda: delattr(value, "only")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            change()
    with pytest.raises(AttributeError):
        value.other = 1
    with pytest.raises(TypeError):
        One(1.0)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="mutable default"):
        lean.frozen(type("Bad", (), {"__annotations__": {"one": list}, "one": []}))


@pytest.mark.parametrize("value", [One(only=0.5), Empty(), One(only=float("nan"))])
def test_a_lean_value_is_copied_and_sent_whole(value):
    assert copy.copy(value) == value
    assert copy.deepcopy(value) == value
    sent = pickle.loads(pickle.dumps(value))  # noqa: S301  # our own bytes
    assert repr(sent) == repr(value)
    assert hash(value) == hash(copy.copy(value))
    assert value != ()


def test_a_data_class_may_stand_below_a_lean_one():
    @dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
    class Below(One):
        more: int = 2

    value = Below(only=1.0)
    assert dataclasses.replace(value, more=3) == Below(only=1.0, more=3)
