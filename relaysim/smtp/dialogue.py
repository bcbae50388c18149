"""The SMTP session as a dialogue: from what a client says to what the server answers, and why.

Pure: no socket, no clock, no file. Every refusal comes from the functions that also decide a
single question, so the dialogue and ``evaluate`` cannot disagree about a rule.
"""

import sys
from collections.abc import Callable, Iterable

from relaysim.engine.selection import select
from relaysim.model.organization import Organization
from relaysim.smtp import replies as words
from relaysim.smtp.authentication import (
    base_identity,
    on_anonymous_tls,
    on_auth,
    on_exps,
    on_starttls,
)
from relaysim.smtp.commands import parse_hello, split_command
from relaysim.smtp.connection import Connection, answer, is_set, unrecognized
from relaysim.smtp.data import on_bdat, on_data
from relaysim.smtp.envelope import on_mail, on_rcpt
from relaysim.smtp.listener import Listener
from relaysim.smtp.record import (
    DEFAULT_DATE,
    Client,
    CommandReply,
    Dialogue,
    SessionState,
    SmtpStage,
    Why,
)

__all__ = ["LONGEST_LINE", "Conversation", "play"]

LONGEST_LINE = 4000
"""Bytes of a command line; an assumption, see docs/explanation/limits.md."""
_LONGEST_AUTH_LINE = 12288

_Handler = Callable[[Connection, str, str], CommandReply | None]


class Conversation:
    """A connection that is open: feed it lines or bytes, read the answers.

    Attributes:
        opening: The connection itself: banner, refusal, or an undecided question.
        dialogue: Everything so far.

    >>> from relaysim import load, parse_address
    >>> talk = Conversation(load("builtin:option-2"), Client(ip="192.168.2.55"))
    >>> talk.feed("EHLO app")[0].reply[-1], talk.feed("MAIL FROM:<a@contoso.com>")[0].reply
    ('250 CHUNKING', ('250 2.1.0 Sender OK',))
    """

    def __init__(
        self, server: Organization | Listener, client: Client, *, date: str = DEFAULT_DATE
    ) -> None:
        """Connect.

        Args:
            server: The organization, or a listener of it when many clients connect.
            client: Who connects.
            date: What the banner says in place of the time.
        """
        self._listener = server if isinstance(server, Listener) else Listener(server)
        self._client = client
        self._buffer = bytearray()
        self._searched = 0
        self._too_long = False
        self._talk: Connection | None = None
        self.opening = self._connect(date)
        self._exchanges = [self.opening]

    @property
    def closed(self) -> bool:
        """Whether the connection is over."""
        return self._talk is None or self._talk.closed

    @property
    def in_message(self) -> bool:
        """Whether the next line is one of a message, and no command."""
        talk = self._talk
        return talk is not None and talk.mail is not None and talk.answering is not None

    @property
    def talk(self) -> Connection | None:
        """The state of the connection, ``None`` when no connector answers."""
        return self._talk

    @property
    def buffered(self) -> int:
        """Bytes that were received and are not a whole line or chunk yet."""
        return len(self._buffer)

    @property
    def dialogue(self) -> Dialogue:
        """Everything said so far."""
        organization = self._listener.organization
        connector = self._talk.connector if self._talk is not None else None
        return Dialogue(
            self._client,
            organization.server,
            organization.exchange,
            connector,
            tuple(self._exchanges),
        )

    def feed(self, line: str) -> tuple[CommandReply, ...]:
        """Take one typed line, without its end, and return what it completes.

        Inside a message a line such as ``{40 MB}`` stands for so many bytes.
        """
        talk = self._talk
        if talk is None or talk.closed:
            return ()
        if talk.chunk is not None or self._buffer or "\n" in line or len(line) > LONGEST_LINE:
            return self.receive(line.encode("utf-8", "surrogateescape") + b"\r\n")
        talk.typed = talk.whole_line = True
        exchange = self._line(talk, line.removesuffix("\r"))
        talk.typed = False
        if exchange is None:
            return ()
        self._exchanges.append(exchange)
        return (exchange,)

    def receive(self, data: bytes) -> tuple[CommandReply, ...]:
        """Take bytes as they come from a socket and return everything they complete.

        Lines may be split anywhere, several may come at once (pipelining), and a bare line feed
        ends a line too, although never a message. What follows STARTTLS in clear text is thrown
        away: it may be anybody's.
        """
        talk = self._talk
        if talk is None:
            return ()
        self._buffer += data
        done: list[CommandReply] = []
        while not talk.closed:
            encrypted = talk.tls
            taken = self._take(talk)
            if taken is None:
                break
            done += taken
            if talk.tls and not encrypted:
                self._forget()
        if talk.closed:
            self._forget()
        self._exchanges += done
        return tuple(done)

    def fetch_text(self, exchange: CommandReply) -> list[str]:
        """Return the lines of a message that was taken and let go of them, the oldest first.

        Args:
            exchange: The one that took it; of what was said there only the end stays.
        """
        assert self._talk is not None  # noqa: S101  # a message was taken
        for place in range(len(self._exchanges) - 1, -1, -1):
            if self._exchanges[place] is exchange:
                self._exchanges[place] = exchange._replace(said=exchange.said[-1:])
                break
        return self._talk.texts.pop(0)

    def _forget(self) -> None:
        self._buffer.clear()
        self._searched = 0

    def _take(self, talk: Connection) -> list[CommandReply] | None:
        """Take one line or chunk out of the buffer; ``None`` when there is none yet."""
        if talk.chunk is not None:
            if len(self._buffer) < talk.pending:
                return None
            data = bytes(self._buffer[: talk.pending])
            del self._buffer[: talk.pending]
            take, talk.chunk, talk.pending = talk.chunk, None, 0
            return [take(talk, data)]
        end = self._buffer.find(b"\n", self._searched)
        if self.in_message:
            longest = sys.maxsize
        else:
            longest = LONGEST_LINE if talk.answering is None else _LONGEST_AUTH_LINE
        if end < 0:
            if len(self._buffer) > longest:
                self._too_long = True
                del self._buffer[60:]
            self._searched = len(self._buffer)
            return None
        raw = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        self._searched = 0
        if self._too_long or len(raw) > longest:
            self._too_long = False
            talk.answering = None
            why = f"the line is longer than {longest} bytes"
            said = raw[:60].decode("utf-8", "replace") + "..."
            return [answer(talk, SmtpStage.OTHER, said, words.LINE_TOO_LONG, why, assumed=True)]
        talk.whole_line = raw.endswith(b"\r")
        line = raw.removesuffix(b"\r").decode("utf-8", "surrogateescape")
        exchange = self._line(talk, line)
        return [] if exchange is None else [exchange]

    def _line(self, talk: Connection, line: str) -> CommandReply | None:
        if talk.answering is not None:
            return talk.answering(talk, line)
        verb, argument = split_command(line)
        handler = _HANDLERS.get(verb)
        if handler is None:
            why = f"`{verb[:20]}` is no command" if verb else "the line is empty"
            return unrecognized(talk, SmtpStage.OTHER, line, Why(why, "D-1"))
        return handler(talk, argument, line)

    def _connect(self, date: str) -> CommandReply:
        client = self._client
        selection = select(self._listener.organization, client)
        connector = selection.connector
        assumptions = selection.assumptions
        if selection.undecided is not None:
            why = Why(selection.undecided.text, selection.undecided.rule)
            return CommandReply(
                SmtpStage.CONNECT,
                (),
                (),
                why,
                SessionState(),
                assumptions=assumptions,
                undecided=selection.undecided,
                closed=True,
            )
        if connector is None:
            refusal = selection.refusal
            assert refusal is not None  # noqa: S101  # nobody answers, and that is decided
            reply = () if refusal.reply is None else (refusal.reply,)
            text = "nothing listens there" if not reply else "no connector's ranges hold the client"
            return CommandReply(
                SmtpStage.CONNECT,
                (),
                reply,
                Why(text, refusal.rule),
                SessionState(),
                refusal,
                assumptions,
                closed=True,
            )
        identity = base_identity(self._listener.organization, connector, client, tls=False)
        talk = self._talk = Connection(self._listener, connector, client, identity)
        greeting = words.banner(talk.name, connector.banner, date)
        why = Why(
            f"the connector `{connector.name}` answers, by its range {selection.range}", "S-3"
        )
        return answer(talk, SmtpStage.CONNECT, (), greeting, why, assumptions=assumptions)


def play(
    server: Organization | Listener,
    client: Client,
    lines: Iterable[str],
    *,
    date: str = DEFAULT_DATE,
) -> Dialogue:
    """Return the dialogue that these client lines make; what follows the end is not said."""
    conversation = Conversation(server, client, date=date)
    for line in lines:
        if conversation.closed:
            break
        conversation.feed(line)
    return conversation.dialogue


def _on_ehlo(talk: Connection, argument: str, line: str) -> CommandReply:
    wrong = _wrong_name(talk, argument, line)
    if wrong is not None:
        return wrong
    talk.greeted = True
    talk.mail = None
    texts = (f"{talk.name} Hello [{talk.client.seen}]", *talk.keywords())
    reply = (*(f"250-{text}" for text in texts[:-1]), f"250 {texts[-1]}")
    why = "keywords by version, role and mechanisms of the connector"
    assumptions = talk.listener.assumptions(talk.connector)
    return answer(talk, SmtpStage.HELLO, line, reply, Why(why, "D-4"), assumptions=assumptions)


def _on_helo(talk: Connection, argument: str, line: str) -> CommandReply:
    wrong = _wrong_name(talk, argument, line)
    if wrong is not None:
        return wrong
    talk.greeted = True
    talk.mail = None
    reply = f"250 {talk.name} Hello [{talk.client.seen}]"
    return answer(talk, SmtpStage.HELLO, line, reply, "HELO announces no keywords")


def _wrong_name(talk: Connection, argument: str, line: str) -> CommandReply | None:
    problem = parse_hello(argument)
    if not argument and is_set(talk.connector, "RequireEHLODomain"):
        problem = "RequireEHLODomain is on, and no name is given"
    if not problem:
        return None
    return answer(talk, SmtpStage.HELLO, line, words.INVALID_DOMAIN, problem)


def _on_rset(talk: Connection, _argument: str, line: str) -> CommandReply:
    talk.mail = None
    why = "the mail transaction is forgotten, who the client is stays"
    return answer(talk, SmtpStage.OTHER, line, words.RESETTING, why)


def _on_noop(talk: Connection, _argument: str, line: str) -> CommandReply:
    return answer(talk, SmtpStage.OTHER, line, words.OK, "nothing to do", assumed=True)


def _on_vrfy(talk: Connection, _argument: str, line: str) -> CommandReply:
    why = "the server does not tell who exists"
    return answer(talk, SmtpStage.OTHER, line, words.CANNOT_VRFY, why, assumed=True)


def _on_help(talk: Connection, _argument: str, line: str) -> CommandReply:
    return answer(talk, SmtpStage.OTHER, line, words.HELP, "the commands", assumed=True)


def _on_quit(talk: Connection, _argument: str, line: str) -> CommandReply:
    talk.closed = True
    return answer(talk, SmtpStage.QUIT, line, words.CLOSING, "the client ends the session")


_HANDLERS: dict[str, _Handler] = {
    "EHLO": _on_ehlo,
    "HELO": _on_helo,
    "STARTTLS": on_starttls,
    "X-ANONYMOUSTLS": on_anonymous_tls,
    "AUTH": on_auth,
    "X-EXPS": on_exps,
    "MAIL": on_mail,
    "RCPT": on_rcpt,
    "DATA": on_data,
    "BDAT": on_bdat,
    "RSET": _on_rset,
    "NOOP": _on_noop,
    "VRFY": _on_vrfy,
    "HELP": _on_help,
    "QUIT": _on_quit,
}
