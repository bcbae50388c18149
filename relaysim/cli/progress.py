"""What shows on a terminal that work is going on, and nothing anywhere else.

Use it like this::

    with working("comparing"):
        comparison = compare(before, after)
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from relaysim.cli.notes import before_each_note, is_quiet

__all__ = ["bytes_bar", "shows_progress", "working"]

_WORTH_IT = 32 << 20
"""Bytes that take about a second."""
_PATIENCE = 1.0
"""Seconds after which somebody wonders."""
_TICK = 0.2
_SIGNS = "|/-\\"
"""Of ASCII, so that every console has them."""


def shows_progress() -> bool:
    """Tell whether standard error is a terminal that can be drawn on, and somebody wants it."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not is_quiet()


@contextmanager
def bytes_bar(total: int) -> Iterator[Callable[[int], None]]:
    """Show how much of ``total`` bytes is read, on a terminal's standard error.

    Yields:
        What is called with the bytes read since the last call.
    """
    if not shows_progress() or total < _WORTH_IT:
        yield lambda _count: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    columns = BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda count: progress.advance(task, count)


@contextmanager
def working(phase: str) -> Iterator[None]:
    """Say what is being done as soon as it takes a second; the line is gone at the end.

    Inside another one it names a part of that work.

    Args:
        phase: What is being done, in a word or two.
    """
    if not shows_progress():
        yield
        return
    running = _Spinner.running
    if running is not None:
        outer, running.phase = running.phase, phase
        try:
            yield
        finally:
            running.phase = outer
        return
    spinner = _Spinner.running = _Spinner(phase)
    try:
        yield
    finally:
        _Spinner.running = None
        spinner.stop()


class _Spinner:
    """A line on standard error that turns, drawn by a thread of its own."""

    running: "_Spinner | None" = None

    def __init__(self, phase: str) -> None:
        from threading import Event, Lock, Thread

        self.phase = phase
        self._drawn = 0
        self._lock = Lock()
        self._done = Event()
        before_each_note.append(self.erase)
        self._thread = Thread(target=self._turn, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and leave no trace of it."""
        self._done.set()
        self._thread.join()
        before_each_note.remove(self.erase)
        self.erase()

    def erase(self) -> None:
        """Make the line empty for what somebody else writes."""
        with self._lock:
            if self._drawn:
                sys.stderr.write(f"\r{' ' * self._drawn}\r")
                sys.stderr.flush()
                self._drawn = 0

    def _turn(self) -> None:
        begun = monotonic()
        pause, number = _PATIENCE, 0
        while not self._done.wait(pause):
            pause, number = _TICK, number + 1
            self._draw(_SIGNS[number % len(_SIGNS)], int(monotonic() - begun))

    def _draw(self, sign: str, seconds: int) -> None:
        import shutil

        from relaysim.errors import printable

        # The last column stays free: some consoles break the line there.
        room = shutil.get_terminal_size((80, 24)).columns - 1
        text = printable(f"{sign} {self.phase}, {seconds} s")[:room]
        with self._lock:
            if not self._done.is_set():
                sys.stderr.write(f"\r{text.ljust(self._drawn)}")
                sys.stderr.flush()
                self._drawn = len(text)
