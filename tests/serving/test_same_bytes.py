"""The law of the listening server: what it says is what ``session`` says, byte for byte."""

import re
import socket
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import relaysim
from relaysim.builtin.fresh import fresh_server
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import parse_address
from relaysim.serving.background import ServedExchange
from relaysim.serving.server import prepared
from relaysim.serving.settings import ServeSettings
from relaysim.smtp.dialogue import Conversation
from relaysim.smtp.record import Client

APP = "192.168.2.55"
SERVERS = {
    "option 2": relaysim.load("builtin:option-2"),
    "2010": fresh_server(exchange=ExchangeVersion.V2010),
    "2019": fresh_server(exchange=ExchangeVersion.V2019),
}
ADDRESSES = ["app@contoso.com", "a@example.net", "", "x", "a@b@c", "Ünï@contoso.com", '"a b"@b.c']
PLAIN = ["NOOP", "RSET", "HELP", "VRFY a", "EXPN a", "QUIT", "DATA", "", "WHAT", "ehlo", "mail"]
ADDRESS = st.sampled_from(ADDRESSES)
LINES = st.one_of(
    st.sampled_from(PLAIN),
    st.builds(
        "{} {}".format, st.sampled_from(["EHLO", "HELO"]), st.sampled_from(["a", "a.b", "a_b"])
    ),
    st.builds("MAIL FROM:<{}>{}".format, ADDRESS, st.sampled_from(["", " SIZE=9", " BODY=7BIT"])),
    st.builds("RCPT TO:<{}>{}".format, ADDRESS, st.sampled_from(["", " NOTIFY=NEVER", " X=1"])),
    st.sampled_from(["AUTH LOGIN", "AUTH NTLM", "YQ==", "*", "STARTTLS", "X-EXPS NTLM", "BDAT 4"]),
    st.sampled_from(["From: app@contoso.com", ".", "..", "BDAT 0 LAST", "text"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12),
)
DIALOGUE = st.lists(LINES, max_size=14).map(lambda some: ["EHLO a", *some])


@pytest.fixture(scope="module")
def listening():
    started = ServeSettings(as_ip=parse_address(APP))
    servers = {name: ServedExchange(one, started) for name, one in SERVERS.items()}
    for one in servers.values():
        one.__enter__()
    yield servers
    for one in servers.values():
        one.__exit__(None, None, None)


def replies_of(name, lines):
    """Return what ``session`` says."""
    talk = Conversation(prepared(SERVERS[name], tls=False), Client(ip=parse_address(APP)))
    talk.receive("".join(f"{line}\r\n" for line in lines).encode())
    return [line for exchange in talk.dialogue.exchanges for line in exchange.reply]


def said_by(server, lines, pieces):
    """Return what the server says to bytes that come in pieces of such a size."""
    with socket.create_connection((server.host, server.port), timeout=10) as sock:
        data = "".join(f"{line}\r\n" for line in lines).encode()
        for at in range(0, len(data), pieces):
            sock.sendall(data[at : at + pieces])
        sock.shutdown(socket.SHUT_WR)
        with sock.makefile("rb") as stream:
            return stream.read().decode().splitlines()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(sorted(SERVERS)), lines=DIALOGUE, pieces=st.sampled_from([7, 4096]))
def test_any_session_gets_the_same_bytes_from_serve_and_from_session(
    listening, name, lines, pieces
):
    said = said_by(listening[name], lines, pieces)
    wanted = replies_of(name, lines)
    assert [re.sub(r" ready at .*", "", line) for line in said] == [
        re.sub(r" ready at .*", "", line) for line in wanted
    ]


def test_a_session_ends_when_the_connector_says_so():
    script = (
        "Set-ReceiveConnector 'Default Frontend EX01' "
        "-ConnectionInactivityTimeout 00:00:01 -ConnectionTimeout 00:00:02"
    )
    begin = fresh_server(exchange=ExchangeVersion.V2016, server="EX01")
    from relaysim.management_shell import run

    result = run(script, begin)
    assert not result.errors
    with ServedExchange(result.organization, ServeSettings(as_ip=parse_address(APP))) as server:
        silent = socket.create_connection((server.host, server.port), timeout=20)
        busy = socket.create_connection((server.host, server.port), timeout=20)
        with busy:
            busy.settimeout(0.4)
            said = b""
            while not said.endswith(b"421 4.4.1 Connection timed out\r\n"):
                busy.sendall(b"NOOP\r\n")
                try:
                    said += busy.recv(4096)
                except TimeoutError:
                    continue
                # A word that is on its way when the server closes would make that a reset.
                time.sleep(0.1)
            assert said.count(b"250 2.0.0 OK") >= 2
        with silent, silent.makefile("rb") as stream:
            assert stream.read().endswith(b"421 4.4.1 Connection timed out\r\n")
