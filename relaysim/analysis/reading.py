"""One answer read at every endpoint: once for any client of a kind, and again where entries differ.

Judging a connector is dear and there may be ten thousand of them, at several endpoints, for ten
thousand principals. So a connector is judged once for all that have its settings and the same
entries for whoever asks, and for a principal only those are looked at whose entries name it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple, Protocol

from relaysim.analysis.choice import Choice
from relaysim.analysis.endpoints import Endpoint, Spot, Surface
from relaysim.analysis.holdings import NOBODY, NamedEntries
from relaysim.analysis.partition import MAPPED
from relaysim.engine.compiled.verdict_cache import Judge
from relaysim.lean import frozen
from relaysim.model.decision import Assumption, Missing, Undecided, Verdict
from relaysim.model.session import AuthKind, Session
from relaysim.net.address import BITS
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import Interval

__all__ = ["Asker", "Found", "Reading"]


class Asker(Protocol):
    """Who asks: a way for a client to come."""

    @property
    def auth(self) -> AuthKind:
        """How it identifies itself."""

    def session(self, shape: Session, *, tls: bool) -> Session:
        """Return its session."""


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


class _Said(NamedTuple):
    """What a choice comes to: the answer (``None`` when it cannot be told), and why."""

    answer: bool | None
    assumptions: tuple[Assumption, ...] = ()
    reason: Undecided | None = None
    missing: tuple[Missing, ...] = ()


_NO = _Said(answer=False)


class _Ground:
    """The distinct choices at the endpoints of a spot, each with its addresses, in their order."""

    def __init__(self, surface: Surface, here: Iterable[Endpoint]) -> None:
        self.choices: list[Choice] = []
        self.spans: list[list[Interval]] = []
        self.places: dict[int, list[int]] = {}
        for endpoint in here:
            family = endpoint.address.family
            starts, chosen = surface.choices(endpoint)
            known: dict[int, list[Interval]] = {}
            ends = chain(starts[1:], (1 << BITS[family],))
            for low, end, choice in zip(starts, ends, chosen, strict=True):
                spans = known.get(id(choice))
                if spans is None:
                    spans = known[id(choice)] = []
                    if choice.connector is not None:
                        places = self.places.setdefault(id(choice.connector), [])
                        places.append(len(self.choices))
                    self.choices.append(choice)
                    self.spans.append(spans)
                if family == 6 and low <= MAPPED.high and end > MAPPED.low:
                    spans += _around_mapped(low, end)
                else:
                    spans.append(Interval(family, low, end - 1))

    def found(self, said: Mapping[int, _Said]) -> Found:
        """Return what a spot comes to by what its choices say, by their numbers in order."""
        yes = [number for number, each in said.items() if each.answer]
        asks = [number for number, each in said.items() if each.answer is None]
        return self._with(said, self.addresses(yes), self.addresses(asks))

    def changed(self, base: Found, before: Mapping[int, _Said], now: Mapping[int, _Said]) -> Found:
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
            sets.append(addresses - self.addresses(gone) | self.addresses(come))
        every = {**before, **now}
        said = {n: every[n] for n in sorted(every) if every[n].answer is not False}
        return self._with(said, *sets)

    def _with(self, said: Mapping[int, _Said], may: AddressSet, unknown: AddressSet) -> Found:
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


class Reading:
    """The answer ``name`` to a shape of session, at every spot of a surface.

    Args:
        surface: The endpoints.
        shape: Gives what a session has beside its way and place.
        name: Name of an answer.
        families: 4, 6 or both; other addresses are not looked at.
    """

    def __init__(
        self, surface: Surface, shape: Session, name: str, families: tuple[int, ...]
    ) -> None:
        self.surface, self.shape, self.name = surface, shape, name
        self._plain: dict[object, tuple[dict[int, _Said], Found]] = {}
        self._said: dict[object, _Said] = {}
        self._grounds: dict[tuple[int, ...], _Ground] = {}
        self._spots: list[tuple[Spot, tuple[int, ...]]] = []
        for spot in surface.spots:
            here = [each for each in spot.endpoints if each.address.family in families]
            key = tuple(surface.class_of(each) for each in here)
            if key not in self._grounds:
                self._grounds[key] = _Ground(surface, here)
            self._spots.append((spot, key))

    def found(
        self, client: Asker, plain: Asker, holding: NamedEntries | None, *, tls: bool
    ) -> Iterator[tuple[Spot, Found]]:
        """Yield what is found at each spot; the same object where nothing differs.

        Args:
            client: Who asks.
            plain: Any client of the same kind, of which nothing more is known.
            holding: The entries that name the client and not any client of its kind; ``None``
                when more than them makes the difference.
            tls: The TLS state.
        """
        known: dict[tuple[int, ...], Found] = {}
        for spot, key in self._spots:
            if key not in known:
                ground = self._grounds[key]
                reader = _AskerReader(self, spot, client, plain, holding, tls=tls)
                if reader.is_changed_everywhere:
                    known[key] = ground.found(reader.all_of(ground))
                else:
                    known[key] = self._exception(key, reader, ground)
            yield spot, known[key]

    def _exception(self, key: tuple[int, ...], reader: "_AskerReader", ground: _Ground) -> Found:
        whole = key, reader.plain.auth, reader.tls
        base = self._plain.get(whole)
        if base is None:
            plain = reader.of_plain()
            everything = plain.all_of(ground)
            base = self._plain[whole] = everything, ground.found(everything)
        before, found = base
        now = {
            number: said
            for number in reader.named_at(ground)
            if (said := reader.say(ground.choices[number])) != before.get(number, _NO)
        }
        return ground.changed(found, before, now) if now else found

    def kept(self, key: object, make: Callable[[], Verdict]) -> _Said:
        """Return what a verdict says, made once for a key."""
        found = self._said.get(key)
        if found is None:
            found = self._said[key] = self.said(make())
        return found

    def said(self, verdict: Verdict, assumptions: tuple[Assumption, ...] = ()) -> _Said:
        """Return what a verdict says about the question.

        Args:
            verdict: The verdict.
            assumptions: What was assumed before.
        """
        answer = getattr(verdict.answers, self.name).answer
        if answer is False:
            return _NO
        assumed = assumptions + verdict.assumptions
        return _Said(answer, assumed, verdict.undecided, verdict.missing)


class _AskerReader:
    """What the choices at one spot come to for one client."""

    def __init__(
        self,
        reading: Reading,
        spot: Spot,
        client: Asker,
        plain: Asker,
        holding: NamedEntries | None,
        *,
        tls: bool,
    ) -> None:
        self.reading, self.spot, self.holding = reading, spot, holding
        self.client, self.plain, self.tls = client, plain, tls
        self.server = spot.server
        self.admissions = reading.surface.admissions[spot.server]
        # Any endpoint of the spot will do: they differ in the family, which plays no part here.
        self.shape = self.admissions.placed(reading.shape, spot.port, spot.endpoints[0].address)
        self.session = plain.session(self.shape, tls=tls)
        self._judge: Judge | None = None

    def of_plain(self) -> "_AskerReader":
        """Return the reader of any client of the same kind."""
        return _AskerReader(self.reading, self.spot, self.plain, self.plain, NOBODY, tls=self.tls)

    @property
    def judge(self) -> Judge:
        """The judge of the client, made when something has to be judged."""
        if self._judge is None:
            session = self.client.session(self.shape, tls=self.tls)
            self._judge = Judge(self.admissions, session)
        return self._judge

    @property
    def is_changed_everywhere(self) -> bool:
        """Whether connectors without an entry that names the client may judge it otherwise."""
        holding = self.holding
        if holding is None or self.server in holding.inherited:
            return True
        return holding is not NOBODY and self.admissions.is_entangled_for(self.session)

    def named_at(self, ground: _Ground) -> list[int]:
        """Return the numbers of the choices of a connector with an entry for the client."""
        holding = self.holding or NOBODY
        return sorted(
            number
            for (server, connector) in holding.own
            if server == self.server
            for number in ground.places.get(connector, ())
        )

    def all_of(self, ground: _Ground) -> dict[int, _Said]:
        """Return what every choice comes to, those that say no left out."""
        every = ((number, self.say(choice)) for number, choice in enumerate(ground.choices))
        return {number: said for number, said in every if said.answer is not False}

    def say(self, choice: Choice) -> _Said:
        """Return what a choice comes to."""
        connector, holding = choice.connector, self.holding
        if connector is None:
            return self.reading.said(self.judge.nobody(choice.refusal, choice.undecided))
        if holding is None or not self.admissions.is_shared(connector, self.session):
            return self.reading.said(self.judge.verdict(connector), choice.assumptions)
        # What a holder of more entries gets does not hang on its name.
        key = (
            self.server,
            self.admissions.key(connector, self.session),
            holding.inherited.get(self.server),
            holding.own.get((self.server, id(connector))),
        )
        said = self.reading.kept(key, lambda: self.judge.verdict(connector))
        if said is _NO or not choice.assumptions:
            return said
        return said._replace(assumptions=choice.assumptions + said.assumptions)
