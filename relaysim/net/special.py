"""What kind of addresses a range holds: public, private, loopback, documentation and so on.

Source: IANA4, IANA6.
"""

from bisect import bisect_right
from functools import cache
from typing import NamedTuple

from relaysim.net.address import BITS, Address
from relaysim.net.interval import Interval
from relaysim.net.notation import parse_range

__all__ = ["PUBLIC", "Piece", "kind_of", "kinds_in", "pieces"]

PUBLIC = "public"
"""The kind of addresses that the Internet routes."""

_REGISTRY = {
    "0.0.0.0/0": PUBLIC,
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "carrier NAT",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "protocol use",
    "192.0.2.0/24": "documentation",
    "192.88.99.0/24": "protocol use",
    "192.168.0.0/16": "private",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
    "255.255.255.255/32": "broadcast",
    "::/0": "reserved",
    "::/128": "unspecified",
    "::1/128": "loopback",
    "::ffff:0:0/96": "IPv4-mapped",
    "64:ff9b::/96": "IPv4 translation",
    "64:ff9b:1::/48": "IPv4 translation",
    "100::/64": "discard",
    "2000::/3": PUBLIC,
    "2001::/23": "protocol use",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "3fff::/20": "documentation",
    "5f00::/16": "segment routing",
    "fc00::/7": "private",
    "fe80::/10": "link-local",
    "ff00::/8": "multicast",
}
"""Networks and their kinds, an inner network after the one around it.

IPv6 outside 2000::/3 is not handed out, so it is reserved unless it has a name of its own.
"""


class Piece(NamedTuple):
    """A run of addresses of one kind."""

    interval: Interval
    kind: str


def kind_of(address: Address) -> str:
    """Return the kind of one address.

    >>> from relaysim.net.address import parse_address
    >>> kind_of(parse_address("192.168.2.55"))
    'private'
    """
    lows, kinds = _table(address.family)
    return kinds[bisect_right(lows, address.value) - 1]


def pieces(interval: Interval) -> list[Piece]:
    """Cut an interval into runs of one kind, in order; neighbours differ.

    >>> [str(piece.interval) for piece in pieces(parse_range("9.0.0.0-11.0.0.0").interval)]
    ['9.0.0.0-9.255.255.255', '10.0.0.0-10.255.255.255', '11.0.0.0']
    """
    family, low, high = interval
    lows, kinds = _table(family)
    found = []
    index = bisect_right(lows, low) - 1
    while index < len(lows) and lows[index] <= high:
        end = lows[index + 1] - 1 if index + 1 < len(lows) else (1 << BITS[family]) - 1
        run = Interval(family, max(low, lows[index]), min(high, end))
        found.append(Piece(run, kinds[index]))
        index += 1
    return found


def kinds_in(interval: Interval) -> list[str]:
    """Return the kinds an interval holds, public first, then in the order of the addresses.

    >>> kinds_in(parse_range("9.0.0.0-11.0.0.0").interval)
    ['public', 'private']
    """
    kinds = dict.fromkeys(piece.kind for piece in pieces(interval))
    return sorted(kinds, key=lambda kind: kind != PUBLIC)


@cache
def _table(family: int) -> tuple[list[int], list[str]]:
    networks = [(parse_range(text).interval, kind) for text, kind in _REGISTRY.items()]
    mine = [(interval, kind) for interval, kind in networks if interval.family == family]
    cuts = sorted({interval.low for interval, _ in mine} | {i.high + 1 for i, _ in mine})
    lows: list[int] = []
    kinds: list[str] = []
    for cut in cuts[:-1]:
        # The last network that holds the cut is the innermost one.
        kind = [kind for interval, kind in mine if interval.low <= cut <= interval.high][-1]
        if not kinds or kinds[-1] != kind:
            lows.append(cut)
            kinds.append(kind)
    return lows, kinds
