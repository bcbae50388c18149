"""What a run may use: steps, seconds, memory, and how often one error may come."""

from __future__ import annotations

import os
import time

from relaysim.lean import frozen
from relaysim.powershell.interpreter.failing.failures import LimitReached

__all__ = ["MAX_MEMORY", "MAX_SECONDS", "MAX_STEPS", "Budget", "Limits"]

MAX_STEPS = 2_000_000
"""How many steps a run may take before it is ended; a step is roughly a microsecond."""
MAX_SECONDS = 5.0
"""How long a run may take."""
MAX_MEMORY = 300
"""How many megabytes a run may add to the memory of the process."""
MAX_EQUAL_ERRORS = 100

_EVERY = 0x1FF
"""How many charges pass between two looks at the clock and the memory."""
_STATM = "/proc/self/statm"


@frozen
class Limits:
    """The bounds of a run.

    Attributes:
        steps: Steps, a step is roughly a microsecond.
        seconds: Seconds of the clock.
        megabytes: Growth of the memory of the process.
    """

    steps: int = MAX_STEPS
    seconds: float = MAX_SECONDS
    megabytes: int = MAX_MEMORY


def _resident() -> int:
    """Return the memory of the process in bytes, 0 where the system does not tell."""
    try:
        with open(_STATM, "rb") as told:  # noqa: PTH123  # pathlib costs a start more than this
            return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0


class Budget:
    """Charges a run and ends it when a bound is reached."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.begin()

    def begin(self) -> None:
        """Give the whole budget to a script that begins."""
        self.steps = 0
        self._charges = 0
        self._until = time.monotonic() + self.limits.seconds
        self._memory = _resident()
        self._equal: dict[tuple[str, str], int] = {}

    def spend(self, count: int) -> None:
        """Charge steps; end the run when a bound is reached."""
        self.steps += count
        self._charges += 1
        if self.steps > self.limits.steps:
            raise LimitReached(
                f"the script took more than {self.limits.steps} steps",
                hint="look for a loop that does not end",
            )
        if self._charges & _EVERY == 0:
            self._look()

    def _look(self) -> None:
        if time.monotonic() > self._until:
            raise LimitReached(
                f"the script ran longer than {self.limits.seconds:g} seconds",
                hint="look for a loop that does not end, or raise `--max-seconds`",
            )
        grown = (_resident() - self._memory) >> 20
        if grown > self.limits.megabytes:
            raise LimitReached(
                f"the script took more than {self.limits.megabytes} megabytes of memory",
                hint="look for a list or text that grows without end, or raise `--max-memory`",
            )

    def count_error(self, error_id: str, message: str) -> None:
        """Count an error that nobody caught; end the run at the hundredth equal one."""
        key = (error_id, message)
        self._equal[key] = self._equal.get(key, 0) + 1
        if self._equal[key] >= MAX_EQUAL_ERRORS:
            self._equal[key] = 0
            raise LimitReached(
                f"the same error came {MAX_EQUAL_ERRORS} times, the script is ended: {message}",
                hint="look for a loop that goes on after the error",
            )
