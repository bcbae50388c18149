"""What no scenario ever asked about: connectors, entries, and regions of the address space."""

from collections import Counter
from collections.abc import Mapping
from posixpath import normpath
from typing import TYPE_CHECKING, Any, NamedTuple

from relaysim.builtin import PREFIX
from relaysim.model.acl import Ace
from relaysim.model.answers.catalogue import ANSWERS
from relaysim.model.rights import Right
from relaysim.net.address import Address
from relaysim.net.addrset import NOTHING, AddressSet
from relaysim.net.interval import Interval
from relaysim.scenario.answers import Facts, ScenarioAnswers
from relaysim.scenario.reading.schema import MAPPED, CheckShape, Expectation, Scenario
from relaysim.scenario.run import Asked

if TYPE_CHECKING:
    from relaysim.model.organization import Organization

__all__ = ["Coverage", "CoverageReport", "ServerCoverage"]

_NEEDED: dict[str, tuple[Right, ...]] = {answer.name: (answer.right,) for answer in ANSWERS} | {
    "relay": (Right.SUBMIT, Right.ACCEPT_ANY_RECIPIENT),
    "auth_as": (Right.ACCEPT_AUTHENTICATION_FLAG,),
    "reply": (Right.SUBMIT,),
    "refused_at": (Right.SUBMIT,),
}
"""The rights that an expectation hangs on."""


class ServerCoverage(NamedTuple):
    """What was asked about one server.

    Attributes:
        server: The server as the scenarios name it, or the file that describes it.
        connectors: Connectors there are, and those that answered a question.
        entries: Explicit and inherited entries on connectors, and those that decided a right
            which an expectation hangs on.
        regions: (port, connector, addresses) that one connector answers, and those of which at
            least one address was asked about.
        unasked_connectors: Names, in order.
        unasked_entries: (connector, entry), in order.
        entry_counts: Connector and principal to the number of its entries.
        unasked_regions: (port, connector, addresses), in order.
    """

    server: str
    connectors: tuple[int, int]
    entries: tuple[int, int]
    regions: tuple[int, int]
    unasked_connectors: tuple[str, ...]
    unasked_entries: tuple[tuple[str, Ace], ...]
    entry_counts: dict[tuple[str, str], int]
    unasked_regions: tuple[tuple[int, str, Interval], ...]


class CoverageReport(NamedTuple):
    """Coverage of all servers, in the order of their names."""

    servers: tuple[ServerCoverage, ...]

    @property
    def percent(self) -> float:
        """Share of everything there is that was asked about; 100 when there is nothing."""
        counts = [n for s in self.servers for n in (s.connectors, s.entries, s.regions)]
        every = sum(count[0] for count in counts)
        return 100.0 * sum(count[1] for count in counts) / every if every else 100.0


_Region = tuple[int, str, Interval]


class _Server:
    """What is known of one server, over all the states that its scenarios put it in."""

    def __init__(self) -> None:
        self.connectors: dict[str, bool] = {}
        self.entries: dict[tuple[str, Ace], bool] = {}
        self.regions: dict[_Region, bool] = {}
        self.seen: set[int] = set()
        self.kept: list[Organization] = []
        self.asked: dict[tuple[str, int], AddressSet] = {}
        self.where: dict[_Region, str] = {}


class Coverage:
    """Collects what is asked; give its :meth:`watch` to a runner.

    Memory grows with the number of different servers, not with the number of files.
    """

    def __init__(self) -> None:
        self._servers: dict[str, _Server] = {}

    def watch(self, asked: Asked) -> None:
        """Take note of one answer."""
        name = _server_name(asked.scenario)
        server = self._servers.setdefault(name, _Server())
        if id(asked.answers.organization) not in server.seen:
            _learn(server, asked)
        several = len(asked.answers.organization.servers) > 1
        for answers in asked.answers.on(asked.shape):
            where = answers.organization.server if several else ""
            place = where, asked.shape.port
            server.asked[place] = server.asked.get(place, NOTHING) | asked.addresses
            if not several:
                _note(server, asked, "", asked.facts)
                continue
            for _, facts in answers.over(asked.addresses, asked.shape):
                _note(server, asked, where, facts)

    def report(self) -> CoverageReport:
        """Return what was asked and what was not."""
        return CoverageReport(
            tuple(_report(name, self._servers[name]) for name in sorted(self._servers))
        )


def _server_name(scenario: Scenario) -> str:
    """Return what tells a server from others: built-in, the path of its file, or the scenario's.

    The same words name different files in scenarios of different folders.
    """
    if scenario.server is None:
        return scenario.file
    if scenario.server.casefold().startswith(PREFIX):
        return scenario.server.casefold()
    folder = scenario.file.replace("\\", "/").rpartition("/")[0]
    return normpath(f"{folder}/{scenario.server}" if folder else scenario.server)


def _label(where: str, connector: str) -> str:
    """Return the name of a connector, with its server where there are several."""
    return f"{where}\\{connector}" if where else connector


def _note(server: _Server, asked: Asked, where: str, facts: Facts) -> None:
    """Take note of what one server answered."""
    if facts.connector is None:
        return
    connector = _label(where, facts.connector.name)
    server.connectors[connector] = True
    expect = asked.check.expect
    wanted = None if expect is None else _rights(expect)
    for grant in facts.verdict.rights:
        if grant.ace is not None and (wanted is None or grant.right in wanted):
            key = (connector, grant.ace)
            if key in server.entries:
                server.entries[key] = True


def _learn(server: _Server, asked: Asked) -> None:
    """Take note of everything a state of the servers has."""
    organization = asked.answers.organization
    server.seen.add(id(organization))
    server.kept.append(organization)
    every = asked.answers.servers
    for answers in every:
        where = answers.organization.server if len(every) > 1 else ""
        ports: set[int] = set()
        for connector in answers.organization.connectors:
            label = _label(where, connector.name)
            server.connectors.setdefault(label, False)
            for ace in connector.acl:
                server.entries.setdefault((label, ace), False)
            if connector.enabled:
                ports.update(socket.port for socket in connector.bindings)
        for port in ports:
            shape = CheckShape(port=port, local_ip=asked.shape.local_ip)
            _learn_regions(server, answers, where, shape)


def _learn_regions(
    server: _Server, answers: ScenarioAnswers, where: str, shape: CheckShape
) -> None:
    parts: dict[str, list[Interval]] = {}
    for interval, connector in answers.connectors(shape):
        parts.setdefault(_label(where, connector.name), []).append(interval)
    for name, intervals in parts.items():
        for interval in _without_mapped(AddressSet(intervals)):
            region = shape.port, name, interval
            server.regions.setdefault(region, False)
            server.where[region] = where


def _without_mapped(addresses: AddressSet) -> AddressSet:
    """Leave the IPv4-mapped block out, which is IPv4 (S-6), without cutting what surrounds it."""
    low, high = MAPPED.intervals[0].low, MAPPED.intervals[0].high
    around = (Address(6, low - 1), Address(6, high + 1))
    return addresses | MAPPED if all(map(addresses.contains, around)) else addresses - MAPPED


def _rights(expect: Expectation) -> frozenset[Right] | None:
    """Return the rights that an expectation hangs on, ``None`` for all of them."""
    if expect.rights is not None:
        return None
    rights = set(expect.has | expect.lacks)
    for key in expect.keys:
        rights.update(_NEEDED.get(key, ()))
    return frozenset(rights)


def _report(name: str, server: _Server) -> ServerCoverage:
    for region in server.regions:
        port, _, interval = region
        asked = server.asked.get((server.where[region], port), NOTHING)
        server.regions[region] = bool(asked & AddressSet((interval,)))
    return ServerCoverage(
        server=name,
        connectors=_count(server.connectors),
        entries=_count(server.entries),
        regions=_count(server.regions),
        unasked_connectors=tuple(sorted(k for k, done in server.connectors.items() if not done)),
        unasked_entries=tuple(
            sorted(
                (key for key, done in server.entries.items() if not done),
                key=lambda key: (key[0], key[1].principal.key, key[1].deny, key[1].right.value),
            )
        ),
        entry_counts=Counter((name, ace.principal.name) for name, ace in server.entries),
        unasked_regions=tuple(sorted(k for k, done in server.regions.items() if not done)),
    )


def _count(items: Mapping[Any, bool]) -> tuple[int, int]:
    return len(items), sum(items.values())
