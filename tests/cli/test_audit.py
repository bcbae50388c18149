"""``relaysim audit`` as its user meets it."""

import csv
import io
import json
from xml.etree import ElementTree as ET

import pytest

from tests import golden
from tests.analysis.finding_cases import CASES
from tests.console import relaysim
from tests.sarif_checking import SCHEMA, limit_faults, official_faults

OPEN = CASES["open-relay"].text


@pytest.fixture
def opened(tmp_path):
    path = tmp_path / "open.toml"
    path.write_text(OPEN)
    return str(path)


def run(*arguments, code=0):
    result = relaysim(["audit", *arguments])
    assert result.code == code, result.output
    return result.output


def documents(*arguments):
    return json.loads(run(*arguments, "-o", "json"))


@pytest.mark.parametrize("name", ["default", "option-1", "option-2", "both", "default-2019"])
def test_the_audit_of_a_builtin_configuration_is_the_golden_text(name):
    golden.compare(f"audit/{name}.txt", run("-c", f"builtin:{name}"))


def test_a_finding_says_where_it_stands_who_shows_it_and_how_to_mend_it(opened):
    first = documents("-c", opened)["findings"][0]
    assert (first["id"], first["verdict"], first["severity"]) == (
        "open-relay",
        "violated",
        "critical",
    )
    assert (first["server"], first["connector"]) == ("EX01", "Relay")
    assert first["ranges"] == ["8.8.8.0-8.8.8.255"]
    assert [each["port"] for each in first["endpoints"]] == [25]
    assert first["file"] == opened
    assert OPEN.splitlines()[first["line"] - 1] == "[[connector]]"
    assert first["witness"] == f"relaysim check --ip 8.8.8.0 -c {opened}"
    shown = relaysim([*first["witness"].split()[1:], "--expect", "relay=yes"])
    assert shown.code == 0
    assert "Remove-ADPermission -User 'S-1-5-7'" in first["fix"][0]


@pytest.mark.parametrize(("threshold", "code"), [("critical", 1), ("high", 1), ("note", 1)])
def test_an_open_finding_at_the_threshold_fails_the_run(opened, threshold, code):
    run("-c", opened, "--fail-on", threshold, code=code)


def test_findings_below_the_threshold_do_not_fail_the_run():
    run("-c", "builtin:option-2", "--fail-on", "high")
    run("-c", "builtin:option-2", "--fail-on", "medium", code=1)


def sarif_faults(log):
    return [*official_faults(log), *limit_faults(log)]


def test_sarif_has_what_its_readers_need(opened):
    log = json.loads(run("-c", opened, "-o", "sarif"))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    assert "open-relay" in {result["ruleId"] for result in log["runs"][0]["results"]}
    assert sarif_faults(log) == []


# Beside the official schema every finding is worth its time.
@pytest.mark.parametrize("name", sorted(CASES) if SCHEMA else ["es-global", "servers-differ"])
def test_a_finding_is_sound_sarif(name, tmp_path):
    path = tmp_path / "a server.toml"
    path.write_text(CASES[name].text, "utf-8")
    output = run("-c", str(path), "-o", "sarif")
    # Remarks on the server file come before.
    assert sarif_faults(json.loads(output[output.index("{") :])) == []


def test_a_fingerprint_does_not_change_when_lines_move(opened, tmp_path):
    moved = tmp_path / "moved.toml"
    moved.write_text("# a comment\n\n" + OPEN)

    def prints(path):
        (only,) = json.loads(run("-c", str(path), "-o", "sarif"))["runs"]
        return [r["partialFingerprints"]["primaryLocationLineHash"] for r in only["results"]]

    assert prints(opened) == prints(moved)


def test_junit_github_markdown_and_csv_name_the_finding(opened):
    suite = ET.fromstring(run("-c", opened, "-o", "junit"))  # noqa: S314  # our own text
    failures = [case for case in suite if case.find("failure") is not None]
    assert int(suite.attrib["failures"]) == len(failures) > 0
    assert failures[0].attrib["file"] == str(opened)
    assert int(failures[0].attrib["line"]) > 1
    assert "::error file=" in run("-c", opened, "-o", "github")
    markdown = run("-c", opened, "-o", "markdown")
    assert "| critical | open-relay | `EX01\\Relay` |" in markdown
    rows = list(csv.DictReader(io.StringIO(run("-c", opened, "-o", "csv"))))
    assert rows[0]["id"] == "open-relay"


def test_new_since_reports_only_what_the_other_does_not_have(opened, tmp_path):
    old = tmp_path / "old.toml"
    old.write_text(OPEN)
    assert run("-c", opened, "--new-since", str(old)).startswith("no finding")
    old.write_text(OPEN.replace("8.8.8.0/24", "8.8.8.0/25"))
    assert "CRITICAL open-relay" in run("-c", opened, "--new-since", str(old))


def test_what_no_connector_knows_may_stand_in_a_file_of_its_own(opened, tmp_path):
    said = tmp_path / "network.toml"
    said.write_text('[network]\nbalancers = ["8.8.8.8"]\nhybrid = false\n')
    found = {f["id"]: f for f in documents("-c", opened, "--network", str(said))["findings"]}
    assert found["relay-behind-translator"]["ranges"] == ["8.8.8.8"]
    assert found["gateway-captured"]["missing"] == "`[network]` `gateways`"
    said.write_text("[network]\nbalancer = '8.8.8.8'\n")
    message = run("-c", opened, "--network", str(said), code=2)
    assert message.startswith(f"error: {said}:2: ")
    assert "did you mean `balancers`" in message


ACCEPT = """
[[accept]]
rule = "open-relay"
connector = "Relay"
ranges = "8.8.8.0/24"
reason = "ours"
until = 2027-01-31
"""


def accepted(tmp_path, opened, today, text=ACCEPT):
    policy = tmp_path / "policy.toml"
    policy.write_text(text)
    found = documents("-c", opened, "--policy", str(policy), "--today", today)["findings"]
    return [f for f in found if f["id"] in ("open-relay", "accept-unused")]


def test_an_acceptance_holds_up_to_its_last_day(opened, tmp_path):
    (finding,) = accepted(tmp_path, opened, "2027-01-31")
    assert finding["accepted"] == "ours"
    (finding,) = accepted(tmp_path, opened, "2027-02-01")
    assert finding["accepted"] is None
    assert finding["remark"] == "accepted until 2027-01-31: ours"


def test_an_acceptance_does_not_grow_with_the_range(opened, tmp_path):
    smaller = ACCEPT.replace("/24", "/25")
    found = {f["id"]: f for f in accepted(tmp_path, opened, "2027-01-31", smaller)}
    assert found["open-relay"]["accepted"] is None
    assert found["accept-unused"]["verdict"] == "violated"
    assert found["accept-unused"]["line"] == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[accept]]\nrule = 'open-relay'\n", "`connector` is missing"),
        (ACCEPT.replace("open-relay", "open-rely"), "unknown finding `open-rely`"),
        (ACCEPT.replace('"Relay"', '"*"'), "a critical finding is accepted for a named connector"),
        (ACCEPT.replace("2027-01-31", "'soon'"), "expected a day"),
        ("leave = 1\n", "unknown key `leave`"),
        ("[severity]\nopen-relay = 'bad'\n", "unknown severity `bad`"),
    ],
)
def test_a_wrong_policy_is_one_error_with_its_line(opened, tmp_path, text, message):
    policy = tmp_path / "policy.toml"
    policy.write_text(text)
    output = run("-c", opened, "--policy", str(policy), code=2)
    assert output.startswith(f"error: {policy}:")
    assert message in output


def test_names_from_a_file_cannot_break_a_report(tmp_path):
    path = tmp_path / "odd.toml"
    path.write_text(OPEN.replace('"Relay"', '"a|b`\\u001b[31m\\n::error::x"'))
    for form in ("text", "markdown", "github", "sarif", "junit", "csv"):
        output = run("-c", str(path), "-o", form)
        assert "\x1b" not in output
        assert "\n::error::x" not in output
