"""Requests answered one after the other: connect, run a command, ask a question."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relaysim.backend.declarations import described_command
from relaysim.backend.layouts import Layouts
from relaysim.backend.questions import QUESTIONS
from relaysim.backend.wire import (
    PROTOCOL,
    EditedConnector,
    decode_line,
    decode_text,
    decode_value,
    encode_text,
)
from relaysim.errors import InvalidInput, RelaysimError
from relaysim.management_shell.cmdlets.neighbours.commands import neighbours
from relaysim.management_shell.cmdlets.neighbours.families import Counted, family_of
from relaysim.management_shell.running import ExchangeSession, exchange_cmdlets
from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.values.value import HashTable, Nothing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from relaysim.management_shell.running import ShellRun
    from relaysim.model.organization import Organization
    from relaysim.powershell.interpreter.contract import Cmdlet, StreamingCmdlet
    from relaysim.powershell.values.value import Value

__all__ = ["Service", "serve_lines"]

_MAX_LINE = 16 << 20


class Service:
    """The state behind one connection: the organization, and what it was in the beginning."""

    def __init__(self) -> None:
        self.session: ExchangeSession | None = None
        self.beginning: Organization | None = None
        self.source = ""
        self._home: str | None = None
        self._layouts = Layouts()

    def answer(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the answers to a request, one object each; the last has ``end``.

        Never raises for a bad request: what is wrong is in ``errors`` of the last answer.
        """
        number = request.get("id")
        try:
            for item in self._work(request):
                yield {"id": number, **item}
        except RelaysimError as error:
            yield {"id": number, "end": True, "errors": list(_problems(error))}
        except Exception as error:  # noqa: BLE001  # the other side must not hang
            message = encode_text(f"internal error: {type(error).__name__}: {error}")
            yield {"id": number, "end": True, "errors": [{"id": "internal", "message": message}]}

    def _work(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        kind = request.get("op")
        if kind == "hello":
            from relaysim import __version__

            yield {"end": True, "protocol": PROTOCOL, "version": __version__}
        elif kind == "connect":
            self._connect(request)
            yield {"end": True, **self._about()}
        elif kind == "run":
            yield from self._run(request)
        elif kind == "bind":
            yield {"end": True, **self._bind(request)}
        elif kind == "describe":
            yield {"end": True, "command": described_command(self._known(request)[1])}
        elif kind == "restore":
            self._restore()
            yield {"end": True, **self._about()}
        elif kind in QUESTIONS:
            session = self._connected()
            arguments = decode_value(request.get("parameters") or {"h": []})
            given = arguments if isinstance(arguments, HashTable) else HashTable()
            beginning = self.beginning
            assert beginning is not None  # noqa: S101  # set together with the session
            for value in QUESTIONS[kind](session.organization, beginning, self.source, given):
                yield {"value": value}
            yield {"end": True}
        else:
            raise InvalidInput(f"unknown request `{str(kind)[:40]}`")

    def _connect(self, request: dict[str, Any]) -> None:
        from relaysim.builtin.fresh import fresh_server
        from relaysim.config.source import load
        from relaysim.model.organization import find_server
        from relaysim.model.version import parse_version

        source = request.get("source")
        exchange, server = request.get("exchange"), request.get("server")
        version = parse_version(decode_text(exchange)) if exchange is not None else None
        name = decode_text(server) if server is not None else None
        if source is None:
            given: dict[str, Any] = {}
            if version is not None:
                given["exchange"] = version
            if name is not None:
                given["server"] = name
            organization = fresh_server(**given)
            self.source = "builtin:default"
        else:
            self.source = decode_text(source)
            organization = load(self.source, exchange=version, server=name)
        home = request.get("home")
        self._home = find_server(organization, decode_text(home)).name if home is not None else None
        self.beginning = organization
        self.session = ExchangeSession(organization, home=self._home)
        self._layouts = Layouts()

    def _restore(self) -> None:
        self._connected()
        assert self.beginning is not None  # noqa: S101  # set together with the session
        self.session = ExchangeSession(self.beginning, home=self._home)

    def _connected(self) -> ExchangeSession:
        if self.session is None:
            raise InvalidInput("not connected", hint="Connect-RelaySim begins")
        return self.session

    def _about(self) -> dict[str, Any]:
        organization = self._connected().organization
        first = organization.servers[0]
        version = "unknown" if first.exchange is None else first.exchange.value
        return {
            "source": encode_text(self.source),
            "exchange": version,
            "servers": [encode_text(server.name) for server in organization.servers],
            "commands": [described_command(cmdlet) for cmdlet in exchange_cmdlets()],
            **_others(),
        }

    def _known(self, request: dict[str, Any]) -> tuple[ExchangeSession, Cmdlet | StreamingCmdlet]:
        """Return the session and the command that a request names."""
        session = self._connected()
        name = str(request.get("command"))
        found = session.session.registry.find(name)
        if found is None or not name.replace("-", "").isalnum():
            raise InvalidInput(f"unknown command `{name[:60]}`")
        return session, found

    def _named(self, request: dict[str, Any]) -> tuple[ExchangeSession, str, Value]:
        """Return the session, the name of a request's command, and its arguments."""
        session, found = self._known(request)
        name = found.spec.name
        arguments = decode_value(request.get("parameters") or {"h": []})
        return session, name, _held(arguments, session.organization)

    def _run(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        session, name, arguments = self._named(request)
        result, found = _in_shell(session, f"{name} @relaysimArguments", arguments)
        for value in found or ():
            yield from self._layouts.lines(value)
        yield {"end": True, **_told(result, ended=found is None)}

    def _bind(self, request: dict[str, Any]) -> dict[str, Any]:
        """Check the arguments as they are converted before a pipeline begins; nothing is run."""
        session, name, arguments = self._named(request)
        if _fits(session, name, arguments):
            return {}
        result, found = _in_shell(session, f"@() | {name} @relaysimArguments", arguments)
        return _told(result, ended=found is None)


def _others() -> dict[str, list[str]]:
    """Return the names of the commands beside connectors, and of those that do nothing."""
    found: dict[str, list[str]] = {"others": [], "idle": []}
    for name in neighbours():
        reach = family_of(name.partition("-")[2]).reach
        found["idle" if reach is Counted.NONE else "others"].append(name)
    return found


_UNSET = "relaysim: not assigned"


def _in_shell(
    session: ExchangeSession, text: str, arguments: Value
) -> tuple[ShellRun, list[Value] | None]:
    """Run one command; its objects are ``None`` when an error ended the statement."""
    session.session.set_variable("relaysimArguments", arguments)
    session.session.set_variable("relaysimResult", _UNSET)
    result = session.run_again(f"$relaysimResult = {text}")
    found = session.session.variable("relaysimResult")
    if found is _UNSET:
        return result, None
    if isinstance(found, list):
        return result, list(found)
    return result, [] if found is None or isinstance(found, Nothing) else [found]


def _fits(session: ExchangeSession, name: str, arguments: Value) -> bool:
    """Tell whether every argument is surely one that its parameter takes."""
    cmdlet = session.session.registry.find(name)
    if cmdlet is None or not isinstance(arguments, HashTable):
        return False
    known = {one.name.casefold(): one for one in cmdlet.spec.parameters}
    for key, value in arguments.items():
        parameter = known.get(str(key).casefold())
        if parameter is None:
            return False
        try:
            parameter.convert(value)
        except (ConversionError, InvalidInput):
            return False
    return True


def _held(arguments: Value, organization: Organization) -> Value:
    """Return the arguments with the connectors that a script holds as objects."""
    if not isinstance(arguments, HashTable):
        return arguments
    return HashTable(
        (key, _connector(value, organization) if isinstance(value, EditedConnector) else value)
        for key, value in arguments.items()
    )


def _connector(held: EditedConnector, organization: Organization) -> Value:
    from relaysim.management_shell.cmdlets.identities import one_connector
    from relaysim.management_shell.state import Refused
    from relaysim.management_shell.values.connector_objects import connector_object

    try:
        place = one_connector(organization, held.identity)
    except Refused:
        # The command itself says that there is none.
        return held.identity
    found = connector_object(place.connector, place.organization)
    for name, value in held.edits:
        found.set(name, value)
    return found


def _told(result: ShellRun, *, ended: bool) -> dict[str, Any]:
    """Return what a command said beside its objects; nothing for the most of them.

    Args:
        result: What it did.
        ended: Whether its last error ended the statement.
    """
    said = {
        "errors": [
            {
                "id": error.id,
                "message": encode_text(error.message),
                "hint": encode_text(error.hint) if error.hint else None,
                "target": encode_text(error.target) if error.target else None,
            }
            for error in result.errors
        ],
        "warnings": [encode_text(text) for text in result.warnings],
        "remarks": [encode_text(text) for text in result.remarks],
        "notes": [encode_text(f"{a.rule}: assumed: {a.text}") for a in result.assumptions]
        + [encode_text(f"kept, but no rule uses it: {one}") for one in result.unmodelled],
    }
    if ended and result.errors:
        said["ended"] = [True]
    return said if any(said.values()) else {}


def _problems(error: RelaysimError) -> Iterator[dict[str, Any]]:
    if not isinstance(error, InvalidInput):
        yield {"id": "InvalidInput", "message": encode_text(str(error)), "hint": None}
        return
    for problem in error.problems:
        hint = encode_text(problem.hint) if problem.hint else None
        yield {"id": "InvalidInput", "message": encode_text(problem.text()), "hint": hint}


def serve_lines(incoming: IO[bytes], outgoing: IO[bytes], *, state_file: str | None = None) -> None:
    """Answer requests until the input ends; each answer is one ASCII line.

    Args:
        incoming: One request a line.
        outgoing: Takes the answers.
        state_file: Where the server as it is at the end is written, as a server file.
    """
    service = Service()
    while line := incoming.readline(_MAX_LINE):
        line = line.removeprefix(b"\xef\xbb\xbf").strip()
        if not line:
            continue
        try:
            request = decode_line(line)
        except InvalidInput as error:
            answers: Iterator[dict[str, Any]] = iter(
                [{"id": None, "end": True, "errors": list(_problems(error))}]
            )
        else:
            answers = service.answer(request)
        for answer in answers:
            outgoing.write(json.dumps(answer, separators=(",", ":")).encode("ascii") + b"\n")
        outgoing.flush()
    if state_file is not None and service.session is not None:
        from relaysim.config.writer import format_server
        from relaysim.writing import PendingFile

        # Whole or not at all: somebody waits for it to appear.
        pending = PendingFile(state_file)
        try:
            pending.stream.write(format_server(service.session.organization).encode())
            pending.keep()
        finally:
            pending.discard()
