"""``relaysim batch`` from CSV to CSV, as whole processes.

Run: ``python -m tests.bench.batch [ROWS]``.

The floor is the smallest program that does the same: ``csv.reader``, the look-up of the bulk floor,
``csv.writer``. It writes the same bytes, which is checked.
"""

import csv
import filecmp
import subprocess
import sys
import tempfile
import time
from bisect import bisect_right
from pathlib import Path
from socket import inet_aton

import relaysim
from relaysim.batch.rows import DEFAULT_RESULTS, results_of
from relaysim.engine.compiled.organization import Question
from relaysim.net.address import Address
from relaysim.render.wording import answer_word
from tests.bench.questions import SHAPES, best_of, cuts, machine, questions

SERVER = "builtin:option-2"
BAR = 0.5
JOBS_BAR = 1.7
MEMORY_BAR = 64 << 20
HEADER = ["ip", "auth", "from", "to"]
PYTHON = sys.executable


def floor(source, target):
    """Answer a file the shortest way; the table is made with the program's own answers."""
    organization = relaysim.load(SERVER)
    compiled = relaysim.compile(organization)
    (server,) = compiled.servers
    starts = cuts(organization)
    table = {}
    for auth, sender, recipient in SHAPES:
        found = []
        for start in starts:
            question = Question(
                Address(4, start), auth=auth, mail_from=sender, rcpt_to=(recipient,)
            )
            results = results_of(
                compiled.ruling(question),
                server.winner(question),
                DEFAULT_RESULTS,
                server.verdict(question.session()),
            )
            found.append([v if isinstance(v, str) else answer_word(v) for v in results.values()])
        table[auth, sender, recipient] = [[], *found]
    number = int.from_bytes
    with Path(source).open(newline="") as read, Path(target).open("w", newline="") as write:
        reader, writer = csv.reader(read), csv.writer(write, lineterminator="\n")
        next(reader)
        writer.writerow([*HEADER, *DEFAULT_RESULTS])
        writer.writerows(
            row
            + table[row[1], row[2], row[3]][bisect_right(starts, number(inet_aton(row[0]), "big"))]
            for row in reader
        )


def run(*arguments):
    # Some of the accounts are not known, so that rows stay undecided and the exit code is 2.
    done = subprocess.run([PYTHON, *arguments], check=False, stderr=subprocess.PIPE, text=True)
    assert done.returncode in (0, 2), done.stderr
    assert "Traceback" not in done.stderr, done.stderr


def batch(source, target, *more):
    run("-m", "relaysim", "batch", str(source), "-c", SERVER, "-o", f"csv:{target}", *more)


def peak_memory(source, copies):
    """Return the resident memory of a batch that reads a file many times over, in bytes."""
    header, body = Path(source).read_bytes().split(b"\n", 1)
    process = subprocess.Popen(
        [PYTHON, "-m", "relaysim", "batch", "-", "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(header + b"\n")
    for _ in range(copies):
        process.stdin.write(body)
    # The kernel's own high-water mark of the process, read while its input is still open: the
    # one that wait4 gives would contain this process's memory too.
    process.stdin.flush()
    lines = Path(f"/proc/{process.pid}/status").read_text("ascii").splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    process.stdin.close()
    assert process.wait() in (0, 2)
    return peak * 1024


def spinning(processes):
    """Return how long so many processes take that only count, all at once."""
    count = "x = 0\nfor i in range(20_000_000): x += i"
    start = time.perf_counter()
    running = [subprocess.Popen([PYTHON, "-c", count]) for _ in range(processes)]
    for each in running:
        each.wait()
    return time.perf_counter() - start


def main(rows=1_000_000, rounds=3):
    print(machine())
    print(f"{rows:,} rows, columns {','.join(HEADER)}; whole processes, best of {rounds}")
    with tempfile.TemporaryDirectory() as folder:
        source, ours, theirs = (Path(folder) / name for name in ("in.csv", "ours.csv", "floor.csv"))
        clients, kinds, _ = questions(rows)
        with source.open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADER)
            writer.writerows([ip, *SHAPES[kind]] for ip, kind in zip(clients, kinds, strict=True))
        del clients, kinds
        least, one, two = best_of(
            rounds,
            lambda: run("-m", "tests.bench.batch", "--floor", str(source), str(theirs)),
            lambda: batch(source, ours),
            lambda: batch(source, ours, "--jobs", "2"),
            clock=time.perf_counter,
        )
        assert filecmp.cmp(ours, theirs, shallow=False), "the floor answers something else"
        ratio, gain = least / one, one / two
        print(f"floor   {rows / least:>9,.0f} rows/s")
        print(f"1 job   {rows / one:>9,.0f} rows/s  ratio to the floor {ratio:.2f} (bar {BAR})")
        alone, both = spinning(1), spinning(2)
        print(
            f"two busy processes get {2 * alone / both:.2f} times the work of one done "
            "on this machine at this moment"
        )
        print(f"2 jobs  {rows / two:>9,.0f} rows/s  {gain:.2f} times one job (bar {JOBS_BAR})")
        copies = max(1, 10_000_000 // rows)
        start = time.perf_counter()
        memory = peak_memory(source, copies)
        took = time.perf_counter() - start
    megabytes = memory / (1 << 20)
    print(f"{rows * copies:,} rows: {megabytes:.0f} MB resident (bar 64), {took:.0f} s")
    return ratio >= BAR and gain >= JOBS_BAR and memory < MEMORY_BAR


if __name__ == "__main__":
    if sys.argv[1:2] == ["--floor"]:
        floor(*sys.argv[2:4])
        sys.exit()
    sys.exit(0 if main(*map(int, sys.argv[1:2])) else 1)
