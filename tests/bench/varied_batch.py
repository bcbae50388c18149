"""``relaysim batch`` where every row has another sender and recipient, as whole processes.

Run: ``python -m tests.bench.varied_batch [ROWS] [CONNECTORS]``.

The floor is a program of ``csv.reader``, the classification of :mod:`tests.bench.varied`, one table
look-up and ``csv.writer``; its table holds the shape of the answer, not its reasons.
"""

import csv
import random
import subprocess
import sys
import tempfile
import time
from bisect import bisect_right
from pathlib import Path
from socket import inet_aton

import relaysim
from relaysim.config.writer import format_server
from relaysim.net.address import format_address
from tests.bench.questions import best_of, cuts, machine
from tests.bench.varied import AUTHS, Classes, organization_of

BAR, JOBS_BAR = 0.4, 1.7
HEADER = ["ip", "auth", "from", "to"]
ANSWER = ["Relay 00000", "yes", "no", "no", "no", "RCPT TO", "550 5.7.1 Unable to relay", "", ""]
PYTHON = sys.executable


def rows(count, domains=50, seed=1):
    draw = random.Random(seed)  # noqa: S311  # the same rows every time
    for number in range(count):
        near = f"d{draw.randrange(domains * 2)}.example", f"x{draw.randrange(5000)}.test"
        yield [
            format_address(4, draw.getrandbits(32)),
            draw.choice(AUTHS),
            f"s{number}@{draw.choice(near)}",
            f"r{number}@{draw.choice(near)}",
        ]


def floor(server, source, target):
    organization = relaysim.load(server)
    starts, number = cuts(organization), int.from_bytes
    known = Classes(organization.accepted_domains)
    table = {
        (auth, sender, recipient): [ANSWER] * (len(starts) + 1)
        for auth in AUTHS
        for sender in (False, True)
        for recipient in (False, True)
    }
    with Path(source).open(newline="") as read, Path(target).open("w", newline="") as write:
        reader, writer = csv.reader(read), csv.writer(write, lineterminator="\n")
        next(reader)
        writer.writerows(
            row
            + table[row[1], known.__missing__(row[2]), known.__missing__(row[3])][
                bisect_right(starts, number(inet_aton(row[0]), "big"))
            ]
            for row in reader
        )


def run(*arguments):
    done = subprocess.run([PYTHON, *arguments], check=False, stderr=subprocess.PIPE, text=True)
    assert done.returncode in (0, 2), done.stderr
    assert "Traceback" not in done.stderr, done.stderr


def peak(*arguments):
    """Return the resident memory of a process at its highest, in megabytes."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    )
    done = subprocess.run(
        [PYTHON, "-c", code, PYTHON, *arguments], check=True, capture_output=True, text=True
    )
    return int(done.stdout)


def main(count=1_000_000, connectors=3, rounds=2):
    print(machine())
    print(f"{count:,} rows, another sender and recipient in each; {connectors:,} connectors")
    with tempfile.TemporaryDirectory() as folder:
        server, source, ours, theirs = (
            str(Path(folder) / name) for name in ("server.toml", "in.csv", "ours.csv", "floor.csv")
        )
        Path(server).write_text(format_server(organization_of(connectors, 50)))
        with Path(source).open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADER)
            writer.writerows(rows(count))
        batch = ("-m", "relaysim", "batch", source, "-c", server, "-o", f"csv:{ours}")
        least, one, two = best_of(
            rounds,
            lambda: run("-m", "tests.bench.varied_batch", "--floor", server, source, theirs),
            lambda: run(*batch),
            lambda: run(*batch, "--jobs", "2"),
            clock=time.perf_counter,
        )
        memory = peak(*batch)
    print(f"floor  {count / least:>9,.0f} rows/s")
    print(f"1 job  {count / one:>9,.0f} rows/s  ratio to the floor {least / one:.2f} (bar {BAR})")
    print(f"2 jobs {count / two:>9,.0f} rows/s  {one / two:.2f} times one job (bar {JOBS_BAR})")
    print(f"{memory} MB resident at its highest (bar 64 with 3 connectors, 200 with 10,000)")
    return least / one >= BAR


if __name__ == "__main__":
    if sys.argv[1:2] == ["--floor"]:
        floor(*sys.argv[2:5])
        sys.exit()
    sys.exit(0 if main(*map(int, sys.argv[1:3])) else 1)
