"""A policy: what is asked, how bad it is taken to be, and what is accepted until when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from relaysim.analysis.findings.finding import Finding, FindingVerdict, Severity
from relaysim.analysis.findings.thresholds import DEFAULT_PROFILE, Profile
from relaysim.lean import replace
from relaysim.model.principals import Principal
from relaysim.model.rights import Right
from relaysim.net.addrset import AddressSet

__all__ = ["Acceptance", "Policy", "applied"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """A finding that somebody accepts.

    Attributes:
        rule: Id of the finding.
        connector: Name of the connector; ``*`` for any, except for critical findings.
        reason: Why it is accepted.
        until: The last day on which it is.
        server: Name of the server, or ``None`` for any.
        principal: Whom it is accepted for, or ``None`` for anybody.
        right: What it is accepted for, or ``None`` for any.
        ranges: The addresses it is accepted for; ``None`` for any. A finding about more addresses
            is no longer the one that was accepted.
        file: The file it stands in.
        line: Its line.
    """

    rule: str
    connector: str
    reason: str
    until: date
    server: str | None = None
    principal: Principal | None = None
    right: Right | None = None
    ranges: AddressSet | None = None
    file: str = ""
    line: int = 0

    def matches(self, finding: Finding) -> bool:
        """Tell whether a finding is the one that is accepted."""
        everywhere = self.connector == "*" and finding.severity is not Severity.CRITICAL
        return (
            finding.id == self.rule
            and (everywhere or finding.connector.casefold() == self.connector.casefold())
            and (self.server is None or finding.server.casefold() == self.server.casefold())
            and (self.principal is None or finding.principal == self.principal)
            and (self.right is None or finding.right is self.right)
            and (self.ranges is None or not finding.ranges - self.ranges)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a policy file says.

    Attributes:
        severities: Severities that replace those of the catalogue, by id.
        leave_out: Ids that are not asked about.
        profile: What is taken for too much.
        accepted: Acceptances, in the order of the file.
    """

    severities: tuple[tuple[str, Severity], ...] = ()
    leave_out: tuple[str, ...] = ()
    profile: Profile = DEFAULT_PROFILE
    accepted: tuple[Acceptance, ...] = ()


def applied(findings: Iterable[Finding], policy: Policy, *, today: date) -> Iterator[Finding]:
    """Yield findings as a policy takes them, and one for each acceptance that matches nothing.

    An acceptance holds up to its last day, that day included. After it the finding is back and
    says since when.
    """
    severities = dict(policy.severities)
    used: set[int] = set()
    for finding in findings:
        taken = replace(finding, severity=severities.get(finding.id, finding.severity))
        if finding.verdict is FindingVerdict.HOLDS:
            yield taken
            continue
        for place, acceptance in enumerate(policy.accepted):
            if not acceptance.matches(finding):
                continue
            used.add(place)
            if today <= acceptance.until:
                taken = replace(taken, accepted=acceptance.reason)
                break
            taken = replace(taken, remark=f"accepted until {acceptance.until}: {acceptance.reason}")
        yield taken
    for place, acceptance in enumerate(policy.accepted):
        if place not in used:
            yield Finding(
                id="accept-unused",
                severity=severities.get("accept-unused", Severity.LOW),
                connector=acceptance.connector,
                what=f"no finding `{acceptance.rule}` on `{acceptance.connector}` is as accepted",
                file=acceptance.file,
                line=acceptance.line,
            )
