"""Where not everything is known, everybody gets what each address gets by itself, at every port.

A connector whose ranges are not known may answer anybody on its own ports, and nobody elsewhere.
"""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

import relaysim
from relaysim.analysis.compare.compare import compare
from relaysim.analysis.endpoints import EVERYBODY, Narrowing, Surface, endpoints, layers_at
from relaysim.analysis.partition import outcome_of
from relaysim.analysis.reach import Way, reach
from relaysim.engine.compiled.organization import Question
from relaysim.model.acl import Ace
from relaysim.model.connector import AuthMechanism
from relaysim.model.edit import with_connectors
from relaysim.model.principals import WELL_KNOWN
from relaysim.model.rights import RECEIVE_RIGHTS
from relaysim.model.session import AuthKind, Session
from relaysim.net.address import Address
from relaysim.net.addrset import AddressSet
from relaysim.net.notation import parse_range, parse_socket
from tests import strategies
from tests.cases import organization_of, session_of
from tests.searching import searches

FACTS = ("remote_ip_ranges", "bindings", "enabled", "entries", "auth_mechanism", "require_tls")
SHAPE = Session(ip=Address(4, 0))


@st.composite
def organizations(draw):
    """Draw a server of which some connectors are not described completely."""
    cases = strategies.plain_cases() | strategies.plain_selection_cases()
    organization = organization_of(draw(cases)[0])
    ports = st.sampled_from([25, 26, 587])
    connectors = [
        replace(
            connector,
            bindings=tuple(
                socket._replace(port=port)
                for socket in connector.bindings
                for port in [draw(ports)]
            ),
            unknown=frozenset(draw(st.lists(st.sampled_from(FACTS), max_size=2))),
        )
        for connector in organization.connectors
    ]
    return with_connectors(organization, tuple(connectors))


def asked_at(endpoint, session, ip):
    """Return the session of a client at an endpoint."""
    return replace(session, ip=ip, port=endpoint.port, local_ip=endpoint.address)


@searches(12)
@given(organizations(), st.sampled_from(list(AuthKind)), st.booleans())
def test_an_endpoint_gives_each_address_what_it_gets_by_itself(organization, auth, tls):
    session = replace(SHAPE, auth=auth, tls=tls)
    surface = Surface(organization, endpoints(organization, Narrowing()))
    judged = surface.judge(session)
    for endpoint in surface.endpoints:
        for layer in layers_at(endpoint, [judged]):
            one = relaysim.evaluate(organization, asked_at(endpoint, session, layer.interval.last))
            assert outcome_of(one) == layer.outcomes[0]


@searches(12)
@given(organizations(), st.sampled_from([AuthKind.NONE, AuthKind.USER]), st.booleans())
def test_who_may_and_who_may_not_is_what_each_address_is_told(organization, auth, tls):
    surface = Surface(organization, endpoints(organization, Narrowing()))
    session = replace(SHAPE, auth=auth, tls=tls)
    for each in reach(surface, SHAPE, Way(auth), "relay", families=(4, 6), states=(tls,)):
        nobody = EVERYBODY - each.addresses - each.unknown
        for spot in each.spots:
            for answer, addresses in (
                (True, each.addresses),
                (None, each.unknown),
                (False, nobody),
            ):
                for endpoint in spot.endpoints:
                    mine = [i for i in addresses if i.family == endpoint.address.family]
                    for interval in mine[:2]:
                        asked = asked_at(endpoint, session, interval.first)
                        assert relaysim.evaluate(organization, asked).answers.relay.answer is answer


@searches(12)
@given(organizations(), st.data(), st.booleans())
def test_what_is_not_said_to_change_is_answered_alike_on_both_sides(before, data, tls):
    way = Way(AuthKind.NONE)
    gone = data.draw(st.sampled_from(before.connectors))
    after = with_connectors(before, tuple(one for one in before.connectors if one is not gone))
    found = compare(before, after)
    for spot in found.spots:
        told = AddressSet(
            interval
            for each in found.changes
            if each.kind.is_power and each.way == way and spot in each.spots and tls in each.tls
            for interval in each.addresses
        )
        for endpoint in spot.endpoints:
            same = [i for i in EVERYBODY - told if i.family == endpoint.address.family]
            for interval in same[:3]:
                asked = asked_at(endpoint, replace(SHAPE, tls=tls), interval.first)
                one, other = (relaysim.evaluate(side, asked) for side in (before, after))
                assert one.answers.relay.answer == other.answers.relay.answer


@searches(12)
@given(organizations(), st.lists(st.sampled_from([25, 26, 587]), min_size=1, max_size=3))
def test_questions_in_bulk_are_answered_as_each_by_itself(organization, ports):
    edges = [r.interval.first for one in organization.connectors for r in one.remote_ip_ranges]
    sessions = [replace(SHAPE, ip=ip, port=port) for ip in edges[:3] for port in ports]
    expected = [relaysim.evaluate(organization, each) for each in sessions]
    found = relaysim.compile(organization).decide_many(map(Question.of, sessions))
    assert list(found) == expected


RANGES = ("0.0.0.0-255.255.255.255", "10.0.0.0/8", "192.168.2.0/24", "192.168.2.55", "::/0")
SOCKETS = ("0.0.0.0:25", "0.0.0.0:587", "[::]:25", "10.0.0.1:25")
MECHANISMS = (AuthMechanism.TLS, AuthMechanism.INTEGRATED, AuthMechanism.EXCHANGE_SERVER)


@st.composite
def worlds(draw, connector):
    """Draw what a connector might be when all of it were known."""
    sizes = st.sampled_from([1, 10 << 20, 1 << 40])
    entries = st.builds(
        Ace,
        st.sampled_from(tuple(WELL_KNOWN)),
        st.sampled_from(tuple(RECEIVE_RIGHTS)),
        # G-3: that none denies is an assumption.
        deny=st.sampled_from([False]),
        inherited=st.sampled_from([False]),
    )
    more = {
        "remote_ip_ranges": st.sampled_from(RANGES).map(parse_range),
        "bindings": st.sampled_from(SOCKETS).map(parse_socket),
        "acl": entries,
        "auth_mechanism": st.sampled_from(MECHANISMS),
    }
    found = {}
    for name in connector.unknown:
        field = "acl" if name == "entries" else name
        if field in more:
            listed = getattr(connector, field)
            found[field] = type(listed)([*listed, *draw(st.lists(more[field], max_size=3))])
        else:
            found[field] = draw(sizes if field == "max_message_size" else st.booleans())
    if connector.externally_secured:
        found.pop("auth_mechanism", None)
    return replace(connector, unknown=frozenset(), **found)


@searches(40)
@given(
    strategies.plain_cases()
    | strategies.plain_selection_cases()
    | strategies.plain_message_cases(),
    st.data(),
)
def test_an_answer_that_is_given_stays_whatever_the_facts_turn_out_to_be(case, data):
    organization, session = organization_of(case[0]), session_of(case[1])
    unknown = st.lists(st.sampled_from([*FACTS, "max_message_size"]), max_size=2).map(frozenset)
    partly = [replace(each, unknown=data.draw(unknown)) for each in organization.connectors]
    told = relaysim.evaluate(with_connectors(organization, tuple(partly)), session)
    whole = tuple(data.draw(worlds(each)) for each in partly)
    turned_out = relaysim.evaluate(with_connectors(organization, whole), session)
    if turned_out.undecided is not None:
        return
    for name, answer in told.answers._asdict().items():
        if answer.answer is not None:
            assert getattr(turned_out.answers, name).answer is answer.answer, name
    if told.refusal is not None:
        assert turned_out.refusal is not None
