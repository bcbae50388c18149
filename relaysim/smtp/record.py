"""An SMTP session as values: what the client said, what the server answered, and why."""

from enum import Enum
from typing import NamedTuple

from relaysim.lean import frozen
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import Assumption, AuthAs, Grant, Note, Refusal, Undecided
from relaysim.model.principals import Principal
from relaysim.model.rights import Right
from relaysim.model.session import Session
from relaysim.model.version import ExchangeVersion

__all__ = [
    "DEFAULT_DATE",
    "DEFAULT_STAMP",
    "Client",
    "CommandReply",
    "Dialogue",
    "HeaderFate",
    "Message",
    "SessionState",
    "SmtpStage",
    "Why",
]


DEFAULT_DATE = "Mon, 1 Jan 2024 00:00:00 +0000"
"""Stands in the banner in place of the time, because the program asks no clock."""
DEFAULT_STAMP = "2024-01-01T00:00:00.000Z"
"""The same moment as a protocol log writes it."""


class SmtpStage(Enum):
    """What an exchange is about; the value is what is printed."""

    CONNECT = "connect"
    HELLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    MAIL_FROM = "MAIL FROM"
    RCPT_TO = "RCPT TO"
    DATA = "DATA"
    END_OF_DATA = "end of data"
    OTHER = "other"
    QUIT = "QUIT"

    __hash__ = object.__hash__


@frozen
class Client(Session):
    """Who sits at the other end of the connection: the session before a word is said.

    What the client says later (TLS, sender, recipients) is not told here. Of ``auth``,
    ``EXCHANGE``, ``EDGE``, ``LEGACY`` and ``PARTNER`` come with the tickets and certificates of
    one; every other kind is a client that only says what it types. ``user`` is the account behind
    an NTLM or Kerberos token, ``groups`` are further groups of whichever account logs on.

    Attributes:
        cert: Name in the certificate it shows after STARTTLS; empty for none.
        password_right: Whether passwords and tokens are the right ones.
    """

    cert: str | None = ""
    password_right: bool = True


class Why(NamedTuple):
    """Why the server answers what it answers.

    Attributes:
        text: One sentence without a final stop.
        rule: The rule of the model, or ``None`` for what is plain SMTP.
        right: The right it hangs on, or ``None``.
        grant: The answer about that right, or ``None``.
    """

    text: str
    rule: str | None = None
    right: Right | None = None
    grant: Grant | None = None


class SessionState(NamedTuple):
    """What the session is after an exchange. The same object as long as nothing changes.

    Attributes:
        principals: What it holds, most specific first; empty before a connector answers.
        permissions: Its permissions as the protocol log names them, in the logged order.
        tls: Whether it is encrypted.
        authenticated: Whether AUTH or X-EXPS succeeded.
    """

    principals: tuple[Principal, ...] = ()
    permissions: tuple[str, ...] = ()
    tls: bool = False
    authenticated: bool = False


class HeaderFate(NamedTuple):
    """What happens to one header of a message.

    Attributes:
        name: Its name as the client wrote it.
        value: Its value on one line.
        kept: Whether it survives.
        right: The right that a guarded header needs, ``None`` for every other header.
        grant: The answer about that right, or ``None``.
    """

    name: str
    value: str
    kept: bool
    right: Right | None = None
    grant: Grant | None = None


class Message(NamedTuple):
    """A message the server took.

    Attributes:
        sender: Envelope sender, ``""`` for the null sender.
        recipients: Recipients that were taken, in order.
        header_from: Address in the From header, ``""`` without one.
        size: Bytes.
        auth_as: How the organization regards it.
        headers: What became of each of its headers, in order.
        added: Headers that the server adds about the session, as (name, value). Never a spam
            confidence level: no source lets it be predicted.
        shown: What a recipient sees as the sender in Outlook, one sentence.
        goes_to: The back-end connector that a front-end connector hands it to, or ``""``.
    """

    sender: str
    recipients: tuple[str, ...]
    header_from: str
    size: int
    auth_as: AuthAs
    headers: tuple[HeaderFate, ...]
    added: tuple[tuple[str, str], ...]
    shown: str
    goes_to: str


class CommandReply(NamedTuple):
    """One thing the client did and what the server answered.

    Attributes:
        moment: What it is about.
        said: Lines of the client, without line ends; empty at ``CONNECT``. At ``END_OF_DATA``
            the whole message and the final dot.
        reply: Lines of the server, without line ends; empty when the connection itself is
            refused, or when the question is undecided.
        why: Why.
        state: What the session is afterwards.
        refusal: Set when a rule of the model refuses; ``None`` for mistakes in the protocol.
        assumptions: What was assumed for this reply.
        notes: Further facts.
        undecided: Set when a fact is missing and nothing can be answered.
        closed: The connection is over.
        message: The message that was taken, at ``END_OF_DATA``.
        by_client: The reply is the client's own conclusion, not a line of the server.
    """

    moment: SmtpStage
    said: tuple[str, ...]
    reply: tuple[str, ...]
    why: Why
    state: SessionState
    refusal: Refusal | None = None
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[Note, ...] = ()
    undecided: Undecided | None = None
    closed: bool = False
    message: Message | None = None
    by_client: bool = False

    @property
    def code(self) -> int:
        """Reply code, 0 without a reply.

        >>> state = SessionState()
        >>> CommandReply(SmtpStage.OTHER, ("NOOP",), ("250 2.0.0 OK",), Why(""), state).code
        250
        """
        return int(self.reply[-1][:3]) if self.reply else 0

    @property
    def positive(self) -> bool:
        """Whether the server agrees, or asks for more."""
        return bool(self.reply) and self.reply[-1][0] in "23"


class Dialogue(NamedTuple):
    """A whole session.

    Attributes:
        client: Who connected.
        server: NetBIOS name of the server.
        exchange: Its version.
        connector: The connector that answered, or ``None``.
        exchanges: What was said, in order; the first is the connection itself.
    """

    client: Client
    server: str
    exchange: ExchangeVersion
    connector: ReceiveConnector | None
    exchanges: tuple[CommandReply, ...]

    @property
    def refusal(self) -> Refusal | None:
        """The first refusal by a rule of the model, as a Decision names it, or ``None``."""
        for exchange in self.exchanges:
            if exchange.refusal is not None:
                return exchange.refusal
        return None

    @property
    def undecided(self) -> Undecided | None:
        """The first missing fact, or ``None``."""
        for exchange in self.exchanges:
            if exchange.undecided is not None:
                return exchange.undecided
        return None

    @property
    def messages(self) -> tuple[Message, ...]:
        """Every message the server took."""
        return tuple(e.message for e in self.exchanges if e.message is not None)
