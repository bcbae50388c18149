"""``Send-MailMessage``: a session with the modelled server, whose refusal is the error.

Source: SENDMM.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import InvalidInput
from relaysim.management_shell.state import state_of
from relaysim.model.outgoing import MailOutcome, OutgoingMail
from relaysim.model.session import parse_mailbox
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_int, to_list, to_text
from relaysim.powershell.values.value import ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relaysim.model.organization import Organization
    from relaysim.powershell.interpreter.context import Context

__all__ = ["SendMail"]

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


class SendMail:
    """The command.

    Args:
        judge: Says what becomes of a message; ``None`` where nobody judges it.
    """

    def __init__(
        self, judge: Callable[[Organization, OutgoingMail], MailOutcome] | None = None
    ) -> None:
        self._judge = judge
        self.spec = CmdletSpec(
            name="Send-MailMessage",
            parameters=(
                Parameter(name="To", position=0, mandatory=True),
                Parameter(name="Subject", position=1, aliases=("sub",), convert=to_text),
                Parameter(name="Body", position=2, convert=to_text),
                Parameter(
                    name="SmtpServer", position=3, aliases=("ComputerName",), convert=to_text
                ),
                Parameter(name="From", mandatory=True, convert=to_text),
                Parameter(name="Attachments", from_pipeline=True, aliases=("PsPath",)),
                Parameter(name="Bcc"),
                Parameter(name="Cc"),
                Parameter(name="Credential"),
                Parameter(name="DeliveryNotificationOption", aliases=("DNO",)),
                Parameter(name="Encoding", aliases=("BE",)),
                Parameter(name="Port", convert=to_int),
                Parameter(name="Priority"),
                Parameter(name="BodyAsHtml", switch=True, aliases=("BAH",)),
                Parameter(name="UseSsl", switch=True),
            ),
        )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Send the message into the model: nothing leaves this machine."""
        del pipeline_input
        server = to_text(bound.get("SmtpServer")) or to_text(context.variable("PSEmailServer"))
        if not server:
            raise context.failure(
                "The email cannot be sent because no SMTP server was specified. You must specify "
                "an SMTP server by using either the SmtpServer parameter or the $PSEmailServer "
                "variable.",
                id="InvalidOperationException",
            )
        mail = self._mail(context, bound, server)
        if self._judge is None:
            context.machine.remark("Send-MailMessage sends nothing, and nobody judges it here")
            return ()
        outcome = self._judge(state_of(context).organization, mail)
        if not outcome.known:
            context.machine.remark(
                f"Send-MailMessage sends nothing to `{server}`, which is no server of this "
                "configuration"
            )
        elif outcome.missing:
            context.write_error(
                f"Send-MailMessage: what the server says is undecided: {outcome.missing}",
                id="Undecided",
                hint="ask `relaysim check` with the facts that are missing",
            )
        elif outcome.reply:
            context.write_error(_worded(outcome.reply), id="SmtpException", target=server)
        else:
            context.machine.remark(
                f"Send-MailMessage: `{server}` takes the message; nothing was sent"
            )
        return ()

    @staticmethod
    def _mail(context: Context, bound: Bound, server: str) -> OutgoingMail:
        credential = bound.get("Credential")
        user = credential.get("UserName") if isinstance(credential, ShellObject) else ""
        recipients = [
            _mailbox(context, to_text(one))
            for name in ("To", "Bcc", "Cc")
            for one in to_list(bound.get(name))
        ]
        port = bound.get("Port", 25)
        return OutgoingMail(
            home=state_of(context).local.server,
            server=server,
            port=port if isinstance(port, int) and port else 25,
            sender=_mailbox(context, to_text(bound.get("From"))),
            recipients=tuple(recipients),
            tls=bound.flag("UseSsl"),
            user=to_text(user),
            account=context.machine.surroundings.account,
        )


def _mailbox(context: Context, text: str) -> str:
    """Return the address in ``Name <address>``, or alone."""
    _, bracket, rest = text.rpartition("<")
    address = rest.partition(">")[0] if bracket else text
    try:
        return parse_mailbox(address.strip())
    except InvalidInput as error:
        raise context.failure(
            "The specified string is not in the form required for an e-mail address.",
            id="FormatException",
            target=text,
        ) from error


def _worded(reply: str) -> str:
    """Return a refusal in the words of .NET's client."""
    if reply == "no connection":
        return "Unable to connect to the remote server"
    if reply == "no STARTTLS":
        return "Server does not support secure connections."
    code, _, rest = reply.partition(" ")
    meaning = _MEANINGS.get(code)
    if meaning is None:
        return f"Failure sending mail. The server response was: {reply}"
    return f"{meaning} The server response was: {rest}"
