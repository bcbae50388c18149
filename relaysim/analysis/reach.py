"""From which addresses a thing may be done: at every endpoint, by every way and principal."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from relaysim.analysis.endpoints import Endpoint, Judged, Spot, Surface, joined
from relaysim.analysis.partition import Outcome
from relaysim.model.organization import Organization, default_inherited_aces
from relaysim.model.principals import WELL_KNOWN, Principal
from relaysim.model.session import AuthKind, Session
from relaysim.net.addrset import NOTHING, AddressSet

__all__ = ["Reach", "Way", "is_open", "reach", "ways"]


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


class Reach(NamedTuple):
    """From where a thing may be done in one way, on endpoints that answer alike.

    Attributes:
        way: The way.
        spots: Where it may be done.
        tls: The TLS states in which it may be done there, ``False`` first.
        addresses: Exactly the addresses from which it may be done, without the IPv4-mapped ones.
        connectors: The connectors that let it be done there, in the order of their addresses.
        outcomes: What those addresses get; empty when there are none.
        unknown: Addresses of which it is not known whether they may.
        undecided: What those addresses get.
    """

    way: Way
    spots: tuple[Spot, ...]
    tls: tuple[bool, ...]
    addresses: AddressSet
    connectors: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    unknown: AddressSet
    undecided: tuple[Outcome, ...]


class _Found(NamedTuple):
    """What is found at one spot: fields as in :class:`Reach`."""

    addresses: AddressSet
    unknown: AddressSet
    outcomes: tuple[Outcome, ...]
    undecided: tuple[Outcome, ...]


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


def is_open(outcome: Outcome) -> bool:
    """Tell whether it is not known who answers; a refusal left open by O-7 is not meant."""
    return outcome.undecided is not None and outcome.connector is None


def reach(
    surface: Surface,
    shape: Session,
    way: Way,
    name: str,
    *,
    families: Iterable[int],
    states: Iterable[bool],
) -> tuple[Reach, ...]:
    """Return from where the answer ``name`` is yes in one way; endpoints that agree together.

    Endpoints from which nobody may, and where nothing is unknown, come as one entry too.

    Args:
        surface: The endpoints.
        shape: Gives what a session has beside its way and place.
        way: How the client comes.
        name: Name of an answer, such as ``relay``.
        families: 4, 6 or both; other addresses are not looked at.
        states: The TLS states to look at.
    """
    asked = frozenset(families)
    grouped: dict[tuple[object, ...], tuple[_Found, list[tuple[Spot, bool]]]] = {}
    for tls in states:
        judged = surface.judge(way.session(shape, tls=tls))
        known: dict[tuple[object, ...], _Found] = {}
        for spot in surface.spots:
            here = [each for each in spot.endpoints if each.address.family in asked]
            key = tuple(surface.class_of(each) for each in here)
            found = known.get(key)
            if found is None:
                found = known[key] = _found(judged, here, name)
            names = _names(found.outcomes)
            group = grouped.setdefault((found.addresses, found.unknown, names), (found, []))
            group[1].append((spot, tls))
    return tuple(
        Reach(
            way,
            members,
            tls,
            found.addresses,
            _names(found.outcomes),
            found.outcomes,
            found.unknown,
            found.undecided,
        )
        for found, pairs in grouped.values()
        for members, tls in joined(pairs)
    )


def _found(judged: Judged, here: Sequence[Endpoint], name: str) -> _Found:
    addresses = unknown = NOTHING
    may: dict[int, Outcome] = {}
    open_: dict[int, Outcome] = {}
    for endpoint in here:
        yes, asks = set[int](), set[int]()
        for outcome in judged.track(endpoint)[1]:
            answer = getattr(outcome.answers, name).answer
            if answer is None or is_open(outcome):
                asks.add(id(outcome))
                open_[id(outcome)] = outcome
            elif answer:
                yes.add(id(outcome))
                may[id(outcome)] = outcome
        if yes:
            addresses |= judged.where(endpoint, yes)
        if asks:
            unknown |= judged.where(endpoint, asks)
    return _Found(addresses, unknown, tuple(may.values()), tuple(open_.values()))


def _names(outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(o.connector.name for o in outcomes if o.connector is not None))


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
