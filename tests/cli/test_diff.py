"""``relaysim diff`` as its user meets it."""

import json
import shlex
from xml.etree import ElementTree as ET

import pytest

from relaysim.config.writer import format_server
from tests import golden
from tests.console import relaysim
from tests.laws.test_audit import planted
from tests.sarif_checking import limit_faults, official_faults

RENAME = "Set-ReceiveConnector 'CRM Application' -Name 'Applications'\n"
WIDEN = "Set-ReceiveConnector 'CRM Application' -RemoteIPRanges 192.168.2.0/24\n"
RELAY = ["relaysim", "diff", "builtin:option-2", "--run"][1:]


def run(*arguments, code=0):
    result = relaysim(["diff", *arguments])
    assert result.code == code, result.output
    return result.output


@pytest.fixture
def script(tmp_path):
    def write(text):
        path = tmp_path / "change.ps1"
        path.write_text(text)
        return str(path)

    return write


def test_equal_power_is_said_as_a_proof_with_what_it_covered():
    output = run("builtin:default", "builtin:default", "--fail-on", "changed")
    assert output.startswith(
        "equal power: nobody may do more or less, proved for every IPv4 and IPv6 address on "
        "ports 25, 587, with and without TLS, for 6 identities"
    )


def asked_there(folder, line):
    """Run a command that an answer names, in a folder."""
    words = shlex.split(line)
    return relaysim(words[words.index("relaysim") + 1 :], cwd=folder)


def test_the_witness_of_a_script_saves_what_it_makes_first(script, tmp_path):
    output = run("builtin:option-2", "--run", script(WIDEN))
    save, ask = [line for line in output.splitlines() if " relaysim " in line]
    assert asked_there(tmp_path, save).code == 0
    shown = asked_there(tmp_path, ask)
    assert shown.code == 0
    assert "changed.toml: may relay" in shown.output


UNKNOWN = """
format = 1
organization = { exchange = "unknown" }
[[connector]]
name = "Relay"
bindings = "0.0.0.0:25"
remote_ip_ranges = "0.0.0.0/0"
permission_groups = "AnonymousUsers"
ace = [{ user = "S-1-5-7", rights = "ms-Exch-SMTP-Accept-Any-Recipient" }]
"""


def test_commands_to_ask_again_name_the_version_that_was_given(tmp_path):
    (tmp_path / "old.toml").write_text(UNKNOWN, "utf-8")
    (tmp_path / "new.toml").write_text(UNKNOWN.replace("0.0.0.0/0", "10.0.0.0/8"), "utf-8")
    for command in (
        "relaysim diff old.toml new.toml",
        "relaysim audit -c old.toml",
        "relaysim suggest --ip 10.1.2.3 --deny relay -c old.toml",
    ):
        output = asked_there(tmp_path, f"{command} --exchange 2010").output
        lines = [line for line in output.splitlines() if " relaysim check " in line]
        assert lines
        for line in lines:
            assert line.endswith("--exchange 2010")
            assert asked_there(tmp_path, line).code in (0, 1)
    same = "relaysim audit -c old.toml --new-since old.toml --exchange 2010"
    assert asked_there(tmp_path, same).output.startswith("no finding")


def test_a_rename_is_no_change_of_power(script):
    output = run("builtin:option-2", "--run", script(RENAME), "--fail-on", "changed")
    assert output.startswith("equal power")
    assert '- connector "CRM Application": removed' in output


def test_a_widening_is_exact_and_its_witness_reproduces_it_on_both_sides(script, tmp_path):
    changed = tmp_path / "new.toml"
    assert (
        relaysim(["shell", script(WIDEN), "-c", "builtin:option-2", "--save", str(changed)]).code
        == 0
    )
    document = json.loads(run("builtin:option-2", str(changed), "-o", "json"))
    assert document["equal_power"] is False
    (relay,) = [
        each
        for each in document["changes"]
        if (each["kind"], each["right"], each["auth"]) == ("widened", "relay", "none")
    ]
    assert relay["ranges"] == ["192.168.2.0-192.168.2.54", "192.168.2.57-192.168.2.255"]
    assert (relay["connector_before"], relay["connector_after"]) == (
        "Default EX01",
        "CRM Application",
    )
    words = shlex.split(relay["witness"]["command"])
    place = words.index("-c")
    for source, expected in ((words[place + 1], "no"), (words[place + 3], "yes")):
        arguments = [*words[1:place], "-c", source, "--expect", f"relay={expected}"]
        assert relaysim(arguments).code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--fail-on", "widened"], 1),
        (["--fail-on", "changed"], 1),
        (["--fail-on", "widened", "--allow", "192.168.2.0/24"], 0),
        (["--fail-on", "widened", "--allow", "192.168.2.0/25"], 1),
        (["--fail-on", "widened", "--allow", "192.168.2.0/24:relay"], 1),
        ([], 0),
    ],
)
def test_a_gate_fails_for_what_was_not_expected(script, arguments, code):
    run("builtin:option-2", "--run", script(WIDEN), *arguments, code=code)


def test_between_versions_it_says_what_comes_from_the_version_alone(tmp_path):
    text = (
        "format = 1\n[organization]\nexchange = '{}'\n[[connector]]\nname = 'Relay'\n"
        "bindings = ['0.0.0.0:25']\nremote_ip_ranges = ['10.0.0.5']\n"
        "transport_role = 'FrontendTransport'\npermission_groups = 'AnonymousUsers'\n"
    )
    for version in ("2013", "2016"):
        (tmp_path / f"{version}.toml").write_text(text.format(version))
    old, new = (str(tmp_path / f"{version}.toml") for version in ("2013", "2016"))
    document = json.loads(run(old, new, "-o", "json"))
    assert document["equal_power"] is True
    refused = [c for c in document["changes"] if c["reply_before"] == "550 5.7.1 Unable to relay"]
    assert refused
    assert all(c["kind"] == "refused differently" and c["by_version"] for c in refused)


def test_sarif_junit_and_markdown_name_a_widening(script):
    arguments = ("builtin:option-2", "--run", script(WIDEN))
    log = json.loads(run(*arguments, "-o", "sarif"))
    assert [*official_faults(log), *limit_faults(log)] == []
    prints = log["runs"][0]["results"]
    assert {result["ruleId"] for result in prints} == {"widened"}
    suite = ET.fromstring(run(*arguments, "-o", "junit"))  # noqa: S314  # our own text
    assert int(suite.attrib["failures"]) == len(prints)
    assert "<details><summary>" in run(*arguments, "-o", "markdown")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["builtin:default"], "one of NEW and `--run` is needed"),
        (["builtin:default", "builtin:default", "--allow", "x"], "--allow"),
        (["builtin:default", "builtin:nothing"], "builtin:nothing"),
    ],
)
def test_wrong_input_is_one_message_and_exit_code_2(arguments, message):
    output = run(*arguments, code=2)
    assert output.startswith("error: ")
    assert message in output


def test_a_version_is_for_the_side_that_tells_none_and_each_side_is_read_once(tmp_path):
    text = (
        "Name           : Relay\nServer         : EX01\nBindings       : {0.0.0.0:25}\n"
        "RemoteIPRanges : {10.0.0.1, 10.0.0.3...}\nPermissionGroups : AnonymousUsers\n"
    )
    told = (
        "\nName : EX01\nAdminDisplayVersion : Version 15.1 (Build 2507.6)\nServerRole : Mailbox\n"
    )
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_text(text + told)
    new.write_text(text)
    output = run(str(old), str(new), "--exchange", "2016")
    assert output.count("old.txt:4: EX01\\Relay: RemoteIPRanges: the list was cut") == 1
    refused = run(str(old), str(old), "--exchange", "2016", code=2)
    assert f"error: --exchange: `{old}` has a version of its own" in refused


def test_a_script_whose_command_fails_compares_nothing(script):
    output = run("builtin:default", "--run", script("Remove-ReceiveConnector Nobody\n"), code=2)
    assert "a command failed" in output


@pytest.mark.parametrize(
    ("old", "new"),
    [("option-1", "option-2"), ("default", "both"), ("default-2016", "default-se")],
)
def test_the_difference_of_builtin_configurations_is_the_golden_text(old, new):
    result = relaysim(["diff", f"builtin:{old}", f"builtin:{new}"])
    assert result.code == 0
    golden.compare(f"diff/{old}-{new}.txt", result.output)


def answered(command, source):
    """Return the document that a witness's command gives for one of the two sides."""
    words = shlex.split(command)[1:]
    for place in sorted((n for n, word in enumerate(words) if word == "-c"), reverse=True):
        del words[place : place + 2]
    output = relaysim([*words, "-c", source, "-o", "json"]).output
    # Remarks on the server file may come before and behind.
    return json.JSONDecoder().raw_decode(output[output.index("{\n") :])[0]


@pytest.mark.parametrize("seed", [2, 6])
def test_check_shows_every_witness_on_both_sides_and_both_ways(seed, tmp_path):
    one, other = (tmp_path / name for name in ("one.toml", "other.toml"))
    one.write_text(format_server(planted(seed)), "utf-8")
    other.write_text(format_server(planted(seed + 100_000)), "utf-8")
    for sides in ((one, other), (other, one)):
        output = run(*map(str, sides), "-o", "json")
        document = json.JSONDecoder().raw_decode(output[output.index("{\n") :])[0]
        power = [c for c in document["changes"] if c["kind"] in ("widened", "narrowed")]
        for change in power[:8]:
            old, new = (answered(change["witness"]["command"], str(side)) for side in sides)
            names = [side["connector"] and side["connector"]["name"] for side in (old, new)]
            assert names == [change["connector_before"], change["connector_after"]], change
            if change["right"] in new["answers"]:
                told = [side["answers"][change["right"]]["answer"] for side in (old, new)]
                assert told == [change["kind"] == "narrowed", change["kind"] == "widened"], change


def test_a_colon_without_a_right_allows_nothing():
    asked = ["diff", "builtin:default", "builtin:option-1", "--fail-on", "widened"]
    for empty in ("any:", "192.168.2.55-192.168.2.56: ,"):
        done = relaysim([*asked, "--allow", empty])
        assert done.code == 2
        assert "no right behind the colon" in done.output
