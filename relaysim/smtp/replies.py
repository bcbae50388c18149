"""The words of the protocol itself; those of refusals live with the rules that refuse.

Texts marked *assumed* were not seen on a server; whoever uses one says so.
"""

from relaysim.model.organization import Organization
from relaysim.model.version import ExchangeVersion

__all__ = ["assumed_words", "banner", "hello_name", "queued"]


SEND_HELLO = "503 5.5.2 Send hello first"
NEED_MAIL = "503 5.5.2 Need mail command"
NEED_RCPT = "503 5.5.2 Need rcpt command"
SENDER_SPECIFIED = "503 5.5.2 Sender already specified"
INVALID_DOMAIN = "501 5.5.4 Invalid domain name"
TLS_READY = "220 2.0.0 SMTP server ready"
SENDER_OK = "250 2.1.0 Sender OK"
RECIPIENT_OK = "250 2.1.5 Recipient OK"
START_INPUT = "354 Start mail input; end with <CRLF>.<CRLF>"
RESETTING = "250 2.0.0 Resetting"
CLOSING = "221 2.0.0 Service closing transmission channel"
SERVER_AUTH_FAILED = "454 4.7.0 Temporary authentication failure"
AUTH_OK = "235 2.7.0 Authentication successful"
USERNAME = "334 VXNlcm5hbWU6"
PASSWORD = "334 UGFzc3dvcmQ6"  # noqa: S105  # the prompt, as the server sends it
BAD_SENDER = "501 5.1.7 Invalid address"
# Assumed: nobody published these words.
OK = "250 2.0.0 OK"
CANNOT_VRFY = "252 2.1.5 Cannot VRFY user"
HELP = (
    "214 This server supports the following commands: "
    "HELO EHLO STARTTLS RCPT DATA RSET MAIL QUIT HELP AUTH BDAT"
)
BAD_RECIPIENT = "501 5.1.3 Invalid address"
BAD_ARGUMENTS = "501 5.5.4 Invalid arguments"
BAD_PARAMETER = "501 5.5.4 Unrecognized parameter"
BAD_SEQUENCE = "503 5.5.2 Bad sequence of commands"
LINE_TOO_LONG = "500 5.5.2 Line too long"
CHUNK_OK = "250 2.6.0 CHUNK received OK"


def hello_name(organization: Organization, fqdn: str) -> str:
    """Return the name a connector goes by: its Fqdn, else the server's."""
    return fqdn or organization.full_name


def banner(name: str, custom: str, date: str) -> str:
    """Return the greeting; a Banner property replaces all of it.

    Source: TELNET16, NEWRC.

    >>> banner("mx", "", "Mon, 1 Jan 2024 00:00:00 +0000")
    '220 mx Microsoft ESMTP MAIL Service ready at Mon, 1 Jan 2024 00:00:00 +0000'
    """
    return custom or f"220 {name} Microsoft ESMTP MAIL Service ready at {date}"


def queued(exchange: ExchangeVersion, name: str, message_id: str, number: int, size: int) -> str:
    """Return the reply to a message that was taken, in the form of the version.

    The internal id counts the messages of the session and the duration is always a tenth of a
    second, because the program has neither a queue nor a clock.

    Source: P365R10 (2010), TELNET16 (Hostname), QA1193037, MWD24 (size and duration).

    >>> queued(ExchangeVersion.V2010, "ex01", "<1@ex01>", 2, 100)
    '250 2.6.0 <1@ex01> [InternalId=2] Queued mail for delivery'
    """
    if exchange is ExchangeVersion.V2007:
        return f"250 2.6.0 {message_id} Queued mail for delivery"
    if exchange is ExchangeVersion.V2010:
        return f"250 2.6.0 {message_id} [InternalId={number}] Queued mail for delivery"
    where = f"[InternalId={number}, Hostname={name}]"
    if exchange is ExchangeVersion.V2013:
        return f"250 2.6.0 {message_id} {where} Queued mail for delivery"
    speed = f"{size / 102.4:.3f}".replace(".", ",")
    return (
        f"250 2.6.0 {message_id} {where} {size} bytes in 0.100, {speed} KB/sec "
        "Queued mail for delivery"
    )


def assumed_words(reply: str) -> str:
    """Return the sentence that marks a reply whose words are assumed."""
    return f"the reply `{reply}` is assumed: no published session shows what a server answers here"
