"""A question about an organization of any number of servers, known completely or in part.

:mod:`relaysim.engine.evaluate` judges one server of which everything is known; this is what the
rest of the program asks.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from relaysim.engine.evaluate import evaluate as evaluate_known
from relaysim.engine.evaluate import nobody
from relaysim.engine.selection import select
from relaysim.engine.variants import newest
from relaysim.engine.worlds import is_partial, verdict_on
from relaysim.lean import replace
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import (
    Answers,
    AuthAs,
    Decision,
    Refusal,
    Selection,
    ServerAnswer,
    Undecided,
)
from relaysim.model.organization import Organization
from relaysim.model.session import Session
from relaysim.net.address import Address, unmap

__all__ = ["ambiguity", "asked_among", "asked_servers", "essence", "evaluate", "together"]

if TYPE_CHECKING:
    from typing import Protocol

    class Decided(Protocol):
        """A decision, or what was decided without the names in it."""

        @property
        def answers(self) -> Answers: ...
        @property
        def auth_as(self) -> AuthAs | None: ...
        @property
        def refusal(self) -> Refusal | None: ...
        @property
        def undecided(self) -> Undecided | None: ...


def evaluate(organization: Organization, session: Session) -> Decision:
    """Decide one session: which connector answers, what it may do, and what is refused first.

    A client talks to one server. Where several could be meant and all decide alike, the answer
    names them all; where they differ, the question is ambiguous, and every outcome is listed (S-8).
    What hangs on something that is not known is undecided, and the missing fact is named.

    Never raises for a legal model: what cannot be decided is in ``Decision.undecided`` and
    ``Decision.missing``.

    Returns:
        The decision, complete with reasons; equal for equal arguments.

    >>> from relaysim import Session, load, parse_address
    >>> decision = evaluate(load("builtin:option-1"), Session(ip=parse_address("192.168.2.55")))
    >>> decision.answers.relay.answer
    True
    """
    asked = asked_servers(organization, session)
    decisions = [_on_one(each, session) for each in asked]
    return decisions[0] if len(organization.servers) == 1 else together(asked, decisions)


def together(asked: Sequence[Organization], decisions: Sequence[Decision]) -> Decision:
    """Return what some of several servers say together: one answer, or every outcome (S-8).

    Args:
        asked: The organization once for each server that was asked, with only that server.
        decisions: What each of them decides about the session.
    """
    undecided = ambiguity(asked, decisions)
    if undecided is None:
        return _naming(asked, decisions)
    return _ambiguous(asked[0], decisions[0].session, undecided)


def asked_servers(organization: Organization, session: Session) -> tuple[Organization, ...]:
    """Return the organization once for each server that a session could be talking to.

    A local address that is one of a server's own picks it; otherwise one that only some servers
    bind by itself leaves those. An address of which nothing is known picks none.
    """
    return asked_among(organization.one_by_one(), session.local_ip)


def asked_among(
    every: tuple[Organization, ...], local_ip: Address | None
) -> tuple[Organization, ...]:
    """Return the servers that a local address leaves of all, as :func:`asked_servers` does.

    Args:
        every: The organization once for each server, with only that server.
        local_ip: The local address, ``None`` when none is named.
    """
    local = local_ip and unmap(local_ip)
    if local is None or len(every) == 1:
        return every
    owners = tuple(each for each in every if local in each.only.addresses)
    if owners:
        return owners
    binding = tuple(
        each
        for each in every
        if any(s.address == local for c in each.connectors if c.enabled for s in c.bindings)
    )
    return binding or every


def ambiguity(asked: Sequence[Organization], decisions: Sequence[Decision]) -> Undecided | None:
    """Return why servers do not give one answer, ``None`` when they decide alike (S-8)."""
    if len({essence(decision) for decision in decisions}) == 1:
        return None
    pairs = zip(asked, decisions, strict=True)
    text = "which of the servers the client connects to decides"
    options = tuple(f"{each.server}: {_outcome(decision)}" for each, decision in pairs)
    return Undecided("S-8", "--server", text, options)


def _on_one(organization: Organization, session: Session) -> Decision:
    if not is_partial(organization):
        return evaluate_known(organization, session)
    selection = select(organization, session)
    verdict = verdict_on(
        organization,
        selection.connector,
        session,
        refusal=selection.refusal,
        undecided=selection.undecided,
    )
    return Decision(session=session, selection=selection, verdict=verdict)


def _naming(asked: Sequence[Organization], decisions: Sequence[Decision]) -> Decision:
    """Return the first decision, with every server it holds for.

    What any of the servers assumes or misses to decide so is said too.
    """
    servers = tuple(
        ServerAnswer(each.server, _name(decision.connector))
        for each, decision in zip(asked, decisions, strict=True)
    )
    first = decisions[0]
    said = {(each.rule, each.affects) for each in first.assumptions}
    assumptions, missing = list(first.verdict.assumptions), list(first.verdict.missing)
    for each, decision in zip(asked[1:], decisions[1:], strict=True):
        for assumption in decision.assumptions:
            if (assumption.rule, assumption.affects) not in said:
                said.add((assumption.rule, assumption.affects))
                text = f"{each.server}: {assumption.text}"
                assumptions.append(assumption._replace(text=text))
        missing += (one for one in decision.verdict.missing if one not in missing)
    verdict = first.verdict._replace(assumptions=tuple(assumptions), missing=tuple(missing))
    return replace(first, servers=servers, verdict=verdict)


def _ambiguous(organization: Organization, session: Session, undecided: Undecided) -> Decision:
    selection = Selection(None, None, None, (), undecided=undecided)
    verdict = nobody(newest(organization), None, undecided)
    return Decision(session=session, selection=selection, verdict=verdict)


def _name(connector: ReceiveConnector | None) -> str | None:
    return None if connector is None else connector.name


def essence(found: "Decided") -> object:
    """Return what must be the same for two servers to decide alike."""
    refusal, undecided = found.refusal, found.undecided
    return (
        tuple((answer.answer, answer.denied) for answer in found.answers),
        found.auth_as,
        refusal and (refusal.stage, refusal.reply, refusal.recipient),
        undecided and (undecided.rule, undecided.text),
    )


def _outcome(decision: Decision) -> str:
    """Return what a server makes of the session, in a few words."""
    if decision.undecided is not None and decision.connector is None:
        return f"undecided, {decision.undecided.text} ({decision.undecided.rule})"
    name = f"connector `{decision.connector.name}`" if decision.connector else "no connector"
    submit, relay = decision.answers.submit.answer, decision.answers.relay.answer
    words = {True: "yes", False: "no", None: "undecided"}
    parts = [name, f"may submit {words[submit]}", f"may relay {words[relay]}"]
    parts += [
        f"{field.replace('_', ' ')} {words[answer.answer]}"
        for field, answer in zip(decision.answers._fields, decision.answers, strict=True)
        if field in ("bypass_anti_spam", "resolve_p2") and answer.answer is not False
    ]
    if decision.refusal is not None:
        reply = decision.refusal.reply or "the TCP connection is refused"
        parts.append(f"refused at {decision.refusal.stage.value}: {reply}")
    return ", ".join(parts)
