"""A message that a script sends, and what became of it."""

from typing import NamedTuple

__all__ = ["MailOutcome", "OutgoingMail"]


class OutgoingMail(NamedTuple):
    """A message that a script on one of the servers hands to a mail server.

    Attributes:
        home: Name of the server that the script runs on.
        server: The mail server as the script names it.
        port: The port.
        sender: The envelope sender, without a display name.
        recipients: The envelope recipients, in order.
        tls: Whether the client insists on STARTTLS.
        user: The account it logs on with; empty for whoever runs the script, where the server
            offers integrated authentication and the session is not encrypted.
        account: The account that runs the script.
        anonymous: Whether the client logs on as nobody, also where the server would let it.
    """

    home: str
    server: str
    port: int
    sender: str
    recipients: tuple[str, ...]
    tls: bool
    user: str
    account: str
    anonymous: bool = False


class MailOutcome(NamedTuple):
    """What became of a message.

    Attributes:
        known: Whether the mail server is one of the organization.
        reply: The refusal that the client meets, empty when the message is taken.
        missing: The fact that would decide it, empty when it is decided.
    """

    known: bool
    reply: str = ""
    missing: str = ""
