"""What a fuzzed parser is held to: a named error or an answer, soon, and without growing.

Every input is looked at by the clock of the process (two seconds) and by what the process has
grown since the run began (300 MB). In a long run an input that does not end is ended after ten
seconds, and named like any other.
"""

import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from relaysim.errors import RelaysimError
from tests.fuzz.damage import LONG, MOST_SECONDS, SEED, damaged

__all__ = ["MEGABYTES", "SECONDS", "Watched", "watch"]

SECONDS = 2
MEGABYTES = 300
_HANGS = 10


class Watched:
    """What was measured of a parser.

    Attributes:
        inputs: How many inputs it was given.
        answered: How many of them it read.
        slowest: Seconds of the slowest.
        grown: Megabytes by which the process has grown.
    """

    def __init__(self) -> None:
        self.inputs = self.answered = 0
        self.slowest = 0.0
        self.grown = 0

    def words(self, parser: str) -> str:
        """Return the figures as one line."""
        return (
            f"{parser}: {self.inputs:,} inputs, {self.answered:,} read, slowest "
            f"{self.slowest:.3f} s, {self.grown} MB more"
        )


def watch(
    parser: str,
    corpus: list[bytes],
    read: Callable[[bytes], Any],
    rounds: int,
    *,
    together: int = 1,
) -> Watched:
    """Give a parser damaged inputs; fail at the first that it does not bear.

    Args:
        parser: Its name, which with the seed decides the inputs.
        corpus: The inputs that are damaged.
        read: Reads one.
        rounds: How many.
        together: How many of them, each damaged by itself, are lines of one input: where the way to
            the parser takes longer than the parser.
    """
    chance = random.Random(f"{parser} {SEED}")  # noqa: S311
    found = Watched()
    before, end = _resident(), time.monotonic() + MOST_SECONDS
    for number in range(0, rounds, together):
        data = b"\n".join(damaged(chance.choice(corpus), chance) for _ in range(together))
        what = f"{parser}: input {number}"
        begun = time.process_time()
        try:
            with _ended_after(_HANGS):
                read(data)
            found.answered += 1
        except RelaysimError:
            pass
        except Exception as error:  # noqa: BLE001  # whatever it is, it is found here
            pytest.fail(f"{what} raised {error!r}: {data!r}")
        found.inputs += together
        found.slowest = max(found.slowest, time.process_time() - begun)
        found.grown = max(found.grown, _resident() - before)
        assert not LONG or found.slowest < SECONDS, f"{what} took {found.slowest:.1f} s: {data!r}"
        assert found.grown < MEGABYTES, f"{what}: {found.grown} MB more: {data!r}"
        if LONG and time.monotonic() > end:
            break
    if LONG:
        print(found.words(parser))  # `-rP` shows it
    return found


class _HangsError(Exception):
    """An input does not end."""


@contextmanager
def _ended_after(seconds: int) -> Iterator[None]:
    if not LONG or not hasattr(signal, "setitimer"):
        yield
        return

    def end(_number: int, _frame: object) -> None:
        raise _HangsError(f"no end after {seconds} s")

    former = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, former)


def _resident() -> int:
    """Return the most megabytes that this process has held, 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1 << 20 if sys.platform == "darwin" else 1 << 10)
