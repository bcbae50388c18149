"""``Send-MailMessage``: a session with the modelled server, whose refusal is the error.

Source: SENDMM.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from relaysim.errors import InvalidInput
from relaysim.management_shell.state import state_of
from relaysim.management_shell.values.mail_objects import NO_ADDRESS, mailbox_of, refusal_text
from relaysim.model.outgoing import OutgoingMail
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_int, to_list, to_text
from relaysim.powershell.values.value import ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relaysim.management_shell.state import ExchangeState
    from relaysim.model.organization import Organization
    from relaysim.model.outgoing import MailOutcome
    from relaysim.powershell.interpreter.context import Context

__all__ = ["SendMail", "told_of"]

_Judge: TypeAlias = "Callable[[Organization, OutgoingMail], MailOutcome]"


def told_of(
    judge: _Judge | None, state: ExchangeState, mail: OutgoingMail, name: str
) -> tuple[str, str, str]:
    """Return what is said of a message: a remark, what is not decided, the refusal.

    Args:
        judge: Says what becomes of it; ``None`` where nobody does.
        state: The servers.
        mail: The message.
        name: What sends it, for remarks.
    """
    if judge is None:
        return f"{name} sends nothing, and nobody judges it here", "", ""
    outcome = judge(state.organization, mail)
    if not outcome.known:
        where = f"`{mail.server}`, which is no server of this configuration"
        return f"{name} sends nothing to {where}", "", ""
    if outcome.missing:
        return "", f"what the server says is undecided: {outcome.missing}", ""
    if outcome.reply:
        return "", "", refusal_text(outcome.reply)
    return f"{name}: `{mail.server}` takes the message; nothing was sent", "", ""


class SendMail:
    """The command.

    Args:
        judge: Says what becomes of a message; ``None`` where nobody judges it.
    """

    def __init__(self, judge: _Judge | None = None) -> None:
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
        remark, undecided, refusal = told_of(self._judge, state_of(context), mail, self.spec.name)
        if remark:
            context.machine.remark(remark)
        if undecided:
            hint = "ask `relaysim check` with the facts that are missing"
            context.write_error(f"Send-MailMessage: {undecided}", id="Undecided", hint=hint)
        elif refusal:
            context.write_error(refusal, id="SmtpException", target=server)
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
    try:
        return mailbox_of(text)
    except InvalidInput as error:
        raise context.failure(NO_ADDRESS, id="FormatException", target=text) from error
