"""Bulk answers in memory against the floor. Run: ``python -m tests.bench.bulk [QUESTIONS]``.

The floor is what no program in Python can do without: a list comprehension that reads the address,
turns it into a number, bisects, and looks one table up.
"""

import gc
import sys
import time
from bisect import bisect_right
from socket import inet_aton

import relaysim
from tests.bench.questions import SHAPES, best_of, cuts, machine, nested_ranges, questions, server

BAR = 0.5
GROWTH_BAR = 3.0


def main(count=1_000_000, rounds=5):
    print(machine())
    print(f"{count:,} questions, distinct clients, {len(SHAPES)} shapes; best of {rounds}")
    clients, kinds, asked = questions(count)
    pairs = list(zip(clients, kinds, strict=True))
    gc.freeze()
    number = int.from_bytes
    per_question = {}
    met = True
    for ranges in (3, 100, 10_000):
        organization = server(nested_ranges(ranges), ranges)
        starts = cuts(organization)
        table = [[object() for _ in range(len(starts) + 1)] for _ in SHAPES]
        start = time.perf_counter()
        compiled = relaysim.compile(organization)
        first = compiled.decide_many(asked[:1])
        assert first.rulings[0].answers
        to_first = time.perf_counter() - start
        start = time.perf_counter()
        compiled.decide_many(asked)
        cold = time.perf_counter() - start

        floor, ours, read = best_of(
            rounds,
            lambda table=table, starts=starts: [
                table[kind][bisect_right(starts, number(inet_aton(ip), "big"))]
                for ip, kind in pairs
            ],
            lambda compiled=compiled: compiled.decide_many(asked),
            lambda compiled=compiled: sum(
                [ruling.answers.relay.answer for ruling in compiled.decide_many(asked).rulings]
            ),
        )
        per_question[ranges] = ours
        met = met and floor / ours >= BAR
        print(
            f"R = {ranges:>6,}: floor {count / floor:>10,.0f}/s  "
            f"decide_many {count / ours:>10,.0f}/s  ratio {floor / ours:.2f} (bar {BAR})  "
            f"and reading `relay` {count / read:>10,.0f}/s"
        )
        print(
            f"              first question {to_first * 1e3:.1f} ms, "
            f"first pass over all {count / cold:,.0f}/s"
        )
    growth = per_question[10_000] / per_question[3]
    print(f"R = 10,000 costs {growth:.2f} times R = 3 per question (bar {GROWTH_BAR})")
    return met and growth <= GROWTH_BAR


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:2])) else 1)
