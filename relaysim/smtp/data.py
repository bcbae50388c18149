"""DATA and BDAT, and what happens at end of data."""

from relaysim.engine.certificates import trusted_domains
from relaysim.engine.evaluate import unknown_owner
from relaysim.engine.identity import IdentityKind
from relaysim.engine.outcome import auth_as, check_size
from relaysim.engine.senders import check_content
from relaysim.engine.standing import back_end, client_proxy
from relaysim.errors import RelaysimError
from relaysim.model.decision import Assumption, AuthAs, Note, Stage
from relaysim.model.session import parse_size
from relaysim.smtp import replies as words
from relaysim.smtp.connection import (
    Chunking,
    Connection,
    Mail,
    answer,
    is_set,
    refuse,
    undecide,
    unrecognized,
)
from relaysim.smtp.header_firewall import (
    Header,
    added_headers,
    from_address,
    header_fates,
    parse_headers,
    shown_sender,
)
from relaysim.smtp.record import CommandReply, Message, SmtpStage, Why

__all__ = ["on_bdat", "on_data", "stand_in"]

_BARE_LINE_FEED = "550 5.6.11 Invalid characters"


def on_data(talk: Connection, argument: str, line: str) -> CommandReply:
    """Answer DATA: the message follows."""
    moment = SmtpStage.DATA
    early = _not_ready(talk, line)
    if early is not None:
        return early
    assert talk.mail is not None  # noqa: S101  # _not_ready looked
    if argument:
        why = "DATA takes no argument"
        return answer(talk, moment, line, words.BAD_ARGUMENTS, why, assumed=True)
    if talk.mail.chunks is not None:
        why = "the message has begun with BDAT"
        return answer(talk, moment, line, words.BAD_SEQUENCE, why, assumed=True)
    talk.answering = _take_line
    return answer(talk, moment, line, words.START_INPUT, "the message follows")


def on_bdat(talk: Connection, argument: str, line: str) -> CommandReply | None:
    """Answer BDAT, or wait for the bytes it announces.

    The bytes are taken in any case: a client that pipelines does not wait for the reply.
    """
    if not talk.offers("CHUNKING"):
        why = "CHUNKING is not offered"
        return unrecognized(talk, SmtpStage.DATA, line, why)
    count, _, last = argument.partition(" ")
    last = last.strip().upper()
    if not (count.isascii() and count.isdigit() and len(count) < 10) or last not in ("", "LAST"):
        why = "BDAT needs a number of bytes"
        return answer(talk, SmtpStage.DATA, line, words.BAD_ARGUMENTS, why, assumed=True)
    early = _not_ready(talk, line)
    take = _swallow(early) if early is not None else _take_chunk(line, last=last == "LAST")
    if count.strip("0") == "":
        return take(talk, b"")
    talk.chunk, talk.pending = take, int(count)
    return None


def stand_in(line: str) -> int | None:
    """Return the bytes that a typed line such as ``{40 MB}`` stands for, ``None`` for any other.

    >>> stand_in("{2 KB}")
    2048
    """
    if line[:1] != "{" or line[-1:] != "}":
        return None
    try:
        return parse_size(line[1:-1].strip().removesuffix("bytes"))
    except RelaysimError:
        return None


def _not_ready(talk: Connection, line: str) -> CommandReply | None:
    if talk.mail is None:
        if not talk.greeted:
            return answer(
                talk, SmtpStage.DATA, line, words.SEND_HELLO, Why("DATA comes after EHLO", "D-1")
            )
        return answer(
            talk, SmtpStage.DATA, line, words.NEED_MAIL, Why("DATA comes after MAIL FROM", "D-1")
        )
    if not talk.mail.recipients:
        return answer(
            talk, SmtpStage.DATA, line, words.NEED_RCPT, Why("no recipient was taken", "D-1")
        )
    return None


def _swallow(early: CommandReply) -> Chunking:
    def take(_talk: Connection, _data: bytes) -> CommandReply:
        return early

    return take


def _take_chunk(line: str, *, last: bool) -> Chunking:
    def take(talk: Connection, data: bytes) -> CommandReply:
        mail = talk.mail
        assert mail is not None  # noqa: S101  # a transaction was open, and nothing came between
        mail.chunks = bytearray() if mail.chunks is None else mail.chunks
        mail.chunks += data
        mail.size += len(data)
        mail.said.append(line)
        if not last:
            reply = f"{words.CHUNK_OK}, {len(data)} octets"
            return answer(talk, SmtpStage.DATA, line, reply, "more chunks follow", assumed=True)
        text = mail.chunks.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
        mail.lines = text.split("\n")
        return _end_of_data(talk, mail)

    return take


def _take_line(talk: Connection, line: str) -> CommandReply | None:
    mail = talk.mail
    assert mail is not None  # noqa: S101  # DATA opened with a transaction
    mail.said.append(line)
    broken = mail.after_bare or not talk.whole_line
    mail.after_bare = not talk.whole_line
    mail.bare = mail.bare or mail.after_bare
    if line == "." and not broken:
        talk.answering = None
        return _end_of_data(talk, mail)
    if line == ".":
        # Only <CRLF>.<CRLF> ends a message: who reads a bare line feed as an end can be made to
        # take the rest of the message for commands.
        mail.lone_dots += 1
    elif line[:1] == ".":
        line = line[1:]
    elif talk.typed and line[:1] == "{":
        size = stand_in(line)
        if size is not None:
            mail.size += size
            return None
    mail.lines.append(line)
    mail.size += 2 + len(line if line.isascii() else line.encode("utf-8", "surrogateescape"))
    return None


def _end_of_data(talk: Connection, mail: Mail) -> CommandReply:
    """Judge the message: the sender, the size, then take it."""
    moment, said = SmtpStage.END_OF_DATA, tuple(mail.said)
    talk.mail = None
    headers = parse_headers(mail.lines)
    envelope = mail.path.mailbox
    address = from_address(headers)
    # A From header with the null address in a bounce names nobody, like the bounce itself.
    judged = None if address == "" and not envelope else address or ""
    found = check_content(talk.standing, envelope, judged)
    judging = found.assumptions + _other_from_headers(headers)
    if found.refusal is not None:
        return refuse(talk, moment, said, found.refusal, assumptions=judging, notes=found.notes)
    undecided = unknown_owner(found.unknown_owner, talk.user)
    if undecided is not None:
        return undecide(talk, moment, said, found, undecided)
    refusal = check_size(talk.standing, mail.size, Stage.END_OF_DATA)
    if refusal is not None:
        return refuse(talk, moment, said, refusal)
    if mail.bare and is_set(talk.connector, "BareLinefeedRejectionEnabled"):
        why = Why("BareLinefeedRejectionEnabled is on, and a line ends with a bare line feed")
        return answer(talk, moment, said, _BARE_LINE_FEED, why, assumed=True)
    talk.taken += 1
    talk.texts.append(mail.lines)
    message, assumptions = _message(talk, mail, headers, address or "")
    reply = words.queued(
        talk.organization.exchange, talk.name, _message_id(talk, headers), talk.taken, mail.size
    )
    why = Why(f"the message counts as {message.auth_as.value}", "O-5")
    assumptions = judging + assumptions + _sender_header(headers)
    notes = found.notes + _lone_dots(mail)
    return answer(
        talk, moment, said, reply, why, assumptions=assumptions, notes=notes, message=message
    )


def _lone_dots(mail: Mail) -> tuple[Note, ...]:
    if not mail.lone_dots:
        return ()
    text = "a lone dot beside a bare line feed did not end the message: only <CRLF>.<CRLF> does"
    return (Note("D-5", text),)


def _message(
    talk: Connection, mail: Mail, headers: tuple[Header, ...], address: str
) -> tuple[Message, tuple[Assumption, ...]]:
    standing = talk.standing
    found, assumptions = auth_as(standing)
    # A client of the dialogue shows the certificate that it has, or none: nothing is left open.
    regarded = found or AuthAs.ANONYMOUS
    trusted = trusted_domains(talk.connector) if talk.tls and not talk.client.cert else ()
    if trusted and standing.is_anonymous:
        text = f"the client shows no certificate of {', '.join(trusted)}"
        assumptions += (Assumption("P-5", text, ("auth_as",)),)
    if mail.untrusted and regarded is AuthAs.INTERNAL and _may_declare(standing.identity.kind):
        regarded = AuthAs.ANONYMOUS
        text = "`AUTH=<>` of a trusted server says that the message is somebody else's"
        assumptions += (Assumption("O-5", text, ("auth_as",)),)
    written = next((h.value for h in headers if h.name.casefold() == "from"), "")
    message = Message(
        sender=mail.path.mailbox,
        recipients=tuple(mail.recipients),
        header_from=address,
        size=mail.size,
        auth_as=regarded,
        headers=header_fates(standing, headers),
        added=added_headers(standing, regarded),
        shown=shown_sender(standing, regarded, address, written),
        goes_to=_behind(talk),
    )
    return message, assumptions


def _may_declare(kind: IdentityKind) -> bool:
    return kind in (IdentityKind.SERVER, IdentityKind.EXTERNALLY_SECURED)


def _behind(talk: Connection) -> str:
    """Return the back-end connector that takes a front-end connector's message (P-1, P-2)."""
    if not talk.connector.is_front_end:
        return ""
    kind = talk.standing.identity.kind
    if kind is IdentityKind.ACCOUNT:
        proxy = client_proxy(talk.organization)
        return proxy.name if proxy is not None else ""
    if kind in (IdentityKind.ANONYMOUS, IdentityKind.EXTERNALLY_SECURED):
        behind = back_end(talk.organization)
        return behind.name if behind is not None else ""
    return ""


def _message_id(talk: Connection, headers: tuple[Header, ...]) -> str:
    for header in headers:
        if header.name.casefold() == "message-id" and header.value.startswith("<"):
            inside = header.value.split(">")[0]
            if inside.isprintable() and " " not in inside:
                return f"{inside}>"
    return f"<00000000-0000-4000-8000-{talk.taken:012d}@{talk.name}>"


def _other_from_headers(headers: tuple[Header, ...]) -> tuple[Assumption, ...]:
    if sum(header.name.casefold() == "from" for header in headers) < 2:
        return ()
    text = "only the first From header is judged, the others are not"
    return (Assumption("O-7", text, ("refusal",)),)


def _sender_header(headers: tuple[Header, ...]) -> tuple[Assumption, ...]:
    if not any(header.name.casefold() == "sender" for header in headers):
        return ()
    text = "only the From header is judged, the Sender header beside it is not"
    return (Assumption("O-7", text, ("refusal",)),)
