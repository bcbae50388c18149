"""What is wanted, and a plan that gives it."""

from typing import NamedTuple

from relaysim.analysis.compare.change import ChangeKind, Comparison, PowerChange
from relaysim.analysis.findings.finding import ShellCommand
from relaysim.model.answers.catalogue import ANSWERS
from relaysim.model.decision import Answers
from relaysim.model.organization import Organization
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind, Session
from relaysim.net.address import Address
from relaysim.net.addrset import AddressSet

__all__ = ["RIGHT_FOR", "Plan", "PlanRequest"]

RIGHT_FOR: dict[str, Right | None] = {
    answer.name: answer.right if answer.is_given_by_right else None for answer in ANSWERS
}
"""The right that each answer hangs on; ``None`` where no single right gives it."""

_ANY = Address(4, 0)


class PlanRequest(NamedTuple):
    """What somebody wants.

    Attributes:
        addresses: The clients.
        answers: Names of the answers that are to become yes, or no.
        wanted: ``True`` to give them, ``False`` to take them.
        auth: How the clients identify themselves.
        port: The port they connect to.
        mail_from: The sender of a mail that is to be taken, or ``None``.
        rcpt_to: Its recipient, or ``None``.
    """

    addresses: AddressSet
    answers: tuple[str, ...]
    wanted: bool
    auth: AuthKind = AuthKind.NONE
    port: int = 25
    mail_from: str | None = None
    rcpt_to: str | None = None

    @property
    def is_about_a_mail(self) -> bool:
        """Whether a mail has to be taken, beside the answers."""
        return self.wanted and (self.mail_from, self.rcpt_to) != (None, None)

    @property
    def tls(self) -> bool:
        """Whether they use TLS: who sends a password does."""
        return self.auth.is_account

    def session(self, ip: Address = _ANY) -> Session:
        """Return the session of one client, of any where no address is given."""
        recipients = () if self.rcpt_to is None else (self.rcpt_to,)
        return Session(
            ip=ip,
            port=self.port,
            auth=self.auth,
            tls=self.tls,
            mail_from=self.mail_from,
            rcpt_to=recipients,
        )

    def sessions(self) -> list[Session]:
        """Return the sessions at the ends of each range: between them nothing else is decided."""
        ends = {a for i in self.addresses for a in (i.first, i.last)}
        return [self.session(ip) for ip in sorted(ends)]


class Plan(NamedTuple):
    """One way to get what is wanted; it was tried.

    Attributes:
        title: What is done, one line.
        pipelines: The commands.
        rollback: The commands that undo them.
        after: The organization afterwards.
        comparison: What changes in power.
        beyond: Widenings that were not asked for.
        lacks: Names of answers that stay no for these clients.
        remark: What to know before choosing it, or empty.
        is_last: Whether it is offered only because nothing else can be done.
    """

    title: str
    pipelines: tuple[tuple[ShellCommand, ...], ...]
    rollback: tuple[tuple[ShellCommand, ...], ...]
    after: Organization
    comparison: Comparison
    beyond: tuple[PowerChange, ...]
    lacks: tuple[str, ...]
    remark: str = ""
    is_last: bool = False

    @property
    def cost(self) -> int:
        """Addresses times identities times rights times endpoints given away beyond the need."""
        return sum(
            change.addresses.size * len(change.spots) * len(change.tls) for change in self.beyond
        )


def widened_beyond(comparison: Comparison, request: PlanRequest) -> tuple[PowerChange, ...]:
    """Return the widenings that are not the ones asked for.

    What a client gets without identifying itself it gives to whoever could.
    """
    found = []
    for change in comparison.changes:
        if change.kind not in (ChangeKind.WIDENED, ChangeKind.CANNOT_TELL):
            continue
        if (
            request.wanted
            and request.auth in (AuthKind.NONE, change.way.auth)
            and change.right in (*request.answers, "submit")
        ):
            rest = change.addresses - request.addresses
            if not rest:
                continue
            change = change._replace(addresses=rest)  # noqa: PLW2901  # what they do not share
        found.append(change)
    return tuple(found)


ANSWER_NAMES = Answers._fields
