"""On a standard output that lacks characters JSON stays JSON, and other text names what it hid."""

import csv
import json
import os
import subprocess
import sys
from io import StringIO

import pytest

from tests.console import ROOT

NAME = "Б; x \U0001f600 é"
SERVER = f"""format = 1
[[connector]]
name = "{NAME}"
bindings = "0.0.0.0:25"
remote_ip_ranges = "0.0.0.0/0"
permission_groups = "AnonymousUsers"
"""
pages = pytest.mark.parametrize("page", ["cp1252", "cp437"])


@pytest.fixture(name="config", scope="module")
def config_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("narrow") / "server.toml"
    path.write_text(SERVER, "utf-8")
    return str(path)


def run(page, *arguments, stdin=""):
    done = subprocess.run(
        [sys.executable, "-m", "relaysim", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": page, "PYTHONPATH": str(ROOT)},
        input=stdin.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode(page), done.stderr.decode(page)


@pages
@pytest.mark.parametrize(
    "command",
    [
        ["check", "--ip", "10.0.0.1", "-o", "json"],
        ["explain", "-o", "json"],
        ["map", "-o", "json"],
    ],
    ids=lambda one: one[0],
)
def test_json_is_the_same_text_in_every_code_page(page, command, config):
    output, errors = run(page, *command, "-c", config)
    assert json.dumps(NAME) in json.dumps(json.loads(output))
    assert errors == ""


@pages
def test_batch_writes_json_and_csv_that_can_be_read(page, config):
    rows = "ip\n10.0.0.1\n"
    output, errors = run(page, "batch", "-", "-c", config, "-o", "jsonl", stdin=rows)
    assert json.loads(output)["connector"] == NAME
    assert errors == ""
    output, errors = run(page, "batch", "-", "-c", config, stdin=rows)
    _, row = csv.reader(StringIO(output))
    assert row[1] == "\\u0411; x \\ud83d\\ude00 é"
    assert f"standard output is {page} and cannot show `\\u0411`, `\\ud83d\\ude00`" in errors


@pages
def test_text_names_what_it_could_not_show(page, config):
    output, errors = run(page, "check", "--ip", "10.0.0.1", "-c", config)
    assert "\\u0411; x \\ud83d\\ude00 é" in output
    assert errors.startswith(f"warning: standard output is {page} and cannot show `\\u0411`")
    assert "PYTHONIOENCODING=utf-8" in errors


def test_an_exported_script_needs_no_warning(config):
    output, errors = run("cp1252", "export-shell", "-c", config)
    assert output.isascii()
    assert "cannot show" not in errors
