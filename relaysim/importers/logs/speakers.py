"""Who says a line of a client's log: the forms in which mail programs write their dialogue."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Speaker", "SpokenLine", "read_lines", "tool_of", "unboxed", "without_stamps"]

Speaker = str
"""``S`` the server, ``C`` the client, ``T`` the tool that writes the log."""


class SpokenLine(NamedTuple):
    """A line of a dialogue.

    Attributes:
        speaker: ``S``, ``C`` or ``T``.
        text: What is said, without marks.
        number: Its line in the file, from 1.
        own: The line as it stands, for what a tool says.
    """

    speaker: Speaker
    text: str
    number: int
    own: str = ""


class _Form(NamedTuple):
    """How one program marks its lines."""

    tool: str
    server: re.Pattern[str]
    client: re.Pattern[str]
    told: re.Pattern[str] | None = None


def _form(tool: str, server: str, client: str, told: str | None = None) -> _Form:
    return _Form(
        tool, re.compile(server), re.compile(client), re.compile(told) if told is not None else None
    )


_LONGEST_MARK = 300
"""No program writes more before what is said; a line of brackets is not tried to its end."""
_FORMS = (
    _form("swaks", r"<(?:[-~]\*?|\*\*) +(?=\d{3}[ -])", r" (?:-|~)> ?", r"(===|\*\*\*) "),
    _form("mailkit", r"S: ", r"C: ", r"Connected to smtps?://"),
    _form(
        "nodemailer",
        r".*?(?:\[[^\]]*\] )+\[?\w*\]? ?S: |.*?\] S: ",
        r".*?(?:\[[^\]]*\] )+\[?\w*\]? ?C: |.*?\] C: ",
    ),
    _form(
        "phpmailer", r".*?SERVER -> CLIENT: ", r".*?CLIENT -> SERVER: ", r".*?Connection: opening"
    ),
    _form("phpmailer", r".*?SMTP -> FROM SERVER: ?", r".*?CLIENT -> SMTP: ?"),
    _form("exim", r"\s*(?:SMTP|LMTP)<<\s", r"\s*(?:SMTP|LMTP)>>\s", r"Connecting to "),
    _form("postfix", r".*?\bsmtp\[\d+\]: < [^ ]+: ", r".*?\bsmtp\[\d+\]: > [^ ]+: "),
    _form("smtplib", r"reply: b?['\"]", r"send: b?['\"]", r"(connect|reply: retcode|data): ?"),
    _form("msmtp", r"<-- ", r"--> "),
    _form("swiftmailer", r"<< ", r">> ", r"(\+\+|--|!!) "),
    _form("curl", r"< ", r"> ", r"\* "),
    _form("marked", r"<<< ", r">>> "),
    _form("marked", r"Server: ", r"Client: "),
    _form("marked", r"<- ", r"-> "),
)
_JAVAMAIL = re.compile(r"DEBUG(?: SMTPS?| TLS|:|\b)")
_REPLY = re.compile(r"\d{3}(?:[ -]|$)")
_VERBS = re.compile(
    r"(?:ehlo|helo|mail from|rcpt to|starttls|auth|data|bdat|quit|rset|noop|vrfy)\b", re.IGNORECASE
)


_BOX = re.compile(r"(SERVER|CLIENT)(?: \S+)?:\s*$")
_BOXED = ("\N{BOX DRAWINGS LIGHT UP AND RIGHT}" + 2 * "\N{BOX DRAWINGS LIGHT HORIZONTAL}", " " * 3)


def unboxed(lines: list[str]) -> list[str] | None:
    """Return a log of nodemailer before 1.0 with its marks before every line, or ``None``.

    It writes who speaks on a line of its own, and below it what is said in a corner of dashes.

    >>> unboxed(["SERVER:", "└──220 ready"])
    ['', 'Server: 220 ready']
    """
    who, found = "", []
    for line in lines:
        head = _BOX.match(line)
        if head is not None:
            who = head[1].capitalize()
            found.append("")
        elif who and line.startswith(_BOXED):
            found.append(f"{who}: {line[3:]}")
        else:
            who = ""
            found.append(line)
    return found if found != lines and any(line.startswith(_BOXED[0]) for line in lines) else None


_STAMP = re.compile(
    r"(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?"
    r"|\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?: [AP]M)?)\s+"
    r"(?:\[[^\]]*\]\s+)?(?:(?:TRACE|DEBUG|INFO|WARN|ERROR|FINE)(?! SMTP|:)\s+)?(?:\[[^\]]*\]\s+)?"
    r"(?:[\w$]+(?:\.[\w$]+)+\s*[-:]\s+|- )?"
)
"""What a logger puts before a line: the time, perhaps a level, a thread, a name."""


def without_stamps(lines: list[str]) -> list[str] | None:
    """Return the lines without what a logger put before each, ``None`` where few have that.

    >>> without_stamps(["2024-05-01T10:00:00Z S: 220 ready"])
    ['S: 220 ready']
    """
    matches = [_STAMP.match(line) for line in lines]
    if 2 * sum(match is not None for match in matches) < sum(bool(line.strip()) for line in lines):
        return None
    return [
        line if match is None else line[match.end() :]
        for line, match in zip(lines, matches, strict=True)
    ]


def tool_of(lines: list[str]) -> str:
    """Return the program that wrote a log, ``telnet`` for an unmarked dialogue, ``""`` for none."""
    form = _best(lines)
    if form is not None:
        return form.tool
    if any(_JAVAMAIL.match(line) for line in lines):
        return "javamail"
    if any(line.lower().startswith(("connected to ", "trying ")) for line in lines) or any(
        "telnet" in line.lower() for line in lines[:5]
    ):
        return "telnet"
    replies = sum(bool(_REPLY.match(line)) for line in lines)
    verbs = sum(bool(_VERBS.match(line.strip())) for line in lines)
    return "telnet" if replies and verbs else ""


def read_lines(lines: list[str]) -> list[SpokenLine]:
    """Return the lines of a log with who says each."""
    form = _best(lines)
    if form is None:
        return _unmarked(lines)
    found = []
    for number, line in enumerate(lines, 1):
        server, client = (
            form.server.match(line, 0, _LONGEST_MARK),
            form.client.match(line, 0, _LONGEST_MARK),
        )
        if server is not None:
            text = line[server.end() :]
            found.append(
                SpokenLine("S", _unquoted(text) if form.tool == "smtplib" else text, number)
            )
        elif client is not None:
            text = line[client.end() :]
            found.append(
                SpokenLine("C", _unquoted(text) if form.tool == "smtplib" else text, number)
            )
        elif _goes_on(found, line):
            found.append(SpokenLine("S", line.strip(), number))
        else:
            found.append(SpokenLine("T", line.strip(), number, line))
    return found


def _goes_on(found: list[SpokenLine], line: str) -> bool:
    """Tell whether an unmarked line is the next one of a reply of several lines."""
    before = found[-1] if found else None
    if before is not None and before.speaker == "S" and not before.text.strip():
        # Some write the mark alone, and the reply below it.
        return _REPLY.match(line.strip()) is not None
    return (
        before is not None
        and before.speaker == "S"
        and before.text[3:4] == "-"
        and line.strip()[:3] == before.text[:3]
        and _REPLY.match(line.strip()) is not None
    )


def _best(lines: list[str]) -> _Form | None:
    """Return the form in which the most lines make sense: replies that are, commands that are."""
    best: tuple[int, _Form] | None = None
    for form in _FORMS:
        score = 0
        for line in lines:
            server = form.server.match(line, 0, _LONGEST_MARK)
            if server is not None and _REPLY.match(line[server.end() :].lstrip("b'\"")):
                score += 1
                continue
            client = form.client.match(line, 0, _LONGEST_MARK)
            if client is not None and _VERBS.match(line[client.end() :].lstrip("b'\"")):
                score += 1
        if score >= 2 and (best is None or score > best[0]):
            best = score, form
    return best[1] if best is not None else None


def _unmarked(lines: list[str]) -> list[SpokenLine]:
    """Read a dialogue without marks, as telnet and JavaMail show it: three digits are a reply."""
    found = []
    in_data = False
    for number, line in enumerate(lines, 1):
        text = _typed(line)
        if in_data:
            in_data = text != "."
            found.append(SpokenLine("C", text, number))
        elif _REPLY.match(text):
            in_data = text.startswith("354")
            found.append(SpokenLine("S", text, number))
        elif _JAVAMAIL.match(text) or not _VERBS.match(text.strip()):
            found.append(SpokenLine("T", text.strip(), number, line))
        else:
            found.append(SpokenLine("C", text.strip(), number))
    return found


def _typed(line: str) -> str:
    """Return what a line shows after its backspaces took effect."""
    if "\b" not in line and "\x7f" not in line:
        return line
    kept: list[str] = []
    for char in line:
        if char in "\b\x7f":
            if kept:
                kept.pop()
        else:
            kept.append(char)
    return "".join(kept)


def _unquoted(text: str) -> str:
    r"""Return the text of a Python literal as smtplib prints it, without its line end."""
    body = text.rstrip()
    body = body[:-1] if body[-1:] in "'\"" else body
    return body.removesuffix("\\n").removesuffix("\\r").replace("\\r\\n", "\n").split("\n")[0]
