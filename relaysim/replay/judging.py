"""What the model predicts for a logged session, held against what the log shows."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from relaysim.engine.compiled.organization import Compiled
from relaysim.net.address import parse_address
from relaysim.net.notation import format_range
from relaysim.replay.asking import answers_to, asked_of, logged_words, outcome_words, place_of
from relaysim.replay.comparing.own_servers import own_addresses, server_reason
from relaysim.replay.comparing.sessions import (
    SessionComparison,
    compare_cut,
    compare_log_on,
    compare_message,
    compare_permissions,
    compare_tracked,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.model.decision import Decision
    from relaysim.model.organization import Organization
    from relaysim.net.address import Address
    from relaysim.replay.logged import LoggedSession

__all__ = ["JudgedSession", "ReplayOutcome", "SessionJudge", "narrowed_to"]

_T = TypeVar("_T")
_KEPT = 10_000
"""So many answers are remembered, for clients that are answered alike."""


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


class SessionJudge:
    """Compares sessions with one organization; prepared once, asked often."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self._servers: dict[str, Compiled | None] = {}
        self._alike: dict[tuple[object, ...], Any] = {}
        self._own = own_addresses(organization)

    def judge(self, session: LoggedSession, client: str) -> JudgedSession:
        """Return how a logged session of a client stands to the model.

        Args:
            session: The session.
            client: The client's address, ``""`` where the log hides it.
        """
        compiled = self.server(session.server)
        if compiled is None:
            return _untold(session, f"server `{session.server}` is not described")
        between = self.between(session, client)
        if between:
            words = logged_words(session)
            return JudgedSession(ReplayOutcome.NOT_A_CLIENT, (between,), "", words, None)
        if not client:
            return _untold(session, "the log does not show the client's address")
        session = self.placed(compiled, session)
        if session.port is None:
            return _untold(session, "the log does not show the server's port")
        return self.once(self._compare, compiled, session, parse_address(client))

    def once(
        self,
        ask: Callable[[Compiled, LoggedSession, Address], _T],
        compiled: Compiled,
        session: LoggedSession,
        client: Address,
    ) -> _T:
        """Return what is asked of a session: asked once for all clients that are answered alike.

        Args:
            ask: What asks it.
            compiled: The server.
            session: The session.
            client: The client.
        """
        key = ask, session, place_of(compiled, session, client)
        if key not in self._alike:
            if len(self._alike) >= _KEPT:
                self._alike.clear()
            self._alike[key] = ask(compiled, session, client)
        found: _T = self._alike[key]
        return found

    def answers(self, session: LoggedSession, client: str) -> tuple[object, ...]:
        """Return what the model answers a logged session, command by command; equal when alike.

        Empty where it is not to be told: another server's, between servers, a hidden client.
        """
        compiled = self.server(session.server)
        if compiled is None or not client or self.between(session, client):
            return ()
        session = self.placed(compiled, session)
        if session.port is None:
            return ()
        return answers_to(compiled, session, parse_address(client))

    def placed(self, compiled: Compiled, session: LoggedSession) -> LoggedSession:
        """Return a session; a tracked message with the port its connector is described with."""
        if session.kind != "tracking":
            return session
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
        self, compiled: Compiled, session: LoggedSession, client: Address
    ) -> JudgedSession:
        logged = logged_words(session)
        found = SessionComparison()
        decision = asked_of(compiled, session, client)
        connector = decision.connector.name if decision.connector is not None else None
        if decision.undecided is not None and decision.connector is None:
            found.open.append(f"{decision.undecided.text} ({decision.undecided.rule})")
        else:
            self._connector(found, decision, session)
            if session.kind == "tracking":
                compare_tracked(found, compiled, session, client)
            else:
                compare_permissions(found, decision, session)
                compare_log_on(found, compiled, session, client)
                for transaction in session.transactions:
                    compare_message(found, compiled, session, client, transaction)
        if not session.whole or not session.begun or not session.ended:
            compare_cut(found, session)
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

    def _connector(
        self, found: SessionComparison, decision: Decision, session: LoggedSession
    ) -> None:
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
        if found.hangs(decision, "connector"):
            return
        if not lost:
            found.different.append(f"connector `{name}` is not described; {says}")
            return
        why = lost[0].reason.value.replace("-", " ")
        ranges = ""
        if lost[0].reason.value == "no-range":
            why = "no range of it as described holds the address"
            ranges = _ranges_of(session, self.server(session.server))
        found.different.append(f"{says}, not to `{name}`: {why}{ranges} (S-3)")


def _untold(session: LoggedSession, why: str) -> JudgedSession:
    return JudgedSession(ReplayOutcome.CANNOT_TELL, (why,), "", logged_words(session), None)


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
