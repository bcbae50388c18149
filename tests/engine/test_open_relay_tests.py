"""None of the sixteen spellings of an open-relay scanner counts as local by accident.

Source: NMAP16. The same pairs stand in scenarios/addresses/open-relay-tests.toml.
"""

import tomllib
from pathlib import Path

import pytest

from relaysim import Session, evaluate, load, parse_address
from relaysim.builtin.fresh import fresh_server
from relaysim.model.session import parse_mailbox
from relaysim.model.version import ExchangeVersion
from relaysim.smtp.dialogue import play
from relaysim.smtp.record import Client, SmtpStage

D, SERVER, IP = "example.net", "ex01.contoso.com", "[192.0.2.25]"
PAIRS = [
    ("", f"relaytest@{D}"),
    (f"antispam@{D}", f"relaytest@{D}"),
    (f"antispam@{SERVER}", f"relaytest@{D}"),
    (f"antispam@{IP}", f"relaytest@{D}"),
    (f"antispam@{IP}", f"relaytest%{D}@{IP}"),
    (f"antispam@{IP}", f"relaytest%{D}@{SERVER}"),
    (f"antispam@{IP}", f'"relaytest@{D}"'),
    (f"antispam@{IP}", f'"relaytest%{D}"'),
    (f"antispam@{IP}", f"relaytest@{D}@{IP}"),
    (f"antispam@{IP}", f'"relaytest@{D}"@{IP}'),
    (f"antispam@{IP}", f"relaytest@{D}@{SERVER}"),
    (f"antispam@{IP}", f"@{IP}:relaytest@{D}"),
    (f"antispam@{IP}", f"@{SERVER}:relaytest@{D}"),
    (f"antispam@{IP}", f"{D}!relaytest"),
    (f"antispam@{IP}", f"{D}!relaytest@{IP}"),
    (f"antispam@{IP}", f"{D}!relaytest@{SERVER}"),
]
CLIENT = parse_address("203.0.113.9")
VERSIONS = [v for v in ExchangeVersion if v.has_front_end]


@pytest.mark.parametrize("number", range(1, 17))
@pytest.mark.parametrize("version", VERSIONS)
def test_an_anonymous_client_cannot_relay_by_any_of_them(version, number):
    organization = fresh_server(exchange=version)
    sender, recipient = PAIRS[number - 1]
    lines = ["EHLO a", f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>", "DATA"]
    dialogue = play(organization, Client(ip=CLIENT), lines)
    rcpt = dialogue.exchanges[3]
    assert rcpt.moment is SmtpStage.RCPT_TO
    assert rcpt.code in (501, 550)
    assert dialogue.exchanges[4].reply == ("503 5.5.2 Need rcpt command",)


@pytest.mark.parametrize("number", range(1, 17))
def test_the_point_engine_refuses_each_at_rcpt_too(number):
    sender, recipient = (parse_mailbox(text) for text in PAIRS[number - 1])
    organization = fresh_server(exchange=ExchangeVersion.V2016)
    session = Session(ip=CLIENT, mail_from=sender, rcpt_to=(recipient,))
    refusal = evaluate(organization, session).refusal
    assert refusal is not None
    assert refusal.recipient == recipient


def test_whoever_may_relay_is_refused_only_what_is_no_address():
    """The right to relay makes every well-formed spelling acceptable: it is about domains."""
    organization = load("builtin:option-2")
    client = Client(ip=parse_address("192.168.2.55"))
    refused = []
    for number, (sender, recipient) in enumerate(PAIRS, start=1):
        lines = ["EHLO a", f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>"]
        if play(organization, client, lines).exchanges[-1].code != 250:
            refused.append(number)
    assert refused == [7, 8, 9, 11, 14]


def test_the_scenario_file_has_the_same_pairs_in_the_same_order():
    path = Path(__file__).parents[2] / "scenarios" / "addresses" / "open-relay-tests.toml"
    steps = tomllib.loads(path.read_text("utf-8"))["step"]
    assert [(parse_mailbox(step["check"]["from"]), step["check"]["to"]) for step in steps] == PAIRS
