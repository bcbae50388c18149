"""A scenario file is read strictly, and every problem is named at once."""

import pytest

from relaysim import Organization, load
from relaysim.errors import InvalidInput, InvalidScenario
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind
from relaysim.scenario.reading.decode import parse_scenario
from relaysim.scenario.reading.schema import Change, Check, Run

HEAD = 'format = 1\nserver = "builtin:default"\n'
SET = 'set = { accepted_domains = ["contoso.com"] }'
STEP = '[[step]]\nname = "a"\ncheck = { ip = "10.0.0.1" }\nexpect = { relay = false }\n'


def parse(text, **options):
    return parse_scenario(text.encode(), file="x.toml", resolve=load, **options)


def problems_of(text, **options):
    with pytest.raises(InvalidScenario) as caught:
        parse(text, **options)
    return [
        problem.text() + (f" ({problem.hint})" if problem.hint else "")
        for problem in caught.value.problems
    ]


def step(body):
    return f'{HEAD}[[step]]\nname = "a"\n{body}\n'


def test_a_whole_file_is_read():
    scenario = parse(
        """
format = 1
title = "T"
server = "builtin:option-2"

[[step]]
name = "the question"
source = ["SEED", "RC16"]
check = { ip = ["10.0.0.1", "10.1.0.0/16"], except = "10.1.2.3", auth = ["none", "user"],
  from = "<>",
  to = ["a@b.c", ["a@b.c", "d@e.f"]], tls = true, port = 587, local_ip = "10.9.9.9", size = "1KB",
  header_from = "x@y.z", groups = "CONTOSO\\\\G" }
expect = { relay = "denied", connector = "CRM Application", has = "Submit, Accept-Any-Recipient" }
known_gap = "not yet"

[[step]]
name = "the command"
run = "Get-ReceiveConnector"
expect = { error = "V-1" }

[[step]]
name = "the change"
skip = "later"
set = { accepted_domains = ["contoso.com"] }
""".replace(",\n  ", ", ")
    )
    assert scenario.title == "T"
    assert scenario.server == "builtin:option-2"
    first, second, third = scenario.steps
    assert isinstance(first.action, Check)
    question, expect = first.action
    assert expect is not None
    assert [str(entry) for entry in question.ip] == ["10.0.0.1", "10.1.0.0/16"]
    assert question.auth == (AuthKind.NONE, AuthKind.USER)
    assert question.mail_from == ("",)
    assert question.rcpt_to == (("a@b.c",), ("a@b.c", "d@e.f"))
    assert question.shared.size == 1024
    assert len(list(question.shapes())) == 4
    assert expect.facts == (("relay", "denied"), ("connector", "CRM Application"))
    assert expect.has == {Right.SUBMIT, Right.ACCEPT_ANY_RECIPIENT}
    assert first.source == ("SEED", "RC16")
    assert first.known_gap == "not yet"
    assert isinstance(second.action, Run)
    assert second.action.expect is not None
    assert second.action.expect.error == "V-1"
    assert isinstance(third.action, Change)
    assert third.skip == "later"
    assert scenario.lines() == [6, 13, 18]


def test_a_server_may_be_described_in_the_file():
    scenario = parse('format = 1\n[server.organization]\nexchange = "2016"\n' + STEP)
    assert scenario.server is None
    assert scenario.organization.exchange.value == "2016"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "x.toml: the file is empty"),
        ("format = ", "x.toml:1: not valid TOML: invalid value"),
        ("format = 2\n" + HEAD[11:] + STEP, "x.toml:1: format: unknown format `2` (expected 1)"),
        (HEAD[11:] + STEP, "`format` is missing"),
        ("format = 1\n" + STEP, "`server` is missing"),
        (HEAD, "there is no step"),
        (HEAD + "step = 3", "step: expected a list of tables, got `3`"),
        (HEAD.replace("default", "defualt") + STEP, "did you mean `builtin:default`?"),
        (HEAD + "steps = []\n" + STEP, "unknown key `steps` (write one `[[step]]` table per step)"),
        ("format = 1\n[organization]\n", "this belongs to a server file, which a scenario names"),
        (HEAD + STEP + STEP, "x.toml:8: step `a`: name: the name is used twice"),
        (HEAD + STEP.replace('"a"', '" a"'), "` a` cannot name a step"),
        (HEAD + STEP.replace('"a"', '"a\\n"'), "cannot name a step"),
        (HEAD + STEP.replace('name = "a"\n', ""), "step[0]: `name` is missing"),
        (step(""), "expected one of `check`, `run` and `set`, got none"),
        (step('run = "x"\nset = {}'), "got `run` and `set`"),
        (step("chekc = {}"), "unknown key `chekc` (did you mean `check`?)"),
        (step('check = { ip = "10.0.0.1" }'), "`expect` is missing"),
        (step('check = { ip = "10.0.0.1" }\nexpect = {}'), "nothing is expected"),
        (
            step('check = { ip = "10.0.0.1" }\nexpect = { assumes = ["S-3"] }'),
            "nothing is expected",
        ),
        (step("check = {}\nexpect = { relay = true }"), "check: `ip` is missing"),
        (step('check = { ip = "10.0.0.256" }\nexpect = { relay = true }'), "octet `256` is above"),
        (
            step('check = { ip = ["any", "10.0.0.1"] }\nexpect = { relay = true }'),
            "`any` stands alone",
        ),
        (
            step('check = { ip = "10.0.0.1", except = "10.0.0.0/8" }\nexpect = { relay = true }'),
            "`except` leaves no address",
        ),
        (
            step('check = { ip = "any", user = "bob" }\nexpect = { relay = true }'),
            "`user` needs an account",
        ),
        (
            step('check = { ip = "any", mail_from = "a@b.c" }\nexpect = { relay = true }'),
            "unknown key `mail_from` (did you mean `from`?)",
        ),
        (step('check = { ip = "any", to = "<>" }\nexpect = { relay = true }'), "null address"),
        (
            step('check = { ip = "any", port = 0 }\nexpect = { relay = true }'),
            "`0` is out of range",
        ),
        (step('check = { ip = "any" }\nexpect = { rellay = true }'), "did you mean `relay`?"),
        (
            step('check = { ip = "any" }\nexpect = { relay = 1 }'),
            "expected true, false or `denied`",
        ),
        (step('check = { ip = "any" }\nexpect = { has = "Sbmit" }'), "unknown right `Sbmit`"),
        (
            step('check = { ip = "any" }\nexpect = { has = "Submit", lacks = "Submit" }'),
            "`ms-Exch-SMTP-Submit` stands in both `has` and `lacks`",
        ),
        (
            step('check = { ip = "any" }\nexpect = { rights = "GenericAll" }'),
            "`GenericAll` is no right of a session",
        ),
        (step('check = { ip = "any" }\nexpect = { because = "no-entry" }'), "unknown reason code"),
        (step('check = { ip = "any" }\nexpect = { undecided = "S" }'), "`S` is no rule id"),
        (
            step('check = { ip = "any" }\nexpect = { refused_at = "RCPT" }'),
            "did you mean `RCPT TO`?",
        ),
        (step('run = "x"\nexpect = { relay = true }'), "unknown key `relay`"),
        (step('run = " "'), "run: expected a string that is not empty"),
        (step("set = {}"), "set: nothing is changed"),
        (step(f"{SET}\nexpect = {{}}"), "nothing is expected (such as `widened = false`)"),
        (step(f"{SET}\nexpect = 3"), "expect: expected a table, got `3`"),
        (step(f'{SET}\nexpect = {{ error = "V-1" }}'), "unknown key `error`"),
        (step('run = "x"\nexpect = { wided = false }'), "did you mean `widened`?"),
        (step(f"{SET}\nexpect = {{ widened = 1 }}"), "expected true, false or a list of ranges"),
        (step(f"{SET}\nexpect = {{ widened = [] }}"), "widened: the list is empty"),
        (step(f'{SET}\nexpect = {{ widened = ["10.0.0.1:frob"] }}'), "unknown right `frob`"),
        (step(f'{SET}\nexpect = {{ narrowed = "10.0.0.256" }}'), "octet `256` is above"),
        (step(f'{SET}\nexpect = {{ rerouted = "10.0.0.1:relay" }}'), "names a right"),
        (step(f"{SET}\nexpect = {{ equal_power = [] }}"), "expected true or false"),
        (step('set = { change = [{ name = "X" }] }'), "set: change[0]"),
        (
            step('set = { change = [{ name = "X", remote_ip_range = "10.0.0.1" }] }'),
            "did you mean `remote_ip_ranges`?",
        ),
        (step('set = { add_ace = [{ connector = "X" }] }'), "`rights` is missing"),
        (step('source = "no such!"\nrun = "x"'), "`no such!` is no source id"),
    ],
)
def test_what_is_wrong_is_named(text, expected):
    assert any(expected in line for line in problems_of(text)), problems_of(text)


def test_every_problem_of_a_file_is_reported_at_once_in_the_order_of_lines():
    text = """format = 1
server = "builtin:defualt"
titel = "x"
[[step]]
name = "a"
check = { ip = "10.0.0.1-10.0.0.0" }
expect = { relay = "maybe" }
[[step]]
name = "a"
check = { ip = "any", auth = "kerberos" }
expect = { conector = "X", because = "x" }
[[step]]
name = "c"
sett = {}
[[step]]
run = 3
"""
    found = problems_of(text)
    assert len(found) >= 10
    numbers = [int(line.split(":")[1]) for line in found if line.split(":")[1].isdigit()]
    assert numbers == sorted(numbers)
    assert all(line.startswith("x.toml") for line in found)


def test_problems_of_a_server_described_in_the_file_have_lines():
    found = problems_of('format = 1\n[server.organization]\nexchange = "2008"\n' + STEP)
    assert found[0].startswith("x.toml:3: server: organization: exchange: unknown Exchange version")


def test_an_update_may_find_checks_without_expectations():
    scenario = parse(step('check = { ip = "any" }'), for_update=True)
    assert scenario.steps[0].action.expect is None


def test_a_resolver_that_raises_is_a_problem_at_the_server_line():
    def resolve(text) -> Organization:
        raise InvalidInput(f"nothing called `{text}`", hint="look again")

    with pytest.raises(InvalidScenario) as caught:
        parse_scenario((HEAD + STEP).encode(), file="x.toml", resolve=resolve)
    assert caught.value.problems[0].lines() == [
        "x.toml:2: server: nothing called `builtin:default`",
        "hint: look again",
    ]
