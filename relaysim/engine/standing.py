"""What a session stands on once it is identified: connector, identity and rights together."""

from typing import NamedTuple

from relaysim.engine.access import grants
from relaysim.engine.identity import Identity, IdentityKind
from relaysim.engine.kept import kept
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import Assumption, Grant, Note, Reason, Refusal
from relaysim.model.organization import (
    AcceptedDomain,
    DomainType,
    Organization,
    ascii_domain,
)
from relaysim.model.rights import Right
from relaysim.model.server import Server
from relaysim.model.version import ServerRole

__all__ = [
    "AuthenticatedSession",
    "BackEnd",
    "CommandCheck",
    "SenderClass",
    "back_end",
    "classify_sender",
    "client_proxy",
    "describes_back_end",
    "is_contested",
    "no_domains_described",
    "stand",
]

SenderClass = DomainType | None
"""Type of the accepted domain a sender is in, or ``None`` for a foreign one."""


class AuthenticatedSession(NamedTuple):
    """An identified session on a connector.

    Attributes:
        organization: The organization.
        connector: The connector that answers.
        identity: Who the session is.
        rights: Every receive-side right of the version, in declaration order.
        tls: Whether the session is encrypted.
    """

    organization: Organization
    connector: ReceiveConnector
    identity: Identity
    rights: tuple[Grant, ...]
    tls: bool

    def grant(self, right: Right) -> Grant:
        """Return the answer about one right; a right the version does not know is not granted."""
        for grant in self.rights:
            if grant.right is right:
                return grant
        return Grant(right, granted=False, because=Reason.NO_ALLOW_ENTRY)

    def holds(self, right: Right) -> bool:
        """Tell whether the session holds a right."""
        return bool(self.grant(right).granted)

    @property
    def is_anonymous(self) -> bool:
        """Whether the session is the anonymous client."""
        return self.identity.kind is IdentityKind.ANONYMOUS

    @property
    def front_end_ignores_senders(self) -> bool:
        """Whether missing sender rights are not enforced (O-7a)."""
        return self.is_anonymous and self.connector.is_front_end

    @property
    def account_on_edge(self) -> bool:
        """Whether an account talks to an Edge, which has no directory to ask (O-7b)."""
        return (
            self.identity.kind is IdentityKind.ACCOUNT and self.organization.role is ServerRole.EDGE
        )


class BackEnd(NamedTuple):
    """The connector behind a front end that takes its mail.

    Attributes:
        connector: The connector.
        elsewhere: Name of the other server it is on; empty for the front end's own.
    """

    connector: ReceiveConnector
    elsewhere: str = ""

    @property
    def name(self) -> str:
        r"""The connector's name, as ``SERVER\name`` where it is on another server."""
        return f"{self.elsewhere}\\{self.connector.name}" if self.elsewhere else self.connector.name


class CommandCheck(NamedTuple):
    """What one check of a command found: a refusal or none, and what took part."""

    refusal: Refusal | None = None
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[Note, ...] = ()
    unknown_owner: str | None = None
    """An address of which it is not known whether it is the account's own."""


def stand(
    organization: Organization, connector: ReceiveConnector, identity: Identity, *, tls: bool
) -> AuthenticatedSession:
    """Return the standing of an identified session."""
    rights = grants(organization, connector, identity.principals)
    return AuthenticatedSession(organization, connector, identity, rights, tls)


def classify_sender(organization: Organization, domain: str) -> SenderClass:
    """Return the class of a sender domain, ``None`` when foreign.

    The most specific accepted domain decides: the longest name, without a wildcard before with
    one; of equal ones an authoritative domain.

    Source: RC16, PWPS.
    """
    matching = _matching(organization, domain)
    return matching[0].type if matching else None


def no_domains_described(organization: Organization) -> tuple[Assumption, ...]:
    """Return the assumption behind every address where no accepted domain is described (O-10).

    Setup makes one, so there is one that is not told.

    Source: ACC16.
    """
    if organization.accepted_domains:
        return ()
    text = "no accepted domain is described, so every address counts as outside them"
    return (Assumption("O-10", text, ("refusal",)),)


def is_contested(organization: Organization, domain: str) -> bool:
    """Tell whether accepted domains of different classes match, so that the order decides."""
    matching = _matching(organization, domain)
    return len({accepted.type is DomainType.AUTHORITATIVE for accepted in matching}) > 1


def _matching(organization: Organization, domain: str) -> list[AcceptedDomain]:
    """Return the accepted domains that match, the most specific first."""
    ascii_name = ascii_domain(domain)
    order = list(DomainType)
    return sorted(
        organization.domains.matching(ascii_name),
        key=lambda accepted: (
            -len(ascii_domain(accepted.name.removeprefix("*").removeprefix("."))),
            accepted.name.startswith("*"),
            order.index(accepted.type),
        ),
    )


def client_proxy(organization: Organization) -> ReceiveConnector | None:
    """Return the back-end connector that accounts are proxied to, or ``None`` (P-2).

    Source: RC16, EDGE16, GWB, SP.
    """
    return _hub_connector(organization.only, "Client Proxy")


def back_end(organization: Organization) -> BackEnd | None:
    """Return the back-end connector that takes every other message, or ``None`` (P-1).

    That of the front end's own server comes first, then the one of another server, in the order
    of names: a front end hands mail to any server of the site that has the Transport service.

    Source: FLOW16, EDGE16, PFI.
    """
    own = _hub_connector(organization.only, "Default")
    if own is not None:
        return BackEnd(own)
    for other in sorted(organization.beside, key=lambda server: server.name.casefold()):
        if other.role is ServerRole.HUB and (
            other.exchange is None or other.exchange.has_front_end
        ):
            found = _hub_connector(other, "Default")
            if found is not None:
                return BackEnd(found, other.name)
    return None


def describes_back_end(organization: Organization) -> bool:
    """Tell whether any back-end connector of the only server is described, enabled or not.

    Every server with a front end has some from setup on; where none is listed, that is the list
    and not the server.
    """
    return _back_ends(organization.only).is_described


class _BackEnds(NamedTuple):
    """The back-end connectors of a server, looked for once and not for every message."""

    is_described: bool
    enabled: dict[str, ReceiveConnector]


@kept
def _back_ends(server: Server) -> _BackEnds:
    behind = [each for each in server.connectors if not each.is_front_end]
    enabled: dict[str, ReceiveConnector] = {}
    for each in behind:
        if each.enabled:
            enabled.setdefault(each.name.casefold(), each)
    return _BackEnds(bool(behind), enabled)


def _hub_connector(server: Server, kind: str) -> ReceiveConnector | None:
    return _back_ends(server).enabled.get(f"{kind} {server.name}".casefold())
