"""The pytest plugin collects scenario files, and costs nothing where there is none."""

import os
import subprocess
import sys
from pathlib import Path

from relaysim.scenario.rewriting.starter import STARTER

ROOT = Path(__file__).parent.parent.parent
FAILING = """format = 1
server = "builtin:option-2"

[[step]]
name = "nobody relays"
source = "SEED"
check = { ip = "any", auth = "none" }
expect = { relay = false }

[[step]]
name = "later"
skip = "not yet"
run = "x"

[[step]]
name = "gap"
known_gap = "known"
check = { ip = "any", auth = "none" }
expect = { relay = false }
"""


def run(folder, *arguments):
    # A folder of its own with an ini file, so that this project's settings do not apply.
    ini = folder / "pytest.ini"
    if not ini.exists():
        ini.write_text("[pytest]\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:relaysim"]
    command += ["-p", "relaysim.pytest_plugin", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    # The other plugins of this machine are no part of what is tried, and slow to load.
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_files_are_collected_by_suffix_and_steps_are_items(tmp_path):
    (tmp_path / "a.relay.toml").write_text(STARTER, "utf-8")
    (tmp_path / "other.toml").write_text("nonsense", "utf-8")
    done = run(tmp_path, "-v")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "a.relay.toml::nobody else relays without authentication PASSED" in done.stdout
    assert "4 passed" in done.stdout


def test_a_failure_reads_as_the_command_prints_it(tmp_path):
    (tmp_path / "b.relay.toml").write_text(FAILING, "utf-8")
    done = run(tmp_path)
    assert done.returncode == 1
    command = subprocess.run(
        [sys.executable, "-m", "relaysim", "test", "b.relay.toml"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    block = command.stdout.split("\n\n")[0]
    assert block.startswith("FAIL  b.relay.toml:4: nobody relays  [SEED]")
    assert "breaks     192.168.2.55-192.168.2.56 (2 addresses)" in block
    assert block in done.stdout
    assert "1 failed, 1 skipped, 1 xfailed" in done.stdout


def test_one_step_may_be_selected_and_still_stands_on_the_changes_before_it(tmp_path):
    (tmp_path / "a.relay.toml").write_text(STARTER, "utf-8")
    done = run(tmp_path, "a.relay.toml::the two web servers relay and get nothing else")
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_an_invalid_file_names_its_problems(tmp_path):
    (tmp_path / "c.relay.toml").write_text('format = 1\nserver = "builtin:x"\n', "utf-8")
    done = run(tmp_path)
    assert done.returncode == 2
    assert "c.relay.toml:2: server: unknown built-in configuration `builtin:x`" in done.stdout
    assert "Traceback" not in done.stdout


def test_other_files_are_named_in_the_ini_file(tmp_path):
    (tmp_path / "scenarios/_servers").mkdir(parents=True)
    (tmp_path / "scenarios/a.toml").write_text(STARTER, "utf-8")
    (tmp_path / "scenarios/_servers/s.toml").write_text("format = 1\n", "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nrelaysim_files = scenarios/*.toml\n", "utf-8")
    done = run(tmp_path)
    assert "4 passed" in done.stdout, done.stdout


def test_strictness_is_an_ini_option(tmp_path):
    text = FAILING.split("[[step]]", maxsplit=1)[0] + (
        '[[step]]\nname = "mapped"\ncheck = { ip = "::ffff:10.0.0.1" }\n'
        "expect = { relay = false }\n"
    )
    (tmp_path / "d.relay.toml").write_text(text, "utf-8")
    assert run(tmp_path).returncode == 0
    (tmp_path / "pytest.ini").write_text("[pytest]\nrelaysim_strict = true\n", "utf-8")
    done = run(tmp_path)
    assert done.returncode == 1
    assert "--step mapped --strict" in done.stdout


def test_without_a_scenario_nothing_but_the_plugin_is_imported(tmp_path):
    (tmp_path / "test_x.py").write_text(
        "import sys\n"
        "def test_x():\n"
        "    ours = sorted(name for name in sys.modules if name.startswith('relaysim'))\n"
        "    assert ours == ['relaysim', 'relaysim.pytest_plugin']\n",
        "utf-8",
    )
    (tmp_path / "x.toml").write_text("a = 1\n", "utf-8")
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout
