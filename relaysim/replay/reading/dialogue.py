"""A session's dialogue, row by row: commands paired with their replies, messages put together."""

from __future__ import annotations

from typing import Protocol

from relaysim.replay.logged import LoggedRecipient, LoggedTransaction

__all__ = ["GAP", "DialogueReader", "LoggedDialogue", "is_last", "path_in", "tells"]

_RECIPIENTS_KEPT = 50
GAP = "!"
"""Stands between two rows of which the numbers say that others are missing there."""
_END = ("*EOD", "BDAT", "DATA")
_REPLIES_TO = (
    ("250 2.1.0", ("MAIL",)),
    ("250 2.1.5", ("RCPT",)),
    ("250 2.6.0", _END),
    ("354", ("DATA",)),
    ("334", ("AUTH", "X-EX")),
    ("235", ("AUTH", "X-EX")),
    ("535", ("AUTH", "X-EX")),
    ("504", ("AUTH", "X-EX")),
    ("220 2.0.0", ("STAR",)),
    ("221", ("QUIT",)),
    ("530", ("MAIL",)),
)
_WORDS_TO = (
    (" hello [", ("EHLO", "HELO")),
    ("unable to relay", ("RCPT",)),
    ("user unknown", ("RCPT",)),
    ("send as this sender", _END),
    ("starttls command first", ("MAIL",)),
)
_SERVER_VERBS = {
    "XPRO": "the session was proxied by the front end",
    "XSHA": "a server asks for shadow copies",
    "XQDI": "a server asks for shadow copies",
    "X-AN": "the client asked for TLS between servers",
    "XSES": "a server hands session parameters on",
}


class DialogueReader(Protocol):
    """What reduces the texts of a dialogue."""

    def domain(self, address: str) -> str:
        """Return what an address is reduced to."""
        ...

    def reply(self, text: str) -> str:
        """Return a reply as sessions keep it."""
        ...

    def tokens(self, text: str) -> tuple[str, ...]:
        """Return the permission tokens of a row."""
        ...


def _answers(data: str) -> tuple[str, ...]:
    """Return the commands that a reply can be to, by its own words; empty where they do not say."""
    for start, verbs in _REPLIES_TO:
        if data.startswith(start):
            return verbs
    folded = data.lower()
    return next((verbs for words, verbs in _WORDS_TO if words in folded), ())


class LoggedDialogue:
    """The state of one session while its rows are read."""

    __slots__ = (
        "_asked",
        "_data",
        "_gap",
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

    def __init__(self, reader: DialogueReader) -> None:
        self._reader = reader
        self._asked: list[tuple[str, str]] = []
        self._gap = False
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
            self._mail = path_in(data)
        self._asked.append((verb, data))

    def lost(self) -> None:
        """Take it that rows are missing here: what is asked and answered next is told by words."""
        self._gap = True

    def _paired(self, data: str) -> bool:
        """Put the command first that a reply is to; tell whether there is one for sure."""
        verbs = _answers(data)
        for place, (verb, _) in enumerate(self._asked):
            if verb in verbs:
                del self._asked[:place]
                return True
        return False

    def sent(self, data: str) -> None:
        """Take a reply of the server, its last line."""
        if not self._asked or (self._gap and not self._paired(data)):
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
            self._recipient(path_in(command), data)
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
        if not tells(data, context):
            return
        if context == "Set Session Permissions":
            self.permissions = self._reader.tokens(data)
        elif context == "authenticated" or context.endswith(" authenticated"):
            self.account = data.strip()
            if self._gap and self.auth == "none":
                self.auth = "account"
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


def path_in(command: str) -> str | None:
    """Return the address of a MAIL or RCPT command; ``None`` where a page or a mask took it."""
    start = command.find("<")
    if start >= 0:
        return command[start + 1 : command.find(">", start)] if ">" in command else None
    words = command.partition(":")[2].split()
    return words[0] if words and "@" in words[0] else None


def _is_final(command: str, code: str) -> bool:
    return is_last(command) or code[:1] in "45"


def is_last(command: str) -> bool:
    """Tell whether a BDAT command says that its chunk is the last one."""
    return command.upper().rstrip().endswith("LAST")


def tells(data: str, context: str) -> bool:
    """Tell whether a row of information may say something: all else changes no dialogue."""
    return (
        context in (data, "Set Session Permissions")
        or context.endswith("authenticated")
        or context.startswith("User Name:")
        or data.startswith("User Name:")
        or "negotiation " in context
        or "negotiation failed" in data
        or "failed because" in context
        or "failed because" in data
    )
