"""The regions cover every address once, and each address gets its region's outcome."""

from dataclasses import replace
from itertools import pairwise
from operator import attrgetter

from hypothesis import given
from hypothesis import strategies as st

import relaysim
from relaysim.analysis.partition import outcome_of, partition
from relaysim.model.edit import change_server
from relaysim.net.address import BITS, Address
from relaysim.net.addrset import EVERYTHING, AddressSet
from relaysim.net.interval import whole
from tests import strategies
from tests.cases import organization_of, session_of
from tests.strategies.addresses import SPECIAL

# Mapped IPv6 addresses, whose answers are those of IPv4, have to be probed on purpose.
PROBES = [*SPECIAL, "::ffff:0:0", "::ffff:ffff:ffff", "::fffe:ffff:ffff", "::1:0:0:0"]


def cases():
    return (
        strategies.plain_cases()
        | strategies.plain_message_cases()
        | strategies.plain_selection_cases()
    )


def models(case):
    organization, session = case
    return organization_of(organization), session_of(session)


def near(family, value):
    top = (1 << BITS[family]) - 1
    return {Address(family, v) for v in (value - 1, value, value + 1) if 0 <= v <= top}


def probes(organization, regions):
    """Return region ends, range ends, their neighbours and mapped forms, and special addresses."""
    found = {relaysim.parse_address(text) for text in PROBES}
    for region in regions:
        family, low, high = region.interval
        found |= near(family, low) | near(family, high) | {Address(family, (low + high) // 2)}
    for connector in organization.connectors:
        for entry in connector.remote_ip_ranges:
            family, low, high = entry.interval
            found |= near(family, low) | near(family, high)
    found |= {Address(6, 0xFFFF << 32 | a.value) for a in found if a.family == 4}
    return sorted(found)


@given(cases())
def test_regions_are_disjoint_sorted_and_cover_both_families(case):
    regions = partition(*models(case))
    for family in BITS:
        mine = [region.interval for region in regions if region.interval.family == family]
        assert all(interval.low <= interval.high for interval in mine)
        assert mine[0].low == 0
        assert mine[-1].high == whole(family).high
        assert all(a.high + 1 == b.low for a, b in pairwise(mine))
    assert [r.interval for r in regions] == sorted(r.interval for r in regions)
    assert AddressSet(region.interval for region in regions) == EVERYTHING


@given(cases())
def test_neighbouring_regions_of_a_family_differ(case):
    regions = partition(*models(case))
    for a, b in pairwise(regions):
        assert a.interval.family != b.interval.family or a.outcome != b.outcome


@given(cases())
def test_every_end_its_neighbours_and_special_addresses_evaluate_to_the_region(case):
    organization, session = models(case)
    regions = partition(organization, session)
    for address in probes(organization, regions):
        decision = relaysim.evaluate(organization, replace(session, ip=address))
        assert outcome_of(decision) == regions.at(address).outcome, str(address)


@given(cases(), st.data())
def test_any_address_evaluates_to_its_region(case, data):
    organization, session = models(case)
    regions = partition(organization, session)
    for _ in range(5):
        address = data.draw(strategies.addresses())
        decision = relaysim.evaluate(organization, replace(session, ip=address))
        region = regions.at(address)
        assert region.interval.contains(address)
        assert outcome_of(decision) == region.outcome


@given(cases())
def test_equal_outcomes_of_a_partition_are_one_object(case):
    regions = partition(*models(case))
    for a in regions:
        for b in regions:
            assert (a.outcome == b.outcome) == (a.outcome is b.outcome)


@given(cases())
def test_the_order_of_connectors_and_ranges_changes_nothing(case):
    organization, session = models(case)
    turned = change_server(
        organization,
        connectors=tuple(
            replace(c, remote_ip_ranges=c.remote_ip_ranges[::-1], bindings=c.bindings[::-1])
            for c in reversed(organization.connectors)
        ),
    )

    def said(regions):
        # A connector written in another order is not an equal value, so names stand for it.
        parts = attrgetter("answers", "rights", "refusal", "assumptions", "undecided")
        return [
            (r.interval, r.outcome.connector and r.outcome.connector.name, parts(r.outcome))
            for r in regions
        ]

    assert said(partition(organization, session)) == said(partition(turned, session))


@given(cases())
def test_a_question_about_addresses_is_answered_by_the_regions(case):
    organization, session = models(case)
    regions = partition(organization, session)
    relaying = regions.where(lambda outcome: outcome.answers.relay.answer is True)
    for address in probes(organization, regions):
        decision = relaysim.evaluate(organization, replace(session, ip=address))
        assert relaying.contains(address) == (decision.answers.relay.answer is True)
