"""``relaysim replay``: what the logs show, held against a configuration."""

import os
from datetime import datetime

import click

from relaysim.cli.diagnostics import load_telling
from relaysim.cli.exits import ANSWERED, EXPECTATION_FAILED
from relaysim.cli.options.output import (
    date_option,
    output_option,
    parse_outputs,
    write_file,
    write_result,
)
from relaysim.cli.options.params import color_option, config_option, spreadsheet_option
from relaysim.config.source import DEFAULT_SOURCE, default_source
from relaysim.errors import InvalidInput, Problem
from relaysim.model.organization import AcceptedDomain, Organization
from relaysim.render.weighed.replay_told import ReplayTold
from relaysim.replay.judging import ReplayOutcome, SessionJudge
from relaysim.replay.least_values import LeastConfiguration
from relaysim.replay.logged import LoggedSession
from relaysim.replay.reading.files import ClientText, Gathered, find_logs, gather_logs
from relaysim.replay.report import ReplayReport, report
from relaysim.replay.what_if import WhatIfOutcome, what_if

__all__ = ["command"]


@click.command(name="replay")
@click.argument("logs", nargs=-1, required=True, metavar="LOG...")
@config_option(multiple=False)
@click.option(
    "--what-if",
    "changed",
    metavar="CONFIG",
    help="A changed configuration: who of those that came would be refused, allowed or moved?",
)
@click.option(
    "--to-scenario",
    metavar="FILE",
    help="Write what the logs show as a scenario file; personal parts of addresses are replaced.",
)
@click.option("--keep-addresses", is_flag=True, help="Keep them in the scenario file.")
@click.option(
    "--suggest",
    "least",
    is_flag=True,
    help="Add the least configuration that keeps every session seen, as plans.",
)
@click.option("--sessions", "listed", is_flag=True, help="List every session with its outcome.")
@click.option("--strict", is_flag=True, help="A line that cannot be read is an error.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, help="Processes that read; default: 1."
)
@click.option(
    "--fail-on",
    type=click.Choice(["different", "refused"]),
    multiple=True,
    help="Exit with 1 when a session is judged so. Repeatable.",
)
@spreadsheet_option()
@output_option("replay")
@date_option()
@color_option()
def command(
    logs: tuple[str, ...],
    config: str | None,
    changed: str | None,
    to_scenario: str | None,
    keep_addresses: bool,  # noqa: FBT001
    least: bool,  # noqa: FBT001
    listed: bool,  # noqa: FBT001
    strict: bool,  # noqa: FBT001
    jobs: int,
    fail_on: tuple[str, ...],
    spreadsheet: bool,  # noqa: FBT001
    outputs: tuple[str, ...],
    day: datetime | None,
    color: str,
) -> int:
    """Hold what a server logged against its description: is the description true?

    LOG is an SmtpReceive protocol log, plain, .gz or in a .zip, a folder of them, a saved summary
    (-o summary:FILE) or - for standard input. What is no server's log is read as a client's
    transcript.

    Example: relaysim replay logs/ -c relaysim.toml
    """
    targets = parse_outputs(outputs, "replay")
    source = config or default_source(os.environ)
    organization = load_telling(source)
    other = load_telling(changed) if changed is not None else None
    accepted = _accepted(organization, other)
    if listed:
        return _list_sessions(logs, organization, other, accepted)
    gathered = _gather(logs, accepted, jobs)
    _refuse_unreadable(gathered, strict=strict)
    sources = (source,) if changed is None else (source, f"what if: {changed}")
    # The example that ships is nobody's server.
    held = SessionJudge(organization) if config or source != DEFAULT_SOURCE else None
    answer = report(gathered.summary, organization, other)
    answer = _with_transcripts(answer, gathered.texts, held)
    if not answer.shapes and not answer.sessions:
        raise InvalidInput(
            "no session in these logs",
            hint="expected SmtpReceive protocol logs (`#Log-type: SMTP Receive Protocol Log`), "
            "saved summaries, or transcripts and logs of clients",
        )
    if least:
        answer = answer._replace(least=_least(answer, organization))
    if to_scenario is not None:
        from relaysim.replay.scenario import scenario_text

        write_file(to_scenario, scenario_text(answer, source, keep_addresses=keep_addresses))
    write_result("replay", ReplayTold(answer, sources, spreadsheet), targets, color, day=day)
    return _exit_code(answer, fail_on)


def _least(answer: ReplayReport, organization: Organization) -> LeastConfiguration:
    from relaysim.cli.weighing.suggest import attempt, setups_of
    from relaysim.replay.least import least_configuration

    if any(server.exchange is None for server in organization.servers):
        raise InvalidInput(
            Problem("`--suggest` needs the version of every server", where="--suggest")
        )
    return least_configuration(answer, organization, attempt, is_setups=setups_of(organization))


def _accepted(organization: Organization, other: Organization | None) -> tuple[AcceptedDomain, ...]:
    domains = organization.accepted_domains
    if other is not None:
        domains += tuple(d for d in other.accepted_domains if d not in domains)
    return domains


def _gather(logs: tuple[str, ...], accepted: tuple[AcceptedDomain, ...], jobs: int) -> Gathered:
    from relaysim.cli.progress import bytes_bar

    found = find_logs(logs)
    with bytes_bar(sum(log.size for log in found)) as advance:
        if jobs == 1:
            return gather_logs(found, accepted, progress=advance)
        from relaysim.replay.reading.workers import gather_jobs

        return gather_jobs(found, accepted, jobs=jobs, progress=advance)


def _with_transcripts(
    answer: ReplayReport, texts: tuple[ClientText, ...], judge: SessionJudge | None
) -> ReplayReport:
    """Add what clients' transcripts show, judged, and the names of what shows nothing."""
    if not texts:
        return answer
    from relaysim.importers.logs.client_log import read_client_log
    from relaysim.replay.clients import ToldSession, judge_client

    read = [(name, read_client_log(text)) for name, text in texts]
    return answer._replace(
        sessions=tuple(
            ToldSession(name, session, None if judge is None else judge_client(judge, session))
            for name, found in read
            for session in found
        ),
        unread=tuple(name for name, found in read if not found),
    )


def _refuse_unreadable(gathered: Gathered, *, strict: bool) -> None:
    if strict and gathered.summary.unreadable:
        raise InvalidInput(
            [
                Problem(row.why, file=row.file, line=row.line or None)
                for row in gathered.summary.unreadable[:20]
            ]
        )


def _list_sessions(
    logs: tuple[str, ...],
    organization: Organization,
    other: Organization | None,
    accepted: tuple[AcceptedDomain, ...],
) -> int:
    import json
    import sys
    from collections import Counter

    judge = SessionJudge(organization)
    changed = None if other is None else SessionJudge(other)
    seen: Counter[str] = Counter()

    def tell(key: str, session: LoggedSession, client: str) -> None:
        seen[key] += 1
        name = key if seen[key] == 1 else f"{key}#{seen[key]}"
        judged = judge.judge(session, client)
        line: dict[str, object] = {
            "key": name,
            "server": session.server or None,
            "connector": session.connector,
            "client": client or None,
            "account": session.account or None,
            "outcome": judged.outcome.value,
            "why": list(judged.why),
        }
        if changed is not None:
            asked = what_if(changed, session, client)
            line["what_if"] = {"outcome": asked.outcome.value, "why": list(asked.why)}
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")

    gathered = gather_logs(find_logs(logs), accepted, watch=tell)
    # What was cut is told last: only now it is known that nothing more comes.
    from relaysim.replay.summary import SummaryBuilder

    builder = SummaryBuilder(accepted)
    builder.watch = tell
    for fragment in gathered.summary.fragments:
        builder.session(fragment)
    return ANSWERED


def _exit_code(answer: ReplayReport, fail_on: tuple[str, ...]) -> int:
    different = answer.count(ReplayOutcome.DIFFERENT) + answer.count_told(ReplayOutcome.DIFFERENT)
    failed = ("different" in fail_on and different) or (
        "refused" in fail_on and answer.count_what_if(WhatIfOutcome.REFUSED)
    )
    return EXPECTATION_FAILED if failed else ANSWERED
