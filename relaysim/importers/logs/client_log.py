"""Transcripts and logs of clients, bounces and stack traces, read as the sessions they show."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from relaysim.importers.logs.speakers import SpokenLine, read_lines, tool_of

__all__ = ["ClientSession", "TriedRecipient", "read_client_log"]


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
        auth: The account that logged on or tried, ``(masked)`` where the log hides it, ``None``
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


_PLACES = (
    re.compile(r"smtps?://(?:[^@/]*@)?\[?([^/:\]]+)\]?:(\d+)"),
    re.compile(r'connect to host "([^"]+)", port (\d+)'),
    re.compile(r"(?:opening|established) to \[?([^\s:\]]+)\]?:(\d+)"),
    re.compile(r"\btelnet\s+(\S+)(?:\s+(\d+))?", re.IGNORECASE),
    re.compile(r"Trying ([^\s:]+):(\d+)"),
    re.compile(r"[Cc]onnect(?:ed|ing) to ([^\s\[(]+)\s*\[([\d.:a-fA-F]+)\](?::(\d+))?"),
    re.compile(
        r"[Cc]onnect(?:ed|ing)? to:? (?:host )?[(']?([\w.:-]+?)[,'. ]*(?:port )?(\d+)?\)?\.?$"
    ),
    re.compile(r"relay=([^\[,]+)\[[^\]]*\]:(\d+)"),
    re.compile(r"\bhost ([\w.-]+)\[[\d.:a-fA-F]+\]"),
    re.compile(r"\bH=([\w.-]+) \["),
)
_HELLO = re.compile(r"Hello \[([^\]]+)\]")
_PATH = re.compile(r"<([^>]*)>")
_SAID = re.compile(
    r"(?:said|returned|response was|error|Exception|failed|message)\b.*?"
    r"(\d{3}[ -]\d\.\d+\.\d+ .*|\d{3}[ -][A-Za-z].*|\d\.\d\.\d+ .*)"
)
_REPLIED = re.compile(
    r"(?:in reply to|after|at) (?:the )?(RCPT TO|MAIL FROM|end of DATA|DATA|EHLO|STARTTLS|AUTH)",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"unable to relay|permissions to send as|was not authenticated|authentication unsuccessful|"
    r"must issue a starttls|unrecognized authentication type|client was not authenticated",
    re.IGNORECASE,
)
_TO = re.compile(r"\bto=<([^>]*)>|(?:^|\s)<([^<>\s@]+@[^<>\s]+)>")


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
            accepted=self.accepted,
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

    Source: SWAKS, MAILKIT.
    """
    lines = text.splitlines()
    tool = tool_of(lines)
    if not tool:
        return _quoted_replies(lines)
    found: list[_Reading] = []
    place: tuple[str, int | None] | None = None
    for line in read_lines(lines):
        if line.speaker == "T":
            place = _better(place, _place(line.text))
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
    return sessions or _quoted_replies(lines)


def _is_banner(found: list[_Reading]) -> bool:
    return not found or not found[-1].asked or found[-1].asked[0][:4].upper() != "STAR"


def _place(text: str) -> tuple[str, int | None] | None:
    for pattern in _PLACES:
        match = pattern.search(text)
        if match is None:
            continue
        groups = match.groups()
        port = next((int(g) for g in reversed(groups[1:]) if g and g.isdigit()), None)
        return groups[0].strip("[]'. "), port
    return None


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
        session.auth = session.auth or "(masked)"
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
    """Return the name that a client sent, ``(masked)`` where the log hides it."""
    import base64
    import binascii

    word = text.strip()
    if not word or set(word) <= set("*. ") or word.startswith(("<", "(")):
        return "(masked)"
    try:
        raw = base64.b64decode(word, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "(masked)"
    name = raw.split("\0")[1] if raw.count("\0") >= 2 else raw
    return name if name.isprintable() and name else "(masked)"


def _quoted_replies(lines: list[str]) -> tuple[ClientSession, ...]:
    """Read replies that a bounce, a log line or a stack trace quotes."""
    found = []
    for number, line in enumerate(lines, 1):
        match = _SAID.search(line)
        if match is None or not (_WORDS.search(line) or _REPLIED.search(line)):
            continue
        reply = re.sub(r"\s*\(in reply to .*$", "", match[1]).strip(" )'\"")
        replied = _REPLIED.search(line)
        stage = _stage_of(replied[1] if replied is not None else "", reply)
        recipient = _TO.search(line)
        place = _place(line)
        address = next((g for g in recipient.groups() if g), "") if recipient is not None else ""
        found.append(
            ClientSession(
                tool=_quoting_tool(line),
                server=place[0] if place is not None else None,
                port=place[1] if place is not None else None,
                tls=False,
                auth=None,
                client=None,
                sender=None,
                recipients=(TriedRecipient(address, reply),) if stage == "RCPT TO" else (),
                stage=stage,
                refusal=reply,
                accepted=False,
                auth_offered=(),
                line=number,
            )
        )
    return tuple(found)


def _stage_of(command: str, reply: str) -> str | None:
    named = {"RCPT TO": "RCPT TO", "MAIL FROM": "MAIL FROM", "END OF DATA": "end of data"}
    named |= {"DATA": "end of data", "STARTTLS": "STARTTLS", "AUTH": "AUTH"}
    if command.upper() in named:
        return named[command.upper()]
    words = reply.lower()
    if "relay" in words:
        return "RCPT TO"
    if "permissions to send as" in words:
        return "end of data"
    if "was not authenticated" in words or "starttls" in words:
        return "MAIL FROM"
    return "AUTH" if "authentication" in words else None


def _quoting_tool(line: str) -> str:
    folded = line.lower()
    if "postfix" in folded or "in reply to" in folded or "status=" in folded:
        return "postfix"
    if "exim" in folded or " t=remote_smtp" in folded or "after rcpt to" in folded:
        return "exim"
    if "the server response was" in folded or "system.net.mail" in folded:
        return ".net"
    if "javax.mail" in folded or "com.sun.mail" in folded or "jakarta.mail" in folded:
        return "javamail"
    return "bounce"
