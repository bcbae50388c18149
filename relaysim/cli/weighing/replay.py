"""``relaysim replay``: what the logs show, held against a configuration."""

import os
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING

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
from relaysim.cli.weighing.replay_sessions import list_sessions, read_clients, refuse_unreadable
from relaysim.config.source import DEFAULT_SOURCE, default_source
from relaysim.errors import InvalidInput, Problem
from relaysim.model.organization import AcceptedDomain, Organization
from relaysim.render.weighed.replay_told import ReplayTold
from relaysim.replay.judging import ReplayOutcome, SessionJudge
from relaysim.replay.least_values import LeastConfiguration
from relaysim.replay.reading.files import Gathered, LogFile, find_logs, gather_logs
from relaysim.replay.report import ReplayReport, report
from relaysim.replay.what_if import WhatIfOutcome

if TYPE_CHECKING:
    from relaysim.crew import Crew

__all__ = ["command"]

_LISTED = ("text", "json")


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
    found = find_logs(logs)
    with _crew(found, 1 if listed else jobs) as crew:
        organization = load_telling(source)
        other = load_telling(changed) if changed is not None else None
        accepted = _accepted(organization, other)
        gathered = None if listed else _gather(found, accepted, crew)
    # The example that ships is nobody's server.
    held = SessionJudge(organization) if config or source != DEFAULT_SOURCE else None
    asked = SessionJudge(other) if other is not None else None
    if gathered is None:
        # The lines are JSON, whoever asks for it.
        other_outputs = [each for each in targets if each.file or each.format not in _LISTED]
        given = {"--to-scenario": to_scenario, "--suggest": least, "--output": other_outputs}
        for name in [name for name, value in given.items() if value]:
            raise InvalidInput(
                "`--sessions` writes one line of JSON for each session, and nothing else",
                hint=f"leave `{name}` away, or ask for it in a run of its own",
            )
        return list_sessions(
            found,
            accepted,
            judge=held or SessionJudge(organization),
            held=held,
            asked=asked,
            strict=strict,
            fail_on=fail_on,
        )
    if strict:
        refuse_unreadable(gathered.summary)
    sources = (source,) if changed is None else (source, f"what if: {changed}")
    answer = report(gathered.summary, organization, other)
    told, unread = read_clients(gathered.texts, held, asked)
    answer = answer._replace(sessions=told, unread=unread)
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

        text = scenario_text(answer, source, to_scenario, keep_addresses=keep_addresses)
        write_file(to_scenario, text)
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


def _crew(found: list[LogFile], jobs: int) -> "AbstractContextManager[Crew]":
    """Return what starts the other processes; they begin while this one loads what it needs."""
    if jobs == 1:
        return nullcontext([])
    from relaysim.replay.reading.workers import crew_for

    return crew_for(found, jobs=jobs)


def _gather(found: list[LogFile], accepted: tuple[AcceptedDomain, ...], crew: "Crew") -> Gathered:
    from relaysim.cli.progress import bytes_bar

    with bytes_bar(sum(log.size for log in found)) as advance:
        if not crew:
            return gather_logs(found, accepted, progress=advance)
        from relaysim.replay.reading.workers import gather_jobs

        return gather_jobs(found, accepted, crew=crew, progress=advance)


def _exit_code(answer: ReplayReport, fail_on: tuple[str, ...]) -> int:
    different = answer.count(ReplayOutcome.DIFFERENT) + answer.count_told(ReplayOutcome.DIFFERENT)
    refused = answer.count_what_if(WhatIfOutcome.REFUSED)
    refused += answer.count_told_what_if(WhatIfOutcome.REFUSED)
    failed = ("different" in fail_on and different) or ("refused" in fail_on and refused)
    return EXPECTATION_FAILED if failed else ANSWERED
