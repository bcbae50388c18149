"""The state of one connection, and how an answer is put together."""

from collections.abc import Callable

from relaysim.engine.identity import Identity
from relaysim.engine.identity import unrecognized as unrecognized_reply
from relaysim.engine.standing import CommandCheck
from relaysim.errors import printable
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import Assumption, Note, Refusal, Undecided
from relaysim.model.rights import Right
from relaysim.model.version import ExchangeVersion
from relaysim.smtp.listener import Listener
from relaysim.smtp.paths import SmtpPath
from relaysim.smtp.record import Client, CommandReply, Message, SessionState, SmtpStage, Why
from relaysim.smtp.replies import assumed_words

__all__ = [
    "Answering",
    "Chunking",
    "Connection",
    "Mail",
    "answer",
    "granted",
    "is_set",
    "refuse",
    "undecide",
    "unrecognized",
]

Answering = Callable[["Connection", str], CommandReply | None]
"""What takes the next line while the server waits for something other than a command."""
Chunking = Callable[["Connection", bytes], CommandReply]
"""What takes the bytes that a command announced."""


class Mail:
    """A mail transaction between MAIL FROM and end of data.

    Attributes:
        path: The sender.
        untrusted: MAIL FROM said ``AUTH=<>``.
        recipients: Mailboxes taken so far.
        lines: Lines of the message, dots already unstuffed.
        size: Bytes of the message.
        said: The same lines as the client sent them.
        chunks: Text that came with BDAT, or ``None`` before the first chunk.
        bare: Whether a line ended with a bare line feed.
        after_bare: Whether the line before did; a lone dot then ends nothing.
        lone_dots: Lone dots that stood beside a bare line feed and so ended nothing.
    """

    __slots__ = (
        "after_bare",
        "bare",
        "chunks",
        "lines",
        "lone_dots",
        "path",
        "recipients",
        "said",
        "size",
        "untrusted",
    )

    def __init__(self, path: SmtpPath, *, untrusted: bool) -> None:
        self.path = path
        self.untrusted = untrusted
        self.recipients: list[str] = []
        self.lines: list[str] = []
        self.said: list[str] = []
        self.size = 0
        self.bare = False
        self.after_bare = False
        self.lone_dots = 0
        self.chunks: bytearray | None = None


class Connection:
    """One connection to a connector.

    Attributes:
        listener: The server.
        organization: The organization.
        connector: The connector that answered.
        client: The other end.
        standing: Who the session is now, and its rights.
        state: The same for the reader.
        name: The server's name in banner and EHLO.
        greeted: Whether EHLO or HELO was taken since the connection or STARTTLS.
        tls: Whether the session is encrypted.
        anonymous_tls: Whether X-ANONYMOUSTLS did it, as Exchange servers do among themselves.
        authenticated: Whether AUTH or X-EXPS succeeded.
        user: The account that logged on, as it was named.
        mail: The mail transaction, or ``None``.
        answering: What takes the next line instead of the command table, or ``None``.
        chunk: What takes the next ``pending`` bytes, whatever they are, or ``None``.
        pending: Bytes that ``chunk`` waits for.
        typed: Whether the line at hand was typed as text, where a stand-in for many bytes is
            understood, and did not come as bytes.
        whole_line: Whether that line ended with carriage return and line feed.
        taken: Messages taken so far.
        texts: Lines of each message that was taken and not fetched yet, dots unstuffed.
        closed: Whether the connection is over.
    """

    __slots__ = (
        "anonymous_tls",
        "answering",
        "authenticated",
        "chunk",
        "client",
        "closed",
        "connector",
        "greeted",
        "listener",
        "mail",
        "name",
        "organization",
        "pending",
        "standing",
        "state",
        "taken",
        "texts",
        "tls",
        "typed",
        "user",
        "whole_line",
    )

    def __init__(
        self, listener: Listener, connector: ReceiveConnector, client: Client, identity: Identity
    ) -> None:
        self.listener = listener
        self.organization = listener.organization
        self.connector = connector
        self.client = client
        self.name = listener.name_of(connector)
        self.greeted = False
        self.tls = False
        self.anonymous_tls = False
        self.authenticated = False
        self.user: str | None = None
        self.mail: Mail | None = None
        self.answering: Answering | None = None
        self.chunk: Chunking | None = None
        self.pending = 0
        self.typed = False
        self.whole_line = True
        self.taken = 0
        self.texts: list[list[str]] = []
        self.closed = False
        self.become(identity)

    def become(self, identity: Identity) -> None:
        """Take on an identity and its rights."""
        self.standing, permissions = self.listener.stand(self.connector, identity, tls=self.tls)
        self.state = SessionState(identity.principals, permissions, self.tls, self.authenticated)

    def keywords(self) -> tuple[str, ...]:
        """Return what EHLO announces now."""
        return self.listener.keywords(
            self.connector, tls=self.tls, anonymous_tls=self.anonymous_tls
        )

    def offers(self, keyword: str) -> bool:
        """Tell whether EHLO announces a keyword now."""
        return any(word.partition(" ")[0] == keyword for word in self.keywords())


def answer(
    talk: Connection,
    moment: SmtpStage,
    said: str | tuple[str, ...],
    reply: str | tuple[str, ...],
    why: str | Why,
    *,
    assumed: bool = False,
    assumptions: tuple[Assumption, ...] = (),
    notes: tuple[Note, ...] = (),
    message: Message | None = None,
) -> CommandReply:
    """Return an exchange; ``assumed`` marks a reply whose words nobody published."""
    lines = (reply,) if isinstance(reply, str) else reply
    if assumed:
        assumptions += (Assumption("D-2", assumed_words(lines[-1]), ()),)
    return CommandReply(
        moment,
        (said,) if isinstance(said, str) else said,
        lines,
        Why(why) if isinstance(why, str) else why,
        talk.state,
        None,
        assumptions,
        notes,
        None,
        talk.closed,
        message,
    )


def refuse(
    talk: Connection,
    moment: SmtpStage,
    said: str | tuple[str, ...],
    refusal: Refusal,
    *,
    assumptions: tuple[Assumption, ...] = (),
    notes: tuple[Note, ...] = (),
    by_client: bool = False,
) -> CommandReply:
    """Return the exchange of a refusal by a rule of the model."""
    grant = talk.standing.grant(refusal.right) if refusal.right is not None else None
    text = refusal.because.value.replace("-", " ")
    return CommandReply(
        moment,
        (said,) if isinstance(said, str) else said,
        (refusal.reply,) if refusal.reply is not None else (),
        Why(text, refusal.rule, refusal.right, grant),
        talk.state,
        refusal,
        assumptions,
        notes,
        closed=talk.closed,
        by_client=by_client,
    )


def undecide(
    talk: Connection,
    moment: SmtpStage,
    said: str | tuple[str, ...],
    found: CommandCheck,
    undecided: Undecided,
) -> CommandReply:
    """Return the exchange of a command that cannot be judged: there is no reply."""
    return CommandReply(
        moment,
        (said,) if isinstance(said, str) else said,
        (),
        Why(undecided.text, undecided.rule),
        talk.state,
        None,
        found.assumptions,
        found.notes,
        undecided,
    )


def unrecognized(talk: Connection, moment: SmtpStage, line: str, why: str | Why) -> CommandReply:
    """Return the exchange of a command that is unknown or not offered, in the version's words."""
    exchange = talk.organization.exchange
    verb = line.strip(" \t").partition(" ")[0]
    return answer(
        talk,
        moment,
        line,
        unrecognized_reply(exchange, printable(verb)),
        why,
        assumed=exchange is ExchangeVersion.V2013,
    )


def granted(talk: Connection, right: Right, rule: str, text: str) -> Why:
    """Return a reason that hangs on a right of the session."""
    return Why(text, rule, right, talk.standing.grant(right))


def is_set(connector: ReceiveConnector, name: str) -> bool:
    """Tell whether a property that no rule uses was read as true."""
    wanted = name.casefold().replace("_", "")
    return any(
        key.casefold().replace("_", "") == wanted and value.strip().casefold() in ("true", "$true")
        for key, value in connector.unmodelled
    )
