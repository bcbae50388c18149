"""What a client's own log shows is held against the description like a server's log."""

import csv
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
from tests.replay.logs import RELAYED, log_of, session_rows

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


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """Return a folder with a server's log, a client's, two descriptions and a file of neither."""
    folder = tmp_path_factory.mktemp("seen")
    described = (
        'format = 1\n[organization]\nserver = "MX1"\naccepted_domains = ["contoso.com"]\n'
        '[[connector]]\nname = "Printers"\nbindings = "0.0.0.0:25"\n'
        'remote_ip_ranges = "{}"\npermission_groups = "AnonymousUsers"\n'
    )
    (folder / "one.toml").write_text(described.format("10.0.0.0/8"), "utf-8")
    (folder / "new.toml").write_text(described.format("10.1.0.0/16"), "utf-8")
    logs = folder / "logs"
    logs.mkdir()
    rows = log_of(session_rows(1, RELAYED, client="10.1.2.3:4000"))
    (logs / "a.log").write_text(rows, "utf-8")
    (logs / "b.txt").write_text(talk("250 2.1.5 Recipient OK"), "utf-8")
    (logs / "c.txt").write_text("nothing\n", "utf-8")
    return folder


def asked(seen, *more):
    return relaysim(["replay", "logs", "-c", "one.toml", *more], cwd=seen)


def test_sessions_lists_those_of_clients_logs_by_file_and_line(seen):
    found = asked(seen, "--sessions", "--what-if", "new.toml", "--fail-on", "refused")
    *lines, remark = found.output.splitlines()
    server, client = (json.loads(line) for line in lines)
    assert (server["key"], server["outcome"]) == ("MX1|0000000000000001", "different")
    assert client["key"].replace("\\", "/") == "logs/b.txt:1"
    assert (client["client"], client["outcome"]) == ("10.9.8.7", "different")
    assert client["what_if"]["outcome"] == "now refused"
    assert found.code == 1
    assert "c.txt: no server's log" in remark


@pytest.mark.parametrize("other", [["--suggest"], ["-o", "csv"], ["--to-scenario", "x.toml"]])
def test_sessions_stands_alone(seen, other):
    found = asked(seen, "--sessions", *other)
    assert found.code == 2
    assert "one line of JSON for each session, and nothing else" in found.output


def test_csv_and_markdown_have_the_sessions_of_clients_logs(seen):
    rows = list(csv.DictReader(asked(seen, "-o", "csv").output.splitlines()))
    assert [(row["outcome"], row["client"], row["relays"]) for row in rows] == [
        ("different", "10.1.2.3", "yes"),
        ("different", "10.9.8.7", ""),
    ]
    assert rows[1]["where"].endswith("b.txt:1")
    assert rows[1]["logged"] == "telnet; anonymous; no end shown"
    table = asked(seen, "-o", "markdown").output.splitlines()
    assert "1 session in clients' logs, 0 with a refusal: 1 different" in table[0]
    assert any("10.9.8.7" in line and "b.txt:1" in line for line in table)


def test_the_changed_configuration_is_asked_of_clients_logs_too(seen):
    found = asked(seen, "--what-if", "new.toml", "-o", "json", "--fail-on", "refused")
    (session,) = json.loads(found.output)["sessions"]
    assert (found.code, session["what_if"]["outcome"]) == (1, "now refused")
    text = asked(seen, "--what-if", "new.toml").output
    assert "1 session in clients' logs, 0 with a refusal: 1 now refused" in text
