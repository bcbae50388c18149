"""A server of the organization, and what is known of the network around the servers."""

from types import NoneType

from relaysim.lean import frozen
from relaysim.model.connector import ReceiveConnector
from relaysim.model.field_checks import FLAG, PAIRS, TEXT, a, checked, many, some
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.net.address import Address
from relaysim.net.notation import AddressRange

__all__ = ["NOTHING_SAID", "Network", "Server"]


@frozen
@checked(
    name=TEXT,
    exchange=a(ExchangeVersion, NoneType),
    role=a(ServerRole),
    fqdn=TEXT,
    addresses=many(Address),
    connectors=many(ReceiveConnector),
    unmodelled=PAIRS,
)
class Server:
    """One Exchange server.

    Attributes:
        name: NetBIOS name, unique in the organization without case.
        exchange: Version, or ``None`` when it is not known: what differs between the versions
            is then undecided.
        role: Hub Transport (Mailbox from 2013 on) or Edge Transport.
        fqdn: Full name, for banners; empty means made of the name and an accepted domain.
        addresses: Its own addresses; empty means none are known, not that it has none.
        connectors: Receive connectors; names are unique without case; order never matters.
        unmodelled: Settings of the server that no rule uses, as (name, value) in order.
    """

    name: str
    exchange: ExchangeVersion | None = ExchangeVersion.V2007
    role: ServerRole = ServerRole.HUB
    fqdn: str = ""
    addresses: tuple[Address, ...] = ()
    connectors: tuple[ReceiveConnector, ...] = ()
    unmodelled: tuple[tuple[str, str], ...] = ()


_RANGES = some(many(AddressRange))


@frozen
@checked(
    exchange_servers=_RANGES,
    balancers=_RANGES,
    gateways=_RANGES,
    clients=_RANGES,
    published=some(PAIRS),
    hybrid=some(FLAG),
)
class Network:
    """What somebody said about the network; ``None`` is "not said", and nothing follows from it.

    Attributes:
        exchange_servers: Addresses of Exchange servers.
        balancers: Addresses that load balancers connect from.
        gateways: Addresses of mail gateways in front of Exchange.
        clients: Addresses of clients and applications.
        published: What is reachable from the internet: (server name or address, port).
        hybrid: Whether the organization is connected with Exchange Online.
    """

    exchange_servers: tuple[AddressRange, ...] | None = None
    balancers: tuple[AddressRange, ...] | None = None
    gateways: tuple[AddressRange, ...] | None = None
    clients: tuple[AddressRange, ...] | None = None
    published: tuple[tuple[str | Address, int], ...] | None = None
    hybrid: bool | None = None


NOTHING_SAID = Network()
"""Nothing is known of the network."""
