"""What a client's log shows of a session, as values."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["MASKED", "ClientSession", "TriedRecipient"]

MASKED = "(masked)"
"""Stands for an account that a log hides."""


class TriedRecipient(NamedTuple):
    """A recipient and the reply it got, ``""`` when none is shown."""

    address: str
    reply: str


class ClientSession(NamedTuple):
    """What a client's log shows of one session.

    Attributes:
        tool: The program that wrote the log, as far as its form tells.
        server: Name or address of the server, ``None`` when not shown.
        port: Its port, ``None`` when not shown.
        tls: Whether TLS was begun.
        auth: The account that logged on or tried, :data:`MASKED` where the log hides it, ``None``
            without AUTH.
        client: The client's address as the server saw it, ``None`` when not shown.
        sender: The envelope sender, ``None`` when not shown.
        recipients: The recipients that were tried.
        stage: Where the first refusal came, ``None`` without one.
        refusal: The first refusal, ``None`` without one.
        accepted: Whether the message was taken, ``None`` when the log does not show it.
        auth_offered: Mechanisms that EHLO offered last.
        line: The line where the session begins.
    """

    tool: str
    server: str | None
    port: int | None
    tls: bool
    auth: str | None
    client: str | None
    sender: str | None
    recipients: tuple[TriedRecipient, ...]
    stage: str | None
    refusal: str | None
    accepted: bool | None
    auth_offered: tuple[str, ...]
    line: int

    @property
    def account(self) -> str | None:
        """The account by name, ``None`` without one or where the log hides it."""
        return None if self.auth == MASKED else self.auth
