"""Start-up of whole processes, as ratios to ``python -c "import click"`` in the same run.

Run with the interpreter of an environment in which relaysim is installed:

    python tests/bench/startup.py [ROUNDS]
"""

import os
import pty
import statistics
import subprocess
import sys
import time
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "docs/examples/two-addresses.toml"
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


def main() -> None:
    # An installed program has its bytecode; a bench that forbids it would time the compiler.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    check = [COMMAND, "check", "--ip", "192.168.2.55", "--auth", "none"]
    file = [COMMAND, "check", "--ip", "10.0.20.22", "--local-ip", "10.0.1.13", "-c", str(EXAMPLE)]
    cases = {
        "import click": (piped, [PYTHON, "-c", "import click"], None),
        "check, built-in, piped": (piped, check, 1.6),
        "check, server file, piped": (piped, file, 2.0),
        "check, built-in, terminal": (terminal, check, 2.7),
    }
    times: dict[str, list[float]] = {name: [] for name in cases}
    # In turns, so that a drift of the machine's speed meets every case alike.
    for number in range(rounds + 1):
        for name, (measure, command, _) in cases.items():
            seconds = measure(command)
            if number:
                times[name].append(seconds)
    floor = statistics.median(times["import click"])
    print(f"{'case':28}{'median ms':>10}{'ratio':>8}{'bar':>6}")
    for name, (_, _, bar) in cases.items():
        median = statistics.median(times[name])
        print(f"{name:28}{median * 1000:10.1f}{median / floor:8.2f}{bar or '':>6}")


if __name__ == "__main__":
    main()
