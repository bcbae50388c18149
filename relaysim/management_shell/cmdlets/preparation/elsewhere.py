"""The other servers of the configuration as machines that a script's block is sent to."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from relaysim.lean import replace
from relaysim.management_shell.environment import environment_of, surroundings_of
from relaysim.management_shell.state import state_of
from relaysim.powershell.cmdlets.host.calling import InvokeCommand

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from relaysim.powershell.interpreter.context import Context

__all__ = ["ELSEWHERE_CMDLETS", "server_called", "visit_server"]

_SELF = frozenset({"localhost", ".", "127.0.0.1", "::1"})


def server_called(context: Context, name: str) -> str | None:
    """Return the server that a name or an address of a machine means, ``None`` for another one."""
    folded = name.strip().casefold()
    state = state_of(context)
    if folded in _SELF:
        return state.local.server
    for view in state.organization.one_by_one():
        names = {view.server.casefold(), view.full_name.casefold()}
        names |= {str(address) for address in view.only.addresses}
        if folded in names:
            return view.server
    return None


def visit_server(context: Context, computer: str) -> AbstractContextManager[str] | None:
    """Return what lets a run be on another server for a while, ``None`` for no server here."""
    server = server_called(context, computer)
    return None if server is None else _moved(context, server)


@contextmanager
def _moved(context: Context, server: str) -> Iterator[str]:
    """Let commands and the script's surroundings be those of another server."""
    machine = context.machine
    before = machine.surroundings, machine.environment, state_of(context).home
    view = state_of(context).organization.on(server)
    there = surroundings_of(view)
    machine.surroundings = replace(
        machine.surroundings,
        computer=there.computer,
        domain=there.domain,
        version=there.version,
        programs=there.programs,
    )
    machine.environment = {name.casefold(): value for name, value in environment_of(view).items()}
    context.state = state_of(context)._replace(home=server)
    try:
        yield server
    finally:
        machine.surroundings, machine.environment, home = before
        context.state = state_of(context)._replace(home=home)


ELSEWHERE_CMDLETS = (InvokeCommand(visit_server),)
"""``Invoke-Command`` that finds the servers of the configuration."""
