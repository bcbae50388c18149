"""What New- and Set-ReceiveConnector share: their parameters, and putting a connector in its place.

Source: NEWRC07, NEWRC, SETRC, GETRC, RC07.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from relaysim.management_shell.cmdlets.identities import FoundConnector
from relaysim.management_shell.cmdlets.validation import MANY_RANGES, check_alone, check_among
from relaysim.management_shell.roster import put_connector
from relaysim.management_shell.state import ExchangeCmdlet, state_of
from relaysim.management_shell.values.connector_objects import identity_text
from relaysim.management_shell.values.parameters import argument_of
from relaysim.model.impossible import sharing
from relaysim.model.properties.catalogue import BY_NAME, PROPERTIES
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.powershell.interpreter.contract import Bound, Parameter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.management_shell.cmdlets.changes import Changed
    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.organization import Organization
    from relaysim.model.properties.declaration import Property
    from relaysim.powershell.interpreter.context import Context

__all__ = ["ConnectorCmdlet", "given_values", "property_parameters", "store"]


def property_parameters(properties: Iterable[Property]) -> tuple[Parameter, ...]:
    """Return a parameter for each property."""
    return tuple(Parameter(name=one.name, convert=argument_of(one.kind)) for one in properties)


_SINCE = {one.name.casefold(): one.since for one in PROPERTIES if one.since > ExchangeVersion.V2007}


def given_values(bound: Bound) -> list[tuple[Property, object]]:
    """Return the properties among the parameters, groups last: they refuse and look at the rest."""
    found = [
        (BY_NAME[name.casefold()], value)
        for name, value in bound.items()
        if name.casefold() in BY_NAME
    ]
    return sorted(found, key=lambda pair: pair[0].name == "PermissionGroups")


class ConnectorCmdlet(ExchangeCmdlet):
    """What the commands share."""

    def version_for(self, context: Context, bound: Bound) -> ExchangeVersion:
        """Return the version of the connector's server."""
        return self.view(context, bound).exchange

    @abstractmethod
    def view(self, context: Context, bound: Bound) -> Organization:
        """Return the organization with only the server that the command is about."""

    @property
    def since(self) -> dict[str, ExchangeVersion]:
        """Properties that only later versions know."""
        return _SINCE


def store(
    context: Context, changed: Changed, view: Organization, *, replaces: str | None
) -> FoundConnector | None:
    """Put a connector that was checked into the organization, unless ``-WhatIf`` is on.

    Args:
        context: The run.
        changed: The connector.
        view: The organization with only its server.
        replaces: Name of the connector in whose place it is put.

    Returns:
        Where it is, or ``None`` when nothing was done.

    Raises:
        Refused: The connector is refused.
    """
    state = state_of(context)
    connector = changed.connector
    check_alone(connector, view)
    is_near = check_among(connector, view, replaces=replaces)
    if len(connector.remote_ip_ranges) >= MANY_RANGES:
        context.warn(
            f"`{connector.name}` has {len(connector.remote_ip_ranges):,} remote ranges: a server "
            f"refuses more than a number between {MANY_RANGES:,} and 1,300 (V-8)"
        )
    before = None
    others: Iterable[ReceiveConnector] = view.connectors
    if replaces is not None:
        before = next((one for one in view.connectors if one.name == replaces), None)
        others = (one for one in view.connectors if one is not before)
    place = connector.bindings, connector.remote_ip_ranges
    if is_near and (before is None or place != (before.bindings, before.remote_ip_ranges)):
        for text in sharing(connector, others):
            context.warn(f"`{connector.name}` {text}")
    if not context.should_process(identity_text(view, replaces or connector.name)):
        return None
    organization = put_connector(
        state.organization, connector, replaces=replaces, server=view.server
    )
    if view.role is ServerRole.EDGE and view.server != state.local.server:
        changed.assumptions.append(_edge_apart(view.server))
    context.state = (
        state._replace(organization=organization)
        .noting(*changed.unmodelled)
        .assuming(*changed.assumptions)
    )
    return FoundConnector(organization.on(view.server), connector)


def _edge_apart(server: str) -> tuple[str, str]:
    text = f"an Edge keeps its connectors itself: what is set on `{server}` is run there"
    return "G-6", text
