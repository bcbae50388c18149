"""Principals judged together, where entries name them, get what each would get by itself."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

import relaysim
from relaysim.analysis.endpoints import Narrowing, Surface, endpoints
from relaysim.analysis.reach import Way, reaches, told, ways
from relaysim.analysis.reading import Reading
from relaysim.engine.compiled.verdict_cache import Admissions, Judge
from relaysim.engine.worlds import verdict_on
from relaysim.model.acl import Ace
from relaysim.model.edit import change_server, with_connectors
from relaysim.model.organization import Account
from relaysim.model.principals import Principal
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind, Session
from relaysim.net.address import Address
from relaysim.net.addrset import NOTHING
from tests import strategies
from tests.cases import organization_of

SHAPE = Session(ip=Address(4, 0))
STATES = (False, True)
HOLDERS = tuple(Principal(f"CONTOSO\\holder{number}") for number in range(4))
RIGHTS = (Right.SUBMIT, Right.ACCEPT_ANY_RECIPIENT, Right.ALL_EXTENDED_RIGHTS)
UNKNOWN = ("entries", "auth_mechanism", "require_tls", "bindings", "enabled", "transport_role")

entries = st.builds(Ace, st.sampled_from(HOLDERS), st.sampled_from(RIGHTS), st.booleans())


@st.composite
def organizations(draw):
    """Draw an organization whose entries name some accounts, some things of it not known."""
    organization = organization_of(draw(strategies.plain_cases())[0])
    connectors = [
        replace(
            connector,
            acl=(*connector.acl, *draw(st.lists(entries, max_size=4))),
            unknown=frozenset(draw(st.lists(st.sampled_from(UNKNOWN), max_size=1)))
            if draw(st.integers(0, 3)) == 0
            else frozenset(),
        )
        for connector in organization.connectors
    ]
    accounts = tuple(
        Account(name=holder, groups=tuple(draw(st.lists(st.sampled_from(HOLDERS[2:]), max_size=2))))
        for holder in HOLDERS[:2]
    )
    inherited = draw(st.lists(entries, max_size=1))
    organization = with_connectors(organization, tuple(connectors))
    if draw(st.integers(0, 2)) == 0:
        untold = [
            each if each.unknown else replace(each, unknown=frozenset({"max_message_size"}))
            for each in connectors
        ]
        organization = change_server(organization, exchange=None, connectors=tuple(untold))
    return replace(
        organization,
        accounts=(*organization.accounts, *accounts),
        inherited_aces=(
            *organization.inherited_aces,
            *(ace._replace(inherited=True) for ace in inherited),
        ),
    )


def surface_of(organization):
    return Surface(organization, endpoints(organization, Narrowing()))


@settings(max_examples=25)
@given(organizations(), st.sampled_from(["relay", "submit", "resolve_p2"]))
def test_a_principal_may_from_where_it_may_when_every_connector_is_judged_for_it(
    organization, name
):
    surface = surface_of(organization)
    asked = list(ways(organization, (AuthKind.USER, AuthKind.BASIC, AuthKind.NONE)))
    found = reaches(surface, SHAPE, asked, name, families=(4, 6), states=STATES)
    for way in asked:
        alone = Reading(surface_of(organization), SHAPE, name, (4, 6))
        expected = {
            (spot, tls): each
            for tls in STATES
            for spot, each in alone.found(way, way, None, tls=tls)
        }
        listed = {
            (spot, tls): each for each in found[way] for spot in each.spots for tls in each.tls
        }
        assert listed.keys() == expected.keys()
        for key, each in expected.items():
            assert listed[key].way == way
            assert listed[key].addresses == each.addresses
            assert listed[key].unknown == each.unknown
            assert listed[key].connectors == each.connectors


@settings(max_examples=25)
@given(organizations(), st.sampled_from(list(AuthKind)), st.booleans())
def test_a_connector_that_shares_its_verdict_is_judged_as_in_every_possible_world(
    organization, auth, tls
):
    session = replace(SHAPE, auth=auth, tls=tls)
    admissions = Admissions(organization)
    judge = Judge(admissions, session)
    for connector in organization.connectors:
        if admissions.is_shared(connector, session):
            assert judge.verdict(connector) == verdict_on(organization, connector, session)


def test_accounts_of_which_no_entry_speaks_are_not_listed_and_others_each_by_name():
    base = relaysim.load("builtin:option-2")
    named = tuple(Ace(HOLDERS[0], right) for right in RIGHTS[:2])
    first, *rest = base.connectors
    organization = replace(
        with_connectors(base, (replace(first, acl=(*first.acl, *named)), *rest)),
        accounts=tuple(Account(name=holder) for holder in HOLDERS),
    )
    asked = ways(organization, (AuthKind.USER,))
    found = reaches(surface_of(organization), SHAPE, asked, "relay", families=(4,), states=STATES)
    assert len(found) == 5
    plain = found[Way(AuthKind.USER)]
    for holder in HOLDERS[1:]:
        other = found[Way(AuthKind.USER, user=holder.name)]
        assert [each.parts() for each in other] == [each.parts() for each in plain]
    assert {each.way.user for each in told(found)} <= {None, HOLDERS[0].name}
    assert all(each.unknown == NOTHING for each in told(found))


def test_an_inherited_entry_counts_at_every_connector():
    base = relaysim.load("builtin:option-2")
    inherited = tuple(Ace(HOLDERS[0], right, inherited=True) for right in RIGHTS[:2])
    bare = tuple(replace(connector, acl=()) for connector in base.connectors)
    organization = replace(
        with_connectors(base, bare),
        inherited_aces=(*base.inherited_aces, *inherited),
        accounts=(Account(name=HOLDERS[0]),),
    )
    asked = (Way(AuthKind.USER), Way(AuthKind.USER, user=HOLDERS[0].name))
    plain, named = reaches(
        surface_of(organization), SHAPE, asked, "relay", families=(4, 6), states=(False,)
    ).values()
    single = Reading(surface_of(organization), SHAPE, "relay", (4, 6))
    expected = {each.addresses for _, each in single.found(asked[1], asked[1], None, tls=False)}
    assert {each.addresses for each in named} == expected
    assert {each.addresses for each in plain} != expected
