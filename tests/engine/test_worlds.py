"""Several servers (S-8), and what is not known: what is decided all the same, and what is not."""

from dataclasses import replace

import pytest
from hypothesis import given

import relaysim
from relaysim.builtin import builtin
from relaysim.builtin.fresh import fresh_server, fresh_servers
from relaysim.engine.compiled.organization import Question
from relaysim.model.connector import AuthMechanism
from relaysim.model.decision import Answers, Reason
from relaysim.model.edit import change_server, replace_connector
from relaysim.model.organization import find_connector
from relaysim.model.session import AuthKind, Session
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import parse_address
from relaysim.net.notation import parse_range
from tests import strategies
from tests.cases import organization_of, session_of
from tests.searching import searches

CRM = "192.168.2.55"


def asked(organization, ip=CRM, **session):
    if "local_ip" in session:
        session["local_ip"] = parse_address(session["local_ip"])
    return relaysim.evaluate(organization, Session(ip=parse_address(ip), **session))


def two(**second):
    """Return EX01 of the article's second option, and a second server."""
    one, other = builtin("option-2").only, fresh_server(server="EX02", **second).only
    return replace(builtin("option-2"), servers=(one, other))


def unknown(organization, name, *properties):
    connector = find_connector(organization, name)
    changed = replace(connector, unknown=frozenset(properties))
    return replace_connector(organization, changed)


def test_servers_that_decide_alike_give_one_answer_that_names_them_all():
    decision = asked(fresh_servers(server=("EX01", "EX02")))
    assert decision.undecided is None
    assert decision.answers.submit.answer is False
    assert [tuple(each) for each in decision.servers] == [
        ("EX01", "Default EX01"),
        ("EX02", "Default EX02"),
    ]


def test_servers_that_decide_differently_are_named_side_by_side():
    decision = asked(two())
    assert decision.undecided is not None
    assert (decision.undecided.rule, decision.undecided.fact) == ("S-8", "--server")
    one, other = decision.undecided.options
    assert one.startswith("EX01: connector `CRM Application`, may submit yes, may relay yes")
    assert other.startswith("EX02: connector `Default EX02`, may submit no, may relay no")
    assert {answer.answer for answer in decision.answers} == {None}


def test_a_reply_in_other_words_is_another_decision():
    mixed = fresh_servers(
        server=("EX01", "EX02"), exchange=(ExchangeVersion.V2013, ExchangeVersion.V2016)
    )
    assert asked(mixed).undecided is None
    refused = asked(mixed, rcpt_to=("someone@example.net",))
    assert refused.undecided is not None
    assert refused.undecided.rule == "S-8"


def test_a_servers_own_address_picks_it():
    organization = change_server(two(), server="EX01", addresses=(parse_address("10.0.0.1"),))
    decision = asked(organization, local_ip="10.0.0.1")
    assert decision.answers.relay.answer is True
    assert [each.server for each in decision.servers] == ["EX01"]
    assert asked(organization, local_ip="10.0.0.9").undecided is not None


def test_asking_one_server_is_asking_the_organization_narrowed_to_it():
    organization = two()
    for server, relays in (("ex01", True), ("EX02", False)):
        assert asked(organization.on(server)).answers.relay.answer is relays


def test_unlisted_entries_leave_undecided_what_no_listed_entry_grants():
    decision = asked(unknown(builtin("option-2"), "CRM", "entries"))
    decided = {name for name, a in decision.answers._asdict().items() if a.answer is not None}
    assert decision.answers.relay.answer is True
    assert decision.answers.bypass_anti_spam.answer is None
    assert decision.answers.bypass_anti_spam.because is Reason.UNDECIDED
    assert "submit" in decided
    (missing,) = decision.missing
    assert missing.command == r"Get-ADPermission 'EX01\CRM Application'"
    assert "bypass_anti_spam" in missing.affects
    assert "relay" not in missing.affects
    assert "G-3" in {assumption.rule for assumption in decision.assumptions}


def test_ranges_that_were_cut_make_the_connector_a_rival_for_every_client():
    organization = unknown(builtin("option-2"), "CRM", "remote_ip_ranges")
    stranger = asked(organization, ip="10.9.9.9")
    assert stranger.answers.relay.answer is None
    assert [missing.fact for missing in stranger.missing] == [
        r"RemoteIPRanges of `EX01\CRM Application`"
    ]
    assert asked(organization).answers.relay.answer is True


def test_a_mechanism_that_may_be_there_decides_who_the_session_is():
    crm = find_connector(builtin("both"), "CRM")
    plain = replace(crm, auth_mechanism=frozenset({AuthMechanism.TLS}))
    organization = replace_connector(builtin("both"), plain)
    assert asked(organization).answers.resolve_p2.answer is False
    decision = asked(unknown(organization, "CRM", "auth_mechanism"))
    assert decision.answers.resolve_p2.answer is None
    assert decision.auth_as is None
    assert decision.answers.relay.answer is True


def test_an_unknown_version_leaves_the_words_of_a_refusal_side_by_side():
    organization = change_server(fresh_server(exchange=ExchangeVersion.V2010), exchange=None)
    organization = replace_connector(
        organization,
        replace(
            find_connector(organization, "Default"),
            acl=find_connector(builtin("option-1"), "CRM").acl
            + builtin("option-2").connectors[2].acl[:4],
        ),
    )
    decision = asked(organization, rcpt_to=("someone@example.net",))
    assert decision.answers.relay.answer is False
    assert decision.refusal is not None
    assert decision.refusal.reply is not None
    assert decision.refusal.reply.count("550 5.7.") == 2
    (missing,) = decision.missing
    assert missing.affects == ("reply",)


def test_what_is_not_known_of_another_connector_plays_no_part():
    organization = unknown(builtin("option-2"), "Client", "entries", "auth_mechanism")
    decision = asked(organization)
    assert decision.missing == ()
    assert decision.answers == asked(builtin("option-2")).answers


@given(strategies.plain_cases())
@searches(20)
def test_an_answer_that_is_given_stays_when_the_missing_entries_turn_up(case):
    organization, session = organization_of(case[0]), session_of(case[1])
    hidden = change_server(
        organization,
        connectors=tuple(
            replace(c, unknown=frozenset({"entries"}), acl=tuple(a for a in c.acl if a.deny))
            for c in organization.connectors
        ),
    )
    partial, whole = (relaysim.evaluate(each, session) for each in (hidden, organization))
    for name in Answers._fields:
        told = getattr(partial.answers, name).answer
        assert told in (None, getattr(whole.answers, name).answer), name


@given(strategies.plain_cases())
@searches(20)
def test_an_answer_of_an_unknown_version_is_that_of_every_version(case):
    organization, session = organization_of(case[0]), session_of(case[1])
    partial = relaysim.evaluate(change_server(organization, exchange=None), session)
    whole = relaysim.evaluate(organization, session)
    for name in Answers._fields:
        told = getattr(partial.answers, name).answer
        assert told in (None, getattr(whole.answers, name).answer), name
    if partial.auth_as is not None:
        assert partial.auth_as is whole.auth_as


def test_the_compiled_engine_leaves_the_same_undecided():
    organization = unknown(builtin("option-2"), "CRM", "entries")
    compiled = relaysim.compile(organization)
    assert compiled.decide(CRM) == asked(organization)
    (ruling,) = compiled.decide_many([Question(CRM)]).rulings
    assert ruling.answers == asked(organization).answers


def test_an_account_meets_the_entries_of_the_connector_it_is_proxied_to():
    organization = fresh_server(exchange=ExchangeVersion.V2019)
    for name in ("Client Frontend", "Default"):
        connector = find_connector(organization, f"{name} EX01")
        assert AuthMechanism.BASIC_AUTH in connector.auth_mechanism
    hidden = unknown(organization, "Client Proxy EX01", "entries")
    session = {"port": 587, "auth": AuthKind.USER, "tls": True, "user": "CONTOSO\\app"}
    session |= {"mail_from": "x@example.net", "header_from": "x@example.net"}
    assert asked(organization, **session).refusal is not None
    open_ = asked(hidden, **session)
    assert open_.refusal is None
    assert any("refusal" in missing.affects for missing in open_.missing)


@pytest.mark.parametrize("text", ["10.0.0.0/8", "0.0.0.0/0"])
def test_a_listed_range_is_true_whatever_else_there_is(text):
    crm = find_connector(builtin("option-2"), "CRM")
    wide = replace(crm, remote_ip_ranges=(parse_range(text),))
    organization = unknown(replace_connector(builtin("option-2"), wide), "CRM", "remote_ip_ranges")
    assert asked(organization, ip="10.1.1.1").answers.relay.answer is True
