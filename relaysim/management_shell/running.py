"""Running scripts against an organization: one text, or one line after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import frozen, replace
from relaysim.management_shell.cmdlets import EXCHANGE_SHELVES, SYSTEM_SHELVES
from relaysim.management_shell.cmdlets.later import later_commands
from relaysim.management_shell.environment import (
    accounts,
    environment_of,
    hosts_of,
    surroundings_of,
)
from relaysim.management_shell.idle_remarks import joined
from relaysim.management_shell.state import ExchangeState, Unmodelled
from relaysim.management_shell.values.exchange_types import EXCHANGE_TYPES
from relaysim.powershell.interpreter.budget import MAX_MEMORY, MAX_SECONDS, MAX_STEPS
from relaysim.powershell.interpreter.failing.failures import ErrorRecord  # noqa: TC001 - for doctests
from relaysim.powershell.runner import ScriptSession

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from relaysim.model.decision import Assumption
    from relaysim.model.organization import Organization
    from relaysim.model.outgoing import MailOutcome, OutgoingMail
    from relaysim.powershell.interpreter.contract import Cmdlet, StreamingCmdlet
    from relaysim.powershell.runner import Prepared, ScriptResult
    from relaysim.powershell.values.value import Value

__all__ = ["ExchangeSession", "ShellRun", "exchange_cmdlets", "rule_of"]


def exchange_cmdlets() -> tuple[Cmdlet | StreamingCmdlet, ...]:
    """Return every command of the Exchange Management Shell that is known here."""
    return tuple(cmdlet for _, take in EXCHANGE_SHELVES for cmdlet in take())


@frozen
class ShellRun:
    r"""What a script did.

    Attributes:
        organization: The organization after it; a command that failed changed nothing.
        output: What it wrote, lines ended by ``\n``.
        errors: The errors that were neither caught nor silenced, in order; see :func:`rule_of`.
        warnings: The warnings, in order.
        remarks: What does nothing here, and what was not done outside the model, each once.
        unmodelled: Settings the script made that no rule uses, the last value of each.
        assumptions: What nobody documents and took part; they affect no answer by themselves.
        terminated: Whether the last error ended the script.
        exit_code: What ``exit`` gave, or ``None``.
    """

    organization: Organization
    output: str
    errors: tuple[ErrorRecord, ...] = ()
    warnings: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    unmodelled: tuple[Unmodelled, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    terminated: bool = False
    exit_code: int | None = None

    @property
    def failed(self) -> bool:
        """Whether a command failed or the script said so."""
        return bool(self.errors) or bool(self.exit_code)


def rule_of(record: ErrorRecord) -> str | None:
    """Return the rule of the model that an error names, or ``None``.

    >>> rule_of(ErrorRecord(message="", id="V-5a")), rule_of(ErrorRecord(message=""))
    ('V-5a', None)
    """
    letter, dash, number = record.id.partition("-")
    is_rule = len(letter) == 1 and letter.isupper() and dash and number[:1].isdigit()
    return record.id if is_rule else None


def _mailing(judge: Callable[[Organization, OutgoingMail], MailOutcome] | None) -> Cmdlet:
    from relaysim.management_shell.cmdlets.mailing import SendMail

    return SendMail(judge)


_MAIL = (
    "Mail.SmtpClient", "Mail.MailMessage", "Mail.MailAddress", "Mail.Attachment",
    "NetworkCredential",
)  # fmt: skip


def _mail_types(submit: Callable[[OutgoingMail], str]) -> dict[str, Callable[[Value], Value]]:
    """Return the types of .NET's mail; they are made when a script makes one of them."""

    def maker(name: str) -> Callable[[Value], Value]:
        def make(value: Value) -> Value:
            from relaysim.management_shell.values.mail_objects import MailPost

            return MailPost(submit).types()[name](value)

        return make

    return {f"System.Net.{name}": maker(f"System.Net.{name}") for name in _MAIL}


class ExchangeSession:
    """Scripts run one after another against one organization, as at a prompt.

    Variables and functions stay from one to the next. The shell runs on the server that ``home``
    names, of several on the first when it is left out.
    """

    def __init__(
        self,
        organization: Organization,
        *,
        reader: Callable[[str], str] | None = None,
        max_steps: int = MAX_STEPS,
        width: int | None = None,
        max_seconds: float | None = None,
        max_memory: int | None = None,
        arguments: Sequence[str] = (),
        answers: Sequence[str] | None = None,
        home: str | None = None,
        now: datetime | None = None,
        keep_going: bool = False,
        judge: Callable[[Organization, OutgoingMail], MailOutcome] | None = None,
    ) -> None:
        self._prepared: dict[str, Prepared] = {}
        self._judge = judge
        self._told: list[str] = []
        state = ExchangeState(organization, home=home or "")
        local = state.local
        self._session = ScriptSession(
            state=state,
            cmdlets=(),
            shelves=(
                *EXCHANGE_SHELVES,
                *SYSTEM_SHELVES,
                ("Send-MailMessage", lambda: [_mailing(judge)]),
            ),
            later=later_commands,
            reader=reader,
            types={**EXCHANGE_TYPES, **accounts(), **_mail_types(self._submit)},
            environment=environment_of(local),
            surroundings=replace(surroundings_of(local), hosts=hosts_of(organization)),
            now=now,
            keep_going=keep_going,
            max_steps=max_steps,
            width=width,
            max_seconds=max_seconds or MAX_SECONDS,
            max_memory=max_memory or MAX_MEMORY,
            arguments=arguments,
            answers=answers,
        )

    def _submit(self, mail: OutgoingMail) -> str:
        """Return what the server answers to a message of .NET's client."""
        state = self._state
        local = state.local
        mail = mail._replace(home=local.server, account=surroundings_of(local).account)
        from relaysim.management_shell.cmdlets.mailing import told_of

        remark, undecided, refusal = told_of(self._judge, state, mail, "SmtpClient")
        if remark:
            self._told.append(remark)
        return undecided or refusal

    @property
    def session(self) -> ScriptSession:
        """The session of the language, for completion."""
        return self._session

    @property
    def organization(self) -> Organization:
        """The organization as it is now."""
        return self._state.organization

    @organization.setter
    def organization(self, organization: Organization) -> None:
        names = [one.name for one in organization.servers]
        home = self._state.home
        self._session.state = ExchangeState(organization, home=home if home in names else "")

    @property
    def _state(self) -> ExchangeState:
        state = self._session.state
        assert isinstance(state, ExchangeState)  # noqa: S101  # nobody else sets it
        return state

    def run(self, text: str, *, file: str | None = None) -> ShellRun:
        """Parse and check the whole of ``text``, then run it.

        Raises:
            InvalidScript: The text cannot be understood; nothing has run.
        """
        self._begin()
        return self._ran(self._session.run(text, file=file))

    def run_again(self, text: str) -> ShellRun:
        """Run a text that comes again and again: it is parsed and checked the first time only.

        Raises:
            InvalidScript: The text cannot be understood.
        """
        prepared = self._prepared.get(text)
        if prepared is None:
            prepared = self._prepared[text] = self._session.prepare(text)
        self._begin()
        return self._ran(self._session.run_prepared(prepared))

    def _begin(self) -> None:
        self._session.state = self._state._replace(unmodelled=(), assumptions=())
        self._told.clear()

    def _ran(self, result: ScriptResult) -> ShellRun:
        state = self._state
        return ShellRun(
            organization=state.organization,
            output=result.output,
            errors=result.errors,
            warnings=result.warnings,
            remarks=joined((*result.remarks, *dict.fromkeys(self._told))),
            unmodelled=state.unmodelled,
            assumptions=state.assumptions,
            terminated=result.terminated,
            exit_code=result.exit_code,
        )
