"""Warnings about server files: what is understood, but is not what its author may think."""

import json
from typing import Any

import pytest

from relaysim import Session, evaluate, parse_address
from relaysim.config.serverfile import parse_server
from tests.console import relaysim

SERVER = """format = 1
[[connector]]
name = "A"
bindings = ["0.0.0.0:25", "[fe80::5%7]:25"]
remote_ip_ranges = ["10.0.0.0/8", "fe80::1%11-fe80::9%11", "::ffff:10.0.0.0/104"]
permission_groups = "AnonymousUsers"
"""
WARNINGS = """\
warning: {file}:4: connector `A`: bindings[1]: the zone `%7` is ignored
warning: {file}:5: connector `A`: remote_ip_ranges[1]: the zone `%11` is ignored
warning: {file}:5: connector `A`: remote_ip_ranges[2]: `::ffff:10.0.0.0/104` matches no client: \
an IPv4-mapped one is its IPv4 address (S-6)
hint: write `10.0.0.0-10.255.255.255`
"""


def remarks_on(entry):
    problems: list[Any] = []
    text = f"format = 1\n[[connector]]\nname = 'A'\nbindings = '0.0.0.0:25'\n{entry}\n"
    organization = parse_server(text.encode(), file="s.toml", notice=problems.append)
    return organization, [(problem.message, problem.hint) for problem in problems]


def test_a_range_of_mapped_addresses_matches_no_client_as_the_warning_says():
    organization, found = remarks_on("remote_ip_ranges = '::ffff:192.0.2.7'")
    assert [hint for _, hint in found] == ["write `192.0.2.7`"]
    for ip in ("192.0.2.7", "::ffff:192.0.2.7"):
        assert evaluate(organization, Session(ip=parse_address(ip))).connector is None


@pytest.mark.parametrize(
    "text", ["::/0", "::ffff:0:0-::1:0:0:0", "::fffe:0:0/96", "10.0.0.0/8", "fe80::/64"]
)
def test_a_range_that_some_client_can_be_in_has_no_warning(text):
    assert remarks_on(f"remote_ip_ranges = '{text}'")[1] == []


@pytest.mark.parametrize(
    "arguments",
    [
        "check --ip 10.0.0.1",
        "map --family 4",
        "who-can submit",
        "explain A",
        "batch questions.csv",
        "session --ip 10.0.0.1 play.smtp",
    ],
)
def test_every_command_that_loads_a_server_file_says_what_it_ignores(tmp_path, arguments):
    (tmp_path / "server.toml").write_text(SERVER)
    (tmp_path / "plain.toml").write_text(
        SERVER.replace("%11", "").replace("%7", "").replace(', "::ffff:10.0.0.0/104"', "")
    )
    (tmp_path / "questions.csv").write_text("ip\n10.0.0.1\n")
    (tmp_path / "play.smtp").write_text("QUIT\n")
    said = relaysim([*arguments.split(), "-c", "server.toml"], cwd=tmp_path)
    plain = relaysim([*arguments.split(), "-c", "plain.toml"], cwd=tmp_path)
    warnings = WARNINGS.format(file="server.toml")
    assert said.code == plain.code == 0
    assert said.output.startswith(warnings)
    assert "warning" not in plain.output
    if "session" in arguments or "batch" in arguments:
        assert said.output == warnings + plain.output


def test_scenarios_name_what_their_servers_ignore_once(tmp_path):
    (tmp_path / "server.txt").write_text(SERVER)
    step = '[[step]]\nname = "a"\ncheck = { ip = "10.0.0.1" }\nexpect = { connector = "A" }\n'
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text(f'format = 1\nserver = "server.txt"\n{step}')
    result = relaysim(["test", "one.toml", "two.toml"], cwd=tmp_path)
    assert result.code == 0
    assert result.output == WARNINGS.format(file="server.txt") + "2 files, 2 steps: 2 passed\n"


@pytest.mark.parametrize("option", ["--ip", "--local-ip"])
def test_a_zone_in_an_option_is_ignored_with_a_warning(option):
    other = ["--ip", "10.0.0.1"] if option == "--local-ip" else []
    arguments = ["check", *other, "-c", "builtin:default", "-o", "json", option]
    said, plain = relaysim([*arguments, "fe80::1%11"]), relaysim([*arguments, "fe80::1"])
    assert said.code == plain.code
    assert said.output == f"warning: {option}: the zone `%11` is ignored\n{plain.output}"


def test_a_zone_cannot_act_on_the_terminal():
    result = relaysim(["check", "--ip", "fe80::1%\x1b[31m", "-c", "builtin:default"])
    assert result.output.startswith("warning: --ip: the zone `%\\x1b[31m` is ignored\n")


def test_a_document_stays_a_document_beside_warnings(tmp_path):
    (tmp_path / "server.toml").write_text(SERVER)
    target = tmp_path / "answer.json"
    arguments = ["check", "--ip", "10.0.0.1", "-c", "server.toml", "-o", f"json:{target}"]
    assert relaysim(arguments, cwd=tmp_path).output == WARNINGS.format(file="server.toml")
    assert json.loads(target.read_text())["format"] == "relaysim.check/1"


def test_a_large_export_is_never_held_whole(tmp_path, monkeypatch):
    from relaysim.config import recognition, source

    path = tmp_path / "connectors.txt"
    path.write_text(
        "Name : Relay\nServer : EX01\nBindings : {0.0.0.0:25}\nRemoteIPRanges : {10.0.5.1}\n"
        "Enabled : True\nPermissionGroups : AnonymousUsers\nAuthMechanism : Tls\n",
        "utf-8",
    )
    monkeypatch.setattr(recognition, "_LARGE", 100)
    monkeypatch.setattr(source, "MAX_BYTES", 100)
    (connector,) = source.load(str(path)).connectors
    assert connector.name == "Relay"


def test_a_version_given_beside_an_export_is_no_longer_asked_for(tmp_path):
    values = {"Name": "Relay", "Bindings": "{0.0.0.0:25}", "RemoteIPRanges": "{10.0.0.1}"}
    lines = [f"{name} : {value}" for name, value in (*values.items(), ("Identity", "EX01\\Relay"))]
    text = "\n".join(["[PS] C:\\>Get-ReceiveConnector | fl", "", *lines, ""])
    (tmp_path / "shown.txt").write_text(text, "utf-8")
    asked = ["check", "--ip", "10.0.0.1", "-c", "shown.txt"]
    assert "the version of EX01 is not told" in relaysim(asked, cwd=tmp_path).output
    assert "version of EX01" not in relaysim([*asked, "--exchange", "2016"], cwd=tmp_path).output
