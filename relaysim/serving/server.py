"""The listening server: sockets, clients, what is remembered of them, and its configuration."""

import asyncio
import ssl
import time
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import NamedTuple

from relaysim.errors import InvalidInput, Problem
from relaysim.lean import replace
from relaysim.model.connector import AuthMechanism, ReceiveConnector
from relaysim.model.organization import Organization
from relaysim.serving.client import ServedClient, tarpit_seconds
from relaysim.serving.journal import Journal
from relaysim.serving.settings import ListeningSocket, ServeSettings
from relaysim.serving.spool import Spool, stored_text
from relaysim.serving.timeouts import Timeouts, timeouts_of
from relaysim.smtp.dialogue import Conversation
from relaysim.smtp.listener import Listener
from relaysim.smtp.record import CommandReply, Dialogue, Message

__all__ = ["RelayServer", "TakenMessage", "prepared"]

_SWEEP_SECONDS = 1.0
Observer = Callable[[int, CommandReply], None]
"""Is told every exchange, with the number of its session."""


class TakenMessage(NamedTuple):
    """A message that the server took, and kept instead of sending it on.

    Attributes:
        message: What was decided about it.
        text: It with the headers that the server adds and those that survive.
        session: The number of its session.
    """

    message: Message
    text: bytes
    session: int


class RelayServer:
    """A server that answers as the configuration says. Use it within one event loop.

    Attributes:
        settings: What it was told.
        listener: The configuration in force; sessions keep the one they began with.
        context: The TLS context, ``None`` where STARTTLS is not offered.
        sessions: The last sessions that ended.
        messages: The last messages that were taken.
        count: Sessions so far.
        taken: Messages so far.
    """

    def __init__(
        self,
        organization: Organization,
        settings: ServeSettings,
        *,
        observer: Observer | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        """Prepare a server; it listens after :meth:`start`.

        Args:
            organization: The configuration, of one server.
            settings: Everything else.
            observer: Is told every exchange.
            tell: Is told what is wrong on the way, one line each.

        Raises:
            InvalidInput: The certificate cannot be used, or the organization is not one server of
                a known version.
        """
        self.settings = settings
        self.context = _tls_context(settings)
        self.tell = tell if tell is not None else _nothing
        self._observer = observer
        self._passwords: dict[str, str] = {}
        self._timeouts: dict[str, Timeouts] = {}
        self.listener = self._listen_for(organization)
        self.sessions: deque[Dialogue] = deque(maxlen=settings.bounds.kept)
        self.messages: deque[TakenMessage] = deque(maxlen=settings.bounds.kept)
        self.count = 0
        self.taken = 0
        self._open: set[ServedClient] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []
        self._spool = Spool(settings.spool) if settings.spool is not None else None
        self._journal = Journal(settings.log) if settings.log is not None else None
        self._first = int(time.time()) << 20
        self._date = (0, "")

    @property
    def open_sessions(self) -> list[Dialogue]:
        """Sessions that have not ended yet."""
        return [client.dialogue for client in list(self._open) if client.dialogue is not None]

    def reload(self, organization: Organization) -> None:
        """Take another configuration for the clients to come.

        Raises:
            InvalidInput: It cannot be served; the old one stays in force.
        """
        self.listener = self._listen_for(organization)

    async def start(self) -> list[tuple[ListeningSocket, int]]:
        """Listen; return each place with the port that it got.

        Raises:
            InvalidInput: A place cannot be listened on.
        """
        loop = asyncio.get_running_loop()
        found = []
        for place in self.settings.places:
            try:
                server = await loop.create_server(
                    lambda place=place: ServedClient(self, place),  # type: ignore[misc]
                    place.host,
                    place.port,
                    backlog=1024,
                )
            except OSError as error:
                await self.stop()
                problem = f"{place.host}:{place.port}: cannot listen ({error.strerror or error})"
                raise InvalidInput(Problem(problem, where="--listen")) from None
            self._servers.append(server)
            found.append((place, int(server.sockets[0].getsockname()[1])))
        self.spawn(self._sweep())
        return found

    async def stop(self) -> None:
        """Close every socket; what was said so far is written down."""
        for server in self._servers:
            server.close()
        for client in list(self._open):
            client.drop()
        for task in list(self._tasks):
            task.cancel()
        # The transports tell their protocols in the loop's next rounds.
        for _ in range(3):
            await asyncio.sleep(0)

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Run something beside the connections, and keep it alive."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def admit(self, client: ServedClient) -> bool:
        """Take a connection in, unless there are too many."""
        if len(self._open) >= self.settings.bounds.connections:
            return False
        self.count += 1
        client.number = self._first + self.count
        self._open.add(client)
        return True

    def left(self, client: ServedClient) -> None:
        """Write down a session that is over."""
        if client not in self._open:
            return
        self._open.discard(client)
        dialogue = client.dialogue
        if dialogue is None:
            return
        self.sessions.append(dialogue)
        if self._journal is not None:
            try:
                self._journal.write(
                    dialogue,
                    datetime.now(UTC),
                    session=client.number,
                    client_port=client.client_port,
                )
            except OSError as error:
                self.tell(f"the log cannot be written: {error.strerror or error}")

    def happened(self, client: ServedClient, exchange: CommandReply) -> None:
        """Take note of an exchange before its reply goes out."""
        if exchange.message is not None and client.conversation is not None:
            lines = client.conversation.fetch_text(exchange)
            self._keep(exchange.message, lines, client.number)
        if self._observer is not None:
            self._observer(client.number - self._first, exchange)

    def timeouts(self, connector: ReceiveConnector) -> Timeouts:
        """Return how long a session with a connector may be silent and last; found out once."""
        found = self._timeouts.get(connector.name)
        if found is None:
            organization = self.listener.organization
            found = self._timeouts[connector.name] = timeouts_of(connector, organization)
        return found

    def now(self) -> float:
        """Return the loop's time."""
        return asyncio.get_running_loop().time()

    def date(self) -> str:
        """Return the moment as the banner says it; made once a second."""
        second = int(time.time())
        if self._date[0] != second:
            self._date = second, format_datetime(datetime.now().astimezone())
        return self._date[1]

    def tarpit(self, conversation: Conversation) -> float:
        """Return the seconds a refused stranger waits; 0 unless it was asked for."""
        if not self.settings.tarpit or conversation.talk is None:
            return 0.0
        for name, value in conversation.talk.connector.unmodelled:
            if name.casefold().replace("_", "") == "tarpitinterval":
                return tarpit_seconds(value)
        return 5.0

    def _keep(self, message: Message, lines: list[str], number: int) -> None:
        self.taken += 1
        text = stored_text(message, lines)
        self.messages.append(TakenMessage(message, text, number - self._first))
        if self._spool is not None:
            try:
                self._spool.put(text, seconds=int(time.time()))
            except OSError as error:
                self.tell(f"a message cannot be spooled: {error.strerror or error}")

    async def _sweep(self) -> None:
        """End connections that say nothing or stay too long; one task for all of them."""
        idle = self.settings.bounds.idle_seconds
        while True:
            await asyncio.sleep(min(_SWEEP_SECONDS, idle / 2))
            now = self.now()
            for client in list(self._open):
                client.time_out(now)

    def _listen_for(self, organization: Organization) -> Listener:
        listener = Listener(prepared(organization, tls=self.context is not None))
        self._timeouts.clear()
        if not self.settings.any_password:
            from relaysim.serving.passwords import password_check

            listener.check_password = password_check(organization, self.settings.folder)
        return listener


def prepared(organization: Organization, *, tls: bool) -> Organization:
    """Return the organization as it can be served: without what this server cannot do.

    X-ANONYMOUSTLS is never offered, and without a certificate no STARTTLS, as with Exchange.

    Raises:
        InvalidInput: Several servers, or one of an unknown version.
    """
    if len(organization.servers) != 1:
        names = ", ".join(server.name for server in organization.servers)
        raise InvalidInput(Problem(f"one server can be played, and there are {names}"))
    if organization.only.exchange is None:
        raise InvalidInput(
            Problem(
                "the Exchange version of the server is not known",
                hint="write `exchange` into its server file: the words of the replies hang on it",
            )
        )
    connectors = tuple(
        replace(
            connector,
            suppress_x_anonymous_tls=True,
            auth_mechanism=connector.auth_mechanism
            if tls
            else connector.auth_mechanism - {AuthMechanism.TLS},
        )
        for connector in organization.connectors
    )
    return replace(organization, servers=(replace(organization.only, connectors=connectors),))


def _tls_context(settings: ServeSettings) -> ssl.SSLContext | None:
    if settings.certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.certificate, settings.key)
    except OSError as error:  # an ssl.SSLError is one
        reason = error.strerror or str(error)
        raise InvalidInput(
            Problem(f"{settings.certificate}: no certificate with its key ({reason})")
        ) from None
    return context


def _nothing(_line: str) -> None:
    pass
