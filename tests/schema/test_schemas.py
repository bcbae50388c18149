"""Decoders and schemas agree: what one takes the other takes, what is printed has its schema."""

import json
import random
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relaysim.config.serverfile import decode_server
from relaysim.config.tables import Problems
from relaysim.config.writer import format_server
from relaysim.errors import InvalidInput
from relaysim.model.properties.catalogue import PROPERTIES
from relaysim.policy.decode import parse_policy
from relaysim.scenario.reading.decode import SCENARIO_KEYS, STEP_KEYS, decode_scenario
from relaysim.scenario.reading.decode_change import CHANGE_KEYS
from relaysim.scenario.reading.decode_check import EXPECT_KEYS, QUESTION_KEYS
from relaysim.scenario.reading.schema import POWER_KEYS
from relaysim.schema.names import SCHEMAS, schema_named
from tests import strategies
from tests.cases import organization_of
from tests.console import relaysim
from tests.schema_checking import faults

ROOT = Path(__file__).parent.parent.parent
SERVER, SCENARIO = schema_named("server"), schema_named("scenario")
COMMANDS = {
    "check": ["check", "--ip", "192.168.2.55", "-c", "builtin:option-2"],
    "check several": [
        *("check", "--ip", "192.168.2.55", "--from", "a@contoso.com", "--to", "x@example.net"),
        *("-c", "builtin:option-1", "-c", "builtin:default"),
    ],
    "check refused": ["check", "--ip", "192.168.2.55", "--port", "26"],
    "explain": ["explain"],
    "explain connector": ["explain", "CRM Application", "-c", "builtin:option-2"],
    "explain principal": ["explain", "crm", "--principal", "anonymous", "-c", "builtin:option-2"],
    "explain group": ["explain", "--group", "ExchangeServers", "--exchange", "2016"],
    "explain right": ["explain", "--right", "XShadow", "--exchange", "2010"],
    "explain reply": ["explain", "550 5.7.60"],
    "map": ["map", "-c", "builtin:option-2", "--auth", "none", "--auth", "user"],
    "who-can": ["who-can", "relay", "-c", "builtin:option-2"],
    "who-can gate": ["who-can", "relay", "-c", "builtin:option-2", "--expect", "nobody"],
    "audit": ["audit", "-c", "builtin:option-2"],
    "diff": ["diff", "builtin:default", "builtin:both"],
    "suggest": ["suggest", "--ip", "192.168.2.55", "--need", "relay", "-c", "builtin:default"],
    "session": ["session", str(ROOT / "docs/examples/relay.smtp"), "--ip", "192.168.2.55"],
    "test": ["test", "--cover", *map(str, sorted(ROOT.glob("tests/data/scenarios/*.toml")))],
    "test diff": ["test", "--diff", str(ROOT / "scenarios/article/option-2.toml")],
    "replay": ["replay", str(ROOT / "docs/examples/receive.log"), "-c", "builtin:default"],
}


def said(*arguments):
    return relaysim(list(arguments)).output


@pytest.mark.parametrize("name", COMMANDS)
def test_a_printed_document_has_no_field_outside_its_schema(name):
    printed = json.loads(said(*COMMANDS[name], "-o", "json"))
    schema = schema_named(name.split()[0])
    assert list(faults(printed, schema)) == []
    if not name.startswith("explain"):
        assert list(faults(printed, schema, closed=True)) == []


def test_rows_of_a_batch_have_their_schema(tmp_path):
    questions = tmp_path / "q.csv"
    questions.write_text("ip,auth\n192.168.2.55,none\nnonsense,none\n", encoding="utf-8")
    printed = said("batch", str(questions), "-c", "builtin:option-2", "-o", "jsonl")
    rows = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    assert len(rows) == 2
    assert [list(faults(row, schema_named("batch"))) for row in rows] == [[], []]


def test_every_scenario_that_ships_has_the_schema():
    files = sorted((ROOT / "scenarios").rglob("*.toml"))
    assert len(files) > 40
    for file in files:
        data = tomllib.loads(file.read_text("utf-8"))
        assert list(faults(data, SCENARIO if "step" in data else SERVER)) == [], file


def test_schemas_know_every_key_that_the_readers_know():
    step = SCENARIO["properties"]["step"]["items"]["properties"]
    assert SCENARIO["properties"].keys() == set(SCENARIO_KEYS)
    assert step.keys() == set(STEP_KEYS)
    assert step["check"]["properties"].keys() == set(QUESTION_KEYS)
    assert step["expect"]["anyOf"][0]["properties"].keys() == set(EXPECT_KEYS)
    assert step["expect"]["anyOf"][1]["properties"].keys() == {"error", *POWER_KEYS}
    assert step["set"]["properties"].keys() == set(CHANGE_KEYS)
    connector = SERVER["properties"]["connector"]["items"]["properties"]
    assert connector.keys() >= {one.key for one in PROPERTIES} | {one.name for one in PROPERTIES}


@given(strategies.plain_cases())
def test_a_written_server_file_has_the_schema(case):
    data = tomllib.loads(format_server(organization_of(case[0])))
    assert list(faults(data, SERVER)) == []


def spoiled(data, chance):
    """Return a table with one change: a key that nobody knows, or a value of another kind."""
    places: list[tuple[dict[str, object], str | None]] = []

    def walk(value):
        if isinstance(value, dict):
            places.extend((value, key) for key in value)
            places.append((value, None))
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(data)
    table, key = chance.choice(places)
    if key is None:
        table["nonsense"] = 1
    else:
        table[key] = chance.choice([1.5, {"x": 1}, [], ["x", 1.5], True, "any", 7, -1])
    return data


@given(strategies.plain_cases(), st.integers(0, 1 << 30))
def test_what_the_reader_of_server_files_takes_its_schema_takes(case, seed):
    data = tomllib.loads(format_server(organization_of(case[0])))
    data = spoiled(data, random.Random(seed))  # noqa: S311
    problems = Problems(file="x.toml")
    decode_server(data, problems)
    if not problems.found:
        assert list(faults(data, SERVER)) == []


def test_what_the_reader_of_scenarios_takes_its_schema_takes():
    accepted = refused = 0
    found = sorted((ROOT / "scenarios").rglob("*.toml"))
    files = [tomllib.loads(file.read_text("utf-8")) for file in found]
    files = [data for data in files if isinstance(data.get("server"), str) and "step" in data]
    for seed in range(300):
        chance = random.Random(seed)  # noqa: S311
        data = spoiled(json.loads(json.dumps(chance.choice(files), default=str)), chance)
        problems = Problems(file="x.toml")
        decode_scenario(data, problems, lambda _text: organization_of(ORGANIZATION))
        if problems.found:
            refused += bool(list(faults(data, SCENARIO)))
        else:
            accepted += 1
            assert list(faults(data, SCENARIO)) == [], seed
    assert accepted > 5
    assert refused > 50


ORGANIZATION = strategies.plain_organization(
    [strategies.plain_connector("Default EX01"), strategies.plain_connector("CRM Application")]
)


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ('leave_out = ["open-relay"]\n', True),
        ('[severity]\nopen-relay = "low"\n', True),
        ("[profile]\nhosts = 3\n", True),
        ("nonsense = 1\n", False),
        ('[[accept]]\nrule = "open-relay"\n', False),
    ],
)
def test_policies_and_their_schema_agree(text, sound):
    data = tomllib.loads(text)
    try:
        parse_policy(text.encode(), file="p.toml", domain="CONTOSO")
        taken = True
    except InvalidInput:
        taken = False
    assert taken == sound
    assert (list(faults(data, schema_named("policy"))) == []) == sound


def test_the_command_prints_every_schema_and_names_the_nearest():
    assert said("schema").split() == list(SCHEMAS)
    for name in SCHEMAS:
        printed = json.loads(said("schema", name))
        assert printed == schema_named(name)
        assert printed["$schema"].startswith("http://json-schema.org/draft-07")
    result = relaysim(["schema", "servers"])
    assert result.code == 2
    assert "did you mean `server`?" in result.output
