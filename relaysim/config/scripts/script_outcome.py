"""What a script of the Exchange Management Shell makes of a server."""

from collections.abc import Callable

from relaysim.errors import InvalidConfiguration, InvalidInput, Problem
from relaysim.model.organization import Organization
from relaysim.model.outgoing import MailOutcome, OutgoingMail

__all__ = ["script_outcome"]


def script_outcome(
    text: str,
    begin: Organization,
    *,
    file: str,
    notice: Callable[[Problem], None] | None = None,
) -> Organization:
    """Return what a script makes of servers; an error of a command is a problem of it.

    Args:
        text: The script.
        begin: The servers before it.
        file: Its name in problems.
        notice: Takes each warning.

    Raises:
        InvalidConfiguration: The script cannot be understood, or a command of it failed.
    """
    from relaysim.management_shell import run

    sent: list[str] = []

    def unjudged(_organization: Organization, mail: OutgoingMail) -> MailOutcome:
        sent.append(mail.server)
        return MailOutcome(known=True)

    try:
        result = run(text, begin, file=file, judge=unjudged)
    except InvalidInput as error:
        raise InvalidConfiguration(error.problems) from error
    problems = [
        Problem(
            record.message,
            file=file,
            line=record.position.line if record.position is not None else None,
            hint=record.hint,
        )
        for record in result.errors
    ]
    if not problems and result.exit_code:
        problems = [Problem(f"the script ended with exit code {result.exit_code}", file=file)]
    if problems:
        raise InvalidConfiguration(problems)
    if sent and notice is not None:
        told = "Send-MailMessage sends nothing, and nobody judges it while a script makes a server"
        notice(Problem(told, file=file, hint=f"`relaysim shell {file}` judges it"))
    return result.organization
