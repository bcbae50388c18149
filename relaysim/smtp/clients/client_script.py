"""From a question to what a client types, and from a text to client lines."""

from collections.abc import Iterable, Iterator, Sequence

from relaysim.model.connector import AuthMechanism, ReceiveConnector, SizeMode
from relaysim.model.facts.catalogue import FACTS
from relaysim.model.organization import Organization
from relaysim.model.session import AuthKind, Session
from relaysim.smtp.authentication import TOKEN, encode
from relaysim.smtp.dialogue import Conversation
from relaysim.smtp.ehlo import offered_mechanisms
from relaysim.smtp.listener import Listener
from relaysim.smtp.record import DEFAULT_DATE, Client, Dialogue, SmtpStage

__all__ = ["client_of", "converse", "lead", "read_script", "script_for"]

_HELLO = "EHLO client.example"
_NO_PASSWORD = encode("(password)")


def client_of(session: Session) -> Client:
    """Return the client that asks this question."""
    known = {fact.name: getattr(session, fact.name) for fact in FACTS if not fact.is_said_later}
    return Client(**known | {"cert": session.cert or ""})


def script_for(
    session: Session,
    organization: Organization,
    connector: ReceiveConnector | None = None,
    *,
    headers: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return what a client types to ask this question.

    What the question leaves open gets a harmless filling: the null sender when no sender is
    asked about, ``postmaster`` of the first accepted domain when no recipient is.

    Args:
        session: The question.
        organization: Gives the recipient when none is asked about.
        connector: The one that will answer; it decides which AUTH and whether SIZE= is used.
        headers: Further header lines of the message.
    """
    return tuple(
        line for part in _parts(session, organization, connector, headers) for line in part
    )


def converse(
    server: Organization | Listener,
    session: Session,
    *,
    headers: Sequence[str] = (),
    date: str = DEFAULT_DATE,
) -> Dialogue:
    """Return the dialogue of a question, as a sensible client leads it.

    It quits when STARTTLS, AUTH, MAIL FROM or every recipient is refused, and goes on when at
    least one recipient is taken: what would have come later is not invented.
    """
    conversation = Conversation(server, client_of(session), date=date)
    lead(conversation, session, headers=headers)
    return conversation.dialogue


def lead(conversation: Conversation, session: Session, *, headers: Sequence[str] = ()) -> None:
    """Play a question on a connection that has just been opened, as :func:`converse` does."""
    talk = conversation.talk
    if talk is None:
        return
    last = conversation.opening
    for part in _parts(session, talk.organization, talk.connector, headers):
        if part[0] == "DATA" and talk.mail is not None and not talk.mail.recipients:
            break
        for line in part:
            exchanges = conversation.feed(line)
            if exchanges:
                last = exchanges[-1]
                if not last.positive:
                    break
        if last.undecided is not None or last.by_client:
            break
        if not last.positive and last.moment is not SmtpStage.RCPT_TO:
            break
    if not conversation.closed:
        conversation.feed("QUIT")


_MARKS = (("C:", "S:"), ("-->", "<--"), (" ->", "<-"), (">>>", "<<<"))
"""What stands before a line of the client and of the server in the transcripts of tools."""


def read_script(text: str) -> tuple[str, ...]:
    r"""Return the client lines of a text.

    When a line begins with a mark of the client (``C:``, ``-->``, ``>>>``), only such lines are
    the client's and everything else is passed over. In a pasted telnet session the lines that
    begin with three digits are the server's. Otherwise every line is the client's.

    >>> read_script("S: 220 hello\nC: EHLO a\n")
    ('EHLO a',)
    >>> read_script("220 hello\nEHLO a\n250 hello\nQUIT\n")
    ('EHLO a', 'QUIT')
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").removesuffix("\n").split("\n")
    if not text:
        return ()
    for client, server in _MARKS:
        if any(line.startswith(client) for line in lines) and (
            client == "C:" or any(line.startswith(server) for line in lines)
        ):
            marked = (line for line in lines if line.startswith(client))
            return tuple(line.removeprefix(client).removeprefix(" ") for line in marked)
    if _is_reply(lines[0]) and lines[0].startswith("220"):
        return tuple(_without_replies(lines))
    return tuple(lines)


def _is_reply(line: str) -> bool:
    return line[:3].isdigit() and line[:3].isascii() and line[3:4] in ("", " ", "-")


def _without_replies(lines: Sequence[str]) -> Iterator[str]:
    """Yield the client's lines of a telnet session; inside a message every line is the client's."""
    inside = False
    for line in lines:
        if inside:
            yield line
            inside = line != "."
        elif line.startswith("354"):
            inside = True
        elif not _is_reply(line):
            yield line


def _parts(
    session: Session,
    organization: Organization,
    connector: ReceiveConnector | None,
    headers: Sequence[str],
) -> list[list[str]]:
    """Return the script cut where a refusal makes a client stop."""
    parts = [[_HELLO]]
    if session.tls:
        parts += [["STARTTLS"], [_HELLO]]
    parts += _auth_parts(session, connector)
    size = session.size
    announced = size is not None and (
        connector is None or connector.size_enabled is not SizeMode.DISABLED
    )
    suffix = f" SIZE={size}" if announced else ""
    parts.append([f"MAIL FROM:<{session.mail_from or ''}>{suffix}"])
    recipients = session.rcpt_to or _any_recipient(organization)
    parts += [[f"RCPT TO:<{recipient}>"] for recipient in recipients]
    if recipients:
        parts.append(["DATA"])
        parts.append(_message(session, recipients, headers))
    parts.append(["QUIT"])
    return parts


def _any_recipient(organization: Organization) -> tuple[str, ...]:
    for accepted in organization.accepted_domains:
        name = accepted.name.removeprefix("*.")
        return (f"postmaster@{'example.com' if name == '*' else name}",)
    return ()


def _auth_parts(session: Session, connector: ReceiveConnector | None) -> list[list[str]]:
    auth = session.auth
    match auth:
        case AuthKind.NONE | AuthKind.PARTNER:
            return []
        case AuthKind.EXCHANGE | AuthKind.EDGE:
            return [["X-EXPS GSSAPI", TOKEN]]
        case AuthKind.LEGACY:
            through_auth = connector is not None and (
                AuthMechanism.EXCHANGE_SERVER not in connector.auth_mechanism
                and AuthMechanism.INTEGRATED in connector.auth_mechanism
                and not connector.externally_secured
            )
            if through_auth:
                return [["AUTH NTLM", TOKEN, TOKEN]]
            return [["X-EXPS GSSAPI", TOKEN]]
        case AuthKind.NTLM:
            return [["AUTH NTLM", TOKEN, TOKEN]]
        case AuthKind.USER | AuthKind.BASIC:
            pass
    offered = offered_mechanisms(connector, tls=session.tls) if connector is not None else ()
    if auth is AuthKind.USER and "NTLM" in offered and "LOGIN" not in offered:
        return [["AUTH NTLM", TOKEN, TOKEN]]
    return [["AUTH LOGIN", encode(session.user or ""), _NO_PASSWORD]]


def _message(session: Session, recipients: Iterable[str], headers: Sequence[str]) -> list[str]:
    lines = list(headers)
    if session.header_from is None:
        lines.append(f"From: <{session.mail_from or ''}>")
    elif session.header_from:
        lines.append(f"From: <{session.header_from}>")
    lines += [f"To: <{recipient}>" for recipient in list(recipients)[:1]]
    lines += ["Subject: relaysim", ""]
    if session.size is not None:
        head = sum(len(line.encode("utf-8", "surrogateescape")) + 2 for line in lines)
        if session.size > head:
            lines.append(f"{{{session.size - head} bytes}}")
    else:
        lines.append("A message.")
    # A line of the caller's headers that is a lone dot would end the message.
    return [f".{line}" if line.startswith(".") else line for line in lines] + ["."]
