"""The words for codes: questions, reasons, lost connectors, sources of rights."""

from collections.abc import Iterable

from relaysim.model.answers.catalogue import ANSWERS
from relaysim.model.decision import (
    Answer,
    Decision,
    Grant,
    LostReason,
    Missing,
    Reason,
    Rejected,
)
from relaysim.model.facts.catalogue import FACTS
from relaysim.model.session import Session, SessionShape, default_of

__all__ = [
    "QUESTIONS",
    "answer_word",
    "auth_words",
    "because_words",
    "decided_by",
    "fact_words",
    "lost_words",
    "short_right",
    "unknown_words",
]

QUESTIONS: dict[str, str] = {answer.name: answer.label for answer in ANSWERS}
"""Answer names to the labels people read, in the article's words where it has some."""

_BECAUSE = {
    Reason.ALLOW_ENTRY: "granted",
    Reason.DENY_ENTRY: "denied",
    Reason.NO_ALLOW_ENTRY: "not granted, no ACE allows it",
    Reason.NO_IDENTITY: "no identity, nothing was looked up",
    Reason.PORT_CLOSED: "no connector listens there",
    Reason.NO_RANGE: "no connector's ranges hold the client",
    Reason.UNDECIDED: "undecided",
    Reason.STARTTLS_NOT_OFFERED: "STARTTLS is not offered",
    Reason.AUTH_NOT_OFFERED: "the authentication is not offered",
    Reason.AUTH_NEEDS_TLS: "AUTH is offered only after STARTTLS",
    Reason.AUTH_WITHOUT_SUBMIT: "AUTH fails, the account may not submit",
    Reason.TLS_REQUIRED: "the connector requires TLS",
    Reason.NO_SUBMIT: "it may not submit at all",
    Reason.EVERY_DOMAIN_ACCEPTED: "an accepted domain is `*`, so nothing counts as relay",
    Reason.FRONT_END_NOT_ENFORCED: "a front-end connector does not ask anonymous clients for it",
    Reason.AUTH_AS_INTERNAL: "AuthAs is Internal",
    Reason.AUTH_AS_PARTNER: "AuthAs is Partner",
    Reason.AUTH_AS_ANONYMOUS: "AuthAs is Anonymous",
    Reason.SIZE_EXCEEDED: "the message is larger than MaxMessageSize",
    Reason.SENDER_NOT_PERMITTED: "the sender may not be used",
    Reason.NO_FROM_HEADER: "an account's message needs a From header",
    Reason.TOO_MANY_RECIPIENTS: "MaxRecipientsPerMessage is reached",
    Reason.NOT_ACCEPTED_DOMAIN: "the recipient is in no accepted domain",
    Reason.NO_BACK_END: "nothing behind the front end takes the message",
}

_LOST = {
    LostReason.DISABLED: "disabled",
    LostReason.OTHER_PORT: "not bound to this port",
    LostReason.OTHER_ADDRESS: "not bound to this local address",
    LostReason.NO_RANGE: "no range holds the client",
    LostReason.WIDER_RANGE: "its range is wider",
    LostReason.ANY_ADDRESS: "same size, but bound to any local address",
    LostReason.NAME_ORDER: "same size, its name sorts later",
    LostReason.UNDECIDED: "it might answer",
}

_AUTH = {
    "none": "no authentication",
    "user": "an account",
    "basic": "an account by Basic",
    "ntlm": "an account by NTLM",
    "exchange": "an Exchange server",
    "edge": "an Edge server",
    "legacy": "an Exchange 2003 bridgehead",
    "partner": "a Domain Secure partner",
}


def because_words(because: Reason) -> str:
    """Return a few words for a reason code."""
    return _BECAUSE[because]


def answer_word(answer: Answer) -> str:
    """Return ``yes``, ``no``, ``denied`` or ``undecided``."""
    if answer.answer is None:
        return "undecided"
    if answer.answer:
        return "yes"
    return "denied" if answer.denied else "no"


def auth_words(session: Session) -> str:
    """Return a few words for how the client identifies itself."""
    words = _AUTH[session.auth.value]
    return f"{words} ({session.user})" if session.user else words


def lost_words(lost: Rejected) -> str:
    """Return why a connector does not answer, with its closest range."""
    words = _LOST[lost.reason]
    return f"{words} ({lost.range})" if lost.range is not None else words


def unknown_words(missing: Iterable[Missing]) -> list[str]:
    """Return every fact that is missing, once, and what tells it."""
    words: dict[str, None] = {}
    for each in missing:
        tell = "say" if each.command.startswith("--") else "ask"
        words[f"{each.fact}: {tell} `{each.command}`"] = None
    return list(words)


def short_right(name: str) -> str:
    """Return a right's name without its common beginning.

    >>> short_right("ms-Exch-SMTP-Accept-Any-Recipient")
    'Accept-Any-Recipient'
    """
    return name.removeprefix("ms-Exch-").removeprefix("SMTP-")


def decided_by(decision: Decision, answer: Answer) -> str:
    """Return what decided an answer: group or entry with its principal, or the reason in words."""
    entry_codes = (Reason.ALLOW_ENTRY, Reason.DENY_ENTRY)
    if answer.right is not None and (
        answer.because in entry_codes or answer.because is Reason.AUTH_AS_INTERNAL
    ):
        for grant in decision.rights:
            if grant.right is answer.right and grant.ace is not None:
                if answer.because in entry_codes:
                    return grant_source(grant)
                return f"{because_words(answer.because)}, by {grant.source}"
    return because_words(answer.because)


def grant_source(grant: Grant) -> str:
    """Return the source of a right with its principal, or why there is none."""
    if grant.ace is None or grant.source is None:
        return because_words(grant.because)
    via = "" if grant.ace.right is grant.right else f" ({grant.ace.right.value})"
    denied = "denied by " if grant.ace.deny else ""
    return f"{denied}{grant.source}: {grant.ace.principal.name}{via}"


def fact_words(shape: SessionShape) -> list[str]:
    """Return how a sentence says each fact that is given, client, place and account apart."""
    return [
        fact.words(value)
        for fact in FACTS
        if fact.words is not None and (value := getattr(shape, fact.name)) != default_of(fact.name)
    ]
