"""Libraries and a mail server that applications send with: what they say of a refusal, and explain.

Each runs where it is installed. ``RELAYSIM_NODEMAILER`` names the folder of that module,
``RELAYSIM_POSTFIX`` a folder into which Debian's package of Postfix was unpacked: installed, it
would take the place of exim.
"""

import functools
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from relaysim.builtin.fresh import fresh_server
from relaysim.model.version import ExchangeVersion
from tests import console
from tests.console import ROOT
from tests.serving.test_real_clients import program

APP = "192.168.2.55"
SENDER, RECIPIENT = "app@contoso.com", "someone@example.net"
CLIENTS = Path(__file__).parent / "clients"
JARS = [Path("/usr/share/java") / f"jakarta-{name}.jar" for name in ("mail", "activation")]
LOADER = Path("/usr/share/php/libphp-phpmailer/autoload.php")


def nodemailer():
    node, folder = program("node"), os.environ.get("RELAYSIM_NODEMAILER")
    if folder is None:
        pytest.skip("nodemailer is not installed: RELAYSIM_NODEMAILER names none")
    return [node, str(CLIENTS / "nodemailer.cjs"), folder]


def jakarta_mail():
    java = program("java")
    if shutil.which("javac") is None or not all(jar.is_file() for jar in JARS):
        pytest.skip("Jakarta Mail is not installed (libjakarta-mail-java and a JDK)")
    path = os.pathsep.join([*map(str, JARS), compiled().name])
    return [java, "-XX:TieredStopAtLevel=1", "-cp", path, "JakartaClient"]


@functools.cache
def compiled():
    """Return the folder of the Java client, compiled once; it goes when it is forgotten."""
    folder = tempfile.TemporaryDirectory()
    path = os.pathsep.join(map(str, JARS))
    source = str(CLIENTS / "JakartaClient.java")
    subprocess.run(["javac", "-cp", path, "-d", folder.name, source], check=True)
    return folder


def phpmailer():
    php = program("php")
    if not LOADER.is_file():
        pytest.skip("PHPMailer is not installed (libphp-phpmailer)")
    return [php, str(CLIENTS / "phpmailer.php"), str(LOADER)]


# What each says of the two refusals that applications meet most, as people find it in their logs.
SAID = {
    nodemailer: (
        "Error: Mail command failed: 530 5.7.1 Client was not authenticated",
        "Error: Can't send mail - all recipients were rejected: 550 5.7.54 SMTP; Unable to relay "
        "recipient in non-accepted domain",
    ),
    jakarta_mail: (
        "com.sun.mail.smtp.SMTPSendFailedException: 530 5.7.1 Client was not authenticated",
        "com.sun.mail.smtp.SMTPAddressFailedException: 550 5.7.54 SMTP; Unable to relay recipient "
        "in non-accepted domain",
    ),
    phpmailer: (
        "Mailer Error: The following From address failed: app@contoso.com : MAIL FROM command "
        "failed,Client was not authenticated",
        "Mailer Error: SMTP Error: The following recipients failed: someone@example.net: SMTP; "
        "Unable to relay recipient in non-accepted domain",
    ),
}


def explained(text):
    """Return what explain makes of a text, which must be one answer."""
    result = console.relaysim(["explain", text])
    assert result.code == 0, result.output
    return result.output


PAGE = (ROOT / "docs/how-to/what-your-application-says.md").read_text("utf-8")


def check_client(command, said, exchange_server):
    """A client relays where it may; its words for O-1 and O-2 come, and explain names the rule."""

    def sends(server):
        where = [server.host, str(server.port), SENDER, RECIPIENT]
        done = subprocess.run(
            [*command, *where], capture_output=True, text=True, timeout=120, check=False
        )
        return done.returncode, done.stdout + done.stderr

    taking = exchange_server("builtin:option-2", as_ip=APP)
    code, printed = sends(taking)
    assert code == 0, printed
    assert len(taking.messages) == 1
    versions = (ExchangeVersion.V2010, ExchangeVersion.V2016)
    for exchange, rule, words in zip(versions, ("O-1", "O-2"), said, strict=True):
        refusing = fresh_server(exchange=exchange, server="EX01")
        code, printed = sends(exchange_server(refusing, as_ip=APP))
        assert code == 1
        assert words in " ".join(printed.split())
        assert f"`{words}`" in PAGE
        for text in (words, printed):
            assert f"({rule})" in explained(text).splitlines()[0]


@pytest.mark.parametrize("client", SAID, ids=lambda client: client.__name__)
def test_a_library_relays_and_what_it_says_of_a_refusal_is_explained(client, exchange_server):
    check_client(client(), SAID[client], exchange_server)


MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = {root}/usr/sbin
daemon_directory = {root}/usr/lib/postfix/sbin
shlib_directory = {root}/usr/lib/postfix
meta_directory = {folder}
mail_owner = nobody
setgid_group = mail
default_privs = daemon
import_environment = LD_LIBRARY_PATH MAIL_CONFIG
export_environment = LD_LIBRARY_PATH MAIL_CONFIG
myhostname = client.example
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
smtp_host_lookup = native
relayhost = [{host}]:{port}
smtp_tls_security_level = none
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
alias_maps =
alias_database =
"""
SERVICES = """\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
smtp unix - - n - - smtp
postlog unix-dgram n - n - 1 postlogd
"""
OWNED = (
    *("active", "bounce", "corrupt", "defer", "deferred", "flush"),
    *("hold", "incoming", "private", "saved", "trace"),
)


@contextmanager
def postfix(server):
    """Yield a Postfix of its own whose smarthost is a server: its folder, and its environment."""
    root = os.environ.get("RELAYSIM_POSTFIX")
    if root is None:
        pytest.skip("Postfix is not unpacked: RELAYSIM_POSTFIX names no folder")
    if os.getuid() != 0:
        pytest.skip("the master of Postfix runs as root only")
    with tempfile.TemporaryDirectory(prefix="relaysim-postfix-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        text = MAIN.format(folder=folder, root=root, host=server.host, port=server.port)
        (folder / "main.cf").write_text(text, encoding="ascii")
        (folder / "master.cf").write_text(SERVICES, encoding="ascii")
        for one in ("dynamicmaps.cf", "log"):
            (folder / one).touch()
        for one in ("data", *(f"queue/{part}" for part in (*OWNED, "maildrop", "public", "pid"))):
            (folder / one).mkdir(parents=True)
            shutil.chown(folder / one, "root" if one.endswith("pid") else "nobody", "mail")
        environment = {**os.environ, "LD_LIBRARY_PATH": f"{root}/usr/lib/postfix"}
        command = [f"{root}/usr/lib/postfix/sbin/master", "-c", name]
        with subprocess.Popen(command, env={**environment, "MAIL_CONFIG": name}) as master:
            try:
                yield folder, {**environment, "MAIL_CONFIG": name}
            finally:
                master.terminate()


def sent_by_postfix(server):
    """Return the line of the log that tells what became of a message."""
    text = f"From: {SENDER}\nTo: {RECIPIENT}\nSubject: x\n\nhello\n"
    with postfix(server) as (folder, environment):
        command = [f"{os.environ['RELAYSIM_POSTFIX']}/usr/sbin/sendmail", "-C", str(folder)]
        until = time.monotonic() + 60
        while not (folder / "queue/public/pickup").exists() and time.monotonic() < until:
            time.sleep(0.05)
        subprocess.run(
            [*command, "-f", SENDER, RECIPIENT], input=text, text=True, env=environment, check=True
        )
        while time.monotonic() < until:
            for line in (folder / "log").read_text("utf-8").splitlines():
                if f"to=<{RECIPIENT}>" in line:
                    return line
            time.sleep(0.05)
        pytest.fail((folder / "log").read_text("utf-8"))


def test_postfix_relays_through_its_smarthost_and_its_log_line_is_explained(exchange_server):
    server = exchange_server("builtin:option-2", as_ip=APP)
    assert "status=sent (250 2.6.0 <" in sent_by_postfix(server)
    assert [taken.message.recipients for taken in server.messages] == [(RECIPIENT,)]
    refusing = fresh_server(exchange=ExchangeVersion.V2016, server="EX01")
    said = sent_by_postfix(exchange_server(refusing, as_ip=APP))
    words = "said: 550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"
    assert words in said
    assert f"{words} (in reply to RCPT TO command))`" in PAGE
    assert "(O-2)" in explained(said).splitlines()[0]
