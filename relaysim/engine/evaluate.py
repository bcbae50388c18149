"""One question, one answer: selection, identity, access and outcome put together."""

from typing import NamedTuple

from relaysim.engine.access import no_grants
from relaysim.engine.identity import IdentityKind, identify, submit_refusal
from relaysim.engine.outcome import (
    answer_all,
    auth_as,
    check_recipient,
    check_size,
    check_submit,
    missing_certificate,
    refuse_all,
    users_on_old_edge,
)
from relaysim.engine.selection import select
from relaysim.engine.senders import check_content
from relaysim.engine.standing import (
    AuthenticatedSession,
    CommandCheck,
    back_end,
    client_proxy,
    stand,
)
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import (
    Answers,
    Decision,
    Note,
    Reason,
    Refusal,
    Selection,
    Stage,
    Undecided,
    Verdict,
)
from relaysim.model.organization import Organization
from relaysim.model.rights import Right
from relaysim.model.session import Session

__all__ = [
    "Admission",
    "admit",
    "evaluate",
    "judge",
    "judge_message",
    "nobody",
    "unknown_owner",
    "verdict_on",
]


class Admission(NamedTuple):
    """What a connector makes of a session before its message is looked at.

    Attributes:
        verdict: The verdict without the message; final when ``standing`` is ``None``.
        standing: What the message is judged by, or ``None`` when the session ends before it.
    """

    verdict: Verdict
    standing: AuthenticatedSession | None


def evaluate(organization: Organization, session: Session) -> Decision:
    """Decide one session: which connector answers, what it may do, and what is refused first.

    Never raises for a legal model: what cannot be decided is in ``Decision.undecided``.

    Returns:
        The decision, complete with reasons; equal for equal arguments.

    >>> from relaysim import Session, load, parse_address
    >>> decision = evaluate(load("builtin:option-1"), Session(ip=parse_address("192.168.2.55")))
    >>> decision.answers.relay.answer
    True
    """
    selection = select(organization, session)
    return Decision(
        session=session,
        selection=selection,
        verdict=verdict_on(organization, selection, session),
    )


def verdict_on(organization: Organization, selection: Selection, session: Session) -> Verdict:
    """Return the verdict on a session whose connector has been chosen."""
    if selection.connector is None:
        return nobody(organization, selection.refusal, selection.undecided)
    return judge(organization, selection.connector, session)


def nobody(
    organization: Organization, refusal: Refusal | None, undecided: Undecided | None
) -> Verdict:
    """Return the verdict on a session that no connector answers, or of which it is undecided."""
    rights = no_grants(organization)
    if undecided is not None:
        answers = refuse_all(Reason.UNDECIDED, undecided.rule)
        return Verdict((), rights, answers, None, None, (), (), undecided)
    because = refusal.because if refusal is not None else Reason.PORT_CLOSED
    answers = refuse_all(because, "S-5")
    return Verdict((), rights, answers, None, refusal, (), ())


def judge(organization: Organization, connector: ReceiveConnector, session: Session) -> Verdict:
    """Return the verdict of the connector that answers; the client's address plays no part."""
    return judge_message(admit(organization, connector, session), session)


def admit(organization: Organization, connector: ReceiveConnector, session: Session) -> Admission:
    """Return who the session is on a connector and what it may do, its message left out."""
    identity = identify(organization, connector, session)
    refusal = identity.refusal
    if refusal is not None:
        answers = refuse_all(refusal.because, refusal.rule, refusal.right)
        rights = no_grants(organization)
        assumptions, notes = identity.assumptions, identity.notes
        return Admission(Verdict((), rights, answers, None, refusal, assumptions, notes), None)
    standing = stand(organization, connector, identity, tls=session.tls)
    principals, rights = identity.principals, standing.rights
    if identity.kind is IdentityKind.ACCOUNT and not standing.holds(Right.SUBMIT):
        refusal = submit_refusal()
        answers = refuse_all(refusal.because, refusal.rule, refusal.right)
        return Admission(Verdict(principals, rights, answers, None, refusal, (), ()), None)
    regarded, assumptions = auth_as(standing)
    answers = answer_all(standing, regarded)
    assumptions = identity.assumptions + assumptions + users_on_old_edge(standing, answers)
    notes = identity.notes + _notes(standing, answers)
    missing = missing_certificate(standing)
    return Admission(
        Verdict(principals, rights, answers, regarded, None, assumptions, notes, None, missing),
        standing,
    )


def judge_message(admission: Admission, session: Session) -> Verdict:
    """Return the whole verdict: what was decided before, and what the message meets."""
    verdict, standing = admission
    if standing is None:
        return verdict
    found = _message(standing, session)
    # What the client is comes first, then what its message met, then the general remarks.
    first = len(standing.identity.notes)
    return verdict._replace(
        refusal=found.refusal,
        assumptions=verdict.assumptions + found.assumptions,
        notes=verdict.notes[:first] + found.notes + verdict.notes[first:],
        undecided=unknown_owner(found.unknown_owner, session.user),
    )


def _message(standing: AuthenticatedSession, session: Session) -> CommandCheck:
    """Return the first refusal of the message that is asked about, with all that took part."""
    found = check_submit(standing)
    if found.refusal is not None:
        return found
    refusal = check_size(standing, session.size, Stage.MAIL_FROM)
    if refusal is not None:
        return CommandCheck(refusal)
    taken = 0
    first: CommandCheck | None = None
    for recipient in session.rcpt_to:
        found = check_recipient(standing, recipient, taken)
        if found.refusal is None:
            taken += 1
        elif first is None:
            first = found
    if first is not None:
        return first
    found = check_content(standing, session.mail_from, session.header_from)
    if found.refusal is not None or found.unknown_owner is not None:
        return found
    return CommandCheck(check_size(standing, session.size, Stage.END_OF_DATA), found.assumptions)


def unknown_owner(sender: str | None, user: str | None) -> Undecided | None:
    """Return the question whether ``sender`` is the account's own address, ``None`` for no sender.

    Args:
        sender: The address, or ``None``.
        user: The account as it was named, or ``None``.
    """
    if sender is None:
        return None
    text = f"whether `{sender}` is the account's own address, or one it holds Send As on"
    who = f"no account `{user}` is configured" if user else "no account is named"
    return Undecided("O-7", "--user", text, (f"{who}: name one whose addresses are listed",))


def _notes(standing: AuthenticatedSession, answers: Answers) -> tuple[Note, ...]:
    notes = []
    if answers.bypass_size_limit.answer:
        text = "only the connector's size limit is bypassed; organization and recipient limits stay"
        notes.append(Note("O-6", text))
    connector = standing.connector
    if standing.identity.kind is IdentityKind.ACCOUNT:
        if not answers.own_domain_sender.answer and not standing.account_on_edge:
            notes.append(Note("O-7", "an account may always use its own addresses as sender"))
        if connector.is_front_end:
            notes += _proxied_account(standing)
    elif connector.is_front_end and standing.identity.kind in (
        IdentityKind.ANONYMOUS,
        IdentityKind.EXTERNALLY_SECURED,
    ):
        behind = back_end(standing.organization)
        if behind is not None:
            text = f"an accepted message goes on to the back-end connector `{behind.name}`"
            notes.append(Note("P-1", text))
    return tuple(notes)


def _proxied_account(standing: AuthenticatedSession) -> list[Note]:
    proxy = client_proxy(standing.organization)
    if proxy is None:
        return []
    text = f"an account's session is proxied to `{proxy.name}`, which judges the senders"
    notes = [Note("P-2", text)]
    behind = stand(standing.organization, proxy, standing.identity, tls=standing.tls)
    for right in (Right.ACCEPT_ANY_SENDER, Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER):
        if standing.holds(right) and not behind.holds(right):
            text = (
                f"{right.value} on the front-end connector alone does nothing for an account: "
                f"it is missing on `{proxy.name}`"
            )
            notes.append(Note("P-3", text))
    return notes
