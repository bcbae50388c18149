"""One IP address as a family and an integer, and its text.

Parsing is done here and not by a library: every accepted spelling is a decision of this program
(no octal-looking octets, zone ids dropped), and it has to be fast.
"""

from typing import NamedTuple

from relaysim.errors import InvalidNotation

__all__ = ["BITS", "Address", "format_address", "parse_address", "split_zone", "unmap", "zones_in"]

BITS = {4: 32, 6: 128}
"""Address family to the number of bits of its addresses."""

_MAPPED_PREFIX = 0xFFFF << 32


class Address(NamedTuple):
    """An IPv4 or IPv6 address; ordered by family, then numerically.

    Attributes:
        family: 4 or 6.
        value: The address as an unsigned integer of 32 or 128 bits.
    """

    family: int
    value: int

    def __str__(self) -> str:
        return format_address(self.family, self.value)


def split_zone(text: str) -> tuple[str, str | None]:
    """Split an IPv6 zone id off: ``fe80::1%11`` gives ``("fe80::1", "11")``.

    >>> split_zone("192.0.2.1")
    ('192.0.2.1', None)
    """
    head, percent, zone = text.partition("%")
    return head, (zone if percent else None)


def zones_in(text: str) -> list[str]:
    """Return the zone ids in an address, range or binding, each once, in order.

    >>> zones_in("fe80::1%11-fe80::9%11"), zones_in("[fe80::1%eth0]:25"), zones_in("fe80::%3/64")
    (['11'], ['eth0'], ['3'])
    """
    zones = []
    for piece in text.split("%")[1:]:
        end = next((i for i, char in enumerate(piece) if char in "-/()] "), len(piece))
        zones.append(piece[:end])
    return list(dict.fromkeys(zones))


def parse_address(text: str) -> Address:
    """Return the address that ``text`` spells.

    IPv4 needs four decimal octets without leading zeros. IPv6 takes every form of RFC 4291,
    upper or lower case, and a zone id, which is dropped: Exchange's own ranges print one, but a
    zone says nothing about the address.

    Raises:
        InvalidNotation: ``text`` is no address; the message names it.

    >>> parse_address("192.168.2.55")
    Address(family=4, value=3232236087)
    >>> str(parse_address("FE80:0:0::1%11"))
    'fe80::1'
    """
    stripped = text.strip()
    if ":" in stripped:
        if stripped[0] == "[" and stripped[-1] == "]":
            raise InvalidNotation(
                f"`{text}` is no address (it stands in brackets)",
                hint="write IPv6 addresses without brackets here",
            )
        body, zone = split_zone(stripped)
        if zone == "":
            raise InvalidNotation(f"`{text}` is no address (the zone after `%` is empty)")
        return Address(6, _parse_v6(body, text))
    return Address(4, _parse_v4(stripped, text))


def unmap(address: Address) -> Address:
    """Return the IPv4 address inside an IPv4-mapped IPv6 one, any other address unchanged.

    >>> str(unmap(parse_address("::ffff:192.0.2.1")))
    '192.0.2.1'
    """
    if address.family == 6 and address.value >> 32 == 0xFFFF:
        return Address(4, address.value & 0xFFFFFFFF)
    return address


def format_address(family: int, value: int) -> str:
    """Return the canonical text (RFC 5952 for IPv6).

    >>> format_address(6, 0)
    '::'
    """
    if family == 4:
        return f"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}"
    if value >> 32 == 0xFFFF:
        return "::ffff:" + format_address(4, value & 0xFFFFFFFF)
    groups = [value >> shift & 0xFFFF for shift in range(112, -1, -16)]
    start, length = _longest_zero_run(groups)
    if length < 2:
        return ":".join(f"{group:x}" for group in groups)
    head = ":".join(f"{group:x}" for group in groups[:start])
    tail = ":".join(f"{group:x}" for group in groups[start + length :])
    return f"{head}::{tail}"


def _longest_zero_run(groups: list[int]) -> tuple[int, int]:
    best_start, best_length, start = 0, 0, None
    for index, group in enumerate([*groups, 1]):
        if group == 0:
            start = index if start is None else start
        elif start is not None:
            if index - start > best_length:
                best_start, best_length = start, index - start
            start = None
    return best_start, best_length


def _parse_v4(body: str, text: str) -> int:
    parts = body.split(".")
    try:
        a, b, c, d = map(int, parts)
    except ValueError:
        pass
    else:
        # What comes back as it was has neither signs nor leading zeros nor strange digits.
        if 0 <= min(a, b, c, d) <= max(a, b, c, d) <= 255 and f"{a}.{b}.{c}.{d}" == body:
            return a << 24 | b << 16 | c << 8 | d
    if len(parts) != 4:
        raise InvalidNotation(f"`{text}` is no address (IPv4 has four octets, IPv6 has colons)")
    value = 0
    for part in parts:
        if not (part.isascii() and part.isdigit()):
            raise InvalidNotation(f"`{text}` is no address (octet `{part}` is no number)")
        if len(part) > 1 and part[0] == "0":
            raise InvalidNotation(
                f"`{text}` is ambiguous (octet `{part}` looks octal)",
                hint="write octets without leading zeros",
            )
        if len(part) > 3 or int(part) > 255:
            raise InvalidNotation(f"`{text}` is no address (octet `{part}` is above 255)")
        value = value << 8 | int(part)
    return value


def _parse_v6(body: str, text: str) -> int:
    if "." in body:
        colon = body.rfind(":")
        embedded = _parse_v4(body[colon + 1 :], text)
        body = f"{body[: colon + 1]}{embedded >> 16:x}:{embedded & 0xFFFF:x}"
    halves = body.split("::")
    if len(halves) > 2:
        raise InvalidNotation(f"`{text}` is no address (`::` stands twice)")
    groups = [_parse_groups(half, text) for half in halves]
    count = sum(map(len, groups))
    if len(halves) == 1:
        if count != 8:
            raise InvalidNotation(f"`{text}` is no address ({count} groups, IPv6 has eight)")
        return _join(groups[0])
    if count > 7:
        raise InvalidNotation(f"`{text}` is no address (too many groups beside `::`)")
    return _join([*groups[0], *([0] * (8 - count)), *groups[1]])


def _parse_groups(half: str, text: str) -> list[int]:
    if not half:
        return []
    groups = []
    for part in half.split(":"):
        if not 1 <= len(part) <= 4 or any(c not in "0123456789abcdefABCDEF" for c in part):
            raise InvalidNotation(
                f"`{text}` is no address (group `{part}` is no hexadecimal number)"
            )
        groups.append(int(part, 16))
    return groups


def _join(groups: list[int]) -> int:
    value = 0
    for group in groups:
        value = value << 16 | group
    return value
