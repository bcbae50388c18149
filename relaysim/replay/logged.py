"""What a log says of a session, reduced to what matters to the model."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["FOREIGN", "LoggedRecipient", "LoggedSession", "LoggedTransaction", "plain_reply"]

FOREIGN = "*"
"""Stands for the domain of an address in no accepted domain."""


class LoggedRecipient(NamedTuple):
    """A recipient that was tried.

    Attributes:
        domain: Its domain, :data:`FOREIGN`, or ``None`` when the log does not show it.
        reply: The reply without what names one message, ``""`` when the log has none.
    """

    domain: str | None
    reply: str


class LoggedTransaction(NamedTuple):
    """One message that was tried.

    Attributes:
        sender: The sender's domain (the whole address of an account's message), ``""`` for the
            null sender, ``None`` when the log does not show it.
        mail_reply: The reply to MAIL FROM, ``""`` when the log has none.
        recipients: The distinct recipients, in order.
        data_reply: The reply after the message, ``""`` when the log has none.
    """

    sender: str | None
    mail_reply: str
    recipients: tuple[LoggedRecipient, ...]
    data_reply: str


class LoggedSession(NamedTuple):
    """A session without its client and its time: sessions that are equal here are one shape.

    Attributes:
        server: Name of the server, ``""`` when the log does not name it.
        connector: Name of the connector.
        local_ip: The server's address, ``None`` when the log hides it.
        port: The server's port, ``None`` when the log hides it.
        tls: ``"none"``, ``"done"``, ``"refused"`` or ``"failed"``.
        auth: ``"none"``, ``"account"`` (logged on), ``"refused"`` (by the server's settings or the
            account's rights), ``"denied"`` (wrong name or password), ``"exchange"`` (as a server).
        mechanism: The mechanism that was asked for, ``""`` without AUTH.
        account: The account, ``""`` when there is none or the log does not show it.
        auth_reply: The reply to a failed AUTH or STARTTLS, else ``""``.
        permissions: Tokens of the last row of session permissions, ``None`` without such a row.
        proxied: How the log shows that a server speaks here, ``""`` when it does not.
        transactions: The distinct messages, in order.
        begun: Whether the log has the session's beginning.
        ended: Whether it has its end.
        whole: Whether no row between is missing.
        kind: ``"protocol"``, ``"tracking"``, or ``"client"`` for what a client's log shows.
    """

    server: str
    connector: str
    local_ip: str | None
    port: int | None
    tls: str
    auth: str
    mechanism: str
    account: str
    auth_reply: str
    permissions: tuple[str, ...] | None
    proxied: str
    transactions: tuple[LoggedTransaction, ...]
    begun: bool
    ended: bool
    whole: bool
    kind: str = "protocol"


_ENHANCED = re.compile(r"\d\.\d{1,3}\.\d{1,3}")
_NAMED = re.compile(r"<[^>]*>|\[[^\]]*\]|\S+@\S+|\b[0-9A-Fa-f]{8,}\b|'[^']*'")
_DIGITS = re.compile(r"\d+")


def plain_reply(text: str) -> str:
    """Return a reply without what names one message: equal for equal outcomes.

    >>> plain_reply("250 2.6.0 <a@app> [InternalId=1] Queued mail for delivery")
    '250 2.6.0'
    >>> plain_reply("550 5.1.1 User unknown <joe@example.net>")
    '550 5.1.1 User unknown'
    """
    code, rest = text[:3], text[4:].strip()
    enhanced = _ENHANCED.match(rest)
    head = f"{code} {enhanced[0]}" if enhanced else code
    if code[:1] in "23":
        return head
    words = rest[enhanced.end() :] if enhanced else rest
    words = _DIGITS.sub("#", _NAMED.sub("", words))
    return f"{head} {' '.join(words.split())}"[:160].strip()
