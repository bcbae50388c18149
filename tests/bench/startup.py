"""Start-up of whole processes, as ratios to ``python -c "import click"`` in the same run.

Run with the interpreter of an environment in which relaysim is installed:

    python tests/bench/startup.py [ROUNDS]
"""

import os
import pty
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "docs/examples/two-addresses.toml"
SCENARIO = ROOT / "scenarios/article/option-1.toml"
PYTHON = sys.executable
COMMAND = str(Path(PYTHON).with_name("relaysim"))


def piped(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def terminal(command: list[str]) -> float:
    start = time.perf_counter()
    main, side = pty.openpty()
    process = subprocess.Popen(
        command, stdout=side, stdin=side, env={**os.environ, "TERM": "xterm"}
    )
    os.close(side)
    try:
        while os.read(main, 65536):
            pass
    except OSError:
        pass
    process.wait()
    os.close(main)
    return time.perf_counter() - start


def hundred_connectors(folder: Path, count: int = 100) -> Path:
    """Return a server file with connectors, each with a group, a range and an entry."""
    connector = """
[[connector]]
name = "Relay {0}"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["10.{1}.{2}.1", "10.1{1}.{2}.0/24"]
permission_groups = "AnonymousUsers"

[[connector.ace]]
user = 'NT AUTHORITY\\ANONYMOUS LOGON'
rights = "ms-Exch-SMTP-Accept-Any-Recipient"
"""
    head = 'format = 1\n\n[organization]\nexchange = "2010"\nserver = "EX01"\ndomain = "CONTOSO"\n'
    file = folder / f"{count}.toml"
    tables = [connector.format(n, n // 100, n % 100) for n in range(count)]
    file.write_text(head + "".join(tables), "utf-8")
    return file


def main() -> None:
    # An installed program has its bytecode; a bench that forbids it would time the compiler.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    with tempfile.TemporaryDirectory() as folder:
        # What is kept for the next run is kept there, and goes with it.
        os.environ["XDG_CACHE_HOME"] = folder
        os.environ.pop("RELAYSIM_NO_CACHE", None)
        measure(rounds, Path(folder))


def measure(rounds: int, folder: Path) -> None:
    """Print the table of all cases."""
    script = folder / "one.ps1"
    script.write_text("Get-ReceiveConnector\n", "utf-8")
    check = [COMMAND, "check", "--ip", "192.168.2.55", "--auth", "none"]
    small = [COMMAND, "check", "--ip", "10.0.20.22", "--local-ip", "10.0.1.13", "-c", str(EXAMPLE)]
    large = ["check", "--ip", "10.0.7.1", "-c", str(hundred_connectors(folder))]
    huge = ["check", "--ip", "10.0.7.1", "-c", str(hundred_connectors(folder, count=1_000))]
    cases = {
        "import click": (piped, [PYTHON, "-c", "import click"], None),
        "check, built-in, piped": (piped, check, 1.5),
        "check, 4 connectors, piped": (piped, small, None),
        "check, 100 connectors, anew": (piped, [COMMAND, "--no-cache", *large], 1.8),
        "check, 100 connectors, kept": (piped, [COMMAND, *large], 1.8),
        "check, 1,000 connectors, anew": (piped, [COMMAND, "--no-cache", *huge], None),
        "check, 1,000 connectors, kept": (piped, [COMMAND, *huge], 3.0),
        "check, built-in, terminal": (terminal, check, None),
        "test, one file, terminal": (terminal, [COMMAND, "test", str(SCENARIO)], 2.8),
        "shell, one line, piped": (piped, [COMMAND, "shell", str(script)], 2.2),
    }
    times: dict[str, list[float]] = {name: [] for name in cases}
    # In turns, so that a drift of the machine's speed meets every case alike.
    for number in range(rounds + 1):
        for name, (clock, command, _) in cases.items():
            seconds = clock(command)
            if number:
                times[name].append(seconds)
    floor = statistics.median(times["import click"])
    print(f"{'case':30}{'median ms':>10}{'ratio':>8}{'bar':>6}")
    for name, (_, _, bar) in cases.items():
        median = statistics.median(times[name])
        print(f"{name:30}{median * 1000:10.1f}{median / floor:8.2f}{bar or '':>6}")


if __name__ == "__main__":
    main()
