"""What is kept of a large configuration is what a fresh reading gives, or it is not taken."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relaysim.config import source
from relaysim.config.caching import fingerprint, store
from relaysim.config.caching.table import NotKept, from_lines, to_lines
from relaysim.config.source import load
from relaysim.errors import InvalidInput, Problem
from relaysim.lean import field_names, is_frozen
from relaysim.model.organization import one_server
from relaysim.model.principals import Principal
from tests.console import ROOT, relaysim
from tests.importers import writers
from tests.server_cases import servers_of
from tests.strategies.servers import plain_server_organizations

FILES = sorted(ROOT.joinpath("docs").rglob("*.toml")) + sorted(ROOT.joinpath("docs").rglob("*.txt"))


def written(value):
    return from_lines("\n".join(to_lines(value)).split("\n"))


def shape(value):
    """Return a value with the class of everything in it; equal principals may be spelt apart."""
    kind = type(value).__name__
    if isinstance(value, frozenset):
        return kind, frozenset(map(shape, value))
    if isinstance(value, tuple):
        return kind, tuple(map(shape, value))
    if isinstance(value, Principal):
        return kind, value.name, value.sid
    if is_frozen(value):
        return kind, tuple(shape(getattr(value, one)) for one in field_names(type(value)))
    return kind, value


def assert_same(kept, fresh):
    assert kept == fresh
    assert shape(kept) == shape(fresh)


@given(plain_server_organizations())
def test_an_organization_comes_back_from_its_lines(plain):
    fresh = servers_of(plain)
    kept, told = written((fresh, (("a\n", None, 3, "ü\u2028\\", ""),)))
    assert_same(kept, fresh)
    assert told == (("a\n", None, 3, "ü\u2028\\", ""),)
    for before, after in zip(fresh.one_by_one(), kept.one_by_one(), strict=True):
        assert before.beside == after.beside


def test_true_and_one_stay_what_they_are():
    assert list(map(type, written((True, 1, 0, False, None, "1")))) == [
        bool, int, int, bool, type(None), str,
    ]  # fmt: skip


@given(st.lists(st.text(alphabet="sectl=tn b0123 Server\\", max_size=12), max_size=8))
def test_lines_that_are_none_are_told(lines):
    try:
        from_lines(lines)
    except NotKept:
        return
    assert lines, "the value of lines that happen to be some"


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Keep everything, however small, in a folder of the test; return that folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(fingerprint, "LEAST_BYTES", 0)
    return tmp_path / "cache/relaysim"


@pytest.fixture
def readings(monkeypatch):
    """Return the sources that are really read."""
    found = []
    read = source._load_file

    def reading(named, *rest):
        found.append(named)
        return read(named, *rest)

    monkeypatch.setattr(source, "_load_file", reading)
    return found


def told(path, **options):
    notices: list[Problem] = []
    try:
        made = load(str(path), notice=notices.append, keep=True, **options)
    except InvalidInput as error:
        return [one.lines() for one in error.problems], [one.lines() for one in notices]
    return made, [one.lines() for one in notices]


@pytest.fixture
def export(tmp_path):
    """Return an export with a remark of its own."""
    connectors = [
        {
            "Name": name,
            "Server": "EX01",
            "Bindings": ["0.0.0.0:25"],
            "RemoteIPRanges": ["10.0.0.1", "10.0.1.0/24"],
            "PermissionGroups": "AnonymousUsers, Custom",
            "Enabled": True,
        }
        for name in ("One", "Two")
    ]
    path = tmp_path / "exported/connectors.xml"
    path.parent.mkdir()
    path.write_text(writers.clixml(connectors), "utf-8")
    return path


def test_what_is_kept_is_what_is_read(kept, readings, export):
    for path in (*FILES, export, export.parent):
        fresh = told(path)
        count = len(readings)
        again = told(path)
        assert again[1] == fresh[1]
        if isinstance(fresh[0], list):
            # What cannot be read is read, and refused, each time.
            assert (again[0], len(readings)) == (fresh[0], count + 1)
        else:
            assert_same(again[0], fresh[0])
            assert len(readings) == count, path
    assert told(export)[1] != []
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    assert {stat.S_IMODE(one.stat().st_mode) for one in kept.iterdir()} == {0o600}


@pytest.mark.usefixtures("kept")
def test_another_byte_name_or_question_is_another_result(readings, export, tmp_path):
    told(export)
    copy = tmp_path / "copy.xml"
    copy.write_bytes(export.read_bytes())
    told(copy)
    told(export, exchange=None, encoding="cp850")
    export.write_text(export.read_text("utf-8").replace("10.0.0.1", "10.0.0.2"), "utf-8")
    changed, _ = told(export)
    assert len(readings) == 4
    assert str(changed.only.connectors[0].remote_ip_ranges[0]) == "10.0.0.2"


@pytest.mark.parametrize(
    "damage",
    [
        lambda _data: b"",
        lambda data: data[:-7],
        lambda data: data.replace(b"One", b"Owe"),
        lambda data: data[:25] + b"0" * 64 + data[89:],
        lambda _data: os.urandom(300),
    ],
    ids=["empty", "cut", "changed", "another checksum", "something else"],
)
def test_what_is_damaged_is_read_and_written_anew(kept, readings, export, damage):
    fresh = told(export)
    (file,) = kept.iterdir()
    good = file.read_bytes()
    file.write_bytes(damage(good))
    assert told(export) == fresh
    assert len(readings) == 2
    assert file.read_bytes() == good


def test_a_file_of_another_result_is_not_taken(kept, export):
    told(export)
    (file,) = kept.iterdir()
    other = kept / ("0" * 64 + ".kept")
    file.rename(other)
    assert store.read_kept(str(kept), "0" * 64) is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="modes of folders are those of POSIX")
def test_a_folder_that_others_get_into_is_not_used(kept, readings, export):
    kept.mkdir(parents=True)
    kept.chmod(0o755)
    told(export)
    told(export)
    assert len(readings) == 2
    assert list(kept.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="links need rights on Windows")
def test_a_link_in_place_of_the_folder_is_not_followed(kept, readings, export, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    kept.parent.mkdir()
    kept.symlink_to(elsewhere)
    told(export)
    told(export)
    assert len(readings) == 2
    assert list(elsewhere.iterdir()) == []


def test_a_place_that_cannot_be_written_changes_nothing(kept, readings, export):
    kept.parent.write_text("a file where the folder should be", "utf-8")
    assert told(export) == told(export)
    assert len(readings) == 2


def test_a_folder_of_somebody_else_is_not_used(kept, readings, export, monkeypatch):
    told(export)
    (file,) = kept.iterdir()
    good = file.read_bytes()
    monkeypatch.setattr(os, "geteuid", lambda: kept.stat().st_uid + 1, raising=False)
    told(export)
    assert len(readings) == 2
    assert [one.read_bytes() for one in kept.iterdir()] == [good]


@pytest.mark.parametrize("call", ["makedirs", "mkdir", "replace", "unlink", "scandir"])
def test_a_home_that_is_read_only_changes_nothing(kept, readings, export, monkeypatch, call):
    def refused(*_given, **_named):
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as there:
        there.setattr(os, call, refused)
        assert told(export) == told(export)
    # What is only tidied up afterwards is kept all the same.
    assert len(readings) == (1 if call in ("unlink", "scandir") else 2)
    assert [one for one in kept.parent.rglob("*") if one.suffix == ".part"] == []


AT_ONCE = """
import sys
from relaysim.config.caching import store
folder, mine = sys.argv[1:]
for turn in range(60):
    store.write_kept(folder, "key", [mine * 20_000, str(turn)])
    found = store.read_kept(folder, "key")
    assert found is not None and len(set(found[0])) == 1, found
    assert len(found[0]) == 20_000
"""


def test_two_processes_at_once_never_read_half_of_a_result(kept):
    command = [sys.executable, "-c", AT_ONCE, str(kept)]
    running = [subprocess.Popen([*command, name]) for name in "ab"]
    assert [one.wait(60) for one in running] == [0, 0]
    assert [one.name for one in kept.iterdir()] == ["key.kept"]


FULL = """
import resource, signal, sys
from relaysim.config.caching import store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
store.write_kept(sys.argv[1], "small", ["x"])
store.write_kept(sys.argv[1], "large", ["x" * 100_000])
assert store.read_kept(sys.argv[1], "small") == ["x"]
assert store.read_kept(sys.argv[1], "large") is None
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit to set")
def test_a_full_disk_leaves_nothing_half_written(kept):
    subprocess.run([sys.executable, "-c", FULL, str(kept)], check=True, timeout=60)
    assert [one.name for one in kept.iterdir()] == ["small.kept"]


def test_the_oldest_results_go_when_there_are_too_many(kept, monkeypatch):
    monkeypatch.setattr(store, "MOST_KEPT", 3_000)
    for number in range(5):
        store.write_kept(str(kept), f"{number}", ["n" * 800])
        os.utime(kept / f"{number}.kept", (number, number))
    assert sorted(one.name for one in kept.iterdir()) == ["2.kept", "3.kept", "4.kept"]


def test_nothing_is_kept_of_what_is_small_a_pipe_or_standard_input(tmp_path, export):
    assert fingerprint.fingerprint((str(export),)) is None
    assert fingerprint.fingerprint((str(tmp_path / "nothing"),)) is None
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert fingerprint.fingerprint((str(tmp_path / "pipe"),)) is None


def test_no_cache_keeps_nothing(kept, monkeypatch, export):
    command = ["check", "--ip", "10.0.0.1", "-c", str(export)]
    fresh = relaysim(["--no-cache", *command])
    assert not kept.exists()
    monkeypatch.setattr("relaysim.cli.diagnostics._state", {"keep": True})
    assert relaysim(command) == fresh
    assert not kept.exists(), "the variable says so for the whole suite"
    monkeypatch.delenv("RELAYSIM_NO_CACHE")
    assert relaysim(command) == fresh
    assert len(list(kept.iterdir())) == 1
    assert relaysim(command) == fresh


def test_only_values_of_a_configuration_have_a_place():
    with pytest.raises(NotKept):
        to_lines((one_server(), Path()))
