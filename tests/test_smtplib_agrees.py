"""Python's smtplib, driven against the dialogue, raises what the decision says."""

import shutil
import smtplib
import ssl
import subprocess
from dataclasses import replace
from email.message import EmailMessage

import pytest

from relaysim.builtin import builtin
from relaysim.builtin.fresh import fresh_server
from relaysim.engine.evaluate import evaluate
from relaysim.model.connector import AuthMechanism
from relaysim.model.decision import Stage
from relaysim.model.edit import change_server
from relaysim.model.organization import Account, find_connector
from relaysim.model.principals import parse_principal
from relaysim.model.session import AuthKind, Session
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import parse_address
from relaysim.smtp.dialogue import Conversation
from relaysim.smtp.record import Client
from tests.smtp_server import PairedSMTP, Served

STRANGER, APP_SERVER = parse_address("203.0.113.9"), parse_address("192.168.2.55")
USER = "CONTOSO\\app"
ACCOUNT = Account(name=parse_principal(USER, "CONTOSO"), addresses=("app@contoso.com",))
NO_METHOD = "No suitable authentication method|SMTP AUTH extension not supported"
OWN, FOREIGN = "app@contoso.com", "someone@example.net"


def server(version, **changes):
    return replace(fresh_server(exchange=ExchangeVersion(version)), accounts=(ACCOUNT,), **changes)


def with_connector(organization, name, **changes):
    found = find_connector(organization, name)
    connectors = tuple(replace(c, **changes) if c is found else c for c in organization.connectors)
    return change_server(organization, connectors=connectors)


def plain_login(organization, name):
    """Return the organization with LOGIN offered without TLS on a connector."""
    mechanisms = frozenset({AuthMechanism.TLS, AuthMechanism.BASIC_AUTH})
    return with_connector(organization, name, auth_mechanism=mechanisms)


def refusal_of(organization, **asked):
    """Return stage, code and text of the decision's refusal."""
    refusal = evaluate(organization, Session(**asked)).refusal
    if refusal is None:
        return None
    assert refusal.reply is not None
    return refusal.stage, int(refusal.reply[:3]), refusal.reply[4:].encode()


def send(client, sender, recipients, header_from=None):
    message = EmailMessage()
    message["From"] = header_from or sender
    message["To"] = recipients[0]
    message.set_content("Hello")
    return client.send_message(message, sender, recipients)


@pytest.fixture(scope="session")
def tls(tmp_path_factory):
    """Return server and client contexts around a self-made certificate, made offline."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = f"{openssl} req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    subprocess.run(
        [
            *command.split(),
            "-addext",
            "subjectAltName=DNS:localhost",
            "-keyout",
            str(key),
            "-out",
            str(certificate),
        ],
        check=True,
        capture_output=True,
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)
    return serving, ssl.create_default_context(cafile=certificate)


def test_relay_granted_to_anonymous_sends():
    organization = builtin("option-2")
    asked = {"ip": APP_SERVER, "mail_from": OWN, "rcpt_to": (FOREIGN,)}
    assert refusal_of(organization, **asked) is None
    conversation = Conversation(organization, Client(ip=APP_SERVER))
    with Served(conversation) as sock, PairedSMTP(sock) as client:
        assert send(client, OWN, [FOREIGN]) == {}
    (message,) = conversation.dialogue.messages
    assert message.recipients == (FOREIGN,)
    assert message.header_from == OWN


@pytest.mark.parametrize("version", ["2013", "2016", "2019", "SE"])
def test_refused_relay_is_recipients_refused(version):
    organization = server(version)
    stage, code, text = refusal_of(organization, ip=STRANGER, rcpt_to=(FOREIGN,))
    assert stage is Stage.RCPT_TO
    with (
        Served(Conversation(organization, Client(ip=STRANGER))) as sock,
        PairedSMTP(sock) as client,
    ):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
            send(client, OWN, [FOREIGN])
        assert caught.value.recipients == {FOREIGN: (code, text)}


def test_mixed_recipients_are_sent_and_the_refused_ones_returned():
    organization = server("2016")
    with (
        Served(Conversation(organization, Client(ip=STRANGER))) as sock,
        PairedSMTP(sock) as client,
    ):
        refused = send(client, OWN, ["user@contoso.com", FOREIGN])
    _, code, text = refusal_of(organization, ip=STRANGER, rcpt_to=("user@contoso.com", FOREIGN))
    assert refused == {FOREIGN: (code, text)}


@pytest.mark.parametrize("version", ["2007", "2010"])
def test_missing_submit_is_sender_refused(version):
    organization = server(version)
    stage, code, text = refusal_of(organization, ip=STRANGER, mail_from=OWN)
    assert stage is Stage.MAIL_FROM
    with (
        Served(Conversation(organization, Client(ip=STRANGER))) as sock,
        PairedSMTP(sock) as client,
    ):
        with pytest.raises(smtplib.SMTPSenderRefused) as caught:
            send(client, OWN, ["user@contoso.com"])
        assert (caught.value.smtp_code, caught.value.smtp_error) == (code, text)
        assert caught.value.sender == OWN


def test_require_tls_without_tls_is_sender_refused():
    organization = with_connector(server("2016"), "Default Frontend", require_tls=True)
    _, code, text = refusal_of(organization, ip=STRANGER, mail_from=OWN)
    with (
        Served(Conversation(organization, Client(ip=STRANGER))) as sock,
        PairedSMTP(sock) as client,
    ):
        with pytest.raises(smtplib.SMTPSenderRefused) as caught:
            send(client, OWN, ["user@contoso.com"])
        assert (caught.value.smtp_code, caught.value.smtp_error) == (code, text)


def test_announced_size_is_sender_refused():
    organization = with_connector(server("2016"), "Default Frontend", max_message_size=50)
    _, code, text = refusal_of(organization, ip=STRANGER, mail_from=OWN, size=51)
    with (
        Served(Conversation(organization, Client(ip=STRANGER))) as sock,
        PairedSMTP(sock) as client,
    ):
        with pytest.raises(smtplib.SMTPSenderRefused) as caught:
            send(client, OWN, ["user@contoso.com"])
        assert (caught.value.smtp_code, caught.value.smtp_error) == (code, text)


def test_login_with_a_name_and_password_sends():
    organization = plain_login(server("2016"), "Client Frontend")
    conversation = Conversation(organization, Client(ip=STRANGER, port=587))
    with Served(conversation) as sock, PairedSMTP(sock) as client:
        assert client.login(USER, "password")[0] == 235
        assert send(client, OWN, [FOREIGN]) == {}
    assert conversation.dialogue.messages[0].auth_as.value == "Internal"


@pytest.mark.parametrize("version", ["2010", "2013", "2016"])
def test_a_sender_that_is_not_the_accounts_is_a_data_error(version):
    name = "Client EX01" if version == "2010" else "Client Frontend"
    organization = plain_login(server(version), name)
    asked = {"ip": STRANGER, "port": 587, "auth": AuthKind.BASIC, "user": USER}
    _, code, text = refusal_of(organization, **asked, mail_from="boss@contoso.com")
    conversation = Conversation(organization, Client(ip=STRANGER, port=587))
    with Served(conversation) as sock, PairedSMTP(sock) as client:
        client.login(USER, "password")
        with pytest.raises(smtplib.SMTPDataError) as caught:
            send(client, "boss@contoso.com", ["user@contoso.com"])
        assert (caught.value.smtp_code, caught.value.smtp_error) == (code, text)


def test_a_from_header_that_is_not_the_accounts_is_a_data_error():
    organization = plain_login(server("2016"), "Client Frontend")
    asked = {"ip": STRANGER, "port": 587, "auth": AuthKind.BASIC, "user": USER}
    stage, code, text = refusal_of(
        organization, **asked, mail_from=OWN, header_from="boss@contoso.com"
    )
    assert stage is Stage.END_OF_DATA
    conversation = Conversation(organization, Client(ip=STRANGER, port=587))
    with Served(conversation) as sock, PairedSMTP(sock) as client:
        client.login(USER, "password")
        with pytest.raises(smtplib.SMTPDataError) as caught:
            send(client, OWN, ["user@contoso.com"], header_from="boss@contoso.com")
        assert (caught.value.smtp_code, caught.value.smtp_error) == (code, text)


def test_an_account_without_submit_is_an_authentication_error():
    organization = plain_login(server("2016"), "Default Frontend")
    stage, code, text = refusal_of(organization, ip=STRANGER, auth=AuthKind.BASIC, user=USER)
    assert stage is Stage.AUTH
    with (
        Served(Conversation(organization, Client(ip=STRANGER))) as sock,
        PairedSMTP(sock) as client,
    ):
        with pytest.raises(smtplib.SMTPAuthenticationError) as caught:
            client.login(USER, "password")
        assert (caught.value.smtp_code, caught.value.smtp_error) == (code, text)


def test_a_wrong_password_is_an_authentication_error():
    organization = plain_login(server("2016"), "Client Frontend")
    client_end = Client(ip=STRANGER, port=587, password_right=False)
    with Served(Conversation(organization, client_end)) as sock, PairedSMTP(sock) as client:
        with pytest.raises(smtplib.SMTPAuthenticationError) as caught:
            client.login(USER, "password")
        assert caught.value.smtp_code == 535


@pytest.mark.parametrize("method", ["plain", "cram_md5"])
def test_methods_that_no_connector_offers_are_authentication_errors(method):
    organization = plain_login(server("2016"), "Client Frontend")
    conversation = Conversation(organization, Client(ip=STRANGER, port=587))
    with Served(conversation) as sock, PairedSMTP(sock) as client:
        client.ehlo()
        client.user, client.password = USER, "password"
        with pytest.raises(smtplib.SMTPAuthenticationError) as caught:
            client.auth(method.replace("_", "-").upper(), getattr(client, f"auth_{method}"))
        assert caught.value.smtp_code == 504


@pytest.mark.parametrize("name", ["option-1", "option-2"])
def test_login_where_no_method_is_offered_is_not_supported(name):
    """An externally secured 2007 connector prints AUTH without a method. Source: JM242."""
    organization = builtin(name)
    refusal = refusal_of(organization, ip=APP_SERVER, auth=AuthKind.BASIC, user=USER)
    assert refusal is not None
    assert refusal[0] is Stage.AUTH
    with (
        Served(Conversation(organization, Client(ip=APP_SERVER))) as sock,
        PairedSMTP(sock) as client,
    ):
        with pytest.raises(smtplib.SMTPException, match=NO_METHOD):
            client.login(USER, "password")
        assert send(client, OWN, [FOREIGN]) == {}


@pytest.mark.parametrize("version", ["2007", "2010", "2013", "2016", "2019", "SE"])
def test_login_after_starttls_sends(version, tls):
    serving, trusting = tls
    organization = server(version)
    conversation = Conversation(organization, Client(ip=STRANGER, port=587))
    with Served(conversation, serving) as sock, PairedSMTP(sock) as client:
        with pytest.raises(smtplib.SMTPException, match=NO_METHOD):
            client.login(USER, "password")
        client.starttls(context=trusting)
        assert client.login(USER, "password")[0] == 235
        assert send(client, OWN, [FOREIGN]) == {}
    assert conversation.dialogue.exchanges[-1].state.tls


def test_starttls_that_is_not_offered_is_not_supported():
    organization = with_connector(server("2016"), "Default Frontend", auth_mechanism=frozenset())
    stage, code, text = refusal_of(organization, ip=STRANGER, tls=True)
    assert stage is Stage.STARTTLS
    with (
        Served(Conversation(organization, Client(ip=STRANGER))) as sock,
        PairedSMTP(sock) as client,
    ):
        with pytest.raises(smtplib.SMTPNotSupportedError):
            client.starttls()
        assert client.docmd("STARTTLS") == (code, text)


def test_a_client_outside_every_range_is_a_connect_error():
    organization = change_server(
        builtin("option-2"), connectors=(find_connector(builtin("option-2"), "CRM"),)
    )
    stage, code, text = refusal_of(organization, ip=STRANGER)
    assert stage is Stage.CONNECT
    with (
        Served(Conversation(organization, Client(ip=STRANGER))) as sock,
        pytest.raises(smtplib.SMTPConnectError) as caught,
    ):
        PairedSMTP(sock)
    assert (caught.value.smtp_code, caught.value.smtp_error) == (code, text)


def test_a_long_message_with_dots_arrives_byte_by_byte():
    organization = server("2016")
    conversation = Conversation(organization, Client(ip=STRANGER))
    body = f"From: {OWN}\r\n\r\n" + ".\r\n..\r\nx\r\n" * 20000
    with Served(conversation) as sock, PairedSMTP(sock) as client:
        client.sendmail(OWN, ["user@contoso.com"], body)
    assert conversation.dialogue.messages[0].size == len(body)
