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

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.importers.logs.message_tracking import TrackedMessage
    from relaysim.model.organization import AcceptedDomain

__all__ = ["ReducedDomains", "Rows", "SessionReader", "split_endpoint"]

Rows = tuple[tuple[int, str, str, str], ...]
"""Sequence number, event, data, context of each row."""
_TRANSACTIONS_KEPT = 20
_RECIPIENTS_KEPT = 50
_SERVER_VERBS = {
    "XPRO": "the session was proxied by the front end",
    "XSHA": "a server asks for shadow copies",
    "XQDI": "a server asks for shadow copies",
    "X-AN": "the client asked for TLS between servers",
    "XSES": "a server hands session parameters on",
}


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
            (row[1:] for row in rows),
            begun=rows[0][1] == "+",
            ended=rows[-1][1] == "-",
            whole=numbers == list(range(numbers[0], numbers[0] + len(numbers))),
        )

    def read_told(  # what is known of the rows already
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
        dialogue = _Dialogue(self)
        received, sent, told = dialogue.received, dialogue.sent, dialogue.told
        for event, data, context in rows:
            if event == "<":
                received(data)
            elif event == ">":
                if data[3:4] != "-":
                    sent(data)
            elif event == "*":
                told(data, context)
        dialogue.finish()
        server, slash, name = connector.partition("\\")
        if not slash:
            server, name = "", connector
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
        server, slash, name = message.connector.partition("\\")
        if not slash:
            server, name = "", message.connector
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


class _Dialogue:
    """The state of one session while its rows are read."""

    __slots__ = (
        "_asked",
        "_data",
        "_mail",
        "_mail_reply",
        "_open",
        "_reader",
        "_recipients",
        "account",
        "auth",
        "auth_reply",
        "mechanism",
        "permissions",
        "proxied",
        "tls",
        "transactions",
    )

    def __init__(self, reader: SessionReader) -> None:
        self._reader = reader
        self._asked: list[tuple[str, str]] = []
        self._open = False
        self._mail: str | None = None
        self._mail_reply = ""
        self._recipients: list[LoggedRecipient] = []
        self._data = ""
        self.tls = self.auth = "none"
        self.mechanism = self.account = self.auth_reply = self.proxied = ""
        self.permissions: tuple[str, ...] | None = None
        self.transactions: list[LoggedTransaction] = []

    def received(self, data: str) -> None:
        """Take a command of the client."""
        verb = data[:4].upper()
        if verb in _SERVER_VERBS:
            self.proxied = self.proxied or _SERVER_VERBS[verb]
        elif verb == "X-EX":
            self.proxied = self.proxied or "the client logs on as an Exchange server"
            self.mechanism = "EXCHANGEAUTH"
        elif verb == "AUTH":
            words = data.split()
            self.mechanism = words[1].upper() if len(words) > 1 else ""
        elif verb == "MAIL":
            self._close()
            self._open = True
            self._mail = _path(data)
        self._asked.append((verb, data))

    def sent(self, data: str) -> None:
        """Take a reply of the server, its last line."""
        if not self._asked:
            # The banner, or what the server says unasked; the rest of a session without its head.
            self._unasked(data)
            return
        verb, command = self._asked[0]
        code = data[:3]
        if code in ("334", "354"):
            if verb in ("DATA", "BDAT"):
                self._asked[0] = ("*EOD", command)
            return
        del self._asked[0]
        if verb == "RCPT":
            self._recipient(_path(command), data)
        elif verb == "MAIL":
            self._mail_reply = self._reader.reply(data)
        elif verb in ("*EOD", "DATA") or (verb == "BDAT" and _is_final(command, code)):
            self._data = self._reader.reply(data)
            self._close()
        elif verb == "STAR":
            self._starttls(data)
        elif verb in ("AUTH", "X-EX"):
            self._logged_on(verb, data)
        elif verb in ("RSET", "EHLO", "HELO"):
            self._close()

    def told(self, data: str, context: str) -> None:
        """Take a row of information; its context may have the line's end."""
        context = context.rstrip("\r\n")
        if context == "Set Session Permissions":
            self.permissions = self._reader.tokens(data)
        elif context == "authenticated" or context.endswith(" authenticated"):
            self.account = data.strip()
        elif context.startswith("User Name:") or data.startswith("User Name:"):
            text = context if context.startswith("User") else data
            self.account = self.account or text.partition(":")[2].strip()
        elif "failed because" in context or "failed because" in data:
            reason = (context + data).partition("because of")[2] or context + data
            if "logondenied" in reason.replace(" ", "").lower():
                self.auth = "denied"
        elif "negotiation succeeded" in context:
            self.tls = "done"
        elif "negotiation failed" in context or "TLS negotiation failed" in data:
            self.tls = "failed"
        elif context == data:
            self._told_alone(data.strip())

    def _told_alone(self, data: str) -> None:
        """Take what a log without the context column tells: tokens, or who just logged on."""
        if data.startswith("SMTPSubmit"):
            self.permissions = self._reader.tokens(data)
        elif self._asked and self._asked[0][0] == "AUTH" and data and " " not in data:
            self.account = data

    def finish(self) -> None:
        """Take the end of the rows."""
        self._close()

    def _unasked(self, data: str) -> None:
        # Without the head of a session its first reply stands alone: 250 2.1.0 answers MAIL.
        if data.startswith("250 2.1.0") and not self._open:
            self._open = True
            self._mail_reply = self._reader.reply(data)

    def _recipient(self, address: str | None, data: str) -> None:
        self._open = True
        domain = None if address is None else self._reader.domain(address)
        found = LoggedRecipient(domain, self._reader.reply(data))
        if found not in self._recipients and len(self._recipients) < _RECIPIENTS_KEPT:
            self._recipients.append(found)

    def _starttls(self, data: str) -> None:
        if data[:1] == "2":
            if self.tls == "none":
                self.tls = "done"
        else:
            self.tls = "refused"
            self.auth_reply = self._reader.reply(data)

    def _logged_on(self, verb: str, data: str) -> None:
        if data[:1] == "2":
            self.auth = "exchange" if verb == "X-EX" else "account"
            self.auth_reply = ""
        elif self.auth != "account":
            self.auth = self.auth if self.auth == "denied" else "refused"
            self.auth_reply = self._reader.reply(data)

    def _close(self) -> None:
        if not self._open:
            return
        sender = self._mail
        if sender:
            whole = self.auth == "account"
            sender = sender.lower() if whole else self._reader.domain(sender)
        self.transactions.append(
            LoggedTransaction(sender, self._mail_reply, tuple(self._recipients), self._data)
        )
        self._open = False
        self._mail, self._mail_reply, self._data = None, "", ""
        self._recipients = []


def _path(command: str) -> str | None:
    """Return the address of a MAIL or RCPT command; ``None`` where a page or a mask took it."""
    start = command.find("<")
    if start >= 0:
        return command[start + 1 : command.find(">", start)] if ">" in command else None
    words = command.partition(":")[2].split()
    return words[0] if words and "@" in words[0] else None


def _is_final(command: str, code: str) -> bool:
    return command.upper().rstrip().endswith("LAST") or code[:1] in "45"


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
