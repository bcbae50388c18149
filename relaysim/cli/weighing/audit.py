"""``relaysim audit``: is anything wrong here?"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import click

from relaysim import __version__
from relaysim.analysis.baselines.control import Baseline, ControlResult
from relaysim.analysis.endpoints import Narrowing, endpoints, spots
from relaysim.analysis.findings.audit import audit, sorted_findings
from relaysim.analysis.findings.finding import Finding, FindingVerdict, Severity, ShellCommand
from relaysim.cli.diagnostics import load_telling
from relaysim.cli.exits import ANSWERED, EXPECTATION_FAILED
from relaysim.cli.options.output import date_option, output_option, parse_outputs, write_result
from relaysim.cli.options.params import (
    Parsed,
    color_option,
    config_option,
    fresh_options,
    spreadsheet_option,
)
from relaysim.cli.progress import working
from relaysim.config.network import read_network, together
from relaysim.config.source import Configuration, default_source, read_bytes
from relaysim.config.whereabouts import Whereabouts, whereabouts
from relaysim.errors import InvalidInput
from relaysim.lean import replace
from relaysim.model.organization import Organization
from relaysim.model.server import NOTHING_SAID, Network
from relaysim.model.version import ExchangeVersion
from relaysim.policy.auditing import context_of
from relaysim.policy.decode import parse_policy
from relaysim.policy.policy import Policy, applied
from relaysim.render.weighed.audit_answer import AuditAnswer
from relaysim.render.weighed.fixes import fix_lines

__all__ = ["attempted", "command", "context_of"]

_POLICY = "relaysim-policy.toml"


def _parse_severity(text: str) -> Severity:
    words = {severity.value: severity for severity in Severity}
    found = words.get(text.strip().casefold())
    if found is None:
        raise InvalidInput(f"unknown severity `{text}` (expected {', '.join(words)})")
    return found


def _parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(f"`{text}` is no day (expected YYYY-MM-DD)") from None


@click.command(name="audit")
@config_option(multiple=False)
@fresh_options()
@click.option(
    "--policy",
    metavar="FILE",
    help="Policy: severities, profiles, what is accepted; default: relaysim-policy.toml here.",
)
@click.option(
    "--network",
    metavar="FILE",
    help="What no connector knows, in a [network] table: own servers, balancers, gateways, "
    "clients, what is published; beside the server file's own.",
)
@click.option(
    "--today", type=Parsed("DAY", _parse_day), help="Day that acceptances are held against."
)
@click.option(
    "--fail-on",
    type=Parsed("SEVERITY", _parse_severity),
    help="Exit 1 when a finding is this bad or worse: critical, high, medium, low, note.",
)
@click.option(
    "--new-since", metavar="CONFIG", help="Report only what this configuration does not have."
)
@click.option(
    "--baseline",
    type=click.Choice(["stig", "cis", "microsoft"]),
    help="The controls of a baseline: letter, intent, and what stops when the fix is applied.",
)
@click.option("--suppressions", is_flag=True, help="Write accepted findings to SARIF too.")
@click.option("-v", "--verbose", is_flag=True, help="List what holds too.")
@spreadsheet_option()
@output_option("audit")
@date_option()
@color_option()
def command(
    config: str | None,
    exchange: ExchangeVersion | None,
    server: str | None,
    policy: str | None,
    network: str | None,
    today: date | None,
    fail_on: Severity | None,
    new_since: str | None,
    baseline: str | None,
    suppressions: bool,  # noqa: FBT001
    verbose: bool,  # noqa: FBT001
    spreadsheet: bool,  # noqa: FBT001
    outputs: tuple[str, ...],
    day: datetime | None,
    color: str,
) -> int:
    """Decide every finding of the catalogue: violated, holds, or cannot tell.

    Example: relaysim audit -c server.toml --fail-on high
    """
    targets = parse_outputs(outputs, "audit")
    source = config or default_source(os.environ)
    loaded = load_telling(source, exchange=exchange, server=server, keep=False)
    configuration = Configuration(source, loaded, exchange)
    said = read_network(read_bytes(network), file=network) if network is not None else NOTHING_SAID
    organization = _within(configuration.organization, said)
    rules = _policy(policy, organization)
    held = today or datetime.now(tz=UTC).date()
    places = _whereabouts(source)
    found = _findings(organization, rules, places, held)
    if new_since is not None:
        old = _within(load_telling(new_since, exchange=exchange, keep=False, unneeded=[]), said)
        had = {
            finding.key: finding.ranges
            for finding in _findings(old, rules, whereabouts("", None), held)
            if finding.verdict is FindingVerdict.VIOLATED
        }
        found = [
            finding
            for finding in found
            if finding.key not in had or finding.ranges - had[finding.key]
        ]
    baselines, controls = _decided(organization, rules, found, baseline)
    answer = AuditAnswer(
        configuration=configuration,
        findings=sorted_findings(found),
        spots=spots(endpoints(organization, Narrowing())),
        baselines=baselines,
        controls=controls,
        places={s.name: (places.file, places.line(s.name, "")) for s in organization.servers},
        since=new_since or "",
        verbose=verbose,
        suppressions=suppressions,
        version=__version__,
        spreadsheet=spreadsheet,
    )
    write_result("audit", answer, targets, color, day=day)
    bad = fail_on is not None and any(
        finding.is_open and finding.severity.reaches(fail_on) for finding in answer.findings
    )
    return EXPECTATION_FAILED if bad else ANSWERED


@working("deciding the controls")
def _decided(
    organization: Organization, policy: Policy, findings: list[Finding], name: str | None
) -> tuple[tuple[Baseline, ...], tuple[ControlResult, ...]]:
    """Return a baseline and its controls, decided; nothing when none was asked for."""
    if name is None:
        return (), ()
    from relaysim.analysis.baselines.decide import decide

    return decide(organization, context_of(policy), findings, name, attempted)


def attempted(
    organization: Organization, pipelines: tuple[tuple[ShellCommand, ...], ...]
) -> Organization | str:
    """Return what commands make of an organization, or why one of them is refused."""
    if organization.only.exchange is None:
        return "the Exchange version is not known"
    from relaysim.management_shell.running import ExchangeSession

    session = ExchangeSession(organization)
    for line in fix_lines(pipelines):
        errors = session.run(line).errors
        if errors:
            return errors[0].message
    return session.organization


def _within(organization: Organization, said: Network) -> Organization:
    """Return an organization with what more was said of its network."""
    return replace(organization, network=together(organization.network, said))


@working("auditing")
def _findings(
    organization: Organization, policy: Policy, places: Whereabouts, day: date
) -> list[Finding]:
    found = audit(organization, context_of(policy), leave_out=policy.leave_out)
    return list(_placed(applied(found, policy, today=day), places))


def _placed(findings: Iterator[Finding], places: Whereabouts) -> Iterator[Finding]:
    for finding in findings:
        if finding.file or not places.file or finding.verdict is FindingVerdict.HOLDS:
            yield finding
        else:
            line = places.line(finding.server, finding.connector)
            yield replace(finding, file=places.file, line=line)


def _policy(named: str | None, organization: Organization) -> Policy:
    file = named or (_POLICY if Path(_POLICY).is_file() else None)
    if file is None:
        return Policy()
    return parse_policy(read_bytes(file), file=file, domain=organization.domain)


def _whereabouts(source: str) -> Whereabouts:
    if not Path(source).is_file():
        return whereabouts(source, None)
    try:
        text = read_bytes(source).decode("utf-8-sig")
    except UnicodeDecodeError:
        return whereabouts(source, None)
    return whereabouts(source, text)
