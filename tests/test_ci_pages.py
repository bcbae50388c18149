"""The shell lines of the pages about CI run as they stand, in a repository as the pages want it."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.console import ROOT

PAGES = ("github-actions", "gitlab-ci", "azure-pipelines", "pre-commit")
GATES = {"github-actions": 5, "gitlab-ci": 5, "azure-pipelines": 4, "pre-commit": 3}
SCENARIO = """\
format = 1
title  = "who relays"
server = "../relaysim.toml"

[[step]]
name   = "printers relay"
check  = { ip = "172.16.4.9", auth = "none" }
expect = { relay = true }
"""
BLOCK = re.compile(r"^```(yaml|sh)\n(.*?)^```", re.DOTALL | re.MULTILINE)
KEYS = re.compile(r"^ *(?:- )?(?:run|script|entry): *(.*)$")


def blocks(page):
    return BLOCK.findall((ROOT / f"docs/how-to/{page}.md").read_text("utf-8"))


def shell_lines(page):
    """Return the scripts of a page's first YAML block, and its shell blocks."""
    found = []
    lines = next(text for kind, text in blocks(page) if kind == "yaml").splitlines()
    for number, line in enumerate(lines):
        match = KEYS.match(line)
        if match is None:
            if line.strip() in ("before_script:", "script:"):
                found += listed(lines[number + 1 :])
            continue
        text = match[1]
        if text == "|":
            key = len(line) - len(line.lstrip("- "))
            found.append("\n".join(indented(lines[number + 1 :], key)))
        elif text:
            found.append(text)
        else:
            found += listed(lines[number + 1 :])
    return found + [text for kind, text in blocks(page) if kind == "sh"]


def listed(lines):
    for line in lines:
        if not line.strip().startswith("- "):
            return
        yield line.strip().removeprefix("- ")


def indented(lines, width):
    for line in lines:
        if len(line) - len(line.lstrip()) <= width:
            return
        yield line.strip()


@pytest.fixture
def repository(tmp_path):
    """Return a repository with server file and scenarios, and what runs a script in it."""
    place = tmp_path / "repository"
    (place / "scenarios").mkdir(parents=True)
    shutil.copy(ROOT / "docs/examples/mx1.toml", place / "relaysim.toml")
    (place / "scenarios" / "relay.toml").write_text(SCENARIO, encoding="utf-8")
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, text in {
        "relaysim": f'exec "{sys.executable}" -m relaysim "$@"',
        "pip": '[ "$*" = "install relaysim" ]',
    }.items():
        (tools / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (tools / name).chmod(0o755)
    environ = {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
        "GITHUB_BASE_REF": "main",
        "CI_DEFAULT_BRANCH": "main",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }

    def run(script):
        # The agent of Azure Pipelines puts its own variables in before a shell sees them.
        script = script.replace("$(Common.TestResultsDirectory)", str(tmp_path))
        return subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=place,
            env=environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    made = run(
        "git init -q -b main . && git add -A && "
        "git -c user.name=a -c user.email=a@example.org commit -q -m start && "
        "git update-ref refs/remotes/origin/main HEAD"
    )
    assert made.returncode == 0, made.stderr
    return place, run


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("page", PAGES)
def test_the_shell_lines_run_as_they_stand(page, repository):
    _, run = repository
    scripts = shell_lines(page)
    assert len(scripts) >= GATES[page]
    for script in scripts:
        done = run(script)
        assert done.returncode == 0, (script, done.stdout, done.stderr)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_change_that_opens_a_relay_is_stopped(repository):
    place, run = repository
    server = place / "relaysim.toml"
    opened = server.read_text("utf-8").replace("172.16.4.0/24", "0.0.0.0-255.255.255.254")
    server.write_text(opened, encoding="utf-8")
    for page in PAGES:
        codes = [run(script).returncode for script in shell_lines(page) if "--fail-on" in script]
        assert 1 in codes, page
