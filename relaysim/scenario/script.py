"""The bridge to the Exchange Management Shell: what a ``run`` step does."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from relaysim.errors import InvalidInput
from relaysim.lean import later
from relaysim.model.organization import Organization

if TYPE_CHECKING:
    from relaysim.smtp.clients.submission import submit_mail
else:
    # Few scripts send a message: only they pay for the session.
    (submit_mail,) = later(globals(), "relaysim.smtp.clients.submission", "submit_mail")

__all__ = [
    "SHELL",
    "CannotRun",
    "ScriptError",
    "ScriptOutcome",
    "Shell",
    "exchange_shell",
    "is_rule_id",
    "run_text",
]


def is_rule_id(text: str) -> bool:
    """Tell whether a text looks like the id of a rule of the model.

    >>> is_rule_id("O-7b"), is_rule_id("S")
    (True, False)
    """
    head, dash, tail = text.partition("-")
    return head in tuple("GSIAOVP") and bool(dash) and tail[:1].isdigit() and tail.isalnum()


class CannotRun(InvalidInput):
    """Shell text that cannot be run at all, so that nothing was decided."""


class ScriptError(NamedTuple):
    """An error that a command reported.

    Attributes:
        text: What it says, one line.
        rule: The rule of the model that refused it, or ``None``.
    """

    text: str
    rule: str | None = None

    def matches(self, wanted: str) -> bool:
        """Tell whether this is the expected error: by rule id, or by a part of its text.

        A rule id that stands in the text counts as well, as a whole word.

        >>> ScriptError("ExternalAuthoritative needs ExchangeServers", "V-1").matches("V-1")
        True
        >>> ScriptError("the banner must start with 220 (V-7)").matches("V-7")
        True
        """
        if wanted == self.rule:
            return True
        before, found, after = self.text.casefold().partition(wanted.casefold())
        if not found or not is_rule_id(wanted):
            return bool(found)
        return not (before[-1:].isalnum() or after[:1].isalnum())


class ScriptOutcome(NamedTuple):
    """What is left after running shell text.

    Attributes:
        organization: The server afterwards; commands that failed changed nothing.
        errors: What the commands reported, in order.
    """

    organization: Organization
    errors: tuple[ScriptError, ...] = ()


Shell = Callable[[str, Organization], ScriptOutcome]
"""Runs shell text against a server. Raises ``InvalidInput`` for text that cannot be parsed."""


def exchange_shell(text: str, organization: Organization) -> ScriptOutcome:
    """Run shell text with the commands of the Exchange Management Shell; no file is read.

    Raises:
        InvalidScript: The text cannot be understood; nothing has run.

    >>> from relaysim.model.organization import one_server
    >>> exchange_shell("Get-ReceiveConnector Nope", one_server()).errors[0].rule is None
    True
    """
    # Only what runs a script pays for loading the interpreter.
    from relaysim.management_shell import run
    from relaysim.management_shell.running import rule_of

    result = run(text, organization, judge=submit_mail)
    errors = []
    for record in result.errors:
        rule = rule_of(record)
        # The rule stands beside the text, once is enough.
        errors.append(ScriptError(record.message.removesuffix(f" ({rule})"), rule))
    if not errors and result.exit_code:
        errors.append(ScriptError(f"the script ended with exit code {result.exit_code}"))
    return ScriptOutcome(result.organization, tuple(errors))


SHELL: Shell | None = exchange_shell
"""The shell that ``run`` steps use, or ``None`` when there is none."""


def run_text(text: str, organization: Organization) -> ScriptOutcome:
    """Run shell text against a server; the given one stays as it is.

    Raises:
        CannotRun: There is no shell.
        InvalidInput: The text cannot be parsed.
    """
    if SHELL is None:
        raise CannotRun(
            "shell text cannot be run: this version of relaysim has no Exchange Management Shell",
            hint="a `set` step makes the same change without shell text",
        )
    return SHELL(text, organization)
