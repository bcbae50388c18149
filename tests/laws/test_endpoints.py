"""The union over endpoints and TLS states is what the point says at each of them."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

import relaysim
from relaysim.analysis.endpoints import EVERYBODY, Narrowing, Surface, endpoints, layers_at, spots
from relaysim.analysis.partition import outcome_of
from relaysim.analysis.reach import Way, reach
from relaysim.model.edit import with_connectors
from relaysim.model.session import AuthKind, Session
from relaysim.net.address import Address
from relaysim.net.addrset import AddressSet
from relaysim.net.notation import parse_socket
from tests import strategies
from tests.cases import organization_of, session_of
from tests.oracle.addresses import read_address
from tests.oracle.everywhere import everywhere, may_somewhere
from tests.searching import searches

STATES = (False, True)


def cases():
    return strategies.plain_cases() | strategies.plain_selection_cases()


def surface_of(organization, scope=None):
    return Surface(organization, endpoints(organization, scope or Narrowing()))


def reached(organization, session, name, scope=None):
    """Return the addresses that may on some endpoint in some state, and what is unknown."""
    scope = scope or Narrowing()
    found = reach(
        surface_of(organization, scope),
        session,
        Way(session.auth, session.user),
        name,
        families=(4, 6),
        states=scope.tls,
    )
    return AddressSet(interval for each in found for interval in each.addresses)


@searches(17)
@given(cases(), st.data())
def test_an_endpoint_gives_each_address_what_the_point_engine_gives_it(case, data):
    organization, session = organization_of(case[0]), session_of(case[1])
    surface = surface_of(organization)
    judged = surface.judge(session)
    endpoint = data.draw(st.sampled_from(surface.endpoints))
    layers = list(layers_at(endpoint, [judged]))
    for layer in layers:
        for ip in (layer.interval.first, layer.interval.last):
            asked = replace(session, ip=ip, port=endpoint.port, local_ip=endpoint.address)
            assert outcome_of(relaysim.evaluate(organization, asked)) == layer.outcomes[0]
    covered = AddressSet(layer.interval for layer in layers)
    assert covered == AddressSet(i for i in EVERYBODY if i.family == endpoint.address.family)


@searches(13)
@given(cases(), st.data())
def test_the_union_is_yes_exactly_where_the_oracle_says_yes_on_some_endpoint(case, data):
    plain, asked = case
    plain_asked = asked | {"groups": []}
    organization = organization_of(plain)
    session = replace(session_of(asked), groups=())
    may = reached(organization, session, "relay")
    ends = [interval.first for interval in may] + [interval.last for interval in may]
    ends += [interval.first for interval in may.complement()]
    probes = data.draw(st.lists(st.sampled_from(ends), max_size=4)) if ends else []
    probes += [data.draw(strategies.addresses()) for _ in range(2)]
    for ip in probes:
        if EVERYBODY.contains(ip):
            expected = may_somewhere(plain, plain_asked, spoken(ip), "relay")
            assert may.contains(ip) == expected, str(ip)


def spoken(address):
    """Return an address as the oracle reads it."""
    return read_address(str(address))


@searches(10)
@given(cases(), st.sampled_from([25, 587]), st.sampled_from(STATES))
def test_narrowing_a_question_never_adds_an_address(case, port, tls):
    organization, session = organization_of(case[0]), session_of(case[1])
    session = replace(session, groups=())
    whole = reached(organization, session, "relay")
    for scope in (
        Narrowing(ports=(port,)),
        Narrowing(tls=(tls,)),
        Narrowing(ports=(port,), tls=(tls,)),
    ):
        assert not reached(organization, session, "relay", scope) - whole


@searches(10)
@given(cases())
def test_the_whole_is_the_union_of_its_narrowed_parts(case):
    organization, session = organization_of(case[0]), session_of(case[1])
    session = replace(session, groups=())
    parts = AddressSet()
    for port in {endpoint.port for endpoint in endpoints(organization, Narrowing())}:
        for tls in STATES:
            parts |= reached(organization, session, "submit", Narrowing(ports=(port,), tls=(tls,)))
    assert parts == reached(organization, session, "submit")


@searches(10)
@given(cases())
def test_every_endpoint_of_the_oracle_is_one_of_ours(case):
    organization = organization_of(case[0])
    ours = {(str(each.address), each.port) for each in endpoints(organization, Narrowing())}
    for text in ("192.0.2.1", "2001:db8::1"):
        theirs = {key[:2] for key in everywhere(case[0], case[1], spoken(text))}
        assert theirs <= ours


def test_endpoints_with_the_same_connectors_share_one_sweep():
    organization = relaysim.load("builtin:default")
    connector = organization.connectors[0]
    more = tuple(parse_socket(f"10.0.0.{number}:25") for number in range(1, 200))
    organization = with_connectors(organization, (replace(connector, bindings=more),))
    surface = surface_of(organization)
    assert len({surface.class_of(endpoint) for endpoint in surface.endpoints}) == 2
    assert len(spots(surface.endpoints)) > 199


def test_a_port_that_nobody_is_bound_to_is_an_endpoint_when_it_is_named():
    organization = relaysim.load("builtin:default")
    session = Session(ip=Address(4, 0), auth=AuthKind.NONE)
    (first, _) = endpoints(organization, Narrowing(ports=(26,)))
    surface = Surface(organization, [first])
    (layer,) = layers_at(first, [surface.judge(session)])
    refusal = layer.outcomes[0].refusal
    assert refusal is not None
    assert refusal.because.value == "port-closed"


def test_endpoints_of_several_servers_are_told_apart_and_can_be_narrowed():
    one, two = relaysim.load("builtin:default"), relaysim.load("builtin:option-2")
    (first,), (second,) = one.servers, two.servers
    both = replace(one, servers=(first, replace(second, name="EX02")))
    every = endpoints(both, Narrowing())
    assert {endpoint.server for endpoint in every} == {"EX01", "EX02"}
    session = Session(ip=Address(4, 0))
    may = reached(both, session, "relay")
    assert str(may) == "192.168.2.55-192.168.2.56"
    assert not reached(both, session, "relay", Narrowing(servers=("ex01",)))
    assert reached(both, session, "relay", Narrowing(servers=("ex02",))) == may
