"""Deciding the controls of a baseline, and trying what their fixes would do."""

from collections.abc import Callable, Iterable

from relaysim.analysis.baselines.cis import cis
from relaysim.analysis.baselines.control import (
    Audited,
    Baseline,
    Checked,
    Control,
    ControlResult,
    ControlVerdict,
)
from relaysim.analysis.baselines.microsoft import microsoft
from relaysim.analysis.baselines.stig import stig
from relaysim.analysis.compare.compare import compare
from relaysim.analysis.findings.finding import Finding, ShellCommand
from relaysim.analysis.findings.space import AuditContext, Space
from relaysim.model.organization import Organization

__all__ = ["BASELINES", "decide"]

BASELINES = {"stig": stig, "cis": cis, "microsoft": microsoft}
"""The baselines by their word: each returns its controls for a version and a role."""

Try = Callable[[Organization, tuple[tuple[ShellCommand, ...], ...]], Organization | str]
"""Runs commands on an organization; returns why one of them is refused."""


def decide(
    organization: Organization,
    context: AuditContext,
    findings: Iterable[Finding],
    name: str,
    attempt: Try,
) -> tuple[tuple[Baseline, ...], tuple[ControlResult, ...]]:
    """Return the baselines of every server, and their controls decided, in order.

    Args:
        organization: The servers.
        context: What the audit was made with.
        findings: What the audit found.
        name: The baseline's word.
        attempt: Runs commands.
    """
    space = Space(organization, context)
    found = tuple(findings)
    baselines: list[Baseline] = []
    results: list[ControlResult] = []
    for server in space.surface.servers.values():
        baseline = BASELINES[name](server.only.exchange, server.role)
        if baseline.title not in [each.title for each in baselines]:
            baselines.append(baseline)
        audited = Audited(
            space,
            server,
            tuple(power for power in space.powers if power.organization is server),
            tuple(f for f in found if f.server in ("", server.server)),
        )
        results += [_decided(control, audited, attempt) for control in baseline.controls]
    return tuple(baselines), tuple(results)


def _decided(control: Control, audited: Audited, attempt: Try) -> ControlResult:
    letter = control.check(audited)
    meant = control.meant
    intent = Checked(ControlVerdict.NOTHING) if meant is None else meant(audited)
    server = audited.organization.server
    if letter.verdict is not ControlVerdict.NOT_MET or control.repair is None:
        return ControlResult(control, server, letter, intent)
    failing = [power for power in audited.powers if power.connector.name in letter.where]
    fix = tuple(pipeline for power in failing for pipeline in control.repair(power))
    after = attempt(audited.organization, fix)
    if isinstance(after, str):
        return ControlResult(control, server, letter, intent, fix, None, after)
    return ControlResult(control, server, letter, intent, fix, compare(audited.organization, after))
