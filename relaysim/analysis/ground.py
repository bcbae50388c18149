"""What is chosen at a spot, each choice with its addresses, and what that comes to."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from relaysim.analysis.endpoints import Endpoint, Surface
from relaysim.analysis.partition import MAPPED
from relaysim.lean import frozen
from relaysim.model.decision import Assumption, Missing, Undecided
from relaysim.net.address import BITS
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import Interval

if TYPE_CHECKING:
    from relaysim.analysis.choice import Choice

__all__ = ["NO", "Base", "Found", "Ground", "Said"]


@frozen
class Found:
    """What is found at one spot, or on endpoints that answer alike.

    Attributes:
        addresses: Exactly the addresses from which it may be done, without the IPv4-mapped ones.
        connectors: The connectors that let it be done there, in the order of their addresses.
        assumptions: What is assumed of those addresses, each once.
        unknown: Addresses of which it is not known whether they may.
        reasons: Why that cannot be told.
        missing: The facts that would tell.
    """

    addresses: AddressSet
    connectors: tuple[str, ...]
    assumptions: tuple[Assumption, ...]
    unknown: AddressSet
    reasons: tuple[Undecided, ...]
    missing: tuple[Missing, ...]


class Said(NamedTuple):
    """What a choice comes to: the answer (``None`` when it cannot be told), and why."""

    answer: bool | None
    assumptions: tuple[Assumption, ...] = ()
    reason: Undecided | None = None
    missing: tuple[Missing, ...] = ()


NO = Said(answer=False)
"""What a choice says that says no."""


class Ground:
    """The distinct choices at the endpoints of a spot, each with its addresses, in their order.

    Attributes:
        choices: The choices.
        spans: The addresses of each.
        places: The numbers of the choices of a connector, by its id.
        alike: The numbers of the choices of connectors that make the same of clients without a
            name, where they may share it, by :meth:`Admissions.class_of`.
        classes: The class of each choice, ``None`` where nobody answers.
    """

    def __init__(self, surface: Surface, here: Iterable[Endpoint]) -> None:
        self.choices: list[Choice] = []
        self.spans: list[list[Interval]] = []
        self.places: dict[int, list[int]] = {}
        self.alike: dict[object, list[int]] = {}
        self.classes: list[object] = []
        for endpoint in here:
            family = endpoint.address.family
            class_of = surface.admissions[endpoint.server].class_of
            starts, chosen = surface.choices(endpoint)
            known: dict[int, list[Interval]] = {}
            ends = chain(starts[1:], (1 << BITS[family],))
            for low, end, choice in zip(starts, ends, chosen, strict=True):
                spans = known.get(id(choice))
                if spans is None:
                    spans = known[id(choice)] = []
                    number, kind = len(self.choices), None
                    if choice.connector is not None:
                        self.places.setdefault(id(choice.connector), []).append(number)
                        kind = class_of(choice.connector)
                    self.alike.setdefault(kind, []).append(number)
                    self.classes.append(kind)
                    self.choices.append(choice)
                    self.spans.append(spans)
                if family == 6 and low <= MAPPED.high and end > MAPPED.low:
                    spans += _around_mapped(low, end)
                else:
                    spans.append(Interval(family, low, end - 1))

    def found(self, said: Mapping[int, Said]) -> Found:
        """Return what a spot comes to by what its choices say, by their numbers in order."""
        yes = [number for number, each in said.items() if each.answer]
        asks = [number for number, each in said.items() if each.answer is None]
        return self._with(said, self.addresses(yes), self.addresses(asks))

    def changed(self, base: Found, before: Mapping[int, Said], now: Mapping[int, Said]) -> Found:
        """Return what a spot comes to when some of its choices say something else.

        Args:
            base: What it came to.
            before: What its choices said, those that say no left out.
            now: What some of them say instead.
        """
        sets = []
        for addresses, answer in ((base.addresses, True), (base.unknown, None)):
            gone = [n for n in now if n in before and before[n].answer is answer]
            come = [number for number, each in now.items() if each.answer is answer]
            left = addresses - self.addresses(gone) if gone else addresses
            if come:
                left = left | self.addresses(come) if left else self.addresses(come)
            sets.append(left)
        every = {**before, **now} if before else now
        said = {n: every[n] for n in sorted(every) if every[n].answer is not False}
        return self._with(said, *sets)

    def _with(self, said: Mapping[int, Said], may: AddressSet, unknown: AddressSet) -> Found:
        yes = {number: each for number, each in said.items() if each.answer}
        asks = [each for each in said.values() if each.answer is None]
        connectors = (self.choices[number].connector for number in yes if self.spans[number])
        assumptions = chain.from_iterable(each.assumptions for each in yes.values())
        return Found(
            addresses=may,
            connectors=tuple(dict.fromkeys(each.name for each in connectors if each is not None)),
            assumptions=tuple(dict.fromkeys(assumptions)),
            unknown=unknown,
            reasons=tuple(dict.fromkeys(each.reason for each in asks if each.reason is not None)),
            missing=tuple(dict.fromkeys(chain.from_iterable(each.missing for each in asks))),
        )

    def addresses(self, numbers: Iterable[int]) -> AddressSet:
        """Return the addresses on which some choices are made."""
        return AddressSet(chain.from_iterable(self.spans[number] for number in numbers))


def _around_mapped(low: int, end: int) -> Iterator[Interval]:
    """Yield what is left of a run of IPv6 without the addresses that repeat IPv4 (S-6)."""
    if low < MAPPED.low:
        yield Interval(6, low, MAPPED.low - 1)
    if end - 1 > MAPPED.high:
        yield Interval(6, MAPPED.high + 1, end - 1)


class Base:
    """What the choices of a ground say to any client of a kind, and what it comes to.

    Attributes:
        ground: The ground.
        said: What the choices say, by their numbers; those that say no left out.
        found: What it comes to.
    """

    def __init__(self, ground: Ground, said: Mapping[int, Said]) -> None:
        self.ground, self.said = ground, said
        self.found = ground.found(said)
        self._changed: dict[tuple[tuple[int, int], ...], Found] = {}

    def changed(self, now: Mapping[int, Said]) -> Found:
        """Return what it comes to when some choices say something else; one object for the same."""
        if not now:
            return self.found
        # What choices say is kept by the reading, so that their ids stay their own.
        key = tuple([(number, id(said)) for number, said in now.items()])
        found = self._changed.get(key)
        if found is None:
            found = self._changed[key] = self.ground.changed(self.found, self.said, now)
        return found
