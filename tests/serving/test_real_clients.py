"""Programs that people really send with, each where it is installed, against a listening server."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

import relaysim
from relaysim.builtin.fresh import fresh_server
from relaysim.model.organization import Account
from relaysim.model.principals import parse_principal
from relaysim.model.version import ExchangeVersion
from relaysim.serving.self_signed import self_signed_certificate

APP = "192.168.2.55"
OPTION_2 = "builtin:option-2"
SENDER, RECIPIENT = "app@contoso.com", "someone@example.net"
TEXT = f"From: {SENDER}\nTo: {RECIPIENT}\nSubject: x\n\nhello\n"


def program(name):
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def run(*command, text=""):
    return subprocess.run(
        command, input=text, capture_output=True, text=True, timeout=60, check=False
    )


def swaks(server, *more):
    command = [program("swaks"), "--server", server.host, "--port", str(server.port)]
    return run(*command, "--from", SENDER, "--to", RECIPIENT, "--helo", "client.example", *more)


def curl(server, *more):
    url = f"smtp://{server.host}:{server.port}/client.example"
    command = [program("curl"), "-sS", "--url", url, "--mail-from", SENDER]
    return run(*command, "--mail-rcpt", RECIPIENT, "--upload-file", "-", *more, text=TEXT)


@pytest.fixture
def secured(tmp_path, exchange_server):
    """Return a server of 2016 on port 587 with a certificate and an account."""
    program("openssl")
    (tmp_path / "password").write_text("s3cret\n", encoding="utf-8")
    account = Account(
        name=parse_principal("CONTOSO\\app", "CONTOSO"),
        addresses=(SENDER,),
        password_file=str(tmp_path / "password"),
    )
    organization = replace(
        fresh_server(exchange=ExchangeVersion.V2016, server="EX01"), accounts=(account,)
    )
    with self_signed_certificate() as certificate:
        yield exchange_server(organization, map=587, certificate=certificate)


def test_swaks_relays_from_the_article_s_application_and_not_from_elsewhere(exchange_server):
    server = exchange_server(OPTION_2, as_ip=APP)
    done = swaks(server)
    assert done.returncode == 0, done.stdout
    assert len(server.messages) == 1
    refused = swaks(exchange_server(OPTION_2, as_ip="192.168.2.57"))
    assert refused.returncode != 0
    assert "530 5.7.1 Client was not authenticated" in refused.stdout


def test_swaks_logs_on_under_tls_and_reports_the_refused_sender(secured):
    logon = ["--tls", "--auth", "LOGIN", "--auth-user", "CONTOSO\\app", "--auth-password"]
    assert swaks(secured, *logon, "s3cret").returncode == 0
    assert "535 5.7.3 Authentication unsuccessful" in swaks(secured, *logon, "wrong").stdout
    other = swaks(secured, *logon, "s3cret", "--from", "boss@contoso.com")
    assert "550 5.7.60 SMTP; Client does not have permissions" in other.stdout
    assert len(secured.messages) == 1


def test_curl_relays_and_names_the_reply_that_refused_it(exchange_server):
    server = exchange_server(OPTION_2, as_ip=APP)
    assert curl(server).returncode == 0
    assert len(server.messages) == 1
    refused = curl(exchange_server("builtin:default", as_ip=APP))
    assert refused.returncode == 55
    assert "530" in refused.stderr


def test_curl_logs_on_under_tls(secured):
    logon = ["--ssl-reqd", "-k", "--login-options", "AUTH=LOGIN", "--user"]
    assert curl(secured, *logon, "CONTOSO\\app:s3cret").returncode == 0
    assert curl(secured, *logon, "CONTOSO\\app:wrong").returncode == 67
    assert len(secured.messages) == 1


def test_msmtp_relays_and_reports_the_refusal(exchange_server):
    def msmtp(server):
        command = [program("msmtp"), f"--host={server.host}", f"--port={server.port}"]
        return run(*command, "--auth=off", "--tls=off", f"--from={SENDER}", RECIPIENT, text=TEXT)

    server = exchange_server(OPTION_2, as_ip=APP)
    assert msmtp(server).returncode == 0
    assert len(server.messages) == 1
    refused = msmtp(exchange_server("builtin:default", as_ip=APP))
    assert refused.returncode != 0
    assert "530 5.7.1 Client was not authenticated" in refused.stderr


EXIM = """\
primary_hostname = client.example
log_file_path = {folder}/%slog
spool_directory = {folder}
exim_user = nobody
exim_group = nogroup
keep_environment =
local_interfaces = <;
begin routers
smarthost:
  driver = manualroute
  route_list = * {host} byname
  transport = out
  self = send
begin transports
out:
  driver = smtp
  user = nobody
  group = nogroup
  port = {port}
  hosts_avoid_tls = *
  hosts_avoid_pipelining = *
begin retry
* * F,1s,1m
"""


def test_exim_relays_through_its_smarthost_and_logs_the_refusal(exchange_server):
    path = program("exim4")
    if os.getuid() != 0:
        pytest.skip("exim delivers with a configuration of its own for root only")

    def exim(server):
        # Deliveries run as nobody, who may not look into the folders of pytest.
        with tempfile.TemporaryDirectory(prefix="relaysim-exim-") as name:
            folder = Path(name)
            shutil.chown(folder, "nobody", "nogroup")
            text = EXIM.format(host=server.host, port=server.port, folder=folder)
            (folder / "exim.conf").write_text(text, encoding="ascii")
            command = [path, "-C", str(folder / "exim.conf"), "-odf", "-oi", "-f", SENDER]
            # What the delivery says stands in the log, or where it may not write there, here.
            said = run(*command, RECIPIENT, text=TEXT).stderr
            return said + (folder / "mainlog").read_text("utf-8")

    server = exchange_server(OPTION_2, as_ip=APP)
    assert f"=> {RECIPIENT}" in exim(server)
    assert len(server.messages) == 1
    said = exim(exchange_server("builtin:default", as_ip=APP))
    assert "530 5.7.1 Client was not authenticated" in said


def test_nodes_own_sockets_may_pipeline_and_half_close(exchange_server, tmp_path):
    path = program("node")
    script = tmp_path / "client.js"
    script.write_text(
        "const s = require('net').connect(+process.argv[3], process.argv[2]);\n"
        f"const lines = ['EHLO a', 'MAIL FROM:<{SENDER}>', 'RCPT TO:<{RECIPIENT}>', 'DATA'];\n"
        "s.on('data', d => process.stdout.write(d));\n"
        "s.write(lines.join('\\r\\n') + '\\r\\n');\n"
        "s.end('Subject: x\\r\\n\\r\\nhello\\r\\n.\\r\\nQUIT\\r\\n');\n",
        encoding="ascii",
    )
    server = exchange_server(OPTION_2, as_ip=APP)
    done = run(path, str(script), server.host, str(server.port))
    assert "354 Start mail input" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("221 ")
    assert len(server.messages) == 1


def test_a_session_of_swaks_is_what_session_prints(exchange_server):
    server = exchange_server(OPTION_2, as_ip=APP)
    said = swaks(server).stdout
    asked = relaysim.Session(ip=relaysim.parse_address(APP), mail_from=SENDER, rcpt_to=(RECIPIENT,))
    assert relaysim.evaluate(relaysim.load(OPTION_2), asked).refusal is None
    assert said.count("<-  250 ") >= 3
