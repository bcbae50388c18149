"""What follows from the rights: the answers, and what each SMTP command is answered."""

from relaysim.engine.certificates import trusted_domains
from relaysim.engine.identity import IdentityKind
from relaysim.engine.standing import AuthenticatedSession, CommandCheck, no_domains_described
from relaysim.model.connector import SizeMode
from relaysim.model.decision import (
    Answer,
    Answers,
    Assumption,
    AuthAs,
    Missing,
    Note,
    Reason,
    Refusal,
    Stage,
)
from relaysim.model.groups import PermissionGroup
from relaysim.model.organization import domain_of
from relaysim.model.principals import EDGE_TRANSPORT_SERVERS, HUB_TRANSPORT_SERVERS
from relaysim.model.rights import Right
from relaysim.model.version import ExchangeVersion, ServerRole

__all__ = [
    "answer_all",
    "auth_as",
    "check_recipient",
    "check_size",
    "check_submit",
    "missing_certificate",
    "refuse_all",
    "relay_reply",
    "users_on_old_edge",
    "version_note",
]

NOT_AUTHENTICATED = "530 5.7.1 Client was not authenticated"
NO_ANONYMOUS_MAIL = (
    "530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM"
)
MUST_STARTTLS = "451 5.7.3 Must issue a STARTTLS command first"
SIZE_EXCEEDED = "552 5.3.4 Message size exceeds fixed maximum message size"
TOO_MANY = "452 4.5.3 Too many recipients"
_LATE_2013 = "late builds of Exchange 2013 may print the newer reply text of 2016"


def auth_as(standing: AuthenticatedSession) -> tuple[AuthAs | None, tuple[Assumption, ...]]:
    """Return how the organization regards the session's messages (O-5).

    ``None`` where it hangs on a certificate of which it is not told whether the client has it
    (P-5).

    Source: HF13, TIMM, ANON16, AM10 (internal); RCPERM13 (flag for anonymous).
    """
    flag = standing.holds(Right.ACCEPT_AUTHENTICATION_FLAG)
    match standing.identity.kind:
        case IdentityKind.ANONYMOUS if standing.identity.trusted_cert is not False:
            return (AuthAs.INTERNAL if standing.identity.trusted_cert else None), ()
        case IdentityKind.ANONYMOUS:
            if not flag:
                return AuthAs.ANONYMOUS, ()
            text = "ANONYMOUS LOGON stays anonymous although it holds Accept-Authentication-Flag"
            return AuthAs.ANONYMOUS, (Assumption("O-5", text, ("auth_as", "resolve_p2")),)
        case IdentityKind.ACCOUNT:
            return (AuthAs.ANONYMOUS if standing.account_on_edge else AuthAs.INTERNAL), ()
        case IdentityKind.PARTNER:
            return AuthAs.PARTNER, ()
        case IdentityKind.SERVER if standing.organization.role is ServerRole.EDGE:
            return _server_on_edge(standing, flag=flag)
        case IdentityKind.EXTERNALLY_SECURED | IdentityKind.SERVER:
            return (AuthAs.INTERNAL if flag else AuthAs.ANONYMOUS), ()


def _server_on_edge(
    standing: AuthenticatedSession, *, flag: bool
) -> tuple[AuthAs, tuple[Assumption, ...]]:
    """Return how an Edge regards a server: only a Hub or an Edge of its subscription is trusted."""
    known = (HUB_TRANSPORT_SERVERS, EDGE_TRANSPORT_SERVERS)
    if not flag or not any(principal in known for principal in standing.identity.principals):
        return AuthAs.ANONYMOUS, ()
    text = "the Edge is subscribed to the organization, so that it trusts the sending server"
    return AuthAs.INTERNAL, (Assumption("O-5", text, ("auth_as", "resolve_p2")),)


def missing_certificate(standing: AuthenticatedSession) -> tuple[Missing, ...]:
    """Return the certificate as a missing fact, where how a message counts hangs on it (P-5)."""
    if standing.identity.trusted_cert is not None:
        return ()
    fact = "which certificate the client shows"
    name = trusted_domains(standing.connector)[0]
    return (Missing(fact, f"--cert {name}", ("resolve_p2", "auth_as")),)


def answer_all(standing: AuthenticatedSession, regarded: AuthAs | None) -> Answers:
    """Return every answer of an identified session."""
    submit = _by_right(standing, Right.SUBMIT, "O-1")
    if standing.connector.require_tls and not standing.tls:
        submit = Answer(answer=False, because=Reason.TLS_REQUIRED, rule="O-11")
    return Answers(
        submit=submit,
        relay=_relay(standing, submit),
        bypass_anti_spam=_by_right(standing, Right.BYPASS_ANTI_SPAM, "O-3"),
        resolve_p2=_resolve_p2(standing, regarded),
        bypass_size_limit=_by_right(standing, Right.BYPASS_MESSAGE_SIZE_LIMIT, "O-6"),
        any_sender=_sender_right(standing, Right.ACCEPT_ANY_SENDER),
        own_domain_sender=_sender_right(standing, Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER),
        keep_routing_headers=_by_right(standing, Right.ACCEPT_HEADERS_ROUTING, "O-8"),
        keep_organization_headers=_by_right(standing, Right.ACCEPT_HEADERS_ORGANIZATION, "O-8"),
        keep_forest_headers=_by_right(standing, Right.ACCEPT_HEADERS_FOREST, "O-8"),
        exch50=_by_right(standing, Right.ACCEPT_EXCH50, "O-9"),
    )


def users_on_old_edge(standing: AuthenticatedSession, answers: Answers) -> tuple[Assumption, ...]:
    """Return the assumption that a 2007 Edge has ExchangeUsers, where an answer rests on it (G-6).

    Source: TUPM2 (no), HF13, EDGESE (yes, later versions).
    """
    organization = standing.organization
    if not standing.account_on_edge or organization.exchange is not ExchangeVersion.V2007:
        return ()
    users = PermissionGroup.EXCHANGE_USERS.value
    affected = tuple(
        name
        for name, answer in answers._asdict().items()
        if answer.answer and answer.right and standing.grant(answer.right).source == users
    )
    if not affected:
        return ()
    text = "a 2007 Edge has the permission group ExchangeUsers, although a wiki says no"
    return (Assumption("G-6", text, affected),)


def refuse_all(because: Reason, rule: str, right: Right | None = None) -> Answers:
    """Return "no" to everything, for a session that ends before MAIL FROM, or "undecided"."""
    told = None if because is Reason.UNDECIDED else False
    answer = Answer(answer=told, because=because, rule=rule, right=right)
    return Answers(*([answer] * len(Answers._fields)))


def check_submit(standing: AuthenticatedSession) -> CommandCheck:
    """Judge whether MAIL FROM is refused whatever it says (O-11, O-1).

    Source: TLSKB, TELNET16, NDR16 (to 2013); ANVIL77, BS4423 (from 2016 on).
    """
    if standing.connector.require_tls and not standing.tls:
        return CommandCheck(Refusal(Stage.MAIL_FROM, MUST_STARTTLS, Reason.TLS_REQUIRED, "O-11"))
    if standing.holds(Right.SUBMIT):
        return CommandCheck()
    exchange = standing.organization.exchange
    reply = NOT_AUTHENTICATED
    assumptions: tuple[Assumption, ...] = ()
    if exchange >= ExchangeVersion.V2016:
        reply = NO_ANONYMOUS_MAIL
        if exchange is not ExchangeVersion.V2019:
            text = f"{exchange.value} refuses anonymous mail in the words of 2019"
            assumptions = (Assumption("O-1", text, ("refusal",)),)
    refusal = Refusal(Stage.MAIL_FROM, reply, Reason.NO_SUBMIT, "O-1", Right.SUBMIT)
    return CommandCheck(refusal, assumptions)


def check_size(standing: AuthenticatedSession, size: int | None, stage: Stage) -> Refusal | None:
    """Return why a message of ``size`` bytes is refused, or ``None`` (O-12).

    At ``MAIL_FROM`` only a connector that advertises SIZE looks at it.

    Source: NDR16, SIZE16, NEWRC.
    """
    connector = standing.connector
    if size is None or size <= connector.max_message_size:
        return None
    if standing.holds(Right.BYPASS_MESSAGE_SIZE_LIMIT):
        return None
    if stage is Stage.MAIL_FROM and connector.size_enabled is SizeMode.DISABLED:
        return None
    right = Right.BYPASS_MESSAGE_SIZE_LIMIT
    return Refusal(stage, SIZE_EXCEEDED, Reason.SIZE_EXCEEDED, "O-12", right)


def check_recipient(standing: AuthenticatedSession, recipient: str, taken: int) -> CommandCheck:
    """Judge one RCPT TO (O-12, O-2).

    Args:
        standing: The session.
        recipient: The address.
        taken: Recipients of this message that were accepted before.

    Source: SIZE16 (count), RC16, TUPM1, SEED (relay).
    """
    if taken >= standing.connector.max_recipients_per_message:
        return CommandCheck(
            Refusal(Stage.RCPT_TO, TOO_MANY, Reason.TOO_MANY_RECIPIENTS, "O-12", None, recipient)
        )
    organization = standing.organization
    if standing.holds(Right.ACCEPT_ANY_RECIPIENT) or organization.is_accepted(domain_of(recipient)):
        return CommandCheck()
    return CommandCheck(
        Refusal(
            Stage.RCPT_TO,
            relay_reply(organization.exchange),
            Reason.NOT_ACCEPTED_DOMAIN,
            "O-2",
            Right.ACCEPT_ANY_RECIPIENT,
            recipient,
        ),
        no_domains_described(organization),
        version_note(standing, "O-2"),
    )


def relay_reply(exchange: ExchangeVersion) -> str:
    """Return the reply to a recipient that may not be relayed to.

    Source: SEED, QA179653 (to 2013), QA305565, QA1193037 (2016 on).
    """
    if exchange < ExchangeVersion.V2016:
        return "550 5.7.1 Unable to relay"
    return "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"


def _by_right(standing: AuthenticatedSession, right: Right, rule: str) -> Answer:
    grant = standing.grant(right)
    return Answer(grant.granted, grant.because, rule, right)


def _relay(standing: AuthenticatedSession, submit: Answer) -> Answer:
    if submit.because is Reason.TLS_REQUIRED:
        return submit
    if not submit.answer:
        return Answer(answer=False, because=Reason.NO_SUBMIT, rule="O-2", right=Right.SUBMIT)
    relay = _by_right(standing, Right.ACCEPT_ANY_RECIPIENT, "O-2")
    if not relay.answer and any(d.name == "*" for d in standing.organization.accepted_domains):
        return Answer(answer=True, because=Reason.EVERY_DOMAIN_ACCEPTED, rule="O-10")
    return relay


def _resolve_p2(standing: AuthenticatedSession, regarded: AuthAs | None) -> Answer:
    if regarded is None:
        return Answer(answer=None, because=Reason.UNDECIDED, rule="P-5")
    server = (IdentityKind.EXTERNALLY_SECURED, IdentityKind.SERVER)
    right = Right.ACCEPT_AUTHENTICATION_FLAG if standing.identity.kind in server else None
    because = {
        AuthAs.INTERNAL: Reason.AUTH_AS_INTERNAL,
        AuthAs.PARTNER: Reason.AUTH_AS_PARTNER,
        AuthAs.ANONYMOUS: Reason.AUTH_AS_ANONYMOUS,
    }[regarded]
    rule = "P-5" if standing.identity.trusted_cert else "O-4"
    return Answer(regarded is AuthAs.INTERNAL, because, rule, right)


def _sender_right(standing: AuthenticatedSession, right: Right) -> Answer:
    answer = _by_right(standing, right, "O-7")
    if not answer.answer and standing.front_end_ignores_senders:
        return Answer(answer=True, because=Reason.FRONT_END_NOT_ENFORCED, rule="O-7a", right=right)
    return answer


def version_note(standing: AuthenticatedSession, rule: str) -> tuple[Note, ...]:
    """Return the remark that the words of a 2013 server depend on its build."""
    if standing.organization.exchange is not ExchangeVersion.V2013:
        return ()
    return (Note(rule, _LATE_2013),)
