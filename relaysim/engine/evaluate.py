"""One question, one answer: selection, identity, access and outcome put together."""

from typing import NamedTuple

from relaysim.engine.access import no_grants
from relaysim.engine.identity import IdentityKind, identify, submit_refusal
from relaysim.engine.outcome import (
    answer_all,
    auth_as,
    check_content_sender,
    check_envelope_sender,
    check_recipient,
    check_size,
    check_submit,
    refuse_all,
)
from relaysim.engine.selection import Selection, select
from relaysim.engine.standing import Finding, Standing, client_proxy, stand
from relaysim.model.decision import (
    Answers,
    Assumption,
    AuthAs,
    Because,
    Decision,
    Grant,
    Note,
    Refusal,
    Stage,
    Undecided,
)
from relaysim.model.organization import Organization
from relaysim.model.principals import Principal
from relaysim.model.rights import Right
from relaysim.model.session import Session

__all__ = ["evaluate", "unknown_owner"]


class _Verdict(NamedTuple):
    """What is decided once a connector has answered."""

    principals: tuple[Principal, ...]
    rights: tuple[Grant, ...]
    answers: Answers
    auth_as: AuthAs | None
    refusal: Refusal | None
    assumptions: tuple[Assumption, ...]
    notes: tuple[Note, ...]
    undecided: Undecided | None = None


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
    if selection.connector is None:
        verdict = _nobody(organization, selection)
    else:
        verdict = _identified(organization, selection, session)
    return Decision(
        session=session,
        connector=selection.connector,
        range=selection.range,
        binding=selection.binding,
        lost=selection.lost,
        principals=verdict.principals,
        rights=verdict.rights,
        answers=verdict.answers,
        auth_as=verdict.auth_as,
        refusal=verdict.refusal,
        assumptions=selection.assumptions + verdict.assumptions,
        notes=verdict.notes,
        undecided=verdict.undecided,
    )


def _nobody(organization: Organization, selection: Selection) -> _Verdict:
    rights = no_grants(organization)
    if selection.undecided is not None:
        answers = refuse_all(Because.UNDECIDED, selection.undecided.rule)
        return _Verdict((), rights, answers, None, None, (), (), selection.undecided)
    refusal = selection.refusal
    because = refusal.because if refusal is not None else Because.PORT_CLOSED
    answers = refuse_all(because, "S-5")
    return _Verdict((), rights, answers, None, refusal, (), ())


def _identified(organization: Organization, selection: Selection, session: Session) -> _Verdict:
    connector = selection.connector
    assert connector is not None  # noqa: S101  # the caller asked for a winner
    identity = identify(organization, connector, session)
    refusal = identity.refusal
    if refusal is not None:
        answers = refuse_all(refusal.because, refusal.rule, refusal.right)
        rights = no_grants(organization)
        return _Verdict((), rights, answers, None, refusal, identity.assumptions, identity.notes)
    standing = stand(organization, connector, identity, tls=session.tls)
    if identity.kind is IdentityKind.ACCOUNT and not standing.holds(Right.SUBMIT):
        refusal = submit_refusal()
        answers = refuse_all(refusal.because, refusal.rule, refusal.right)
        return _Verdict(identity.principals, standing.rights, answers, None, refusal, (), ())
    regarded, assumptions = auth_as(standing)
    answers = answer_all(standing, regarded)
    found = _message(standing, session)
    undecided = unknown_owner(found.unknown_owner, session.user)
    return _Verdict(
        principals=identity.principals,
        rights=standing.rights,
        answers=answers,
        auth_as=regarded,
        refusal=found.refusal,
        assumptions=identity.assumptions + assumptions + found.assumptions,
        notes=identity.notes + found.notes + _notes(standing, answers),
        undecided=undecided,
    )


def _message(standing: Standing, session: Session) -> Finding:
    """Return the first refusal of the message that is asked about, with all that took part."""
    refusal = check_submit(standing) or check_size(standing, session.size, Stage.MAIL_FROM)
    if refusal is not None:
        return Finding(refusal)
    assumptions: tuple[Assumption, ...] = ()
    if session.mail_from is not None:
        found = check_envelope_sender(standing, session.mail_from)
        if found.refusal is not None or found.unknown_owner is not None:
            return found
        assumptions = found.assumptions
    taken = 0
    first: Finding | None = None
    for recipient in session.rcpt_to:
        found = check_recipient(standing, recipient, taken)
        if found.refusal is None:
            taken += 1
        elif first is None:
            first = found
    if first is not None:
        return first._replace(assumptions=assumptions)
    found = check_content_sender(standing, session.mail_from, session.header_from)
    assumptions = tuple(dict.fromkeys(assumptions + found.assumptions))
    if found.refusal is not None or found.unknown_owner is not None:
        return found._replace(assumptions=assumptions)
    return Finding(check_size(standing, session.size, Stage.END_OF_DATA), assumptions)


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


def _notes(standing: Standing, answers: Answers) -> tuple[Note, ...]:
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
        text = (
            f"an accepted message goes on to the back-end connector `Default {_server(standing)}`"
        )
        notes.append(Note("P-1", text))
    return tuple(notes)


def _proxied_account(standing: Standing) -> list[Note]:
    proxy = client_proxy(standing.organization)
    if proxy is None:
        return []
    text = f"an account's session is proxied to `{proxy.name}`, which judges the From header"
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


def _server(standing: Standing) -> str:
    return standing.organization.server
