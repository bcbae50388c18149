"""Single lines that quote a reply: logs of mail servers, bounces, stack traces."""

from __future__ import annotations

import re

from relaysim.importers.logs.client_session import ClientSession, TriedRecipient

__all__ = ["delivery_sessions", "place_of"]

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
    re.compile(r"\bhost=(\S+)"),
    re.compile(r"Remote-MTA: *dns; *(\S+)"),
    re.compile(r"^([\w.-]+\.\w+) #\d{3} "),
)
_REPLY = r"(\d{3}[ -]\d\.\d+\.\d+ .*|\d{3}[ -][A-Za-z].*|\d\.\d\.\d+ .*)"
_SAID = re.compile(
    r"(?:(?:said|returned|response was|response|error|exception|failed|rejected|message|"
    r"smtpmsg|diagnostic-code)\b.*?|#)" + _REPLY,
    re.IGNORECASE,
)
_PYTHON = re.compile(r"\((\d{3}), b?(['\"])(.*?)\2")
"""A reply as smtplib's exceptions show it."""
_REPLIED = re.compile(
    r"(?:in reply to|after|at) (?:the )?(RCPT TO|MAIL FROM|end of DATA|DATA|EHLO|STARTTLS|AUTH)",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"unable to relay|permissions to send as|was not authenticated|authentication unsuccessful|"
    r"must issue a starttls|unrecognized authentication type|client was not authenticated",
    re.IGNORECASE,
)
_TO = re.compile(
    r"\bto=<([^>]*)>|RCPT TO:<([^>]*)>|(?:\*\*|=>|==) ([^\s<>@]+@\S+)|"
    r"\brecipients=([^\s,]+)|\{'([^'@\s]+@[^'\s]+)':|(?:^|\s)<([^<>\s@]+@[^<>\s]+)>"
)
_TAKEN = re.compile(
    r"\bstatus=sent \((250[ -][^)]*)|=> .*\bC=\"(250[ -][^\"]*)|"
    r"\bsmtpstatus=(250)\b.*exitcode=EX_OK"
)
_ENDS = re.compile(r"\s*\(in reply to .*$|\s*##.*$|' errormsg=.*$")
_SERVERS = frozenset(("postfix", "exim", "msmtp"))
"""Tools that write one line for each recipient; other lines may tell one failure twice."""
_NEAR = 12


def place_of(text: str) -> tuple[str, int | None] | None:
    """Return the server and the port that a line names, ``None`` when it names none."""
    for pattern in _PLACES:
        match = pattern.search(text)
        if match is None:
            continue
        groups = match.groups()
        port = next((int(g) for g in reversed(groups[1:]) if g and g.isdigit()), None)
        return groups[0].strip("[]'. "), port
    return None


def delivery_sessions(lines: list[str]) -> tuple[ClientSession, ...]:
    """Return a session for each reply that a bounce, a log line or a stack trace quotes."""
    found: list[ClientSession] = []
    for number, line in enumerate(lines, 1):
        session = _taken(line, number) or _refused(line, number)
        if session is None:
            continue
        if found and _is_again(found[-1], session):
            known = found[-1]
            found[-1] = known._replace(
                recipients=session.recipients if _nameless(known) else known.recipients,
                server=known.server or session.server,
            )
        else:
            found.append(session)
    return tuple(found)


def _taken(line: str, number: int) -> ClientSession | None:
    match = _TAKEN.search(line)
    if match is None:
        return None
    reply = next(group for group in match.groups() if group)
    return _session(line, number, None, reply, accepted=True)


def _refused(line: str, number: int) -> ClientSession | None:
    reply = _quoted(line)
    if reply is None or not (_WORDS.search(line) or _REPLIED.search(line)):
        return None
    replied = _REPLIED.search(line)
    stage = _stage_of(replied[1] if replied is not None else "", reply)
    return _session(line, number, stage, reply, accepted=False)


def _quoted(line: str) -> str | None:
    match = _PYTHON.search(line)
    if match is not None:
        return f"{match[1]} {match[3]}"
    match = _SAID.search(line)
    return None if match is None else _ENDS.sub("", match[1]).strip(" )'\",;")


def _session(
    line: str, number: int, stage: str | None, reply: str, *, accepted: bool
) -> ClientSession:
    recipient = _TO.search(line)
    place = place_of(line)
    address = next((g for g in recipient.groups() if g), "") if recipient is not None else ""
    tried = (TriedRecipient(address, reply),) if accepted or stage == "RCPT TO" else ()
    sender = re.search(r"\bfrom=([^\s,]+)", line)
    return ClientSession(
        tool=_tool(line),
        server=place[0] if place is not None else None,
        port=place[1] if place is not None else None,
        tls="tls=on" in line or " X=TLS" in line,
        auth=None,
        client=None,
        sender=sender[1].strip("<>") if sender is not None else None,
        recipients=tried,
        stage=stage,
        refusal=None if accepted else reply,
        accepted=accepted,
        auth_offered=(),
        line=number,
    )


def _is_again(known: ClientSession, session: ClientSession) -> bool:
    """Tell whether a line repeats the failure that the lines above it told."""
    return (
        known.tool not in _SERVERS
        and session.tool not in _SERVERS
        and session.line - known.line <= _NEAR
        and (known.stage, known.refusal) == (session.stage, session.refusal)
        and (_nameless(known) or _nameless(session) or known.recipients == session.recipients)
    )


def _nameless(session: ClientSession) -> bool:
    return not any(recipient.address for recipient in session.recipients)


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


_TOOLS = (
    ("msmtp", ("msmtp", "smtpstatus=")),
    ("postfix", ("postfix", "in reply to", "status=")),
    ("exim", ("exim", " t=remote_smtp", " t=smtp", "after rcpt to", "after end of data")),
    ("mailkit", ("mailkit",)),
    (".net", ("the server response was", "system.net.mail")),
    ("javamail", ("javax.mail", "com.sun.mail", "jakarta.mail", "angus.mail")),
    ("smtplib", ("smtplib.", "b'5.", 'b"5.')),
    ("nodemailer", ("recipients were rejected", "response: '", "message failed:")),
)


def _tool(line: str) -> str:
    folded = line.lower()
    for name, words in _TOOLS:
        if any(word in folded for word in words):
            return name
    return "bounce"
