"""Damaged input of every other kind is read or refused by name, never anything else.

Each parser begins with the project's own examples, and is held to the bounds of
:mod:`tests.fuzz.watching`.
"""

import gzip
import json
import sys
import zipfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, StringIO
from typing import Any

import click
import pytest

import relaysim
from relaysim import parse_address
from relaysim.backend.service import serve_lines
from relaysim.cli import cli
from relaysim.cli.asking import batch
from relaysim.cli.options.shape import expected_addresses
from relaysim.cli.weighing import replay
from relaysim.config.directive import read_directive
from relaysim.config.network import read_network
from relaysim.config.serverfile import parse_server
from relaysim.errors import InvalidInput
from relaysim.importers.logs.client_log import read_client_log
from relaysim.management_shell.running import ExchangeSession
from relaysim.policy.decode import parse_policy
from relaysim.powershell.parser import parse_script
from relaysim.replay import decode_summary, encode_summary, summarize
from relaysim.replay.reading.files import find_logs, gather_logs
from relaysim.scenario.reading.load import Loader
from relaysim.serving.proxy_header import parse_proxy_header
from relaysim.smtp.clients.client_script import read_script
from relaysim.smtp.dialogue import play
from relaysim.smtp.header_firewall import parse_headers
from relaysim.smtp.known_replies import recognise
from relaysim.smtp.record import Client
from tests.console import ROOT
from tests.fuzz.damage import LONG, ROUNDS
from tests.fuzz.watching import watch
from tests.replay.logs import REFUSED, RELAYED, log_of, session_rows

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
HEADER = b"ip,auth,user,from,to,size,port,tls,server\n"
ROWS = [
    b"192.168.2.55,none,,a@b.example,c@d.example;e@f.example,10MB,25,no,",
    b"10.0.0.1,user,app,,,,587,yes,EX01",
    b'::1,none,,"""a b""@b.example",c@d.example,1024,25,no,"EX01"',
]
JSON_ROWS = [
    b'{"ip": "192.168.2.55", "to": ["a@b.example"], "tls": false}',
    b'{"ip": "::1", "size": 5}',
    b'{"ip": "10.0.0.1", "groups": ["x"], "port": 587, "from": null, "local-ip": "10.0.0.2"}',
]


TRACKING = b"""#Log-type: Message Tracking Log
#Fields: date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,\
source,event-id,internal-message-id,message-id,network-message-id,recipient-address,recipient-status,\
total-bytes,recipient-count,related-recipient-address,reference,message-subject,sender-address,\
return-path,original-client-ip
2025-03-01T08:00:00.000Z,192.168.2.55,app,10.0.0.1,EX01,08DD;2025,EX01\\CRM Application,SMTP,\
RECEIVE,1,<a@b>,x,c@example.net;d@example.net,,100,2,,,s,a@contoso.com,a@contoso.com,192.168.2.55
""".replace(b"\\\n", b"")
LINES = [
    b'{"id":1,"op":"run","command":"New-ReceiveConnector","parameters":{"h":[["=Name","=R"],'
    b'["=Usage","=Custom"],["=RemoteIPRanges",["=10.0.0.5"]],["=Bindings","=0.0.0.0:26"]]}}',
    b'{"id":2,"op":"check","parameters":{"h":[["=IP","=10.0.0.5"],["=To","=a@example.net"]]}}',
    b'{"id":3,"op":"run","command":"Set-ReceiveConnector","parameters":{"h":[["=Instance",'
    b'{"o":"=CRM Application","e":[["=MaxHopCount",7]]}]]}}',
]
PROXIED = [
    b"PROXY TCP4 192.0.2.1 192.0.2.2 4000 25\r\nEHLO a\r\n",
    b"PROXY TCP6 2001:db8::1 ::1 4000 25\r\n",
    b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x01\xc0\0\x02\x02\x0f\xa0\0\x19",
]
PATTERNS = [
    rb"^(?<n>a+)+$ [\w\s-[aeiou]]{2,5}? (?i:x)|\bEX\d+\b (?=\.) (?!x) (?<=a)b \k<n>",
    rb"^([^@]+)@(.*)\.com$",
]


def text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def session(data: bytes) -> Any:
    return play(SERVER, CLIENT, read_script(text(data)))


def prompt(steps: int, most: int) -> Callable[[str], Any]:
    """Return what runs lines at a prompt; making one takes longer than a line."""
    ran, session = most, ExchangeSession(SERVER)

    def run(line: str) -> Any:
        nonlocal ran, session
        ran += 1
        if ran >= most:
            ran, session = 0, ExchangeSession(SERVER, max_steps=steps)
        return session.run(line)

    return run


SCRIPTS, ONE_LINERS = prompt(20_000, 20), prompt(50_000, 200)


def script(data: bytes) -> Any:
    return SCRIPTS(text(data))


def backend(data: bytes) -> None:
    """Ask the server behind PowerShell; an internal error is one of its answers."""
    begin = b'{"id":0,"op":"connect","source":"=builtin:option-2"}\n'
    out = BytesIO()
    serve_lines(BytesIO(begin + data + b"\n"), out)
    for line in out.getvalue().splitlines():
        for error in json.loads(line).get("errors") or ():
            assert error["id"] != "internal", error["message"]


def proxied(data: bytes) -> Any:
    try:
        return parse_proxy_header(data)
    except ValueError as error:
        raise InvalidInput(str(error)) from None


def pattern(data: bytes) -> Any:
    quoted = text(data).replace("'", "''")
    subject = "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! EX01 someone@contoso.com'"
    return ONE_LINERS(f"{subject} -match '{quoted}'")


def summary() -> bytes:
    """Return a saved summary of the example log."""
    log = str(ROOT / "docs/examples/receive.log")
    return encode_summary(summarize([log], SERVER)).encode()


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
    "regular expression": (PATTERNS, pattern),
    "PROXY header": (PROXIED, proxied),
    "saved summary": ([summary()], lambda data: decode_summary(text(data))),
    "script, run": (files("docs/examples/*.ps1"), script),
}


@pytest.mark.parametrize("parser", PARSERS)
def test_damaged_input_is_read_or_refused_by_name(parser):
    corpus, read = PARSERS[parser]
    assert corpus
    rounds = ROUNDS if LONG else ROUNDS // 3
    assert watch(parser, corpus, read, rounds).inputs


def test_a_damaged_packed_log_is_read_or_refused_by_name(tmp_path):
    log = log_of(session_rows(1, RELAYED), session_rows(2, REFUSED))
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/x.log", log)
        archive.writestr("seen.txt", "220 MX1 ready\nEHLO x\n")
    place = tmp_path / "x"

    def read(data: bytes) -> Any:
        place.write_bytes(data)
        return gather_logs(find_logs([str(place)]), None)

    packed = [gzip.compress(log.encode()), gzip.compress(log.encode("utf-16"))]
    rounds = ROUNDS if LONG else ROUNDS // 5
    assert watch("packed log", [stream.getvalue(), *packed], read, rounds).inputs


def sessions(log: bytes) -> list[bytes]:
    """Return a protocol log, its first session with the head, and every other session."""
    found: dict[bytes, list[bytes]] = {}
    for line in log.splitlines():
        found.setdefault(b"" if line.startswith(b"#") else line.split(b",")[2], []).append(line)
    head, first, *others = (b"\n".join(lines) for lines in found.values())
    return [log, head + b"\n" + first, *others]


LOGS = [piece for log in files("docs/examples/receive.log") for piece in sessions(log)]
COMMANDS: dict[str, tuple[list[bytes], bytes, str]] = {
    "rows of CSV": (ROWS, HEADER, "q.csv"),
    "CSV with its names": ([HEADER + ROWS[0]], b"", "q.csv"),
    "rows of JSON": (JSON_ROWS, b"", "q.jsonl"),
    "list of JSON": ([b"[%b]" % b",".join(JSON_ROWS)], b"", "q.jsonl"),
    "protocol log": (LOGS, b"", "a.log"),
    "tracking log": ([TRACKING], b"", "t.log"),
    "summary, weighed": ([summary()], b"", "s.json"),
}


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_damaged_file_is_answered_or_refused_by_name(kind, tmp_path, monkeypatch):
    corpus, begin, name = COMMANDS[kind]
    rows = kind.startswith("rows")
    asked = (batch if name.startswith("q.") else replay).command
    # The way to the file's parser, by options and a built-in organization, takes ten times as long.
    monkeypatch.setattr(
        sys.modules[asked.callback.__module__], "load_telling", lambda _, **__: SERVER
    )
    place = tmp_path / name
    place.touch()
    # As part of the whole program: a command keeps the names of `--help` that it first gets.
    above = click.Context(cli, **cli.context_settings)
    context = asked.make_context("x", [str(place), "-c", "builtin:option-2"], parent=above)

    def read(data: bytes) -> None:
        if rows:  # one byte that is no UTF-8 would end them all
            data = data.decode("utf-8", "replace").encode()
        place.write_bytes(begin + data)
        out = StringIO()
        with redirect_stdout(out), redirect_stderr(out), context.scope(cleanup=False):
            code = asked.invoke(context)
        assert code in (0, 1, 2), out.getvalue()[-2000:]

    whole = kind in {"CSV with its names", "list of JSON", "summary, weighed"}
    rounds = ROUNDS if LONG else ROUNDS // 10 if whole else ROUNDS
    assert watch(kind, corpus, read, rounds, together=1 if whole else 10 if rows else 25).inputs


def test_a_damaged_line_to_the_backend_is_answered_or_refused_by_name():
    assert watch("lines of the backend", LINES, backend, ROUNDS, together=25).inputs
