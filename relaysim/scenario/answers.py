"""What an organization answers: decisions made once and shared by every step that needs them."""

from bisect import bisect_right

from relaysim.analysis.partition import Outcome, Region, partition, region_of
from relaysim.engine.evaluate import evaluate
from relaysim.model.decision import Assumption, Decision, Undecided
from relaysim.model.organization import Organization
from relaysim.net.address import Address
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import Interval
from relaysim.scenario.schema import ANSWER_KEYS, Shape

__all__ = ["NONE", "Answers", "Facts"]

NONE = "none"
"""How a scenario writes that there is no connector, no reply or no refusal."""

_MANY = 4096
_PARTITION_PAYS = 6
"""Questions of one kind after which working out every address is cheaper than asking on."""
_ANYWHERE = Address(4, 0)


class Facts:
    """A decision, or the outcome of a region, in the terms in which scenarios expect.

    Attributes:
        outcome: What was decided.
        values: ``connector`` (folded), ``auth_as``, ``refused_at`` and every answer.
        denied: The answers that a deny entry decided.
        undecided: Why there is no answer, or ``None``.
        assumptions: What was assumed.
    """

    __slots__ = ("assumptions", "denied", "outcome", "undecided", "values")

    def __init__(self, outcome: Decision | Outcome) -> None:
        self.outcome = outcome
        connector, refusal, auth_as = outcome.connector, outcome.refusal, outcome.auth_as
        answers = outcome.answers
        values: dict[str, bool | str] = dict(
            zip(ANSWER_KEYS, [answer.answer for answer in answers], strict=True)
        )
        values["connector"] = NONE if connector is None else connector.name.casefold()
        values["auth_as"] = NONE if auth_as is None else auth_as.value
        values["refused_at"] = NONE if refusal is None else refusal.stage.value
        values["undecided"] = NONE if outcome.undecided is None else outcome.undecided.rule
        self.values = values
        self.denied = frozenset(
            key for key, answer in zip(ANSWER_KEYS, answers, strict=True) if answer.denied
        )
        self.undecided: Undecided | None = outcome.undecided
        self.assumptions: tuple[Assumption, ...] = outcome.assumptions


class Answers:
    """The answers of one organization, each worked out once.

    The first questions of a kind go to the engine. When they keep coming, the partition answers,
    which holds every address; a law ties the two together.
    """

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self._points: dict[tuple[Address, Shape], Facts] = {}
        self._regions: dict[Shape, tuple[Region, ...]] = {}
        self._asked: dict[Shape, int] = {}
        self._facts: dict[int, Facts] = {}

    def at(self, ip: Address, shape: Shape) -> Facts:
        """Return the facts about one client."""
        key = (ip, shape)
        found = self._points.get(key)
        if found is None:
            if len(self._points) >= _MANY:
                self._points.clear()
            found = self._points[key] = self._ask(ip, shape)
        return found

    def over(self, addresses: AddressSet, shape: Shape) -> list[tuple[AddressSet, Facts]]:
        """Return the facts about every address of a set: parts with one outcome each.

        The parts are disjoint and together the whole set, in the order of their first address.
        """
        grouped: dict[int, list[Interval]] = {}
        regions = self._partition(shape)
        for interval in addresses:
            index = bisect_right(regions, interval.first, key=_first_address) - 1
            while index < len(regions):
                (family, low, high), outcome = regions[index]
                if family != interval.family or low > interval.high:
                    break
                part = Interval(family, max(low, interval.low), min(high, interval.high))
                self._facts_of(outcome)
                grouped.setdefault(id(outcome), []).append(part)
                index += 1
        return [(AddressSet(parts), self._facts[key]) for key, parts in grouped.items()]

    def decide(self, ip: Address, shape: Shape) -> Decision:
        """Return the engine's whole decision about one client, with the losers and the range."""
        return evaluate(self.organization, shape.session(ip))

    def regions(self, shape: Shape) -> tuple[Region, ...]:
        """Return the regions of the whole address space."""
        return self._partition(shape)

    def _ask(self, ip: Address, shape: Shape) -> Facts:
        asked = self._asked.get(shape, 0)
        if asked >= _PARTITION_PAYS or shape in self._regions:
            return self._facts_of(region_of(self._partition(shape), ip).outcome)
        if len(self._asked) >= _MANY:
            self._asked.clear()
        self._asked[shape] = asked + 1
        return Facts(evaluate(self.organization, shape.session(ip)))

    def _partition(self, shape: Shape) -> tuple[Region, ...]:
        found = self._regions.get(shape)
        if found is None:
            if len(self._regions) >= _MANY:
                # The facts are keyed by the identity of outcomes that the regions keep alive.
                self._regions.clear()
                self._facts.clear()
                self._points.clear()
            found = self._regions[shape] = partition(self.organization, shape.session(_ANYWHERE))
        return found

    def _facts_of(self, outcome: Outcome) -> Facts:
        facts = self._facts.get(id(outcome))
        if facts is None:
            facts = self._facts[id(outcome)] = Facts(outcome)
        return facts


def _first_address(region: Region) -> Address:
    return region.interval.first
