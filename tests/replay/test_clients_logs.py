"""What a client's own log shows is held against the description like a server's log."""

import json

import pytest

from relaysim.builtin.fresh import fresh_server
from relaysim.importers.logs.client_log import read_client_log
from relaysim.lean import replace
from relaysim.model.organization import AcceptedDomain
from relaysim.model.version import ExchangeVersion
from relaysim.replay.clients import judge_client
from relaysim.replay.judging import ReplayOutcome, SessionJudge
from tests.console import relaysim

RELAY_REFUSED = "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"


def organization():
    fresh = fresh_server(exchange=ExchangeVersion.V2016, server="EX01")
    return replace(fresh, accepted_domains=(AcceptedDomain(name="contoso.com"),))


def talk(*replies, place="", client="10.9.8.7", to="b@example.net"):
    """Return what telnet shows of a session; the last reply is that to the recipient."""
    lines = [place] if place else []
    lines += ["220 mail ESMTP", "EHLO app", f"250 EX01.contoso.com Hello [{client}]"]
    lines += ["MAIL FROM:<a@contoso.com>", "250 2.1.0 Sender OK", f"RCPT TO:<{to}>", *replies]
    return "\n".join(lines) + "\n"


def judged(text, described=None):
    (session,) = read_client_log(text)
    return judge_client(SessionJudge(described or organization()), session)


@pytest.mark.parametrize(
    ("reply", "to", "outcome", "why"),
    [
        (RELAY_REFUSED, "b@example.net", ReplayOutcome.SAME, ""),
        ("250 2.1.5 Recipient OK", "b@contoso.com", ReplayOutcome.SAME, ""),
        ("250 2.1.5 Recipient OK", "b@example.net", ReplayOutcome.DIFFERENT, "was taken"),
        (RELAY_REFUSED, "b@contoso.com", ReplayOutcome.DIFFERENT, "lets it pass"),
    ],
)
def test_a_clients_reply_is_held_against_what_its_address_would_get(reply, to, outcome, why):
    (session,) = read_client_log(talk(reply, to=to))
    found = judge_client(SessionJudge(organization()), session._replace(port=25))
    assert found.outcome is outcome
    assert why in " ".join(found.why)


def test_a_port_that_is_not_shown_is_missing_where_the_ports_do_not_agree():
    found = judged(talk(RELAY_REFUSED))
    assert found.outcome is ReplayOutcome.CANNOT_TELL
    assert found.why == (
        "the log does not show the server's port; EX01 port 25: same, EX01 port 587: different",
    )


@pytest.mark.parametrize("client", ["app", ""])
def test_a_client_whose_address_is_not_shown_cannot_be_told(client):
    found = judged(talk(RELAY_REFUSED, client=client))
    assert found.outcome is ReplayOutcome.CANNOT_TELL
    assert "client's address" in found.why[0]


def test_a_port_that_nobody_serves_cannot_be_told():
    (session,) = read_client_log(talk(RELAY_REFUSED))
    found = judge_client(SessionJudge(organization()), session._replace(port=2600))
    assert found.why == ("no described server listens on this port",)


def test_the_gate_and_the_document_tell_the_outcome_and_no_server_is_made_up(tmp_path):
    (tmp_path / "seen.txt").write_text(talk("250 2.1.5 Recipient OK"), "utf-8")
    (tmp_path / "one.toml").write_text(
        'format = 1\n[organization]\naccepted_domains = ["contoso.com"]\n[[connector]]\n'
        'name = "A"\nbindings = "0.0.0.0:25"\nremote_ip_ranges = "10.0.0.0/8"\n'
        'permission_groups = "AnonymousUsers"\n',
        "utf-8",
    )
    asked = ["replay", "seen.txt", "-o", "json"]
    gate = relaysim([*asked, "-c", "one.toml", "--fail-on", "different"], cwd=tmp_path)
    (session,) = json.loads(gate.output)["sessions"]
    assert (gate.code, session["outcome"]) == (1, "different")
    alone = relaysim(asked, cwd=tmp_path)
    (session,) = json.loads(alone.output)["sessions"]
    assert (alone.code, session["outcome"], session["predicted"]) == (0, None, None)
