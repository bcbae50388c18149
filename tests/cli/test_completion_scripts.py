"""The completion scripts, and what a shell gets when it asks."""

import os
import stat
import subprocess
import sys

import pytest

from tests.console import ROOT, relaysim
from tests.powershell.real import PWSH, needs_powershell


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_has_a_script_of_ascii(shell):
    found = relaysim(["completion", shell])
    assert found.code == 0
    assert "_RELAYSIM_COMPLETE" in found.output
    assert found.output.isascii()


def asked(shell, **variables):
    done = subprocess.run(
        [sys.executable, "-m", "relaysim"],
        cwd=ROOT,
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "_RELAYSIM_COMPLETE": f"{shell}_complete"}
        | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_bash_gets_commands_and_options():
    lines = asked("bash", COMP_WORDS="relaysim che", COMP_CWORD="1")
    assert lines == ["plain,check"]
    lines = asked("bash", COMP_WORDS="relaysim check --i", COMP_CWORD="2")
    assert "plain,--ip" in lines


def test_powershell_gets_them_with_their_help():
    lines = asked("powershell", COMP_WORDS="relaysim\nche", COMP_WORD="che")
    assert [line.partition("\t")[0] for line in lines] == ["check"]
    lines = asked("powershell", COMP_WORDS="relaysim\ncompletion", COMP_WORD="")
    assert [line.partition("\t")[0] for line in lines] == ["bash", "zsh", "fish", "powershell"]
    lines = asked("powershell", COMP_WORDS="relaysim\ncheck\n--i", COMP_WORD="--i")
    assert any(line.startswith("--ip\t") for line in lines)


@needs_powershell
def test_a_real_powershell_completes(tmp_path):
    shim = tmp_path / "relaysim"
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m relaysim "$@"\n')
    shim.chmod(shim.stat().st_mode | stat.S_IXUSR)
    script = relaysim(["completion", "powershell"]).output + "".join(
        f"$line = '{line}'; '>' + "
        "((TabExpansion2 $line $line.Length).CompletionMatches.CompletionText -join ' ')\n"
        for line in ("relaysim che", "relaysim completion ", "relaysim check --ip 10.0.0.1 --po")
    )
    (tmp_path / "ask.ps1").write_text(script)
    done = subprocess.run(
        [PWSH, "-NoProfile", "-NonInteractive", "-File", str(tmp_path / "ask.ps1")],
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    assert done.stdout.splitlines() == [
        ">check",
        ">bash zsh fish powershell",
        ">--port",
    ]
