"""Rules as later observations corrected them: words by version, stages, what is offered."""

from dataclasses import replace

import pytest

from relaysim.builtin.fresh import fresh_server
from relaysim.engine.compiled.organization import Compiled
from relaysim.engine.evaluate import evaluate
from relaysim.model.acl import Ace
from relaysim.model.decision import AuthAs, Reason, Stage
from relaysim.model.organization import AcceptedDomain
from relaysim.model.principals import AUTHENTICATED_USERS
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind, Session
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.net.address import parse_address
from relaysim.smtp.authentication import TOKEN
from relaysim.smtp.dialogue import play
from relaysim.smtp.record import Client

IP = parse_address("203.0.113.9")


def server(version="2016", role=ServerRole.HUB):
    return fresh_server(exchange=ExchangeVersion(version), server="EX01", role=role)


def with_connectors(organization, connectors):
    only = replace(organization.only, connectors=tuple(connectors))
    return replace(organization, servers=(only,))


def without(organization, name):
    return with_connectors(organization, (c for c in organization.connectors if c.name != name))


def ask(organization, **question):
    return evaluate(organization, Session(ip=IP, **question))


@pytest.mark.parametrize(
    ("version", "reply", "assumed"),
    [
        ("2013", "530 5.7.1 Client was not authenticated", False),
        ("2016", "530 5.7.57 SMTP; Client was not authenticated to send", True),
        ("2019", "530 5.7.57 SMTP; Client was not authenticated to send", False),
        ("SE", "530 5.7.57 SMTP; Client was not authenticated to send", True),
    ],
)
def test_anonymous_mail_is_refused_in_the_words_of_the_version(version, reply, assumed):
    decision = ask(server(version), port=587)
    assert decision.refusal.reply.startswith(reply)
    assert any(a.rule == "O-1" for a in decision.assumptions) is assumed


@pytest.mark.parametrize(
    ("version", "port", "code"), [("2010", 587, "550 5.7.1 C"), ("2016", 587, "550 5.7.60 SMTP;")]
)
def test_a_computer_account_has_no_address_of_its_own(version, port, code):
    asked = {"port": port, "auth": AuthKind.NTLM, "mail_from": "app@contoso.com"}
    decision = ask(server(version), user="CONTOSO\\HOST$", **asked)
    assert decision.undecided is None
    assert decision.refusal.stage is Stage.END_OF_DATA
    assert decision.refusal.reply.startswith(code)
    assert ask(server(version), user="CONTOSO\\host", **asked).undecided is not None


@pytest.mark.parametrize(
    ("name", "rule", "asked"),
    [
        ("Client Proxy EX01", "P-2", {"port": 587, "auth": AuthKind.NTLM, "tls": True}),
        ("Default EX01", "P-1", {"port": 25, "mail_from": "a@example.net"}),
    ],
)
def test_without_its_back_end_a_front_end_refuses_for_the_time_being(name, rule, asked):
    whole = server()
    assert ask(whole, **asked).refusal is None
    sleeping = tuple(replace(c, enabled=c.enabled and c.name != name) for c in whole.connectors)
    for organization in (without(whole, name), with_connectors(whole, sleeping)):
        decision = ask(organization, **asked)
        assert decision.refusal.reply.startswith("451 4.7.0 Temporary server error.")
        assert decision.refusal.stage is Stage.END_OF_DATA
        assert [a.rule for a in decision.assumptions] == [rule]
        texts = [a.text for a in decision.assumptions] + [n.text for n in decision.notes]
        assert not any(name in text for text in texts)


def beside(first, second):
    """Return an organization of the two servers."""
    return replace(first, servers=(*first.servers, *second.servers))


def named(organization, name):
    """Return the organization as one whose server has another name."""
    connectors = (replace(c, name=c.name.replace("EX01", name)) for c in organization.connectors)
    only = replace(organization.only, name=name, connectors=tuple(connectors))
    return replace(organization, servers=(only,))


MESSAGE = [
    "EHLO app",
    "MAIL FROM:<a@example.net>",
    "RCPT TO:<b@contoso.com>",
    *("DATA", "From: a@example.net", "", ".", "QUIT"),
]
FRONT_END_ALONE = without(server(), "Default EX01")


@pytest.mark.parametrize("other", ["2013", "2016", "SE"])
def test_the_back_end_of_another_server_takes_the_mail_of_a_front_end_on_an_assumption(other):
    both = beside(FRONT_END_ALONE, named(server(other), "EX02")).on("EX01")
    decision = ask(both, mail_from="a@example.net")
    assert decision.refusal is None
    assert [(a.rule, a.affects) for a in decision.assumptions] == [("P-1", ("refusal",))]
    assert any("`EX02\\Default EX02`" in note.text for note in decision.notes)
    assert Compiled(both).decide(IP, mail_from="a@example.net") == decision
    (message,) = play(both, Client(ip=IP), MESSAGE).messages
    assert message.goes_to == "EX02\\Default EX02"


@pytest.mark.parametrize(
    "other",
    [
        named(server("2010"), "EX02"),
        named(server("SE", ServerRole.EDGE), "EX02"),
        named(FRONT_END_ALONE, "EX02"),
        server("2016"),
    ],
    ids=["no back end before 2013", "an Edge", "no Default of its own", "a Default of another"],
)
def test_nobody_else_takes_the_mail_of_a_front_end(other):
    only = replace(other.only, name="EX02")
    both = beside(FRONT_END_ALONE, replace(other, servers=(only,))).on("EX01")
    assert ask(both, mail_from="a@example.net").refusal.because is Reason.NO_BACK_END


@pytest.mark.parametrize("auth", ["none", "user"])
def test_a_list_that_stops_at_the_front_end_says_nothing_of_the_back_end(auth):
    whole = server()
    listed = with_connectors(whole, (c for c in whole.connectors if c.is_front_end))
    decision = ask(listed, auth=auth, port=587 if auth == "user" else 25, tls=True, user="app")
    if auth == "user":
        # That an account's mail fails without Client Proxy was seen, so it stays.
        assert decision.refusal.rule == "P-2"
        return
    assert decision.refusal is None
    assert [a.rule for a in decision.assumptions] == ["P-1"]
    assert not any(note.rule == "P-1" for note in decision.notes)


def test_the_client_proxy_of_another_server_takes_no_mail_of_accounts():
    both = beside(without(server(), "Client Proxy EX01"), named(server(), "EX02")).on("EX01")
    asked = {"port": 587, "auth": AuthKind.NTLM, "tls": True}
    assert ask(both, **asked).refusal.rule == "P-2"


@pytest.mark.parametrize(
    ("version", "code"), [("2010", "550 5.7.1 Client"), ("SE", "550 5.7.60 SMTP; Client")]
)
def test_an_edge_refuses_an_accounts_sender_in_the_words_of_its_version(version, code):
    edge = server(version, ServerRole.EDGE)
    opened = tuple(
        replace(c, auth_mechanism=c.auth_mechanism | _integrated(), acl=(*c.acl, _SUBMIT))
        for c in edge.connectors
    )
    edge = with_connectors(edge, opened)
    decision = ask(edge, auth=AuthKind.NTLM, user="app", mail_from="app@contoso.com")
    assert decision.refusal.rule == "O-7b"
    assert decision.refusal.reply.startswith(code)


def _integrated():
    client = next(c for c in server().connectors if c.name == "Client Frontend EX01")
    return {m for m in client.auth_mechanism if m.value == "Integrated"}


_SUBMIT = Ace(AUTHENTICATED_USERS, Right.SUBMIT)


def test_an_edge_trusts_servers_of_its_subscription_and_no_bridgehead():
    edge = server("2010", ServerRole.EDGE)
    decision = ask(edge, auth=AuthKind.EXCHANGE)
    assert decision.auth_as is AuthAs.INTERNAL
    assert "O-5" in [a.rule for a in decision.assumptions]


@pytest.mark.parametrize("name", ["printer.", "a..b", "[300.1.1.1]", "a b", "ünder", "[fe80::1]x"])
def test_a_name_that_is_no_domain_is_refused_and_another_one_taken(name):
    dialogue = play(server(), Client(ip=IP), [f"EHLO {name}", "EHLO my_host.example"])
    assert dialogue.exchanges[1].reply == ("501 5.5.4 Invalid domain name",)
    assert dialogue.exchanges[2].code == 250


def test_full_control_shows_eighteen_tokens_in_2010():
    organization = server("2010")
    everything = Ace(AUTHENTICATED_USERS, Right.FULL_CONTROL)
    opened = tuple(replace(c, acl=(*c.acl, everything)) for c in organization.connectors)
    client = Client(ip=IP, port=587, user="CONTOSO\\admin")
    lines = ["EHLO a", "AUTH NTLM", TOKEN, TOKEN]
    dialogue = play(with_connectors(organization, opened), client, lines)
    tokens = dialogue.exchanges[-1].state.permissions
    assert len(tokens) == 18
    assert tokens[:2] == ("SMTPSubmit", "SMTPSubmitForMLS")
    assert tokens[-2:] == ("SMTPSendXShadow", "SMTPAcceptXShadow")


@pytest.mark.parametrize(("version", "printed"), [("2007", True), ("2010", True), ("2016", False)])
def test_older_servers_print_an_empty_auth_where_the_only_mechanism_waits_for_tls(version, printed):
    organization = server(version)
    mechanisms = {"Tls", "BasicAuth", "BasicAuthRequireTLS"}
    connectors = tuple(
        replace(c, auth_mechanism=frozenset(m for m in c.auth_mechanism if m.value in mechanisms))
        for c in organization.connectors
    )
    organization = with_connectors(organization, connectors)
    dialogue = play(organization, Client(ip=IP, port=587), ["EHLO a", "STARTTLS", "EHLO a"])
    assert ("250-AUTH" in dialogue.exchanges[1].reply) is printed
    assert "250-AUTH LOGIN" in dialogue.exchanges[3].reply


def test_after_anonymous_tls_a_server_is_offered_its_own_mechanisms():
    lines = ["EHLO a", "X-ANONYMOUSTLS", "EHLO a", "X-EXPS EXCHANGEAUTH", TOKEN]
    dialogue = play(server("2019"), Client(ip=IP, auth=AuthKind.EXCHANGE), lines)
    assert "250-X-EXPS EXCHANGEAUTH GSSAPI NTLM" in dialogue.exchanges[3].reply
    assert "250-X-EXCHANGEAUTH SHA256" in dialogue.exchanges[3].reply
    assert dialogue.exchanges[-1].code == 235
    failing = play(server("2019"), Client(ip=IP), lines)
    assert failing.exchanges[-1].reply == ("454 4.7.0 Temporary authentication failure",)


@pytest.mark.parametrize("fact", [{"rcpt_to": ("b@contoso.com",)}, {"rcpt_to": ()}])
def test_accepted_domains_that_are_not_described_are_an_assumption_where_they_decide(fact):
    whole = server()
    told = replace(whole, accepted_domains=(AcceptedDomain(name="contoso.com"),))
    untold = replace(whole, accepted_domains=())
    assumed = [a.rule for a in ask(untold, **fact).assumptions]
    assert assumed == ["O-10"] * len(fact["rcpt_to"])
    assert not ask(told, **fact).assumptions
    assert Compiled(untold).decide(IP, **fact) == ask(untold, **fact)
