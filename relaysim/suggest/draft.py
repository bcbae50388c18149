"""A plan before it was tried: commands, the way back, and what to know of it."""

from typing import NamedTuple

from relaysim.analysis.findings.finding import ShellCommand
from relaysim.model.organization import Organization
from relaysim.model.principals import Principal

__all__ = ["Draft", "Pipeline", "Pipelines", "entry_pipelines", "identity_of", "set_pipelines"]

Pipeline = tuple[ShellCommand, ...]
Pipelines = tuple[Pipeline, ...]


class Draft(NamedTuple):
    """A plan that was not tried yet.

    Attributes:
        title: What is done, one line.
        pipelines: The commands.
        rollback: The commands that undo them.
        remark: What to know before choosing it, or empty.
        is_last: Whether it is offered only because nothing else can be done.
        is_exclusive: Whether it is kept only where it gives nothing to others.
    """

    title: str
    pipelines: Pipelines
    rollback: Pipelines
    remark: str = ""
    is_last: bool = False
    is_exclusive: bool = False


def identity_of(organization: Organization, name: str) -> str:
    r"""Return ``SERVER\\Name``, as the shell names a connector."""
    return f"{organization.server}\\{name}"


def set_pipelines(identity: str, setting: tuple[str, tuple[str, ...] | bool]) -> Pipelines:
    """Return what gives a property of a connector its value."""
    return ((ShellCommand("Set-ReceiveConnector", (("Identity", identity), setting)),),)


def entry_pipelines(
    identity: str, principal: Principal, rights: str | tuple[str, ...]
) -> tuple[Pipeline, Pipeline]:
    """Return what adds extended rights of a principal to a connector, and what removes them."""
    get = ShellCommand("Get-ReceiveConnector", (("Identity", identity),))
    # A well-known SID is the same in every language of Windows.
    entry = (("User", principal.sid or principal.name), ("ExtendedRights", rights))
    remove = ShellCommand("Remove-ADPermission", (*entry, ("Confirm:$false", None)))
    return (get, ShellCommand("Add-ADPermission", entry)), (get, remove)
