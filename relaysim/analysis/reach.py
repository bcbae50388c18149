"""From which addresses a thing may be done: at every endpoint, by every way and principal."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from relaysim.analysis.endpoints import Spot, Surface, joined
from relaysim.analysis.ground import Found
from relaysim.analysis.holdings import Holdings
from relaysim.analysis.reading import Reading
from relaysim.engine.identity import held_by
from relaysim.lean import field_names, frozen, replace
from relaysim.model.organization import Organization, default_inherited_aces
from relaysim.model.principals import (
    ANONYMOUS_LOGON,
    AUTHENTICATED_USERS,
    EVERYONE,
    WELL_KNOWN,
    Principal,
)
from relaysim.model.session import AuthKind, Session

__all__ = ["Reach", "Way", "reach", "reaches", "told", "ways"]

_EVERYBODYS = (AUTHENTICATED_USERS, EVERYONE, ANONYMOUS_LOGON)
"""What every account holds, and what none does."""

_Part = tuple[Found, Spot, bool]
"""What is found at a spot in a TLS state."""


class Way(NamedTuple):
    """A way for a client to come.

    Attributes:
        auth: How it identifies itself.
        user: Account, or ``None`` for any account that nothing is known about.
        group: A group the account is a member of, or ``None``.
    """

    auth: AuthKind
    user: str | None = None
    group: str | None = None

    def session(self, shape: Session, *, tls: bool) -> Session:
        """Return the session of a client that comes this way to the shape's place."""
        groups = () if self.group is None else (self.group,)
        return replace(shape, auth=self.auth, tls=tls, user=self.user, groups=groups)


@frozen
class Reach(Found):
    """From where a thing may be done in one way, on endpoints that answer alike.

    Attributes:
        way: The way.
        spots: Where it may be done.
        tls: The TLS states in which it may be done there, ``False`` first.
    """

    way: Way
    spots: tuple[Spot, ...]
    tls: tuple[bool, ...]

    def of(self, way: Way) -> "Reach":
        """Return the same of another way."""
        return replace(self, way=way)

    def parts(self) -> tuple[object, ...]:
        """Return where it may be done and where that is not known."""
        return self.spots, self.tls, self.addresses, self.unknown


def ways(organization: Organization, kinds: Iterable[AuthKind]) -> Iterator[Way]:
    """Yield every way that can matter: each kind, then each principal.

    Principals are the known accounts, and every custom user or group that an entry names, taken as
    a group of an otherwise unknown account.
    """
    kinds = tuple(kinds)
    for kind in kinds:
        yield Way(kind)
    for kind in kinds:
        if kind.is_account:
            for account in organization.accounts:
                yield Way(kind, user=account.name.name)
            for principal in _custom_principals(organization):
                yield Way(kind, group=principal.name)


def reach(
    surface: Surface,
    shape: Session,
    way: Way,
    name: str,
    *,
    families: Iterable[int],
    states: Iterable[bool],
) -> tuple[Reach, ...]:
    """Return what :func:`reaches` returns of one way."""
    return reaches(surface, shape, (way,), name, families=families, states=states)[way]


def reaches(
    surface: Surface,
    shape: Session,
    asked: Iterable[Way],
    name: str,
    *,
    families: Iterable[int],
    states: Iterable[bool],
) -> dict[Way, tuple[Reach, ...]]:
    """Return from where the answer ``name`` is yes in each way; endpoints that agree together.

    Endpoints from which nobody may, and where nothing is unknown, come as one entry too.
    Principals that the same entries name are judged once, and at the connectors whose entries name
    them; everywhere else they get what any account gets.

    Args:
        surface: The endpoints.
        shape: Gives what a session has beside its way and place.
        asked: How the clients come.
        name: Name of an answer, such as ``relay``.
        families: 4, 6 or both; other addresses are not looked at.
        states: The TLS states to look at.
    """
    reading = Reading(surface, shape, name, tuple(families))
    every, chosen = tuple(asked), tuple(states)
    held = {way: _held(surface, way) for way in every}
    holdings = Holdings(surface.servers, chain.from_iterable(held.values()))
    # With a sender the answer hangs on whose address it is, so that every account is its own class.
    alike = shape.mail_from is None and shape.header_from is None
    known: dict[object, tuple[Reach, ...]] = {}
    # The parts are kept beside what they come to, so that their ids stay their own.
    by_parts: dict[tuple[int, ...], tuple[list[_Part], tuple[Reach, ...]]] = {}
    answers: dict[Way, tuple[Reach, ...]] = {}
    for way in every:
        holding = holdings.of(held[way]) if alike else None
        key = way if holding is None else (way.auth, holding.mark)
        answer = known.get(key)
        if answer is None:
            parts = [
                (found, spot, tls)
                for tls in chosen
                for spot, found in reading.found(way, Way(way.auth), holding, tls=tls)
            ]
            # Where entries make no difference every part is the one of any client of the kind.
            which = tuple([id(part[0]) for part in parts])
            if which not in by_parts:
                by_parts[which] = parts, tuple(_grouped(way, parts))
            answer = known[key] = by_parts[which][1]
        answers[way] = tuple([each if each.way is way else each.of(way) for each in answer])
    return answers


def told(found: Mapping[Way, tuple[Reach, ...]]) -> Iterator[Reach]:
    """Yield what tells something: principals that are no exception and empty places left out.

    Args:
        found: What :func:`reaches` returns.
    """
    for way, each in found.items():
        plain = Way(way.auth)
        if way != plain and _say_the_same(each, found.get(plain, ())):
            continue
        yield from [one for one in each if one.addresses or one.unknown] or each[:1]


def _say_the_same(one: tuple[Reach, ...], other: tuple[Reach, ...]) -> bool:
    """Tell whether two ways have the same addresses at the same places."""
    if len(one) == len(other) and all(
        a.parts() == b.parts() for a, b in zip(one, other, strict=True)
    ):
        return True
    return {each.parts() for each in one} == {each.parts() for each in other}


def _held(surface: Surface, way: Way) -> tuple[Principal, ...]:
    """Return what a client of this way holds beyond what everybody of its kind does."""
    if way.user is None and way.group is None:
        return ()
    groups = () if way.group is None else (way.group,)
    principals = held_by(surface.organization, way.user, groups)[1]
    return tuple(each for each in principals if each not in _EVERYBODYS)


def _grouped(way: Way, parts: Iterable[_Part]) -> Iterator[Reach]:
    grouped: dict[tuple[object, ...], tuple[dict[int, Found], list[tuple[Spot, bool]]]] = {}
    for found, spot, tls in parts:
        key = found.addresses, found.unknown, found.connectors
        alike, pairs = grouped.setdefault(key, ({}, []))
        alike[id(found)] = found
        pairs.append((spot, tls))
    for alike, pairs in grouped.values():
        first, *others = alike.values()
        same = {name: getattr(first, name) for name in field_names(type(first))}
        if others:
            for name in ("assumptions", "reasons", "missing"):
                every = chain.from_iterable(getattr(each, name) for each in alike.values())
                same[name] = tuple(dict.fromkeys(every))
        for members, states in joined(pairs):
            yield Reach(way=way, spots=members, tls=states, **same)


def _custom_principals(organization: Organization) -> list[Principal]:
    """Return the principals of entries that are neither well-known nor an account of ours."""
    servers = organization.servers
    entries = [ace for each in servers for connector in each.connectors for ace in connector.acl]
    entries += organization.inherited_aces
    # What setup grants to administrators and servers reaches every connector and says nothing.
    usual = {
        ace.principal
        for role in {server.role for server in servers}
        for ace in default_inherited_aces(role, organization.domain)
    }
    usual |= {Principal(f"{organization.domain}\\ExchangeLegacyInterop"), *WELL_KNOWN}
    usual |= {account.name for account in organization.accounts}
    return list(dict.fromkeys(ace.principal for ace in entries if ace.principal not in usual))
