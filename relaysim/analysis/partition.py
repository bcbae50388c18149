"""All addresses at once: the maximal regions of IPv4 and IPv6 that get one outcome each.

Use it like this::

    regions = partition(organization, session)      # session.ip is ignored, the rest is the shape
    region_of(regions, address).outcome             # what one address gets
    addresses_where(regions, lambda outcome: outcome.answers.relay.answer)  # an AddressSet
    outcome_of(decision)                            # a Decision in the same terms, to compare

``session.local_ip`` names the local endpoint; ``None`` stands for all of them: where they agree
that is the outcome, where they differ the outcome is undecided (S-7) and lists them.

The choice of the connector is made here a second time and in another way than by the engine, which
answers one address: a law holds the two together. What the chosen connector makes of the session
does not depend on the address, so the engine is asked once per connector.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from relaysim.analysis.choice import Choice, choices
from relaysim.engine.evaluate import Verdict, judge, nobody
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
    "Region",
    "addresses_where",
    "outcome_of",
    "partition",
    "region_of",
]

MAPPED = Interval(6, 0xFFFF << 32, (0x10000 << 32) - 1)
"""The IPv4-mapped IPv6 addresses, ``::ffff:0:0/96``."""

_MAPPED_ASSUMPTION = Assumption(
    "S-6", "an IPv4-mapped IPv6 address is judged as the IPv4 address inside it", ("connector",)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
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


class Region(NamedTuple):
    """A run of addresses with one outcome, as long as it can be.

    Attributes:
        interval: The addresses.
        outcome: What each of them gets.
    """

    interval: Interval
    outcome: Outcome


def partition(organization: Organization, session: Session) -> tuple[Region, ...]:
    """Return the maximal regions of IPv4, then of IPv6, with one outcome each.

    Disjoint, complete, sorted, and neighbours of one family differ. The IPv4-mapped addresses
    repeat the regions of IPv4 inside IPv6 (S-6). Time is O(n log n) in the number of ranges of
    the connectors bound to an endpoint, for each local endpoint that could be meant.

    Args:
        organization: The server.
        session: The shape of the session; its ``ip`` is ignored.

    >>> from relaysim import load, parse_address
    >>> regions = partition(load("builtin:option-2"), Session(ip=parse_address("0.0.0.0")))
    >>> [str(region.interval) for region in regions][:2]
    ['0.0.0.0-192.168.2.54', '192.168.2.55-192.168.2.56']
    """
    judge_once = _Judge(organization, session)
    four, six = (
        [
            (low, judge_once.outcome(choice))
            for low, choice in choices(
                organization, family=family, port=session.port, local_ip=session.local_ip
            )
        ]
        for family in BITS
    )
    as_mapped = {id(outcome): _as_mapped(outcome) for _, outcome in four}
    after = next(outcome for low, outcome in reversed(six) if low <= MAPPED.high + 1)
    six = [
        *(entry for entry in six if entry[0] < MAPPED.low),
        *((MAPPED.low + low, as_mapped[id(outcome)]) for low, outcome in four),
        (MAPPED.high + 1, after),
        *(entry for entry in six if entry[0] > MAPPED.high + 1),
    ]
    return (*_regions(4, four), *_regions(6, six))


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
    )


def region_of(regions: Sequence[Region], address: Address) -> Region:
    """Return the region of a partition that holds an address; logarithmic."""
    return regions[bisect_right(regions, address, key=_first_address) - 1]


def addresses_where(regions: Iterable[Region], test: Callable[[Outcome], bool]) -> AddressSet:
    """Return the addresses whose outcome passes a test; it is asked once per outcome."""
    passed: dict[int, bool] = {}
    kept = []
    for interval, outcome in regions:
        key = id(outcome)
        if key not in passed:
            passed[key] = test(outcome)
        if passed[key]:
            kept.append(interval)
    return AddressSet(kept)


def _first_address(region: Region) -> Address:
    return region.interval.first


class _Judge:
    """Makes one outcome of each choice, asking the engine once per connector."""

    def __init__(self, organization: Organization, session: Session) -> None:
        self.organization, self.session = organization, session
        self.verdicts: dict[str, Verdict] = {}
        self.known: dict[int, tuple[Choice, Outcome]] = {}
        self.outcomes: dict[object, Outcome] = {}

    def outcome(self, choice: Choice) -> Outcome:
        # The choices of one family are the same object when equal, so that most are known by
        # their id; keeping them keeps the id their own.
        known = self.known.get(id(choice))
        if known is not None:
            return known[1]
        key = (choice.connector.name if choice.connector else None, *choice[1:])
        outcome = self.outcomes.get(key)
        if outcome is None:
            outcome = self.outcomes[key] = self._make(choice)
        self.known[id(choice)] = choice, outcome
        return outcome

    def _make(self, choice: Choice) -> Outcome:
        connector = choice.connector
        if connector is None:
            verdict = nobody(self.organization, choice.refusal, choice.undecided)
        elif connector.name in self.verdicts:
            verdict = self.verdicts[connector.name]
        else:
            verdict = judge(self.organization, connector, self.session)
            self.verdicts[connector.name] = verdict
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
        )


def _as_mapped(outcome: Outcome) -> Outcome:
    return replace(outcome, assumptions=(_MAPPED_ASSUMPTION, *outcome.assumptions))


def _regions(family: int, starts: Sequence[tuple[int, Outcome]]) -> list[Region]:
    highs = [low - 1 for low, _ in starts[1:]] + [(1 << BITS[family]) - 1]
    return [
        Region(Interval(family, low, high), outcome)
        for (low, outcome), high in zip(starts, highs, strict=True)
    ]
