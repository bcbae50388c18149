"""`relaysim batch` about several servers: the column `server`, and rule S-8 for rows without it."""

import csv
import io
import json

import pytest

from relaysim.batch.places import Places
from relaysim.config.serverfile import parse_server
from relaysim.engine.compiled.question import Question
from relaysim.engine.decide import evaluate
from tests import console

SERVERS = """\
format = 1

[organization]
accepted_domains = ["contoso.com"]

[[server]]
name = "EX01"
exchange = "2010"
addresses = ["10.0.0.1"]

[[server.connector]]
name = "Relay A"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["192.168.2.55", "192.168.3.0/24"]
permission_groups = "AnonymousUsers"

[[server.connector.ace]]
user = 'NT AUTHORITY\\ANONYMOUS LOGON'
rights = "Accept-Any-Recipient"

[[server]]
name = "EX02"
exchange = "2010"
addresses = ["10.0.0.2"]

[[server.connector]]
name = "Relay B"
bindings = ["0.0.0.0:25", "0.0.0.0:2525"]
remote_ip_ranges = ["192.168.2.55"]
permission_groups = "AnonymousUsers"

[[server.connector.ace]]
user = 'NT AUTHORITY\\ANONYMOUS LOGON'
rights = "Accept-Any-Recipient"

[[server.connector]]
name = "Inside"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["192.168.3.0/24"]
permission_groups = "AnonymousUsers"
"""
ORGANIZATION = parse_server(SERVERS.encode(), file="servers.toml")


@pytest.fixture
def batch(tmp_path):
    (tmp_path / "servers.toml").write_text(SERVERS, "utf-8")

    def call(text, *arguments, name="rows.csv"):
        (tmp_path / name).write_text(text, "utf-8")
        command = ["batch", name, "-c", "servers.toml", *arguments]
        return console.relaysim(command, cwd=tmp_path)

    return call


def rows_of(run):
    """The CSV rows of a run, without what it says about them."""
    lines = [line for line in run.output.splitlines() if not line.startswith("error: ")]
    return list(csv.DictReader(io.StringIO("\n".join(lines))))


def test_a_row_is_asked_of_the_server_it_names(batch):
    run = batch(
        "ip,to,server\n192.168.3.9,a@b.example,EX01\n192.168.3.9,a@b.example,ex02.contoso.com\n"
    )
    first, second = rows_of(run)
    assert (first["connector"], first["relay"], first["reply"]) == ("Relay A", "yes", "")
    assert (second["connector"], second["relay"]) == ("Inside", "no")
    assert second["reply"] == "550 5.7.1 Unable to relay"


def test_a_row_without_server_has_one_answer_where_all_agree(batch):
    (row,) = rows_of(batch("ip,server\n192.168.2.55,\n"))
    assert (row["relay"], row["error"]) == ("yes", "")
    assert row["connector"] == "EX01\\Relay A; EX02\\Relay B"


def test_servers_that_differ_stand_side_by_side(batch):
    run = batch("ip,to\n192.168.3.9,a@b.example\n")
    (row,) = rows_of(run)
    assert (row["relay"], row["submit"], row["connector"]) == ("undecided", "undecided", "")
    assert "(S-8; missing: server); EX01: connector `Relay A`, may submit yes, may" in row["error"]
    assert "EX02: connector `Inside`, may submit yes, may relay no" in row["error"]
    assert run.code == 2


@pytest.mark.parametrize(("local", "connector"), [("10.0.0.1", "Relay A"), ("10.0.0.2", "Inside")])
def test_a_local_address_of_a_server_picks_it(batch, local, connector):
    (row,) = rows_of(batch(f"ip,local-ip\n192.168.3.9,{local}\n"))
    assert row["connector"] == connector


def test_an_unknown_server_is_named_in_its_row(batch):
    run = batch("ip,server\n192.168.2.55,EX03\n")
    assert run.code == 2
    assert rows_of(run)[0]["error"] == "server: unknown server `EX03`"


def test_json_rows_name_their_server_too_and_an_undecided_answer_is_null(batch):
    rows = [{"ip": "192.168.3.9", "server": "EX02"}, {"ip": "192.168.3.9"}]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    run = batch(text, name="rows.jsonl")
    lines = [line for line in run.output.splitlines() if line.startswith("{")]
    one, both = (json.loads(line) for line in lines)
    assert (one["connector"], one["relay"]) == ("Inside", False)
    assert both["relay"] is None


def test_a_summary_counts_rows_of_several_servers(batch):
    run = batch("ip,server\n192.168.3.9,EX01\n192.168.3.8,EX01\n192.168.2.55,\n", "-o", "summary")
    assert run.code == 0
    assert [line.split()[0] for line in run.output.splitlines() if "Relay A" in line] == ["2", "1"]


def test_narrowed_to_one_server_a_batch_is_about_that_server(batch):
    (row,) = rows_of(batch("ip,to\n192.168.3.9,a@b.example\n", "--server", "EX02"))
    assert (row["connector"], row["relay"]) == ("Inside", "no")


def test_one_server_takes_its_own_name_in_the_column(tmp_path):
    (tmp_path / "rows.csv").write_text("ip,server\n192.168.2.55,EX01\n192.168.2.55,EX02\n")
    run = console.relaysim(["batch", "rows.csv", "-c", "builtin:option-1"], cwd=tmp_path)
    right, wrong = rows_of(run)
    assert (right["connector"], wrong["error"]) == (
        "CRM Application",
        "server: unknown server `EX02`",
    )


@pytest.mark.parametrize("server", ["", "EX01", "EX02"])
@pytest.mark.parametrize("port", [25, 2525, 26])
@pytest.mark.parametrize("ip", ["192.168.2.55", "192.168.3.9", "10.0.0.9", "2001:db8::1"])
@pytest.mark.parametrize("to", [(), ("a@b.example",), ("x@contoso.com",)])
def test_a_row_gets_what_the_engine_says(ip, port, to, server):
    question = Question(ip, port=port, rcpt_to=to)
    asked = ORGANIZATION.on(server) if server else ORGANIZATION
    decision = evaluate(asked, question.session())
    wanted = dict.fromkeys(("submit", "relay", "stage", "recipient", "error"), "")
    row = Places(ORGANIZATION, room=1 << 20).results(question, server, wanted)
    if decision.undecided is not None:
        assert (row["submit"], row["relay"]) == (None, None)
        assert decision.undecided.rule in row["error"]
        return
    assert row["error"] == ""
    assert (row["submit"].answer, row["relay"].answer) == (
        decision.answers.submit.answer,
        decision.answers.relay.answer,
    )
    refusal = decision.refusal
    assert row["stage"] == (refusal.stage.value if refusal else "")
    assert row["recipient"] == ((refusal.recipient or "") if refusal else "")
