"""Transcripts and logs of clients, bounces and stack traces, read as the sessions they show."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from relaysim.importers.logs.client_session import MASKED, ClientSession, TriedRecipient
from relaysim.importers.logs.delivery_lines import delivery_sessions, place_of
from relaysim.importers.logs.speakers import (
    SpokenLine,
    read_lines,
    tool_of,
    unboxed,
    without_stamps,
)

__all__ = ["ClientSession", "TriedRecipient", "read_client_log"]


_HELLO = re.compile(r"Hello \[([^\]]+)\]")
_PATH = re.compile(r"<([^>]*)>")


@dataclass(slots=True)
class _Reading:
    """A session while its lines are read."""

    tool: str
    line: int
    server: str | None = None
    port: int | None = None
    tls: bool = False
    auth: str | None = None
    client: str | None = None
    sender: str | None = None
    recipients: list[TriedRecipient] = field(default_factory=list)
    stage: str | None = None
    refusal: str | None = None
    accepted: bool | None = None
    offered: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)
    in_data: bool = False
    begun: bool = False

    def session(self) -> ClientSession:
        accepted = self.accepted
        if accepted is None and self.refusal is not None:
            # Whoever has no recipient that was taken has sent nothing.
            accepted = None if any(r.reply.startswith("2") for r in self.recipients) else False
        return ClientSession(
            tool=self.tool,
            server=self.server,
            port=self.port,
            tls=self.tls,
            auth=self.auth,
            client=self.client,
            sender=self.sender,
            recipients=tuple(self.recipients),
            stage=self.stage,
            refusal=self.refusal,
            accepted=accepted,
            auth_offered=self.offered,
            line=self.line,
        )


def read_client_log(text: str) -> tuple[ClientSession, ...]:
    """Return the sessions that a client's log, transcript, bounce or stack trace shows.

    Understands what telnet, swaks, MailKit, msmtp, nodemailer, PHPMailer, Postfix, exim, JavaMail,
    smtplib, curl and .NET write, as far as their forms are known; empty when nothing of an SMTP
    session is found. Replies are paired with commands in their order, so that pipelining is no
    matter; the text of a message is never taken for replies.

    Args:
        text: The whole text.

    Source: SWAKS, MAILKIT, SIMPLESMTP, PHPM5.
    """
    lines = text.splitlines()
    tool = tool_of(lines)
    unmarked = unboxed(lines)
    if unmarked is not None:
        lines, tool = unmarked, "nodemailer"
    elif tool in ("", "telnet"):
        # A logger may have put its time before every line.
        bare = without_stamps(lines)
        if bare is not None and tool_of(bare):
            lines, tool = bare, tool_of(bare)
    if not tool:
        return delivery_sessions(lines)
    found: list[_Reading] = []
    place: tuple[str, int | None] | None = None
    for line in read_lines(lines):
        if line.speaker == "T":
            place = _better(place, place_of(line.text))
            continue
        if line.speaker == "S" and line.text.startswith("220") and _is_banner(found):
            found.append(_Reading(tool, line.number, begun=True))
            if place is not None:
                found[-1].server, found[-1].port = place
        if not found:
            found.append(_Reading(tool, line.number))
            if place is not None:
                found[-1].server, found[-1].port = place
        _take(found[-1], line)
    sessions = tuple(each.session() for each in found)
    return sessions or delivery_sessions(lines)


def _is_banner(found: list[_Reading]) -> bool:
    return not found or not found[-1].asked or found[-1].asked[0][:4].upper() != "STAR"


def _better(
    known: tuple[str, int | None] | None, found: tuple[str, int | None] | None
) -> tuple[str, int | None] | None:
    """Return the place told last; one without a port is no better than the same with one."""
    if found is None or (known is not None and found == (known[0], None)):
        return known
    return found


def _take(session: _Reading, line: SpokenLine) -> None:
    if line.speaker == "C":
        _command(session, line.text)
    else:
        _reply(session, line.text)


def _command(session: _Reading, text: str) -> None:
    if session.in_data:
        if text.strip() == ".":
            session.in_data = False
            session.asked.append("*EOD")
        return
    verb = text[:4].upper()
    if session.asked and session.asked[0][:4].upper() == "AUTH":
        # What follows a challenge is a name or a password, whatever it looks like.
        if session.auth is None:
            session.auth = _decoded(text)
        return
    if session.asked and session.asked[0][:4].upper() == "BDAT" and verb not in _AFTER_BDAT:
        return
    if verb in _COMMANDS:
        session.asked.append(text.strip())
        if verb == "MAIL":
            session.sender = _address(text)
        elif verb == "AUTH" and session.auth is None and len(text.split()) > 2:
            session.auth = _decoded(text.split()[2])


_COMMANDS = frozenset(
    ("EHLO", "HELO", "MAIL", "RCPT", "DATA", "BDAT", "STAR", "AUTH", "QUIT", "RSET", "NOOP", "VRFY")
)
_AFTER_BDAT = frozenset(("BDAT", "QUIT", "RSET", "MAIL"))


def _reply(session: _Reading, text: str) -> None:
    hello = _HELLO.search(text)
    if hello is not None:
        session.client = hello[1]
    keyword = text[4:].split()
    if keyword and keyword[0].upper() == "AUTH" and text.startswith("250"):
        session.offered = tuple(keyword[1:])
    if text[3:4] == "-" or not text[:3].isdigit():
        return
    if text.startswith("220") and session.begun and not session.asked:
        session.begun = False
        return
    if not session.asked and session.in_data:
        # The log leaves the message out: what is said now is about it.
        session.in_data = False
        session.asked.append("*EOD")
    if not session.asked:
        return
    command = session.asked[0]
    if text.startswith(("334", "354")):
        if text.startswith("354"):
            session.in_data = True
            del session.asked[0]
        elif session.auth is None and command[:4].upper() == "AUTH" and text == "334 VXNlcm5hbWU6":
            session.auth = None
        return
    del session.asked[0]
    _answered(session, command, text)


def _answered(session: _Reading, command: str, text: str) -> None:
    verb = command[:4].upper()
    refused = text[:1] in "45"
    if verb == "RCPT":
        session.recipients.append(TriedRecipient(_address(command) or "", text))
    elif verb == "STAR" and not refused:
        session.tls = True
    elif verb == "AUTH":
        session.auth = session.auth or MASKED
    elif verb == "*EOD" or (verb == "DATA" and refused) or _is_last(command):
        session.accepted = not refused
    if refused and verb in _STAGES and session.refusal is None:
        session.stage, session.refusal = _STAGES[verb], text


_STAGES = {
    "STAR": "STARTTLS",
    "AUTH": "AUTH",
    "MAIL": "MAIL FROM",
    "RCPT": "RCPT TO",
    "DATA": "DATA",
    "BDAT": "end of data",
    "*EOD": "end of data",
}


def _is_last(command: str) -> bool:
    return command[:4].upper() == "BDAT" and command.upper().rstrip().endswith("LAST")


def _address(command: str) -> str | None:
    match = _PATH.search(command)
    if match is not None:
        return match[1]
    words = command.partition(":")[2].split()
    return words[0] if words else None


def _decoded(text: str) -> str | None:
    """Return the name that a client sent, :data:`MASKED` where the log hides it."""
    import base64
    import binascii

    word = text.strip()
    if not word or set(word) <= set("*. ") or word.startswith(("<", "(")):
        return MASKED
    try:
        raw = base64.b64decode(word, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return MASKED
    name = raw.split("\0")[1] if raw.count("\0") >= 2 else raw
    return name if name.isprintable() and name else MASKED
