"""The one table of what can be said of a session, and how each place that says it spells it.

The options of ``check``, the columns of a batch, the keys of a scenario and of a document, the
parameters of ``Test-RelaySim`` and the words of an answer are all read here. A new fact is a field
of :class:`~relaysim.model.session.SessionShape` and a row of this table; what a kind of value looks
like in a place (a click type, a JSON Schema, a reader) is that place's own.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple

__all__ = ["FACTS", "FACT_NAMED", "FactKind", "SessionFact"]


class FactKind(Enum):
    """What a fact is; each place has one way to read and to write each kind."""

    ADDRESS = "address"
    AUTH = "auth"
    FLAG = "flag"
    PORT = "port"
    NAME = "name"
    NAMES = "names"
    MAILBOX = "mailbox"
    MAILBOXES = "mailboxes"
    SIZE = "size"

    __hash__ = object.__hash__


class SessionFact(NamedTuple):
    """One thing that is known of a session.

    Attributes:
        name: The field of :class:`~relaysim.model.session.Session`.
        word: Its name where one value is given at a time: option, column, parameter.
        kind: What its value is.
        help: What it means, as the help of ``check`` says it.
        words: Returns how a sentence about the session says the value, which is not the default;
            ``None`` where sentences name it otherwise, as client, place or account.
        key: Its name in scenarios and documents, where they do not call it ``word``.
        is_rare: Few questions have it: documents leave it out where nothing is said.
        is_said_later: A dialogue tells it after it began, in EHLO or later: no fact of ``session``.
    """

    name: str
    word: str
    kind: FactKind
    help: str
    words: Callable[[Any], str] | None = None
    key: str = ""
    is_rare: bool = False
    is_said_later: bool = False

    @property
    def option(self) -> str:
        """The option of the command line.

        >>> FACT_NAMED["local_ip"].option
        '--local-ip'
        """
        return "--" + self.word.replace("_", "-")

    @property
    def parameter(self) -> str:
        """The parameter in PowerShell, which takes any case.

        >>> FACT_NAMED["header_from"].parameter
        'HeaderFrom'
        """
        return "".join(part.capitalize() for part in self.word.split("_"))

    @property
    def document_key(self) -> str:
        """The key in documents and scenarios."""
        return self.key or self.word


def _cert_words(name: str) -> str:
    return f"certificate {name}" if name else "no certificate"


FACTS = (
    SessionFact("ip", "ip", FactKind.ADDRESS, "Address of the client."),
    SessionFact(
        "auth",
        "auth",
        FactKind.AUTH,
        "How it identifies itself: none, user (any mechanism offered), basic, ntlm, exchange, "
        "edge, legacy or partner.",
    ),
    SessionFact("user", "user", FactKind.NAME, "Account that logs on (DOMAIN\\name)."),
    SessionFact("groups", "group", FactKind.NAMES, "Further group. Repeatable.", key="groups"),
    SessionFact(
        "tls", "tls", FactKind.FLAG, "It issues STARTTLS first; default: no.", is_said_later=True
    ),
    SessionFact("port", "port", FactKind.PORT, "Server's port; default: 25."),
    SessionFact("local_ip", "local_ip", FactKind.ADDRESS, "Server's address it connects to."),
    SessionFact(
        "behind",
        "behind",
        FactKind.ADDRESS,
        "Load balancer or NAT it stands behind: all the server sees.",
        is_rare=True,
    ),
    SessionFact(
        "cert",
        "cert",
        FactKind.NAME,
        "Name in the certificate it shows with --tls; '' for none.",
        _cert_words,
        is_rare=True,
    ),
    SessionFact(
        "mail_from",
        "from",
        FactKind.MAILBOX,
        "Envelope sender; <> is the null sender.",
        lambda sender: f"from <{sender}>",
        is_said_later=True,
    ),
    SessionFact(
        "header_from",
        "header_from",
        FactKind.MAILBOX,
        "From header if it differs; <> for a message without one.",
        lambda sender: f"From header {sender or '(none)'}",
        is_said_later=True,
    ),
    SessionFact(
        "rcpt_to",
        "to",
        FactKind.MAILBOXES,
        "Recipient. Repeatable.",
        lambda recipients: "to " + ", ".join(f"<{recipient}>" for recipient in recipients),
        is_said_later=True,
    ),
    SessionFact(
        "size",
        "size",
        FactKind.SIZE,
        "Message size, 10MB or bytes.",
        lambda size: f"{size:,} bytes",
        is_said_later=True,
    ),
)
"""Every fact, in the order in which help, columns and sentences have them."""

FACT_NAMED = {fact.name: fact for fact in FACTS}
"""The facts by their field."""
