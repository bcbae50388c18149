"""``relaysim replay`` on a generated log: beside a floor, with two processes, in constant memory.

Run: ``python -m tests.bench.replay [MEGABYTES] [MEGABYTES FOR MEMORY]``.

The floor is the least that any program in Python does with such a log: its lines, ``csv.reader``,
one update of a dictionary for each row.
"""

import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.batch import spinning
from tests.bench.questions import best_of, machine
from tests.replay.logs import HEAD, REFUSED, RELAYED, SERVER, session_rows

BAR = 0.4
JOBS_BAR = 1.7
PYTHON = sys.executable
CLIENTS = 2_000
_FLOOR = """
import csv, sys
counts = {}
with open(sys.argv[1], encoding="utf-8", newline="") as lines:
    for row in csv.reader(lines):
        name = row[1] if len(row) > 1 else ""
        counts[name] = counts.get(name, 0) + 1
"""
_PARTED = """
import resource, sys
from relaysim.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
    used = resource.getrusage(who)
    print(used.ru_utime + used.ru_stime, file=sys.stderr)
"""


def block():
    """Return the rows of one hour: 4,000 sessions of ``CLIENTS`` clients, eight open at a time."""
    sessions: list[list[str]] = []
    for number in range(4_000):
        client = number * 7 % CLIENTS
        where, connector = f"172.16.4.{client % 250}", "MX1\\Printers"
        if not number % 5:
            where = f"198.51.{client // 250}.{client % 250}"
            connector = "MX1\\Default Frontend MX1"
        sessions.append(
            session_rows(
                number,
                RELAYED if number % 5 else REFUSED,
                connector=connector,
                client=f"{where}:{1024 + number}",
                minute=number * 60 // 4_000,
            )
        )
    rows = []
    for start in range(0, len(sessions), 8):
        eight = sessions[start : start + 8]
        for place in range(max(map(len, eight))):
            rows += [each[place] for each in eight if place < len(each)]
    return "".join(rows).encode()


def write_log(path, megabytes):
    """Write a log of about so many megabytes: the hours of many days, each with its own ids."""
    hour = block()
    with Path(path).open("wb") as file:
        file.write(HEAD.encode())
        for number in range(max(1, megabytes * 1_000_000 // len(hour))):
            day = f"20{25 + number // 8064}-{number // 672 % 12 + 1:02}-{number // 24 % 28 + 1:02}"
            file.write(
                hour.replace(b"2025-03-01T08", f"{day}T{number % 24:02}".encode()).replace(
                    b",00000000", f",{number:08X}".encode()
                )
            )


def replay(log, server, *more):
    subprocess.run(
        [PYTHON, "-m", "relaysim", "replay", log, "-c", server, *more],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def children_time():
    """Return the processor time of everything this process ran so far."""
    used = os.times()
    return used.children_user + used.children_system


def shares(log, server, jobs):
    """Return the processor time of the first process of a replay, and of all others."""
    command = [PYTHON, "-c", _PARTED, "replay", log, "-c", server, "--jobs", str(jobs)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    own, others = map(float, done.stderr.split()[-2:])
    return own, others


def peak_memory(log, server):
    """Return the resident memory of a replay at its highest, in bytes."""
    process = subprocess.Popen(
        [PYTHON, "-m", "relaysim", "replay", log, "-c", server], stdout=subprocess.DEVNULL
    )
    peak = 0
    while process.poll() is None:
        # The kernel's own high-water mark of that process alone.
        for line in Path(f"/proc/{process.pid}/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM"):
                peak = max(peak, int(line.split()[1]) * 1024)
        time.sleep(0.2)
    assert process.returncode == 0
    return peak


def main(megabytes=300, large=0, rounds=3):
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        log, server = f"{folder}/made.log", f"{folder}/server.toml"
        Path(server).write_text(SERVER, encoding="utf-8")
        write_log(log, megabytes)
        size = Path(log).stat().st_size
        with Path(log).open(encoding="utf-8", newline="") as lines:
            rows = sum(1 for _ in csv.reader(lines))
        print(f"{size / 1e6:,.0f} MB, {rows:,} rows; whole processes, best of {rounds}")
        # Processor time: the floor is no matter of what else the machine does.
        least, one = best_of(
            rounds,
            lambda: subprocess.run([PYTHON, "-c", _FLOOR, log], check=True),
            lambda: replay(log, server),
            clock=children_time,
        )
        ratio = least / one
        print(f"floor   {size / least / 1e6:>6,.0f} MB/s of processor time")
        print(f"1 job   {size / one / 1e6:>6,.0f} MB/s  {ratio:.2f} of the floor (bar {BAR})")
        alone, both = spinning(1), spinning(2)
        one, two = best_of(
            rounds,
            lambda: replay(log, server),
            lambda: replay(log, server, "--jobs", "2"),
            clock=time.perf_counter,
        )
        gain = one / two
        print(f"two busy processes get {2 * alone / both:.2f} times the work of one just now")
        print(f"1 job   {size / one / 1e6:>6,.0f} MB/s by the clock")
        print(f"2 jobs  {size / two / 1e6:>6,.0f} MB/s  {gain:.2f} times one (bar {JOBS_BAR})")
        alone, _ = min(shares(log, server, 1) for _ in range(rounds))
        own, other = min((shares(log, server, 2) for _ in range(rounds)), key=sum)
        both = own + other
        print(f"processor time of one process {alone:.2f} s, of two {own:.2f} s and {other:.2f} s:")
        print(f"{both / alone:.2f} times as much, so by the clock {2 * alone / both:.2f} at best")
        small = peak_memory(log, server) / (1 << 20)
        print(f"resident at its highest: {small:.0f} MB for {size / 1e9:.1f} GB", flush=True)
        if large:
            write_log(log, large)
            size = Path(log).stat().st_size
            start = time.perf_counter()
            grown = peak_memory(log, server) / (1 << 20)
            took = time.perf_counter() - start
            print(f"resident at its highest: {grown:.0f} MB for {size / 1e9:.1f} GB, {took:.0f} s")
            assert grown < 1.2 * small + 8, "memory grows with the log"
    return ratio >= BAR and gain >= JOBS_BAR


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:])))
