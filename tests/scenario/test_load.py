"""Scenario files are found, and name server files of their own checkout only."""

import os
from pathlib import Path

import pytest

from relaysim.errors import InvalidScenario
from relaysim.scenario.reading.load import Loader, find_files, scenario_root

SERVER = """format = 1
[[connector]]
name = "Only"
bindings = "0.0.0.0:25"
remote_ip_ranges = "0.0.0.0/0"
"""
STEP = '[[step]]\nname = "a"\ncheck = { ip = "10.0.0.1" }\nexpect = { connector = "Only" }\n'


def scenario(server):
    return f'format = 1\nserver = "{server}"\n{STEP}'


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return str(path)


def problem_of(path):
    with pytest.raises(InvalidScenario) as caught:
        Loader().load(path)
    return caught.value.problems[0]


def test_files_below_a_folder_are_found_in_order_and_private_folders_left_out(tmp_path):
    for name in (
        "b.toml",
        "a.toml",
        "sub/c.toml",
        "_servers/s.toml",
        "sub/_x/d.toml",
        ".git/e.toml",
        "note.md",
    ):
        write(tmp_path / name, "")
    found = [os.path.relpath(file, tmp_path) for file in find_files([str(tmp_path)])]
    assert found == ["a.toml", "b.toml", str(Path("sub", "c.toml"))]


def test_a_file_that_is_named_is_taken_whatever_its_name_and_once(tmp_path):
    file = write(tmp_path / "_odd.txt", "")
    assert list(find_files([file, file])) == [file]


def test_a_folder_without_scenarios_is_an_error(tmp_path):
    with pytest.raises(InvalidScenario, match="no scenario file in it"):
        list(find_files([str(tmp_path)]))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: None, "no such file"),
        (lambda path: path.mkdir(), "is a folder, not a file"),
        (lambda path: path.write_bytes(b""), "the file is empty"),
        (lambda path: path.write_bytes(b"\xff"), "neither UTF-8 nor UTF-16 text"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, make, message):
    path = tmp_path / "x.toml"
    make(path)
    problem = problem_of(str(path))
    assert problem.file == str(path)
    assert message in problem.message


def test_a_server_path_is_relative_to_the_scenario(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    write(tmp_path / "scenarios/_servers/one.toml", SERVER)
    file = write(tmp_path / "scenarios/topic/x.toml", scenario("../_servers/one.toml"))
    monkeypatch.chdir(tmp_path / "scenarios")
    loaded = Loader().load(file)
    assert [c.name for c in loaded.organization.connectors] == ["Only"]


def test_the_same_server_file_is_read_once(tmp_path):
    write(tmp_path / "a/one.toml", SERVER)
    first = write(tmp_path / "a/x.toml", scenario("one.toml"))
    second = write(tmp_path / "b/y.toml", scenario("../a/one.toml"))
    loader = Loader()
    assert loader.load(first).organization is loader.load(second).organization


def test_a_server_outside_the_checkout_is_refused(tmp_path):
    write(tmp_path / "secret.toml", SERVER)
    (tmp_path / "repo/.git").mkdir(parents=True)
    file = write(tmp_path / "repo/scenarios/x.toml", scenario("../../secret.toml"))
    assert "lies outside" in problem_of(file).message


def test_a_link_does_not_lead_outside(tmp_path):
    write(tmp_path / "secret.toml", SERVER)
    (tmp_path / "repo/.git").mkdir(parents=True)
    file = write(tmp_path / "repo/x.toml", scenario("link.toml"))
    (tmp_path / "repo/link.toml").symlink_to(tmp_path / "secret.toml")
    assert "lies outside" in problem_of(file).message


def test_without_a_checkout_the_folder_above_is_the_limit(tmp_path):
    write(tmp_path / "one.toml", SERVER)
    write(tmp_path / "a/one.toml", SERVER)
    root = scenario_root(str(tmp_path / "a" / "b"))
    if root != str(tmp_path / "a"):
        pytest.skip("the temporary folder lies in a checkout")
    assert Loader().load(write(tmp_path / "a/b/x.toml", scenario("../one.toml"))).steps
    file = write(tmp_path / "a/b/y.toml", scenario("../../one.toml"))
    assert "lies outside" in problem_of(file).message


@pytest.mark.parametrize("server", ["/etc/passwd", "..\\\\x.toml"])
def test_a_server_path_is_relative_and_portable(tmp_path, server):
    file = write(tmp_path / "x.toml", scenario(server))
    assert "must be a path relative to the scenario file" in problem_of(file).message


def test_problems_of_a_server_file_are_reported_at_the_scenario(tmp_path):
    write(tmp_path / "one.toml", SERVER.replace("remote_ip_ranges", "remote_ip_range"))
    file = write(tmp_path / "x.toml", scenario("one.toml"))
    with pytest.raises(InvalidScenario) as caught:
        Loader().load(file)
    texts = [problem.text() for problem in caught.value.problems]
    assert all(text.startswith(f"{file}:2: server: {tmp_path}") for text in texts)
    assert any("one.toml:5: connector `Only`" in text for text in texts)
