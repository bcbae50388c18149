"""One client of a listening server: bytes in, the modelled dialogue, bytes out."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, cast

from relaysim.net.address import Address, parse_address
from relaysim.serving.proxy_header import MOST_BYTES, parse_proxy_header
from relaysim.smtp.dialogue import Conversation
from relaysim.smtp.record import Client, CommandReply, Dialogue, SmtpStage

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Coroutine

    from relaysim.model.connector import ReceiveConnector
    from relaysim.serving.settings import ListeningSocket, ServeSettings
    from relaysim.serving.timeouts import Timeouts
    from relaysim.smtp.listener import Listener

__all__ = ["ClientHost", "ServedClient", "tarpit_seconds"]

_BUSY = b"421 4.3.2 Service not available\r\n"
_TOO_MUCH = b"421 4.7.0 Too much for one session\r\n"
_TIMED_OUT = b"421 4.4.1 Connection timed out\r\n"
_UNDECIDED = b"451 4.3.5 This cannot be decided: "
_TLS_SECONDS = 30.0
_LONGEST = 86400.0
"""Seconds that a client may stay which no connector serves: the most a connector can say."""


class ClientHost(Protocol):
    """What a connection asks of the server that it belongs to.

    Attributes:
        settings: How the server listens.
        listener: The modelled server, ready for clients.
        context: For STARTTLS, ``None`` where there is no certificate.
        tell: Takes one line about what went wrong.
    """

    settings: ServeSettings
    listener: Listener
    context: ssl.SSLContext | None
    tell: Callable[[str], None]

    def admit(self, client: ServedClient) -> bool:
        """Take a connection in, unless there are too many."""

    def left(self, client: ServedClient) -> None:
        """Take note that a session is over."""

    def happened(self, client: ServedClient, exchange: CommandReply) -> None:
        """Take note of an exchange before its reply goes out."""

    def timeouts(self, connector: ReceiveConnector) -> Timeouts:
        """Return how long a session with a connector may be silent and last."""

    def tarpit(self, conversation: Conversation) -> float:
        """Return the seconds that a refused stranger waits."""

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Run something beside the connections."""

    def now(self) -> float:
        """Return the loop's time."""

    def date(self) -> str:
        """Return the moment as the banner says it."""


class ServedClient(asyncio.Protocol):
    """A connection. It costs no thread and no timer of its own while it is idle.

    Attributes:
        server: The server.
        conversation: The dialogue, ``None`` before a PROXY header was read.
        last: Loop time of the last byte.
        number: The session's number on this server.
        client_port: Port that the client connected from.
    """

    __slots__ = (
        "_commands",
        "_encrypting",
        "_head",
        "_opened",
        "_paused",
        "_place",
        "_received",
        "_timeouts",
        "_transport",
        "_waiting",
        "client_port",
        "conversation",
        "last",
        "number",
        "server",
    )

    def __init__(self, server: ClientHost, place: ListeningSocket) -> None:
        self.server = server
        self._place = place
        self.conversation: Conversation | None = None
        self.last = 0.0
        self._opened = 0.0
        self._timeouts: Timeouts | None = None
        self.number = 0
        self.client_port = 0
        self._transport: asyncio.Transport | None = None
        self._head = bytearray()
        self._received = 0
        self._commands = 0
        self._paused = False
        self._waiting = False
        self._encrypting = False

    @property
    def dialogue(self) -> Dialogue | None:
        """What was said so far, ``None`` before anything was."""
        return self.conversation.dialogue if self.conversation is not None else None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet the client, unless a PROXY header must come first."""
        self._transport = cast("asyncio.Transport", transport)
        self.last = self._opened = self.server.now()
        if not self.server.admit(self):
            self._say(_BUSY)
            self._transport.close()
            return
        peer = transport.get_extra_info("peername") or ("127.0.0.1", 0)
        self.client_port = peer[1]
        if not self.server.settings.proxy_protocol:
            self._begin(parse_address(str(peer[0]).partition("%")[0]))

    def data_received(self, data: bytes) -> None:
        """Take bytes as they come."""
        self.last = self.server.now()
        self._received += len(data)
        if self._received > self.server.settings.bounds.session_bytes:
            self._end(_TOO_MUCH)
            return
        if self._encrypting:
            # The first bytes may come before this side knows that the handshake is done.
            self._head += data
            return
        if self.conversation is None:
            data = self._after_header(data)
            if self.conversation is None:
                return
        if data:
            self._answer(self.conversation.receive(data))

    def connection_lost(self, exc: Exception | None) -> None:
        """Write down what happened; a client that vanishes takes nothing with it."""
        del exc
        self._transport = None
        self.server.left(self)

    def pause_writing(self) -> None:
        """Read no more from a client that does not read."""
        self._paused = True
        self._read(on=False)

    def resume_writing(self) -> None:
        """Go on."""
        self._paused = False
        self._read(on=True)

    def time_out(self, now: float) -> None:
        """End a connection that has been silent for too long, or has lasted too long."""
        silence = self.server.settings.bounds.idle_seconds
        lasts = _LONGEST
        if self._timeouts is not None:
            silence, lasts = min(silence, self._timeouts.silence), self._timeouts.session
        if now - self.last >= silence or now - self._opened >= lasts:
            self._end(_TIMED_OUT)

    def drop(self) -> None:
        """Close the connection, whatever is going on."""
        if self._transport is not None:
            self._transport.abort()

    def _begin(self, peer: Address) -> None:
        settings = self.server.settings
        client = self._place.as_ip or settings.as_ip or peer
        who = Client(ip=client, local_ip=settings.local_ip, port=self._place.stands_for)
        self.conversation = Conversation(self.server.listener, who, date=self.server.date())
        if self.conversation.talk is not None:
            self._timeouts = self.server.timeouts(self.conversation.talk.connector)
        self._answer((self.conversation.opening,))

    def _after_header(self, data: bytes) -> bytes:
        self._head += data
        try:
            header = parse_proxy_header(bytes(self._head[:MOST_BYTES]))
        except ValueError as error:
            self.server.tell(f"{error}; the connection is closed")
            self._end(b"")
            return b""
        if header is None:
            return b""
        rest = bytes(self._head[header.length :])
        self._head.clear()
        transport = self._transport
        peer = transport.get_extra_info("peername") if transport is not None else None
        own = parse_address(str(peer[0]).partition("%")[0] if peer else "127.0.0.1")
        self._begin(header.client or own)
        return rest

    def _answer(self, exchanges: tuple[CommandReply, ...]) -> None:
        conversation = self.conversation
        assert conversation is not None  # noqa: S101  # there were exchanges
        out = bytearray()
        tarpit = 0.0
        encrypt = False
        for exchange in exchanges:
            self.server.happened(self, exchange)
            out += _bytes_of(exchange)
            if exchange.code >= 500 and not exchange.state.authenticated:
                tarpit = max(tarpit, self.server.tarpit(conversation))
            encrypt = encrypt or (exchange.moment is SmtpStage.STARTTLS and exchange.positive)
        self._commands += len(exchanges)
        too_large = self._held(conversation) > self.server.settings.bounds.message_bytes
        if too_large or self._commands > self.server.settings.bounds.commands:
            self._end(bytes(out) + _TOO_MUCH)
        elif tarpit:
            self._read(on=False)
            self._waiting = True
            asyncio.get_running_loop().call_later(tarpit, self._after_tarpit, bytes(out))
        else:
            self._send(bytes(out), encrypt=encrypt)

    @staticmethod
    def _held(conversation: Conversation) -> int:
        """Return the bytes that a message holds, or is going to hold."""
        talk = conversation.talk
        if talk is None:
            return 0
        size = talk.mail.size if talk.mail is not None else 0
        return max(size, talk.pending, conversation.buffered)

    def _after_tarpit(self, out: bytes) -> None:
        self._waiting = False
        self.last = self.server.now()
        self._send(out, encrypt=False)
        if not self._paused:
            self._read(on=True)

    def _send(self, out: bytes, *, encrypt: bool) -> None:
        self._say(out)
        if self.conversation is not None and self.conversation.closed:
            self._end(b"")
        elif encrypt:
            # Nothing is read until the handshake: what came in clear text is thrown away.
            self._read(on=False)
            self._encrypting = True
            self.server.spawn(self._encrypt())

    async def _encrypt(self) -> None:
        transport, context = self._transport, self.server.context
        if transport is None or context is None:
            return
        try:
            encrypted = await asyncio.get_running_loop().start_tls(
                transport, self, context, server_side=True, ssl_handshake_timeout=_TLS_SECONDS
            )
        except (OSError, ValueError) as error:
            self.server.tell(f"TLS with the client failed: {error}")
            if self._transport is not None:
                self._transport.abort()
            return
        if encrypted is None or self._transport is None:
            return  # The client is gone.
        self._transport = encrypted
        self._encrypting = False
        early = bytes(self._head)
        self._head.clear()
        if early and self.conversation is not None:
            self._answer(self.conversation.receive(early))

    def _say(self, out: bytes) -> None:
        if out and self._transport is not None and not self._transport.is_closing():
            self._transport.write(out)

    def _end(self, last_words: bytes) -> None:
        self._say(last_words)
        if self._transport is not None:
            self._transport.close()

    def _read(self, *, on: bool) -> None:
        if self._transport is None or self._transport.is_closing() or (on and self._waiting):
            return
        with suppress(RuntimeError):  # a transport of TLS is not always one that can be paused
            if on:
                self._transport.resume_reading()
            else:
                self._transport.pause_reading()


def _bytes_of(exchange: CommandReply) -> bytes:
    if exchange.undecided is not None:
        text = exchange.undecided.text.encode("ascii", "replace")
        greeting = exchange.moment is SmtpStage.CONNECT
        return _BUSY if greeting else _UNDECIDED + text + b"\r\n"
    text_lines = "".join(f"{line}\r\n" for line in exchange.reply)
    return text_lines.encode("utf-8", "surrogateescape")


def tarpit_seconds(text: str) -> float:
    """Return the seconds of a time span such as ``00:00:05``; 5 for what is none.

    >>> tarpit_seconds("00:01:00")
    60.0
    """
    seconds = 0.0
    for part in text.strip().split(":"):
        try:
            seconds = seconds * 60 + float(part)
        except ValueError:
            return 5.0
    return seconds if 0 <= seconds <= 600 else 5.0
