"""Logged sessions asked of a changed configuration: whom it would break, whom let in."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from relaysim.model.decision import Stage
from relaysim.net.address import parse_address
from relaysim.replay.asking import (
    NOT_TRACKED,
    asked_of,
    example_address,
    logged_on,
    may_log_on,
    missing_facts,
)
from relaysim.replay.comparing.replies import is_permission_refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relaysim.engine.compiled.organization import Compiled
    from relaysim.model.decision import Decision, Refusal
    from relaysim.net.address import Address
    from relaysim.replay.judging import SessionJudge
    from relaysim.replay.logged import LoggedSession, LoggedTransaction

__all__ = ["WhatIf", "WhatIfOutcome", "what_if"]


class WhatIfOutcome(Enum):
    """What a changed configuration does to a session; the value is what is printed."""

    REFUSED = "now refused"
    ALLOWED = "newly allowed"
    MOVES = "moves"
    SAME = "same"
    CANNOT_TELL = "cannot tell"
    NOT_A_CLIENT = "not a client"


class WhatIf(NamedTuple):
    """A session under a changed configuration.

    Attributes:
        outcome: The result; a refusal goes before an allowance, both before a move.
        why: What changes.
        connector: The connector that would answer, ``None`` when none does.
    """

    outcome: WhatIfOutcome
    why: tuple[str, ...]
    connector: str | None


def what_if(judge: SessionJudge, session: LoggedSession, client: str) -> WhatIf:
    """Return what the configuration of ``judge`` would do to a logged session.

    Held against the log, not against another configuration: what the log shows accepted and the
    configuration refuses is *now refused*, what it shows refused by a connector's permissions and
    the configuration lets pass is *newly allowed*.
    """
    compiled = judge.server(session.server)
    if compiled is None:
        text = f"server `{session.server}` is not described"
        return WhatIf(WhatIfOutcome.CANNOT_TELL, (text,), None)
    between = judge.between(session, client)
    if between:
        return WhatIf(WhatIfOutcome.NOT_A_CLIENT, (between,), None)
    session = judge.placed(compiled, session)
    if not client or session.port is None:
        text = "the log does not show the client's address or the server's port"
        return WhatIf(WhatIfOutcome.CANNOT_TELL, (text,), None)
    return judge.once(_ask_of, compiled, session, parse_address(client))


def _ask_of(compiled: Compiled, session: LoggedSession, client: Address) -> WhatIf:
    found = _ask(compiled, session, client)
    if session.kind == "tracking" and found.outcome is WhatIfOutcome.REFUSED:
        # No tracking log shows AUTH or TLS.
        account = may_log_on(compiled, session, client)
        if account and _ask(compiled, logged_on(session), client).outcome is not found.outcome:
            return WhatIf(WhatIfOutcome.CANNOT_TELL, (NOT_TRACKED,), found.connector)
    return found


class _Asking(NamedTuple):
    """A session that is asked about again, and the three lists that its messages fill."""

    compiled: Compiled
    session: LoggedSession
    client: Address
    refused: list[str]
    allowed: list[str]
    open: list[str]

    def hangs(self, decision: Decision) -> bool:
        """Note the facts that are not known and that decide whether something is refused."""
        facts = missing_facts(decision, "refusal")
        self.open.extend(facts)
        return bool(facts)

    def ask(self, *, mail_from: str | None = None, rcpt_to: tuple[str, ...] = ()) -> Decision:
        """Return what is decided about a message of this session."""
        return asked_of(
            self.compiled, self.session, self.client, mail_from=mail_from, rcpt_to=rcpt_to
        )


def _ask(compiled: Compiled, session: LoggedSession, client: Address) -> WhatIf:
    decision = asked_of(compiled, session, client)
    if decision.undecided is not None:
        undecided = decision.undecided
        return WhatIf(WhatIfOutcome.CANNOT_TELL, (f"{undecided.text} ({undecided.rule})",), None)
    name = decision.connector.name if decision.connector is not None else None
    asking = _Asking(compiled, session, client, [], [], [])
    refused, allowed, open_ = asking.refused, asking.allowed, asking.open
    open_ += missing_facts(decision, "connector", "refusal")
    early = decision.refusal
    if early is not None and early.stage in (Stage.CONNECT, Stage.STARTTLS, Stage.AUTH):
        if not _failed_early(session):
            refused.append(_said(early.stage.value, early))
    else:
        if session.auth == "refused" and session.auth_reply[:3] in ("504", "535"):
            again = asked_of(compiled, session, client, anonymous=False)
            stage = again.refusal.stage if again.refusal is not None else None
            if stage is not Stage.AUTH:
                allowed.append("AUTH would be offered")
        for transaction in session.transactions:
            _message(asking, transaction)
    moved = name is None or name.strip().casefold() != session.connector.strip().casefold()
    # No client's log names the connector.
    moved = moved and session.kind != "client"
    where = [f"moves to `{name}`"] if moved and name is not None else []
    if refused:
        return WhatIf(WhatIfOutcome.REFUSED, tuple(dict.fromkeys(refused + where)), name)
    if allowed:
        return WhatIf(WhatIfOutcome.ALLOWED, tuple(dict.fromkeys(allowed + where)), name)
    if open_:
        return WhatIf(WhatIfOutcome.CANNOT_TELL, tuple(dict.fromkeys(open_ + where)), name)
    if moved and name is not None:
        relays = any(
            r.domain is not None and r.reply.startswith("2") and not _accepted(compiled, r.domain)
            for each in session.transactions
            for r in each.recipients
        )
        text = f"moves to `{name}`, {'still relays' if relays else 'same replies'}"
        return WhatIf(WhatIfOutcome.MOVES, (text,), name)
    return WhatIf(WhatIfOutcome.SAME, (), name)


def _message(asking: _Asking, transaction: LoggedTransaction) -> None:
    """Note what would become of a message, command by command."""
    sender = None if transaction.sender is None else example_address(transaction.sender)
    asked = asking.ask(mail_from=sender)
    start = asked.refusal
    reply = transaction.mail_reply
    if reply and asking.hangs(asked):
        return
    if start is not None and start.stage is Stage.MAIL_FROM:
        if reply.startswith("2"):
            asking.refused.append(_said("MAIL FROM", start))
        return
    if reply and not reply.startswith("2"):
        if is_permission_refusal(reply):
            asking.allowed.append("would submit")
        return
    taken = tuple(_taken(asking, transaction))
    if taken and transaction.data_reply:
        _at_end(asking, transaction.data_reply, sender, taken)


def _taken(asking: _Asking, transaction: LoggedTransaction) -> Iterator[str]:
    """Yield the recipients that were taken and would be again; note those that differ."""
    for recipient in transaction.recipients:
        if recipient.domain is None:
            continue
        whole = example_address(recipient.domain)
        asked = asking.ask(rcpt_to=(whole,))
        if recipient.reply and asking.hangs(asked):
            continue
        found = asked.refusal
        at_rcpt = found if found is not None and found.stage is Stage.RCPT_TO else None
        was_taken = recipient.reply.startswith("2")
        if was_taken and at_rcpt is not None:
            asking.refused.append(_said("RCPT TO", at_rcpt))
        elif was_taken:
            yield whole
        elif at_rcpt is None and is_permission_refusal(recipient.reply):
            accepted = _accepted(asking.compiled, recipient.domain)
            asking.allowed.append("would be taken" if accepted else "would relay")


def _at_end(asking: _Asking, reply: str, sender: str | None, taken: tuple[str, ...]) -> None:
    """Note what would be answered at the end of the data."""
    end = asking.ask(mail_from=sender, rcpt_to=taken)
    if asking.hangs(end):
        return
    if end.undecided is not None:
        asking.open.append(f"{end.undecided.text} ({end.undecided.rule})")
    elif reply.startswith("2") and end.refusal is not None:
        asking.refused.append(_said(end.refusal.stage.value, end.refusal))
    elif "send as this sender" in reply and end.refusal is None and sender is not None:
        asking.allowed.append("would send as this sender")


def _failed_early(session: LoggedSession) -> bool:
    return session.auth in ("refused", "denied") or session.tls in ("refused", "failed")


def _accepted(compiled: Compiled, domain: str) -> bool:
    return compiled.organization.is_accepted(domain)


def _said(stage: str, refusal: Refusal) -> str:
    return f"{stage}: {refusal.reply or 'connection refused'} ({refusal.rule})"
