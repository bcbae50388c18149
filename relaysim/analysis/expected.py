"""What somebody expects of the addresses from which a thing may be done, held against the truth."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from relaysim.analysis.endpoints import Spot
from relaysim.analysis.reach import Reach, Way
from relaysim.net.addrset import AddressSet

__all__ = ["ExpectedReach", "ReachBreach", "held_against"]


class ReachBreach(NamedTuple):
    """Addresses that are not as expected.

    Attributes:
        what: ``not expected``, ``expected but not so`` or ``undecided``.
        way: How they come, or ``None`` when none of the ways does what is expected.
        addresses: Which.
        spots: On which endpoints; empty when on none.
        tls: In which TLS states.
    """

    what: str
    way: Way | None
    addresses: AddressSet
    spots: tuple[Spot, ...] = ()
    tls: tuple[bool, ...] = ()


class ExpectedReach(NamedTuple):
    """An expectation and all that breaks it.

    Attributes:
        text: The expectation in words.
        breaches: What breaks it; none when it is met.
    """

    text: str
    breaches: tuple[ReachBreach, ...]

    @property
    def is_met(self) -> bool:
        """Whether nothing breaks it."""
        return not self.breaches


def held_against(
    reaches: Iterable[Reach], expected: AddressSet, text: str, *, exactly: bool
) -> ExpectedReach:
    """Return how the truth stands to an expectation.

    An address of which it is undecided breaks the expectation that it may not; only where more is
    allowed anyway does it not matter.

    Args:
        reaches: The truth, by way and endpoints.
        expected: The addresses that may, without IPv4-mapped ones.
        text: The expectation in words.
        exactly: Every one of them must be able to on some endpoint; otherwise they only may.
    """
    found = tuple(reaches)
    return ExpectedReach(text, tuple(_breaches(found, expected, exactly=exactly)))


def _breaches(
    found: tuple[Reach, ...], expected: AddressSet, *, exactly: bool
) -> Iterator[ReachBreach]:
    for each in found:
        if extra := each.addresses - expected:
            yield ReachBreach("not expected", each.way, extra, each.spots, each.tls)
    for each in found:
        if unsure := each.unknown - expected:
            yield ReachBreach("undecided", each.way, unsure, each.spots, each.tls)
    if exactly:
        may = AddressSet(interval for each in found for interval in each.addresses)
        if missing := expected - may:
            yield ReachBreach("expected but not so", None, missing)
