"""A scenario may want a real PowerShell; nothing happens unless somebody asks for it by name."""

import os
import shutil
import subprocess
import sys

import pytest

from relaysim.errors import InvalidScenario
from relaysim.scenario.reading.load import Loader
from relaysim.scenario.results import State
from relaysim.scenario.run import Runner
from relaysim.scenario.script import ScriptError, ScriptOutcome
from tests.console import ROOT

PWSH = os.environ.get("RELAYSIM_PWSH") or shutil.which("pwsh")
TEXT = """\
format = 1
server = "builtin:default"

[[step]]
name = "a real one runs it"
run = "New-ReceiveConnector x"
engine = "powershell"
expect = { error = "V-6" }
"""


def load(tmp_path, text):
    """Return the scenario of a text."""
    file = tmp_path / "case.toml"
    file.write_text(text, encoding="utf-8")
    return Loader().load(str(file))


def test_a_step_for_a_real_powershell_is_refused_unless_one_is_given(tmp_path):
    scenario = load(tmp_path, TEXT)
    (refused,) = Runner().run(scenario).results
    assert refused.state is State.ERROR
    assert "--allow-powershell" in str(refused)
    asked = []

    def shell(text, organization):
        asked.append(text)
        return ScriptOutcome(organization, (ScriptError("a usage is needed (V-6)"),))

    (passed,) = Runner(powershell=shell).run(scenario).results
    assert passed.state is State.PASSED
    assert asked == ["New-ReceiveConnector x"]


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace('"powershell"', '"perl"'),
        TEXT.replace('run = "New-ReceiveConnector x"', 'set = { tls = "x" }'),
    ],
)
def test_an_engine_is_one_of_two_and_belongs_to_a_run(tmp_path, text):
    with pytest.raises(InvalidScenario, match="engine"):
        load(tmp_path, text)


@pytest.mark.skipif(PWSH is None, reason="no PowerShell: RELAYSIM_PWSH names none")
def test_a_real_powershell_runs_the_step_when_it_is_allowed(tmp_path):
    file = tmp_path / "case.toml"
    file.write_text(TEXT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "relaysim", "test", str(file), "--allow-powershell", "-v"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "RELAYSIM_PWSH": str(PWSH), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
