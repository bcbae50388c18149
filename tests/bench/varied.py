"""Bulk answers on questions as varied as people's files. Run: ``python -m tests.bench.varied [N]``.

Every question draws its sender and its recipient from 100,000 of each, with four kinds of
authentication and three sizes. The floor classifies in the same way, each distinct text once, in
one list comprehension, and looks one table up; it knows no reasons and nothing but IPv4.
"""

import random
import sys
from bisect import bisect_right
from dataclasses import replace
from socket import inet_aton

import relaysim
from relaysim.engine.compiled.organization import Question
from relaysim.model.organization import AcceptedDomain
from relaysim.net.address import format_address
from tests.bench.questions import best_of, cuts, machine, nested_ranges, server

BAR = 0.4
DOMAIN_BAR = 1.5
TEXTS = 100_000
LIMIT = 10 << 20
AUTHS = ("none", "user", "exchange", "partner")


def organization_of(ranges, domains):
    names = tuple(
        AcceptedDomain(name=f"d{number}.example", match_sub_domains=number < domains // 10)
        for number in range(domains)
    )
    return replace(server(nested_ranges(ranges), ranges), accepted_domains=names)


def varied_questions(count, domains, seed=1):
    """Return questions; half of the addresses are near an accepted domain."""
    draw = random.Random(seed)  # noqa: S311  # the same questions every time

    def address(number, letter):
        near = draw.random() < 0.5
        domain = f"d{draw.randrange(domains * 2)}.example" if near else f"x{number % 5000}.test"
        return f"{letter}{number}@{domain}"

    senders = [address(number, "s") for number in range(TEXTS)]
    recipients = [(address(number, "r"),) for number in range(TEXTS)]
    return [
        Question(
            format_address(4, draw.getrandbits(32)),
            auth=draw.choice(AUTHS),
            mail_from=draw.choice(senders),
            rcpt_to=draw.choice(recipients),
            size=draw.choice((None, 1000, LIMIT * 2)),
        )
        for _ in range(count)
    ]


IP, AUTH, SENDER, RECIPIENTS, SIZE = map(
    Question._fields.index, ("ip", "auth", "mail_from", "rcpt_to", "size")
)


class Classes(dict[str, bool]):
    """Whether the domain of an address is accepted, each address looked at once."""

    def __init__(self, domains):
        super().__init__()
        self.exact = {accepted.name for accepted in domains}
        self.below = {accepted.name for accepted in domains if accepted.match_sub_domains}

    def __missing__(self, text):
        domain = text.rpartition("@")[2].lower()
        found = domain in self.exact
        while not found and "." in domain:
            domain = domain.partition(".")[2]
            found = domain in self.below
        self[text] = found
        return found


def floor(organization, asked):
    """Return what the floor has to do once a question, ready to run."""
    starts, number = cuts(organization), int.from_bytes
    row = [object()] * (len(starts) + 1)
    table = {
        (auth, sender, recipient, over): list(row)
        for auth in AUTHS
        for sender in (False, True)
        for recipient in (False, True)
        for over in (False, True)
    }

    def run():
        known = Classes(organization.accepted_domains)
        return [
            table[q[AUTH], known[q[SENDER]], known[q[RECIPIENTS][0]], (q[SIZE] or 0) > LIMIT][
                bisect_right(starts, number(inet_aton(q[IP]), "big"))
            ]
            for q in asked
        ]

    return run


def main(count=1_000_000, rounds=3):
    print(machine())
    print(f"{count:,} varied questions; best of {rounds}, nothing kept from round to round")
    met, per_question = True, {}
    for ranges, domains in ((3, 50), (100, 50), (10_000, 50), (3, 1), (3, 5000)):
        organization = organization_of(ranges, domains)
        asked = varied_questions(count, domains)
        least, ours = best_of(
            rounds,
            floor(organization, asked),
            lambda organization=organization, asked=asked: relaysim.compile(
                organization
            ).decide_many(asked),
        )
        per_question[domains] = ours
        ratio = least / ours
        met = met and ratio >= BAR
        print(
            f"R = {ranges:>6,}, {domains:>5,} domains: floor {count / least:>9,.0f}/s  "
            f"decide_many {count / ours:>9,.0f}/s  ratio {ratio:.2f} (bar {BAR})",
            flush=True,
        )
    growth = per_question[5000] / per_question[1]
    print(f"5,000 domains cost {growth:.2f} times 1 domain per question (bar {DOMAIN_BAR})")
    return met and growth <= DOMAIN_BAR


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:3])) else 1)
