"""The commands about everybody on several servers: all, some or one, and each result says where."""

import json

import pytest

from tests import console
from tests.cli.test_batch_servers import SERVERS


@pytest.fixture
def ask(tmp_path):
    (tmp_path / "servers.toml").write_text(SERVERS, "utf-8")

    def call(*arguments):
        return console.relaysim([*arguments, "-c", "servers.toml"], cwd=tmp_path)

    return call


def test_who_can_says_on_which_server_each_result_holds(ask):
    run = ask("who-can", "relay", "--auth", "none", "--port", "25")
    assert run.code == 0
    assert "covered  EX01 port 25; EX02 port 25, with and without TLS\n" in run.output
    rows = [line.split() for line in run.output.splitlines() if "EX0" in line and "no" in line]
    places = {
        tuple(row[row.index(name) :]) for row in rows for name in ("EX01", "EX02") if name in row
    }
    assert ("EX01", "port", "25", "no", "192.168.2.55", "1", "Relay", "A") in places
    assert ("EX02", "port", "25", "no", "192.168.2.55", "1", "Relay", "B") in places


@pytest.mark.parametrize(
    ("server", "count"), [("EX01", 257), ("ex02", 1), ("EX01,EX02", 257), ("EX02, ex01", 257)]
)
def test_server_narrows_who_can_to_one_or_some(ask, server, count):
    run = ask("who-can", "relay", "--auth", "none", "--port", "25", "--server", server)
    assert run.output.startswith(f"{count} address")


def test_map_has_each_server_in_its_json(ask):
    document = json.loads(ask("map", "--port", "25", "-o", "json").output)
    assert [one["name"] for one in document["configuration"]["servers"]] == ["EX01", "EX02"]
    one = json.loads(ask("map", "--port", "25", "--server", "EX02", "-o", "json").output)
    assert "servers" not in one["configuration"]
    assert {each["server"] for each in one["covered"]["endpoints"]} == {"EX02"}


@pytest.mark.parametrize("command", [("map",), ("who-can", "relay"), ("audit",), ("report",)])
def test_an_unknown_server_is_told_with_those_there_are(ask, command):
    run = ask(*command, "--server", "EX01,EX03")
    assert run.code == 2
    assert "--server: unknown server `EX03`\n" in run.output
    assert "servers here: EX01, EX02" in run.output


def test_audit_and_report_take_one_of_the_servers(ask):
    assert "EX02" not in ask("audit", "--server", "EX01").output
    page = ask("report", "--server", "EX02").output
    assert "<title>Who may relay: EX02</title>" in page


def test_explain_shows_the_connectors_of_every_server(ask):
    run = ask("explain")
    assert run.output.startswith("3 connectors of 2 servers: who holds which rights\n")
    rows = [line.split("  ")[0] for line in run.output.splitlines() if line.startswith("EX0")]
    assert list(dict.fromkeys(rows)) == ["EX01\\Relay A", "EX02\\Relay B", "EX02\\Inside"]
    right = ask("explain", "--right", "any-rec").output
    assert "EX01\\Relay A" in right
    assert "EX02\\Relay B" in right
    held = json.loads(ask("explain", "-o", "json").output)["holdings"]
    assert {each["server"] for each in held} == {"EX01", "EX02"}
    one = json.loads(ask("explain", "--server", "EX02", "-o", "json").output)["holdings"]
    assert {each["connector"] for each in one} == {"Relay B", "Inside"}
    assert not any("server" in each for each in one)
