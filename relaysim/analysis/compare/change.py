"""Changes of power as values."""

from enum import Enum
from typing import NamedTuple

from relaysim.analysis.endpoints import Endpoint, Spot
from relaysim.analysis.reach import Way
from relaysim.net.address import Address
from relaysim.net.addrset import AddressSet

__all__ = ["ChangeKind", "Comparison", "PowerChange"]


class ChangeKind(Enum):
    """How power changes; the value is the word that is printed.

    ``CANNOT_TELL`` is a cell that is undecided on one of the sides.
    """

    WIDENED = "widened"
    NARROWED = "narrowed"
    CANNOT_TELL = "cannot tell"
    REROUTED = "rerouted"
    REFUSED_DIFFERENTLY = "refused differently"

    __hash__ = object.__hash__

    @property
    def is_power(self) -> bool:
        """Whether it changes what somebody may do, or might."""
        return self in (ChangeKind.WIDENED, ChangeKind.NARROWED, ChangeKind.CANNOT_TELL)


class PowerChange(NamedTuple):
    """One change, with every address, endpoint and TLS state that it is about.

    Attributes:
        kind: How it changes.
        right: What may or may not be done: the name of an answer or of a right; empty where the
            power stays the same.
        way: For whom.
        addresses: The addresses, without IPv4-mapped ones.
        spots: The endpoints.
        tls: The TLS states.
        before: The connector that answers before, or ``None``.
        after: The connector that answers afterwards, or ``None``.
        reply_before: What the first refusal says before, or ``None`` when nothing is refused.
        reply_after: The same afterwards.
        by_version: It comes from the versions alone: the texts differ and the reason does not, or
            only the newer version knows the right.
    """

    kind: ChangeKind
    right: str
    way: Way
    addresses: AddressSet
    spots: tuple[Spot, ...]
    tls: tuple[bool, ...]
    before: str | None
    after: str | None
    reply_before: str | None = None
    reply_after: str | None = None
    by_version: bool = False

    @property
    def witness(self) -> tuple[Address, Endpoint, bool]:
        """A client's address, where it connects to, and whether it uses TLS, that show it."""
        first = self.addresses.intervals[0].first
        for endpoint in self.spots[0].endpoints:
            if endpoint.address.family == first.family:
                return first, endpoint, self.tls[0]
        endpoint = self.spots[0].endpoints[0]
        inside = next(i for i in self.addresses if i.family == endpoint.address.family)
        return inside.first, endpoint, self.tls[0]


class Comparison(NamedTuple):
    """Two organizations compared.

    Attributes:
        changes: What changes: widened first.
        spots: Every endpoint that was covered.
        ways: Every identity that was covered.
    """

    changes: tuple[PowerChange, ...]
    spots: tuple[Spot, ...]
    ways: tuple[Way, ...]

    @property
    def equal_power(self) -> bool:
        """Whether nobody may do more or less than before, and that is certain."""
        return not any(change.kind.is_power for change in self.changes)
