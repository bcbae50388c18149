"""The seed article, claim by claim. Source: SEED."""

import pytest

from relaysim import AuthKind, Session, evaluate, load, parse_address
from relaysim.model.decision import AuthAs, LostReason

ARTICLE_USERS = {
    "ms-Exch-SMTP-Submit",
    "ms-Exch-Accept-Headers-Routing",
    "ms-Exch-Bypass-Anti-Spam",
    "ms-Exch-SMTP-Accept-Any-Recipient",
}
ARTICLE_EXTERNALLY_SECURED = {
    "ms-Exch-SMTP-Accept-Authoritative-Domain-Sender",
    "ms-Exch-Bypass-Anti-Spam",
    "ms-Exch-Bypass-Message-Size-Limit",
    "ms-Exch-SMTP-Accept-Exch50",
    "ms-Exch-Accept-Headers-Routing",
    "ms-Exch-SMTP-Submit",
    "ms-Exch-SMTP-Accept-Any-Recipient",
    "ms-Exch-SMTP-Accept-Authentication-Flag",
    "ms-Exch-SMTP-Accept-Any-Sender",
}
SERVERS = ("192.168.2.55", "192.168.2.56")


def ask(configuration, ip, **session):
    return evaluate(load(f"builtin:{configuration}"), Session(ip=parse_address(ip), **session))


def held(decision):
    return {grant.right.value for grant in decision.rights if grant.granted}


@pytest.mark.parametrize(("port", "name"), [(25, "Default EX01"), (587, "Client EX01")])
def test_authenticated_hosts_relay_by_default_on_both_connectors(port, name):
    decision = ask("default", "10.9.8.7", auth=AuthKind.USER, port=port)
    assert decision.connector.name == name
    assert decision.answers.relay.answer
    assert held(decision) == ARTICLE_USERS


def test_an_unauthenticated_host_does_not_relay_by_default():
    decision = ask("default", "192.168.2.55", rcpt_to=("a@example.net",))
    assert not decision.answers.relay.answer
    assert decision.refusal is not None


@pytest.mark.parametrize("ip", SERVERS)
def test_option_1_grants_the_nine_rights(ip):
    decision = ask("option-1", ip)
    assert held(decision) == ARTICLE_EXTERNALLY_SECURED


@pytest.mark.parametrize("ip", SERVERS)
def test_option_1_gives_away_what_the_article_says(ip):
    answers = ask("option-1", ip).answers
    assert answers.relay.answer
    assert answers.own_domain_sender.answer
    assert answers.resolve_p2.answer
    assert answers.bypass_anti_spam.answer
    assert answers.bypass_size_limit.answer


@pytest.mark.parametrize("ip", SERVERS)
def test_option_2_relays_and_neither_bypasses_anti_spam_nor_resolves_p2(ip):
    decision = ask("option-2", ip)
    assert decision.answers.relay.answer
    assert decision.answers.relay.right.value == "ms-Exch-SMTP-Accept-Any-Recipient"
    assert not decision.answers.bypass_anti_spam.answer
    assert not decision.answers.resolve_p2.answer
    assert decision.auth_as is AuthAs.ANONYMOUS


@pytest.mark.parametrize("configuration", ["option-1", "option-2", "both"])
def test_the_neighbours_of_the_two_servers_do_not_relay(configuration):
    for ip in ("192.168.2.54", "192.168.2.57", "203.0.113.1"):
        decision = ask(configuration, ip)
        assert decision.connector.name == "Default EX01"
        assert not decision.answers.relay.answer
        lost = {item.name: item.reason for item in decision.lost}
        assert lost["CRM Application"] is LostReason.NO_RANGE


def test_both_options_on_one_connector_answer_like_option_1():
    both, first = ask("both", "192.168.2.55"), ask("option-1", "192.168.2.55")
    assert both.answers == first.answers
    assert both.principals == first.principals
    assert held(both) == held(first)
