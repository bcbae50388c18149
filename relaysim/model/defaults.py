"""What a connector has when nothing is said: addresses, mechanisms and limits per version.

Source: NEWRC, RC16, PS565, SIZE07, SIZE13, SIZE16.
"""

from relaysim.model.connector import AuthMechanism
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import Address
from relaysim.net.interval import ALL_IPV4, ALL_IPV6
from relaysim.net.notation import AddressRange, Notation, Socket

__all__ = [
    "CLIENT_MECHANISMS",
    "EVERY_ADDRESS",
    "FULL_MECHANISMS",
    "any_sockets",
    "default_header_size",
    "default_message_size",
]

EVERY_ADDRESS = (
    AddressRange(ALL_IPV6, Notation.LOW_HIGH, 0),
    AddressRange(ALL_IPV4, Notation.LOW_HIGH, 0),
)
"""The two ranges of a connector that serves everybody, in the order Exchange prints them."""

CLIENT_MECHANISMS = frozenset(
    {
        AuthMechanism.TLS,
        AuthMechanism.INTEGRATED,
        AuthMechanism.BASIC_AUTH,
        AuthMechanism.BASIC_AUTH_REQUIRE_TLS,
    }
)
"""What a connector for accounts offers. Source: RC16, ASK10."""

FULL_MECHANISMS = CLIENT_MECHANISMS | {AuthMechanism.EXCHANGE_SERVER}
"""What a connector for accounts and Exchange servers offers. Source: RC16, ASK10."""


def any_sockets(port: int) -> tuple[Socket, ...]:
    """Return the bindings to any local address of both families on a port."""
    return Socket(Address(4, 0), port), Socket(Address(6, 0), port)


def default_message_size(exchange: ExchangeVersion) -> int:
    """Return MaxMessageSize in bytes of a new connector: 10 MB to 2010, 36 MB from 2013.

    Microsoft's pages disagree for 2013; the size page is followed.

    Source: SIZE07, PS565, SIZE13, SIZE16.
    """
    return (36 if exchange.has_front_end else 10) << 20


def default_header_size(exchange: ExchangeVersion) -> int:
    """Return MaxHeaderSize in bytes of a new connector: 64 KB to 2010, 128 KB in 2013, 256 KB.

    For 2013 the size page is followed, as for messages.

    Source: SIZE07, PS565, SIZE13, NEWRC.
    """
    if not exchange.has_front_end:
        return 64 << 10
    return (128 if exchange is ExchangeVersion.V2013 else 256) << 10
