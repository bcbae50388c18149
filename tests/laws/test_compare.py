"""What a comparison reports is so on both sides, and nothing that widens is left out."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

import relaysim
from relaysim.analysis.compare.change import ChangeKind
from relaysim.analysis.compare.compare import compare
from relaysim.analysis.endpoints import EVERYBODY, Narrowing, endpoints
from relaysim.analysis.reach import Way
from relaysim.model.acl import Ace
from relaysim.model.decision import Answers
from relaysim.model.edit import replace_connector, with_connectors
from relaysim.model.principals import ANONYMOUS_LOGON, EVERYONE
from relaysim.model.rights import RECEIVE_RIGHTS, Right
from relaysim.model.session import AuthKind, Session
from relaysim.net.address import Address
from relaysim.net.addrset import AddressSet
from relaysim.net.notation import parse_range
from tests import strategies
from tests.cases import organization_of
from tests.searching import searches


@st.composite
def pairs(draw):
    """Draw an organization, and what one change of it makes."""
    plain, _ = draw(strategies.plain_cases() | strategies.plain_selection_cases())
    before = organization_of(plain)
    connectors = before.connectors
    if not connectors:
        return before, before
    one = draw(st.sampled_from(connectors))
    change = draw(st.sampled_from(["grant", "widen", "remove", "disable", "nothing"]))
    if change == "remove":
        return before, with_connectors(before, [c for c in connectors if c is not one])
    changed = {
        "grant": replace(
            one,
            acl=(
                *one.acl,
                Ace(ANONYMOUS_LOGON, Right.SUBMIT),
                Ace(ANONYMOUS_LOGON, Right.ACCEPT_ANY_RECIPIENT),
            ),
        ),
        "widen": replace(one, remote_ip_ranges=(*one.remote_ip_ranges, parse_range("10.0.0.0/12"))),
        "disable": replace(one, enabled=False),
        "nothing": one,
    }[change]
    return before, replace_connector(before, changed)


def asked(organization, way, ip, endpoint, tls):
    shape = Session(ip=ip, port=endpoint.port, local_ip=endpoint.address)
    return relaysim.evaluate(organization, way.session(shape, tls=tls))


def ends(addresses, family):
    return [
        address
        for interval in addresses
        if interval.family == family
        for address in (interval.first, interval.last)
    ]


@searches(13)
@given(pairs())
def test_every_reported_range_is_so_on_both_sides(pair):
    before, after = pair
    for change in compare(before, after).changes:
        for spot in change.spots:
            for endpoint in spot.endpoints:
                for ip in ends(change.addresses, endpoint.address.family)[:4]:
                    for tls in change.tls:
                        old = asked(before, change.way, ip, endpoint, tls)
                        new = asked(after, change.way, ip, endpoint, tls)
                        assert change.before == (old.connector and old.connector.name)
                        assert change.after == (new.connector and new.connector.name)
                        if change.right in Answers._fields:
                            wide = change.kind is ChangeKind.WIDENED
                            assert getattr(new.answers, change.right).answer is wide
                            assert getattr(old.answers, change.right).answer is not wide


@searches(20)
@given(pairs(), st.data())
def test_what_widens_at_any_point_is_reported(pair, data):
    before, after = pair
    comparison = compare(before, after)
    every = {*endpoints(before, Narrowing()), *endpoints(after, Narrowing())}
    probes = [Address(4, 0x0A000005), Address(4, 0x08080808)]
    for connector in (*before.connectors, *after.connectors):
        probes += [
            a for e in connector.remote_ip_ranges for a in (e.interval.first, e.interval.last)
        ]
    for _ in range(6):
        ip = data.draw(st.sampled_from(probes))
        endpoint = data.draw(st.sampled_from(sorted(every, key=str)))
        tls = data.draw(st.booleans())
        way = Way(data.draw(st.sampled_from([AuthKind.NONE, AuthKind.USER, AuthKind.EXCHANGE])))
        if ip.family != endpoint.address.family or not EVERYBODY.contains(ip):
            continue
        old = asked(before, way, ip, endpoint, tls)
        new = asked(after, way, ip, endpoint, tls)
        if old.undecided or new.undecided:
            continue
        for name in ("submit", "relay", "any_sender"):
            widened = getattr(new.answers, name).answer and not getattr(old.answers, name).answer
            reported = any(
                change.kind is ChangeKind.WIDENED
                and change.right == name
                and change.way == way
                and tls in change.tls
                and change.addresses.contains(ip)
                and any(
                    (e.port, e.address) == (endpoint.port, endpoint.address)
                    for spot in change.spots
                    for e in spot.endpoints
                )
                for change in comparison.changes
            )
            assert reported == widened, (name, ip, endpoint, tls, way)


@searches(10)
@given(pairs())
def test_a_configuration_has_the_power_of_itself(pair):
    before, _ = pair
    comparison = compare(before, before)
    assert not [c for c in comparison.changes if c.kind is not ChangeKind.CANNOT_TELL]
    assert comparison.spots
    assert comparison.ways


@searches(8)
@given(pairs(), st.data())
def test_what_is_said_to_stay_stays_whatever_is_not_known_of_a_connector(pair, data):
    before, after = pair
    both = [one for one in before.connectors if any(one is other for other in after.connectors)]
    if not both:
        return
    one = data.draw(st.sampled_from(both))

    partial = replace(one, unknown=frozenset({"entries"}))
    told = compare(replace_connector(before, partial), replace_connector(after, partial)).changes
    said = [(change.way, change.addresses) for change in told]
    everybody = replace(one, acl=(*one.acl, *(Ace(EVERYONE, right) for right in RECEIVE_RIGHTS)))
    for world in (one, everybody):
        for change in compare(
            replace_connector(before, world), replace_connector(after, world)
        ).changes:
            if change.kind.is_power:
                known = AddressSet(i for way, found in said for i in found if way == change.way)
                assert not change.addresses - known
