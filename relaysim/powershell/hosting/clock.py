"""The clock of a run: the time that was given, and what the script slept since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.failing.failures import LimitReached
from relaysim.powershell.values.net_time import datetime_object, timespan_object
from relaysim.powershell.values.value import ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from relaysim.powershell.interpreter.machine import Machine

__all__ = ["local_time", "stopwatch", "universal_time"]


def _given(machine: Machine) -> datetime:
    now = machine.surroundings.now
    if now is None:
        raise LimitReached(
            "the script asks the clock, which would give another answer in every run",
            id="ClockWithoutTime",
            hint="`--now` gives the time",
        )
    return now + timedelta(seconds=machine.slept)


def local_time(machine: Machine) -> datetime:
    """Return the time of the machine's clock, without a zone.

    Raises:
        LimitReached: Nobody said what time it is.
    """
    return _given(machine).replace(tzinfo=None)


def universal_time(machine: Machine) -> datetime:
    """Return the time in UTC; a time that was given without a zone is taken for it."""
    now = _given(machine)
    return (now if now.tzinfo is None else now.astimezone(UTC)).replace(tzinfo=None)


def dated(machine: Machine, *, universal: bool = False, whole_day: bool = False) -> ShellObject:
    """Return the time as a ``DateTime``."""
    now = universal_time(machine) if universal else local_time(machine)
    if whole_day:
        now = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return datetime_object(now, kind="Utc" if universal else "Local")


def stopwatch(machine: Machine, *, running: bool = True) -> ShellObject:
    """Return a ``Stopwatch``: only the time that a script sleeps passes."""
    state = {"begin": machine.slept, "kept": 0.0}
    watch = ShellObject(type_=_watch_type(machine, state))
    watch.put("IsRunning", running)
    _update(machine, watch, state)
    machine.watches.append(lambda: _update(machine, watch, state))
    return watch


def _seconds(machine: Machine, watch: ShellObject, state: dict[str, float]) -> float:
    running = machine.slept - state["begin"] if watch.get("IsRunning") is True else 0.0
    return state["kept"] + running


def _update(machine: Machine, watch: ShellObject, state: dict[str, float]) -> None:
    seconds = _seconds(machine, watch, state)
    watch.put("Elapsed", timespan_object(round(seconds * 10_000_000)))
    watch.put("ElapsedMilliseconds", round(seconds * 1000))
    watch.put("ElapsedTicks", round(seconds * 10_000_000))


def _watch_type(machine: Machine, state: dict[str, float]) -> ObjectType:
    def start(watch: ShellObject) -> Value:
        if watch.get("IsRunning") is not True:
            state["begin"] = machine.slept
            watch.put("IsRunning", True)  # noqa: FBT003 - the value of a property
        return None

    def stop(watch: ShellObject) -> Value:
        state["kept"] = _seconds(machine, watch, state)
        watch.put("IsRunning", False)  # noqa: FBT003 - the value of a property
        _update(machine, watch, state)
        return None

    def reset(watch: ShellObject) -> Value:
        watch.put("IsRunning", False)  # noqa: FBT003 - the value of a property
        state["kept"] = 0.0
        _update(machine, watch, state)
        return None

    def restart(watch: ShellObject) -> Value:
        reset(watch)
        return start(watch)

    return ObjectType(
        name="System.Diagnostics.Stopwatch",
        methods={"start": start, "stop": stop, "reset": reset, "restart": restart},
    )
