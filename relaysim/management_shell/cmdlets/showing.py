"""Get-ReceiveConnector, which most scripts begin with: apart from the commands that change one.

Source: GETRC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.management_shell.cmdlets.identities import (
    FoundConnector,
    connectors_like,
    connectors_named,
    one_connector,
    server_named,
    to_identity,
    to_server,
)
from relaysim.management_shell.state import ExchangeCmdlet, state_of
from relaysim.management_shell.values.connector_objects import connector_object
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.patterns.wildcard import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.model.organization import Organization
    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.values.value import Value

__all__ = ["SHOWING_CMDLETS", "GetConnector"]


class GetConnector(ExchangeCmdlet):
    """``Get-ReceiveConnector``."""

    spec = CmdletSpec(
        name="Get-ReceiveConnector",
        directory=True,
        parameters=(
            Parameter(name="Identity", convert=to_identity, position=0, from_pipeline=True),
            Parameter(name="Server", convert=to_server),
        ),
        exclusive=(("Identity", "Server"),),
    )

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Return the connectors that are asked for, all of them without an identity."""
        organization = state_of(context).organization
        if "Server" in bound:
            organization = server_named(organization, to_text(bound.get("Server")))
        found = _found(organization, to_text(bound.get("Identity")))
        context.spend(50 * len(found))
        return [connector_object(place.connector, place.organization) for place in found]


def _found(organization: Organization, wanted: str) -> list[FoundConnector]:
    """Return the connectors an identity means; a name means one on each server that has it."""
    if has_wildcard(wanted):
        return connectors_like(organization, wanted)
    server = wanted.rstrip("\\").casefold()
    names = [one.name.casefold() for one in organization.servers]
    if not wanted or server in names:
        return [
            FoundConnector(view, connector)
            for view in organization.one_by_one()
            for connector in view.connectors
            if not wanted or view.server.casefold() == server
        ]
    return connectors_named(organization, wanted) or [one_connector(organization, wanted)]


SHOWING_CMDLETS = (GetConnector(),)
