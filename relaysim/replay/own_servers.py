"""Which sessions are servers speaking to servers, and no clients of a connector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.model.version import ExchangeVersion

if TYPE_CHECKING:
    from relaysim.model.organization import Organization
    from relaysim.replay.logged import LoggedSession

__all__ = ["server_reason"]

_HUB_PORTS = {
    2525: "port 2525 takes what the front end hands on",
    465: "port 465 takes accounts' mail from the front end",
    717: "port 717 takes mail on its way out",
}


def server_reason(organization: Organization, session: LoggedSession, client: str) -> str:
    """Return why a session is one between servers, ``""`` for a client's.

    Args:
        organization: The organization, narrowed to the server of the log.
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
    if session.port not in _HUB_PORTS:
        return ""
    if organization.exchange < ExchangeVersion.V2013:
        return ""
    return f"{_HUB_PORTS[session.port]}"
