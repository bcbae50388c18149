"""``relaysim serve``: listen, and answer real clients as the configuration says."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import click

from relaysim.cli.diagnostics import ADDRESS, load_telling, tell_unknown
from relaysim.cli.exits import ANSWERED
from relaysim.cli.options.params import config_option, fresh_options
from relaysim.config.source import default_source, is_script
from relaysim.errors import InvalidInput, Problem, RelaysimError, printable
from relaysim.model.organization import Organization
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import Address
from relaysim.render.answers.transcript import exchange_lines
from relaysim.serving.server import RelayServer
from relaysim.serving.settings import ListeningSocket, ServeSettings, places_of
from relaysim.smtp.record import CommandReply, SessionState

__all__ = ["command"]

_WATCH_SECONDS = 1.0


@click.command(name="serve")
@click.option(
    "--listen",
    metavar="HOST:PORT",
    multiple=True,
    help="Where to listen; repeatable. Default: 127.0.0.1:2525.",
)
@click.option(
    "--map",
    "mappings",
    metavar="PORT=PORT[@ADDRESS]",
    multiple=True,
    help="Which port of the server a port stands for, and whose address its clients have "
    "(2525=25@192.168.2.55); repeatable. Default: every port stands for 25.",
)
@click.option("--as", "as_ip", type=ADDRESS, help="Address of every client, in place of its own.")
@click.option("--local-ip", type=ADDRESS, help="Server's address that the clients connect to.")
@click.option(
    "--proxy-protocol", is_flag=True, help="Clients come through a balancer: PROXY v1 or v2 first."
)
@click.option("--cert", type=click.Path(path_type=Path), help="Certificate (PEM) for STARTTLS.")
@click.option("--key", type=click.Path(path_type=Path), help="Its key, unless it is in --cert.")
@click.option("--self-signed", is_flag=True, help="Make a certificate for this run (openssl).")
@click.option("--any-password", is_flag=True, help="Whoever logs on has the right password.")
@click.option("--spool", type=click.Path(path_type=Path), help="Keep messages in this Maildir.")
@click.option("--log", type=click.Path(path_type=Path), help="Write protocol logs to this folder.")
@click.option("--tarpit", is_flag=True, help="Delay refused strangers as the connector says.")
@click.option("--watch", is_flag=True, help="Read the configuration again when its file changes.")
@click.option("--why", is_flag=True, help="Say under each reply why, and what is assumed.")
@config_option(multiple=False)
@fresh_options(server="Server to play of several, or the name of the fresh server of a script.")
def command(
    listen: tuple[str, ...],
    mappings: tuple[str, ...],
    as_ip: Address | None,
    local_ip: Address | None,
    proxy_protocol: bool,  # noqa: FBT001
    cert: Path | None,
    key: Path | None,
    self_signed: bool,  # noqa: FBT001
    any_password: bool,  # noqa: FBT001
    spool: Path | None,
    log: Path | None,
    tarpit: bool,  # noqa: FBT001
    watch: bool,  # noqa: FBT001
    why: bool,  # noqa: FBT001
    config: str | None,
    exchange: ExchangeVersion | None,
    server: str | None,
) -> int:
    """Listen, and answer real clients as the Exchange server of the configuration would.

    Messages are never sent on. Ctrl-C ends it with a summary.

    Example: relaysim serve -c builtin:option-2 --map 2525=25@192.168.2.55
    """
    source = config or default_source(os.environ)

    def read() -> Organization:
        if is_script(source):
            return load_telling(source, exchange=exchange, server=server)
        found = load_telling(source, exchange=exchange)
        return found if server is None else found.on(server)

    if key is not None and cert is None:
        raise InvalidInput(Problem("there is no `--cert` that it belongs to", where="--key"))
    if self_signed and cert is not None:
        raise InvalidInput(Problem("there is a `--cert` already", where="--self-signed"))
    with ExitStack() as stack:
        if self_signed:
            from relaysim.serving.self_signed import self_signed_certificate

            cert = stack.enter_context(self_signed_certificate())
        settings = ServeSettings(
            places=places_of(listen, mappings),
            as_ip=as_ip,
            local_ip=local_ip,
            proxy_protocol=proxy_protocol,
            certificate=cert,
            key=key,
            any_password=any_password,
            folder=Path(source).parent,
            spool=spool,
            log=log,
            tarpit=tarpit,
        )
        states: dict[int, SessionState] = {}

        def observe(number: int, exchange: CommandReply) -> None:
            before = states.get(number, SessionState())
            for line in exchange_lines(exchange, before, why=why):
                click.echo(f"{number}  {line.text}")
            states[number] = exchange.state
            if exchange.closed:
                states.pop(number, None)

        try:
            organization = read()
            tell_unknown(organization)
            playing = RelayServer(
                organization, settings, observer=observe if why else None, tell=_complain
            )
        except OSError as error:
            raise InvalidInput(
                Problem(f"{error.filename}: cannot be written ({error.strerror})")
            ) from None
        asyncio.run(_play(playing, source, read if watch else None, read))
    click.echo(f"{playing.count} sessions, {playing.taken} messages taken, none sent on")
    return ANSWERED


def _complain(text: str) -> None:
    click.echo(f"warning: {printable(text)}", err=True)


async def _play(
    server: RelayServer,
    source: str,
    watched: Callable[[], Organization] | None,
    read: Callable[[], Organization],
) -> None:
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    for name in ("SIGINT", "SIGTERM"):
        # Windows has no handlers in a loop; Ctrl-C then ends it as an interrupt.
        with suppress(NotImplementedError, AttributeError):
            loop.add_signal_handler(getattr(signal, name), over.set)
    with suppress(NotImplementedError, AttributeError):
        loop.add_signal_handler(signal.SIGHUP, lambda: _reload(server, source, read))
    for place, port in await server.start():
        _announce(server, place, port)
    if watched is not None:
        server.spawn(_watch(server, source, watched))
    try:
        await over.wait()
    finally:
        await server.stop()


def _announce(server: RelayServer, place: ListeningSocket, port: int) -> None:
    host = f"[{place.host}]" if ":" in place.host else place.host
    client = place.as_ip or server.settings.as_ip
    who = f", clients are {client}" if client is not None else ""
    click.echo(f"listening on {host}:{port}, which stands for port {place.stands_for}{who}")
    if not place.host.startswith("127.") and place.host != "::1":
        _complain(f"{host}:{port} can be reached from other machines")


def _reload(server: RelayServer, source: str, read: Callable[[], Organization]) -> None:
    try:
        server.reload(read())
    except RelaysimError as error:
        _complain(f"{source}: the old configuration stays in force: {error}")
        return
    click.echo(f"{printable(source)}: read again; open sessions keep what they began with")


async def _watch(server: RelayServer, source: str, read: Callable[[], Organization]) -> None:
    seen = _marks(source)
    while True:
        await asyncio.sleep(_WATCH_SECONDS)
        marks = _marks(source)
        if marks != seen:
            seen = marks
            _reload(server, source, read)


def _marks(source: str) -> tuple[int, int] | None:
    try:
        status = Path(source).stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
