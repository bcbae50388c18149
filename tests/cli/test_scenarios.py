"""``relaysim test`` and ``relaysim new`` as their user meets them."""

import os
import re
import shlex
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.console import ROOT, relaysim
from tests.searching import searches

HEAD = 'format = 1\nserver = "builtin:option-2"\n'


def step(name, expect, ip="192.168.2.55"):
    return f"[[step]]\nname = {name!r}\ncheck = {{ ip = {ip!r} }}\nexpect = {{ {expect} }}\n"


GOOD = HEAD + step("it relays", "relay = true")
BAD = HEAD + step("it does not relay", "relay = false") + step("it submits", "submit = true")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "good.toml").write_text(GOOD, "utf-8")
    (tmp_path / "bad.toml").write_text(BAD, "utf-8")
    return tmp_path


def run(folder, *arguments):
    return relaysim(["test", *arguments], cwd=folder)


def test_passing_is_silent_but_for_the_totals(folder):
    assert run(folder, "good.toml") == (0, "1 file, 1 step: 1 passed\n")


def test_a_failure_is_named_in_the_last_lines(folder):
    code, output = run(folder, ".")
    assert code == 1
    assert output.endswith(
        "failed: ./bad.toml:3: it does not relay\n2 files, 3 steps: 2 passed, 1 failed\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "error: PATH: no file or folder is named"),
        (["nothing.toml"], "error: nothing.toml: no such file"),
        (["good.toml", "-k", "zzz"], "error: -k: no step matches `zzz`"),
        (["good.toml", "--step", "it relay"], "hint: did you mean `it relays`?"),
        (["good.toml", "-o", "xml"], "unknown format `xml`"),
        (["good.toml", "-o", "json", "-o", "junit"], "two outputs go to standard output"),
        (["good.toml", "-o", "json:good.toml/folder.json"], "cannot be written"),
        (["good.toml", "--cover-fail-under", "101"], "101"),
        (["empty"], "no scenario file in it"),
    ],
)
def test_wrong_input_exits_2(folder, arguments, message):
    (folder / "empty").mkdir()
    code, output = run(folder, *arguments)
    assert code == 2
    assert message in output
    assert "Traceback" not in output


def test_files_that_do_not_exist_are_all_there_is_to_say(folder):
    code, output = run(folder, "good.toml", "nothing.toml", "nowhere/")
    assert code == 2
    assert output == "error: nothing.toml: no such file\nerror: nowhere/: no such file\n"


def test_an_invalid_file_exits_2_and_the_others_still_run(folder):
    (folder / "broken.toml").write_text(HEAD + "steps = 1\nx = 2\n", "utf-8")
    code, output = run(folder, ".")
    assert code == 2
    assert "error: ./broken.toml:3: steps: unknown key `steps`" in output
    assert "error: ./broken.toml:4: x: unknown key `x`" in output
    assert output.endswith("2 files, 3 steps: 2 passed, 1 failed, 1 invalid file\n")


def test_selection_by_text_and_by_name(folder):
    assert "2 files, 2 steps: 1 passed, 1 failed" in run(folder, ".", "-k", "RELAY")[1]
    assert run(folder, ".", "--step", "it submits") == (0, "1 file, 1 step: 1 passed\n")
    both = run(folder, ".", "--step", "it submits", "-k", "it relays")
    assert both == (0, "2 files, 2 steps: 2 passed\n")


def test_stop_at_the_first_failure(folder):
    code, output = run(folder, ".", "-x")
    assert code == 1
    assert output.endswith("1 file, 1 step: 0 passed, 1 failed\n")


def test_several_outputs_at_once(folder):
    code, output = run(folder, ".", "-o", "text", "-o", "junit:j.xml", "-o", "json:j.json")
    assert code == 1
    assert output.endswith("2 passed, 1 failed\n")
    assert (folder / "j.xml").read_text("utf-8").endswith("</testsuites>\n")
    assert (folder / "j.json").read_text("utf-8").startswith('{"format": "relaysim.test/1"')


def test_an_output_file_is_left_as_it_was_when_nothing_ran(folder):
    (folder / "out.json").write_text("before", "utf-8")
    assert run(folder, ".", "-k", "zzz", "-o", "json:out.json").code == 2
    assert (folder / "out.json").read_text("utf-8") == "before"
    assert sorted(path.name for path in folder.iterdir()) == ["bad.toml", "good.toml", "out.json"]


def test_durations_list_the_slowest_steps(folder):
    output = run(folder, ".", "--durations", "2")[1]
    assert "slowest 2 steps" in output
    assert output.count(" ms  ./") == 2


def test_coverage_and_its_threshold(folder):
    code, output = run(folder, "good.toml", "--cover")
    assert code == 0
    assert "coverage: what the scenarios never asked about" in output
    code, output = run(folder, "good.toml", "--cover-fail-under", "99")
    assert code == 1
    assert "is under 99%" in output
    assert run(folder, "good.toml", "--cover-fail-under", "1").code == 0


def test_strictness_makes_an_unnamed_assumption_a_failure(folder):
    (folder / "mapped.toml").write_text(
        HEAD + step("m", "relay = true", "::ffff:192.168.2.55"), "utf-8"
    )
    code, output = run(folder, "mapped.toml")
    assert code == 0
    assert "warning    relay rests on an assumption, S-6" in output
    code, output = run(folder, "mapped.toml", "--strict")
    assert code == 1
    assert "rerun      relaysim test mapped.toml --step m --strict" in output


def test_update_writes_files_and_says_what_changed(folder):
    code, output = run(folder, ".", "--update")
    assert code == 0
    assert (
        output
        == "./bad.toml: it does not relay: now relay = true\n1 file changed, 1 file as it was\n"
    )
    assert (folder / "bad.toml").read_text("utf-8") == BAD.replace("relay = false", "relay = true")
    assert (folder / "good.toml").read_text("utf-8") == GOOD
    assert run(folder, ".").code == 0


def test_update_keeps_bytes_it_does_not_understand_as_text_lines(folder):
    data = b"\xef\xbb\xbf" + BAD.replace("\n", "\r\n").encode()
    (folder / "bad.toml").write_bytes(data)
    assert run(folder, "bad.toml", "--update").code == 0
    expected = data.replace(b"relay = false", b"relay = true")
    assert (folder / "bad.toml").read_bytes() == expected


def test_update_writes_nothing_when_a_file_is_invalid(folder):
    (folder / "broken.toml").write_text(HEAD, "utf-8")
    code, output = run(folder, ".", "--update")
    assert code == 2
    assert "error: ./broken.toml: there is no step" in output
    assert (folder / "bad.toml").read_text("utf-8") == BAD


def test_update_says_what_it_could_not_do(folder):
    (folder / "any.toml").write_text(HEAD + step("a", "relay = true", "any"), "utf-8")
    code, output = run(folder, "any.toml", "--update")
    assert code == 1
    assert "any.toml: a: not changed: `relay` differs" in output


def test_new_writes_a_scenario_that_passes_and_never_overwrites(tmp_path):
    result = relaysim(["new", "first.toml"], cwd=tmp_path)
    assert result == (0, "wrote first.toml; run it with `relaysim test first.toml`\n")
    assert run(tmp_path, "first.toml", "--strict") == (0, "1 file, 4 steps: 4 passed\n")
    result = relaysim(["new", "first.toml"], cwd=tmp_path)
    assert result.code == 2
    assert result.output.startswith("error: first.toml: exists already\n")
    text = relaysim(["new"], cwd=tmp_path).output
    assert text == (tmp_path / "first.toml").read_text("utf-8")


# The text of a failure never lies: its re-run command shows the same failure.

names = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=15
).filter(lambda text: text.strip() == text and text.isprintable())
_COUNTER = iter(range(10**9))


@given(names, names, st.sampled_from(["-x.toml", "a b.toml"]))
@searches(20)
@example("2", "$(x)", "a b.toml")
@example("it's; x", "-x", "-x.toml")
def test_the_printed_command_reproduces_the_failure(tmp_path_factory, name, other, file):
    if name == other:
        other += "x"
    from relaysim.config.toml_text import format_toml_string

    folder = tmp_path_factory.getbasetemp() / f"rerun-{next(_COUNTER)}"
    folder.mkdir()
    expect = "check = { ip = 'any' }\nexpect = { relay = false }\n"
    text = HEAD + "".join(
        f"[[step]]\nname = {format_toml_string(one)}\n{expect}" for one in (name, other)
    )
    (folder / file).write_text(text, "utf-8")
    code, output = relaysim(["test", "."], cwd=folder)
    assert code == 1
    blocks = output.split("\n\n")[:2]
    for number, (block, one) in enumerate(zip(blocks, (name, other), strict=True), 1):
        line = block.rpartition("\n")[2]
        if f"step {number} of" in line:
            assert str(number) in (name, other)
            continue
        command = line.partition("relaysim ")[2]
        assert SAFE_FOR_EVERY_SHELL.fullmatch(command)
        again = relaysim(shlex.split(command), cwd=folder)
        assert again.code == 1
        assert again.output.startswith(block.replace(f"./{file}:", f"{_path(command)}:", 1)[:40])
        assert again.output.endswith("1 file, 1 step: 0 passed, 1 failed\n")
        assert f": {one}\n" in again.output


SAFE_FOR_EVERY_SHELL = re.compile(r"""(?:[A-Za-z0-9 ./_:-]|"[A-Za-z0-9 ._,:;/()@=+'-]*")*""")
"""No character that sh, PowerShell or cmd would read as more than itself, but for double quotes."""


def _path(command):
    return shlex.split(command)[1]


@pytest.mark.parametrize(
    "name",
    [
        "x\u2018; Pwn #",
        "it's | Pwn",
        "c\u2019; Pwn; \u2019d",
        "$(Pwn)",
        "%PATH%",
        "-x",
        "a`b",
        "~",
        "--%",
    ],
)
def test_a_name_that_a_shell_could_misread_is_left_out_for_its_number(folder, name):
    (folder / "relay.toml").write_text(
        HEAD + step("fine", "relay = true") + step(name, "relay = false"), "utf-8"
    )
    output = run(folder, "relay.toml")[1]
    assert "rerun      relaysim test relay.toml --step 2\n" in output
    assert relaysim(["test", "relay.toml", "--step", "2"], cwd=folder).code == 1
    assert relaysim(["test", "relay.toml", "--step", "1"], cwd=folder).code == 0


def test_no_command_is_offered_for_a_file_that_a_shell_could_misread(folder):
    (folder / "$(x).toml").write_text(HEAD + step("a", "relay = false"), "utf-8")
    assert "rerun      step 1 of $(x).toml\n" in run(folder, "$(x).toml")[1]


def test_the_printed_command_works_in_a_real_shell(folder):
    (folder / "o d.toml").write_text(HEAD + step("it's (a) step", "relay = false"), "utf-8")
    output = run(folder, "o d.toml")[1]
    (line,) = [row for row in output.splitlines() if row.startswith("      rerun")]
    command = line.split(maxsplit=1)[1].replace(
        "relaysim", f"{shlex.quote(sys.executable)} -m relaysim", 1
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == output


def test_a_pipe_gets_no_progress_and_no_colour(tmp_path):
    for number in range(60):
        (tmp_path / f"{number:02}.toml").write_text(GOOD, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "relaysim", "test", "."],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("60 files, 60 steps: 60 passed\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_gets_a_progress_bar_for_many_files(tmp_path):
    import pty

    for number in range(60):
        (tmp_path / f"{number:02}.toml").write_text(GOOD, "utf-8")
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "relaysim", "test", "."],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color"},
        stdout=child,
        stderr=child,
        stdin=child,
    )
    os.close(child)
    seen = b""
    while True:
        try:
            piece = os.read(parent, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    assert process.wait() == 0
    assert b"relaysim test" in seen
    assert b"60 files, 60 steps: " in seen
