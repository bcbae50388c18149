"""All addresses at once: the maximal regions of IPv4 and IPv6 that get one outcome each.

Use it like this::

    regions = partition(organization, session)  # session.ip is ignored, the rest is the shape
    for interval, outcome in regions: ...       # in order, IPv4 first
    regions.at(address).outcome                 # what one address gets
    regions.where(lambda outcome: outcome.answers.relay.answer)  # an AddressSet
    outcome_of(decision)                        # a Decision in the same terms, to compare

``session.local_ip`` names the local endpoint; ``None`` stands for all of them: where they agree
that is the outcome, where they differ the outcome is undecided (S-7) and lists them.

The choice of the connector is made here a second time and in another way than by the engine, which
answers one address: a law holds the two together. What the chosen connector makes of the session
does not depend on the address, so the engine is asked once per connector.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple, overload

from relaysim.analysis.choice import Choice, choices
from relaysim.engine.compiled.verdict_cache import Admissions, Judge
from relaysim.model.answers.missing import Missing
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import (
    Answers,
    Assumption,
    AuthAs,
    Decision,
    Grant,
    Note,
    Refusal,
    Undecided,
)
from relaysim.model.organization import Organization
from relaysim.model.principals import Principal
from relaysim.model.session import Session
from relaysim.net.address import BITS, Address
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import Interval

__all__ = [
    "MAPPED",
    "Outcome",
    "Outcomes",
    "Partition",
    "Region",
    "outcome_of",
    "partition",
]

MAPPED = Interval(6, 0xFFFF << 32, (0x10000 << 32) - 1)
"""The IPv4-mapped IPv6 addresses, ``::ffff:0:0/96``."""

_MAPPED_ASSUMPTION = Assumption(
    "S-6", "an IPv4-mapped IPv6 address is judged as the IPv4 address inside it", ("connector",)
)


class Outcome(NamedTuple):
    """What an address gets: a decision without that which names the address.

    Two addresses have the same outcome when their decisions are equal in everything but the
    session, the matched range, the matched binding and the list of connectors that lost. Of an S-6
    assumption only its presence counts, because its text names the address. Assumptions S-3 and
    S-4 count with their text: they name the connectors that the winner was preferred to.

    Attributes are those of :class:`~relaysim.model.decision.Decision`. Outcomes of one partition
    that are equal are the same object.
    """

    connector: ReceiveConnector | None
    principals: tuple[Principal, ...]
    rights: tuple[Grant, ...]
    answers: Answers
    auth_as: AuthAs | None
    refusal: Refusal | None
    assumptions: tuple[Assumption, ...]
    notes: tuple[Note, ...]
    undecided: Undecided | None
    missing: tuple[Missing, ...] = ()


class Region(NamedTuple):
    """A run of addresses with one outcome, as long as it can be.

    Attributes:
        interval: The addresses.
        outcome: What each of them gets.
    """

    interval: Interval
    outcome: Outcome


class Partition(Sequence[Region]):
    """All regions in order: IPv4, then IPv6.

    Disjoint, complete, sorted, and neighbours of one family differ. A region is made when it is
    asked for, so that a hundred thousand of them cost little; regions compare by value.
    """

    __slots__ = ("_families",)

    def __init__(self, families: dict[int, tuple[list[int], list[Outcome]]]) -> None:
        self._families = families

    def at(self, address: Address) -> Region:
        """Return the region that holds an address; logarithmic."""
        return self._region(
            address.family, bisect_right(self._families[address.family][0], address.value) - 1
        )

    def where(self, test: Callable[[Outcome], bool]) -> AddressSet:
        """Return the addresses whose outcome passes a test, which is asked once per outcome."""
        passing = {id(outcome) for outcome in self.outcomes() if test(outcome)}
        return AddressSet(region.interval for region in self if id(region.outcome) in passing)

    def outcomes(self) -> tuple[Outcome, ...]:
        """Return every outcome once, in the order of the first address that gets it."""
        every = chain.from_iterable(outcomes for _, outcomes in self._families.values())
        return tuple({id(outcome): outcome for outcome in every}.values())

    def __len__(self) -> int:
        return sum(len(starts) for starts, _ in self._families.values())

    @overload
    def __getitem__(self, index: int) -> Region: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Region, ...]: ...
    def __getitem__(self, index: int | slice) -> Region | tuple[Region, ...]:
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(len(self))))
        place = index + len(self) if index < 0 else index
        for family, (starts, _) in self._families.items():
            if 0 <= place < len(starts):
                return self._region(family, place)
            place -= len(starts)
        raise IndexError("no such region")

    def __iter__(self) -> Iterator[Region]:
        for family, (starts, outcomes) in self._families.items():
            ends = chain(islice(starts, 1, None), (1 << BITS[family],))
            for low, end, outcome in zip(starts, ends, outcomes, strict=True):
                yield Region(Interval(family, low, end - 1), outcome)

    def __repr__(self) -> str:
        return f"<Partition of {len(self)} regions>"

    def _region(self, family: int, place: int) -> Region:
        starts, outcomes = self._families[family]
        end = starts[place + 1] if place + 1 < len(starts) else 1 << BITS[family]
        return Region(Interval(family, starts[place], end - 1), outcomes[place])


def partition(organization: Organization, session: Session) -> Partition:
    """Return the maximal regions of IPv4 and of IPv6 with one outcome each.

    The IPv4-mapped addresses repeat the regions of IPv4 inside IPv6 (S-6). Time is O(n log n) in
    the number of ranges of the connectors bound to an endpoint, for each local endpoint that
    could be meant.

    Args:
        organization: The server.
        session: The shape of the session; its ``ip`` is ignored.

    >>> from relaysim import load, parse_address
    >>> regions = partition(load("builtin:option-2"), Session(ip=parse_address("0.0.0.0")))
    >>> [str(region.interval) for region in regions[:2]]
    ['0.0.0.0-192.168.2.54', '192.168.2.55-192.168.2.56']
    """
    judged = Outcomes(organization, session)
    four, six = judged.of_family(4), judged.of_family(6)
    return Partition({4: four, 6: _with_mapped(four, six)})


def _with_mapped(
    four: tuple[list[int], list[Outcome]], six: tuple[list[int], list[Outcome]]
) -> tuple[list[int], list[Outcome]]:
    """Return the regions of IPv6 with those of IPv4 put in place of the mapped addresses."""
    starts, outcomes = six
    as_mapped: dict[int, Outcome] = {}
    for outcome in four[1]:
        if id(outcome) not in as_mapped:
            assumptions = (_MAPPED_ASSUMPTION, *outcome.assumptions)
            as_mapped[id(outcome)] = outcome._replace(assumptions=assumptions)
    before, after = bisect_left(starts, MAPPED.low), bisect_right(starts, MAPPED.high + 1)
    return (
        [
            *starts[:before],
            *(MAPPED.low + start for start in four[0]),
            MAPPED.high + 1,
            *starts[after:],
        ],
        [
            *outcomes[:before],
            *(as_mapped[id(outcome)] for outcome in four[1]),
            *outcomes[after - 1 :],
        ],
    )


def outcome_of(decision: Decision) -> Outcome:
    """Return the outcome of one address that has been decided, in the terms of the regions."""
    return Outcome(
        connector=decision.connector,
        principals=decision.principals,
        rights=decision.rights,
        answers=decision.answers,
        auth_as=decision.auth_as,
        refusal=decision.refusal,
        assumptions=tuple(
            _MAPPED_ASSUMPTION if assumption.rule == "S-6" else assumption
            for assumption in decision.assumptions
        ),
        notes=decision.notes,
        undecided=decision.undecided,
        missing=decision.missing,
    )


class Outcomes:
    """Makes one outcome of each choice.

    Args:
        organization: The server.
        session: The shape of the session.
        admissions: What is kept of the organization, to share it with other shapes.
    """

    def __init__(
        self, organization: Organization, session: Session, admissions: Admissions | None = None
    ) -> None:
        self.organization, self.session = organization, session
        self.judge = Judge(admissions or Admissions(organization), session)
        self.outcomes: dict[object, Outcome] = {}

    def of_family(self, family: int) -> tuple[list[int], list[Outcome]]:
        """Return first addresses and the outcome from each of them on; neighbours differ."""
        port, local_ip = self.session.port, self.session.local_ip
        return self.of_choices(
            choices(self.organization, family=family, port=port, local_ip=local_ip)
        )

    def of_choices(
        self, changes: tuple[list[int], list[Choice]]
    ) -> tuple[list[int], list[Outcome]]:
        """Return first addresses and the outcome from each of them on; neighbours differ."""
        starts: list[int] = []
        outcomes: list[Outcome] = []
        # Most equal choices are one object, so that most are known by their id; the choices live
        # in their list meanwhile, which keeps each id its own.
        known: dict[int, Outcome] = {}
        last = None
        for start, choice in zip(*changes, strict=True):
            outcome = known.get(id(choice))
            if outcome is None:
                outcome = known[id(choice)] = self.of_choice(choice)
            if outcome is not last:
                starts.append(start)
                outcomes.append(outcome)
                last = outcome
        return starts, outcomes

    def of_choice(self, choice: Choice) -> Outcome:
        """Return the outcome of a choice; equal outcomes are one object."""
        key = (choice.connector.name if choice.connector else None, *choice[1:])
        outcome = self.outcomes.get(key)
        if outcome is None:
            outcome = self.outcomes[key] = self._make(choice)
        return outcome

    def _make(self, choice: Choice) -> Outcome:
        connector = choice.connector
        if connector is None:
            verdict = self.judge.nobody(choice.refusal, choice.undecided)
        else:
            verdict = self.judge.verdict(connector)
        return Outcome(
            connector=connector,
            principals=verdict.principals,
            rights=verdict.rights,
            answers=verdict.answers,
            auth_as=verdict.auth_as,
            refusal=verdict.refusal,
            assumptions=choice.assumptions + verdict.assumptions,
            notes=verdict.notes,
            undecided=verdict.undecided,
            missing=verdict.missing,
        )
