"""Stages of a pipeline some of whose streams go elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from relaysim.powershell.interpreter.contract import PipelineStage
from relaysim.powershell.interpreter.failing.failures import ShellError, StopUpstream

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.values.value import Value

__all__ = ["BegunStage", "MutedStage"]


class BegunStage(PipelineStage, Protocol):
    """A command whose arguments are bound and which has not begun."""

    def begin(self) -> None:
        """Begin: from here on its streams are redirected."""


class _EndedStage:
    """What stands in a pipeline for a command that failed before it began."""

    def begin(self) -> None:
        """Begin."""

    def process(self, item: Value) -> None:
        """Take one object."""

    def finish(self) -> None:
        """Take the end of the input."""


def _drop(value: Value) -> None:
    """Take what goes nowhere."""
    del value


class MutedStage:
    """A stage some of whose streams go to ``$null`` or into the output."""

    def __init__(
        self,
        machine: Machine,
        stage: BegunStage,
        silenced: tuple[str, ...],
        merged: tuple[str, ...],
        emit: Callable[[Value], None],
    ) -> None:
        self._machine = machine
        self._stage: BegunStage = stage
        self._silenced = silenced
        self._merged = merged
        self._emit = emit

    def begin(self) -> None:
        """Begin; what ends it with an error that is merged takes no objects."""
        stage, self._stage = self._stage, _EndedStage()

        def begun() -> None:
            stage.begin()
            self._stage = stage

        self._redirected(begun)

    def process(self, item: Value) -> None:
        """Take one object."""
        self._redirected(lambda: self._stage.process(item))

    def finish(self) -> None:
        """Take the end of the input."""
        self._redirected(self._stage.finish)

    def abandon(self) -> None:
        """Take that the pipeline ended early."""
        keep = getattr(self._stage, "abandon", None)
        if keep is not None:
            self._redirected(keep)

    def _redirected(self, action: Callable[[], None]) -> None:
        machine = self._machine
        if self._silenced:
            # What is silenced here is not merged by what stands around it.
            machine.redirected.append((self._silenced, _drop))
        if self._merged:
            machine.redirected.append((self._merged, self._emit))
        try:
            action()
        except StopUpstream as stop:
            stop.stage = self if stop.stage is self._stage else stop.stage
            raise
        except ShellError as error:
            error.stage = self if error.stage is self._stage else error.stage
            if error.fatal or machine.tries or not self._merged:
                raise
            machine.report(error.record)
        finally:
            if self._silenced:
                machine.redirected.pop()
            if self._merged:
                machine.redirected.pop()
