"""A logged session put to the model as a question, and both sides in a few words."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from relaysim.model.decision import Stage
from relaysim.model.session import AuthKind
from relaysim.net.address import parse_address
from relaysim.replay.logged import FOREIGN

if TYPE_CHECKING:
    from relaysim.engine.compiled.organization import Compiled
    from relaysim.model.decision import Decision
    from relaysim.net.address import Address
    from relaysim.replay.logged import LoggedSession, LoggedTransaction

__all__ = [
    "NOT_TRACKED",
    "answers_to",
    "asked_of",
    "example_address",
    "logged_on",
    "logged_words",
    "may_log_on",
    "missing_facts",
    "outcome_words",
    "place_of",
    "relays",
]

_MECHANISMS = {"LOGIN": AuthKind.BASIC, "PLAIN": AuthKind.BASIC}


def asked_of(
    compiled: Compiled,
    session: LoggedSession,
    client: Address,
    *,
    mail_from: str | None = None,
    rcpt_to: tuple[str, ...] = (),
    anonymous: bool | None = None,
) -> Decision:
    """Return the decision about a logged session, with a message when one is named."""
    logged_on = session.auth == "account" if anonymous is None else not anonymous
    auth = AuthKind.NONE
    if logged_on:
        auth = _MECHANISMS.get(
            session.mechanism, AuthKind.NTLM if session.mechanism else AuthKind.USER
        )
    return compiled.decide(
        client,
        auth=auth,
        tls=session.tls in ("done", "refused"),
        port=session.port if session.port is not None else 25,
        local_ip=session.local_ip,
        user=session.account or None if logged_on else None,
        mail_from=mail_from,
        rcpt_to=rcpt_to,
    )


NOT_TRACKED = "the tracking log does not show whether the client logged on"
"""What is missing of a message that an account may send and nobody else."""


def logged_on(session: LoggedSession) -> LoggedSession:
    """Return the session as if an account had logged on in it, over TLS."""
    return session._replace(auth="account", tls="done")


def may_log_on(compiled: Compiled, session: LoggedSession, client: Address) -> bool:
    """Tell whether an account could log on where a session was."""
    refusal = asked_of(compiled, logged_on(session), client).refusal
    return refusal is None or refusal.stage not in (Stage.CONNECT, Stage.STARTTLS, Stage.AUTH)


def missing_facts(decision: Decision, *names: str) -> list[str]:
    """Return the facts that are not known and that one of these parts of a decision hangs on."""
    return [
        f"not known: {each.fact} (told by `{each.command}`)"
        for each in decision.missing
        if not set(names).isdisjoint(each.affects)
    ]


def place_of(compiled: Compiled, session: LoggedSession, client: Address) -> tuple[int, int]:
    """Return where a client is among all: those at one place get equal answers in one session."""
    local = None if session.local_ip is None else _parsed(session.local_ip)
    port = session.port if session.port is not None else 25
    (server,) = compiled.servers
    return client.family, server.run(client, port=port, local_ip=local)


@lru_cache(maxsize=1000)
def _parsed(text: str) -> Address:
    return parse_address(text)


def answers_to(compiled: Compiled, session: LoggedSession, client: Address) -> tuple[object, ...]:
    """Return what a logged session meets: connector and reply to each command; equal when alike."""
    decision = asked_of(compiled, session, client)
    found: list[object] = [decision.connector.name if decision.connector is not None else None]
    found.append(_met(decision))
    for each in session.transactions:
        sender = None if each.sender is None else example_address(each.sender)
        recipients = [example_address(r.domain) for r in each.recipients if r.domain is not None]
        found.append(_met(asked_of(compiled, session, client, mail_from=sender)))
        found += [_met(asked_of(compiled, session, client, rcpt_to=(r,))) for r in recipients]
        taken = tuple(
            example_address(r.domain)
            for r in each.recipients
            if r.domain is not None and r.reply.startswith("2")
        )
        found.append(_met(asked_of(compiled, session, client, mail_from=sender, rcpt_to=taken)))
    return tuple(found)


def _met(decision: Decision) -> tuple[str, str | None] | None:
    """Return where a question ends and with which words, ``None`` where everything passes."""
    if decision.undecided is not None:
        return "undecided", decision.undecided.text
    refusal = decision.refusal
    return None if refusal is None else (refusal.stage.value, refusal.reply)


def example_address(token: str) -> str:
    """Return an address for what a log's address was reduced to."""
    if not token or "@" in token:
        return token
    return "someone@" + ("elsewhere.invalid" if token == FOREIGN else token)


def logged_words(session: LoggedSession) -> str:
    """Return in a few words what a log says of a session."""
    parts = [session.connector]
    if session.tls == "done":
        parts.append("TLS")
    if session.auth != "none":
        who = f" {session.account}" if session.account else ""
        reply = f" ({session.auth_reply})" if session.auth_reply else ""
        parts.append(f"AUTH {session.mechanism} {session.auth}{who}{reply}".replace("  ", " "))
    parts += [_transaction_words(each) for each in session.transactions]
    return "; ".join(parts)


def relays(session: LoggedSession) -> bool | None:
    """Tell whether a session sent mail to a foreign domain, as far as the log shows.

    Returns:
        ``None`` where the log does not show a recipient that was taken, or where domains of others
        were not told from own ones when it was read.
    """
    taken = [
        recipient.domain
        for each in session.transactions
        for recipient in each.recipients
        if recipient.reply.startswith("2")
    ]
    if FOREIGN in taken:
        return True
    return None if None in taken else False


def _transaction_words(each: LoggedTransaction) -> str:
    sender = "?" if each.sender is None else "<>" if not each.sender else each.sender
    sender = "foreign" if sender == FOREIGN else sender
    text = f"MAIL {sender}"
    if each.mail_reply and not each.mail_reply.startswith("2"):
        text += f": {each.mail_reply}"
    for recipient in each.recipients:
        text += f", RCPT {'foreign' if recipient.domain == FOREIGN else recipient.domain or '?'}"
        if not recipient.reply.startswith("2"):
            text += f": {recipient.reply or 'no reply'}"
    if each.data_reply:
        text += ", accepted" if each.data_reply.startswith("2") else f", DATA: {each.data_reply}"
    return text


def outcome_words(compiled: Compiled, session: LoggedSession, client: Address) -> str:
    """Return in a few words what the model says of a session and its messages."""
    decision = asked_of(compiled, session, client)
    parts = [decision.connector.name if decision.connector is not None else "no connector"]
    messages: list[tuple[str | None, tuple[str, ...]]] = [
        (
            None if each.sender is None else example_address(each.sender),
            tuple(example_address(r.domain) for r in each.recipients if r.domain is not None),
        )
        for each in session.transactions
    ]
    for sender, recipients in messages or [(None, ())]:
        asked = asked_of(compiled, session, client, mail_from=sender, rcpt_to=recipients)
        if asked.undecided is not None:
            parts.append(f"undecided ({asked.undecided.rule})")
        elif facts := missing_facts(asked, "refusal"):
            parts.append(f"undecided ({facts[0]})")
        elif asked.refusal is None:
            parts.append("accepted")
        else:
            reply = asked.refusal.reply or "connection refused"
            parts.append(f"{asked.refusal.stage.value}: {reply}")
    return "; ".join(dict.fromkeys(parts))
