"""The connectors of a server by their names and ranges, kept up from one command to the next.

A command changes one connector of perhaps thousands. Looking through all of them for a name, or
for ranges that conflict, would make a script of many commands quadratic.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING

from relaysim.model.edit import replace_server
from relaysim.model.field_checks import changed
from relaysim.model.organization import find_server

if TYPE_CHECKING:
    from relaysim.model.connector import ReceiveConnector, TransportRole
    from relaysim.model.organization import Organization
    from relaysim.model.server import Server

__all__ = ["Roster", "put_connector", "roster_of"]


class Roster:
    """Connectors by name, and their ranges by port and family."""

    def __init__(self) -> None:
        self._connectors: tuple[ReceiveConnector, ...] = ()
        self._by_name: dict[str, tuple[int, ReceiveConnector]] = {}
        self._places: dict[tuple[int, int], _BoundPort] = {}

    def follow(self, connectors: tuple[ReceiveConnector, ...]) -> None:
        """Take up these connectors, unless they are followed already."""
        if connectors is self._connectors:
            return
        self._connectors = connectors
        self._by_name.clear()
        self._places.clear()
        for place, connector in enumerate(connectors):
            self._enter(place, connector)

    def put(
        self, connector: ReceiveConnector, *, replaces: str | None
    ) -> tuple[ReceiveConnector, ...]:
        """Return the connectors with a further one, or with one in the place of another.

        Args:
            connector: The new connector.
            replaces: Name of the one whose place it takes, in any case; ``None`` for a further one.
        """
        connectors = self._connectors
        found = None if replaces is None else self._by_name.get(replaces.casefold())
        if found is None:
            place = len(connectors)
        else:
            place = found[0]
            self._leave(found[1])
        self._enter(place, connector)
        self._connectors = connectors[:place] + (connector,) + connectors[place + 1 :]  # noqa: RUF005  # fewer copies
        return self._connectors

    def named(self, name: str) -> ReceiveConnector | None:
        """Return the connector of this name in any case."""
        found = self._by_name.get(name.casefold())
        return None if found is None else found[1]

    def may_conflict(self, connector: ReceiveConnector, *, replaces: str | None) -> bool:
        """Tell whether another connector may be in the way of this one.

        ``False`` is certain. With ``True`` the others have to be looked at one by one: the local
        addresses of bindings are not told apart here.
        """
        gone = None if replaces is None else self._by_name.get(replaces.casefold())
        if gone is not None:
            self._leave(gone[1])
        found = any(
            place.is_in_the_way(connector)
            for key in _keys(connector)
            if (place := self._places.get(key)) is not None
        )
        if gone is not None:
            self._enter(*gone)
        return found

    def _enter(self, place: int, connector: ReceiveConnector) -> None:
        self._by_name[connector.name.casefold()] = place, connector
        for key in _keys(connector):
            self._places.setdefault(key, _BoundPort(key[1])).enter(connector)

    def _leave(self, connector: ReceiveConnector) -> None:
        del self._by_name[connector.name.casefold()]
        for key in _keys(connector):
            self._places[key].leave(connector)


def _keys(connector: ReceiveConnector) -> set[tuple[int, int]]:
    return {(socket.port, socket.address.family) for socket in connector.bindings}


class _BoundPort:
    """The connectors bound to one port in one family: their services, and their ranges."""

    def __init__(self, family: int) -> None:
        self._family = family
        self._services: dict[TransportRole, int] = {}
        self._lows: list[tuple[int, int]] = []
        self._highs: list[tuple[int, int]] = []

    def enter(self, connector: ReceiveConnector) -> None:
        role = connector.transport_role
        self._services[role] = self._services.get(role, 0) + 1
        for low, high in self._ranges(connector):
            insort(self._lows, (low, high))
            insort(self._highs, (high, low))

    def leave(self, connector: ReceiveConnector) -> None:
        self._services[connector.transport_role] -= 1
        for low, high in self._ranges(connector):
            del self._lows[bisect_left(self._lows, (low, high))]
            del self._highs[bisect_left(self._highs, (high, low))]

    def is_in_the_way(self, connector: ReceiveConnector) -> bool:
        """Tell whether another service is bound here, or a range is equal to one or cuts it."""
        others = [role for role, count in self._services.items() if count]
        if any(role is not connector.transport_role for role in others):
            return True
        return any(self._cuts(low, high) for low, high in self._ranges(connector))

    def _cuts(self, low: int, high: int) -> bool:
        lows, highs = self._lows, self._highs
        place = bisect_left(lows, (low, high))
        if place < len(lows) and lows[place] == (low, high):
            return True
        # A range that begins inside and ends beyond, or ends inside and began before.
        inside = lows[bisect_right(lows, (low, 1 << 128)) : bisect_right(lows, (high, 1 << 128))]
        if any(end > high for _, end in inside):
            return True
        inside = highs[bisect_left(highs, (low, -1)) : bisect_left(highs, (high, -1))]
        return any(begin < low for _, begin in inside)

    def _ranges(self, connector: ReceiveConnector) -> list[tuple[int, int]]:
        return [
            (entry.interval.low, entry.interval.high)
            for entry in connector.remote_ip_ranges
            if entry.family == self._family
        ]


_MOST_SERVERS = 64
_ROSTERS: dict[str, Roster] = {}


def roster_of(server: Server) -> Roster:
    """Return the roster of a server's connectors; the next call for the server may change it.

    There is one for each name of a server in a process. It follows whichever connectors it is
    asked about, so that it is always right, and quick where they come from one script.
    """
    key = server.name.casefold()
    roster = _ROSTERS.get(key)
    if roster is None:
        if len(_ROSTERS) >= _MOST_SERVERS:
            _ROSTERS.clear()
        roster = _ROSTERS[key] = Roster()
    roster.follow(server.connectors)
    return roster


def put_connector(
    organization: Organization,
    connector: ReceiveConnector,
    *,
    server: str,
    replaces: str | None = None,
) -> Organization:
    """Return the organization with a further connector, or with one in the place of another.

    Args:
        organization: The organization.
        connector: The new connector.
        server: Name of its server.
        replaces: Name of the one whose place it takes.
    """
    old = find_server(organization, server)
    connectors = roster_of(old).put(connector, replaces=replaces)
    # All but one were connectors of the server before.
    new = changed(old, {"connectors": connectors}, sound=("connectors",))
    return replace_server(organization, old, new)
