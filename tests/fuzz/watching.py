"""What a fuzzed parser is held to: a named error or an answer, soon, and without growing.

Every input is looked at by the clock of the process (two seconds) and by what the process has
grown since the run began (300 MB). In a long run an input that does not end is ended after ten
seconds, and named like any other.
"""

import gc
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from relaysim.errors import RelaysimError
from tests.fuzz import record
from tests.fuzz.damage import LONG, MOST_SECONDS, RECORD, SEED, damaged
from tests.fuzz.record import Watched

__all__ = ["MEGABYTES", "SECONDS", "watch"]

SECONDS = 2
MEGABYTES = 300
_HANGS = 10


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
    if RECORD:
        former = record.held(RECORD).get((parser, SEED), Watched())
        if former.inputs >= rounds:
            pytest.skip(f"{former.inputs:,} inputs of seed {SEED} are in {RECORD}")
    with _ended_after(_HANGS) as begins:
        found = _watched(parser, corpus, read, rounds, together=together, begins=begins)
    if RECORD:
        record.add(RECORD, parser, SEED, found)
    if LONG:  # `-rP` shows it
        print(
            f"{parser}: {found.inputs:,} inputs, {found.answered:,} read, slowest "
            f"{found.slowest:.3f} s, {found.grown} MB more"
        )
    return found


def _watched(
    parser: str,
    corpus: list[bytes],
    read: Callable[[bytes], Any],
    rounds: int,
    *,
    together: int,
    begins: Callable[[], None],
) -> Watched:
    chance = random.Random(f"{parser} {SEED}")  # noqa: S311
    inputs = answered = grown = 0
    slowest = 0.0
    before, end = _resident(), time.monotonic() + MOST_SECONDS
    if LONG:  # what stands for the whole run need not be looked through again and again
        gc.freeze()
    for number in range(0, rounds, together):
        data = b"\n".join(damaged(chance.choice(corpus), chance) for _ in range(together))
        begins()
        begun = time.process_time()
        try:
            read(data)
            answered += together
        except RelaysimError:
            pass
        except Exception as error:  # noqa: BLE001  # whatever it is, it is found here
            pytest.fail(f"{parser}: input {number} raised {error!r}: {data!r}")
        took = time.process_time() - begun
        inputs += together
        slowest = max(slowest, took)
        grown = max(grown, _resident() - before)
        assert not LONG or took < SECONDS, f"{parser}: input {number}: {took:.1f} s: {data!r}"
        assert grown < MEGABYTES, f"{parser}: input {number}: {grown} MB more: {data!r}"
        if LONG and time.monotonic() > end:
            break
    return Watched(inputs, answered, slowest, grown)


class _HangsError(Exception):
    """An input does not end."""


@contextmanager
def _ended_after(seconds: int) -> Iterator[Callable[[], None]]:
    """Give what is called before each input, which is ended after so many seconds."""
    if not LONG or not hasattr(signal, "setitimer"):
        yield lambda: None
        return

    def end(_number: int, _frame: object) -> None:
        raise _HangsError(f"no end after {seconds} s")

    def begins() -> None:
        signal.setitimer(signal.ITIMER_PROF, seconds)

    former = signal.signal(signal.SIGPROF, end)
    try:
        yield begins
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
