"""Which sessions are servers speaking to servers, and no clients of a connector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.model.version import ExchangeVersion
from relaysim.net.address import parse_address
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import Interval

if TYPE_CHECKING:
    from relaysim.model.organization import Organization
    from relaysim.replay.logged import LoggedSession

__all__ = ["own_addresses", "server_reason"]

_HUB_PORTS = {
    2525: "port 2525 takes what the front end hands on",
    465: "port 465 takes accounts' mail from the front end",
    717: "port 717 takes mail on its way out",
}


def own_addresses(organization: Organization) -> AddressSet:
    """Return the described addresses of the organization's servers; empty when none are."""
    found = [
        Interval(address.family, address.value, address.value)
        for server in organization.servers
        for address in server.addresses
    ]
    found += [entry.interval for entry in organization.network.exchange_servers or ()]
    return AddressSet(found)


def server_reason(
    own: AddressSet, exchange: ExchangeVersion | None, session: LoggedSession, client: str
) -> str:
    """Return why a session is one between servers, ``""`` for a client's.

    Args:
        own: The described addresses of the organization's servers, see :func:`own_addresses`.
        exchange: Version of the server of the log, ``None`` when it is not known.
        session: The session.
        client: The client's address as text, ``""`` where it is hidden.

    Source: PFI.
    """
    if session.proxied:
        return session.proxied
    if session.auth == "exchange":
        return "the client logged on as an Exchange server"
    if client and client == session.local_ip:
        return "the server speaks to itself"
    if client in ("127.0.0.1", "::1"):
        return "the server speaks to itself"
    if client and own.contains(parse_address(client)):
        return "the client is one of the organization's servers"
    # Where the own addresses are described, whoever else comes to these ports is a client.
    if own or session.port not in _HUB_PORTS:
        return ""
    if exchange is not None and exchange < ExchangeVersion.V2013:
        return ""
    return f"{_HUB_PORTS[session.port]}, and the addresses of the own servers are not described"
