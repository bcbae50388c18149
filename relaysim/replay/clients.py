"""A client's own log held against the description: would it have got these replies here?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from relaysim.errors import InvalidInput
from relaysim.net.address import format_address, parse_address
from relaysim.replay.judging import JudgedSession, ReplayOutcome
from relaysim.replay.logged import LoggedRecipient, LoggedSession, LoggedTransaction, plain_reply
from relaysim.replay.what_if import WhatIf, WhatIfOutcome, what_if

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from relaysim.importers.logs.client_session import ClientSession
    from relaysim.model.organization import Organization
    from relaysim.model.server import Server
    from relaysim.replay.judging import SessionJudge

__all__ = ["ToldSession", "judge_client", "what_if_client"]

_Told = TypeVar("_Told", JudgedSession, WhatIf)


class ToldSession(NamedTuple):
    """A session that a client's log shows.

    Attributes:
        file: Name of the log.
        session: What it shows.
        judged: Compared with the description, ``None`` without one.
        what_if: Asked of the changed configuration, ``None`` without one.
    """

    file: str
    session: ClientSession
    judged: JudgedSession | None = None
    what_if: WhatIf | None = None

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.file}:{self.session.line}"


def judge_client(judge: SessionJudge, session: ClientSession) -> JudgedSession:
    """Return how a session in a client's log stands to the description.

    A log that does not name the port or the server is held against each that it may be; where
    they do not agree that fact is missing.

    Args:
        judge: Holds the description.
        session: What the log shows.
    """
    found = _everywhere(judge, session, judge.judge)
    if isinstance(found, str):
        return JudgedSession(ReplayOutcome.CANNOT_TELL, (found,), "", "", None)
    return found


def what_if_client(judge: SessionJudge, session: ClientSession) -> WhatIf:
    """Return what a changed configuration would do to a session in a client's log.

    No client's log names the connector, so that none is told to move.

    Args:
        judge: Holds the changed configuration.
        session: What the log shows.
    """

    def ask(logged: LoggedSession, client: str) -> WhatIf:
        return what_if(judge, logged, client)

    found = _everywhere(judge, session, ask)
    return WhatIf(WhatIfOutcome.CANNOT_TELL, (found,), None) if isinstance(found, str) else found


def _everywhere(
    judge: SessionJudge, session: ClientSession, ask: Callable[[LoggedSession, str], _Told]
) -> _Told | str:
    """Return the one answer of every place that a log may speak of, or why there is none."""
    client = _address(session.client)
    if client is None:
        return "the log does not show the client's address as the server saw it"
    found: dict[str, _Told] = {}
    for server, port in _places(judge.organization, session):
        told = ask(_as_logged(session, server.name, port), client)
        if told.outcome not in (ReplayOutcome.NOT_A_CLIENT, WhatIfOutcome.NOT_A_CLIENT):
            found[f"{server.name} port {port}"] = told
    if not found:
        return "no described server listens on this port"
    if len({told.outcome for told in found.values()}) == 1:
        return next(iter(found.values()))
    missing = "the server's port" if session.port is None else "which server answered"
    places = (f"{place}: {told.outcome.value}" for place, told in found.items())
    return f"the log does not show {missing}; {', '.join(places)}"


def _address(text: str | None) -> str | None:
    """Return an address as logs write it, ``None`` for what is none."""
    try:
        return format_address(*parse_address(text or ""))
    except InvalidInput:
        return None


def _places(organization: Organization, session: ClientSession) -> Iterator[tuple[Server, int]]:
    """Yield the servers and ports that a log may speak of."""
    name = (session.server or "").casefold()
    named = [server for server in organization.servers if name and _is_called(server, name)]
    for server in named or organization.servers:
        ports = {
            binding.port
            for connector in server.connectors
            if connector.enabled
            for binding in connector.bindings
        }
        for port in sorted(ports):
            if session.port in (None, port):
                yield server, port


def _is_called(server: Server, name: str) -> bool:
    """Tell whether a client means a server: by its name, its full name or an address."""
    known = [server.name, server.fqdn, *(format_address(*each) for each in server.addresses)]
    return name in map(str.casefold, known) or name.partition(".")[0] == server.name.casefold()


def _as_logged(session: ClientSession, server: str, port: int) -> LoggedSession:
    refused = plain_reply(session.refusal) if session.refusal is not None else ""
    auth = "none"
    if session.auth is not None:
        auth = "refused" if session.stage == "AUTH" else "account"
    early = session.stage in ("STARTTLS", "AUTH")
    return LoggedSession(
        server=server,
        connector="",
        local_ip=None,
        port=port,
        tls="done" if session.tls else "refused" if session.stage == "STARTTLS" else "none",
        auth=auth,
        mechanism="",
        account=session.account or "",
        auth_reply=refused if early else "",
        permissions=None,
        proxied="",
        transactions=() if early else tuple(_transactions(session, refused)),
        begun=True,
        ended=True,
        whole=True,
        kind="client",
    )


def _transactions(session: ClientSession, refused: str) -> Iterator[LoggedTransaction]:
    if session.sender is None and not session.recipients and session.stage is None:
        return
    at_mail, at_end = session.stage == "MAIL FROM", session.stage in ("DATA", "end of data")
    yield LoggedTransaction(
        session.sender,
        refused if at_mail else "250" if session.recipients else "",
        tuple(LoggedRecipient(r.address, plain_reply(r.reply)) for r in session.recipients),
        refused if at_end else "250" if session.accepted else "",
    )
