"""The four notations of an address range, and bindings ``address:port``.

A range remembers how it was written, because Exchange prints it back that way; two ranges of the
same addresses in different notations select alike but are not equal text.
"""

from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from relaysim.errors import InvalidInput, InvalidNotation, Problem
from relaysim.net.address import BITS, Address, format_address, parse_address, split_zone
from relaysim.net.interval import Interval

__all__ = [
    "AddressRange",
    "Notation",
    "Socket",
    "format_range",
    "format_socket",
    "parse_each_range",
    "parse_range",
    "parse_socket",
]


class Notation(Enum):
    """How a range is written; the values are our names, Exchange's stand in its ``IPRange.Format``.

    Source: IPFMT.
    """

    SINGLE = "single address"
    LOW_HIGH = "low-high"
    CIDR = "CIDR"
    NETMASK = "netmask"


class AddressRange(NamedTuple):
    """A range of addresses together with its notation.

    Attributes:
        interval: The addresses, both ends inclusive.
        notation: How it was written.
        base: The address that stands before ``/`` or ``(``, host bits kept; for the other
            notations the first address.
    """

    interval: Interval
    notation: Notation
    base: int

    @property
    def family(self) -> int:
        """4 or 6."""
        return self.interval.family

    @property
    def size(self) -> int:
        """Number of addresses, at least 1."""
        return self.interval.size

    def contains(self, address: Address) -> bool:
        """Tell whether the address lies inside, ends included."""
        return self.interval.contains(address)

    def __str__(self) -> str:
        return format_range(self)


def parse_range(text: str) -> AddressRange:
    """Return the range that ``text`` spells: ``a``, ``a-b``, ``a/length`` or ``a(mask)``.

    Host bits may be set in ``a/length`` and ``a(mask)``: the range is the whole network, as in
    Exchange. Zone ids are dropped.

    Raises:
        InvalidNotation: Empty, reversed, of mixed families, a mask with holes, a prefix length out
            of range, or no address at all.

    Source: NEWRC, CUST16, IPFMT.

    >>> parse_range("192.168.1.1/24").size
    256
    >>> str(parse_range("192.168.8.2(255.255.255.0)").interval)
    '192.168.8.0-192.168.8.255'
    """
    stripped = text.strip()
    if not stripped:
        raise InvalidNotation("an empty address range")
    if "/" in stripped:
        head, _, length = stripped.partition("/")
        return _network(parse_address(head), _prefix_length(head, length, text), Notation.CIDR)
    if stripped.endswith(")"):
        head, paren, mask = stripped[:-1].partition("(")
        if not paren:
            raise InvalidNotation(f"`{text}` is no address range (`)` without `(`)")
        base = parse_address(head)
        return _network(base, _mask_length(base, parse_address(mask), text), Notation.NETMASK)
    head, dash, tail = stripped.partition("-")
    if not dash:
        address = parse_address(stripped)
        interval = Interval(address.family, address.value, address.value)
        return AddressRange(interval, Notation.SINGLE, address.value)
    if not head.strip() or not tail.strip():
        raise InvalidNotation(f"range `{text}` has only one end")
    low, high = parse_address(head), parse_address(tail)
    if low.family != high.family:
        raise InvalidNotation(f"range `{text}` mixes IPv4 and IPv6")
    if low.value > high.value:
        raise InvalidNotation(
            f"range `{text}` is reversed", hint=f"write `{high}-{low}`, the lower address first"
        )
    return AddressRange(Interval(low.family, low.value, high.value), Notation.LOW_HIGH, low.value)


def parse_each_range(text: str) -> tuple[AddressRange, ...]:
    """Return the ranges of a text with commas between them, none of an empty one.

    Raises:
        InvalidInput: The problems of all that cannot be read.
    """
    ranges: list[AddressRange] = []
    problems: list[Problem] = []
    for word in filter(None, map(str.strip, text.split(","))):
        try:
            ranges.append(parse_range(word))
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(problems)
    return tuple(ranges)


def format_range(value: AddressRange) -> str:
    """Return the canonical text in the range's own notation; ``parse_range`` gives it back.

    >>> format_range(parse_range("2001:0DB8::CD3/60"))
    '2001:db8::cd3/60'
    """
    family, low, high = value.interval
    base = format_address(family, value.base)
    match value.notation:
        case Notation.SINGLE:
            return base
        case Notation.LOW_HIGH:
            return f"{base}-{format_address(family, high)}"
        case Notation.CIDR:
            return f"{base}/{BITS[family] - (high - low).bit_length()}"
        case Notation.NETMASK:
            mask = (1 << BITS[family]) - 1 - (high - low)
            return f"{base}({format_address(family, mask)})"


class Socket(NamedTuple):
    """A local address and port to listen on.

    Attributes:
        address: The local address; all-zero means any local address of the family.
        port: 1 to 65535.
    """

    address: Address
    port: int

    @property
    def is_any(self) -> bool:
        """Whether this is ``0.0.0.0`` or ``[::]``."""
        return self.address.value == 0

    def __str__(self) -> str:
        return format_socket(self)


@lru_cache(maxsize=1024)
def parse_socket(text: str) -> Socket:
    """Return the binding that ``text`` spells: ``0.0.0.0:25`` or ``[::]:25``.

    Raises:
        InvalidNotation: No port, a port out of range, or no address.

    >>> str(parse_socket("[0:0::0]:25"))
    '[::]:25'
    """
    head, colon, port = text.strip().rpartition(":")
    if not colon or not head:
        raise InvalidNotation(f"`{text}` is no binding (expected `address:port`)")
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 1 <= int(port) <= 65535):
        raise InvalidNotation(f"`{text}` is no binding (port `{port}` is not from 1 to 65535)")
    if head.startswith("["):
        if not head.endswith("]"):
            raise InvalidNotation(f"`{text}` is no binding (`[` without `]`)")
        address = parse_address(head[1:-1])
        if address.family != 6:
            raise InvalidNotation(f"`{text}` is no binding (brackets hold an IPv6 address)")
    else:
        address = parse_address(head)
        if address.family != 4:
            raise InvalidNotation(
                f"`{text}` is no binding (an IPv6 address needs brackets)",
                hint=f"write `[{head}]:{port}`",
            )
    return Socket(address, int(port))


def format_socket(value: Socket) -> str:
    """Return ``address:port``, IPv6 in brackets; ``parse_socket`` gives it back."""
    if value.address.family == 6:
        return f"[{value.address}]:{value.port}"
    return f"{value.address}:{value.port}"


def _network(base: Address, length: int, notation: Notation) -> AddressRange:
    host_bits = BITS[base.family] - length
    low = base.value >> host_bits << host_bits
    interval = Interval(base.family, low, low + (1 << host_bits) - 1)
    return AddressRange(interval, notation, base.value)


def _prefix_length(head: str, length: str, text: str) -> int:
    bits = 128 if ":" in split_zone(head)[0] else 32
    if not (length.isascii() and length.isdigit() and len(length) <= 3 and int(length) <= bits):
        raise InvalidNotation(
            f"`{text}` is no address range (prefix length `{length}` is not from 0 to {bits})"
        )
    return int(length)


def _mask_length(base: Address, mask: Address, text: str) -> int:
    if mask.family != base.family:
        raise InvalidNotation(f"range `{text}` mixes IPv4 and IPv6")
    bits = BITS[base.family]
    inverse = (1 << bits) - 1 - mask.value
    if inverse & (inverse + 1):
        raise InvalidNotation(f"range `{text}` has a mask with holes")
    return bits - inverse.bit_length()
