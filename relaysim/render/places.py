"""Endpoints and TLS states in words and as data."""

from collections.abc import Iterable, Sequence
from typing import Any

from relaysim.analysis.endpoints import Endpoint, Spot
from relaysim.config.source import Configuration
from relaysim.model.server import Server
from relaysim.model.version import UNKNOWN_VERSION

__all__ = [
    "covered_words",
    "endpoint_documents",
    "naming_options",
    "narrowed",
    "spot_words",
    "tls_phrase",
    "tls_words",
    "version_options",
]

_MANY = 8


def naming_options(configuration: Configuration) -> list[str]:
    """Return the options that name a configuration in another command."""
    return ["-c", configuration.source, *version_options(configuration)]


def version_options(*configurations: Configuration) -> list[str]:
    """Return the option that gives configurations, in one command, the version that was given."""
    given = (each.exchange for each in configurations)
    exchange = next((version for version in given if version is not None), None)
    return [] if exchange is None else ["--exchange", exchange.value]


def source_words(configuration: Configuration) -> str:
    """Return where an organization came from, its Exchange version and how many servers it has."""
    servers = configuration.organization.servers
    versions = ", ".join(dict.fromkeys(_version(server) for server in servers))
    many = f"{len(servers)} servers, " if len(servers) > 1 else ""
    return f"{configuration.source} ({many}Exchange {versions})"


def configuration_document(configuration: Configuration) -> dict[str, Any]:
    """Return ``source`` and ``exchange``, of several servers ``servers`` with both names."""
    servers = configuration.organization.servers
    if len(servers) == 1:
        return {"source": configuration.source, "exchange": _version(servers[0])}
    return {
        "source": configuration.source,
        "servers": [{"name": each.name, "exchange": _version(each)} for each in servers],
    }


def _version(server: Server) -> str:
    return UNKNOWN_VERSION if server.exchange is None else server.exchange.value


def spot_words(members: Sequence[Spot], every: Sequence[Spot]) -> str:
    """Return where something holds: ``ports 25, 587``, ``10.0.0.5:25``, ``every endpoint``.

    Args:
        members: The spots, at least one.
        every: All that were asked about; more than two of them that all hold are named as one.
    """
    if len(members) > 2 and len(members) == len(every):
        return "every endpoint"
    return _listed(members, several=len({spot.server for spot in every}) > 1)


def covered_words(every: Sequence[Spot]) -> str:
    """Return what was covered, server by server, the first few by name."""
    servers = list(dict.fromkeys(spot.server for spot in every))
    if len(servers) == 1:
        return _listed(every, several=False)
    parts = [
        f"{server} {_listed([s for s in every if s.server == server], several=False)}"
        for server in servers[:_MANY]
    ]
    rest = len(servers) - _MANY
    return "; ".join(parts) + (f"; {rest} more servers" if rest > 0 else "")


def _listed(members: Sequence[Spot], *, several: bool) -> str:
    ports: dict[str, list[str]] = {}
    other = []
    for spot in members:
        head = f"{spot.server} " if several else ""
        if spot.address is None and spot.alone:
            ports.setdefault(head, []).append(str(spot.port))
        else:
            other.append(head + spot.words())
    texts = [
        f"{head}port{'s' if len(found) > 1 else ''} {', '.join(found)}"
        for head, found in ports.items()
    ]
    texts += other
    if len(texts) > _MANY:
        return ", ".join(texts[:_MANY]) + f", {len(texts) - _MANY} more"
    return ", ".join(texts) or "nothing"


def tls_words(states: Iterable[bool], *, both: bool) -> str:
    """Return ``yes``, ``no`` or ``any`` for the states in which something holds.

    Args:
        states: The states, at least one.
        both: Whether both were asked about; a single one is never called ``any``.
    """
    found = set(states)
    if len(found) == 2 and both:
        return "any"
    return "yes" if True in found else "no"


def tls_phrase(states: Iterable[bool]) -> str:
    """Return the states as the end of a sentence."""
    found = set(states)
    if len(found) == 2:
        return "with and without TLS"
    return "TLS" if True in found else "no TLS"


def endpoint_documents(members: Iterable[Spot]) -> list[dict[str, Any]]:
    """Return endpoints as data; ``local_ip`` is null for every address not listed by itself."""
    return [_endpoint(endpoint) for spot in members for endpoint in spot.endpoints]


def narrowed(every: Sequence[Spot], states: Sequence[bool]) -> dict[str, Any]:
    """Return ``tls``, ``port`` and ``local_ip`` where only one was covered, else null."""
    ports = {spot.port for spot in every}
    locals_ = {spot.address for spot in every}
    local = next(iter(locals_)) if len(locals_) == 1 else None
    return {
        "tls": states[0] if len(states) == 1 else None,
        "port": next(iter(ports)) if len(ports) == 1 else None,
        "local_ip": None if local is None else str(local),
    }


def _endpoint(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "server": endpoint.server,
        "family": endpoint.address.family,
        "local_ip": None if endpoint.is_any else str(endpoint.address),
        "port": endpoint.port,
        "service": endpoint.service.value if endpoint.service else None,
    }
