"""Comparing the power of two organizations: for every address, endpoint, TLS state and identity.

Both are swept once for each endpoint that either of them has. Where the same two connectors
answer, every address gets the same two verdicts, so each pair of connectors is compared once for
each identity and TLS state.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from relaysim.analysis.choice import Choice, choices
from relaysim.analysis.compare.change import ChangeKind, Comparison, PowerChange
from relaysim.analysis.endpoints import (
    EVERYBODY,
    Endpoint,
    Narrowing,
    Spot,
    endpoints,
    joined,
    servers_of,
    spots,
)
from relaysim.analysis.reach import Way, ways
from relaysim.engine.compiled.verdict_cache import Admissions, Judge
from relaysim.engine.standing import back_end, client_proxy, describes_back_end
from relaysim.engine.worlds import is_entangled
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import AuthAs, Verdict
from relaysim.model.edit import change_server
from relaysim.model.organization import Organization
from relaysim.model.rights import RIGHT_FACTS
from relaysim.model.session import EVERY_KIND, TLS_STATES, AuthKind, Session
from relaysim.net.address import BITS, Address
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import Interval

__all__ = ["FOREIGN", "compare"]

FOREIGN = "someone@relay.invalid"
"""A recipient in no accepted domain, to see how relaying is refused."""
_ANSWERED_BY = frozenset(
    {
        "ms-Exch-SMTP-Submit",
        "ms-Exch-SMTP-Accept-Any-Recipient",
        "ms-Exch-Bypass-Anti-Spam",
        "ms-Exch-Bypass-Message-Size-Limit",
        "ms-Exch-SMTP-Accept-Any-Sender",
        "ms-Exch-SMTP-Accept-Authoritative-Domain-Sender",
        "ms-Exch-Accept-Headers-Routing",
        "ms-Exch-Accept-Headers-Organization",
        "ms-Exch-Accept-Headers-Forest",
        "ms-Exch-SMTP-Accept-Exch50",
    }
)
"""Rights that an answer speaks about already."""


class _Cell(NamedTuple):
    """What somebody gets: everything he may do, and how he is refused."""

    may: frozenset[str]
    unknown: frozenset[str]
    stage: str
    because: str
    reply: str | None


class _Key(NamedTuple):
    kind: ChangeKind
    right: str
    way: Way
    before: str | None
    after: str | None
    replies: tuple[str | None, str | None]
    by_version: bool


def compare(old: Organization, new: Organization) -> Comparison:
    """Return what changes between two organizations.

    Servers are compared by name; where both have one server, these two, whatever their names.
    """
    found = dict.fromkeys([*ways(old, EVERY_KIND), *ways(new, EVERY_KIND)])
    pairs = list(_servers(old, new))
    grouped: dict[_Key, dict[tuple[Spot, bool], AddressSet]] = {}
    covered: list[Spot] = []
    for before, after in pairs:
        side = _Sides(before, after)
        here = spots(side.endpoints)
        covered += here
        for spot in here:
            for endpoint in spot.endpoints:
                _compare_at(side, spot, endpoint, tuple(found), grouped)
    return Comparison(tuple(_changes(grouped)), tuple(covered), tuple(found))


def _servers(
    old: Organization, new: Organization
) -> Iterator[tuple[Organization | None, Organization | None]]:
    before, after = servers_of(old), servers_of(new)
    if len(before) == len(after) == 1:
        yield before[0], after[0]
        return
    olds = {each.server.casefold(): each for each in before}
    news = {each.server.casefold(): each for each in after}
    for name in dict.fromkeys([*olds, *news]):
        yield olds.get(name), news.get(name)


class _Sides:
    """A server before and after; ``None`` where there is none, which answers nobody."""

    def __init__(self, before: Organization | None, after: Organization | None) -> None:
        self.before, self.after = before, after
        name = (after or before).server if (after or before) is not None else ""  # type: ignore[union-attr]
        sockets: dict[Endpoint, None] = {}
        for side in (before, after):
            for endpoint in endpoints(side, Narrowing()) if side is not None else ():
                sockets[endpoint._replace(server=name, service=None)] = None
        self.endpoints = sorted(sockets, key=lambda e: (e.port, e.address))
        self._judges: dict[object, Judge] = {}
        self._cells: dict[object, _Cell] = {}
        self._admissions = {
            id(side): Admissions(side) for side in (before, after) if side is not None
        }
        self.renamed = _renamed(before, after)
        self._equal: dict[tuple[int, int], bool] = {}
        self._stands = self._stands_behind = False
        if before is not None and after is not None:
            self._stands = _beside(before) == _beside(after) and not (
                is_entangled(before) or is_entangled(after)
            )
            self._stands_behind = self._stands and _behind(before) == _behind(after)
        versions = [s.only.exchange if s is not None else None for s in (before, after)]
        self.versions_differ = versions[0] is not versions[1]
        known = [version for version in versions if version is not None]
        oldest = min(known) if len(known) == len(versions) else None
        self.newer = frozenset(
            right.value
            for right, facts in RIGHT_FACTS.items()
            if self.versions_differ and oldest is not None and facts.since > oldest
        )

    def is_untouched(self, one: Choice, other: Choice) -> bool:
        """Tell whether the same connector answers on both sides, and nothing it hangs on changed.

        What is not known of it is then the same on both sides too, whatever it is.
        """
        mine, theirs = one.connector, other.connector
        if mine is None or theirs is None or not self._stands:
            return False
        if mine.is_front_end and not self._stands_behind:
            return False
        return mine is theirs or self._is_equal(mine, theirs)

    def _is_equal(self, mine: ReceiveConnector, theirs: ReceiveConnector) -> bool:
        """Tell whether two connectors are equal and wholly known."""
        key = id(mine), id(theirs)
        found = self._equal.get(key)
        if found is None:
            found = self._equal[key] = not mine.unknown and mine == theirs
        return found

    def choices(
        self, side: Organization | None, endpoint: Endpoint
    ) -> tuple[list[int], list[Choice]]:
        if side is None:
            return [0], [Choice(None)]
        return choices(
            side,
            family=endpoint.address.family,
            port=endpoint.port,
            local_ip=endpoint.address,
        )

    def cell(
        self, side: Organization | None, choice: Choice, endpoint: Endpoint, way: Way, *, tls: bool
    ) -> _Cell:
        if side is None:
            return _Cell(frozenset(), frozenset(), "connect", "", None)
        connector = choice.connector
        who = id(connector) if connector is not None else (choice.refusal, choice.undecided)
        place = endpoint if self._admissions[id(side)].hangs_on_place else None
        key = id(side), who, place, way, tls
        found = self._cells.get(key)
        if found is None:
            judge = self._judge(side, endpoint, way, tls=tls)
            if connector is None:
                verdict = judge.nobody(choice.refusal, choice.undecided)
            else:
                verdict = judge.verdict(connector)
            found = self._cells[key] = _cell(verdict)
        return found

    def _judge(self, side: Organization, endpoint: Endpoint, way: Way, *, tls: bool) -> Judge:
        admissions = self._admissions[id(side)]
        shape = Session(ip=Address(4, 0), rcpt_to=(FOREIGN,))
        shape = admissions.placed(shape, endpoint.port, endpoint.address)
        key = id(side), shape.port, shape.local_ip, way, tls
        found = self._judges.get(key)
        if found is None:
            found = self._judges[key] = Judge(admissions, way.session(shape, tls=tls))
        return found


def _beside(organization: Organization) -> Organization:
    """Return the organization without the connectors of its only server."""
    return change_server(organization, connectors=())


def _behind(organization: Organization) -> tuple[object, ...]:
    """Return what stands behind the front ends of the only server; what is not known is itself."""
    taken_by = back_end(organization)
    behind = client_proxy(organization), taken_by.connector if taken_by else None
    return (
        *(id(each) if each is not None and each.unknown else each for each in behind),
        taken_by.elsewhere if taken_by else None,
        describes_back_end(organization),
    )


def _renamed(
    before: Organization | None, after: Organization | None
) -> set[tuple[str | None, str | None]]:
    """Return names of connectors that are the same but for their names."""
    if before is None or after is None:
        return set()
    old = {each.name.casefold() for each in before.connectors}
    new = {each.name.casefold() for each in after.connectors}
    gone = [each for each in before.connectors if each.name.casefold() not in new]
    come = [each for each in after.connectors if each.name.casefold() not in old]
    return {(a.name, b.name) for a in gone for b in come if _alike(a, b)}


def _alike(one: ReceiveConnector, other: ReceiveConnector) -> bool:
    return (
        set(one.bindings) == set(other.bindings)
        and {entry.interval for entry in one.remote_ip_ranges}
        == {entry.interval for entry in other.remote_ip_ranges}
        and set(one.acl) == set(other.acl)
        and one.auth_mechanism == other.auth_mechanism
    )


def _cell(verdict: Verdict) -> _Cell:
    may = {name for name, answer in verdict.answers._asdict().items() if answer.answer}
    may |= {
        grant.right.value
        for grant in verdict.rights
        if grant.granted and grant.right.value not in _ANSWERED_BY
    }
    if verdict.auth_as is AuthAs.PARTNER:
        may.add("auth_as Partner")
    unknown = {name for name, answer in verdict.answers._asdict().items() if answer.answer is None}
    if verdict.undecided is not None and not verdict.principals:
        unknown.add("connector")
    refusal = verdict.refusal
    if refusal is None:
        return _Cell(frozenset(may), frozenset(unknown), "", "", None)
    return _Cell(
        frozenset(may),
        frozenset(unknown),
        refusal.stage.value,
        refusal.because.value,
        refusal.reply,
    )


def _compare_at(
    side: _Sides,
    spot: Spot,
    endpoint: Endpoint,
    found: Iterable[Way],
    grouped: dict[_Key, dict[tuple[Spot, bool], AddressSet]],
) -> None:
    family = endpoint.address.family
    runs: dict[tuple[int, int], tuple[Choice, Choice, list[Interval]]] = {}
    tracks = (side.choices(side.before, endpoint), side.choices(side.after, endpoint))
    for interval, before, after in _runs(family, *tracks):
        runs.setdefault((id(before), id(after)), (before, after, []))[2].append(interval)
    for before, after, intervals in runs.values():
        if side.is_untouched(before, after):
            continue
        addresses = AddressSet(intervals) & EVERYBODY
        if not addresses:
            continue
        for way in found:
            for tls in TLS_STATES:
                for key in _keys(side, endpoint, way, (before, after), tls=tls):
                    places = grouped.setdefault(key, {})
                    places[spot, tls] = places.get((spot, tls), AddressSet()) | addresses


def _runs(
    family: int,
    one: tuple[list[int], list[Choice]],
    other: tuple[list[int], list[Choice]],
) -> Iterator[tuple[Interval, Choice, Choice]]:
    (starts, olds), (more, news) = one, other
    left = right = 0
    low, top = 0, 1 << BITS[family]
    while low < top:
        ends = [
            track[place + 1]
            for track, place in ((starts, left), (more, right))
            if place + 1 < len(track)
        ]
        end = min([*ends, top])
        yield Interval(family, low, end - 1), olds[left], news[right]
        if left + 1 < len(starts) and starts[left + 1] == end:
            left += 1
        if right + 1 < len(more) and more[right + 1] == end:
            right += 1
        low = end


def _keys(
    side: _Sides, endpoint: Endpoint, way: Way, pair: tuple[Choice, Choice], *, tls: bool
) -> Iterator[_Key]:
    """Yield what differs where these two choices are made, for one identity and TLS state."""
    before, after = (each.connector.name if each.connector else None for each in pair)
    one = side.cell(side.before, pair[0], endpoint, way, tls=tls)
    other = side.cell(side.after, pair[1], endpoint, way, tls=tls)

    def key(kind: ChangeKind, right: str = "") -> _Key:
        return _Key(kind, right, way, before, after, (None, None), by_version=False)

    if one.unknown or other.unknown:
        # What is unknown on both sides may differ all the same.
        yield key(ChangeKind.CANNOT_TELL)
    elif one.may != other.may:
        for kind, rights in (
            (ChangeKind.WIDENED, other.may - one.may),
            (ChangeKind.NARROWED, one.may - other.may),
        ):
            for right in sorted(rights):
                newer = right in side.newer
                yield key(kind, right)._replace(by_version=newer)
    elif one[2:] != other[2:]:
        same = side.versions_differ and one[2:4] == other[2:4]
        found = key(ChangeKind.REFUSED_DIFFERENTLY)
        yield found._replace(replies=(one.reply, other.reply), by_version=same)
    elif before != after and (before, after) not in side.renamed:
        yield key(ChangeKind.REROUTED)


def _changes(grouped: dict[_Key, dict[tuple[Spot, bool], AddressSet]]) -> list[PowerChange]:
    found: list[PowerChange] = []
    plain: dict[object, list[PowerChange]] = {}
    for key, places in grouped.items():
        alike: dict[AddressSet, list[tuple[Spot, bool]]] = {}
        for place, addresses in places.items():
            alike.setdefault(addresses, []).append(place)
        made = [
            PowerChange(
                key.kind,
                key.right,
                key.way,
                addresses,
                members,
                tls,
                key.before,
                key.after,
                *key.replies,
                key.by_version,
            )
            for addresses, pairs in alike.items()
            for members, tls in joined(pairs)
        ]
        same = key._replace(way=Way(key.way.auth))
        if key.way == Way(key.way.auth):
            plain[same] = made
        elif _said(plain.get(same, [])) == _said(made):
            # A named account or group that only repeats what every account gets.
            continue
        found += made
    order = list(ChangeKind)
    return sorted(
        found, key=lambda c: (order.index(c.kind), c.right, list(AuthKind).index(c.way.auth))
    )


def _said(found: list[PowerChange]) -> list[tuple[object, ...]]:
    return [(each.addresses, each.spots, each.tls) for each in found]
