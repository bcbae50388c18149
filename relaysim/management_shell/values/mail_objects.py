"""``System.Net.Mail``: a message that a script puts together, and the client that sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import InvalidInput
from relaysim.model.outgoing import OutgoingMail
from relaysim.model.session import parse_mailbox
from relaysim.powershell.values.conversion import to_bool, to_int, to_list, to_text
from relaysim.powershell.values.failures import method_failure
from relaysim.powershell.values.value import Nothing, ObjectType, ShellList, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["NO_ADDRESS", "MailPost", "mailbox_of", "refusal_text"]

_MEANINGS = {
    "421": "Service not available, closing transmission channel.",
    "450": "Mailbox unavailable.",
    "451": "Error in processing.",
    "452": "Insufficient system storage.",
    "454": "Client does not have permission to submit mail to this server.",
    "501": "Syntax error in parameters or arguments.",
    "503": "Bad sequence of commands.",
    "530": "The SMTP server requires a secure connection or the client was not authenticated.",
    "550": "Mailbox unavailable.",
    "552": "Exceeded storage allocation.",
    "553": "Mailbox name not allowed.",
    "554": "Transaction failed.",
}
"""What .NET's client makes of a reply's code."""


NO_ADDRESS = "The specified string is not in the form required for an e-mail address."


def mailbox_of(text: str) -> str:
    """Return the address in ``Name <address>``, or alone.

    Raises:
        InvalidInput: It is none.
    """
    _, bracket, rest = text.rpartition("<")
    return parse_mailbox((rest.partition(">")[0] if bracket else text).strip())


def refusal_text(reply: str) -> str:
    """Return a refusal in the words of .NET's client.

    >>> refusal_text("550 5.7.1 Unable to relay")
    'Mailbox unavailable. The server response was: 5.7.1 Unable to relay'
    """
    if reply == "no connection":
        return "Unable to connect to the remote server"
    if reply == "no STARTTLS":
        return "Server does not support secure connections."
    code, _, rest = reply.partition(" ")
    meaning = _MEANINGS.get(code)
    if meaning is None:
        return f"Failure sending mail. The server response was: {reply}"
    return f"{meaning} The server response was: {rest}"


def _address(value: Value) -> str:
    if isinstance(value, ShellObject):
        return to_text(value.get("Address") or value.get("UserName"))
    return to_text(value)


_PERSON = ObjectType(name="System.Net.Mail.MailAddress", text=_address)
_ATTACHED = ObjectType(
    name="System.Net.Mail.Attachment",
    text=lambda one: to_text(one.get("Name")),
    methods={"dispose": lambda _one: None},
)
_LOGON = ObjectType(name="System.Net.NetworkCredential", text=_address)
_MESSAGE = ObjectType(name="System.Net.Mail.MailMessage", methods={"dispose": lambda _one: None})


def _given(value: Value) -> list[Value]:
    """Return the arguments of a constructor; it gets one alone, several as a list."""
    return [] if value is None or isinstance(value, Nothing) else to_list(value)


def _person(value: Value) -> Value:
    given = _given(value)
    name = to_text(given[1]) if len(given) > 1 else ""
    return ShellObject((("DisplayName", name), ("Address", _address(given[0]))), type_=_PERSON)


def _attachment(value: Value) -> Value:
    path = to_text(_given(value)[0])
    return ShellObject((("Name", path.replace("/", "\\").rpartition("\\")[2]),), type_=_ATTACHED)


def _logon(value: Value) -> Value:
    user, *rest = [to_text(one) for one in _given(value)] or [""]
    domain = rest[1] if len(rest) > 1 else ""
    return ShellObject((("UserName", user), ("Domain", domain)), type_=_LOGON)


def _people(*given: Value) -> ShellList:
    return ShellList(given, "list<object>")


def _message(value: Value) -> Value:
    parts = [*_given(value), None, None, None, None]
    to = _people(*([parts[1]] if parts[1] else []))
    return ShellObject(
        (
            ("From", parts[0]), ("Sender", None), ("To", to),
            ("CC", _people()), ("Bcc", _people()), ("ReplyToList", _people()), ("ReplyTo", None),
            ("Subject", parts[2]), ("SubjectEncoding", None), ("Body", parts[3]),
            ("BodyEncoding", None), ("IsBodyHtml", False), ("Priority", "Normal"),
            ("Attachments", _people()), ("AlternateViews", _people()),
            ("DeliveryNotificationOptions", "None"), ("Headers", None),
        ),
        type_=_MESSAGE,
    )  # fmt: skip


class MailPost:
    """Where the mail of a session goes: what is handed in is judged, nothing is sent.

    Args:
        submit: Says what the server answers to a message: its refusal, empty when it is taken;
            the home server of the script is filled in.
    """

    def __init__(self, submit: Callable[[OutgoingMail], str]) -> None:
        self._submit = submit
        self._client = ObjectType(
            name="System.Net.Mail.SmtpClient",
            calls={"send": self._send, "dispose": lambda _one, _args: None},
        )

    def types(self) -> dict[str, Callable[[Value], Value]]:
        """Return the types by name, each with what makes one of a constructor's arguments."""
        return {
            "System.Net.Mail.SmtpClient": self._make_client,
            "System.Net.Mail.MailMessage": _message,
            "System.Net.Mail.MailAddress": _person,
            "System.Net.Mail.Attachment": _attachment,
            "System.Net.NetworkCredential": _logon,
        }

    def _make_client(self, value: Value) -> Value:
        given = _given(value)
        return ShellObject(
            (
                ("Host", to_text(given[0]) if given else ""),
                ("Port", to_int(given[1]) if len(given) > 1 else 25),
                ("EnableSsl", False), ("UseDefaultCredentials", False), ("Credentials", None),
                ("DeliveryMethod", "Network"), ("Timeout", 100_000), ("TargetName", ""),
            ),
            type_=self._client,
        )  # fmt: skip

    def _send(self, client: ShellObject, args: list[Value]) -> Value:
        message = args[0]
        if len(args) == 4:
            message = _message(args)
        if not isinstance(message, ShellObject) or len(args) not in {1, 4}:
            raise method_failure("Send", len(args), "no message is given", "ArgumentNullException")
        logon = client.get("Credentials")
        user = _address(logon) if isinstance(logon, ShellObject) else ""
        people = [one for name in ("To", "CC", "Bcc") for one in to_list(message.get(name))]
        mail = OutgoingMail(
            home="",
            server=to_text(client.get("Host")),
            port=to_int(client.get("Port")),
            sender=self._mailboxes(args, [message.get("From")])[0],
            recipients=tuple(self._mailboxes(args, people)),
            tls=to_bool(client.get("EnableSsl")),
            user=user,
            account="",
            anonymous=not user and not to_bool(client.get("UseDefaultCredentials")),
        )
        refusal = self._submit(mail)
        if refusal:
            raise method_failure("Send", len(args), refusal, "SmtpException")
        return None

    @staticmethod
    def _mailboxes(args: list[Value], given: Sequence[Value]) -> list[str]:
        found = []
        for one in given:
            for text in _address(one).split(","):
                try:
                    found.append(mailbox_of(text))
                except InvalidInput as error:
                    raise method_failure(
                        "Send", len(args), NO_ADDRESS, "FormatException"
                    ) from error
        return found
