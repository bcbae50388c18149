"""What a log shows of a session held against decisions, part by part."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from relaysim.model.decision import Reason, Stage
from relaysim.model.rights import LOG_ORDER, RIGHT_FACTS
from relaysim.replay.asking import (
    NOT_TRACKED,
    asked_of,
    example_address,
    logged_on,
    may_log_on,
    missing_facts,
)
from relaysim.replay.comparing.replies import ReplyMatch, match_reply, unknown_fact
from relaysim.replay.logged import FOREIGN
from relaysim.smtp.listener import permission_tokens

if TYPE_CHECKING:
    from relaysim.engine.compiled.organization import Compiled
    from relaysim.model.decision import Decision, Refusal
    from relaysim.net.address import Address
    from relaysim.replay.logged import LoggedSession, LoggedTransaction

__all__ = [
    "SessionComparison",
    "compare_cut",
    "compare_log_on",
    "compare_message",
    "compare_permissions",
    "compare_tracked",
]

_RIGHT_OF_TOKEN = {facts.token: right for right, facts in RIGHT_FACTS.items() if facts.token}
_JUDGED = {RIGHT_FACTS[right].token for right in LOG_ORDER}


@dataclass(slots=True)
class SessionComparison:
    """What is found while one session is compared."""

    different: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seen: bool = False
    """Whether any reply could be compared."""

    def contrary(self, text: str, decision: Decision, *rules: str) -> None:
        """Take what contradicts a decision: no difference where that was only assumed.

        Args:
            text: What contradicts it.
            decision: The decision.
            rules: Of the assumptions that may be what is wrong.
        """
        wrong = next((each for each in decision.assumptions if each.rule in rules), None)
        if wrong is None:
            self.different.append(text)
        else:
            self.open.append(f"{text}; it assumes: {wrong.text} ({wrong.rule})")

    def hangs(self, decision: Decision, *names: str) -> bool:
        """Note the facts that are not known and that parts of a decision hang on, if there are."""
        facts = missing_facts(decision, *names)
        self.open += [fact for fact in facts if fact not in self.open]
        return bool(facts)


def compare_permissions(
    found: SessionComparison, decision: Decision, session: LoggedSession
) -> None:
    """Hold the tokens that the log shows against the rights."""
    if session.permissions is None or decision.connector is None:
        return
    if decision.connector.name.strip().casefold() != session.connector.strip().casefold():
        return
    # Of a right that hangs on something unknown neither can be said.
    unknown = {RIGHT_FACTS[each.right].token for each in decision.rights if each.granted is None}
    has = (set(session.permissions) & _JUDGED) - unknown
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
        text = f"the description grants {right.value} ({grant.source}), the log has no {token}"
        found.contrary(text, decision, "G-3")


def compare_log_on(
    found: SessionComparison, compiled: Compiled, session: LoggedSession, client: Address
) -> None:
    """Hold what became of STARTTLS and AUTH against the decision."""
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
    if (session.tls, session.auth) != ("none", "none") and found.hangs(decision, "refusal"):
        found.seen = True
        return
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


def compare_message(
    found: SessionComparison,
    compiled: Compiled,
    session: LoggedSession,
    client: Address,
    transaction: LoggedTransaction,
) -> None:
    """Hold a message, command by command, against what is decided about each."""
    sender = None if transaction.sender is None else example_address(transaction.sender)
    recipients = [r for r in transaction.recipients if r.domain is not None]
    taken = tuple(example_address(r.domain or "") for r in recipients if r.reply.startswith("2"))
    start = asked_of(compiled, session, client, mail_from=sender)
    refusal = start.refusal
    if refusal is not None and refusal.stage in (Stage.CONNECT, Stage.STARTTLS, Stage.AUTH):
        return
    at_mail = refusal if refusal is not None and refusal.stage is Stage.MAIL_FROM else None
    _reply(found, "MAIL FROM", transaction.mail_reply, start, at_mail)
    if at_mail is not None:
        return
    for recipient in recipients:
        whole = example_address(recipient.domain or "")
        decision = asked_of(compiled, session, client, rcpt_to=(whole,))
        refused = decision.refusal
        at_rcpt = refused if refused is not None and refused.stage is Stage.RCPT_TO else None
        stage = f"RCPT TO {_spoken(recipient.domain)}"
        _reply(found, stage, recipient.reply, decision, at_rcpt)
    if not taken:
        return
    _end_of_data(
        found,
        asked_of(compiled, session, client, mail_from=sender, rcpt_to=taken),
        session,
        transaction,
    )


def compare_tracked(
    found: SessionComparison, compiled: Compiled, session: LoggedSession, client: Address
) -> None:
    """Hold a tracked message against what is decided: no tracking log shows AUTH or TLS.

    What contradicts an anonymous session in clear text is no difference where one that logged on
    could have sent it.
    """
    alone = SessionComparison()
    for transaction in session.transactions:
        compare_message(alone, compiled, session, client, transaction)
    found.seen |= alone.seen
    if alone.different and may_log_on(compiled, session, client):
        other = SessionComparison()
        for transaction in session.transactions:
            compare_message(other, compiled, logged_on(session), client, transaction)
        if not other.different:
            found.open.append(NOT_TRACKED)
            return
    found.different += alone.different
    found.open += alone.open
    found.notes += alone.notes


def _end_of_data(
    found: SessionComparison,
    decision: Decision,
    session: LoggedSession,
    transaction: LoggedTransaction,
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
    _reply(found, "end of data", logged, decision, refused)


def _reply(
    found: SessionComparison, stage: str, logged: str, decision: Decision, predicted: Refusal | None
) -> None:
    match = match_reply(logged, predicted)
    if match is ReplyMatch.NOT_LOGGED:
        return
    found.seen = True
    if found.hangs(decision, "refusal"):
        return
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
        text = f"{stage} was refused ({logged}), the description lets it pass"
        found.contrary(text, decision, "G-3", "O-10")
    elif match is ReplyMatch.PREDICTED_REFUSAL:
        assert predicted is not None  # noqa: S101  # by the meaning of the match
        found.contrary(_would_refuse(stage, predicted), decision, "O-10")


def _would_refuse(stage: str, refusal: Refusal) -> str:
    right = f", {refusal.right.value}" if refusal.right is not None else ""
    entry = " by a deny entry" if refusal.because is Reason.DENY_ENTRY else ""
    return (
        f"{stage} was taken, the description refuses it{entry}: {refusal.reply} "
        f"({refusal.rule}{right})"
    )


def compare_cut(found: SessionComparison, session: LoggedSession) -> None:
    """Take it that the log does not have all of the session."""
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
