"""The report as one HTML page: no request leaves it, readable without script and without style."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.analysis.findings.catalogue import RULES
from relaysim.analysis.findings.finding import FindingVerdict
from relaysim.model.session import AuthKind
from relaysim.net.addrset import AddressSet
from relaysim.render.report.answer import (
    ROWS_SHOWN,
    again_commands,
    connector_facts,
    range_words,
    verdict_of,
    who_words,
)
from relaysim.render.report.frame import page_table, whole_page
from relaysim.render.report.frame import page_text as _text
from relaysim.render.report.picture import connector_picture
from relaysim.render.weighed.audit_view import place_of
from relaysim.render.weighed.fixes import fix_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relaysim.model.organization import Organization
    from relaysim.render.report.answer import ReportAnswer

__all__ = ["report_html"]

_THINGS = {
    "relay": "relay to foreign domains",
    "submit": "submit mail at all",
    "bypass_anti_spam": "bypass anti-spam",
    "resolve_p2": "have their sender address resolved",
}


def report_html(answer: ReportAnswer) -> str:
    """Return the page; equal for equal answers."""
    verdict, bad = verdict_of(answer)
    title = "Who may relay: " + ", ".join(s.name for s in answer.organization.servers)
    return whole_page(
        title,
        [
            f'<p class="verdict{" bad" if bad else ""}">{_text(verdict)}</p>',
            *_covered(answer),
            *_who(answer),
            *_servers(answer),
            *_findings(answer),
            *_gaps(answer),
            *_again(answer),
        ],
    )


def _covered(answer: ReportAnswer) -> Iterator[str]:
    yield "<h2>What was covered</h2>"
    spots = ", ".join(f"{spot.server}: {spot.words()}" for spot in answer.audit.spots)
    yield f"<p>Every IPv4 and IPv6 address, with and without TLS, on {_text(spots)}.</p>"
    source = answer.audit.configuration.source
    yield f"<p>Made on {_text(answer.date)} by relaysim {_text(answer.version)} from:</p>"
    if answer.files:
        rows = [(_text(f.name), f"<code>{f.digest}</code>", f"{f.size:,}") for f in answer.files]
        yield from page_table("Input", ("File", "SHA-256", "Bytes"), rows)
    else:
        yield f"<p><code>{_text(source)}</code></p>"


def _who(answer: ReportAnswer) -> Iterator[str]:
    yield "<h2>Who may do what</h2>"
    for thing, reaches in answer.reaches:
        rows = [
            (
                _text(who_words(each)),
                _text(range_words(each.addresses)),
                _text(", ".join(f"{spot.server}: {spot.words()}" for spot in each.spots)),
                _tls_words(each.tls),
                _text(", ".join(each.connectors)),
            )
            for each in reaches
            if each.addresses
        ]
        heads = ("Who", "From", "Where", "TLS", "Connector")
        caption = f"Who may {_THINGS.get(thing, thing)}"
        unknown = [each for each in reaches if each.unknown]
        if rows:
            yield from page_table(caption, heads, rows[:ROWS_SHOWN])
        else:
            sure = "for sure" if unknown else "anywhere that was covered"
            yield f"<p><strong>{_text(caption)}</strong>: nobody, {sure}.</p>"
        if len(rows) > ROWS_SHOWN:
            yield f"<p>{len(rows) - ROWS_SHOWN:,} more: <code>relaysim who-can</code></p>"
        for each in unknown:
            words = f"Undecided for {who_words(each)}: {range_words(each.unknown)}"
            yield f"<p><strong>{_text(words)}</strong></p>"


def _tls_words(states: tuple[bool, ...]) -> str:
    if len(states) != 1:
        return "either"
    return "with TLS" if states[0] else "without TLS"


def _servers(answer: ReportAnswer) -> Iterator[str]:
    relays = dict(answer.reaches).get("relay", ())
    for number, alone in enumerate(answer.organization.one_by_one(), 1):
        server = alone.only
        yield f"<h2>Server {_text(server.name)}</h2>"
        version = "unknown" if server.exchange is None else server.exchange.value
        yield f"<p>Exchange {version}, {server.role.value}.</p>"
        open_here = {
            connector.name: AddressSet(
                interval
                for each in relays
                if each.way.auth is AuthKind.NONE
                and connector.name in each.connectors
                and any(spot.server == server.name for spot in each.spots)
                for interval in each.addresses
            )
            for connector in server.connectors
        }
        if server.connectors:
            yield connector_picture(server.name, server.connectors, open_here, number=number)
        else:
            yield "<p>It has no receive connector.</p>"
        yield from _connectors(alone)


def _connectors(alone: Organization) -> Iterator[str]:
    for connector in alone.only.connectors:
        yield f"<h3>{_text(connector.name)}</h3>"
        facts = connector_facts(alone, connector)
        body = "".join(f"<dt>{_text(label)}</dt><dd>{_text(text)}</dd>" for label, text in facts)
        yield f"<dl>{body}</dl>"


def _findings(answer: ReportAnswer) -> Iterator[str]:
    yield "<h2>Findings</h2>"
    violated = answer.audit.of(FindingVerdict.VIOLATED)
    if not violated:
        yield "<p>Nothing in the catalogue is violated.</p>"
    for finding in violated:
        rule = RULES[finding.id]
        yield f"<h3>{_text(f'{finding.severity.value}: {rule.title}')}</h3>"
        yield f"<p>{_text(place_of(finding))}: {_text(finding.what)}.</p>"
        lines = fix_lines(finding.fix)
        if lines:
            yield "<pre>" + "\n".join(_text(line) for line in lines) + "</pre>"


def _gaps(answer: ReportAnswer) -> Iterator[str]:
    unknown = answer.audit.of(FindingVerdict.CANNOT_TELL)
    assumed = dict.fromkeys(
        f"{a.rule}: {a.text}"
        for _, reaches in answer.reaches
        for each in reaches
        for a in each.assumptions
    )
    yield "<h2>Assumptions and gaps</h2>"
    if not unknown and not assumed:
        yield "<p>None.</p>"
    if assumed:
        yield "<ul>" + "".join(f"<li>assumed: {_text(text)}</li>" for text in assumed) + "</ul>"
    if unknown:
        rows = [
            (_text(RULES[f.id].title), _text(place_of(f)), _text(f.missing or "-")) for f in unknown
        ]
        yield from page_table("What cannot be told", ("Finding", "Where", "Needs"), rows)


def _again(answer: ReportAnswer) -> Iterator[str]:
    yield "<h2>Ask again</h2>"
    yield "<pre>" + "\n".join(_text(line) for line in again_commands(answer)) + "</pre>"
