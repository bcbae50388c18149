"""The union over endpoints, the audit and the comparison, against partitions of the same space.

Run: ``python -m tests.bench.audit [ROUNDS]``.
"""

import sys
from dataclasses import replace

from relaysim import Session
from relaysim.analysis.compare.compare import compare
from relaysim.analysis.endpoints import Narrowing, Surface, endpoints
from relaysim.analysis.findings.audit import audit
from relaysim.analysis.reach import Way, reach
from relaysim.cli.weighing.audit import context_of
from relaysim.model.edit import with_connectors
from relaysim.model.session import AuthKind
from relaysim.net.address import Address
from relaysim.net.notation import parse_socket
from relaysim.policy.policy import Policy
from tests.bench.questions import best_of, machine, overlapping_ranges, server

AUDIT_BAR = 5.0
UNION_BAR = 1.1


def main(rounds=3):
    print(machine())
    organization = server(overlapping_ranges(10_000), 1_000)
    more = tuple(parse_socket(f"10.0.0.{number}:25") for number in range(1, 51))
    first, *rest = organization.connectors
    bound = replace(first, bindings=(*first.bindings, *more))
    organization = with_connectors(organization, (bound, *rest))
    session = Session(ip=Address(4, 0))
    found = endpoints(organization, Narrowing())
    surface = Surface(organization, found)
    classes = {surface.class_of(endpoint) for endpoint in found}

    def partitions():
        # Every endpoint in both TLS states, one identity: what the audit stands on.
        fresh = Surface(organization, found)
        for tls in (False, True):
            judged = fresh.judge(Session(ip=Address(4, 0), tls=tls))
            for endpoint in found:
                judged.track(endpoint)

    def reached(some):
        fresh = Surface(organization, some)
        reach(fresh, session, Way(AuthKind.NONE), "relay", families=(4, 6), states=(False, True))

    def one_by_one():
        for endpoint in {surface.class_of(each): each for each in found}.values():
            reached([endpoint])

    context = context_of(Policy())
    least, ours = best_of(rounds, one_by_one, lambda: reached(found))
    print(f"{len(found)} endpoints in {len(classes)} classes; one by one {least * 1e3:.0f} ms")
    print(f"union over endpoints: {ours / least:.2f} times each class by itself (bar {UNION_BAR})")
    met = ours / least <= UNION_BAR
    least, ours = best_of(rounds, partitions, lambda: audit(organization, context))
    print(
        f"audit, 1,000 connectors, 10,000 ranges: {ours * 1e3:.0f} ms, "
        f"{ours / least:.2f} times the partitions (bar {AUDIT_BAR})"
    )
    met = met and ours / least <= AUDIT_BAR
    least, ours = best_of(rounds, partitions, lambda: compare(organization, organization))
    print(f"comparison with itself: {ours / least:.2f} times the partitions (no bar)")
    return met


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:2])) else 1)
