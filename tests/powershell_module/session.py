"""One real PowerShell for many tests: each script in a runspace of its own, over one backend."""

import atexit
import os
import queue
import shutil
import subprocess
import sys
import threading

import pytest

from tests.console import ROOT

__all__ = ["MODULE", "PWSH", "environment", "in_powershell", "real"]

PWSH = os.environ.get("RELAYSIM_PWSH") or shutil.which("pwsh")
MODULE = ROOT / "relaysim/management_shell/module"
real = pytest.mark.skipif(PWSH is None, reason="no PowerShell: RELAYSIM_PWSH names none")
END = "== end =="


def environment(**more):
    """Return the environment of a PowerShell whose module finds this tree's backend."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "RELAYSIM_COMMAND": "\n".join([sys.executable, "-m", "relaysim"]),
        "NO_COLOR": "1",
        "POWERSHELL_TELEMETRY_OPTOUT": "1",
        **more,
    }


class _Session:
    def __init__(self):
        harness = ROOT / "tests/powershell_module/session.ps1"
        self.process = subprocess.Popen(
            [str(PWSH), "-NoProfile", "-File", str(harness), str(MODULE / "RelaySim.psd1")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment(),
        )
        assert self.process.stdin is not None
        self.input = self.process.stdin
        self.outputs = [self.process.stdout, self.process.stderr]
        self.streams = [self._lines(stream) for stream in self.outputs]
        atexit.register(self.close)

    def _lines(self, stream):
        lines: queue.SimpleQueue[str] = queue.SimpleQueue()

        def read():
            for line in stream:
                lines.put(line.rstrip("\n"))
            lines.put(END)

        threading.Thread(target=read, daemon=True).start()
        return lines

    def run(self, script, *, own):
        """Return the lines that a script prints to the two streams."""
        self.input.write(f"{'own' if own else ''}|{script}\n")
        self.input.flush()
        found = []
        for lines in self.streams:
            part = []
            while (line := lines.get(timeout=200)) != END:
                part.append(line)
            found.append(part)
        return found

    def close(self):
        """End the PowerShell and close the pipes to it."""
        self.input.close()
        self.process.wait(20)
        for stream in self.outputs:
            assert stream is not None
            stream.close()


_RUNNING: list[_Session] = []


def in_powershell(text, tmp_path, *, own=False):
    """Return the lines that a script prints, and the text of its errors.

    Args:
        text: The script; the module is imported when it begins.
        tmp_path: An empty folder.
        own: Whether its connections start a backend of their own.
    """
    if not _RUNNING:
        _RUNNING.append(_Session())
    script = tmp_path / "script.ps1"
    script.write_text(text, encoding="utf-8-sig")
    printed, errors = _RUNNING[0].run(script, own=own)
    return "\n".join(printed).strip().splitlines(), "\n".join(errors).strip()
