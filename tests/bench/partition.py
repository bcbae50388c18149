"""The partition of the address space against a plain sweep.

Run: ``python -m tests.bench.partition [ROUNDS]``.

The floor is a sweep with a heap over the same ranges that finds the winner's number for every run
of IPv4 addresses and nothing else: no reasons, no IPv6, no IPv4-mapped addresses.
"""

import sys
from heapq import heappop, heappush

from relaysim import Session
from relaysim.analysis.partition import partition
from relaysim.net.address import Address
from tests.bench.questions import best_of, machine, overlapping_ranges, server

BAR = 4.0
GROWTH_BAR = 1.3
CONNECTORS = 100


def floor(organization):
    """Return (first address, number of the winner) wherever the winner changes."""
    ordered = sorted(organization.connectors, key=lambda connector: connector.name)
    ranges = sorted(
        (low, high, rank)
        for rank, connector in enumerate(ordered)
        for (_, low, high), _, _ in connector.remote_ip_ranges
    )
    heap: list[tuple[int, int, int]] = []
    found: list[tuple[int, int | None]] = []
    opened, last = 0, None
    for cut in sorted({low for low, _, _ in ranges} | {high + 1 for _, high, _ in ranges}):
        while opened < len(ranges) and ranges[opened][0] == cut:
            low, high, rank = ranges[opened]
            heappush(heap, (high - low, rank, high))
            opened += 1
        while heap and heap[0][2] < cut:
            heappop(heap)
        winner = heap[0][1] if heap else None
        if winner != last:
            found.append((cut, winner))
            last = winner
    return found


def main(rounds=5):
    print(machine())
    session = Session(ip=Address(4, 0))
    print(f"overlapping ranges of {CONNECTORS} connectors; best of {rounds}")
    took, met = {}, True
    for count in (1_000, 10_000, 100_000):
        organization = server(overlapping_ranges(count), CONNECTORS)
        least, ours = best_of(
            rounds,
            lambda organization=organization: floor(organization),
            lambda organization=organization: partition(organization, session),
        )
        regions = len(partition(organization, session))
        took[count] = ours
        ratio = ours / least
        note = ""
        if count == 10_000:
            met, note = ratio <= BAR, f" (bar {BAR})"
        print(
            f"{count:>7,} ranges: floor {least * 1e3:>7.1f} ms  partition {ours * 1e3:>7.1f} ms, "
            f"{regions:,} regions  {ratio:.2f} times the floor{note}"
        )
    growth = took[100_000] / took[1_000] / 100
    print(f"1,000 to 100,000 ranges: {growth:.2f} times linear (bar {GROWTH_BAR})")
    own = server(overlapping_ranges(10_000), 10_000)
    least, ours = best_of(rounds, lambda: floor(own), lambda: partition(own, session))
    print(f"10,000 ranges in as many connectors: {ours / least:.2f} times the floor (no bar)")
    return met and growth <= GROWTH_BAR


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:2])) else 1)
