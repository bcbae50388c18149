"""Scenarios about several servers: the key `server`, and rule S-8 without it."""

import pytest

from relaysim.config.serverfile import parse_server
from relaysim.errors import InvalidScenario
from relaysim.scenario.coverage import Coverage
from relaysim.scenario.reading.decode import parse_scenario
from relaysim.scenario.results import State
from relaysim.scenario.rewriting.update import updated
from relaysim.scenario.run import Runner
from tests.cli.test_batch_servers import SERVERS

ORGANIZATION = parse_server(SERVERS.encode(), file="servers.toml")
HEAD = 'format = 1\ntitle = "several"\nserver = "servers.toml"\n'


def scenario(*steps, for_update=False):
    text = HEAD + "".join(
        f'\n[[step]]\nname = "step {number}"\n{step}\n' for number, step in enumerate(steps)
    )
    found = parse_scenario(
        text.encode(),
        file="several.toml",
        resolve=lambda _name: ORGANIZATION,
        for_update=for_update,
    )
    return (found, text) if for_update else found


def result(*steps):
    return Runner().run(scenario(*steps)).results[-1]


def check(question, expect):
    return f"check = {{ {question} }}\nexpect = {{ {expect} }}"


IN_3 = 'ip = "192.168.3.9", to = "a@b.example"'


@pytest.mark.parametrize(
    ("question", "expect"),
    [
        ('ip = "192.168.2.55"', 'relay = true, connector = "Relay A"'),
        (f"{IN_3}", 'undecided = "S-8"'),
        (f'{IN_3}, server = "EX01"', 'relay = true, connector = "relay a"'),
        (f'{IN_3}, server = "ex02.contoso.com"', 'relay = false, connector = "Inside"'),
        (f'{IN_3}, server = ["EX01", "EX02"]', "submit = true"),
        (f'{IN_3}, server = "any"', "bypass_anti_spam = false"),
        (f'{IN_3}, server = "EX02"', 'permission_groups = "AnonymousUsers"'),
        (f'{IN_3}, local_ip = "10.0.0.1"', "relay = true"),
        ('ip = "192.168.3.0/24", port = 26', 'refused_at = "connect"'),
        ('ip = ["192.168.2.55", "10.0.0.0/8"], port = 25', "bypass_anti_spam = false"),
        ('ip = "any", except = ["192.168.2.55", "192.168.3.0/24"]', "relay = false"),
        ('ip = "any", server = "EX02", except = "192.168.2.55"', "relay = false"),
        ('ip = "any", port = 2525, except = "192.168.2.55"', "relay = false"),
    ],
)
def test_a_question_names_servers_or_asks_all(question, expect):
    found = result(check(question, expect))
    assert (found.state, found.reason) == (State.PASSED, None)


def test_servers_that_differ_are_no_answer_and_are_listed():
    found = result(check(IN_3, "relay = true"))
    assert found.state is State.ERROR
    assert "(S-8)" in (found.reason or "")
    assert "EX01: connector `Relay A`" in (found.hint or "")
    assert "EX02: connector `Inside`" in (found.hint or "")


def test_servers_that_differ_for_a_part_of_a_range_are_no_answer():
    found = result(check('ip = ["192.168.2.55", "192.168.3.0/24"]', "relay = true"))
    assert found.state is State.ERROR


def test_a_breach_names_the_server_it_is_on():
    found = result(check('ip = "any", except = "192.168.2.55"', "relay = false"))
    assert found.state is State.FAILED
    places = [(one.shape.server, list(map(str, one.addresses))) for one in found.breaches]
    assert places == [("EX01", ["192.168.3.0-192.168.3.255"])]


def test_a_server_that_does_not_exist_is_an_error_of_the_step():
    found = result(check(f'{IN_3}, server = "EX03"', "relay = true"))
    assert (found.state, found.reason) == (State.ERROR, "unknown server `EX03`")


def test_a_change_is_made_on_the_server_it_names():
    change = 'set = { server = "ex01", remove_connector = ["Relay A"] }'
    found = Runner().run(
        scenario(
            change,
            check(f'{IN_3}, server = "EX01"', 'refused_at = "connect"'),
            check(f'{IN_3}, server = "EX02"', 'connector = "Inside"'),
        )
    )
    assert [step.state for step in found.results] == [State.PASSED] * 3


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ('remove_connector = ["Inside"]', "set: `server` is missing: there are several"),
        ('server = "EX09", remove_connector = ["Inside"]', "server: unknown server `EX09`"),
    ],
)
def test_a_change_of_one_of_several_servers_names_it(change, problem):
    with pytest.raises(InvalidScenario) as caught:
        scenario(f"set = {{ {change} }}")
    assert problem in caught.value.problems[0].text()


def test_shell_text_works_on_every_server():
    run = "run = 'Get-TransportService | Get-ReceiveConnector | Remove-ReceiveConnector'"
    found = result(run, check('ip = "any"', "submit = false"))
    assert found.state is State.PASSED


def test_an_update_asks_the_servers_that_are_named():
    steps = [f'check = {{ {IN_3}, server = "EX02" }}', f"check = {{ {IN_3} }}"]
    found, text = scenario(*steps, for_update=True)
    new, notes = updated(found, text, Runner())
    assert 'connector = "Inside"' in new
    assert [note.done for note in notes] == [True, False]
    assert "undecided (S-8)" in notes[1].text


def test_coverage_counts_each_server():
    coverage = Coverage()
    Runner(watch=coverage.watch).run(
        scenario(
            check('ip = "192.168.2.55"', "relay = true"),
            check(f'{IN_3}, server = "EX02"', "relay = false"),
        )
    )
    (covered,) = coverage.report().servers
    assert covered.connectors == (3, 3)
    assert (2525, "EX02\\Relay B") in [region[:2] for region in covered.unasked_regions]
    assert (25, "EX01\\Relay A") in [region[:2] for region in covered.unasked_regions]
    assert (25, "EX02\\Inside") not in [region[:2] for region in covered.unasked_regions]
