"""What an organization answers: worked out once, and shared by every step that needs it."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from relaysim.analysis.choice import Choice, choices
from relaysim.engine.decide import evaluate
from relaysim.engine.standing import back_end, client_proxy, describes_back_end
from relaysim.engine.worlds import is_partial, verdict_on
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import Assumption, Decision, Verdict
from relaysim.model.organization import Organization
from relaysim.net.address import BITS, Address, unmap
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import Interval
from relaysim.scenario.reading.schema import ANSWER_KEYS, CheckShape

__all__ = ["NONE", "Facts", "ScenarioAnswers", "Verdicts"]

NONE = "none"
UNDECIDED = "undecided"
"""How a scenario writes that there is no connector, no reply or no refusal."""

_KEPT = 2048
_ANYWHERE = Address(4, 0)


_HANGING = {"connector": "connector", "auth_as": "auth_as", "refused_at": "refusal"}
"""What is not an answer, and its name in the facts that something hangs on."""


class Facts:
    """What a session gets, in the terms in which scenarios expect.

    Attributes:
        connector: The connector that answers, or ``None``.
        verdict: What it makes of the session.
        values: ``connector`` (its name folded), ``auth_as``, ``refused_at``, ``undecided`` and
            every answer.
        denied: The answers that a deny entry decided.
        assumptions: What was assumed, in choosing the connector and afterwards.
    """

    __slots__ = ("assumptions", "connector", "denied", "values", "verdict")

    def __init__(
        self,
        connector: ReceiveConnector | None,
        verdict: Verdict,
        assumptions: tuple[Assumption, ...],
    ) -> None:
        self.connector = connector
        self.verdict = verdict
        self.assumptions = assumptions
        refusal, auth_as, undecided = verdict.refusal, verdict.auth_as, verdict.undecided
        values: dict[str, bool | str] = {
            key: UNDECIDED if answer.answer is None else answer.answer
            for key, answer in zip(ANSWER_KEYS, verdict.answers, strict=True)
        }
        values["connector"] = NONE if connector is None else connector.name.casefold()
        values["auth_as"] = NONE if auth_as is None else auth_as.value
        values["refused_at"] = NONE if refusal is None else refusal.stage.value
        values["undecided"] = NONE if undecided is None else undecided.rule
        hanging = {name for missing in verdict.missing for name in missing.affects}
        for key, name in _HANGING.items():
            if name in hanging:
                values[key] = UNDECIDED
        self.values = values
        self.denied = frozenset(
            key for key, answer in zip(ANSWER_KEYS, verdict.answers, strict=True) if answer.denied
        )


class Verdicts:
    """What connectors make of sessions, shared by all the states that a server passes through.

    A verdict depends on the connector, on what an organization has beside its connectors, and on
    the connectors that stand behind a front end. A change makes new objects of what it changes and
    keeps the rest, so these are told apart by identity; they are kept alive with their verdicts.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], tuple[Organization, Facts]] = {}

    def facts(
        self,
        organization: Organization,
        connector: ReceiveConnector,
        shape: CheckShape,
        *,
        partial: bool,
    ) -> Facts:
        """Return what a session of this shape gets on a connector.

        Args:
            organization: An organization of one server.
            connector: The connector that answers.
            shape: The session without its client.
            partial: Whether something of the organization is not known.
        """
        behind: tuple[object, ...] = ()
        if connector.is_front_end:
            taken_by = back_end(organization)
            behind = (
                id(client_proxy(organization)),
                taken_by and (id(taken_by.connector), taken_by.elsewhere),
                describes_back_end(organization),
            )
        if partial:
            # Where not everything is known, every other connector may have a say.
            behind = (id(organization),)
        key = (
            id(connector),
            shape,
            organization.exchange,
            organization.server,
            organization.role,
            organization.domain,
            id(organization.accepted_domains),
            id(organization.inherited_aces),
            id(organization.accounts),
            organization.network,
            *behind,
        )
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            verdict = verdict_on(organization, connector, shape.at(_ANYWHERE))
            facts = Facts(connector, verdict, verdict.assumptions)
            found = self._kept[key] = (organization, facts)
        return found[1]


class _Track(NamedTuple):
    """Who answers the addresses of one family: first addresses, and the choice from each on."""

    starts: list[int]
    choices: list[Choice]


class ScenarioAnswers:
    """The answers of one organization.

    Which connector answers is taken from the whole-space analysis, for one address as for all of
    them; a law ties it to the engine's answer for one address. A shape that names a server is asked
    of it alone; one that names none is asked of all, and answered where they decide alike (S-8).
    """

    def __init__(self, organization: Organization, verdicts: Verdicts) -> None:
        self.organization = organization
        self._verdicts = verdicts
        self._partial = len(organization.servers) == 1 and is_partial(organization)
        self._tracks: dict[tuple[int, int, Address | None], _Track] = {}
        self._special: dict[tuple[int, CheckShape], Facts] = {}
        self._servers: dict[str, ScenarioAnswers] = {}
        self._joined: dict[tuple[object, ...], tuple[object, Facts]] = {}

    @property
    def servers(self) -> "tuple[ScenarioAnswers, ...]":
        """The answers of each server alone, in order."""
        if len(self.organization.servers) == 1:
            return (self,)
        if not self._servers:
            self._servers = {
                each.server: ScenarioAnswers(each, self._verdicts)
                for each in self.organization.one_by_one()
            }
        return tuple(self._servers.values())

    def on(self, shape: CheckShape) -> "tuple[ScenarioAnswers, ...]":
        """Return the answers of each server that a shape is asked of, alone."""
        every = self.servers
        if shape.server is None:
            return every
        return tuple(each for each in every if each.organization.server == shape.server)

    def server_of(self, shape: CheckShape, facts: Facts) -> Organization:
        """Return the organization with only the server whose connector answers, or the first."""
        if len(self.organization.servers) == 1:
            return self.organization
        asked = self.on(shape)
        for each in asked:
            if any(one is facts.connector for one in each.organization.connectors):
                return each.organization
        return asked[0].organization

    def at(self, ip: Address, shape: CheckShape) -> Facts:
        """Return the facts about one client."""
        asked = self.on(shape)
        if asked[0] is not self and len(asked) == 1:
            return asked[0].at(ip, shape)
        client = unmap(ip)
        if client is not ip or len(asked) > 1:
            decision = self.decide(ip, shape)
            return Facts(decision.connector, decision.verdict, decision.assumptions)
        starts, found = self._track(ip.family, shape)
        return self._facts(found[bisect_right(starts, ip.value) - 1], shape)

    def over(self, addresses: AddressSet, shape: CheckShape) -> list[tuple[AddressSet, Facts]]:
        """Return the facts about every address of a set: parts that get the same.

        The parts are disjoint and together the whole set, in the order of their first address.
        IPv4-mapped addresses have to be given as the IPv4 addresses they are.
        """
        asked = self.on(shape)
        if len(asked) > 1:
            return self._over_all(asked, addresses, shape)
        if asked[0] is not self:
            return asked[0].over(addresses, shape)
        grouped: dict[int, tuple[Facts, list[Interval]]] = {}
        for interval in addresses:
            for part, choice in self._cut(interval, shape):
                facts = self._facts(choice, shape)
                grouped.setdefault(id(facts), (facts, []))[1].append(part)
        return [(AddressSet(parts), facts) for facts, parts in grouped.values()]

    def decide(self, ip: Address, shape: CheckShape) -> Decision:
        """Return the engine's whole decision about one client, with the losers and the range."""
        server = shape.server
        asked = self.organization if server is None else self.organization.on(server)
        return evaluate(asked, shape.at(ip))

    def _over_all(
        self, asked: "tuple[ScenarioAnswers, ...]", addresses: AddressSet, shape: CheckShape
    ) -> list[tuple[AddressSet, Facts]]:
        """Return what all servers together say: parts on which none of them changes its answer."""
        parts: list[tuple[AddressSet, tuple[Facts, ...]]] = [(addresses, ())]
        for each in asked:
            parts = [
                (common, (*known, facts))
                for part, known in parts
                for mine, facts in each.over(part, shape)
                if (common := part & mine)
            ]
        found = []
        for part, every in parts:
            # The facts are kept beside their ids, so that the ids stay their own.
            key = (shape, *map(id, every))
            joined = self._joined.get(key)
            if joined is None:
                decision = self.decide(part.intervals[0].first, shape)
                facts = Facts(decision.connector, decision.verdict, decision.assumptions)
                joined = self._joined[key] = (every, facts)
            found.append((part, joined[1]))
        return found

    def connectors(self, shape: CheckShape) -> list[tuple[Interval, ReceiveConnector]]:
        """Return who answers which addresses, those that nobody answers left out."""
        found = []
        for family, bits in BITS.items():
            whole = Interval(family, 0, (1 << bits) - 1)
            for part, choice in self._cut(whole, shape):
                if choice.connector is not None:
                    found.append((part, choice.connector))
        return found

    def _cut(self, interval: Interval, shape: CheckShape) -> Iterator[tuple[Interval, Choice]]:
        family, low, high = interval
        starts, found = self._track(family, shape)
        place = bisect_right(starts, low) - 1
        while low <= high:
            last = starts[place + 1] - 1 if place + 1 < len(starts) else high
            yield Interval(family, low, min(last, high)), found[place]
            low = last + 1
            place += 1

    def _track(self, family: int, shape: CheckShape) -> _Track:
        key = (family, shape.port, shape.local_ip)
        track = self._tracks.get(key)
        if track is None:
            found = choices(
                self.organization, family=family, port=shape.port, local_ip=shape.local_ip
            )
            track = self._tracks[key] = _Track(*found)
        return track

    def _facts(self, choice: Choice, shape: CheckShape) -> Facts:
        if choice.connector is not None and not choice.assumptions:
            return self._on(choice.connector, shape)
        # The tracks keep every choice alive, so that its id stays its own.
        key = (id(choice), shape)
        facts = self._special.get(key)
        if facts is None:
            facts = self._special[key] = self._make(choice, shape)
        return facts

    def _on(self, connector: ReceiveConnector, shape: CheckShape) -> Facts:
        return self._verdicts.facts(self.organization, connector, shape, partial=self._partial)

    def _make(self, choice: Choice, shape: CheckShape) -> Facts:
        if choice.connector is None:
            verdict = verdict_on(
                self.organization,
                None,
                shape.at(_ANYWHERE),
                refusal=choice.refusal,
                undecided=choice.undecided,
            )
            return Facts(None, verdict, choice.assumptions)
        facts = self._on(choice.connector, shape)
        return Facts(facts.connector, facts.verdict, choice.assumptions + facts.assumptions)
