"""The scenarios that ship hold, name their sources, and are listed in their index."""

import re
from pathlib import Path

import pytest

from relaysim.builtin.fresh import fresh_server
from relaysim.config.serverfile import parse_server
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.scenario import script
from relaysim.scenario.reading.load import Loader, find_files
from relaysim.scenario.reading.schema import Check, Run
from relaysim.scenario.results import State
from relaysim.scenario.run import Runner

FOLDER = Path(__file__).parent.parent / "scenarios"
FILES = [Path(file).relative_to(FOLDER).as_posix() for file in find_files([str(FOLDER)])]


@pytest.mark.parametrize("name", FILES)
def test_a_scenario_that_ships_holds_strictly(name):
    scenario = Loader().load(str(FOLDER / name))
    results = Runner(strict=True).run(scenario).results
    if script.SHELL is None and any(isinstance(s.action, Run) for s in scenario.steps):
        bad = [r for r in results if r.state.is_bad]
        assert all(isinstance(r.step.action, Run) for r in bad)
        assert bad
        pytest.skip("needs the shell")
    assert {r.step.name: r.state for r in results if r.state is not State.PASSED} == {}


@pytest.mark.parametrize("name", FILES)
def test_a_scenario_has_a_title_and_every_claim_a_source(name):
    scenario = Loader().load(str(FOLDER / name))
    assert scenario.title
    unsourced = [s.name for s in scenario.steps if isinstance(s.action, Check) and not s.source]
    assert not unsourced


def test_the_index_lists_every_file_once():
    index = (FOLDER / "README.md").read_text("utf-8")
    linked = re.findall(r"^\| \[[^]]*\]\(([^)]*)\)", index, flags=re.MULTILINE)
    assert sorted(linked) == sorted(FILES)
    for name in FILES:
        assert Loader().load(str(FOLDER / name)).title in index


def test_there_are_enough_of_them():
    steps = sum(len(Loader().load(str(FOLDER / name)).steps) for name in FILES)
    assert len(FILES) >= 25
    assert steps >= 150


@pytest.mark.parametrize("version", ExchangeVersion)
@pytest.mark.parametrize("role", ServerRole)
def test_the_shared_servers_are_fresh_servers(version, role):
    if (version, role) == (ExchangeVersion.V2007, ServerRole.HUB):
        pytest.skip("this one is builtin:default")
    prefix = "edge-" if role is ServerRole.EDGE else ""
    path = FOLDER / "_servers" / f"{prefix}{version.value.lower()}.toml"
    assert parse_server(path.read_bytes(), file=str(path)) == fresh_server(
        exchange=version, role=role
    )
