"""The PROXY protocol, by which a load balancer says whom it speaks for, versions 1 and 2.

Source: HAPROXY (the protocol's specification).
"""

from typing import NamedTuple

from relaysim.errors import RelaysimError
from relaysim.net.address import Address, parse_address

__all__ = ["MOST_BYTES", "ProxyHeader", "parse_proxy_header"]

_SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
_LONGEST_V1 = 107
MOST_BYTES = 16 + 65535
_FAMILIES = {0x11: (4, 4), 0x21: (6, 16)}


class ProxyHeader(NamedTuple):
    """What a header says.

    Attributes:
        client: The client's address, ``None`` where the balancer speaks for itself.
        length: Bytes of the header.
    """

    client: Address | None
    length: int


def parse_proxy_header(data: bytes) -> ProxyHeader | None:
    r"""Return the header that ``data`` begins with, ``None`` while more bytes are needed.

    Raises:
        ValueError: There is none, or it is broken.

    >>> str(parse_proxy_header(b"PROXY TCP4 192.0.2.1 192.0.2.2 4000 25\r\nEHLO").client)
    '192.0.2.1'
    """
    if data[:12] == _SIGNATURE[: len(data)]:
        return _version_2(data)
    if data[:6] != b"PROXY "[: len(data)]:
        raise ValueError("the connection does not begin with a PROXY header")
    return _version_1(data)


def _version_1(data: bytes) -> ProxyHeader | None:
    end = data.find(b"\r\n", 0, _LONGEST_V1)
    if end < 0:
        if len(data) >= _LONGEST_V1:
            raise ValueError("the PROXY header has no end")
        return None
    words = data[:end].decode("ascii", "replace").split(" ")
    if words[1:2] == ["UNKNOWN"]:
        return ProxyHeader(None, end + 2)
    families = {"TCP4": 4, "TCP6": 6}
    if len(words) != 6 or words[1] not in families:
        raise ValueError("the PROXY header is broken")
    try:
        client = parse_address(words[2])
    except RelaysimError:
        raise ValueError("the PROXY header names no address") from None
    if client.family != families[words[1]]:
        raise ValueError("the PROXY header names an address of another family")
    return ProxyHeader(client, end + 2)


def _version_2(data: bytes) -> ProxyHeader | None:
    if len(data) < 16:
        return None
    command, transport = data[12], data[13]
    length = 16 + int.from_bytes(data[14:16], "big")
    if command >> 4 != 2 or command & 0xF > 1:
        raise ValueError("the PROXY header has an unknown version or command")
    if len(data) < length:
        return None
    if command & 0xF == 0 or transport not in _FAMILIES:
        return ProxyHeader(None, length)
    family, size = _FAMILIES[transport]
    if length < 16 + 2 * size + 4:
        raise ValueError("the PROXY header is too short for its addresses")
    return ProxyHeader(Address(family, int.from_bytes(data[16 : 16 + size], "big")), length)
