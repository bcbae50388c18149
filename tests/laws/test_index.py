"""A compiled organization answers what the point engine answers, whole decisions compared."""

import socket
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import relaysim
from relaysim.engine.compiled.organization import Compiled, Question
from relaysim.net.address import Address, parse_address
from tests import strategies
from tests.cases import organization_of, session_of
from tests.oracle.servers import alone
from tests.server_cases import servers_of
from tests.strategies.addresses import SPECIAL
from tests.strategies.servers import plain_server_cases


@st.composite
def cases(draw):
    """Draw an organization and several sessions about it, clients mapped and not."""
    organization = draw(strategies.plain_organizations())
    more = st.lists(strategies.plain_sessions(organization), min_size=1, max_size=6)
    return organization_of(organization), varied(draw, organization, draw(more))


@st.composite
def server_cases(draw):
    """Draw an organization of one to four servers and several sessions that they may get."""
    organization, first = draw(plain_server_cases())
    views = [alone(organization, server) for server in organization["servers"]]
    view = draw(st.sampled_from(views))
    more = st.lists(strategies.plain_sessions(view), max_size=3)
    return servers_of(organization), varied(draw, view, [first, *draw(more)])


def varied(draw, organization, plain):
    """Return sessions, and others of the same shapes that meet what is kept of them."""
    sessions = [session_of(each) for each in plain]
    sessions += [
        replace(each, ip=relaysim.parse_address(draw(st.sampled_from(edges))))
        for each in sessions
        if (edges := strategies.range_edges(organization) or SPECIAL)
    ]
    mapped = [
        replace(each, ip=Address(6, 0xFFFF << 32 | each.ip.value))
        for each in sessions
        if each.ip.family == 4
    ]
    return sessions + mapped + sessions[:1]


def spelled(session):
    """Return the question as a caller writes it: texts, lists, no parsed values."""
    question = Question.of(session)
    local = None if session.local_ip is None else str(session.local_ip)
    return question._replace(ip=str(session.ip), local_ip=local, auth=session.auth.value)


@given(cases() | server_cases())
def test_decide_many_returns_what_evaluate_returns(case):
    organization, sessions = case
    expected = [relaysim.evaluate(organization, session) for session in sessions]
    compiled = relaysim.compile(organization)
    assert list(compiled.decide_many([spelled(session) for session in sessions])) == expected
    assert list(compiled.decide_many(map(Question.of, sessions))) == expected


@given(cases() | server_cases())
def test_decide_returns_what_evaluate_returns(case):
    organization, sessions = case
    compiled = relaysim.compile(organization)
    for session in sessions:
        named = spelled(session)._asdict()
        decision = compiled.decide(named.pop("ip"), **named)
        assert decision == relaysim.evaluate(organization, session)


@given(cases() | server_cases())
def test_the_shared_ruling_says_what_the_decision_says(case):
    organization, sessions = case
    decisions = Compiled(organization).decide_many([spelled(session) for session in sessions])
    for ruling, decision in zip(decisions.rulings, decisions, strict=True):
        for name in ("rights", "answers", "auth_as", "notes"):
            assert getattr(ruling, name) == getattr(decision, name), name
        refusal, undecided = decision.refusal, decision.undecided
        assert ruling.refusal == (refusal and refusal._replace(recipient=None))
        assert ruling.assumed == tuple(dict.fromkeys(a.rule for a in decision.assumptions))
        if ruling.names_sender:
            assert undecided is not None
            assert ruling.undecided is not None
            undecided = undecided._replace(text=ruling.undecided.text, options=())
        assert ruling.undecided == undecided


@given(cases())
def test_the_winner_is_the_one_that_the_decision_names(case):
    organization, sessions = case
    (compiled,) = Compiled(organization).servers
    for session in sessions:
        winner = compiled.winner(spelled(session))
        decision = relaysim.evaluate(organization, session)
        found = (winner.connector, winner.range, winner.binding) if winner else (None,) * 3
        assert found == (decision.connector, decision.range, decision.binding)


@given(cases() | server_cases())
def test_equal_questions_share_one_decision_and_one_ruling(case):
    organization, sessions = case
    compiled = relaysim.compile(organization)
    once = compiled.decide_many([spelled(session) for session in sessions])
    again = compiled.decide_many(map(Question.of, sessions))
    # Questions that are asked again and again are looked up in another way than varied ones.
    often = compiled.decide_many([spelled(session) for session in sessions] * 5)
    for index in range(len(sessions)):
        assert once[index] is again[index]
        assert once.rulings[index] is again.rulings[index]
        assert once.rulings[index] is often.rulings[-len(sessions) + index]


@given(
    strategies.random_text_near(st.sampled_from(["192.168.2.55", "10.0.0.1", "255.255.255.255"]))
)
def test_the_fast_reading_of_an_address_takes_nothing_the_strict_one_refuses(text):
    try:
        packed = socket.inet_pton(socket.AF_INET, text)
    except (OSError, ValueError):
        return
    assert parse_address(text) == Address(4, int.from_bytes(packed, "big"))


@given(
    cases(), st.sampled_from(["", "1.2.3", "01.2.3.4", "1.2.3.4.5", "::g", "host", "1.2.3.4\x00"])
)
def test_a_question_that_is_none_is_named_and_nothing_is_answered(case, text):
    organization, sessions = case
    questions = [*map(spelled, sessions), Question(text)]
    with pytest.raises(relaysim.InvalidInput) as caught:
        relaysim.compile(organization).decide_many(questions)
    assert caught.value.problems[0].where == f"question {len(questions)}"
