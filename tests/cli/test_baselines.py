"""``relaysim audit --baseline``: letter and intent apart, and what a fix would stop."""

import csv
import io
import json
from xml.etree import ElementTree as ET

import pytest

from relaysim.builtin.fresh import fresh_server
from relaysim.config.writer import format_server
from relaysim.model.version import ExchangeVersion, ServerRole
from tests.console import relaysim
from tests.sarif_checking import limit_faults, official_faults


def run(*arguments):
    result = relaysim(["audit", *arguments])
    assert result.code == 0, result.output
    return result.output


def controls(config, name):
    found = json.loads(run("-c", config, "--baseline", name, "-o", "json"))["baseline"]["controls"]
    return {control["id"]: control for control in found}


@pytest.fixture
def edge(tmp_path):
    path = tmp_path / "edge.toml"
    fresh = fresh_server(exchange=ExchangeVersion.V2019, role=ServerRole.EDGE)
    path.write_text(format_server(fresh))
    return str(path)


@pytest.mark.parametrize("id_", ["V-259595", "V-259641"])
def test_either_letter_on_an_edge_stops_the_servers(edge, id_):
    control = controls(edge, "stig")[id_]
    assert control["letter"]["verdict"] == "not met"
    assert control["if_applied"][0].startswith("Exchange servers may no longer submit")
    assert "none satisfies both" in control["known"][0]


def test_a_default_that_does_not_relay_fails_the_letter_and_meets_the_intent():
    control = controls("builtin:default-2019", "stig")["V-259687"]
    assert (control["letter"]["verdict"], control["intent"]["verdict"]) == ("not met", "met")
    assert "anyone may no longer submit on port 25" in " ".join(control["if_applied"])


def test_a_relay_for_everybody_by_hand_meets_the_letter_and_fails_the_intent(tmp_path):
    path = tmp_path / "relay.toml"
    path.write_text(
        """
format = 1
[organization]
exchange = "2019"
accepted_domains = ["contoso.com"]
[[connector]]
name = "Relay"
bindings = "0.0.0.0:25"
remote_ip_ranges = "0.0.0.0/0"
transport_role = "FrontendTransport"
auth_mechanism = "Tls, ExchangeServer"
permission_groups = "ExchangeServers"
[[connector.ace]]
user = "S-1-5-7"
rights = "ms-Exch-SMTP-Submit, ms-Exch-SMTP-Accept-Any-Recipient"
"""
    )
    control = controls(str(path), "stig")["V-259687"]
    assert control["letter"]["verdict"] == "met"
    assert control["intent"]["verdict"] == "not met"
    assert "open-relay" in control["intent"]["where"]


def test_the_mailbox_letter_of_cis_stops_servers_and_logons():
    control = controls("builtin:default-2019", "cis")["AuthMechanism"]
    words = "\n".join(control["if_applied"])
    assert "Exchange servers may no longer submit" in words
    assert "any account may no longer submit on port 465 (`Client Proxy EX01`), port 587" in words


def test_what_a_connector_does_not_know_cannot_be_told():
    control = controls("builtin:default-2019", "stig")["V-259677"]
    assert control["letter"]["verdict"] == "cannot tell"
    assert control["letter"]["missing"] == "Get-TransportConfig: MaxReceiveSize"


def test_a_version_without_a_baseline_says_which_one_is_used():
    shown = json.loads(run("-c", "builtin:default-se", "--baseline", "stig", "-o", "json"))
    assert "no STIG of Exchange SE is known here" in shown["baseline"]["remarks"][0]


@pytest.mark.parametrize("name", ["stig", "cis", "microsoft"])
def test_text_markdown_and_sarif_have_every_control_that_is_not_met(name):
    source = "builtin:default-2019"
    failing = {
        id_ for id_, c in controls(source, name).items() if c["letter"]["verdict"] == "not met"
    }
    assert failing
    text = run("-c", source, "--baseline", name)
    markdown = run("-c", source, "--baseline", name, "-o", "markdown")
    log = json.loads(run("-c", source, "--baseline", name, "-o", "sarif"))
    assert [*official_faults(log), *limit_faults(log)] == []
    told = {result["ruleId"] for result in log["runs"][0]["results"]}
    for id_ in failing:
        assert id_ in text
        assert f"| {id_} |" in markdown
        assert f"{name}/{id_}" in told


def test_junit_github_and_csv_have_every_control():
    source = "builtin:default-2019"
    told = controls(source, "stig")
    failing = {f"stig/{i}" for i, c in told.items() if c["letter"]["verdict"] == "not met"}
    suite = ET.fromstring(run("-c", source, "--baseline", "stig", "-o", "junit"))  # noqa: S314
    cases = [case for case in suite if case.attrib["classname"].startswith("stig/")]
    assert len(cases) == len(told)
    failures = {c.attrib["classname"] for c in cases if c.find("failure") is not None}
    assert failures == failing
    assert int(suite.attrib["tests"]) == len(list(suite))
    annotations = run("-c", source, "--baseline", "stig", "-o", "github")
    assert all(f"title={id_} " in annotations for id_ in failing)
    rows = list(csv.DictReader(io.StringIO(run("-c", source, "--baseline", "stig", "-o", "csv"))))
    verdicts = {row["id"]: row["verdict"] for row in rows if row["id"].startswith("stig/")}
    assert {id_ for id_, verdict in verdicts.items() if verdict == "not met"} == failing
