"""One answer read at every endpoint: once for any client of a kind, and again where entries differ.

Judging a connector is dear and there may be ten thousand of them, at several endpoints, for ten
thousand principals. So a connector is judged once for all that have its settings and the same
entries for whoever asks, and for a principal only those are looked at whose entries name it. What
differs for it is worked out once for all states of TLS in which it is the same.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from relaysim.analysis.choice import Choice
from relaysim.analysis.endpoints import Spot, Surface
from relaysim.analysis.ground import NO, Base, Found, Ground, Said
from relaysim.analysis.holdings import NOBODY, NamedEntries, Shape
from relaysim.engine.compiled.policies import names_connector
from relaysim.engine.compiled.verdict_cache import Judge
from relaysim.model.decision import Assumption, Verdict
from relaysim.model.session import AuthKind, Session

__all__ = ["Asker", "Reading"]


class Asker(Protocol):
    """Who asks: a way for a client to come."""

    @property
    def auth(self) -> AuthKind:
        """How it identifies itself."""

    def session(self, shape: Session, *, tls: bool) -> Session:
        """Return its session."""


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
        self._said: dict[object, Said] = {}
        self._distinct: dict[Said, Said] = {}
        self._bases: dict[tuple[int, tuple[tuple[int, int], ...]], Base] = {}
        self._stands: dict[object, _Stand] = {}
        self._grounds: dict[tuple[int, ...], Ground] = {}
        self._spots: list[tuple[Spot, tuple[int, ...]]] = []
        for spot in surface.spots:
            here = [each for each in spot.endpoints if each.address.family in families]
            key = tuple(surface.class_of(each) for each in here)
            if key not in self._grounds:
                self._grounds[key] = Ground(surface, here)
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
                whole = key, plain.auth, tls
                stand = self._stands.get(whole)
                if stand is None:
                    ground = self._grounds[key]
                    stand = self._stands[whole] = _Stand(self, ground, spot, plain, tls=tls)
                known[key] = stand.found(client, holding)
            yield spot, known[key]

    def base(self, ground: Ground, said: Mapping[int, Said]) -> Base:
        """Return what any client of a kind meets; one object where it is the same."""
        key = id(ground), tuple([(number, id(each)) for number, each in said.items()])
        found = self._bases.get(key)
        if found is None:
            found = self._bases[key] = Base(ground, said)
        return found

    def kept(self, key: object, make: Callable[[], Verdict]) -> Said:
        """Return what a verdict says, made once for a key; one object for the same."""
        found = self._said.get(key)
        if found is None:
            made = self.said(make())
            found = self._said[key] = self._distinct.setdefault(made, made)
        return found

    def said(self, verdict: Verdict) -> Said:
        """Return what a verdict says about the question."""
        answer = getattr(verdict.answers, self.name).answer
        if answer is False:
            return NO
        return Said(answer, verdict.assumptions, verdict.undecided, verdict.missing)

    def assuming(self, said: Said, assumptions: tuple[Assumption, ...]) -> Said:
        """Return the same where something was assumed before."""
        if said is NO or not assumptions:
            return said
        return said._replace(assumptions=assumptions + said.assumptions)


class _Stand:
    """Any client of a kind at one spot in a TLS state, and what others meet there beyond it."""

    def __init__(
        self, reading: Reading, ground: Ground, spot: Spot, plain: Asker, *, tls: bool
    ) -> None:
        self.reading, self.ground, self.server, self.tls = reading, ground, spot.server, tls
        self.plain = plain
        self.admissions = reading.surface.admissions[spot.server]
        # Any endpoint of the spot will do: they differ in the family, which plays no part here.
        self.shape = self.admissions.placed(reading.shape, spot.port, spot.endpoints[0].address)
        self.session = plain.session(self.shape, tls=tls)
        self._shares: dict[object, bool] = {}
        self._named: dict[tuple[object, Shape], Said] = {}
        self._base: Base | None = None

    @property
    def base(self) -> Base:
        """What any client of the kind meets."""
        if self._base is None:
            reader = _AskerReader(self, self.plain, NOBODY)
            self._base = self.reading.base(self.ground, reader.all_of())
        return self._base

    def found(self, client: Asker, holding: NamedEntries | None) -> Found:
        """Return what a client meets."""
        if holding is NOBODY:
            return self.base.found
        reader = _AskerReader(self, client, holding)
        # Whether connectors without an entry that names the client may judge it otherwise.
        if (
            holding is None
            or self.server in holding.inherited
            or self.admissions.is_entangled_for(self.session)
        ):
            return self.ground.found(reader.all_of())
        base = self.base
        before, now = base.said, {}
        for number in self.named_at(holding):
            said = self._of_named(number, holding, reader)
            if said != before.get(number, NO):
                now[number] = said
        return base.changed(now)

    def named_at(self, holding: NamedEntries) -> list[int]:
        """Return the numbers of the choices of a connector with an entry for the client."""
        places, mine = self.ground.places, self.server
        return sorted(
            [
                number
                for (server, connector) in holding.own
                if server == mine
                for number in places.get(connector, ())
            ]
        )

    def _of_named(self, number: int, holding: NamedEntries, reader: "_AskerReader") -> Said:
        """Return what a choice comes to for a client whom own entries of the connector name."""
        choice = self.ground.choices[number]
        if choice.assumptions or choice.connector is None or not self.shares(number):
            return reader.say(choice)
        shape = holding.own[self.server, id(choice.connector)]
        key = self.ground.classes[number], shape
        said = self._named.get(key)
        if said is None:
            said = self._named[key] = reader.say(choice)
        return said

    def shares(self, number: int) -> bool:
        """Tell whether a choice says the same as all of its class, but for entries of a client."""
        kind = self.ground.classes[number]
        found = self._shares.get(kind)
        if found is None:
            connector = self.ground.choices[number].connector
            found = self._shares[kind] = (
                connector is not None
                and not names_connector(connector, self.session)
                and self.admissions.is_shared(connector, self.session)
            )
        return found


class _AskerReader:
    """What the choices at one spot come to for one client."""

    def __init__(self, stand: _Stand, client: Asker, holding: NamedEntries | None) -> None:
        self.stand, self.client, self.holding = stand, client, holding
        self._judge: Judge | None = None

    @property
    def judge(self) -> Judge:
        """The judge of the client, made when something has to be judged."""
        if self._judge is None:
            stand = self.stand
            session = self.client.session(stand.shape, tls=stand.tls)
            self._judge = Judge(stand.admissions, session)
        return self._judge

    def all_of(self) -> dict[int, Said]:
        """Return what every choice comes to, those that say no left out."""
        stand, ground, holding = self.stand, self.stand.ground, self.holding
        found: dict[int, Said] = {}
        apart = set() if holding is None else set(stand.named_at(holding))
        for kind, numbers in ground.alike.items():
            rest = numbers
            if holding is not None and kind is not None and stand.shares(numbers[0]):
                rest = [number for number in numbers if number in apart]
                self._say_at_once([n for n in numbers if n not in apart], found)
            for number in rest:
                found[number] = self.say(ground.choices[number])
        return {n: found[n] for n in sorted(found) if found[n].answer is not False}

    def _say_at_once(self, numbers: list[int], found: dict[int, Said]) -> None:
        """Put down what choices of one class come to, of which no entry of its own names whom."""
        if not numbers:
            return
        choices, reading = self.stand.ground.choices, self.stand.reading
        said = self._of_connector(choices[numbers[0]])
        if said is not NO:
            for number in numbers:
                found[number] = reading.assuming(said, choices[number].assumptions)

    def say(self, choice: Choice) -> Said:
        """Return what a choice comes to."""
        return self.stand.reading.assuming(self._of_connector(choice), choice.assumptions)

    def _of_connector(self, choice: Choice) -> Said:
        """Return what who is chosen comes to; what was assumed on the way is left out."""
        connector, holding, stand = choice.connector, self.holding, self.stand
        if connector is None:
            return stand.reading.said(self.judge.nobody(choice.refusal, choice.undecided))
        if holding is None or not stand.admissions.is_shared(connector, stand.session):
            return stand.reading.said(self.judge.verdict(connector))
        # What a holder of more entries gets does not hang on its name.
        key = (
            stand.server,
            stand.admissions.key(connector, stand.session),
            holding.inherited.get(stand.server),
            holding.own.get((stand.server, id(connector))),
        )
        return stand.reading.kept(key, lambda: self.judge.verdict(connector))
