"""A dialogue as text: as a telnet window shows it, or as lines of a receive protocol log."""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from relaysim.errors import printable
from relaysim.model.connector import ReceiveConnector
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import Address
from relaysim.render.plain import aligned
from relaysim.render.wording import because_words, grant_source
from relaysim.smtp.record import (
    DEFAULT_STAMP,
    CommandReply,
    Dialogue,
    HeaderFate,
    Message,
    SessionState,
    SmtpStage,
)

__all__ = [
    "LineKind",
    "TranscriptLine",
    "TranscriptStyle",
    "exchange_lines",
    "header_lines",
    "log_head",
    "log_rows",
    "render_transcript",
]

_SESSION_ID = "08DC0A5B6C000001"
_CLIENT_PORT = 51244
_FIELDS = (
    "date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,"
    "event,data,context"
)
_LOG_VERSIONS = {ExchangeVersion.V2007: "8.0.0.0", ExchangeVersion.V2010: "14.0.0.0"}


class TranscriptStyle(Enum):
    """How a transcript looks; the value is the word used on the command line."""

    SMTP = "smtp"
    LOG = "log"


class LineKind(Enum):
    """Whose a line is."""

    CLIENT = "client"
    SERVER = "server"
    COMMENT = "comment"


class TranscriptLine(NamedTuple):
    """One line of a transcript, control characters escaped."""

    kind: LineKind
    text: str


def render_transcript(
    dialogue: Dialogue,
    style: TranscriptStyle = TranscriptStyle.SMTP,
    *,
    why: bool = False,
    stamp: str = DEFAULT_STAMP,
) -> str:
    """Return a dialogue as text that ends in a line break.

    Args:
        dialogue: The dialogue.
        style: ``SMTP``: client lines after ``C:``, server lines after ``S:``. ``LOG``: lines of a
            SmtpReceive protocol log.
        why: Add under each reply the rule, the right and what was assumed (``SMTP`` only).
        stamp: Time in every row of a log, because the program asks no clock.
    """
    if style is TranscriptStyle.LOG:
        return "".join(f"{row}\n" for row in _log(dialogue, stamp))
    lines: list[str] = []
    state = SessionState()
    for exchange in dialogue.exchanges:
        lines += (line.text for line in exchange_lines(exchange, state, why=why))
        state = exchange.state
    return "".join(f"{line}\n" for line in lines)


def exchange_lines(
    exchange: CommandReply, before: SessionState, *, why: bool
) -> list[TranscriptLine]:
    """Return the lines of one exchange, the explanation indented below the reply.

    Args:
        exchange: The exchange.
        before: The state before it; a change is told.
        why: Explain.
    """
    lines = [
        TranscriptLine(LineKind.CLIENT, f"C: {printable(text)}".rstrip()) for text in exchange.said
    ]
    server = "   (the client gives up) " if exchange.by_client else "S: "
    lines += [
        TranscriptLine(LineKind.SERVER, f"{server}{printable(text)}") for text in exchange.reply
    ]
    if exchange.undecided is not None:
        undecided = exchange.undecided
        ask = f"add `{undecided.fact}`" if undecided.fact.startswith("--") else undecided.fact
        text = f"   no answer: {undecided.text} ({undecided.rule}); {ask}"
        lines.append(TranscriptLine(LineKind.SERVER, printable(text)))
    elif not exchange.reply:
        lines.append(TranscriptLine(LineKind.SERVER, "   (the connection is refused)"))
    if why:
        lines += [
            TranscriptLine(LineKind.COMMENT, f"   {text}") for text in _explain(exchange, before)
        ]
    return lines


def header_lines(fates: Iterable[HeaderFate]) -> list[str]:
    """Return an aligned line for each header: kept or stripped, and the right that decides."""
    rows = []
    for fate in fates:
        if fate.right is None:
            reason = "nobody guards it"
        elif fate.grant is None:
            reason = fate.right.value
        else:
            reason = f"{fate.right.value}: {grant_source(fate.grant)}"
        value = fate.value if len(fate.value) <= 40 else f"{fate.value[:37]}..."
        rows.append(
            [
                "kept" if fate.kept else "stripped",
                printable(f"{fate.name}: {value}"),
                printable(reason),
            ]
        )
    return aligned(rows)


def _explain(exchange: CommandReply, before: SessionState) -> Iterator[str]:
    if exchange.undecided is None:
        yield f"why: {printable(_reason(exchange))}"
    state = exchange.state
    if state != before:
        if state.principals != before.principals:
            yield f"is: {printable(', '.join(p.name for p in state.principals))}"
        if state.permissions != before.permissions or state.principals != before.principals:
            yield f"may: {' '.join(state.permissions) or 'None'}"
    for assumption in exchange.assumptions:
        yield f"assumed: {printable(assumption.text)}"
    for note in exchange.notes:
        yield f"note: {printable(note.text)} ({note.rule})"
    if exchange.message is not None:
        yield from _tell_message(exchange.message)


def _reason(exchange: CommandReply) -> str:
    why = exchange.why
    text = why.text
    if exchange.refusal is not None:
        text = because_words(exchange.refusal.because)
    if why.right is not None:
        text += f"; {why.right.value}"
        if why.grant is not None:
            text += f" {'is granted by' if why.grant.granted else 'is'} {grant_source(why.grant)}"
    return f"{text} ({why.rule})" if why.rule else text


def _tell_message(message: Message) -> Iterator[str]:
    if message.headers:
        yield "headers:"
        for line in header_lines(message.headers):
            yield f"  {line}"
    for name, value in message.added:
        yield f"adds: {name}: {printable(value)}"
    yield f"shown: {printable(message.shown)}"
    if message.goes_to:
        yield f"goes to: the back-end connector `{printable(message.goes_to)}`"


def log_head(exchange: ExchangeVersion, stamp: str) -> tuple[str, ...]:
    """Return the lines that a protocol log begins with."""
    return (
        "#Software: Microsoft Exchange Server",
        f"#Version: {_LOG_VERSIONS.get(exchange, '15.0.0.0')}",
        "#Log-type: SMTP Receive Protocol Log",
        f"#Date: {stamp}",
        f"#Fields: {_FIELDS}",
    )


def _log(dialogue: Dialogue, stamp: str) -> Iterator[str]:
    yield from log_head(dialogue.exchange, stamp)
    yield from log_rows(dialogue, stamp)


def log_rows(
    dialogue: Dialogue,
    stamp: str,
    *,
    session_id: str = _SESSION_ID,
    client_port: int = _CLIENT_PORT,
) -> Iterator[str]:
    """Yield the rows of one session in a protocol log, none when no connector answered.

    Args:
        dialogue: The session.
        stamp: Time in every row.
        session_id: Sixteen hexadecimal digits.
        client_port: Port that the client connected from.
    """
    connector = dialogue.connector
    if connector is None:
        return
    client = dialogue.client
    local = client.local_ip if client.local_ip is not None else _bound_address(dialogue)
    name = _quoted(f"{dialogue.server}\\{connector.name}")
    start = f"{stamp},{name},{session_id}"
    ends = f"{_endpoint(local, client.port)},{_endpoint(client.seen, client_port)}"
    rows = _Rows(dialogue, connector, stamp, session_id)
    for number, (event, data, context) in enumerate(rows.all()):
        yield f"{start},{number},{ends},{event},{_quoted(data)},{_quoted(context)}"


class _Rows:
    """The rows of one session: event, data, context."""

    def __init__(
        self, dialogue: Dialogue, connector: ReceiveConnector, stamp: str, session_id: str
    ) -> None:
        self.dialogue = dialogue
        self.session_id = session_id
        self.connector = connector
        self.stamp = stamp
        self.messages = 0
        new = dialogue.exchange >= ExchangeVersion.V2016
        # Logs of newer front ends were seen without the row, contiguous sequence numbers and all.
        self.permissions_logged = not (new and connector.is_front_end)
        self.one_row = dialogue.exchange.has_front_end

    def all(self) -> Iterator[tuple[str, str, str]]:
        yield "+", "", ""
        state = SessionState()
        for exchange in self.dialogue.exchanges:
            yield from self._exchange(exchange, state)
            state = exchange.state
        last = self.dialogue.exchanges[-1]
        yield "-", "", "Local" if last.closed else "Remote"

    def _exchange(
        self, exchange: CommandReply, before: SessionState
    ) -> Iterator[tuple[str, str, str]]:
        yield from self._heard(exchange)
        yield from self._changed(exchange, before)
        if not exchange.by_client:
            yield from self._answered(exchange)

    def _heard(self, exchange: CommandReply) -> Iterator[tuple[str, str, str]]:
        """Yield what the client said."""
        if exchange.moment is SmtpStage.CONNECT:
            yield from self._permissions(exchange.state)
        elif exchange.moment is SmtpStage.END_OF_DATA:
            yield from self._end_of_data(exchange)
        elif not self._is_secret(exchange):
            for line in exchange.said:
                yield "<", line, ""

    def _changed(
        self, exchange: CommandReply, before: SessionState
    ) -> Iterator[tuple[str, str, str]]:
        """Yield what the server notes of what that made of the session."""
        if exchange.moment is SmtpStage.AUTH and exchange.state != before:
            yield from self._permissions(exchange.state)
            if exchange.state.principals:
                yield "*", exchange.state.principals[0].name, "authenticated"
        elif exchange.state.permissions != before.permissions and before.principals:
            yield from self._permissions(exchange.state)
        if exchange.moment is SmtpStage.MAIL_FROM and exchange.positive:
            self.messages += 1
            yield "*", f"{self.session_id};{self.stamp};{self.messages}", "receiving message"

    def _answered(self, exchange: CommandReply) -> Iterator[tuple[str, str, str]]:
        """Yield the reply, and what is noted before and after it."""
        if self.one_row and exchange.moment is SmtpStage.AUTH and exchange.code == 535:
            yield from self._failed_logon(exchange)
        if exchange.code >= 500 and not exchange.state.authenticated:
            yield from self._tarpit()
        yield from self._reply(exchange)
        if self.one_row and exchange.moment is SmtpStage.STARTTLS and exchange.positive:
            yield from _negotiated()

    def _failed_logon(self, exchange: CommandReply) -> Iterator[tuple[str, str, str]]:
        """Yield what newer servers write about a failed AUTH, before its reply."""
        mechanism, user = "", ""
        for earlier in self.dialogue.exchanges:
            if earlier is exchange:
                break
            if earlier.moment is SmtpStage.AUTH and earlier.code == 334 and earlier.said:
                word, _, rest = earlier.said[0].strip().partition(" ")
                if word.upper() in ("AUTH", "X-EXPS"):
                    mechanism, _, initial = rest.strip().partition(" ")
                    user = initial.strip()
                elif not user:
                    user = earlier.said[0].strip()
        yield "*", "", f"Inbound AUTH {mechanism.upper() or '...'} failed because of LogonDenied"
        yield "*", "", f"User Name: {_plain(user) or '...'}"

    def _permissions(self, state: SessionState) -> Iterator[tuple[str, str, str]]:
        if self.permissions_logged:
            yield "*", " ".join(state.permissions) or "None", "Set Session Permissions"

    def _is_secret(self, exchange: CommandReply) -> bool:
        """Tell whether the line is a credential, which a log leaves out."""
        word = exchange.said[0].partition(" ")[0].upper() if exchange.said else ""
        return exchange.moment is SmtpStage.AUTH and word not in ("AUTH", "X-EXPS")

    def _reply(self, exchange: CommandReply) -> Iterator[tuple[str, str, str]]:
        if exchange.moment is SmtpStage.AUTH and exchange.code == 334:
            yield ">", "334 <authentication response>", ""
        elif self.one_row and len(exchange.reply) > 1:
            yield ">", "250 " + " ".join(line[4:] for line in exchange.reply), ""
        else:
            for line in exchange.reply:
                yield ">", line, ""

    def _tarpit(self) -> Iterator[tuple[str, str, str]]:
        interval = "00:00:05"
        for name, value in self.connector.unmodelled:
            if name.casefold().replace("_", "") == "tarpitinterval":
                interval = value.strip()
        if interval.strip("0:."):
            yield "*", f"Tarpit for '0.{interval}'", ""

    def _end_of_data(self, exchange: CommandReply) -> Iterator[tuple[str, str, str]]:
        if exchange.said and exchange.said[0].upper().startswith("BDAT"):
            yield "<", exchange.said[-1], ""
        if exchange.message is not None and self.connector.is_front_end:
            text = "Proxy destination(s) obtained from OnProxyInboundMessage event"
            yield "*", "", text


def _negotiated() -> Iterator[tuple[str, str, str]]:
    """Yield what newer servers write after STARTTLS; what no log lets one predict is left out.

    Source: MWD24.
    """
    yield "*", "", "Sending certificate"
    yield "*", "", "TLS protocol ... negotiation succeeded using ..."
    yield "*", "", "Client certificate chain validation status: 'EmptyCertificate'"
    yield "*", "", "TlsDomainCapabilities='None'; Status='NoRemoteCertificate'"


def _plain(text: str) -> str:
    """Return the name that a client sent in base64, ``""`` for what is none."""
    from base64 import b64decode

    try:
        return b64decode(text.encode("ascii"), validate=True).decode("utf-8")
    except ValueError:
        return ""


def _bound_address(dialogue: Dialogue) -> Address:
    """Return an address of the connector's for a log when the server's own is not known."""
    connector, client = dialogue.connector, dialogue.client
    assert connector is not None  # noqa: S101  # the caller looked
    for socket in connector.bindings:
        if socket.port == client.port and socket.address.family == client.seen.family:
            return socket.address
    return Address(client.seen.family, 0)


def _endpoint(address: Address, port: int) -> str:
    return f"[{address}]:{port}" if address.family == 6 else f"{address}:{port}"


def _quoted(text: str) -> str:
    """Return a field of a log, quoted when it has a comma or a quote."""
    text = printable(text)
    if "," in text or '"' in text:
        return '"' + text.replace('"', '""') + '"'
    return text
