"""Choosing the connector: order does not matter, and who loses does not matter."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from relaysim import evaluate
from relaysim.model.decision import LostReason
from relaysim.model.edit import add_connector, change_server
from relaysim.net.address import BITS
from relaysim.net.interval import Interval
from relaysim.net.notation import parse_range
from tests import strategies
from tests.cases import organization_of, session_of


@st.composite
def model_cases(draw):
    plain, session = draw(strategies.plain_selection_cases() | strategies.plain_cases())
    return organization_of(plain), session_of(session)


def core(decision):
    """Return everything that a connector which does not answer must not change.

    Assumptions about the choice are left out: they tell how close the race was.
    """
    name = decision.connector.name if decision.connector else None
    assumptions = [a for a in decision.assumptions if a.affects != ("connector",)]
    return (
        name,
        decision.range,
        decision.binding,
        decision.principals,
        decision.rights,
        decision.answers,
        decision.auth_as,
        decision.refusal,
        assumptions,
        decision.undecided and decision.undecided.rule,
    )


@given(model_cases(), st.randoms(use_true_random=False))
def test_order_of_connectors_ranges_and_bindings_is_irrelevant(case, random):
    organization, session = case

    def shuffled(values):
        return tuple(random.sample(values, len(values)))

    connectors = shuffled(
        [
            replace(
                connector,
                remote_ip_ranges=shuffled(connector.remote_ip_ranges),
                bindings=shuffled(connector.bindings),
            )
            for connector in organization.connectors
        ]
    )
    before = evaluate(organization, session)
    after = evaluate(change_server(organization, connectors=connectors), session)
    assert core(after) == core(before)
    assert after.lost == before.lost
    assert set(after.assumptions) == set(before.assumptions)


@given(model_cases())
def test_removing_a_loser_changes_nothing(case):
    organization, session = case
    before = evaluate(organization, session)
    # A connector behind the front end judges the From header although it lost (P-2).
    backs = f"client proxy {organization.server}".casefold()
    for lost in before.lost:
        if before.connector is None or lost.name.casefold() == backs:
            continue
        rest = tuple(c for c in organization.connectors if c.name != lost.name)
        after = evaluate(change_server(organization, connectors=rest), session)
        # The binding is left out: it is the one at any other address as long as somebody listens
        # there, and the loser may have been the only one.
        assert core(after)[3:] == core(before)[3:]
        assert core(after)[:2] == core(before)[:2]
        assert after.lost == tuple(other for other in before.lost if other.name != lost.name)


@given(model_cases(), st.sampled_from(["disabled", "other port", "other range"]))
def test_adding_a_connector_that_does_not_match_changes_nothing(case, how):
    organization, session = case
    before = evaluate(organization, session)
    if not organization.connectors:
        return
    model = organization.connectors[0]
    extra = replace(model, name="ZZ added")
    if how == "disabled":
        extra = replace(extra, enabled=False)
    elif how == "other port":
        extra = replace(extra, bindings=tuple(b._replace(port=9) for b in extra.bindings))
    elif before.connector is None:
        return  # Where nobody is bound, another connector is a change: 421 instead of silence.
    else:
        extra = replace(
            before.connector, name="ZZ added", remote_ip_ranges=(parse_range("198.51.100.77"),)
        )
    after = evaluate(add_connector(organization, extra), session)
    assert core(after) == core(before)
    assert {lost.name for lost in after.lost} == {lost.name for lost in before.lost} | {"ZZ added"}


@given(model_cases())
def test_adding_a_wider_copy_of_the_winner_changes_nothing(case):
    organization, session = case
    before = evaluate(organization, session)
    if before.connector is None or before.range is None:
        return
    top = (1 << BITS[before.range.family]) - 1
    interval = before.range.interval
    if interval.size > top:
        return  # The whole space cannot be widened.
    wider = Interval(interval.family, max(0, interval.low - 1), min(top, interval.high + 1))
    extra = replace(before.connector, name="AA added", remote_ip_ranges=(parse_range(str(wider)),))
    after = evaluate(add_connector(organization, extra), session)
    assert core(after) == core(before)
    added = next(lost for lost in after.lost if lost.name == "AA added")
    assert added.reason is LostReason.WIDER_RANGE


@given(model_cases())
def test_the_winner_holds_the_client_and_no_competitor_is_narrower(case):
    organization, session = case
    decision = evaluate(organization, session)
    if decision.connector is None or decision.range is None:
        return
    assert decision.connector.enabled
    assert decision.binding in decision.connector.bindings
    assert decision.range in decision.connector.remote_ip_ranges
    for lost in decision.lost:
        assert lost.range is None or lost.range.size >= decision.range.size
