"""A listening server in a thread of its own, for tests and for everybody who has no event loop."""

import asyncio
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from relaysim.config.source import load
from relaysim.errors import InvalidInput, Problem
from relaysim.model.organization import Organization
from relaysim.net.address import Address, parse_address
from relaysim.serving.server import RelayServer, TakenMessage
from relaysim.serving.settings import ListeningSocket, ServeSettings
from relaysim.smtp.record import Dialogue

__all__ = ["ServedExchange", "serve"]

_STOP_SECONDS = 10.0


class ServedExchange:
    """A server that listens while the ``with`` block runs.

    Attributes:
        host: Where it listens.
        port: The port there; of several, that of the first.
        ports: Port of the server that is played to port that is listened on.
    """

    def __init__(self, organization: Organization, settings: ServeSettings) -> None:
        self._organization = organization
        self._settings = settings
        self._server: RelayServer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._problem: BaseException | None = None
        self._over: asyncio.Event | None = None
        self.host = settings.places[0].host
        self.port = 0
        self.ports: dict[int, int] = {}

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, name="relaysim-serve", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._problem is not None:
            self._thread.join()
            raise self._problem
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._loop is not None and self._over is not None:
            self._loop.call_soon_threadsafe(self._over.set)
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)

    @property
    def sessions(self) -> list[Dialogue]:
        """Every session so far, those that are open last."""
        if self._server is None:
            return []
        return [*self._server.sessions, *self._server.open_sessions]

    @property
    def messages(self) -> list[TakenMessage]:
        """Every message that was taken so far."""
        return [] if self._server is None else list(self._server.messages)

    def reload(self, config: str | Path | Organization) -> None:
        """Take another configuration for the clients to come.

        Raises:
            InvalidInput: It cannot be served; the old one stays in force.
        """
        if self._server is not None:
            self._server.reload(_organization(config))

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001  # handed to the thread that waits for it
            self._problem = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        self._server = RelayServer(self._organization, self._settings)
        for place, port in await self._server.start():
            self.ports.setdefault(place.stands_for, port)
            self.port = self.port or port
        self._ready.set()
        await self._over.wait()
        await self._server.stop()


def serve(
    config: str | Path | Organization,
    *,
    as_ip: str | Address | None = None,
    map: int | Mapping[int, int] | None = None,  # noqa: A002  # the option's word
    listen: tuple[str, int] = ("127.0.0.1", 0),
    local_ip: str | Address | None = None,
    any_password: bool = False,
    certificate: str | Path | None = None,
    key: str | Path | None = None,
    spool: str | Path | None = None,
    log: str | Path | None = None,
) -> ServedExchange:
    """Return a server to be used in a ``with`` block; it listens as long as the block runs.

    Args:
        config: A server file, a script, a built-in configuration or an organization.
        as_ip: The client's address in place of its own.
        map: The server's port that is played, or several: port to listen on (0 for a free one)
            to port that is played. Without it, 25.
        listen: Host and port; 0 takes a free port.
        local_ip: The server's own address that clients connect to.
        any_password: Whoever logs on has the right password.
        certificate: Certificate chain (PEM) for STARTTLS, which is not offered without one.
        key: Its key (PEM), unless it is in ``certificate``.
        spool: Maildir for messages that are taken.
        log: Folder for protocol logs.

    Raises:
        InvalidInput: The configuration cannot be read, or not be served.

    >>> import smtplib
    >>> with serve("builtin:option-2", as_ip="192.168.2.55") as server:
    ...     with smtplib.SMTP(server.host, server.port) as client:
    ...         _ = client.sendmail("app@contoso.com", ["a@example.net"], "From: app@contoso.com")
    >>> server.messages[0].message.recipients
    ('a@example.net',)
    """
    host, port = listen
    wanted = {port: 25} if map is None else {port: map} if isinstance(map, int) else dict(map)
    if not wanted:
        raise InvalidInput(Problem("no port is mapped", where="map"))
    settings = ServeSettings(
        places=tuple(
            ListeningSocket(host=host, port=at, stands_for=to) for at, to in wanted.items()
        ),
        as_ip=_address(as_ip),
        local_ip=_address(local_ip),
        any_password=any_password,
        certificate=_path(certificate),
        key=_path(key),
        folder=Path() if isinstance(config, Organization) else Path(config).parent,
        spool=_path(spool),
        log=_path(log),
    )
    return ServedExchange(_organization(config), settings)


def _organization(config: str | Path | Organization) -> Organization:
    return config if isinstance(config, Organization) else load(str(config))


def _address(value: str | Address | None) -> Address | None:
    return parse_address(value) if isinstance(value, str) else value


def _path(value: str | Path | None) -> Path | None:
    return None if value is None else Path(value)
