"""The prompt, driven through a pseudo-terminal as a person drives it."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest

from relaysim.cli.shells.shell_prompt import is_incomplete

PROMPT = "[relaysim] PS> "


def own_terminal():
    """Make the terminal the new process's own; a shell in the background ignores Ctrl-C."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A prompt in a pseudo-terminal of its own."""

    def __init__(self, folder, *arguments):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 200, 0, 0))
        environment = {
            **os.environ,
            "TERM": "xterm",
            "NO_COLOR": "1",
            "RELAYSIM_HISTORY": str(folder / "history"),
            "INPUTRC": os.devnull,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        environment.pop("RELAYSIM_CONFIG", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "relaysim", "shell", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=folder,
            env=environment,
            start_new_session=True,
            preexec_fn=own_terminal,  # noqa: PLW1509
        )
        os.close(slave)
        self.seen = ""

    def send(self, text):
        os.write(self.master, text.encode())

    def wait(self, text, timeout=20.0):
        """Return what was shown up to ``text`` since the last time."""
        end = time.monotonic() + timeout
        while text not in self.seen:
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            assert ready, f"{text!r} never came; shown: {self.seen!r}"
            try:
                data = os.read(self.master, 65536)
            except OSError:
                data = b""
            assert data, f"the prompt ended before {text!r}; shown: {self.seen!r}"
            self.seen += data.decode()
        head, _, self.seen = self.seen.partition(text)
        return head + text

    def enter(self, line):
        """Type a line and return what is shown until the next prompt."""
        self.send(line + "\r")
        return self.wait(PROMPT)

    def interrupt(self):
        """Press Ctrl-C and return what is shown until the next prompt.

        A signal that comes just between two keys is noticed at the next key only, a race of
        Python's line reading; a person presses again, and so does this.
        """
        for _ in range(5):
            self.send("\x03")
            try:
                return self.wait(PROMPT, timeout=3)
            except AssertionError:
                continue
        return self.wait(PROMPT)

    def end(self):
        """Wait for the end and return the exit code."""
        while True:
            try:
                if not os.read(self.master, 65536):
                    break
            except OSError:
                break
        return self.process.wait(10)

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
        os.close(self.master)


@pytest.fixture
def terminal(tmp_path):
    found = Terminal(tmp_path)
    found.wait(PROMPT)
    yield found
    found.close()


def test_a_session_asks_changes_undoes_and_saves(terminal, tmp_path):
    assert "Default EX01" in terminal.enter("Get-ReceiveConnector")
    terminal.enter(
        "New-ReceiveConnector -Name Relay -Usage Custom -Bindings 0.0.0.0:25 "
        "-RemoteIPRanges 10.0.0.5 -PermissionGroups AnonymousUsers"
    )
    assert "relay" in terminal.enter("check --ip 10.0.0.5")
    shown = terminal.enter("diff")
    assert 'connector "Relay"' in shown
    assert "+ PermissionGroups AnonymousUsers" in shown
    terminal.enter("save relay.toml")
    assert 'name = "Relay"' in (tmp_path / "relay.toml").read_text()
    assert "- removed" in terminal.enter("undo")
    assert "nothing changed" in terminal.enter("diff")
    assert "there is nothing to undo" in terminal.enter("undo")
    terminal.send("\x04")
    assert terminal.end() == 0


def test_tab_completes_commands_and_names_with_blanks(terminal):
    terminal.send("Get-ReceiveC\t")
    terminal.wait("Get-ReceiveConnector ")
    terminal.send("-Identity Def\t")
    terminal.wait("'Default EX01'")
    terminal.send(" | fl Name\r")
    assert "Name : Default EX01" in terminal.wait(PROMPT)


def test_an_open_block_goes_on_at_the_next_line(terminal):
    terminal.send("foreach ($i in 1..2) {\r")
    terminal.wait("\n>> ")
    terminal.send("'n' + $i\r")
    terminal.wait(">> ")
    shown = terminal.enter("}")
    assert "n1\r\nn2\r\n" in shown
    terminal.send("Get-ReceiveConnector |\r")
    terminal.wait(">> ")
    assert "a pipe without a command after it" in terminal.enter("")


def test_ctrl_c_drops_the_line_and_interrupts_a_loop(terminal):
    terminal.send("Remove-ReceiveConnector 'Default EX01'")
    terminal.wait("'Default EX01'")
    terminal.interrupt()
    assert "Default EX01" in terminal.enter("Get-ReceiveConnector")
    terminal.send("Remove-ReceiveConnector 'Default EX01'; while ($true) { $x = 1 }\r")
    terminal.wait("$x = 1 }")
    time.sleep(0.3)
    shown = terminal.interrupt()
    # A machine may be so fast that the bound of a run ends the loop first.
    assert "nothing was changed" in shown or "steps" in shown
    assert "still here" in terminal.enter("'still ' + 'here'")
    if "nothing was changed" in shown:
        assert "Default EX01" in terminal.enter("Get-ReceiveConnector")


def test_history_comes_back_in_the_next_session(terminal, tmp_path):
    terminal.enter("'first ' + 'line'")
    terminal.send("\x04")
    assert terminal.end() == 0
    again = Terminal(tmp_path)
    try:
        again.wait(PROMPT)
        again.send("\x1b[A")
        again.wait("'first ' + 'line'")
        again.send("\r")
        assert "first line" in again.wait(PROMPT)
    finally:
        again.close()


def test_a_wide_paste_is_one_command(terminal):
    ranges = ",".join(f"10.{i // 250}.{i % 250}.1" for i in range(600))
    command = (
        "New-ReceiveConnector -Name Wide -Usage Custom -Bindings 0.0.0.0:25 "
        f"-RemoteIPRanges {ranges}"
    )
    assert len(command) > 5000
    terminal.send(f"\x1b[200~{command}\x1b[201~")
    time.sleep(0.2)
    terminal.send("\r")
    terminal.wait(PROMPT)
    assert "600" in terminal.enter("(Get-ReceiveConnector Wide).RemoteIPRanges.Count")


def test_an_error_shows_its_place_and_the_session_goes_on(terminal):
    shown = terminal.enter("Get-ReceiveConnector 'None such'")
    assert "error:" in shown
    shown = terminal.enter("Get-ReceiveConector")
    assert "did you mean `Get-ReceiveConnector`?" in shown
    assert "fine" in terminal.enter("'fi' + 'ne'")


def test_a_word_of_the_prompt_with_operands_is_the_shells(terminal):
    assert "=>" in terminal.enter("diff @(1) @(1,2)")
    terminal.send("exit 3\r")
    assert terminal.end() == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Get-ReceiveConnector", False),
        ("Get-ReceiveConnector `", True),
        ("Get-ReceiveConnector |", True),
        ("@{Add=", True),
        ("'abc", True),
        ("@'\nabc", True),
        ("<# a comment", True),
        ("if ($true) {", True),
        ("$x =", True),
        ("1, ", True),
        (")", False),
        ("function f { param(", True),
        ("", False),
    ],
)
def test_what_is_still_open(text, expected):
    assert is_incomplete(text) is expected


def test_a_wrong_option_is_told_as_on_the_command_line(terminal):
    shown = terminal.enter("check --ip 192.0.2.1 --port 0")
    assert "error: --port: 0 is not in the range" in shown
    assert "hint: see `check --help`" in shown
