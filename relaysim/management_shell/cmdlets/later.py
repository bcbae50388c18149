"""Commands that few scripts use: they are made when one of their names is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["later_commands"]


def later_commands() -> dict[str, Callable[[], Cmdlet]]:
    """Return what makes each of these commands, by its name or alias."""
    from relaysim.management_shell.cmdlets.neighbours.commands import neighbours
    from relaysim.management_shell.cmdlets.preparation.directory import DIRECTORY_CMDLETS
    from relaysim.management_shell.cmdlets.preparation.machine import MACHINE_CMDLETS
    from relaysim.management_shell.cmdlets.preparation.network import NETWORK_CMDLETS

    found: dict[str, Callable[[], Cmdlet]] = dict(neighbours())
    for cmdlet in (*DIRECTORY_CMDLETS, *MACHINE_CMDLETS, *NETWORK_CMDLETS):
        for name in (cmdlet.spec.name, *cmdlet.spec.aliases):
            found[name] = _itself(cmdlet)
    return found


def _itself(cmdlet: Cmdlet) -> Callable[[], Cmdlet]:
    return lambda: cmdlet
