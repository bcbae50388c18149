"""A listening server: the same dialogue, real clients, hostile ones, and what it keeps."""

import contextlib
import mailbox
import re
import shutil
import signal
import smtplib
import socket
import ssl
import struct
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

import relaysim
from relaysim.builtin.fresh import fresh_server
from relaysim.errors import InvalidInput
from relaysim.model.organization import Account
from relaysim.model.principals import parse_principal
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import parse_address
from relaysim.serving import settings as serving_settings
from relaysim.serving.background import ServedExchange
from relaysim.serving.proxy_header import parse_proxy_header
from relaysim.serving.self_signed import self_signed_certificate
from relaysim.serving.server import prepared
from relaysim.serving.settings import Bounds, ListeningSocket, ServeSettings, places_of
from relaysim.smtp.dialogue import Conversation
from relaysim.smtp.record import Client

APP = "192.168.2.55"
OPTION_2 = "builtin:option-2"
MESSAGE = "From: app@contoso.com\r\nX-MS-Exchange-Organization-SCL: -1\r\n\r\nhello\r\n"


@pytest.fixture
def raw():
    """Return a function that connects and gives a socket and its lines."""
    with contextlib.ExitStack() as stack:

        def connect(server, port=None):
            sock = socket.create_connection((server.host, port or server.port), timeout=10)
            stack.enter_context(sock)
            return sock, stack.enter_context(sock.makefile("rb"))

        yield connect


@pytest.fixture(scope="module")
def certificate():
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    with self_signed_certificate() as path:
        yield path


def server_2016(**fields):
    return replace(fresh_server(exchange=ExchangeVersion.V2016, server="EX01"), **fields)


def until_closed(stream):
    return stream.read()


def test_a_message_is_taken_and_kept_and_not_sent_on(exchange_server):
    server = exchange_server(OPTION_2, as_ip=APP)
    with smtplib.SMTP(server.host, server.port, timeout=10) as client:
        assert client.sendmail("app@contoso.com", ["a@example.net"], MESSAGE) == {}
    (taken,) = server.messages
    assert taken.message.recipients == ("a@example.net",)
    assert b"X-MS-Exchange-Organization-AuthAs: Anonymous\r\n" in taken.text
    assert b"SCL" not in taken.text
    assert taken.text.endswith(b"\r\n\r\nhello\r\n")


def test_a_stranger_is_refused_as_the_engine_says(exchange_server):
    server = exchange_server(OPTION_2, as_ip="192.168.2.57")
    asked = relaysim.Session(ip=parse_address("192.168.2.57"), mail_from="a@contoso.com")
    refusal = relaysim.evaluate(relaysim.load(OPTION_2), asked).refusal
    assert refusal is not None
    with smtplib.SMTP(server.host, server.port, timeout=10) as client:
        with pytest.raises(smtplib.SMTPSenderRefused) as caught:
            client.sendmail("a@contoso.com", ["a@example.net"], MESSAGE)
        text = caught.value.smtp_error
        assert isinstance(text, bytes)
        assert f"{caught.value.smtp_code} {text.decode()}" == refusal.reply
    assert server.messages == []


SCRIPTS = [
    ["EHLO a", "MAIL FROM:<app@contoso.com>", "RCPT TO:<a@example.net>", "DATA", "From: <>", "."],
    ["NOOP", "MAIL FROM:<a@b.c>", "HELO x.", "EHLO a_b", "RSET", "VRFY me", "HELP", "WHAT", ""],
    ["EHLO a", "AUTH LOGIN", "AUTH NTLM", "TlRMTQ==", "AUTH PLAIN", "STARTTLS", "X-EXPS NTLM"],
    ["EHLO a", "MAIL FROM:<> SIZE=99999999999", "BDAT 3", "abc", "RCPT TO:<>", "QUIT"],
]


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("source", [OPTION_2, "builtin:option-1", "2016"])
def test_serve_and_session_say_the_same_bytes(script, source, raw, exchange_server):
    organization = server_2016() if source == "2016" else relaysim.load(source)
    server = exchange_server(organization, as_ip=APP)
    talk = Conversation(prepared(organization, tls=False), Client(ip=parse_address(APP)))
    for line in script:
        talk.feed(line)
    wanted = [line for exchange in talk.dialogue.exchanges for line in exchange.reply]
    sock, stream = raw(server)
    sock.sendall("".join(f"{line}\r\n" for line in script).encode())
    sock.shutdown(socket.SHUT_WR)
    said = until_closed(stream).decode().splitlines()
    assert [banner_less(line) for line in said] == [banner_less(line) for line in wanted]


def banner_less(line):
    return re.sub(r" ready at .*", "", line)


def test_a_message_is_not_ended_by_a_bare_line_feed(raw, exchange_server):
    server = exchange_server(OPTION_2, as_ip=APP)
    sock, stream = raw(server)
    start = "EHLO a\r\nMAIL FROM:<app@contoso.com>\r\nRCPT TO:<a@example.net>\r\nDATA\r\n"
    smuggled = b"MAIL FROM:<evil@contoso.com>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n"
    for end in (b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r\n", b"\r.\r"):
        sock.sendall(start.encode() + b"Subject: x\r\n\r\nx" + end + smuggled + b"\r\n.\r\n")
    sock.sendall(b"QUIT\r\n")
    until_closed(stream)
    assert [m.message.sender for m in server.messages] == ["app@contoso.com"] * 5
    assert all(b"evil@contoso.com" in m.text for m in server.messages)


def test_starttls_encrypts_and_forgets_what_was_pipelined_behind_it(
    certificate, raw, exchange_server
):
    organization = server_2016()
    server = exchange_server(organization, map=587, certificate=certificate)
    sock, stream = raw(server)
    stream.readline()
    sock.sendall(b"EHLO a\r\n")
    while stream.readline()[3:4] != b" ":
        pass
    sock.sendall(b"STARTTLS\r\nMAIL FROM:<injected@example.net>\r\n")
    assert stream.readline() == b"220 2.0.0 SMTP server ready\r\n"
    context = ssl.create_default_context(cafile=str(certificate))
    with context.wrap_socket(sock, server_hostname="localhost") as secured:
        secured.sendall(b"NOOP\r\nQUIT\r\n")
        said = b""
        while piece := secured.recv(4096):
            said += piece
    assert said.splitlines()[-1].startswith(b"221 ")
    assert b"Sender OK" not in said
    assert b"hello first" not in said


def test_without_a_certificate_starttls_is_not_offered(exchange_server):
    server = exchange_server(server_2016())
    with smtplib.SMTP(server.host, server.port, timeout=10) as client:
        client.ehlo()
        assert not client.has_extn("starttls")
        assert not client.has_extn("x-anonymoustls")


def test_accounts_log_on_with_their_passwords(certificate, tmp_path, exchange_server):
    (tmp_path / "secret.txt").write_text("s3cret\nnot this\n", encoding="utf-8")
    account = Account(
        name=parse_principal("CONTOSO\\app", "CONTOSO"),
        addresses=("app@contoso.com",),
        password_file=str(tmp_path / "secret.txt"),
    )
    server = exchange_server(server_2016(accounts=(account,)), map=587, certificate=certificate)
    context = ssl.create_default_context(cafile=str(certificate))
    for user, password, right in [
        ("CONTOSO\\app", "s3cret", True),
        ("app@contoso.com", "s3cret", True),
        ("CONTOSO\\app", "other", False),
        ("CONTOSO\\nobody", "s3cret", False),
    ]:
        with smtplib.SMTP("localhost", server.port, timeout=10) as client:
            client.starttls(context=context)
            if not right:
                with pytest.raises(smtplib.SMTPAuthenticationError, match="535"):
                    client.login(user, password)
                continue
            assert client.login(user, password)[0] == 235
            with pytest.raises(smtplib.SMTPDataError, match="send as this sender"):
                client.sendmail("boss@contoso.com", ["a@example.net"], MESSAGE)


def test_any_password_is_right_where_it_was_said(exchange_server):
    organization = server_2016()
    opened = tuple(
        replace(
            c, auth_mechanism=c.auth_mechanism - {m for m in c.auth_mechanism if "TLS" in m.name}
        )
        for c in organization.connectors
    )
    organization = replace(organization, servers=(replace(organization.only, connectors=opened),))
    server = exchange_server(organization, map=587, any_password=True)
    with smtplib.SMTP(server.host, server.port, timeout=10) as client:
        assert client.login("CONTOSO\\whoever", "x")[0] == 235


@pytest.mark.parametrize(
    "header",
    [
        f"PROXY TCP4 {APP} 10.0.0.1 40000 25\r\n".encode(),
        b"\r\n\r\n\0\r\nQUIT\n\x21\x11"
        + struct.pack("!H", 12)
        + socket.inet_aton(APP)
        + socket.inet_aton("10.0.0.1")
        + struct.pack("!HH", 40000, 25),
    ],
)
def test_a_proxy_header_names_the_client(header, raw):
    settings = ServeSettings(proxy_protocol=True)
    with ServedExchange(relaysim.load(OPTION_2), settings) as server:
        sock, stream = raw(server)
        for byte in header:
            sock.sendall(bytes([byte]))
        sock.sendall(b"EHLO a\r\nQUIT\r\n")
        assert f"Hello [{APP}]".encode() in until_closed(stream)
        sock, stream = raw(server)
        sock.sendall(b"EHLO a\r\n")
        assert until_closed(stream) == b""


@pytest.mark.parametrize(
    "data",
    [b"EHLO", b"PROXY TCP4 a b 1 2\r\n", b"PROXY " + b"x" * 200, b"PROXY TCP6 1.2.3.4 ::1 1 2\r\n"],
)
def test_what_is_no_proxy_header_is_refused(data):
    with pytest.raises(ValueError, match="PROXY"):
        parse_proxy_header(data)


def test_messages_are_spooled_as_a_maildir_and_logs_are_read_by_replay(tmp_path):
    spool, log = tmp_path / "spool", tmp_path / "log"
    with relaysim.serve(OPTION_2, as_ip=APP, spool=spool, log=log) as server:
        for _ in range(2):
            with smtplib.SMTP(server.host, server.port, timeout=10) as client:
                client.sendmail("app@contoso.com", ["a@example.net"], MESSAGE)
    messages = list(mailbox.Maildir(spool))
    assert [m["From"] for m in messages] == ["app@contoso.com"] * 2
    assert [m["X-MS-Exchange-Organization-SCL"] for m in messages] == [None, None]
    from relaysim.replay import summarize

    (file,) = log.iterdir()
    assert re.fullmatch(r"RECV\d{10}-1\.LOG", file.name)
    rows = [row.split(",") for row in file.read_text("utf-8").splitlines() if row[0] != "#"]
    assert len({row[2] for row in rows}) == 2
    assert summarize([str(file)], relaysim.load(OPTION_2)) is not None


def test_too_much_of_anything_ends_the_session_and_no_other(raw):
    bounds = Bounds(connections=3, message_bytes=10_000, commands=20, idle_seconds=0.5)
    with ServedExchange(
        relaysim.load(OPTION_2), ServeSettings(as_ip=parse_address(APP), bounds=bounds)
    ) as server:
        sock, stream = raw(server)
        sock.sendall(b"EHLO a\r\n" + b"NOOP\r\n" * 30)
        assert until_closed(stream).endswith(b"421 4.7.0 Too much for one session\r\n")
        start = b"EHLO a\r\nMAIL FROM:<app@contoso.com>\r\nRCPT TO:<a@example.net>\r\n"
        for rest in (b"DATA\r\n" + b"x" * 20_000, b"BDAT 999999999\r\nx"):
            sock, stream = raw(server)
            sock.sendall(start + rest)
            assert until_closed(stream).endswith(b"421 4.7.0 Too much for one session\r\n")
        sock, stream = raw(server)
        assert until_closed(stream).endswith(b"421 4.4.1 Connection timed out\r\n")
        held = [raw(server) for _ in range(3)]
        for _, stream in held:
            assert stream.readline().startswith(b"220 ")
        _, stream = raw(server)
        assert until_closed(stream) == b"421 4.3.2 Service not available\r\n"


def test_clients_that_vanish_and_slow_ones_disturb_nobody(raw, exchange_server):
    server = exchange_server(OPTION_2, as_ip=APP)
    for number in range(30):
        sock, stream = raw(server)
        stream.readline()
        sock.sendall(
            b"EHLO a\r\nMAIL FROM:<app@contoso.com>\r\nRCPT TO:<a@example.net>\r\nDATA\r\nx"
        )
        if number % 3:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            stream.close()
            sock.close()
    with smtplib.SMTP(server.host, server.port, timeout=10) as client:
        assert client.sendmail("app@contoso.com", ["a@example.net"], MESSAGE) == {}
    assert len(server.messages) == 1


def test_open_sessions_keep_the_configuration_they_began_with(raw, exchange_server):
    server = exchange_server(OPTION_2, as_ip=APP)
    sock, stream = raw(server)
    stream.readline()
    server.reload("builtin:default")
    sock.sendall(b"HELO a\r\nMAIL FROM:<app@contoso.com>\r\nQUIT\r\n")
    assert b"Sender OK" in until_closed(stream)
    sock, stream = raw(server)
    sock.sendall(b"HELO a\r\nMAIL FROM:<app@contoso.com>\r\nQUIT\r\n")
    assert b"530 5.7.1" in until_closed(stream)


def test_a_mapped_port_stands_for_another_one(raw, exchange_server):
    server = exchange_server(server_2016(), map={0: 587})
    _, stream = raw(server)
    assert stream.readline().startswith(b"220 ")
    assert server.ports == {587: server.port}


def test_ports_and_mappings_are_read_together():
    places = places_of(("127.0.0.1:2525", "[::1]:2526"), ("2525=25@192.168.2.55", "2587=587"))
    assert [(p.host, p.port, p.stands_for) for p in places] == [
        ("127.0.0.1", 2525, 25),
        ("::1", 2526, 25),
        ("127.0.0.1", 2587, 587),
    ]
    assert places[0].as_ip == parse_address(APP)
    assert places_of((), ()) == (ListeningSocket(port=2525),)
    for wrong in ("25", "0=25", "a=b", "25=25@", "99999=1"):
        with pytest.raises(InvalidInput):
            serving_settings.parse_mapping(wrong)


def test_a_port_that_is_taken_is_an_error_of_one_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = ServeSettings(places=(ListeningSocket(port=port),))
        with (
            pytest.raises(InvalidInput, match="cannot listen"),
            ServedExchange(relaysim.load(OPTION_2), settings),
        ):
            pass


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="signals of POSIX")
def test_the_command_listens_reloads_and_ends_with_a_summary(tmp_path):
    file = tmp_path / "server.toml"
    good = Path(__file__).parents[2] / "docs/examples/two-addresses.toml"
    file.write_text(good.read_text("utf-8"), "utf-8")
    command = [sys.executable, "-m", "relaysim", "serve", "-c", str(file), "--why"]
    command += ["--listen", "127.0.0.1:0", "--as", "10.0.20.22", "--local-ip", "10.0.1.13"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=good.parents[2]
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        port = int(re.search(r":(\d+),", first).group(1))  # type: ignore[union-attr]
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            client.docmd("\x1b[31mEHLO")
            assert (
                client.sendmail("a@example.com", ["b@example.net"], "From: a@example.com\r\n") == {}
            )
        file.write_text("format = 7\n", "utf-8")
        process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            assert client.ehlo()[0] == 250
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "2 sessions, 1 messages taken, none sent on" in out
    assert "\x1b" not in out
    assert "the old configuration stays in force" in err


def test_a_thousand_clients_at_once_are_all_served(exchange_server):
    try:
        import resource
    except ImportError:
        pytest.skip("how many files may be open is not known here")
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 2200:
        pytest.skip("too few files may be open")
    server = exchange_server(OPTION_2, as_ip=APP)
    open_files = Path("/proc/self/fd")
    before = len(list(open_files.iterdir())) if open_files.exists() else None
    with contextlib.ExitStack() as stack:
        socks = [
            stack.enter_context(socket.create_connection((server.host, server.port), timeout=90))
            for _ in range(1000)
        ]
        for sock in socks:
            sock.sendall(b"HELO a\r\nMAIL FROM:<app@contoso.com>\r\nQUIT\r\n")
        for sock in socks:
            said = b""
            while piece := sock.recv(4096):
                said += piece
            assert said.count(b"\r\n") == 4
            assert b"250 2.1.0 Sender OK" in said
    if before is not None:
        time.sleep(0.2)
        assert len(list(open_files.iterdir())) <= before + 5
