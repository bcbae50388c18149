"""Random values of the same generators without Hypothesis's bookkeeping, for very long runs.

Hypothesis keeps every choice to shrink and mutate it later, which costs ten times what the thing
under test does. A long run only needs the value, and the number that makes it again.
"""

import functools
import random
from collections.abc import Callable
from typing import Any

from hypothesis.strategies import SearchStrategy

__all__ = ["sample"]

_LONGEST = 5
"""Most items of a list without a limit."""


def sample(strategy: SearchStrategy[Any], seed: int) -> Any:
    """Return the value of a strategy that a number stands for.

    Raises:
        TypeError: The strategy is of a kind that no generator here is made of.
    """
    return _drawn(strategy, random.Random(seed))  # noqa: S311  # nothing secret


def _drawn(strategy: Any, dice: random.Random) -> Any:
    draw, wrapped = _how(strategy)
    return draw(wrapped, dice)


@functools.lru_cache(maxsize=8192)
def _how(strategy: Any) -> tuple[Callable[[Any, random.Random], Any], Any]:
    """Return what draws from a strategy, and the strategy without its wrapping."""
    strategy = getattr(strategy, "wrapped_strategy", strategy)
    kind = type(strategy).__name__
    if kind not in _KINDS:
        raise TypeError(f"nothing here draws from {kind}")
    return _KINDS[kind], strategy


def _composite(strategy: Any, dice: random.Random) -> Any:
    return strategy.definition(lambda inner: _drawn(inner, dice), *strategy.args, **strategy.kwargs)


def _length(strategy: Any, dice: random.Random) -> int:
    most = min(strategy.max_size, strategy.min_size + _LONGEST)
    return dice.randint(strategy.min_size, int(most))


def _list(strategy: Any, dice: random.Random) -> list[Any]:
    return [_drawn(strategy.element_strategy, dice) for _ in range(_length(strategy, dice))]


def _unique_list(strategy: Any, dice: random.Random) -> list[Any]:
    found: dict[Any, Any] = {}
    wanted, tries = _length(strategy, dice), 0
    while len(found) < wanted and tries < 100:  # few values may be all there are
        value = _drawn(strategy.element_strategy, dice)
        found.setdefault(tuple(key(value) for key in strategy.keys), value)
        tries += 1
    return list(found.values())


_KINDS: dict[str, Callable[[Any, random.Random], Any]] = {
    "BooleansStrategy": lambda _, dice: dice.random() < 0.5,  # a coin
    "SampledFromStrategy": lambda strategy, dice: dice.choice(strategy.elements),
    "JustStrategy": lambda strategy, _: strategy.elements[0],
    "IntegersStrategy": lambda strategy, dice: dice.randint(strategy.start, strategy.end),
    "OneOfStrategy": lambda one, dice: _drawn(dice.choice(one.element_strategies), dice),
    "TupleStrategy": lambda each, dice: tuple(_drawn(s, dice) for s in each.element_strategies),
    "CompositeStrategy": _composite,
    "ListStrategy": _list,
    "UniqueListStrategy": _unique_list,
    "UniqueSampledListStrategy": _unique_list,
}
