"""Facts that few questions have: a balancer in front (S-9), a certificate of the client (P-5)."""

from dataclasses import replace

import pytest

import relaysim
from relaysim import AuthKind, Session, evaluate, parse_address
from relaysim.builtin.fresh import fresh_server
from relaysim.engine.compiled.question import Question
from relaysim.management_shell import run
from relaysim.model.decision import AuthAs, Reason
from relaysim.model.edit import add_connector
from relaysim.model.server import Network
from relaysim.model.version import ExchangeVersion
from relaysim.net.notation import parse_range
from relaysim.smtp.clients.client_script import client_of
from relaysim.smtp.dialogue import play

CLOUD = "mail.protection.outlook.com"
CLIENT, BALANCER, APPLICATION = map(parse_address, ("203.0.113.9", "10.0.0.4", "192.168.2.55"))


@pytest.fixture(scope="module")
def hybrid():
    """A 2016 server that takes mail of Exchange Online for its own."""
    text = (
        "Set-ReceiveConnector 'Default Frontend EX01' -TlsDomainCapabilities "
        f"{CLOUD}:AcceptCloudServicesMail,'*.partner.example:AcceptCloudServicesMail',"
        "'other.example:AcceptOorgProtocol'"
    )
    return run(text, fresh_server(exchange=ExchangeVersion.V2016)).organization


def test_the_server_sees_the_balancer_and_the_answer_names_both():
    organization = relaysim.load("builtin:option-2")
    hidden = evaluate(organization, Session(ip=APPLICATION, behind=BALANCER))
    seen = evaluate(organization, Session(ip=BALANCER))
    assert hidden.selection == seen.selection
    assert hidden.verdict == seen.verdict
    (note,) = [note for note in hidden.notes if note.rule == "S-9"]
    assert str(APPLICATION) in note.text
    assert str(BALANCER) in note.text
    assert not [note for note in seen.notes if note.rule == "S-9"]
    # And the other way round: everybody behind the application's address relays.
    assert evaluate(organization, Session(ip=CLIENT, behind=APPLICATION)).answers.relay.answer


def test_a_prepared_organization_knows_balancers_and_certificates(hybrid):
    compiled = relaysim.compile(hybrid)
    for facts in (
        {"behind": BALANCER},
        {"tls": True},
        {"tls": True, "cert": CLOUD},
        {"tls": True, "cert": "x.example"},
    ):
        assert compiled.decide(CLIENT, **facts) == evaluate(hybrid, Session(ip=CLIENT, **facts))


def test_connectors_that_differ_only_in_whom_they_trust_are_judged_apart(hybrid):
    front_end = next(c for c in hybrid.connectors if c.name == "Default Frontend EX01")
    narrow = replace(front_end, name="Plain", unmodelled=(), remote_ip_ranges=(parse_range("::1"),))
    both = add_connector(hybrid, narrow)
    clients = (parse_address("::1"), parse_address("::2"))
    for order in (clients, clients[::-1]):
        compiled = relaysim.compile(both)
        for ip in order:
            decision = evaluate(both, Session(ip=ip, tls=True, cert=CLOUD))
            assert (decision.auth_as is AuthAs.INTERNAL) == (ip == clients[1])
            assert compiled.decide(ip, tls=True, cert=CLOUD) == decision
            asked = Question(ip, tls=True, cert=CLOUD)
            assert compiled.decide_many([asked]).rulings[0].auth_as is decision.auth_as


@pytest.mark.parametrize(
    ("cert", "expected"),
    [
        (CLOUD, AuthAs.INTERNAL),
        (f"CN={CLOUD.upper()}", AuthAs.INTERNAL),
        ("mx.partner.example", AuthAs.INTERNAL),
        ("other.example", AuthAs.ANONYMOUS),
        ("evil" + CLOUD, AuthAs.ANONYMOUS),
        ("", AuthAs.ANONYMOUS),
    ],
)
def test_the_certificate_decides_how_a_message_counts(hybrid, cert, expected):
    session = Session(ip=CLIENT, tls=True, cert=cert, mail_from="a@b.example")
    decision = evaluate(hybrid, replace(session, rcpt_to=("user@contoso.com",)))
    assert decision.auth_as is expected
    assert decision.answers.resolve_p2.answer is (expected is AuthAs.INTERNAL)
    lines = ["EHLO a", "STARTTLS", "EHLO a", "MAIL FROM:<a@b.example>"]
    lines += ["RCPT TO:<user@contoso.com>", "DATA", "", "."]
    (message,) = play(hybrid, client_of(session), lines).messages
    assert message.auth_as is expected


def test_a_certificate_that_is_not_told_leaves_it_open_and_is_named(hybrid):
    decision = evaluate(hybrid, Session(ip=CLIENT, tls=True))
    assert decision.auth_as is None
    assert decision.answers.resolve_p2.answer is None
    assert decision.answers.resolve_p2.because is Reason.UNDECIDED
    (missing,) = decision.missing
    assert missing.command == f"--cert {CLOUD}"
    # What does not hang on it is answered.
    assert decision.answers.submit.answer is True
    assert decision.answers.relay.answer is False


def test_what_cannot_show_a_certificate_has_none(hybrid):
    assert evaluate(hybrid, Session(ip=CLIENT)).auth_as is AuthAs.ANONYMOUS
    assert evaluate(hybrid, Session(ip=CLIENT, cert=CLOUD)).auth_as is AuthAs.ANONYMOUS
    account = Session(ip=CLIENT, tls=True, auth=AuthKind.USER, port=587)
    assert evaluate(hybrid, account).auth_as is AuthAs.INTERNAL
    alone = replace(hybrid, network=Network(hybrid=False))
    assert evaluate(alone, Session(ip=CLIENT, tls=True)).auth_as is AuthAs.ANONYMOUS


def test_a_server_known_in_part_names_the_certificate_too(hybrid):
    (server,) = hybrid.servers
    unknown = replace(hybrid, servers=(replace(server, exchange=None),))
    decision = evaluate(unknown, Session(ip=CLIENT, tls=True))
    assert decision.auth_as is None
    assert f"--cert {CLOUD}" in [missing.command for missing in decision.missing]
