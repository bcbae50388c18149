"""How much is read is told on a terminal, in bytes, and nowhere else."""

import contextlib
import io
import os
import pty
import re

import pytest

from relaysim.cli import progress
from relaysim.replay.reading.files import find_logs, gather_logs
from tests.replay.logs import HEAD, RELAYED, session_rows


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    path = tmp_path_factory.mktemp("log") / "a.log"
    rows = "".join(session_rows(1, RELAYED))
    path.write_text(HEAD + rows * (40_000 // rows.count("\n")), encoding="utf-8")
    return path


def test_what_is_told_while_a_log_is_read_adds_up_to_its_size(log):
    told: list[int] = []
    gather_logs(find_logs([str(log)]), None, progress=told.append)
    assert len(told) >= 3
    assert sum(told) == log.stat().st_size


def test_a_bar_on_a_terminal_has_bytes_and_the_time_left(monkeypatch):
    monkeypatch.setattr(progress, "_WORTH_IT", 1)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr("sys.stderr", terminal)
        with progress.bytes_bar(4_000_000) as advance:
            advance(2_000_000)
    written = b""
    # What was written is all there; the end of it is an error on Linux.
    with contextlib.suppress(OSError):
        while some := os.read(ours, 1 << 16):
            written += some
    os.close(ours)
    seen = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", written.decode())
    assert "2.0/4.0 MB" in seen
    assert re.search(r"\d+:\d\d:\d\d|-:--:--", seen)


def test_nothing_is_told_in_a_pipe(monkeypatch):
    monkeypatch.setattr(progress, "_WORTH_IT", 1)
    pipe = io.StringIO()
    monkeypatch.setattr("sys.stderr", pipe)
    with progress.bytes_bar(4_000_000) as advance:
        advance(2_000_000)
    assert pipe.getvalue() == ""
