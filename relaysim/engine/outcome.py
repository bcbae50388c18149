"""What follows from the rights: the answers, and what each SMTP command is answered."""

from relaysim.engine.identity import IdentityKind
from relaysim.engine.standing import (
    AuthenticatedSession,
    Finding,
    SenderClass,
    classify_sender,
    client_proxy,
    is_contested,
    stand,
)
from relaysim.model.connector import SizeMode
from relaysim.model.decision import (
    Answer,
    Answers,
    Assumption,
    AuthAs,
    Note,
    Reason,
    Refusal,
    Stage,
)
from relaysim.model.groups import PermissionGroup
from relaysim.model.organization import DomainType, domain_of
from relaysim.model.rights import Right
from relaysim.model.version import ExchangeVersion

__all__ = [
    "answer_all",
    "auth_as",
    "check_content_sender",
    "check_envelope_sender",
    "check_recipient",
    "check_size",
    "check_submit",
    "refuse_all",
    "relay_reply",
    "sender_reply",
    "users_on_old_edge",
]

NOT_AUTHENTICATED = "530 5.7.1 Client was not authenticated"
MUST_STARTTLS = "451 5.7.3 Must issue a STARTTLS command first"
SIZE_EXCEEDED = "552 5.3.4 Message size exceeds fixed maximum message size"
TOO_MANY = "452 4.5.3 Too many recipients"
ACCOUNT_SENDER = "550 5.7.60 SMTP; Client does not have permissions to send as this sender"
ANONYMOUS_SENDER = "550 5.7.1 Anonymous client does not have permissions to send as this sender"
_LATE_2013 = "late builds of Exchange 2013 may print the newer reply text of 2016"


def auth_as(standing: AuthenticatedSession) -> tuple[AuthAs, tuple[Assumption, ...]]:
    """Return how the organization regards the session's messages (O-5).

    Source: HF13, TIMM, ANON16, AM10 (internal); RCPERM13 (flag for anonymous).
    """
    flag = standing.holds(Right.ACCEPT_AUTHENTICATION_FLAG)
    match standing.identity.kind:
        case IdentityKind.ANONYMOUS:
            if not flag:
                return AuthAs.ANONYMOUS, ()
            text = "ANONYMOUS LOGON stays anonymous although it holds Accept-Authentication-Flag"
            return AuthAs.ANONYMOUS, (Assumption("O-5", text, ("auth_as", "resolve_p2")),)
        case IdentityKind.ACCOUNT:
            return (AuthAs.ANONYMOUS if standing.account_on_edge else AuthAs.INTERNAL), ()
        case IdentityKind.PARTNER:
            return AuthAs.PARTNER, ()
        case IdentityKind.EXTERNALLY_SECURED | IdentityKind.SERVER:
            return (AuthAs.INTERNAL if flag else AuthAs.ANONYMOUS), ()


def answer_all(standing: AuthenticatedSession, regarded: AuthAs) -> Answers:
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
    """Return "no" to everything, for a session that ends before MAIL FROM or is undecided."""
    answer = Answer(answer=False, because=because, rule=rule, right=right)
    return Answers(*([answer] * len(Answers._fields)))


def check_submit(standing: AuthenticatedSession) -> Refusal | None:
    """Return why MAIL FROM is refused whatever it says, or ``None`` (O-11, O-1).

    Source: TLSKB, TELNET16, NDR16.
    """
    if standing.connector.require_tls and not standing.tls:
        return Refusal(Stage.MAIL_FROM, MUST_STARTTLS, Reason.TLS_REQUIRED, "O-11")
    if not standing.holds(Right.SUBMIT):
        return Refusal(Stage.MAIL_FROM, NOT_AUTHENTICATED, Reason.NO_SUBMIT, "O-1", Right.SUBMIT)
    return None


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


def check_recipient(standing: AuthenticatedSession, recipient: str, taken: int) -> Finding:
    """Judge one RCPT TO (O-12, O-2).

    Args:
        standing: The session.
        recipient: The address.
        taken: Recipients of this message that were accepted before.

    Source: SIZE16 (count), RC16, TUPM1, SEED (relay).
    """
    if taken >= standing.connector.max_recipients_per_message:
        return Finding(
            Refusal(Stage.RCPT_TO, TOO_MANY, Reason.TOO_MANY_RECIPIENTS, "O-12", None, recipient)
        )
    organization = standing.organization
    if standing.holds(Right.ACCEPT_ANY_RECIPIENT) or organization.is_accepted(domain_of(recipient)):
        return Finding()
    return Finding(
        Refusal(
            Stage.RCPT_TO,
            relay_reply(organization.exchange),
            Reason.NOT_ACCEPTED_DOMAIN,
            "O-2",
            Right.ACCEPT_ANY_RECIPIENT,
            recipient,
        ),
        notes=_version_note(standing, "O-2"),
    )


def check_envelope_sender(standing: AuthenticatedSession, sender: str) -> Finding:
    """Judge the envelope sender at MAIL FROM (O-7).

    Source: RC16, TUPM1, SP, NM145; QA308173 (anonymous: foreign senders wait for end of data).
    """
    if not sender or standing.front_end_ignores_senders:
        return Finding()
    kind = classify_sender(standing.organization, domain_of(sender))
    if standing.is_anonymous and kind is None:
        return Finding()
    return _judge(standing, sender, kind, Stage.MAIL_FROM)


def check_content_sender(
    standing: AuthenticatedSession, envelope: str | None, header: str | None
) -> Finding:
    """Judge the sender again at end of data: the From header, and what MAIL FROM let pass.

    Args:
        standing: The session.
        envelope: Envelope sender, ``""`` for the null sender, ``None`` when not asked about.
        header: Address in the From header, ``""`` for none, ``None`` for "as the envelope".

    Source: QA308173, QA1614025, EV1024; GWB, SP (Client Proxy).
    """
    if standing.front_end_ignores_senders:
        return Finding()
    if standing.is_anonymous:
        return _anonymous_content(standing, envelope, header)
    if header is None:
        header = envelope or None
    if header is None:
        return Finding()
    judge = standing
    assumptions: tuple[Assumption, ...] = ()
    if standing.identity.kind is IdentityKind.ACCOUNT:
        judge, assumptions = _behind(standing)
        if header == "":
            reply = sender_reply(standing)
            return Finding(
                Refusal(Stage.END_OF_DATA, reply, Reason.NO_FROM_HEADER, "O-7"),
                notes=_version_note(standing, "O-7"),
            )
    if header == "":
        return Finding()
    kind = classify_sender(standing.organization, domain_of(header))
    found = _judge(judge, header, kind, Stage.END_OF_DATA)
    return found._replace(assumptions=assumptions + found.assumptions)


def relay_reply(exchange: ExchangeVersion) -> str:
    """Return the reply to a recipient that may not be relayed to.

    Source: SEED, QA179653 (to 2013), QA305565, QA1193037 (2016 on).
    """
    if exchange < ExchangeVersion.V2016:
        return "550 5.7.1 Unable to relay"
    return "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"


def sender_reply(standing: AuthenticatedSession) -> str:
    """Return the reply to a sender that may not be used.

    Source: QA308173 (anonymous), NM145, GWB (to 2013), MK1142 (2016 on).
    """
    if standing.is_anonymous:
        return ANONYMOUS_SENDER
    if standing.organization.exchange < ExchangeVersion.V2016:
        return "550 5.7.1 Client does not have permissions to send as this sender"
    return ACCOUNT_SENDER


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


def _resolve_p2(standing: AuthenticatedSession, regarded: AuthAs) -> Answer:
    server = (IdentityKind.EXTERNALLY_SECURED, IdentityKind.SERVER)
    right = Right.ACCEPT_AUTHENTICATION_FLAG if standing.identity.kind in server else None
    because = {
        AuthAs.INTERNAL: Reason.AUTH_AS_INTERNAL,
        AuthAs.PARTNER: Reason.AUTH_AS_PARTNER,
        AuthAs.ANONYMOUS: Reason.AUTH_AS_ANONYMOUS,
    }[regarded]
    return Answer(regarded is AuthAs.INTERNAL, because, "O-4", right)


def _sender_right(standing: AuthenticatedSession, right: Right) -> Answer:
    answer = _by_right(standing, right, "O-7")
    if not answer.answer and standing.front_end_ignores_senders:
        return Answer(answer=True, because=Reason.FRONT_END_NOT_ENFORCED, rule="O-7a", right=right)
    return answer


def _judge(standing: AuthenticatedSession, sender: str, kind: SenderClass, stage: Stage) -> Finding:
    if kind is None:
        needed = Right.ACCEPT_ANY_SENDER
    elif kind is DomainType.AUTHORITATIVE or standing.identity.kind is IdentityKind.ACCOUNT:
        needed = Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER
    else:
        assumptions = _contested(standing, sender) + _internal_relay(standing, sender, kind)
        return Finding(assumptions=assumptions)
    if standing.holds(needed):
        return Finding()
    assumptions = _contested(standing, sender) if kind is not None else ()
    rule, reply, notes = "O-7", sender_reply(standing), _version_note(standing, "O-7")
    if standing.account_on_edge and kind is not None:
        rule, reply, notes = "O-7b", ACCOUNT_SENDER, ()
    elif standing.identity.kind is IdentityKind.ACCOUNT and kind is not None:
        if kind is not DomainType.AUTHORITATIVE:
            text = f"`{sender}` is in a relay domain, judged like an authoritative one"
            assumptions = (Assumption("O-7", text, ("refusal",)),)
        account = standing.identity.account
        if account is None:
            return Finding(assumptions=assumptions, unknown_owner=sender)
        own = (*account.addresses, *account.send_as)
        if _mailbox(sender) in map(_mailbox, own):
            return Finding(assumptions=assumptions)
    elif standing.identity.kind is IdentityKind.PARTNER:
        text = "a partner's sender is checked like that of any client that is no account"
        assumptions += (Assumption("O-7", text, ("refusal",)),)
    refusal = Refusal(stage, reply, Reason.SENDER_NOT_PERMITTED, rule, needed)
    return Finding(refusal, assumptions, notes)


def _mailbox(address: str) -> tuple[str, str]:
    """Return what two spellings of one address share: case and IDNA form do not matter."""
    return address.rpartition("@")[0].casefold(), domain_of(address)


def _anonymous_content(
    standing: AuthenticatedSession, envelope: str | None, header: str | None
) -> Finding:
    found = Finding()
    for sender in dict.fromkeys((envelope, header)):
        if not sender:
            continue
        kind = classify_sender(standing.organization, domain_of(sender))
        judged = _judge(standing, sender, kind, Stage.END_OF_DATA)
        found = Finding(
            judged.refusal,
            tuple(dict.fromkeys(found.assumptions + judged.assumptions)),
            judged.notes,
        )
        if judged.refusal is not None:
            break
    return found


def _behind(standing: AuthenticatedSession) -> tuple[AuthenticatedSession, tuple[Assumption, ...]]:
    """Return who judges the From header of an account's message (P-2)."""
    if not standing.connector.is_front_end:
        return standing, ()
    proxy = client_proxy(standing.organization)
    if proxy is None:
        text = (
            f"there is no connector `Client Proxy {standing.organization.server}`, so the From "
            "header is judged by the front-end connector's rights"
        )
        return standing, (Assumption("P-2", text, ("refusal",)),)
    return stand(standing.organization, proxy, standing.identity, tls=standing.tls), ()


def _contested(standing: AuthenticatedSession, sender: str) -> tuple[Assumption, ...]:
    """Return the assumption behind the class of a sender in several accepted domains."""
    if standing.identity.kind is IdentityKind.ACCOUNT:
        return ()  # An account needs the same right in either class.
    if standing.holds(Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER):
        return ()
    if not is_contested(standing.organization, domain_of(sender)):
        return ()
    text = f"the most specific accepted domain decides what `{sender}` is"
    return (Assumption("O-7", text, ("refusal",)),)


def _internal_relay(
    standing: AuthenticatedSession, sender: str, kind: SenderClass
) -> tuple[Assumption, ...]:
    if kind is not DomainType.INTERNAL_RELAY or not standing.is_anonymous:
        return ()
    if standing.holds(Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER):
        return ()  # Permitted either way, so the assumption decides nothing.
    text = f"`{sender}` is in an internal relay domain, whose senders need no right"
    return (Assumption("O-7", text, ("refusal",)),)


def _version_note(standing: AuthenticatedSession, rule: str) -> tuple[Note, ...]:
    one_text = rule == "O-7" and standing.is_anonymous
    if standing.organization.exchange is not ExchangeVersion.V2013 or one_text:
        return ()
    return (Note(rule, _LATE_2013),)
