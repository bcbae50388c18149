"""The Exchange Management Shell subset: text in, a new organization and output out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.management_shell.running import ShellRun
    from relaysim.model.organization import Organization
    from relaysim.model.outgoing import MailOutcome, OutgoingMail

__all__ = ["run"]


def run(
    text: str,
    organization: Organization,
    *,
    reader: Callable[[str], str] | None = None,
    file: str | None = None,
    judge: Callable[[Organization, OutgoingMail], MailOutcome] | None = None,
) -> ShellRun:
    r"""Run a script of the Exchange Management Shell against an organization.

    Pure: the organization given stays as it is, and nothing is read but the text unless a reader
    is given. The whole script is parsed and checked before anything runs. Errors while it runs are
    in the result, never raised; a command that failed changed nothing.

    Args:
        text: The script.
        organization: The servers; it runs on the first.
        reader: Returns the text of a file the script may read; raises ``OSError`` or
            ``ValueError`` for one it may not. Without it nothing can be read.
        file: The name errors use for the script.
        judge: Says what becomes of a message that the script sends; without it nobody does.

    Raises:
        InvalidScript: The text cannot be understood; nothing has run.

    >>> from relaysim.model.organization import one_server
    >>> run("New-AcceptedDomain -Name Lab -DomainName lab.example", one_server()).failed
    False
    """
    # Loading the interpreter takes a while: only what runs a script pays for it.
    from relaysim.management_shell.running import ExchangeSession

    return ExchangeSession(organization, reader=reader, judge=judge).run(text, file=file)
