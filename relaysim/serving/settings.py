"""What a listening server is told: where, for whom, and how much it takes."""

from dataclasses import dataclass, field
from pathlib import Path

from relaysim.errors import InvalidInput, Problem
from relaysim.net.address import Address, parse_address
from relaysim.net.notation import parse_socket

__all__ = [
    "Bounds",
    "ListeningSocket",
    "ServeSettings",
    "parse_mapping",
    "parse_place",
    "places_of",
]

DEFAULT_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much one server takes before it says so and hangs up.

    Attributes:
        connections: Open at once; one more is greeted with 421.
        message_bytes: Of one message, whatever the connector allows.
        session_bytes: That one client may send altogether.
        commands: Of one session.
        idle_seconds: Without a byte from the client, where the connector lets it be silent longer.
        kept: Sessions and messages that are remembered for the summary and for tests.
    """

    connections: int = 5000
    message_bytes: int = 64 << 20
    session_bytes: int = 512 << 20
    commands: int = 10_000
    idle_seconds: float = 3600.0
    kept: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningSocket:
    """A socket that is listened on, and what a connection to it counts as.

    Attributes:
        host: Where it listens.
        port: The port there; 0 takes a free one.
        stands_for: The server's port that a client reaches.
        as_ip: The client's address in place of its own, or ``None``.
    """

    host: str = DEFAULT_HOST
    port: int = 0
    stands_for: int = 25
    as_ip: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """Everything about a listening server but the configuration it speaks for.

    Attributes:
        places: Sockets to listen on.
        as_ip: The client's address where a place names none, or ``None`` for its own.
        local_ip: The server's own address that clients connect to, or ``None``.
        proxy_protocol: Every connection begins with a PROXY header that names the client.
        certificate: Certificate chain (PEM) for STARTTLS, or ``None``.
        key: Its key (PEM), or ``None`` when it is in ``certificate``.
        any_password: Whoever logs on has the right password.
        folder: Of the server file, for the files it names.
        spool: Maildir for messages that were taken, or ``None``.
        log: Folder for protocol logs, or ``None``.
        tarpit: Delay refused clients that are not authenticated as the connector says.
        bounds: How much is taken.
    """

    places: tuple[ListeningSocket, ...] = field(default=(ListeningSocket(),))
    as_ip: Address | None = None
    local_ip: Address | None = None
    proxy_protocol: bool = False
    certificate: Path | None = None
    key: Path | None = None
    any_password: bool = False
    folder: Path = field(default=Path())
    spool: Path | None = None
    log: Path | None = None
    tarpit: bool = False
    bounds: Bounds = field(default=Bounds())


def parse_place(text: str) -> ListeningSocket:
    """Return the place of ``HOST:PORT``, ``[IPv6]:PORT`` or ``PORT`` (on loopback).

    Raises:
        InvalidInput: It is none.
    """
    if text.isascii() and text.isdigit():
        text = f"{DEFAULT_HOST}:{text}"
    elif text.startswith("localhost:"):
        text = DEFAULT_HOST + text.removeprefix("localhost")
    host, _, port = text.rpartition(":")
    if port == "0":
        return ListeningSocket(host=str(parse_address(host.strip("[]"))))
    socket = parse_socket(text)
    return ListeningSocket(host=str(socket.address), port=socket.port)


def parse_mapping(text: str) -> tuple[int, int, Address | None]:
    """Return listening port, the port it stands for and the client of ``2525=25@192.168.2.55``.

    Raises:
        InvalidInput: It is no mapping.
    """
    head, at, client = text.partition("@")
    listening, equals, stands_for = head.partition("=")
    ports = []
    for port in (listening, stands_for):
        if not (port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65536):
            raise InvalidInput(
                Problem(f"`{text}` maps no port", hint="write 2525=25 or 2525=25@192.168.2.55")
            )
        ports.append(int(port))
    if not equals or (at and not client):
        raise InvalidInput(Problem(f"`{text}` maps no port", hint="write 2525=25"))
    return ports[0], ports[1], parse_address(client) if at else None


def places_of(listen: tuple[str, ...], mappings: tuple[str, ...]) -> tuple[ListeningSocket, ...]:
    """Return the places that ``--listen`` and ``--map`` name together.

    A mapped port that no ``--listen`` has is listened on at the first host; a port without a
    mapping stands for 25.

    Raises:
        InvalidInput: One of them cannot be read, or a port is mapped twice.
    """
    places = [parse_place(text) for text in listen]
    mapped: dict[int, tuple[int, Address | None]] = {}
    for text in mappings:
        port, stands_for, client = parse_mapping(text)
        if port in mapped:
            raise InvalidInput(Problem(f"port {port} is mapped twice", where="--map"))
        mapped[port] = stands_for, client
    host = places[0].host if places else DEFAULT_HOST
    if not places and not mapped:
        places = [ListeningSocket(port=2525)]
    have = {place.port for place in places}
    places += [ListeningSocket(host=host, port=port) for port in mapped if port not in have]
    found = []
    for place in places:
        stands_for, client = mapped.get(place.port, (25, None))
        found.append(
            ListeningSocket(host=place.host, port=place.port, stands_for=stands_for, as_ip=client)
        )
    return tuple(found)
