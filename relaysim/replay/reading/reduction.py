"""The rows of one session, read as the dialogue they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.model.organization import domain_of
from relaysim.replay.logged import (
    FOREIGN,
    LoggedRecipient,
    LoggedSession,
    LoggedTransaction,
    plain_reply,
)
from relaysim.replay.reading.dialogue import GAP, LoggedDialogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from relaysim.importers.logs.message_tracking import TrackedMessage
    from relaysim.model.organization import AcceptedDomain

__all__ = ["ReducedDomains", "Rows", "SessionReader", "client_of", "split_endpoint"]

Rows = tuple[tuple[int, str, str, str], ...]
"""Sequence number, event, data, context of each row."""
_TRANSACTIONS_KEPT = 20


class ReducedDomains:
    """Says which domains a log's addresses are reduced to.

    With accepted domains every other domain is one, :data:`~relaysim.replay.logged.FOREIGN`;
    without, each stays itself.

    Attributes:
        accepted: The accepted domains known when the log was read, ``None`` when none were.
    """

    def __init__(self, accepted: Sequence[AcceptedDomain] | None) -> None:
        self.accepted = None if accepted is None else tuple(accepted)
        self._kept: dict[str, str] = {}

    def of(self, address: str) -> str:
        """Return what the domain of an address is reduced to."""
        text = address.rpartition("@")[2] if "@" in address else address
        found = self._kept.get(text)
        if found is None:
            if len(self._kept) > 100_000:
                self._kept.clear()
            found = self._kept[text] = self._reduced(address)
        return found

    def _reduced(self, address: str) -> str:
        domain = domain_of(address)
        if self.accepted is None:
            return domain
        return domain if any(a.matches(domain) for a in self.accepted) else FOREIGN


class SessionReader:
    """Reads rows of sessions into :class:`~relaysim.replay.logged.LoggedSession` values."""

    def __init__(self, domains: ReducedDomains) -> None:
        self._domains = domains
        self._replies: dict[str, str] = {}
        self._endpoints: dict[str, tuple[str | None, int | None]] = {}
        self._permissions: dict[str, tuple[str, ...]] = {}

    def read(self, connector: str, local: str, rows: Rows) -> LoggedSession:
        """Return the session that these rows, in the order of their numbers, tell of."""
        numbers = [row[0] for row in rows]
        return self.read_told(
            connector,
            local,
            _with_gaps(rows),
            begun=rows[0][1] == "+",
            ended=rows[-1][1] == "-",
            whole=numbers == list(range(numbers[0], numbers[0] + len(numbers))),
        )

    def read_told(
        self,
        connector: str,
        local: str,
        rows: Iterable[tuple[str, str, str]],
        *,
        begun: bool = True,
        ended: bool = True,
        whole: bool = True,
    ) -> LoggedSession:
        """Return the session that events, data and contexts in their order tell of."""
        dialogue = LoggedDialogue(self)
        received, sent, told = dialogue.received, dialogue.sent, dialogue.told
        for event, data, context in rows:
            if event == "<":
                received(data)
            elif event == ">":
                if data[3:4] != "-":
                    sent(data)
            elif event == "*":
                told(data, context)
            elif event == GAP:
                dialogue.lost()
        dialogue.finish()
        server, name = _split_name(connector)
        address, port = self.endpoint(local)
        return LoggedSession(
            server=server,
            connector=name,
            local_ip=address,
            port=port,
            tls=dialogue.tls,
            auth=dialogue.auth,
            mechanism=dialogue.mechanism,
            account=dialogue.account,
            auth_reply=dialogue.auth_reply,
            permissions=dialogue.permissions,
            proxied=dialogue.proxied,
            transactions=tuple(dict.fromkeys(dialogue.transactions))[:_TRANSACTIONS_KEPT],
            begun=begun,
            ended=ended,
            whole=whole,
        )

    def tracked(self, message: TrackedMessage) -> LoggedSession:
        """Return the session that a tracked message tells of: it was taken, and little more."""
        server, name = _split_name(message.connector)
        sender = message.sender
        recipients = dict.fromkeys(self.domain(each) for each in message.recipients)
        transaction = LoggedTransaction(
            "" if sender == "<>" else self.domain(sender) if sender else None,
            "250 2.1.0",
            tuple(LoggedRecipient(domain, "250 2.1.5") for domain in recipients),
            "250 2.6.0",
        )
        proxied = ""
        if message.original and message.original != message.client:
            proxied = "the message came through the front end, which the tracking log does not name"
        return LoggedSession(
            server=server.strip(),
            connector=name.strip(),
            local_ip=self.endpoint(f"{message.server}:0")[0] if message.server else None,
            port=None,
            tls="none",
            auth="none",
            mechanism="",
            account="",
            auth_reply="",
            permissions=None,
            proxied=proxied,
            transactions=(transaction,),
            begun=True,
            ended=True,
            whole=True,
            kind="tracking",
        )

    def endpoint(self, text: str) -> tuple[str | None, int | None]:
        """Return address and port of an endpoint, each ``None`` where the log hides it."""
        found = self._endpoints.get(text)
        if found is None:
            if len(self._endpoints) > 10_000:
                self._endpoints.clear()
            found = self._endpoints[text] = split_endpoint(text)
        return found

    def domain(self, address: str) -> str:
        """Return what an address is reduced to."""
        return self._domains.of(address)

    def reply(self, text: str) -> str:
        """Return a reply as sessions keep it."""
        found = self._replies.get(text)
        if found is None:
            if len(self._replies) > 10_000:
                self._replies.clear()
            found = self._replies[text] = plain_reply(text)
        return found

    def tokens(self, text: str) -> tuple[str, ...]:
        """Return the permission tokens of a row."""
        found = self._permissions.get(text)
        if found is None:
            if len(self._permissions) > 10_000:
                self._permissions.clear()
            found = self._permissions[text] = tuple(sorted(set(text.replace(",", " ").split())))
        return found


def _split_name(connector: str) -> tuple[str, str]:
    r"""Return server and name of ``SERVER\Name``, without a server an empty one."""
    server, slash, name = connector.partition("\\")
    return (server, name) if slash else ("", connector)


def _with_gaps(rows: Rows) -> Iterator[tuple[str, str, str]]:
    """Yield events, data and contexts, and a mark where the numbers say that rows are missing."""
    previous = rows[0][0] - 1
    for number, event, data, context in rows:
        if number != previous + 1:
            yield GAP, "", ""
        previous = number
        yield event, data, context


def client_of(remote: str) -> str:
    """Return the address of a client's endpoint in its canonical form, ``""`` where it is hidden.

    An IPv4-mapped IPv6 address is its IPv4 address.
    """
    found = _CLIENT_TEXTS.get(host := remote.rpartition(":")[0] or remote)
    if found is None:
        from relaysim.errors import InvalidInput
        from relaysim.net.address import parse_address, unmap

        if len(_CLIENT_TEXTS) > 100_000:
            _CLIENT_TEXTS.clear()
        try:
            found = str(unmap(parse_address(host.strip("[] ").partition("%")[0])))
        except InvalidInput:
            found = ""
        _CLIENT_TEXTS[host] = found
    return found


_CLIENT_TEXTS: dict[str, str] = {}


def split_endpoint(text: str) -> tuple[str | None, int | None]:
    """Return address and port of ``address:port``, each ``None`` where it is hidden.

    >>> split_endpoint("10.0.0.1:25")
    ('10.0.0.1', 25)
    >>> split_endpoint("[fe80::1%11]:25")
    ('fe80::1', 25)
    >>> split_endpoint("x.x.x.x:25")
    (None, 25)
    """
    from relaysim.errors import InvalidInput
    from relaysim.net.address import parse_address

    host, _, port = text.strip().rpartition(":")
    if not host or not port.isdigit() or len(port) > 5:
        host, port = text.strip(), ""
    host = host.strip("[]").partition("%")[0]
    try:
        parse_address(host)
    except InvalidInput:
        return None, int(port) if port else None
    return host, int(port) if port else None
