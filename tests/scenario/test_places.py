"""Where a check is asked: every endpoint for everybody, one place for a named address."""

import pytest

from relaysim import load
from relaysim.scenario.places import asked_shapes
from relaysim.scenario.reading.decode import parse_scenario
from relaysim.scenario.results import State
from relaysim.scenario.run import Runner

ELSEWHERE = "0.0.0.0"  # noqa: S104  # every local address nobody is bound to by itself
SERVER = """
format = 1
[server]
[[server.connector]]
name = "Default"
bindings = ["0.0.0.0:25", "[::]:25"]
remote_ip_ranges = ["0.0.0.0/0", "::/0"]
permission_groups = "AnonymousUsers"
[[server.connector]]
name = "Submission"
bindings = ["0.0.0.0:587", "10.0.0.9:587"]
remote_ip_ranges = ["0.0.0.0/0"]
auth_mechanism = "Tls"
require_tls = true
permission_groups = "AnonymousUsers"
[[server.connector.ace]]
user = "S-1-5-7"
rights = "ms-Exch-SMTP-Accept-Any-Recipient"
"""


def scenario(check, expect="relay = false", notice=None):
    text = f'{SERVER}[[step]]\nname = "it"\ncheck = {{ {check} }}\nexpect = {{ {expect} }}\n'
    return parse_scenario(text.encode(), file="it.toml", resolve=load, notice=notice)


def places(check):
    found = scenario(check)
    asked = asked_shapes(found.steps[0].action.question, found.organization)
    return {
        (shape.port, None if shape.local_ip is None else str(shape.local_ip), shape.tls)
        for shape, _ in asked
    }


def test_everybody_is_asked_about_on_every_endpoint_with_and_without_tls():
    assert places('ip = "any"') == {
        (port, local, tls)
        for port, local in [(25, None), (587, ELSEWHERE), (587, "10.0.0.9")]
        for tls in (False, True)
    }


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ('ip = "10.1.1.1"', {(25, None, False)}),
        ('ip = "10.0.0.0/8"', {(25, None, False)}),
        ('ip = "any", port = 25', {(25, None, False), (25, None, True)}),
        ('ip = "any", port = 25, tls = false', {(25, None, False)}),
        ('ip = "10.1.1.1", port = [25, 587]', {(25, None, False), (587, None, False)}),
        ('ip = "10.1.1.1", tls = "any"', {(25, None, False), (25, None, True)}),
        ('ip = "10.1.1.1", port = "any"', {(25, None, False), (587, None, False)}),
        (
            'ip = "10.1.1.1", port = 587, local_ip = "any"',
            {(587, ELSEWHERE, False), (587, "10.0.0.9", False)},
        ),
        ('ip = "any", local_ip = "10.0.0.9", port = 587, tls = true', {(587, "10.0.0.9", True)}),
    ],
)
def test_what_is_written_narrows_the_question(check, expected):
    assert places(check) == expected


def test_an_open_relay_on_another_port_breaks_what_is_said_of_everybody():
    (result,) = Runner().run(scenario('ip = "any"')).results
    assert result.state is State.FAILED
    assert {(breach.shape.port, breach.tls) for breach in result.breaches} == {(587, (True,))}


def test_addresses_of_a_family_that_nobody_is_bound_for_are_asked_and_refused():
    (result,) = Runner().run(scenario('ip = "any", port = 587', "submit = true")).results
    assert any(
        str(interval).startswith("::")
        for breach in result.breaches
        for interval in breach.addresses
    )


@pytest.mark.parametrize(
    ("check", "expect", "told"),
    [
        ('ip = "10.0.0.0/8"', "relay = false", 1),
        ('ip = "10.0.0.0/8"', "submit = true", 0),
        ('ip = "10.0.0.0/8", port = 25', "relay = false", 0),
        ('ip = "10.0.0.0/16"', "relay = false", 0),
        ('ip = "any"', "relay = false", 0),
    ],
)
def test_a_wide_negative_expectation_on_port_25_alone_gets_a_remark(check, expect, told):
    remarks: list[object] = []
    scenario(check, expect, notice=remarks.append)
    assert len(remarks) == told
    assert all("port 25 without TLS only" in str(remark) for remark in remarks)
    assert all("it.toml:" in str(remark) for remark in remarks)
