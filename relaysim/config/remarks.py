"""What is worth a warning about a range or binding that is understood all the same."""

from collections.abc import Iterator

from relaysim.errors import Problem
from relaysim.net.address import unmap, zones_in
from relaysim.net.notation import AddressRange, Socket

__all__ = ["binding_remarks", "range_remarks"]


def binding_remarks(text: str, _value: Socket) -> Iterator[Problem]:
    """Yield a warning for each zone id in a binding."""
    for zone in zones_in(text):
        yield Problem(f"the zone `%{zone}` is ignored")


def range_remarks(text: str, value: AddressRange) -> Iterator[Problem]:
    """Yield a warning for each zone id in a range, and for a range that no client can be in.

    An IPv4-mapped client is judged as its IPv4 address (S-6), so a range of nothing but mapped
    addresses matches nobody.
    """
    for zone in zones_in(text):
        yield Problem(f"the zone `%{zone}` is ignored")
    first, last = unmap(value.interval.first), unmap(value.interval.last)
    if value.family == 6 and first.family == last.family == 4:
        yield Problem(
            f"`{text}` matches no client: an IPv4-mapped one is its IPv4 address (S-6)",
            hint=f"write `{first}`" if first == last else f"write `{first}-{last}`",
        )
