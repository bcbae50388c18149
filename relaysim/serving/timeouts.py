"""How long a connector lets a session last, and be silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relaysim.errors import InvalidInput
from relaysim.model.properties.catalogue import BY_NAME
from relaysim.model.properties.kept import default_of, value_of

if TYPE_CHECKING:
    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.organization import Organization

__all__ = ["Timeouts", "timeouts_of"]


class Timeouts(NamedTuple):
    """When a session is ended although the client has not quit.

    Attributes:
        silence: Seconds without a byte from the client (ConnectionInactivityTimeout).
        session: Seconds altogether, whatever is going on (ConnectionTimeout).
    """

    silence: float
    session: float


def timeouts_of(connector: ReceiveConnector, organization: Organization) -> Timeouts:
    """Return what a connector of the organization's only server has, or its version's defaults.

    Source: SETRC, NEWRC.
    """
    return Timeouts(
        _seconds("ConnectionInactivityTimeout", connector, organization),
        _seconds("ConnectionTimeout", connector, organization),
    )


def _seconds(name: str, connector: ReceiveConnector, organization: Organization) -> float:
    wanted, exchange, role = BY_NAME[name.casefold()], organization.exchange, organization.role
    try:
        value = value_of(wanted, connector, exchange=exchange, role=role)
    except InvalidInput:
        # A server file may hold any text here.
        value = default_of(wanted, exchange=exchange, role=role)
    return float(value) if isinstance(value, int) else float("inf")
