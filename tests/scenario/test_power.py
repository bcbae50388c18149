"""What steps do to power is exact, and held against what is expected of it."""

import json

import pytest

from relaysim import load
from relaysim.scenario.reading.decode import parse_scenario
from relaysim.scenario.results import State
from relaysim.scenario.rewriting.update import updated
from relaysim.scenario.rewriting.writer import format_scenario
from relaysim.scenario.run import Runner
from tests.console import relaysim

HEAD = 'format = 1\nserver = "builtin:option-2"\n'
WIDER = "Set-ReceiveConnector 'CRM Application' -RemoteIPRanges 192.168.2.55-192.168.2.57"
NARROWER = "Set-ReceiveConnector 'CRM Application' -RemoteIPRanges 192.168.2.55"
COMMENT = "Set-ReceiveConnector 'CRM Application' -Comment x"
RENAME = "Set-ReceiveConnector 'CRM Application' -Name Applications"
SECOND = "New-ReceiveConnector Two -Usage Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.0.0.5"
GAINED = "192.168.2.57:relay,submit,any_sender,own_domain_sender,keep_routing_headers"
UNKNOWN = """
[[server.connector]]
name = "Old"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["10.0.0.0/8"]
auth_mechanism = ["Tls"]
unknown = ["entries"]
"""


def step(command, expect="", name="a"):
    lines = ["[[step]]", f'name = "{name}"', f'run = """{command}"""']
    return "\n".join([*lines, *([f"expect = {{ {expect} }}"] if expect else [])]) + "\n"


def scenario(body, head=HEAD):
    return parse_scenario((head + body).encode(), file="x.toml", resolve=load)


def only(body, head=HEAD, **options):
    (result,) = Runner(**options).run(scenario(body, head)).results
    return result


@pytest.mark.parametrize(
    ("command", "expect"),
    [
        (WIDER, "widened = true, equal_power = false, changed = true"),
        (WIDER, f'widened = "{GAINED}"'),
        (WIDER, 'widened = ["192.168.2.57:keep-routing-headers", "192.168.2.57"]'),
        (NARROWER, 'widened = "192.168.2.56", narrowed = ["192.168.2.56"]'),
        (COMMENT, "changed = false, equal_power = true"),
        (RENAME, "widened = false, narrowed = false, rerouted = false, equal_power = true"),
        (SECOND, 'narrowed = "10.0.0.5", widened = false'),
    ],
)
def test_what_holds_passes(command, expect):
    result = only(step(command, expect))
    assert (result.state, result.power and result.power.breaches) == (State.PASSED, ())


@pytest.mark.parametrize(
    ("command", "expect", "ranges", "missing"),
    [
        (WIDER, "widened = false", "192.168.2.57", ()),
        (WIDER, 'widened = "10.0.0.1"', "192.168.2.57", ("10.0.0.1",)),
        (WIDER, 'widened = "192.168.2.57:relay"', "192.168.2.57", ()),
        (WIDER, f'widened = ["{GAINED}", "10.0.0.0/31:relay"]', None, ("10.0.0.0/31:relay",)),
        (NARROWER, "equal_power = true", "192.168.2.56", ()),
        (NARROWER, "changed = false", "192.168.2.56", ()),
        (COMMENT, "widened = true", None, ()),
        (COMMENT, "equal_power = false", None, ()),
    ],
)
def test_what_does_not_hold_fails_with_what_breaks_it(command, expect, ranges, missing):
    result = only(step(command, expect))
    assert result.state is State.FAILED
    (broken,) = result.power.breaches
    assert {str(change.addresses) for change in broken.changes} == ({ranges} if ranges else set())
    assert [text.replace("10.0.0.0-10.0.0.1", "10.0.0.0/31") for text in broken.missing] == [
        *missing
    ]


def test_a_command_that_fails_is_told_before_what_it_does_to_power():
    body = step("Set-ReceiveConnector Nope -Comment x", "widened = false")
    assert "failed" in only(body).reason
    both = step("Set-ReceiveConnector Nope -Comment x", 'error = "Nope", widened = true')
    assert only(both).state is State.FAILED


def test_a_declared_change_is_held_against_it_too():
    change = '{ name = "CRM Application", remote_ip_ranges = ["192.168.2.55", "10.9.9.9"] }'
    body = f'[[step]]\nname = "a"\nset = {{ change = [{change}] }}\nexpect = {{ %s }}\n'
    assert only(body % "widened = false").state is State.FAILED
    assert only(body % 'widened = ["10.9.9.9", "192.168.2.56"]').state is State.PASSED


def test_what_cannot_be_told_is_an_error_that_names_the_missing_fact(tmp_path):
    path = tmp_path / "x.toml"
    command = "Set-ReceiveConnector Old -AuthMechanism Tls, Integrated"
    path.write_text("format = 1\n" + UNKNOWN + step(command, "widened = false"), "utf-8")
    result = relaysim(["test", str(path)])
    assert result.code == 1
    assert "error      what the change does to power cannot be told" in result.output
    assert "unknown    the entries of `EX01\\Old`: ask `Get-ADPermission 'EX01\\Old'`" in (
        result.output
    )


def test_what_is_not_known_of_a_connector_that_stays_is_no_change():
    head = "format = 1\n" + UNKNOWN
    beside = SECOND.replace(":25", ":26")
    assert only(step(beside, "changed = true, narrowed = false"), head).state is State.PASSED
    itself = COMMENT.replace("CRM Application", "Old")
    assert only(step(itself, "changed = false"), head).state is State.ERROR


def test_a_known_gap_may_be_about_power():
    body = step(WIDER, "widened = false").replace("run =", 'known_gap = "yes"\nrun =')
    assert only(body).state is State.KNOWN_GAP


def test_a_change_that_is_only_made_for_a_later_step_is_not_held_against_anything():
    body = step(WIDER, "widened = false") + step(COMMENT, "changed = false", name="b")
    (result,) = Runner(select=lambda _: [1]).run(scenario(body)).results
    assert (result.step.name, result.state) == ("b", State.PASSED)


def test_update_writes_what_really_changed():
    body = step(WIDER, "widened = false") + step(NARROWER, "narrowed = true", name="b")
    text, notes = updated(scenario(body), HEAD + body, Runner())
    assert [note.name for note in notes] == ["a"]
    assert '192.168.2.57:any_sender,keep_routing_headers,own_domain_sender,relay,submit"]' in text
    again = scenario(text.removeprefix(HEAD))
    assert [one.state for one in Runner().run(again).results] == [State.PASSED] * 2
    assert format_scenario(again) == format_scenario(scenario(format_scenario(again), head=""))


def test_diff_shows_what_each_change_gives_and_takes(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(HEAD + step(WIDER) + step(NARROWER, "widened = false", name="b"), "utf-8")
    lines = relaysim(["test", str(path), "--diff"]).output.splitlines()
    (told,) = [line for line in lines if "192.168.2.57 (1)" in line and "+ anyone" in line]
    assert '+ connector "CRM Application": RemoteIPRanges 192.168.2.55-192.168.2.57' in (
        "\n".join(lines)
    )
    assert told == (
        "      power      + anyone, Domain Secure partners: relay, submit, any sender, "
        "keep routing headers, own domain sender from 192.168.2.57 (1) on port 25, "
        "with and without TLS"
    )
    document = json.loads(relaysim(["test", str(path), "-o", "json"]).output)
    first, second = document["files"][0]["steps"]
    assert "power" not in first
    assert second["power"]["broken"][0]["expected"] is False
    assert second["power"]["changes"][0]["witness"]["question"]["ip"] == "192.168.2.56"
