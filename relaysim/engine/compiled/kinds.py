"""Kinds of question: whole questions but for their client, looked up at once while they are few.

One look-up by everything that a question says, in place of one by each of its texts, is twice as
fast where questions repeat, and nothing but more work where each is worded in its own way.
"""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from relaysim.engine.compiled.memo import Memo, Room
from relaysim.engine.compiled.question import Question

__all__ = ["Kinds", "kind_of"]

V = TypeVar("V")

kind_of = slice(1, None)
"""All of a question but its client."""
_SAMPLE = 1024
_LONGEST_PAUSE = 64
_PREPARED = 80
"""Bytes of what is prepared for a kind, about."""


class Kinds(Generic[V]):
    """What is prepared for each kind of question, and whether it is worth while to look there.

    Questions come in runs. Kinds are few while no more than a quarter of a run is of new ones; when
    more is, one run is left out before a sample is looked at again, then two, four, up to 64.

    Args:
        make: Prepares for questions with these fields after their address.
        room: Where the bytes come from.

    Attributes:
        prepared: What is prepared, by kind.
    """

    def __init__(self, make: Callable[[tuple[Any, ...]], V], room: Room) -> None:
        self.prepared: Memo[Any, V] = Memo(make, room, weight=_PREPARED)
        self._are_few = False
        self._pause = self._left = 0
        room.join(self.prepared.clear)

    def are_few_in(self, run: Sequence[Question]) -> bool:
        """Tell whether a run of questions should be looked up by kind.

        Raises:
            TypeError: A question cannot be looked up.
        """
        if self._left:
            self._left -= 1
            return False
        if not self._are_few:
            sample = run[:_SAMPLE]
            kinds = {question[kind_of] for question in sample}
            self.note(new=len(kinds), of=len(sample))
        return self._are_few

    def note(self, *, new: int, of: int) -> None:
        """Take note of how many questions of a run were of new kinds."""
        self._are_few = new * 4 <= of
        if self._are_few:
            self._pause = 0
        else:
            self._pause = self._left = min(self._pause * 2 or 1, _LONGEST_PAUSE)
            self.prepared.clear()
