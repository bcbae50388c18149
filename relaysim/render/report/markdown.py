"""The report as Markdown, for a wiki or a pull request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relaysim.analysis.findings.catalogue import RULES
from relaysim.analysis.findings.finding import FindingVerdict
from relaysim.errors import printable
from relaysim.render.markdown_text import literal
from relaysim.render.report.answer import (
    ROWS_SHOWN,
    again_commands,
    connector_facts,
    range_words,
    verdict_of,
    who_words,
)
from relaysim.render.weighed.audit_view import place_of
from relaysim.render.weighed.fixes import fix_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relaysim.render.report.answer import ReportAnswer

__all__ = ["report_markdown"]


def report_markdown(answer: ReportAnswer) -> str:
    """Return the report; equal for equal answers, hostile names as they are spelled."""
    return "\n".join(_lines(answer)) + "\n"


def _lines(answer: ReportAnswer) -> Iterator[str]:
    yield from _head(answer)
    yield from _powers(answer)
    yield from _findings(answer)
    yield from _gaps(answer)
    yield from _connectors(answer)
    yield ""
    yield "## Ask again"
    yield ""
    for command in again_commands(answer):
        yield f"- {_code(command)}"


def _head(answer: ReportAnswer) -> Iterator[str]:
    verdict, _ = verdict_of(answer)
    names = ", ".join(server.name for server in answer.organization.servers)
    spots = ", ".join(f"{spot.server}: {spot.words()}" for spot in answer.audit.spots)
    yield f"# Who may relay: {literal(names)}"
    yield ""
    yield f"**{literal(verdict)}**"
    yield ""
    yield f"Covered: every IPv4 and IPv6 address, with and without TLS, on {literal(spots)}."
    yield ""
    yield f"Made on {answer.date} by relaysim {answer.version}."
    yield ""
    for file in answer.files:
        yield f"- {literal(file.name)}: SHA-256 `{file.digest}`, {file.size:,} bytes"


def _powers(answer: ReportAnswer) -> Iterator[str]:
    yield ""
    yield "## Who may do what"
    yield ""
    yield "| What | Who | From | Where | Connector |"
    yield "| --- | --- | --- | --- | --- |"
    for thing, reaches in answer.reaches:
        words = thing.replace("_", " ")
        rows = [
            (words, who_words(each), sure + range_words(addresses), where, connectors)
            for each in reaches
            for where in [", ".join(f"{spot.server}: {spot.words()}" for spot in each.spots)]
            for sure, addresses, connectors in (
                ("", each.addresses, ", ".join(each.connectors)),
                ("undecided: ", each.unknown, ""),
            )
            if addresses
        ]
        for cells in rows[:ROWS_SHOWN] or [(words, "nobody", "", "", "")]:
            yield "| " + " | ".join(literal(text) for text in cells) + " |"
        if len(rows) > ROWS_SHOWN:
            yield f"| {words} | {len(rows) - ROWS_SHOWN:,} more: `relaysim who-can` | | | |"


def _findings(answer: ReportAnswer) -> Iterator[str]:
    yield ""
    yield "## Findings"
    yield ""
    violated = answer.audit.of(FindingVerdict.VIOLATED)
    if not violated:
        yield "Nothing in the catalogue is violated."
    for finding in violated:
        title = f"{finding.severity.value}: {RULES[finding.id].title}"
        yield f"- **{literal(title)}** ({literal(place_of(finding))}): {literal(finding.what)}"
        for line in fix_lines(finding.fix):
            yield f"  - {_code(line)}"


def _gaps(answer: ReportAnswer) -> Iterator[str]:
    unknown = answer.audit.of(FindingVerdict.CANNOT_TELL)
    if not unknown:
        return
    yield ""
    yield "## What cannot be told"
    yield ""
    for finding in unknown:
        needs = f": needs {finding.missing}" if finding.missing else ""
        title, place = RULES[finding.id].title, place_of(finding)
        yield f"- {literal(title)} ({literal(place)}){literal(needs)}"


def _connectors(answer: ReportAnswer) -> Iterator[str]:
    for alone in answer.organization.one_by_one():
        yield ""
        yield f"## Server {literal(alone.only.name)}"
        for connector in alone.only.connectors:
            yield ""
            yield f"### {literal(connector.name)}"
            yield ""
            for label, text in connector_facts(alone, connector):
                yield f"- {label}: {literal(text)}"


def _code(text: str) -> str:
    """Return text as code that no backtick in it ends."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    marks = "`" * (longest + 1)
    return f"{marks} {printable(text)} {marks}"
