"""On a terminal it is said what takes its time, and nothing of it stays; elsewhere nothing is."""

import io
import threading
from contextlib import redirect_stderr

import pytest

from relaysim.cli import notes, progress
from relaysim.errors import Problem


class Terminal(io.StringIO):
    """Standard error as a terminal has it; tells when a line that turns was drawn."""

    def __init__(self):
        super().__init__()
        self.drawn = threading.Event()

    def isatty(self):
        return True

    def write(self, text):
        if text.startswith("\r") and text.strip():
            self.drawn.set()
        return super().write(text)


def shown(text):
    """Return what a terminal shows: a carriage return goes back to the beginning of the line."""
    lines = [""]
    for part in text.replace("\n", "\n\r").split("\r"):
        lines[-1] = part + lines[-1][len(part) :]
        if part.endswith("\n"):
            lines[-1] = lines[-1].rstrip("\n")
            lines.append("")
    return [line.rstrip() for line in lines]


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(progress, "_PATIENCE", 0.001)
    monkeypatch.setattr(progress, "_TICK", 0.001)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "30")
    return Terminal()


def test_a_phase_is_named_within_the_width_and_leaves_no_trace(terminal):
    with redirect_stderr(terminal), progress.working("comparing everything with everything"):
        assert terminal.drawn.wait(20)
    lines = {line for line in terminal.getvalue().split("\r") if line.strip()}
    assert all(line[2:].startswith("comparing everything") for line in lines)
    assert {len(line) for line in lines} == {29}
    assert shown(terminal.getvalue()) == [""]


def test_a_part_of_the_work_has_its_own_name_and_then_the_whole_again(terminal):
    with redirect_stderr(terminal), progress.working("whole"):
        with progress.working("part"):
            # The whole may be drawn before the part begins, and once more while it does.
            for _ in range(3):
                terminal.drawn.clear()
                assert terminal.drawn.wait(20)
        running = progress._Spinner.running
        assert running is not None
        assert running.phase == "whole"
    assert " part" in terminal.getvalue()
    assert progress._Spinner.running is None


def test_a_note_stands_on_a_line_of_its_own(terminal):
    with redirect_stderr(terminal), progress.working("reading"):
        assert terminal.drawn.wait(20)
        notes.note(Problem("seen"))
    assert [line for line in shown(terminal.getvalue()) if line and line[0] not in "|/-\\"] == [
        "note: seen"
    ]
    assert notes.before_each_note == []


def test_an_error_ends_it(terminal):
    def failing():
        assert terminal.drawn.wait(20)
        raise ZeroDivisionError

    with redirect_stderr(terminal), pytest.raises(ZeroDivisionError):
        progress.working("dividing")(failing)()
    assert shown(terminal.getvalue()) == [""]


@pytest.mark.parametrize("why", ["no terminal", "dumb", "quiet"])
def test_nothing_is_drawn_where_nobody_looks(why, terminal, monkeypatch):
    if why == "no terminal":
        monkeypatch.setattr(terminal, "isatty", lambda: False)
    elif why == "dumb":
        monkeypatch.setenv("TERM", "dumb")
    else:
        monkeypatch.setattr(progress, "is_quiet", lambda: True)
    with redirect_stderr(terminal):
        assert not progress.shows_progress()
        with progress.working("reading"):
            assert progress._Spinner.running is None
    assert terminal.getvalue() == ""
