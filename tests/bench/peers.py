"""Bulk answers against packages that answer similar questions.

Run: ``python -m tests.bench.peers [FOLDER]``.

Installs casbin, cedarpy, netaddr and pytricia into an environment of its own (in the temporary
folder, or the one named on the command line) and is no part of the test suite. Every peer is given
the same server in the form its documentation suggests, and has to give the same answers: may this
address relay without authentication? No peer gives a reason, or knows the other questions.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

PACKAGES = ["casbin==1.43.0", "cedarpy==4.12.2", "netaddr==1.3.0", "pytricia==1.3.0"]
ROOT = Path(__file__).resolve().parent.parent.parent


def main(folder):
    home = Path(folder)
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [python, "-m", "tests.bench.peers", "--measure"], check=False, cwd=ROOT, env=environment
    ).returncode


def networks(count, seed=3):
    """Return networks, each inside another in four steps, and whether each may relay."""
    draw = random.Random(seed)  # noqa: S311  # the same every time
    found = {(0, 0): False}
    while len(found) < count:
        base = draw.getrandbits(32)
        for length in (12, 20, 26, 32):
            low = base >> (32 - length) << (32 - length)
            found.setdefault((low, length), draw.random() < 0.5)
    return [(low, length, relay) for (low, length), relay in found.items()][:count]


def measure():
    from relaysim.engine.compiled.organization import Compiled, Question
    from relaysim.net.address import format_address
    from tests.bench.questions import machine

    print(machine())
    print(", ".join(PACKAGES))
    for count in (25, 101):
        nets = networks(count)
        texts = [(f"{format_address(4, low)}/{length}", relay) for low, length, relay in nets]
        draw = random.Random(4)  # noqa: S311
        ends = [low + step for low, length, _ in nets for step in (0, (1 << (32 - length)) - 1)]
        clients = [
            format_address(4, draw.choice(ends) if draw.random() < 0.5 else draw.getrandbits(32))
            for _ in range(100_000)
        ]
        print(f"\n{count} networks, {len(clients):,} questions (slow peers: a part of them)")
        compiled = Compiled(peer_server(texts))
        asked = [Question(ip) for ip in clients]
        expected = [r.answers.relay.answer for r in compiled.decide_many(asked).rulings]
        makers = {
            "relaysim": lambda compiled=compiled: (
                lambda ips: [
                    ruling.answers.relay.answer
                    for ruling in compiled.decide_many([Question(ip) for ip in ips]).rulings
                ]
            ),
            "pytricia": lambda texts=texts: with_pytricia(texts),
            "netaddr": lambda texts=texts: with_netaddr(texts),
            "cedarpy": lambda texts=texts: with_cedarpy(texts),
            "casbin": lambda texts=texts: with_casbin(texts),
        }
        for name, make in makers.items():
            ask = make()
            many = {"netaddr": 2_000, "cedarpy": 300, "casbin": 300}.get(name, len(clients))
            start = time.perf_counter()
            answers = ask(clients[:many])
            took = time.perf_counter() - start
            assert answers == expected[:many], f"{name} answers something else"
            print(f"{name:<9} {many / took:>12,.0f}/s")


def peer_server(texts):
    """Return a server with a connector for the networks that may relay, and one for the others."""

    import relaysim
    from relaysim.builtin.fresh import any_sockets
    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.edit import with_connectors
    from relaysim.net.notation import parse_range

    base = relaysim.load("builtin:option-2")
    acls = {True: base.connectors[-1].acl, False: base.connectors[0].acl}
    made = tuple(
        ReceiveConnector(
            name=name,
            bindings=any_sockets(25),
            remote_ip_ranges=tuple(parse_range(text) for text, may in texts if may is relay),
            acl=acls[relay],
        )
        for name, relay in (("Closed", False), ("Relay", True))
    )
    return with_connectors(base, made)


def with_pytricia(texts):
    """The longest prefix that holds the address has the answer."""
    import pytricia  # type: ignore[import-not-found]

    trie = pytricia.PyTricia(32)
    for text, relay in texts:
        trie[text] = relay
    return lambda ips: [trie[ip] for ip in ips]


def with_netaddr(texts):
    """The smallest network that holds the address, by the package's own function."""
    import netaddr  # type: ignore[import-untyped]

    relays = {netaddr.IPNetwork(text): relay for text, relay in texts}
    nets = list(relays)
    return lambda ips: [relays[netaddr.smallest_matching_cidr(ip, nets)] for ip in ips]


def with_casbin(texts):
    """Policies by priority, narrow ones first, and the built-in matcher for addresses."""
    import casbin  # type: ignore[import-not-found]

    model = casbin.Model()
    model.load_model_from_text(
        "[request_definition]\nr = ip\n[policy_definition]\np = net, eft\n"
        "[policy_effect]\ne = priority(p.eft) || deny\n[matchers]\nm = ipMatch(r.ip, p.net)\n"
    )
    enforcer = casbin.Enforcer(model)
    for text, relay in sorted(texts, key=lambda pair: -int(pair[0].split("/")[1])):
        enforcer.add_policy(text, "allow" if relay else "deny")
    return lambda ips: [enforcer.enforce(ip) for ip in ips]


def with_cedarpy(texts):
    """A policy for each network that may relay, with the narrower ones inside it excepted."""
    import cedarpy  # type: ignore[import-not-found]

    def length(text):
        return int(text.split("/")[1])

    def inside(inner, outer):
        from relaysim.net.notation import parse_range

        return parse_range(outer).interval.covers(parse_range(inner).interval)

    policies = []
    for text, relay in texts:
        if relay:
            inner = [
                other
                for other, may in texts
                if not may and length(other) > length(text) and inside(other, text)
            ]
            # A narrower network that may relay has a policy of its own, so no exception is lost.
            but = "".join(f' && !context.ip.isInRange(ip("{other}"))' for other in inner)
            policies.append(
                "permit(principal, action, resource) when "
                f'{{ context.ip.isInRange(ip("{text}")){but} }};'
            )
    policy = "\n".join(policies)
    common = {"principal": 'User::"a"', "action": 'Action::"relay"', "resource": 'Server::"s"'}

    def ask(ips):
        requests = [
            {**common, "context": {"ip": {"__extn": {"fn": "ip", "arg": ip}}}} for ip in ips
        ]
        results = cedarpy.is_authorized_batch(requests, policy, [])
        return [result.decision == cedarpy.Decision.Allow for result in results]

    return ask


if __name__ == "__main__":
    if sys.argv[1:] == ["--measure"]:
        sys.exit(measure())
    default = Path(tempfile.gettempdir()) / "relaysim-peers"
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else default))
