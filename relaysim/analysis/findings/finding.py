"""Findings as values: what is wrong, where, how bad, why, and what would mend it."""

from enum import Enum
from typing import NamedTuple

from relaysim.analysis.endpoints import Endpoint
from relaysim.lean import frozen
from relaysim.model.principals import Principal
from relaysim.model.rights import Right
from relaysim.net.addrset import NOTHING, AddressSet

__all__ = ["Finding", "FindingVerdict", "Severity", "ShellCommand", "Witness"]


class Severity(Enum):
    """How bad a violation is; the value is the word that is printed. Worst first.

    Critical: strangers can use it now. High: one step away, or mail stops. Medium: widened power
    or a blind spot. Low: hygiene. Note: worth knowing.
    """

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NOTE = "note"

    __hash__ = object.__hash__

    def reaches(self, threshold: "Severity") -> bool:
        """Tell whether it is as bad as another, or worse."""
        order = list(Severity)
        return order.index(self) <= order.index(threshold)

    @property
    def lower(self) -> "Severity":
        """The next one that is less bad."""
        order = list(Severity)
        return order[min(order.index(self) + 1, len(order) - 1)]


class FindingVerdict(Enum):
    """How a finding is decided; the value is the word that is printed."""

    VIOLATED = "violated"
    HOLDS = "holds"
    CANNOT_TELL = "cannot tell"

    __hash__ = object.__hash__


class ShellCommand(NamedTuple):
    """A command of the shell, as values: who writes it quotes them.

    Attributes:
        name: The command.
        arguments: Parameters and their values: a text, a list of texts, a boolean, or ``None``
            for a switch.
    """

    name: str
    arguments: tuple[tuple[str, str | tuple[str, ...] | bool | None], ...] = ()


class Witness(NamedTuple):
    """A question that shows a finding.

    Attributes:
        ip: A client's address.
        endpoint: Where it connects to.
        auth: How it identifies itself, the word of the command line.
        tls: Whether it issues STARTTLS first.
        local_ip: An address that stands for every one without a binding of its own, where some
            have one; else empty.
        server: The server, where there are several; else empty.
    """

    ip: str
    endpoint: Endpoint
    auth: str = "none"
    tls: bool = False
    local_ip: str = ""
    server: str = ""


@frozen
class Finding:
    """One decided finding.

    Attributes:
        id: Stable id of the rule in the catalogue.
        verdict: How it is decided.
        severity: How bad it is, or would be.
        server: Name of the server, or empty for the organization.
        connector: Name of the connector, or empty.
        principal: Whom it is about, or ``None``.
        right: What it is about, or ``None``.
        ranges: The addresses it is about, without IPv4-mapped ones.
        endpoints: Where it is so.
        what: What is so here, one sentence without a final stop.
        fix: Pipelines of commands that make it go away, in order; empty when no command can.
        missing: What has to be known to tell, when it cannot be told.
        witness: A question that shows it.
        accepted: Why it is accepted, or ``None``.
        remark: What to know of its acceptance, such as since when it is over.
        file: The file it stands in, or empty.
        line: The line, counted from 1, or 0.
    """

    id: str
    verdict: FindingVerdict = FindingVerdict.VIOLATED
    severity: Severity
    server: str = ""
    connector: str = ""
    principal: Principal | None = None
    right: Right | None = None
    ranges: AddressSet = NOTHING
    endpoints: tuple[Endpoint, ...] = ()
    what: str = ""
    fix: tuple[tuple[ShellCommand, ...], ...] = ()
    missing: str = ""
    witness: Witness | None = None
    accepted: str | None = None
    remark: str = ""
    file: str = ""
    line: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it is violated and nobody accepted that."""
        return self.verdict is FindingVerdict.VIOLATED and self.accepted is None

    @property
    def key(self) -> str:
        """What makes it the same finding in another run, wherever it stands in a file."""
        principal = self.principal.key if self.principal else ""
        right = self.right.value if self.right else ""
        return "|".join(
            (self.id, self.server.casefold(), self.connector.casefold(), principal, right)
        )
