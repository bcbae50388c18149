"""A server that listens: what stays the same between connections is worked out once."""

from typing import TYPE_CHECKING

from relaysim.engine.access import grants
from relaysim.engine.identity import Identity
from relaysim.engine.standing import AuthenticatedSession
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import Assumption, Grant
from relaysim.model.organization import Organization
from relaysim.model.principals import Principal
from relaysim.model.rights import LOG_ORDER, RIGHT_FACTS, Right
from relaysim.smtp.ehlo import ehlo_assumptions, ehlo_keywords
from relaysim.smtp.replies import hello_name

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Listener", "permission_tokens"]

_Key = tuple[str, tuple[Principal, ...]]
"""A connector's name and the principals on it."""
_SEND_SIDE = tuple(
    right for right in LOG_ORDER if not RIGHT_FACTS[right].receive and right is not Right.SEND_AS
)
"""Rights of send connectors, whose tokens a receive log shows where somebody holds everything."""
_TOKENS = tuple((right, RIGHT_FACTS[right].token) for right in LOG_ORDER)


class Listener:
    """An organization's server, ready for many connections.

    Attributes:
        organization: The organization.
        check_password: Tells whether an account's password is the right one; ``None`` where
            passwords are not looked at and the client says whether they are right.
    """

    __slots__ = (
        "_assumptions",
        "_keywords",
        "_rights",
        "check_password",
        "organization",
    )

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.check_password: Callable[[str, str], bool] | None = None
        self._keywords: dict[tuple[str, bool, bool], tuple[str, ...]] = {}
        self._assumptions: dict[str, tuple[Assumption, ...]] = {}
        self._rights: dict[_Key, tuple[tuple[Grant, ...], tuple[str, ...]]] = {}

    def name_of(self, connector: ReceiveConnector) -> str:
        """Return the name a connector goes by in banner and EHLO."""
        return hello_name(self.organization, connector.fqdn)

    def keywords(
        self, connector: ReceiveConnector, *, tls: bool, anonymous_tls: bool = False
    ) -> tuple[str, ...]:
        """Return what EHLO announces, see :func:`relaysim.smtp.ehlo.ehlo_keywords`."""
        key = connector.name, tls, anonymous_tls
        found = self._keywords.get(key)
        if found is None:
            found = self._keywords[key] = ehlo_keywords(
                self.organization, connector, tls=tls, anonymous_tls=anonymous_tls
            )
        return found

    def assumptions(self, connector: ReceiveConnector) -> tuple[Assumption, ...]:
        """Return what the keywords rest on beyond what was seen."""
        found = self._assumptions.get(connector.name)
        if found is None:
            found = ehlo_assumptions(self.organization, connector)
            self._assumptions[connector.name] = found
        return found

    def stand(
        self, connector: ReceiveConnector, identity: Identity, *, tls: bool
    ) -> tuple[AuthenticatedSession, tuple[str, ...]]:
        """Return the standing of an identified session, and its permissions as a log names them."""
        key = connector.name, identity.principals
        found = self._rights.get(key)
        if found is None:
            rights = grants(self.organization, connector, identity.principals)
            version = self.organization.exchange
            known = (r for r in _SEND_SIDE if RIGHT_FACTS[r].since <= version)
            sending = grants(self.organization, connector, identity.principals, known)
            found = self._rights[key] = rights, permission_tokens(rights + sending)
        rights, permissions = found
        return AuthenticatedSession(
            self.organization, connector, identity, rights, tls
        ), permissions


def permission_tokens(rights: tuple[Grant, ...]) -> tuple[str, ...]:
    """Return the tokens of a ``Set Session Permissions`` row, in the logged order.

    Source: PLOG10, PLOGX, QA179653; QA1614025 (full control, A-3a).
    """
    held = {grant.right for grant in rights if grant.granted}
    return tuple(token for right, token in _TOKENS if token is not None and right in held)
