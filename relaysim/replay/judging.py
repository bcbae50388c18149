"""What the model predicts for a logged session, held against what the log shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from relaysim.engine.compiled.organization import Compiled
from relaysim.model.decision import Reason, Stage
from relaysim.model.rights import LOG_ORDER, RIGHT_FACTS
from relaysim.net.address import parse_address
from relaysim.net.notation import format_range
from relaysim.replay.asking import (
    answers_to,
    asked_of,
    example_address,
    logged_words,
    outcome_words,
)
from relaysim.replay.logged import FOREIGN
from relaysim.replay.own_servers import own_addresses, server_reason
from relaysim.replay.replies import ReplyMatch, match_reply, unknown_fact
from relaysim.smtp.listener import permission_tokens

if TYPE_CHECKING:
    from relaysim.model.decision import Decision, Refusal
    from relaysim.model.organization import Organization
    from relaysim.net.address import Address
    from relaysim.replay.logged import LoggedSession, LoggedTransaction

__all__ = ["JudgedSession", "ReplayOutcome", "SessionJudge", "narrowed_to"]

_RIGHT_OF_TOKEN = {facts.token: right for right, facts in RIGHT_FACTS.items() if facts.token}
_JUDGED = {RIGHT_FACTS[right].token for right in LOG_ORDER}


class ReplayOutcome(Enum):
    """What comparing a session with the model gives; the value is what is printed."""

    SAME = "same"
    DIFFERENT = "different"
    CANNOT_TELL = "cannot tell"
    NOT_A_CLIENT = "not a client"


class JudgedSession(NamedTuple):
    """A session compared with the model.

    Attributes:
        outcome: The result.
        why: What differs, what is missing, or why it is no client; empty for the same.
        predicted: What the model says, in words.
        logged: What the log says, in words.
        connector: The predicted connector's name, ``None`` when none answers or it is open.
    """

    outcome: ReplayOutcome
    why: tuple[str, ...]
    predicted: str
    logged: str
    connector: str | None


@dataclass(slots=True)
class _Comparison:
    """What is found while one session is compared."""

    different: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seen: bool = False
    """Whether any reply could be compared."""


class SessionJudge:
    """Compares sessions with one organization; prepared once, asked often."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self._servers: dict[str, Compiled | None] = {}
        self._own = own_addresses(organization)

    def judge(self, session: LoggedSession, client: str) -> JudgedSession:
        """Return how a logged session of a client stands to the model.

        Args:
            session: The session.
            client: The client's address, ``""`` where the log hides it.
        """
        logged = logged_words(session)
        compiled = self.server(session.server)
        if compiled is None:
            text = f"server `{session.server}` is not described"
            return JudgedSession(ReplayOutcome.CANNOT_TELL, (text,), "", logged, None)
        between = self.between(session, client)
        if between:
            return JudgedSession(ReplayOutcome.NOT_A_CLIENT, (between,), "", logged, None)
        if not client:
            text = "the log does not show the client's address"
            return JudgedSession(ReplayOutcome.CANNOT_TELL, (text,), "", logged, None)
        if session.kind == "tracking":
            session = self._placed(compiled, session)
        if session.port is None:
            text = "the log does not show the server's port"
            return JudgedSession(ReplayOutcome.CANNOT_TELL, (text,), "", logged, None)
        return self._compare(compiled, session, parse_address(client), logged)

    def answers(self, session: LoggedSession, client: str) -> tuple[object, ...]:
        """Return what the model answers a logged session, command by command; equal when alike.

        Empty where it is not to be told: another server's, between servers, a hidden client.
        """
        compiled = self.server(session.server)
        if compiled is None or not client or self.between(session, client):
            return ()
        if session.kind == "tracking":
            session = self._placed(compiled, session)
        if session.port is None:
            return ()
        return answers_to(compiled, session, parse_address(client))

    def _placed(self, compiled: Compiled, session: LoggedSession) -> LoggedSession:
        """Return a tracked message with the port that its connector is described with, if one."""
        wanted = session.connector.casefold()
        for connector in compiled.organization.connectors:
            ports = {binding.port for binding in connector.bindings}
            if connector.name.strip().casefold() == wanted and len(ports) == 1:
                return session._replace(port=ports.pop())
        return session

    def between(self, session: LoggedSession, client: str) -> str:
        """Return why a session is one between servers, ``""`` for a client's."""
        compiled = self.server(session.server)
        exchange = None if compiled is None else compiled.organization.only.exchange
        return server_reason(self._own, exchange, session, client)

    def server(self, name: str) -> Compiled | None:
        """Return the described server of this name, ``None`` when there is none.

        A log without a server's name is of the only server there is.
        """
        folded = name.casefold()
        if folded not in self._servers:
            narrowed = narrowed_to(self.organization, name)
            self._servers[folded] = None if narrowed is None else Compiled(narrowed)
        return self._servers[folded]

    def _compare(
        self, compiled: Compiled, session: LoggedSession, client: Address, logged: str
    ) -> JudgedSession:
        found = _Comparison()
        decision = asked_of(compiled, session, client)
        connector = decision.connector.name if decision.connector is not None else None
        if decision.undecided is not None and decision.connector is None:
            found.open.append(f"{decision.undecided.text} ({decision.undecided.rule})")
        else:
            self._connector(found, decision, session)
            _permissions(found, decision, session)
            _log_on(found, compiled, session, client)
            for transaction in session.transactions:
                _transaction(found, compiled, session, client, transaction)
        if not session.whole or not session.begun or not session.ended:
            _cut(found, session)
        predicted = outcome_words(compiled, session, client)
        if found.different:
            return JudgedSession(
                ReplayOutcome.DIFFERENT, tuple(found.different), predicted, logged, connector
            )
        if found.open:
            return JudgedSession(
                ReplayOutcome.CANNOT_TELL, tuple(found.open), predicted, logged, connector
            )
        return JudgedSession(ReplayOutcome.SAME, tuple(found.notes), predicted, logged, connector)

    def _connector(self, found: _Comparison, decision: Decision, session: LoggedSession) -> None:
        if session.kind == "client":
            return  # No client's log names the connector.
        name = session.connector.strip()
        predicted = decision.connector.name if decision.connector is not None else None
        if predicted is not None and predicted.strip().casefold() == name.casefold():
            return
        says = f"the description gives this client to `{predicted}`"
        if predicted is None:
            says = "the description gives this client to no connector"
        lost = [each for each in decision.lost if each.name.strip().casefold() == name.casefold()]
        if not lost:
            found.different.append(f"connector `{name}` is not described; {says}")
            return
        why = lost[0].reason.value.replace("-", " ")
        ranges = ""
        if lost[0].reason.value == "no-range":
            why = "no range of it as described holds the address"
            ranges = _ranges_of(session, self.server(session.server))
        found.different.append(f"{says}, not to `{name}`: {why}{ranges} (S-3)")


def narrowed_to(organization: Organization, name: str) -> Organization | None:
    """Return the organization with the one server a log names, ``None`` when it has none such."""
    if not name:
        return organization if len(organization.servers) == 1 else None
    known = {server.name.casefold() for server in organization.servers}
    return organization.on(name) if name.casefold() in known else None


def _ranges_of(session: LoggedSession, compiled: Compiled | None) -> str:
    if compiled is None:
        return ""
    name = session.connector.strip().casefold()
    for connector in compiled.organization.connectors:
        if connector.name.strip().casefold() == name:
            shown = ", ".join(format_range(entry) for entry in connector.remote_ip_ranges[:3])
            more = "" if len(connector.remote_ip_ranges) <= 3 else ", ..."
            return f" (described: {shown}{more})"
    return ""


def _permissions(found: _Comparison, decision: Decision, session: LoggedSession) -> None:
    if session.permissions is None or decision.connector is None:
        return
    if decision.connector.name.strip().casefold() != session.connector.strip().casefold():
        return
    has = set(session.permissions) & _JUDGED
    should = set(permission_tokens(decision.rights)) & _JUDGED
    found.seen = True
    for token in sorted(has - should):
        right = _RIGHT_OF_TOKEN[token]
        found.different.append(
            f"the log has {token}, the description grants no {right.value}: an entry is missing"
        )
    for token in sorted(should - has):
        right = _RIGHT_OF_TOKEN[token]
        grant = next(each for each in decision.rights if each.right is right)
        found.different.append(
            f"the description grants {right.value} ({grant.source}), the log has no {token}"
        )


def _log_on(
    found: _Comparison, compiled: Compiled, session: LoggedSession, client: Address
) -> None:
    if session.tls == "failed":
        found.open.append("TLS failed: the certificate or the client, not the configuration")
    if session.auth == "denied":
        found.open.append(
            "LogonDenied: the name or password was wrong, which no permission decides"
        )
        return
    decision = asked_of(
        compiled, session, client, anonymous=session.auth not in ("account", "refused")
    )
    refusal = decision.refusal
    early = refusal is not None and refusal.stage in (Stage.STARTTLS, Stage.AUTH)
    at_tls = refusal is not None and refusal.stage is Stage.STARTTLS
    if session.tls in ("done", "refused"):
        refused = session.tls == "refused"
        found.seen = True
        if refused != at_tls:
            found.different.append(_contrary("STARTTLS", session.auth_reply, refusal, refused))
            return
    if session.auth in ("account", "refused") and not at_tls:
        refused = session.auth == "refused"
        found.seen = True
        if refused and not early and session.auth_reply.startswith("535"):
            found.open.append("AUTH failed with 535: the password, or an account without Submit")
        elif refused != early:
            found.different.append(_contrary("AUTH", session.auth_reply, refusal, refused))


def _contrary(stage: str, reply: str, refusal: Refusal | None, refused: bool) -> str:  # noqa: FBT001
    if refused:
        return f"{stage} was refused ({reply}), the description lets it pass"
    assert refusal is not None  # noqa: S101  # accepted in the log and contrary: refused here
    return f"{stage} succeeded, the description refuses it: {refusal.reply} ({refusal.rule})"


def _transaction(
    found: _Comparison,
    compiled: Compiled,
    session: LoggedSession,
    client: Address,
    transaction: LoggedTransaction,
) -> None:
    sender = None if transaction.sender is None else example_address(transaction.sender)
    recipients = [r for r in transaction.recipients if r.domain is not None]
    taken = tuple(example_address(r.domain or "") for r in recipients if r.reply.startswith("2"))
    start = asked_of(compiled, session, client, mail_from=sender)
    refusal = start.refusal
    if refusal is not None and refusal.stage in (Stage.CONNECT, Stage.STARTTLS, Stage.AUTH):
        return
    at_mail = refusal if refusal is not None and refusal.stage is Stage.MAIL_FROM else None
    _reply(found, "MAIL FROM", transaction.mail_reply, at_mail)
    if at_mail is not None:
        return
    for recipient in recipients:
        whole = example_address(recipient.domain or "")
        decision = asked_of(compiled, session, client, rcpt_to=(whole,))
        refused = decision.refusal
        at_rcpt = refused if refused is not None and refused.stage is Stage.RCPT_TO else None
        _reply(found, f"RCPT TO {_spoken(recipient.domain)}", recipient.reply, at_rcpt)
    if not taken:
        return
    _end_of_data(
        found,
        asked_of(compiled, session, client, mail_from=sender, rcpt_to=taken),
        session,
        transaction,
    )


def _end_of_data(
    found: _Comparison, decision: Decision, session: LoggedSession, transaction: LoggedTransaction
) -> None:
    logged = transaction.data_reply
    if not logged:
        return
    if decision.undecided is not None:
        who = session.account or "the account"
        found.open.append(
            f"{decision.undecided.text} ({decision.undecided.rule}): `{who}` is not described"
        )
        found.seen = True
        return
    refused = decision.refusal
    if refused is not None and refused.stage in (Stage.MAIL_FROM, Stage.RCPT_TO):
        return
    if refused is None and "send as this sender" in logged:
        found.open.append("the From header decides, and no log shows it (O-7)")
        found.seen = True
        return
    if transaction.sender is None:
        found.notes.append("the log does not show the sender")
        return
    _reply(found, "end of data", logged, refused)


def _reply(found: _Comparison, stage: str, logged: str, predicted: Refusal | None) -> None:
    match = match_reply(logged, predicted)
    if match is ReplyMatch.NOT_LOGGED:
        return
    found.seen = True
    if match is ReplyMatch.OTHER_WORDS:
        said = predicted.reply if predicted is not None else ""
        found.notes.append(f"{stage}: `{logged}` where this version is taken to say `{said}`")
    elif match is ReplyMatch.OUTSIDE:
        fact = unknown_fact(logged)
        if fact is not None:
            found.open.append(f"{stage}: `{logged}` hangs on {fact}")
        else:
            found.notes.append(f"{stage}: `{logged}` is decided outside the connector")
    elif match is ReplyMatch.LOGGED_REFUSAL:
        found.different.append(f"{stage} was refused ({logged}), the description lets it pass")
    elif match is ReplyMatch.PREDICTED_REFUSAL:
        assert predicted is not None  # noqa: S101  # by the meaning of the match
        found.different.append(_would_refuse(stage, predicted))


def _would_refuse(stage: str, refusal: Refusal) -> str:
    right = f", {refusal.right.value}" if refusal.right is not None else ""
    entry = " by a deny entry" if refusal.because is Reason.DENY_ENTRY else ""
    return (
        f"{stage} was taken, the description refuses it{entry}: {refusal.reply} "
        f"({refusal.rule}{right})"
    )


def _cut(found: _Comparison, session: LoggedSession) -> None:
    missing = []
    if not session.begun:
        missing.append("its beginning")
    if not session.ended:
        missing.append("its end")
    if session.begun and session.ended and not session.whole:
        missing.append("rows of it")
    text = f"the log does not have {' and '.join(missing)}"
    lost = not session.begun or not session.whole
    if found.different and lost and "none" in (session.auth, session.tls):
        # What came before may have been STARTTLS and AUTH: the contrary is no contradiction.
        if not any("given" in each or "gives this client" in each for each in found.different):
            found.open.append(text)
            found.different.clear()
    elif not found.seen:
        found.open.append(text)
    else:
        found.notes.append(text)


def _spoken(domain: str | None) -> str:
    return "a foreign domain" if domain == FOREIGN else f"{domain}"
