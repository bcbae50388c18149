"""Rights: the order of entries does not matter, allows only add, denies only take away."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from relaysim.engine.access import grants
from relaysim.model.decision import Reason
from relaysim.model.groups import PermissionGroup, preset
from relaysim.model.principals import parse_principal
from relaysim.model.rights import receive_rights
from relaysim.model.version import ServerRole
from tests import strategies
from tests.cases import ace_of, organization_of
from tests.oracle import tables

principal_lists = st.lists(
    strategies.spelled_principals().map(lambda name: parse_principal(name, "CONTOSO")),
    min_size=1,
    max_size=4,
    unique=True,
)


@st.composite
def access_cases(draw):
    """Draw an organization, its only connector and some principals."""
    organization = organization_of(draw(strategies.plain_access_organizations()))
    return organization, organization.connectors[0], tuple(draw(principal_lists))


def held(organization, connector, principals):
    return {g.right for g in grants(organization, connector, principals) if g.granted}


@given(access_cases(), st.randoms(use_true_random=False))
def test_order_of_entries_is_irrelevant(case, random):
    organization, connector, principals = case
    acl = tuple(random.sample(connector.acl, len(connector.acl)))
    inherited = organization.inherited_aces
    again = replace(organization, inherited_aces=tuple(random.sample(inherited, len(inherited))))
    before = grants(organization, connector, principals)
    assert grants(again, replace(connector, acl=acl), principals) == before


@given(access_cases())
def test_repeating_entries_is_irrelevant(case):
    organization, connector, principals = case
    twice = replace(connector, acl=connector.acl * 2)
    assert grants(organization, twice, principals) == grants(organization, connector, principals)


@given(access_cases(), strategies.plain_aces())
def test_adding_an_allow_never_removes_a_right(case, plain):
    organization, connector, principals = case
    allow = ace_of(plain | {"deny": False}, "CONTOSO")
    more = replace(connector, acl=(*connector.acl, allow))
    assert held(organization, more, principals) >= held(organization, connector, principals)


@given(access_cases(), strategies.plain_aces())
def test_adding_a_deny_never_adds_a_right(case, plain):
    organization, connector, principals = case
    deny = ace_of(plain | {"deny": True}, "CONTOSO")
    more = replace(connector, acl=(*connector.acl, deny))
    assert held(organization, more, principals) <= held(organization, connector, principals)


@given(access_cases(), strategies.plain_aces(inherited=False))
def test_an_explicit_deny_always_decides(case, plain):
    organization, connector, principals = case
    deny = ace_of(plain | {"deny": True}, "CONTOSO")
    more = replace(connector, acl=(*connector.acl, deny))
    for grant in grants(organization, more, (deny.principal, *principals)):
        if deny.carries(grant.right):
            assert grant.because is Reason.DENY_ENTRY
            assert not grant.granted


@given(access_cases())
def test_entries_of_other_principals_are_irrelevant(case):
    organization, connector, principals = case
    mine = tuple(ace for ace in connector.acl if ace.principal in principals)
    alone = grants(organization, replace(connector, acl=mine), principals)
    # The source may differ: whether a group is shown depends on everybody's entries.
    found = grants(organization, connector, principals)
    assert [grant[:4] for grant in alone] == [grant[:4] for grant in found]


@given(access_cases())
def test_every_right_of_the_version_is_answered_with_its_entry(case):
    organization, connector, principals = case
    found = grants(organization, connector, principals)
    assert tuple(grant.right for grant in found) == receive_rights(organization.exchange)
    for grant in found:
        if grant.ace is None:
            assert not grant.granted
            assert grant.because is Reason.NO_ALLOW_ENTRY
            assert grant.source is None
        else:
            assert grant.ace in (*connector.acl, *organization.inherited_aces)
            assert grant.ace.carries(grant.right)
            assert grant.ace.principal in principals
            assert grant.granted is not grant.ace.deny


@given(strategies.plain_access_organizations(), st.sampled_from(PermissionGroup))
def test_a_group_equals_its_entries_written_out(plain, group):
    organization = organization_of(plain)
    if group is PermissionGroup.EXCHANGE_LEGACY_SERVERS and organization.role is ServerRole.EDGE:
        return  # An Edge does not offer the group.
    where = {
        "exchange": organization.exchange,
        "role": organization.role,
        "domain": organization.domain,
    }
    rows = tables.group_entries(group.value, plain["exchange"], plain["role"], "CONTOSO")
    written_out = tuple(
        ace_of({"principal": who, "right": right, "deny": deny, "inherited": False}, "CONTOSO")
        for who, right, deny in rows
    )
    assert set(preset(group, **where)) == set(written_out)
    by_group = replace(organization.connectors[0], acl=preset(group, **where))
    by_hand = replace(organization.connectors[0], acl=written_out)
    assert organization.groups_of(by_hand) == organization.groups_of(by_group) == ((group,), False)
    for principal in {ace.principal for ace in written_out}:
        assert grants(organization, by_hand, [principal]) == grants(
            organization, by_group, [principal]
        )
