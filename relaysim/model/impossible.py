"""What a described server has that a real one would have refused: remarks, never errors (V-4, V-8).

A server file may describe what cannot be, or what was read may be incomplete. The answer says what
was assumed; the remark says that the description deserves a second look.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from relaysim.model.connector import ReceiveConnector
from relaysim.model.organization import Organization
from relaysim.model.server import Server
from relaysim.net.interval import Interval
from relaysim.net.notation import AddressRange, Socket

__all__ = ["Impossible", "impossible", "shared_range", "sharing"]

MOST_RANGES = 1300
_MOST_REMARKS = 20

_Key = tuple[int, Interval]
_Held = tuple[ReceiveConnector, Socket, AddressRange]


class Impossible(NamedTuple):
    """A remark about a connector.

    Attributes:
        server: Name of its server.
        connector: Its name.
        text: What is odd, and what follows.
    """

    server: str
    connector: str
    text: str


def impossible(organization: Organization) -> Iterator[Impossible]:
    """Yield what the servers have that real ones refuse, or where they leave a choice open."""
    for server in organization.servers:
        for connector in server.connectors:
            count = len(connector.remote_ip_ranges)
            if count > MOST_RANGES:
                text = (
                    f"{count:,} remote ranges: a server holds some 1,200 to 1,300 of them on one "
                    "connector and refuses more (V-8)"
                )
                yield Impossible(server.name, connector.name, text)
        yield from _shared(server)


def shared_range(one: Socket, other: Socket, entry: AddressRange, name: str) -> str:
    """Return what follows when two connectors serve one range on one port.

    Args:
        one: The binding of the connector that is spoken of.
        other: The binding of the other one.
        entry: The range.
        name: The other connector.
    """
    if one.address == other.address:
        return f"serves `{entry}` on `{one}` as `{name}` does, which a server refuses (V-4)"
    return (
        f"serves `{entry}` on `{one}` and `{name}` on `{other}`: one of them is bound to the exact "
        "address, and S-3 and S-4 decide between them"
    )


def _shared(server: Server) -> Iterator[Impossible]:
    """Yield the pairs of connectors that serve one range on one port, each pair once."""
    if len(server.connectors) < 2:
        return
    held: dict[_Key, list[_Held]] = {}
    told: set[tuple[str, str]] = set()
    for connector in server.connectors:
        for socket in connector.bindings:
            for entry in connector.remote_ip_ranges:
                if entry.family != socket.address.family:
                    continue
                others = held.setdefault((socket.port, entry.interval), [])
                for other, theirs, _ in others:
                    pair = connector.name, other.name
                    if other is connector or pair in told or not _meets(socket, theirs):
                        continue
                    if connector.transport_role is not other.transport_role:
                        continue  # Two services on one socket are another matter (P-4).
                    told.add(pair)
                    text = shared_range(socket, theirs, entry, other.name)
                    yield Impossible(server.name, connector.name, text)
                    if len(told) >= _MOST_REMARKS:
                        return
                if len(others) < _MOST_REMARKS:
                    others.append((connector, socket, entry))


def sharing(connector: ReceiveConnector, others: Iterable[ReceiveConnector]) -> Iterator[str]:
    """Yield what follows where others serve a range of a connector on another binding (V-4)."""
    mine = {
        (socket.port, entry.interval): (socket, entry)
        for socket in connector.bindings
        for entry in connector.remote_ip_ranges
        if entry.family == socket.address.family
    }
    # Only a binding to any address and one to a certain address give such a remark.
    wanted = {not socket.is_any for socket, _ in mine.values()}
    for other in others:
        if other.transport_role is not connector.transport_role:
            continue
        for theirs in other.bindings:
            if theirs.is_any not in wanted:
                continue
            found = next(
                (
                    mine[theirs.port, entry.interval]
                    for entry in other.remote_ip_ranges
                    if entry.family == theirs.address.family
                    and (theirs.port, entry.interval) in mine
                ),
                None,
            )
            if found is not None and found[0].is_any is not theirs.is_any:
                yield shared_range(found[0], theirs, found[1], other.name)
                break


def _meets(one: Socket, other: Socket) -> bool:
    return one.address == other.address or one.is_any or other.is_any
