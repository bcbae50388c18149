"""The reference page describes the format that is read: every key, and examples that run."""

import re
from pathlib import Path

import pytest

from relaysim import load
from relaysim.cli.scenario_files.scenarios import command
from relaysim.scenario import script
from relaysim.scenario.reading.decode import SCENARIO_KEYS, STEP_KEYS, parse_scenario
from relaysim.scenario.reading.decode_change import CHANGE_KEYS
from relaysim.scenario.reading.decode_check import EXPECT_KEYS, QUESTION_KEYS
from relaysim.scenario.reading.schema import Run
from relaysim.scenario.results import State
from relaysim.scenario.run import Runner

PAGE = (Path(__file__).parents[2] / "docs/reference/scenario-format.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```toml\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_runs(text):
    scenario = parse_scenario(text.encode(), file="example", resolve=load)
    results = Runner(strict=True).run(scenario).results
    if script.SHELL is None and any(isinstance(s.action, Run) for s in scenario.steps):
        pytest.skip("needs the shell")
    assert [result.state for result in results] == [State.PASSED] * len(scenario.steps)


def section(title):
    start = PAGE.index(f"\n## {title}\n")
    end = PAGE.find("\n## ", start + 1)
    return PAGE[start : end if end > 0 else None]


@pytest.mark.parametrize(
    ("title", "keys"),
    [
        ("The file", SCENARIO_KEYS),
        ("`[[step]]`", STEP_KEYS),
        ("`check`", QUESTION_KEYS),
        ("`expect` of a `check`", EXPECT_KEYS),
        ("`set`", CHANGE_KEYS),
    ],
)
def test_every_key_stands_in_its_table(title, keys):
    rows = [line for line in section(title).splitlines() if line.startswith("| `")]
    documented = {key for row in rows for key in re.findall(r"`([a-z_0-9]+)`", row.split("|")[1])}
    assert set(keys) <= documented


def test_every_option_stands_in_the_table():
    options = section("`relaysim test`")
    for parameter in command.params:
        name = max(parameter.opts, key=len)
        if name in ("--output", "paths"):
            name = {"--output": "-o", "paths": "PATH"}[name]
        assert f"`{name}" in options, name
