"""What every command says about a wrong command line, an input or output that does not work."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.console import ROOT, relaysim

CHECK = ["check", "--ip", "192.0.2.1"]
WRONG = {
    "out of range": ([*CHECK, "--port", "0"], "--port: 0 is not in the range 1<=x<=65535"),
    "no number": ([*CHECK, "--port", "x"], "--port: 'x' is not a whole number"),
    "no choice": (["map", "--family", "5"], "--family: '5' is not one of '4', '6', 'both'"),
    "no option": ([*CHECK, "--prt", "3"], "--prt: no such option"),
    "control characters": ([*CHECK, "--\x1b[31m"], "--\\x1b[31m: no such option"),
    "nothing required": (["check"], "missing option '--ip'"),
    "no command of a group": (["powershell"], "powershell: no command is named"),
    "no such command of a group": (["powershell", "nope"], "unknown command `nope`"),
    "nothing chosen": (["completion"], "missing argument '{bash|zsh|fish|powershell}'"),
    "no group": (["explain", "--group", "foo"], "--group: unknown permission group `foo`"),
    "no right": (["explain", "--right", "foo"], "--right: unknown right `foo`"),
    "no script": (["shell", "nofile.ps1"], "nofile.ps1: no such file"),
    "no questions": (["batch", "nofile.csv"], "nofile.csv: no such file"),
    "a folder of questions": (["batch", "docs"], "docs: is a folder, not a file"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_error_names_its_place_first(name):
    arguments, expected = WRONG[name]
    result = relaysim(arguments)
    assert result.code == 2
    assert result.output.split("\n")[0] == f"error: {expected}"
    assert all(line.startswith("hint: ") for line in result.output.splitlines()[1:])


def test_a_script_that_is_missing_is_no_configuration():
    assert "builtin" not in relaysim(["shell", "nofile.ps1"]).output
    assert "builtin:NAME" in relaysim([*CHECK, "-c", "nofile.toml"]).output


def test_without_a_command_the_help_is_shown():
    # In a process of its own: Click keeps the help option of an earlier run.
    command = [sys.executable, "-m", "relaysim"]
    environment = {"PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == relaysim(["--help"]).output


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
@pytest.mark.parametrize("arguments", [CHECK, ["--help"], ["new"], ["batch", "questions.csv"]])
def test_a_full_disk_is_no_bug(arguments):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "relaysim", *arguments],
            cwd=ROOT / "docs" / "examples",
            env={"PYTHONPATH": str(ROOT)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "error: standard output: cannot be written (no space left on device)\n"


def test_answers_never_replace_the_questions(tmp_path):
    file = tmp_path / "questions.csv"
    file.write_text("ip\n192.0.2.1\n")
    (tmp_path / "link.csv").symlink_to(file)
    for target in (file, tmp_path / "link.csv"):
        result = relaysim(["batch", str(file), "-o", f"csv:{target}"])
        assert result.code == 2
        assert "is an input of this run" in result.output
    assert file.read_text() == "ip\n192.0.2.1\n"


def test_an_empty_session_says_nothing():
    lines = relaysim(["session", "--ip", "192.168.2.55", "-"]).output.splitlines()
    assert len(lines) == 1


@pytest.mark.parametrize(
    ("command", "begins"), [("shell", "builtin:default"), ("export-shell", "builtin:option-1")]
)
def test_the_help_names_what_the_command_begins_with(command, begins):
    text = " ".join(relaysim([command, "--help"]).output.split())
    assert f"else {begins}." in text


def test_export_shell_exports_what_check_asks_when_nothing_is_named():
    assert "'CRM Application'" in relaysim(["export-shell"], cwd=ROOT / "tests").output


def test_a_mistake_in_every_connector_is_shown_ten_times_and_counted(tmp_path):
    connectors = "".join(
        f"[[connector]]\nname = 'Relay {number}'\ncolour = 'red'\nkey_{number} = 1\n"
        for number in range(100)
    )
    server = tmp_path / "many.toml"
    server.write_text(f"format = 1\n{connectors}")
    lines = relaysim([*CHECK, "-c", str(server)]).output.splitlines()
    assert sum("unknown key `colour`" in line for line in lines) == 10
    assert sum("unknown key `" in line for line in lines) == 30
    assert f"error: {server}: 90 more like this one" in lines
    assert f"error: {server}: 80 more like this one" in lines
    assert len(lines) < 80
