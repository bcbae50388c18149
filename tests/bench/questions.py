"""Servers and questions that the benchmarks share. Run nothing by itself."""

import os
import platform
import random
import time
from pathlib import Path

import relaysim
from relaysim.builtin.fresh import any_sockets
from relaysim.engine.compiled.organization import Question
from relaysim.model.connector import ReceiveConnector
from relaysim.model.edit import change_server
from relaysim.net.address import format_address
from relaysim.net.interval import Interval
from relaysim.net.notation import AddressRange, Notation

TOP = (1 << 32) - 1
SHAPES = [
    (auth, sender, recipient)
    for auth in ("none", "user")
    for sender in ("app@contoso.com", "app@example.org")
    for recipient in ("boss@contoso.com", "someone@example.net")
]


def server(ranges, connectors):
    """Return a server whose ranges are dealt out over so many connectors, all of one policy."""
    base = relaysim.load("builtin:option-2")
    acl = base.connectors[-1].acl
    made = tuple(
        ReceiveConnector(
            name=f"Relay {number:05}",
            bindings=any_sockets(25),
            remote_ip_ranges=tuple(ranges[number::connectors]),
            auth_mechanism=base.connectors[0].auth_mechanism,
            acl=acl,
        )
        for number in range(connectors)
    )
    return change_server(base, connectors=made)


def nested_ranges(count):
    """Return ranges inside each other, evenly spread, so that random clients meet all of them."""
    step = (TOP + 1) // 2 // (count + 1)
    return [low_high(number * step, TOP - number * step) for number in range(count)]


def overlapping_ranges(count, seed=1):
    """Return ranges of all sizes anywhere, which nest, overlap and touch as it happens."""
    draw = random.Random(seed)  # noqa: S311  # the same questions every time
    found = []
    for _ in range(count):
        low = draw.getrandbits(32)
        found.append(low_high(low, min(TOP, low + draw.getrandbits(draw.randrange(1, 29)))))
    return found


def low_high(low, high):
    return AddressRange(Interval(4, low, high), Notation.LOW_HIGH, low)


def questions(count, seed=2):
    """Return distinct clients, the number of the shape of each question, and the questions."""
    draw = random.Random(seed)  # noqa: S311  # the same questions every time
    clients: dict[str, None] = {}
    while len(clients) < count:
        clients[format_address(4, draw.getrandbits(32))] = None
    kinds = [draw.randrange(len(SHAPES)) for _ in range(count)]
    asked = [
        Question(ip, auth=SHAPES[kind][0], mail_from=SHAPES[kind][1], rcpt_to=(SHAPES[kind][2],))
        for ip, kind in zip(clients, kinds, strict=True)
    ]
    return list(clients), kinds, asked


def cuts(organization):
    """Return the first IPv4 address of every run between ends of ranges, for the floors."""
    found = {0}
    for connector in organization.connectors:
        for family, low, high in (entry.interval for entry in connector.remote_ip_ranges):
            found |= {low, high + 1} if family == 4 else set()
    return sorted(found - {TOP + 1})


def best_of(times, *functions, clock=time.process_time):
    """Return the shortest time of each function in seconds; they take turns on a busy machine.

    The clock counts the processor's time of this process, unless another one is given.
    """
    best = [float("inf")] * len(functions)
    for _ in range(times):
        for index, function in enumerate(functions):
            start = clock()
            function()
            best[index] = min(best[index], clock() - start)
    return best


def machine():
    """Return one line about the machine and the interpreter."""
    model = ""
    information = Path("/proc/cpuinfo")
    if information.exists():
        lines = information.read_text("ascii", "replace").splitlines()
        model = next((line.split(":")[1].strip() for line in lines if "model name" in line), "")
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{platform.system()} {platform.machine()} {model}, {os.cpu_count()} cores, {python}"
