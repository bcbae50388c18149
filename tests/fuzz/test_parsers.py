"""Damaged input of every other kind is read or refused by name, never anything else.

Each parser begins with the project's own examples. A long run (``RELAYSIM_FUZZ``) also looks at the
clock of the process: no input takes more than two seconds.
"""

import random
import time
from collections.abc import Callable
from typing import Any

import pytest

import relaysim
from relaysim import parse_address
from relaysim.cli.options.shape import expected_addresses
from relaysim.config.directive import read_directive
from relaysim.config.network import read_network
from relaysim.config.serverfile import parse_server
from relaysim.errors import RelaysimError
from relaysim.importers.logs.client_log import read_client_log
from relaysim.management_shell.running import ExchangeSession
from relaysim.policy.decode import parse_policy
from relaysim.powershell.parser import parse_script
from relaysim.scenario.reading.load import Loader
from relaysim.smtp.clients.client_script import read_script
from relaysim.smtp.dialogue import play
from relaysim.smtp.header_firewall import parse_headers
from relaysim.smtp.known_replies import recognise
from relaysim.smtp.record import Client
from tests.console import ROOT
from tests.console import relaysim as command
from tests.fuzz.damage import LONG, ROUNDS, SEED, damaged

SECONDS = 2
SERVER = relaysim.load("builtin:option-2")
CLIENT = Client(ip=parse_address("192.168.2.55"))
EXAMPLES = ROOT / "docs/examples"


def files(*patterns):
    """Return the contents of the project's own files."""
    return [path.read_bytes() for each in patterns for path in sorted(ROOT.glob(each))]


POLICY = b"""format = 1
[severity]
open-relay = "high"
[[accept]]
rule = "open-relay"
connector = "Relay"
reason = "a printer"
until = 2030-01-01
ranges = ["10.0.0.0/8"]
"""
NETWORK = b"""[network]
exchange_servers = ["10.0.0.1", "10.0.0.0/24"]
balancers = ["10.0.0.2-10.0.0.9"]
published = ["EX01:25", "10.0.0.1:587"]
hybrid = true
"""
REPLIES = [
    b"550 5.7.1 Unable to relay for x@example.net",
    b"smtplib.SMTPDataError: (550, b'5.7.60 SMTP; Client does not have permissions')",
    b"AB12 451 4.7.0 Temporary server error. Please try again later. PRX2",
]
RANGES = [b"192.168.2.55, 192.168.2.56", b"nobody", b"10.0.0.0/8,fd00::/8", b"10.0.0.1(255.0.0.0)"]
HEADS = [b"#relaysim: server=EX01,EX02 exchange=2010,2016 domain=CONTOSO role=hub\nGet-X\n"]
ROWS = [
    b"ip,auth,user,from,to,size,port,tls,server\n192.168.2.55,none,,a@b.example,c@d.example;e@f.example,"
    b"10MB,25,no,\n10.0.0.1,user,app,,,,587,yes,EX01\n",
]
JSON_ROWS = [
    b'{"ip": "192.168.2.55", "to": ["a@b.example"], "tls": false}\n{"ip": "::1", "size": 5}\n',
    b'[{"ip": "192.168.2.55"}, {"ip": "10.0.0.1", "groups": ["x"], "port": 587}]',
]


def text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def session(data: bytes) -> Any:
    return play(SERVER, CLIENT, read_script(text(data)))


def script(data: bytes) -> Any:
    return ExchangeSession(SERVER, max_steps=20_000).run(text(data))


PARSERS: dict[str, tuple[list[bytes], Callable[[bytes], Any]]] = {
    "server file": (
        files("scenarios/_servers/*.toml", "docs/examples/*.toml"),
        lambda data: parse_server(data, file="x.toml"),
    ),
    "scenario": (
        files("scenarios/*/*.toml", "tests/data/scenarios/*.toml"),
        lambda data: Loader().parse(data, str(ROOT / "scenarios/rules/x.toml")),
    ),
    "policy": ([POLICY], lambda data: parse_policy(data, file="p.toml", domain="CONTOSO")),
    "network": ([NETWORK], lambda data: read_network(data, file="n.toml")),
    "session": (files("docs/examples/*.smtp"), session),
    "headers": (files("docs/examples/headers.txt"), lambda d: parse_headers(text(d).split("\n"))),
    "reply": (REPLIES, lambda data: recognise(text(data))),
    "ranges": (RANGES, lambda data: expected_addresses(text(data), "--expect")),
    "head line": (HEADS, lambda data: read_directive(text(data), file="x.ps1")),
    "client log": (files("docs/examples/*.smtp"), lambda data: read_client_log(text(data))),
    "script, parsed": (
        files("docs/examples/*.ps1", "tests/shell/snippets/*.ps1"),
        lambda data: parse_script(text(data)),
    ),
    "script, run": (files("docs/examples/*.ps1"), script),
}


@pytest.mark.parametrize("parser", PARSERS)
def test_damaged_input_is_read_or_refused_by_name(parser):
    corpus, read = PARSERS[parser]
    assert corpus
    chance = random.Random(f"{parser} {SEED}")  # noqa: S311
    slowest = 0.0
    for number in range(ROUNDS if LONG else ROUNDS // 3):
        data = damaged(chance.choice(corpus), chance)
        begun = time.process_time()
        try:
            read(data)
        except RelaysimError:
            pass
        except Exception as error:  # noqa: BLE001  # whatever it is, it is found here
            pytest.fail(f"{parser}: input {number} raised {error!r}: {data!r}")
        slowest = max(slowest, time.process_time() - begun)
        assert not LONG or slowest < SECONDS, (number, slowest, data)


COMMANDS: dict[str, tuple[list[bytes], str, list[str]]] = {
    "batch of CSV": (ROWS, "q.csv", ["batch", "q.csv"]),
    "batch of JSON": (JSON_ROWS, "q.jsonl", ["batch", "q.jsonl"]),
    "protocol log": (files("docs/examples/receive.log"), "a.log", ["replay", "a.log"]),
}


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_damaged_file_is_answered_or_refused_by_name(kind, tmp_path):
    corpus, name, asked = COMMANDS[kind]
    chance = random.Random(f"{kind} {SEED}")  # noqa: S311
    for number in range(ROUNDS if LONG else ROUNDS // 10):
        data = damaged(chance.choice(corpus), chance)
        (tmp_path / name).write_bytes(data)
        result = command([*asked, "-c", "builtin:option-2"], cwd=tmp_path)
        assert result.code in (0, 1, 2), (number, data, result.output[-2000:])
