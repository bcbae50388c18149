"""An annotation stands where somebody will mend it."""

import pytest

from relaysim.render.scenario_report.junit import JunitReport
from relaysim.render.scenario_report.scenario_machine import GithubReport
from relaysim.scenario.running import run_scenarios

SERVER = """format = 1
[organization]
server = "EX01"
[[connector]]
name = "Relay"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["10.0.0.0/8"]
auth_mechanism = ["Tls"]
permission_groups = ["AnonymousUsers"]
[[connector.ace]]
user = 'NT AUTHORITY\\ANONYMOUS LOGON'
rights = ["ms-Exch-SMTP-Accept-Any-Recipient"]
"""
SCENARIO = """format = 1
title = "t"
server = "{server}"
{change}
[[step]]
name = "nobody relays"
check = {{ ip = "10.0.0.5" }}
expect = {{ relay = false }}
"""
CHANGE = (
    '[[step]]\nname = "c"\nset = { change = [{ name = "Relay", require_tls = false, fqdn = "x" }] }'
)

TWO = """format = 1
[[server]]
name = "EX01"
[[server.connector]]
name = "Relay"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["10.0.0.0/8"]
[[server]]
name = "EX02"
[[server.connector]]
name = "Relay"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["10.0.0.0/8"]
permission_groups = ["AnonymousUsers"]
"""


def test_of_several_servers_the_one_that_answers_is_the_place(tmp_path):
    (tmp_path / "two.toml").write_text(TWO, "utf-8")
    path = tmp_path / "s.toml"
    text = SCENARIO.format(server="two.toml", change="").replace("relay = false", "submit = false")
    path.write_text(text.replace('"10.0.0.5"', '"10.0.0.5", server = "EX02"'), "utf-8")
    (result,) = run_scenarios(path)
    assert "/two.toml,line=10," in GithubReport().file(result)


@pytest.mark.parametrize(
    ("server", "change", "place"),
    [
        ("mx.toml", "", "mx.toml,line=4"),
        ("mx.toml", CHANGE, "s.toml,line=7"),
        ("builtin:option-2", "", None),
    ],
)
def test_a_failed_step_is_annotated_at_the_connector_that_answers(tmp_path, server, change, place):
    (tmp_path / "mx.toml").write_text(SERVER, "utf-8")
    path = tmp_path / "s.toml"
    path.write_text(SCENARIO.format(server=server, change=change), "utf-8")
    (result,) = run_scenarios(path)
    text = GithubReport().file(result)
    unit = JunitReport().file(result)
    if place is None:
        assert text == ""
        assert " line=" not in unit
        return
    name, line = place.split(",line=")
    assert f'file="{(tmp_path / name).as_posix()}" line="{line}"' in unit
    assert text.startswith(f"::error file={tmp_path.as_posix()}/{place},")
    # The step is named all the same.
    assert "s.toml:" in text
