"""What is judged once the message is there: its senders, and who takes it behind a front end."""

from typing import Final

from relaysim.engine.identity import IdentityKind
from relaysim.engine.outcome import version_note
from relaysim.engine.standing import (
    AuthenticatedSession,
    BackEnd,
    CommandCheck,
    SenderClass,
    back_end,
    classify_sender,
    client_proxy,
    describes_back_end,
    is_contested,
    no_domains_described,
    stand,
)
from relaysim.model.decision import Assumption, Reason, Refusal, Stage
from relaysim.model.organization import DomainType, domain_of
from relaysim.model.rights import Right
from relaysim.model.version import ExchangeVersion

__all__ = ["check_back_end", "check_content", "sender_reply"]

TEMPORARY: Final = "451 4.7.0 Temporary server error. Please try again later."
ANONYMOUS_SENDER: Final = (
    "550 5.7.1 Anonymous client does not have permissions to send as this sender"
)

_SENDER_RIGHTS = (Right.ACCEPT_ANY_SENDER, Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER)


def check_content(
    standing: AuthenticatedSession, envelope: str | None, header: str | None
) -> CommandCheck:
    """Judge a message at end of data (P-1, P-2, O-7): who takes it, and its senders.

    Whatever the sender, MAIL FROM and RCPT TO are taken before.

    Args:
        standing: The session.
        envelope: Envelope sender, ``""`` for the null sender, ``None`` when not asked about.
        header: Address in the From header, ``""`` for none, ``None`` for "as the envelope".

    Source: QA308173 (anonymous); SWIFT1258, SSRSDS, NM145, EV1024 (accounts); GWB, SP, SPFARM
    (Client Proxy).
    """
    found = check_back_end(standing)
    if found.refusal is not None or standing.front_end_ignores_senders:
        return found
    account = standing.identity.kind is IdentityKind.ACCOUNT
    judge = _judging(standing)
    assumptions = found.assumptions
    for sender in dict.fromkeys((envelope, envelope if header is None else header)):
        if not sender:
            continue
        kind = classify_sender(standing.organization, domain_of(sender))
        found = _judge(judge, sender, kind)
        assumptions = tuple(dict.fromkeys(assumptions + found.assumptions))
        if found.refusal is not None or found.unknown_owner is not None:
            return found._replace(assumptions=assumptions)
    if account and header == "":
        refusal = Refusal(Stage.END_OF_DATA, sender_reply(standing), Reason.NO_FROM_HEADER, "O-7")
        return CommandCheck(refusal, assumptions, version_note(standing, "O-7"))
    return CommandCheck(assumptions=assumptions)


def check_back_end(standing: AuthenticatedSession) -> CommandCheck:
    """Judge whether a front end finds somebody to hand the message to (P-1, P-2).

    Source: FLOW16, EDGE16 (who takes it); I381 (mail of accounts fails without Client Proxy).
    """
    if not standing.connector.is_front_end:
        return CommandCheck()
    kind = standing.identity.kind
    if kind is IdentityKind.ACCOUNT:
        if client_proxy(standing.organization) is not None:
            return CommandCheck()
        rule, what = "P-2", "the sessions of accounts"
    elif kind in (IdentityKind.ANONYMOUS, IdentityKind.EXTERNALLY_SECURED):
        taken_by = back_end(standing.organization)
        if taken_by is not None:
            return CommandCheck(assumptions=_taken_elsewhere(standing, taken_by))
        if not describes_back_end(standing.organization):
            text = (
                f"nothing behind the front end of `{standing.organization.server}` is described, "
                "and something there takes its mail"
            )
            return CommandCheck(assumptions=(Assumption("P-1", text, ("refusal",)),))
        rule, what = "P-1", "messages of clients without an account"
    else:
        return CommandCheck()
    text = f"nothing behind the front end takes {what}, so mail fails for the time being"
    refusal = Refusal(Stage.END_OF_DATA, TEMPORARY, Reason.NO_BACK_END, rule)
    return CommandCheck(refusal, (Assumption(rule, text, ("refusal",)),))


def _taken_elsewhere(standing: AuthenticatedSession, taken_by: BackEnd) -> tuple[Assumption, ...]:
    if not taken_by.elsewhere:
        return ()
    server = standing.organization.server
    text = (
        f"`{server}` has no enabled `Default {server}`, so `{taken_by.name}` takes its mail: both "
        "servers stand in one site"
    )
    return (Assumption("P-1", text, ("refusal",)),)


def sender_reply(standing: AuthenticatedSession) -> str:
    """Return the reply to a sender that may not be used.

    Source: QA308173 (anonymous), NM145, GWB (to 2013), MK1142, SWIFT1258 (2016 on).
    """
    if standing.is_anonymous:
        return ANONYMOUS_SENDER
    if standing.organization.exchange < ExchangeVersion.V2016:
        return "550 5.7.1 Client does not have permissions to send as this sender"
    return "550 5.7.60 SMTP; Client does not have permissions to send as this sender"


def _judging(standing: AuthenticatedSession) -> AuthenticatedSession:
    """Return whose rights judge the senders: an account's on Client Proxy alone (P-2)."""
    if not standing.connector.is_front_end or standing.identity.kind is not IdentityKind.ACCOUNT:
        return standing
    proxy = client_proxy(standing.organization)
    assert proxy is not None  # noqa: S101  # without it, check_back_end refused
    return stand(standing.organization, proxy, standing.identity, tls=standing.tls)


def _judge(standing: AuthenticatedSession, sender: str, kind: SenderClass) -> CommandCheck:
    assumptions = _contested(standing, sender) if kind else _undescribed(standing)
    if kind is None:
        needed = Right.ACCEPT_ANY_SENDER
    elif kind is DomainType.AUTHORITATIVE or standing.identity.kind is IdentityKind.ACCOUNT:
        needed = Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER
    else:
        return CommandCheck(assumptions=assumptions + _internal_relay(standing, sender, kind))
    if standing.holds(needed):
        return CommandCheck(assumptions=assumptions)
    rule = "O-7"
    if standing.account_on_edge and kind is not None:
        rule = "O-7b"
    elif standing.identity.kind is IdentityKind.ACCOUNT and kind is not None:
        if kind is not DomainType.AUTHORITATIVE:
            text = f"`{sender}` is in a relay domain, judged like an authoritative one"
            assumptions = (Assumption("O-7", text, ("refusal",)),)
        account = standing.identity.account
        if account is None:
            return CommandCheck(assumptions=assumptions, unknown_owner=sender)
        own = (*account.addresses, *account.send_as)
        if _mailbox(sender) in map(_mailbox, own):
            return CommandCheck(assumptions=assumptions)
    elif standing.identity.kind is IdentityKind.PARTNER:
        text = "a partner's sender is checked like that of any client that is no account"
        assumptions += (Assumption("O-7", text, ("refusal",)),)
    reply = sender_reply(standing)
    refusal = Refusal(Stage.END_OF_DATA, reply, Reason.SENDER_NOT_PERMITTED, rule, needed)
    notes = () if standing.is_anonymous else version_note(standing, "O-7")
    return CommandCheck(refusal, assumptions, notes)


def _mailbox(address: str) -> tuple[str, str]:
    """Return what two spellings of one address share: case and IDNA form do not matter."""
    return address.rpartition("@")[0].casefold(), domain_of(address)


def _undescribed(standing: AuthenticatedSession) -> tuple[Assumption, ...]:
    """Return the assumption behind a foreign sender where no accepted domain is described."""
    if all(map(standing.holds, _SENDER_RIGHTS)):
        return ()  # Permitted in any class.
    return no_domains_described(standing.organization)


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
