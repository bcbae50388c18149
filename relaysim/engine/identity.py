"""Who a session is on a connector: its principals, or the refusal of its authentication."""

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from relaysim.engine.certificates import trusted_certificate
from relaysim.model.connector import AuthMechanism, ReceiveConnector
from relaysim.model.decision import Assumption, Note, Reason, Refusal, Stage
from relaysim.model.organization import Account, Organization
from relaysim.model.principals import (
    ANONYMOUS_LOGON,
    AUTHENTICATED_USERS,
    EDGE_TRANSPORT_SERVERS,
    EVERYONE,
    EXTERNALLY_SECURED_SERVERS,
    HUB_TRANSPORT_SERVERS,
    PARTNER_SERVERS,
    Principal,
    domain_group,
    parse_principal,
)
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind, Session
from relaysim.model.version import ExchangeVersion, ServerRole

__all__ = [
    "AUTH_FAILED",
    "AUTH_NOT_OFFERED",
    "CANNOT_AUTHENTICATE_SERVER",
    "Identity",
    "IdentityKind",
    "account_refusal",
    "basic_offered",
    "held_by",
    "identify",
    "unrecognized",
]

AUTH_NOT_OFFERED = "504 5.7.4 Unrecognized authentication type"
AUTH_FAILED = "535 5.7.3 Authentication unsuccessful"
CANNOT_AUTHENTICATE_SERVER = "451 5.7.3 Cannot achieve Exchange Server authentication"


class IdentityKind(Enum):
    """What sort of client the session is."""

    ANONYMOUS = "anonymous"
    EXTERNALLY_SECURED = "externally secured"
    ACCOUNT = "account"
    SERVER = "server"
    PARTNER = "partner"


class Identity(NamedTuple):
    """Who the session is.

    Attributes:
        kind: The sort of client.
        principals: What it holds, most specific first; empty when refused.
        refusal: Set when STARTTLS or AUTH fails.
        account: The account's entry in the organization, or ``None``.
        assumptions: What was assumed on the way.
        notes: Further facts.
        trusted_cert: Whether the client shows a certificate that makes its mail internal (P-5);
            ``None`` when that is not told.
    """

    kind: IdentityKind
    principals: tuple[Principal, ...]
    refusal: Refusal | None = None
    account: Account | None = None
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[Note, ...] = ()
    trusted_cert: bool | None = False


def identify(organization: Organization, connector: ReceiveConnector, session: Session) -> Identity:
    """Return who a session is on the connector that answers it.

    Whether an account holds Submit (I-7) is not asked here: it takes the access check, see
    :func:`account_refusal`.

    Source: ANON16, RC16, JM242 (externally secured), NEWRC (mechanisms), HF13 (partners).
    """
    if session.tls and AuthMechanism.TLS not in connector.auth_mechanism:
        return _no_starttls(organization, connector)
    auth = session.auth
    if auth.is_account:
        if connector.externally_secured:
            return _external_auth(organization)
        refusal = account_refusal(connector, auth, tls=session.tls)
        return _account(organization, session, refusal)
    if auth in (AuthKind.EXCHANGE, AuthKind.EDGE, AuthKind.LEGACY):
        return _server(organization, connector, auth)
    if connector.externally_secured:
        return Identity(IdentityKind.EXTERNALLY_SECURED, (EXTERNALLY_SECURED_SERVERS,))
    if auth is AuthKind.PARTNER:
        if session.tls and connector.domain_secure_enabled:
            text = "a recognised partner is not anonymous: rights of ANONYMOUS LOGON do not count"
            note = Note("I-6", text)
            return Identity(IdentityKind.PARTNER, (PARTNER_SERVERS,), notes=(note,))
        missing = "DomainSecureEnabled is off" if session.tls else "there is no TLS"
        note = Note("I-6", f"the partner is not recognised ({missing}): the session is anonymous")
        return Identity(IdentityKind.ANONYMOUS, (ANONYMOUS_LOGON,), notes=(note,))
    trusted = trusted_certificate(organization, connector, session)
    return Identity(IdentityKind.ANONYMOUS, (ANONYMOUS_LOGON,), trusted_cert=trusted)


def basic_offered(connector: ReceiveConnector, *, tls: bool) -> bool:
    """Tell whether AUTH LOGON by name and password is offered, given TLS or not.

    Source: NM145, NEWRC.
    """
    mechanisms = connector.auth_mechanism
    return AuthMechanism.BASIC_AUTH in mechanisms and (
        tls or AuthMechanism.BASIC_AUTH_REQUIRE_TLS not in mechanisms
    )


def account_refusal(connector: ReceiveConnector, auth: AuthKind, *, tls: bool) -> Refusal | None:
    """Return why AUTH of an account is refused before its password is looked at, or ``None``."""
    integrated = AuthMechanism.INTEGRATED in connector.auth_mechanism
    basic, basic_with_tls = basic_offered(connector, tls=tls), basic_offered(connector, tls=True)
    if auth is AuthKind.NTLM:
        basic = basic_with_tls = False
    elif auth is AuthKind.BASIC:
        integrated = False
    if integrated or basic:
        return None
    because = Reason.AUTH_NEEDS_TLS if basic_with_tls else Reason.AUTH_NOT_OFFERED
    return Refusal(Stage.AUTH, AUTH_NOT_OFFERED, because, "I-3")


def unrecognized(exchange: ExchangeVersion, verb: str) -> str:
    """Return the reply to a command that is unknown or not offered; newer servers name it.

    Source: DOKU24 (to 2010), PHPM3021 (from 2016 on).

    >>> unrecognized(ExchangeVersion.V2016, "STARTTLS")
    "500 5.3.3 Unrecognized command 'STARTTLS'"
    """
    if exchange <= ExchangeVersion.V2010:
        return "500 5.3.3 Unrecognized command"
    return f"500 5.3.3 Unrecognized command '{verb}'"


def _no_starttls(organization: Organization, connector: ReceiveConnector) -> Identity:
    reply = unrecognized(organization.exchange, "STARTTLS")
    refusal = Refusal(Stage.STARTTLS, reply, Reason.STARTTLS_NOT_OFFERED, "I-6a")
    assumptions: tuple[Assumption, ...] = ()
    if organization.exchange is ExchangeVersion.V2013:
        text = f"STARTTLS on `{connector.name}` is refused in the words of 2016"
        assumptions = (Assumption("I-6a", text, ("refusal",)),)
    return Identity(IdentityKind.ANONYMOUS, (), refusal, assumptions=assumptions)


def _external_auth(organization: Organization) -> Identity:
    refusal = Refusal(Stage.AUTH, AUTH_NOT_OFFERED, Reason.AUTH_NOT_OFFERED, "I-2")
    assumptions: tuple[Assumption, ...] = ()
    if organization.exchange < ExchangeVersion.V2016:
        text = "an externally secured connector refuses AUTH as Exchange 2016 was seen to do"
        assumptions = (Assumption("I-2", text, ("refusal",)),)
    return Identity(IdentityKind.ACCOUNT, (), refusal, assumptions=assumptions)


def _account(organization: Organization, session: Session, refusal: Refusal | None) -> Identity:
    if refusal is not None:
        return Identity(IdentityKind.ACCOUNT, (), refusal)
    account, held = held_by(organization, session.user, session.groups)
    # An authenticated session is not anonymous, even if somebody lists that group for it.
    held = (*held, AUTHENTICATED_USERS, EVERYONE)
    principals = tuple(p for p in dict.fromkeys(held) if p != ANONYMOUS_LOGON)
    return Identity(IdentityKind.ACCOUNT, principals, account=account)


def held_by(
    organization: Organization, user: str | None, groups: Iterable[str]
) -> tuple[Account | None, tuple[Principal, ...]]:
    """Return the entry of an account that logs on, and what it holds beyond what everybody does.

    Args:
        organization: The organization.
        user: The account as it was named, or ``None``.
        groups: Further groups of it.
    """
    user = (user or "").strip()
    account = organization.find_account(user) if user else None
    held: list[Principal] = []
    if account is not None:
        held += [account.name, *account.groups]
    elif user:
        principal = parse_principal(user, organization.domain)
        held.append(principal)
        if user.endswith("$"):
            # A computer has no mailbox, so there is nothing unknown about its addresses (I-3a).
            account = Account(name=principal)
    named = (group for group in groups if group.strip())
    held += [parse_principal(group, organization.domain) for group in named]
    return account, tuple(held)


def _server(organization: Organization, connector: ReceiveConnector, auth: AuthKind) -> Identity:
    mechanisms = connector.auth_mechanism
    offered = AuthMechanism.EXCHANGE_SERVER in mechanisms
    rule = "I-4"
    assumptions: tuple[Assumption, ...] = ()
    if auth is AuthKind.LEGACY:
        rule = "I-5"
        offered = offered or AuthMechanism.INTEGRATED in mechanisms
    if not offered:
        refusal = Refusal(Stage.AUTH, CANNOT_AUTHENTICATE_SERVER, Reason.AUTH_NOT_OFFERED, rule)
        if auth is AuthKind.LEGACY:
            text = "a 2003 bridgehead that cannot authenticate gives up as an Exchange server does"
            assumptions = (Assumption("I-5", text, ("refusal",)),)
        note = Note(rule, "the reply is the sending server's wording in its own log and queue")
        return Identity(IdentityKind.SERVER, (), refusal, None, assumptions, (note,))
    if auth is AuthKind.EDGE:
        return Identity(IdentityKind.SERVER, (EDGE_TRANSPORT_SERVERS,))
    if auth is AuthKind.LEGACY:
        legacy = domain_group(organization.domain, "ExchangeLegacyInterop")
        return Identity(IdentityKind.SERVER, (legacy,))
    if organization.role is ServerRole.EDGE:
        return Identity(IdentityKind.SERVER, (HUB_TRANSPORT_SERVERS,))
    servers = domain_group(organization.domain, "Exchange Servers")
    return Identity(IdentityKind.SERVER, (servers, HUB_TRANSPORT_SERVERS))


def submit_refusal() -> Refusal:
    """Return the refusal of an account that authenticates but may not submit (I-7)."""
    return Refusal(Stage.AUTH, AUTH_FAILED, Reason.AUTH_WITHOUT_SUBMIT, "I-7", Right.SUBMIT)
