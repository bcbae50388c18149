"""Other processes that work beside this one, each at the other end of a connection."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from relaysim.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    Crew = list[Connection]

__all__ = ["left", "received", "sent", "started"]

_T = TypeVar("_T")


@contextmanager
def started(count: int, work: Callable[..., None], *given: object) -> Iterator[Crew]:
    """Start processes; yield a connection to each.

    They take a fifth of a second to begin: the sooner they are started the better. Ctrl-C does not
    reach them. They end when their connections close, and at once where an error leaves the block.

    Args:
        count: How many; with none nothing is started.
        work: A function of a module, called in each with its connection and what is given.
        given: What can be pickled, memory that all share among it.
    """
    if not count:
        yield []
        return
    from multiprocessing import get_context

    # The same on every system: what a process inherits by forking is a surprise sooner or later.
    context = get_context("spawn")
    crew: Crew = []
    processes = []
    try:
        with _interrupts_held():
            for _ in range(count):
                ours, theirs = context.Pipe()
                crew.append(ours)
                process = context.Process(target=work, args=(theirs, *given), daemon=True)
                process.start()
                processes.append(process)
                theirs.close()
        yield crew
    except BaseException:
        for process in processes:
            process.terminate()
        raise
    finally:
        for connection in crew:
            connection.close()
        for process in processes:
            process.join()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back: a process that begins meanwhile never gets it, this one a little later."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def left(connection: Connection) -> Iterator[None]:
    """In a process of the crew: what ends the block is told, and nothing where nobody waits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    except (EOFError, ConnectionError):
        # Nobody waits for the answer any more.
        pass
    except Exception as error:  # noqa: BLE001  # raised on the other side
        connection.send(error)


def sent(connection: Connection, message: object) -> None:
    """Send what can be pickled.

    Raises:
        InvalidInput: The process was stopped.
    """
    try:
        connection.send(message)
    except ConnectionError:
        raise _stopped() from None


def received(connection: Connection, kind: type[_T]) -> _T:
    """Return the next answer, which is of a kind.

    Raises:
        InvalidInput: The process was stopped.
        Exception: What ended its work.
    """
    try:
        answer = connection.recv()
    except (EOFError, ConnectionError):
        raise _stopped() from None
    if isinstance(answer, Exception):
        raise answer
    assert isinstance(answer, kind)  # noqa: S101  # the other side is the same program
    return answer


def _stopped() -> InvalidInput:
    return InvalidInput(
        "one of the processes of `--jobs` was stopped, by the system or by somebody",
        hint="with fewer of them less memory is needed",
    )
