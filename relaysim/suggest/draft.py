"""A plan before it was tried: commands, the way back, and what to know of it."""

from typing import NamedTuple

from relaysim.analysis.findings.finding import ShellCommand
from relaysim.model.organization import Organization

__all__ = ["Draft", "Pipelines", "identity_of"]

Pipelines = tuple[tuple[ShellCommand, ...], ...]


class Draft(NamedTuple):
    """A plan that was not tried yet.

    Attributes:
        title: What is done, one line.
        pipelines: The commands.
        rollback: The commands that undo them.
        remark: What to know before choosing it, or empty.
        is_last: Whether it is offered only because nothing else can be done.
    """

    title: str
    pipelines: Pipelines
    rollback: Pipelines
    remark: str = ""
    is_last: bool = False


def identity_of(organization: Organization, name: str) -> str:
    r"""Return ``SERVER\\Name``, as the shell names a connector."""
    return f"{organization.server}\\{name}"
