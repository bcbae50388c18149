"""Binary security descriptors, self-relative, as the directory stores them.

Source: DTYPSD, DTYPACE.
"""

import struct
from collections.abc import Iterator
from struct import unpack_from
from uuid import UUID

from relaysim.errors import InvalidInput
from relaysim.importers.descriptors.rows import DescriptorAce

__all__ = ["parse_descriptor"]

_ALLOW, _DENY = {0x00, 0x05, 0x09, 0x0B}, {0x01, 0x06, 0x0A, 0x0C}
_WITH_OBJECT = {0x05, 0x06, 0x0B, 0x0C}
_INHERIT_ONLY, _INHERITED = 0x08, 0x10
_HAS_TYPE, _HAS_INHERITED_TYPE = 0x1, 0x2


def parse_descriptor(data: bytes) -> tuple[DescriptorAce, ...] | None:
    """Return the entries of the discretionary list, ``None`` when the object has none at all.

    No list means that everything is allowed to everybody; an empty one allows nothing.

    Raises:
        InvalidInput: No descriptor, or one that ends too early.
    """
    try:
        revision, _, control, _, _, _, place = unpack_from("<BBHIIII", data)
        if revision != 1 or not control & 0x8000:
            raise InvalidInput("is no self-relative security descriptor")
        if not control & 0x4 or not place:
            return None
        return tuple(_entries(data, place))
    except struct.error:
        raise InvalidInput("the security descriptor ends too early") from None


def _entries(data: bytes, place: int) -> Iterator[DescriptorAce]:
    _, _, _, count, _ = unpack_from("<BBHHH", data, place)
    place += 8
    for _ in range(count):
        kind, flags, size = unpack_from("<BBH", data, place)
        if size < 8 or place + size > len(data):
            raise InvalidInput("the security descriptor has an entry of a wrong size")
        if kind in _ALLOW or kind in _DENY:
            yield _entry(data[place : place + size], kind, flags)
        place += size


def _entry(data: bytes, kind: int, flags: int) -> DescriptorAce:
    (mask,) = unpack_from("<I", data, 4)
    place, guid = 8, None
    if kind in _WITH_OBJECT:
        (present,) = unpack_from("<I", data, 8)
        place = 12
        if present & _HAS_TYPE:
            if len(data) < place + 16:
                raise InvalidInput("the security descriptor has an entry of a wrong size")
            guid = str(UUID(bytes_le=data[place : place + 16]))
            place += 16
        if present & _HAS_INHERITED_TYPE:
            place += 16
    return DescriptorAce(
        who=_sid(data, place),
        mask=mask,
        guid=guid,
        deny=kind in _DENY,
        inherited=bool(flags & _INHERITED),
        effective=not flags & _INHERIT_ONLY,
    )


def _sid(data: bytes, place: int) -> str:
    revision, count = unpack_from("<BB", data, place)
    authority = int.from_bytes(data[place + 2 : place + 8], "big")
    parts = unpack_from(f"<{count}I", data, place + 8)
    return "-".join(["S", str(revision), str(authority), *map(str, parts)])
