"""What is wrong with a whole command line is said before anything is read or written."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.console import ROOT

SERVER = (ROOT / "docs/examples/mx1.toml").read_text("utf-8")
SCENARIO = """
format = 1
server = "builtin:default"
[[step]]
name = "nobody relays"
check = { ip = "10.0.0.1" }
expect = { relay = false }
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "m.toml").write_text(SERVER, encoding="utf-8")
    return tmp_path


def relaysim(folder, *arguments, **more):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("RELAYSIM_CONFIG", None)
    return subprocess.run(
        [sys.executable, "-m", "relaysim", *arguments],
        cwd=folder,
        env=environment | more.pop("env", {}),
        capture_output=True,
        text=True,
        check=False,
        **more,
    )


def hard(folder):
    os.link(folder / "m.toml", folder / "other.toml")
    return "other.toml"


def symbolic(folder):
    (folder / "other.toml").symlink_to("m.toml")
    return "other.toml"


def itself(folder):
    return f"{folder}/./m.toml"


def behind_a_folder_to_come(folder):
    return f"none/../{symbolic(folder)}"


@pytest.mark.parametrize("name", [itself, hard, symbolic, behind_a_folder_to_come])
@pytest.mark.parametrize(
    "command",
    [
        ["check", "--ip", "1.1.1.1", "-c", "m.toml", "-o", "json:{}"],
        ["export-shell", "-c", "m.toml", "--to", "{}"],
        ["map", "--config=m.toml", "--output=csv:{}"],
        ["shell", "-c", "m.toml", "--save", "{}", "-"],
    ],
    ids=lambda command: command[0],
)
def test_no_output_may_be_an_input(folder, name, command):
    file = name(folder)
    done = relaysim(folder, *(word.replace("{}", file) for word in command), input="")
    assert done.returncode == 2
    assert "is an input of this run" in done.stderr
    assert (folder / "m.toml").read_text("utf-8") == SERVER


def test_the_configuration_that_nothing_names_is_an_input_too(folder):
    (folder / "m.toml").rename(folder / "relaysim.toml")
    done = relaysim(folder, "check", "--ip", "1.1.1.1", "-o", "json:relaysim.toml")
    assert done.returncode == 2
    assert (folder / "relaysim.toml").read_text("utf-8") == SERVER


def test_two_outputs_of_one_file_are_refused_before_anything_is_written(folder):
    (folder / "a.json").write_text("old", encoding="utf-8")
    (folder / "b.json").symlink_to("a.json")
    arguments = ["check", "--ip", "1.1.1.1", "-o", "json:a.json", "-o", "text:b.json"]
    done = relaysim(folder, *arguments)
    assert done.returncode == 2
    assert (folder / "a.json").read_text("utf-8") == "old"


@pytest.mark.parametrize(
    "command",
    [
        ["check", "--ip", "1.1.1.1", "-o", "text:b"],
        ["batch", "q.csv", "-o", "csv:b"],
        ["test", "s.toml", "-o", "junit:b"],
    ],
    ids=lambda command: command[0],
)
def test_a_link_is_written_through_the_mode_is_kept_and_a_replaced_file_is_named(folder, command):
    (folder / "q.csv").write_text("ip\n10.0.0.1\n", encoding="utf-8")
    (folder / "s.toml").write_text(SCENARIO, encoding="utf-8")
    (folder / "a").write_text("old", encoding="utf-8")
    (folder / "a").chmod(0o640)
    (folder / "b").symlink_to("a")
    done = relaysim(folder, *command)
    assert done.returncode == 0, done.stderr
    assert "note: b: replaced" in done.stderr
    assert (folder / "b").is_symlink()
    assert len((folder / "a").read_text("utf-8")) > 3
    assert (folder / "a").stat().st_mode & 0o777 == 0o640


def test_missing_folders_of_an_output_are_made(folder):
    (folder / "q.csv").write_text("ip\n10.0.0.1\n", encoding="utf-8")
    for command, form in ((["check", "--ip", "1.1.1.1"], "json"), (["batch", "q.csv"], "csv")):
        done = relaysim(folder, *command, "-o", f"{form}:{command[0]}/b/c")
        assert done.returncode == 0, done.stderr
        assert (folder / f"{command[0]}/b/c").is_file()
        assert done.stderr == f"note: {command[0]}/b: folder made\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--ip", "1.1.1.1", "--ip", "2.2.2.2"],
        ["check", "--ip=1.1.1.1", "--port", "25", "--port=26"],
        ["map", "-c", "m.toml", "-c", "m.toml"],
        ["explain", "-cm.toml", "-cm.toml"],
        ["batch", "-", "-c", "m.toml", "-c", "m.toml"],
    ],
)
def test_an_option_that_takes_one_value_is_not_repeated(folder, arguments):
    done = relaysim(folder, *arguments, input="")
    assert done.returncode == 2
    assert "is given more than once" in done.stderr


def test_the_value_of_an_option_is_not_taken_for_an_option(folder):
    done = relaysim(folder, "check", "--ip", "1.1.1.1", "--from", "--ip@x.example")
    assert "more than once" not in done.stderr


def test_help_names_a_command_and_short_options_exist(folder):
    assert "Usage: relaysim check" in relaysim(folder, "help", "check").stdout
    assert relaysim(folder, "-V").stdout.startswith("relaysim ")
    loud = relaysim(folder, "check", "--ip", "fe80::1%4", "-c", "m.toml")
    quiet = relaysim(folder, "-q", "check", "--ip", "fe80::1%4", "-c", "m.toml")
    assert "warning" in loud.stderr
    assert quiet.stderr == ""


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("huge.toml", f"format = 1\nx = {'9' * 5000}\n".encode(), ":2: not valid TOML"),
        ("s.toml", b'format = 1\nserver = "x"\n[[step]]\nname = "a"\n', "a scenario"),
        ("half.toml", b"\xff\xfe\x00", "neither UTF-8 nor UTF-16"),
    ],
)
def test_what_is_no_server_file_is_named(folder, name, data, says):
    (folder / name).write_bytes(data)
    done = relaysim(folder, "check", "--ip", "1.1.1.1", "-c", name)
    assert done.returncode == 2
    assert says in done.stderr


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_server_file_is_read_in_the_encodings_of_windows(folder, encoding):
    (folder / "w.toml").write_bytes(SERVER.replace("\n", "\r\n").encode(encoding))
    done = relaysim(folder, "check", "--ip", "172.16.4.9", "-c", "w.toml")
    assert done.stdout.startswith("172.16.4.9, no authentication: may relay")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero here")
def test_an_endless_configuration_ends_with_an_error(folder):
    done = relaysim(folder, "check", "--ip", "1.1.1.1", "-c", "/dev/zero", timeout=60)
    assert done.returncode == 2
    assert "endless" in done.stderr


def test_a_missing_file_that_the_environment_names_is_told_so(folder):
    done = relaysim(folder, "check", "--ip", "1.1.1.1", env={"RELAYSIM_CONFIG": "gone.toml"})
    assert done.returncode == 2
    assert "RELAYSIM_CONFIG" in done.stderr


def test_a_nul_in_the_name_of_a_scenarios_server_spoils_that_file_only(folder):
    head = 'format = 1\nserver = "{}"\n[[step]]\nname = "x"\n'
    rest = 'check = { ip = "1.1.1.1" }\nexpect = { relay = false }\n'
    (folder / "a.toml").write_text(head.replace("{}", "a\\u0000b") + rest, encoding="utf-8")
    (folder / "b.toml").write_text(head.replace("{}", "builtin:default") + rest, encoding="utf-8")
    done = relaysim(folder, "test", "a.toml", "b.toml")
    assert done.returncode == 2
    assert "a.toml:2" in done.stderr
    assert "1 passed" in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_program_as_ctrl_c_does(folder, number):
    running = subprocess.Popen(
        [sys.executable, "-m", "relaysim", "powershell", "backend"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests may ignore this signal, as nohup does; a child would inherit that.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert running.stdin is not None
    assert running.stdout is not None
    assert running.stderr is not None
    # What answers is up, and waits for the next line.
    running.stdin.write('{"id": 1, "op": "hello"}\n')
    running.stdin.flush()
    assert '"protocol":' in running.stdout.readline()
    running.send_signal(number)
    assert running.wait(timeout=20) == 128 + number
    assert running.stderr.read().strip() == "interrupted"
    running.stdin.close()
    running.stdout.close()
    running.stderr.close()


@pytest.mark.parametrize("name", ["m.toml", "t.toml", "o.xml"])
def test_no_output_may_be_the_server_file_of_a_scenario(folder, name):
    (folder / "s.toml").write_text(
        'format = 1\nserver = "m.toml"\n[[step]]\nname = "x"\ncheck = { ip = "1.1.1.1" }\n'
        "expect = { relay = false }\n",
        encoding="utf-8",
    )
    os.link(folder / "m.toml", folder / "t.toml")
    done = relaysim(folder, "test", "s.toml", "-o", f"junit:{name}")
    assert ("is an input of this run" in done.stderr) == (name != "o.xml")
    assert (folder / "m.toml").read_text("utf-8") == SERVER


def test_no_output_may_be_a_file_of_a_folder_that_is_read(folder):
    (folder / "list").mkdir()
    (folder / "list/a.txt").write_text("Name : A\nBindings : {0.0.0.0:25}\n", encoding="utf-8")
    for name, refused in (("list/a.txt", True), ("list/b.json", False), ("list/b.json", True)):
        asked = ["check", "--ip", "1.1.1.1", "-c", "list", "-o", f"json:{name}"]
        assert ("is an input" in relaysim(folder, *asked).stderr) is refused


@pytest.mark.parametrize("command", [["batch", "-c", "builtin:option-2"], ["import", "-"]])
def test_no_output_may_be_what_standard_input_comes_from(folder, command):
    (folder / "q").write_text("ip\n1.1.1.1\n", encoding="utf-8")
    form = "csv" if command[0] == "batch" else "toml"
    with (folder / "q").open(encoding="utf-8") as stream:
        done = relaysim(folder, *command, "-o", f"{form}:q", stdin=stream)
    assert done.returncode == 2
    assert "`q` is an input of this run" in done.stderr
