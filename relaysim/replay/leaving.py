"""Where the clients of a connector would go if it went."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from relaysim.engine.compiled.organization import Compiled
from relaysim.model.edit import change_server
from relaysim.net.address import parse_address
from relaysim.replay.asking import asked_of, missing_facts, place_of
from relaysim.replay.judging import narrowed_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.model.decision import Decision
    from relaysim.model.organization import Organization
    from relaysim.replay.logged import LoggedSession

__all__ = ["Heirs", "heirs_of"]


class Heirs(NamedTuple):
    r"""Who would answer the clients of a connector that is taken away.

    Attributes:
        connector: The connector, ``SERVER\Name`` as logged.
        clients: How many clients each of the others would get, the most first; the name ``None``
            stands for no connector.
        undecided: Clients of which it cannot be told.
    """

    connector: str
    clients: tuple[tuple[str | None, int], ...]
    undecided: int


def heirs_of(
    came: Iterable[tuple[LoggedSession, tuple[str, ...]]], organization: Organization
) -> tuple[Heirs, ...]:
    """Return the heirs of each described connector that clients came to, in order of names.

    Args:
        came: Sessions and their clients, without those between servers.
        organization: The description.
    """
    clients: dict[tuple[str, str], dict[str, LoggedSession]] = {}
    names: dict[tuple[str, str], str] = {}
    for shape, addresses in came:
        key = shape.server.casefold(), shape.connector.strip().casefold()
        full = f"{shape.server}\\{shape.connector}" if shape.server else shape.connector
        names.setdefault(key, full.strip())
        if shape.port is not None:
            clients.setdefault(key, {}).update((each, shape) for each in addresses if each)
    found = []
    for key in sorted(clients):
        without = _without(organization, *key)
        if without is not None:
            found.append(_counted(names[key], Compiled(without), clients[key]))
    return tuple(found)


def _without(organization: Organization, server: str, connector: str) -> Organization | None:
    """Return one server without a connector, ``None`` where it is not described or off."""
    alone = narrowed_to(organization, server)
    if alone is None:
        return None
    left = tuple(each for each in alone.connectors if each.name.strip().casefold() != connector)
    if not any(
        each.enabled and each.name.strip().casefold() == connector for each in alone.connectors
    ):
        return None
    return change_server(alone, connectors=left)


def _counted(name: str, compiled: Compiled, clients: dict[str, LoggedSession]) -> Heirs:
    heirs: Counter[str | None] = Counter()
    undecided = 0
    alike: dict[tuple[object, ...], Decision] = {}
    for client, session in clients.items():
        address = parse_address(client)
        # Which connector answers hangs on nothing but the address and where it came to.
        key = session.port, session.local_ip, place_of(compiled, session, address)
        decision = alike.get(key)
        if decision is None:
            decision = alike[key] = asked_of(compiled, session, address)
        nobody = decision.connector is None and decision.undecided is not None
        if nobody or missing_facts(decision, "connector"):
            undecided += 1
        else:
            heirs[decision.connector.name if decision.connector is not None else None] += 1
    ordered = sorted(heirs.items(), key=lambda heir: (-heir[1], heir[0] or ""))
    return Heirs(name, tuple(ordered), undecided)
