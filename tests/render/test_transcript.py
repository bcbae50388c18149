"""A transcript says what the dialogue holds, and nothing a terminal would act on."""

import csv

from hypothesis import given
from hypothesis import strategies as st

from relaysim.builtin import builtin
from relaysim.builtin.fresh import fresh_server
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import parse_address
from relaysim.render.answers.transcript import TranscriptStyle, render_transcript
from relaysim.smtp.authentication import TOKEN
from relaysim.smtp.clients.client_script import converse, read_script
from relaysim.smtp.dialogue import play
from relaysim.smtp.record import Client
from tests import strategies
from tests.cases import organization_of, session_of

STRANGER = parse_address("203.0.113.9")


def rows(dialogue):
    text = render_transcript(dialogue, TranscriptStyle.LOG)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.reader(lines))


def test_permissions_are_logged_again_after_auth_and_credentials_are_not():
    lines = ["EHLO a", "AUTH NTLM", TOKEN, TOKEN]
    client = Client(ip=STRANGER, port=587, user="CONTOSO\\app")
    found = rows(play(fresh_server(), client, lines))
    tokens = [row[7] for row in found if row[8] == "Set Session Permissions"]
    assert tokens == [
        "None",
        "SMTPSubmit SMTPAcceptAnyRecipient BypassAntiSpam AcceptRoutingHeaders",
    ]
    assert all(TOKEN not in row for row in found)
    assert ["*", "CONTOSO\\app", "authenticated"] in [row[6:9] for row in found]


def test_ehlo_takes_one_row_from_2013_on_and_one_for_each_line_before():
    for version in (ExchangeVersion.V2010, ExchangeVersion.V2013):
        dialogue = play(fresh_server(exchange=version), Client(ip=STRANGER), ["EHLO a"])
        answers = [row for row in rows(dialogue) if row[6] == ">" and row[7].startswith("250")]
        lines = len(dialogue.exchanges[1].reply)
        assert lines > 10
        assert len(answers) == (lines if version is ExchangeVersion.V2010 else 1)


def test_a_refused_stranger_is_delayed_in_the_log_and_an_account_is_not():
    refused = play(fresh_server(), Client(ip=STRANGER), ["EHLO a", "MAIL FROM:<>"])
    assert ["*", "Tarpit for '0.00:00:05'", ""] in [row[6:9] for row in rows(refused)]
    lines = ["EHLO a", "AUTH NTLM", TOKEN, TOKEN, "NONSENSE"]
    known = play(fresh_server(), Client(ip=STRANGER, port=587), lines)
    assert not any(row[7].startswith("Tarpit") for row in rows(known))


def test_nobody_answers_leaves_a_log_without_rows():
    assert rows(play(builtin("default"), Client(ip=STRANGER, port=26), ["EHLO a"])) == []


def test_a_comma_in_the_account_is_quoted():
    client = Client(ip=STRANGER, port=587, user='CONTOSO\\a,"b')
    found = rows(play(fresh_server(), client, ["EHLO a", "AUTH NTLM", TOKEN, TOKEN]))
    assert 'CONTOSO\\a,"b' in [row[7] for row in found]


@given(strategies.plain_cases())
def test_log_rows_are_numbered_and_have_nine_fields(case):
    found = rows(converse(organization_of(case[0]), session_of(case[1])))
    assert [row[3] for row in found] == [str(n) for n in range(len(found))]
    assert all(len(row) == 9 for row in found)
    if found:
        assert (found[0][6], found[-1][6]) == ("+", "-")


@given(strategies.plain_cases(), st.booleans())
def test_the_client_lines_of_a_transcript_are_what_was_said(case, why):
    dialogue = converse(organization_of(case[0]), session_of(case[1]))
    said = [line for exchange in dialogue.exchanges for line in exchange.said]
    text = render_transcript(dialogue, why=why)
    if said:
        assert list(read_script(text)) == [line.rstrip() for line in said]


@given(st.lists(st.text(max_size=20), max_size=8), st.booleans())
def test_nothing_a_client_says_acts_on_the_terminal(lines, why):
    dialogue = play(builtin("option-2"), Client(ip=parse_address("192.168.2.55")), lines)
    for style in TranscriptStyle:
        text = render_transcript(dialogue, style, why=why)
        assert all(line.isprintable() for line in text.split("\n"))
