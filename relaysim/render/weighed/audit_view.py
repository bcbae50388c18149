"""An audit as text, as one JSON document, as CSV and as Markdown."""

from collections import Counter
from typing import Any

from relaysim.analysis.endpoints import Endpoint, spots
from relaysim.analysis.findings.catalogue import RULES
from relaysim.analysis.findings.finding import Finding, FindingVerdict, Severity
from relaysim.config.source import Configuration
from relaysim.errors import printable
from relaysim.net.addrset import AddressSet
from relaysim.render.markdown_text import escaped
from relaysim.render.places import (
    configuration_document,
    covered_words,
    endpoint_documents,
    source_words,
)
from relaysim.render.space.map_doc import csv_lines
from relaysim.render.space.ranges import count_words, interval_texts
from relaysim.render.space.who_can_view import over_mapped
from relaysim.render.view import Fact, Grid, TableCell, View, cell
from relaysim.render.weighed.audit_answer import AuditAnswer
from relaysim.render.weighed.fixes import fix_lines, witness_command

__all__ = [
    "audit_csv",
    "audit_document",
    "audit_markdown",
    "audit_view",
    "finding_lines",
    "place_of",
]

_RANGES = 3
_TONES = {
    Severity.CRITICAL: "bad",
    Severity.HIGH: "bad",
    Severity.MEDIUM: "warn",
    Severity.LOW: "",
    Severity.NOTE: "dim",
}


def place_of(finding: Finding) -> str:
    r"""Return ``SERVER\\Connector``, the server or the organization."""
    if finding.connector:
        return f"{finding.server}\\{finding.connector}" if finding.server else finding.connector
    return finding.server or "organization"


def range_words(addresses: AddressSet, shown: int = _RANGES) -> str:
    """Return ranges with their number of addresses, the first few of them."""
    intervals = over_mapped(addresses).intervals
    texts = [text for each in intervals[:shown] for text in interval_texts(each, "auto")]
    more = f" and {len(intervals) - shown} more" if len(intervals) > shown else ""
    return f"{', '.join(texts)}{more} ({count_words(addresses.size)})"


def finding_lines(finding: Finding, configuration: Configuration) -> list[tuple[str, str]]:
    """Return everything to say about one finding, labelled."""
    rule = RULES[finding.id]
    lines = [("what", finding.what)] if finding.what else []
    if finding.missing:
        lines.append(("missing", finding.missing))
    if finding.ranges:
        lines.append(("from", range_words(finding.ranges)))
    if finding.endpoints:
        lines.append(("on", covered_words(spots(finding.endpoints))))
    if finding.principal is not None and finding.right is not None:
        lines.append(("entry", f"{finding.principal.name}: {finding.right.value}"))
    lines.append(("why", rule.why))
    lines += [
        ("fix" if not place else "", text) for place, text in enumerate(fix_lines(finding.fix))
    ]
    if finding.witness is not None:
        lines.append(("see", witness_command(finding.witness, configuration)))
    if finding.file:
        lines.append(("where", f"{finding.file}:{finding.line}"))
    if finding.accepted is not None:
        lines.append(("accepted", finding.accepted))
    if finding.remark:
        lines.append(("remark", finding.remark))
    return lines


def audit_view(answer: AuditAnswer) -> View:
    """Return the view: counts, then each violation with its fix, then what cannot be told.

    Where a baseline was asked for, it is the table of its controls.
    """
    if answer.baselines:
        from relaysim.render.weighed.baseline_view import baseline_view

        return baseline_view(answer)
    violated = answer.of(FindingVerdict.VIOLATED)
    unknown = answer.of(FindingVerdict.CANNOT_TELL)
    accepted = [finding for finding in answer.findings if finding.accepted is not None]
    holds = answer.of(FindingVerdict.HOLDS)
    counts = Counter(finding.severity for finding in violated)
    parts = [f"{counts[severity]} {severity.value}" for severity in Severity if counts[severity]]
    new = f" that {answer.since} does not have" if answer.since else ""
    total = f"{len(violated)} finding{'' if len(violated) == 1 else 's'}{new}"
    verdict = f"{total}: {', '.join(parts)}" if parts else f"no finding{new}"
    above = [
        Fact("server", (source_words(answer.configuration),)),
        Fact("covered", (f"{covered_words(answer.spots)}, with and without TLS",)),
    ]
    words = [f"{len(holds)} hold"]
    if unknown:
        words.append(f"{len(unknown)} cannot be told")
    if accepted:
        words.append(f"{len(accepted)} accepted")
    above.append(Fact("others", (", ".join(words),)))
    grids = [_grid(finding, answer.configuration) for finding in violated]
    if unknown:
        grids.append(_unknown(unknown))
    if accepted:
        rows = tuple((cell(f.id), cell(place_of(f)), cell(f.accepted or "")) for f in accepted)
        grids.append(Grid(("ACCEPTED", "ON", "REASON"), rows, fold=(2,)))
    if answer.verbose and holds:
        titles = tuple((cell(f.id), cell(RULES[f.id].title)) for f in holds)
        grids.append(Grid(("HOLDS", "WHAT WOULD BE WRONG"), titles, fold=(1,)))
    worst = violated[0].severity if violated else Severity.NOTE
    return View(verdict, _TONES[worst] or "strong", tuple(above), tuple(grids))


def _grid(finding: Finding, configuration: Configuration) -> Grid:
    rows = tuple(
        (TableCell(label, "dim"), cell(text))
        for label, text in finding_lines(finding, configuration)
    )
    heading = (
        f"{finding.severity.value.upper()} {finding.id}: {RULES[finding.id].title}",
        f"[{place_of(finding)}]",
    )
    return Grid(("", ""), rows, fold=(1,), title=printable(" ".join(heading)))


def _unknown(findings: list[Finding]) -> Grid:
    grouped: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        grouped.setdefault((finding.id, finding.missing), []).append(place_of(finding))
    rows = tuple(
        (cell(id_), cell(", ".join(dict.fromkeys(places))), cell(missing))
        for (id_, missing), places in grouped.items()
    )
    return Grid(("CANNOT TELL", "ON", "NEEDS"), rows, fold=(1, 2))


def audit_document(answer: AuditAnswer) -> dict[str, Any]:
    """Return the ``relaysim.audit/1`` document."""
    return {
        "format": "relaysim.audit/1",
        "configuration": configuration_document(answer.configuration),
        "covered": {"endpoints": endpoint_documents(answer.spots), "tls": [False, True]},
        "counts": {
            **{
                severity.value: sum(f.is_open and f.severity is severity for f in answer.findings)
                for severity in Severity
            },
            "cannot tell": len(answer.of(FindingVerdict.CANNOT_TELL)),
            "holds": len(answer.of(FindingVerdict.HOLDS)),
            "accepted": sum(f.accepted is not None for f in answer.findings),
        },
        "findings": [_document(finding, answer) for finding in answer.findings],
        **_baseline(answer),
    }


def _baseline(answer: AuditAnswer) -> dict[str, Any]:
    if not answer.baselines:
        return {}
    from relaysim.render.weighed.baseline_view import baseline_document

    return {"baseline": baseline_document(answer)}


def _document(finding: Finding, answer: AuditAnswer) -> dict[str, Any]:
    rule = RULES[finding.id]
    return {
        "id": finding.id,
        "title": rule.title,
        "verdict": finding.verdict.value,
        "severity": finding.severity.value,
        "connector": finding.connector or None,
        "server": finding.server or None,
        "principal": finding.principal.name if finding.principal else None,
        "right": finding.right.value if finding.right else None,
        "ranges": [str(interval) for interval in finding.ranges],
        "endpoints": [_endpoint(endpoint) for endpoint in finding.endpoints],
        "file": finding.file or None,
        "line": finding.line or None,
        "what": finding.what or None,
        "why": rule.why,
        "fix": fix_lines(finding.fix),
        "missing": finding.missing or None,
        "witness": witness_command(finding.witness, answer.configuration)
        if finding.witness
        else None,
        "accepted": finding.accepted,
        "remark": finding.remark or None,
    }


def _endpoint(endpoint: Endpoint) -> dict[str, Any]:
    (document,) = endpoint_documents(spots([endpoint]))
    return document


def audit_csv(answer: AuditAnswer) -> str:
    """Return CSV with a line for each finding, and for each control that was asked about."""
    rows = [
        [
            "id",
            "verdict",
            "severity",
            "server",
            "connector",
            "principal",
            "right",
            "addresses",
            "file",
            "line",
            "what",
            "missing",
            "fix",
            "accepted",
        ],
    ]
    rows += [
        [
            f.id,
            f.verdict.value,
            f.severity.value,
            f.server,
            f.connector,
            f.principal.name if f.principal else "",
            f.right.value if f.right else "",
            str(f.ranges.size),
            f.file,
            str(f.line or ""),
            f.what,
            f.missing,
            "; ".join(fix_lines(f.fix)),
            f.accepted or "",
        ]
        for f in answer.findings
    ]
    if answer.controls:
        from relaysim.render.weighed.baseline_machine import control_rows

        rows += control_rows(answer, len(rows[0]))
    return csv_lines(rows, spreadsheet=answer.spreadsheet)


def audit_markdown(answer: AuditAnswer) -> str:
    """Return Markdown for a comment: the counts, a table, and details that fold away."""
    if answer.baselines:
        from relaysim.render.weighed.baseline_view import baseline_markdown

        return baseline_markdown(answer)
    violated = answer.of(FindingVerdict.VIOLATED)
    unknown = answer.of(FindingVerdict.CANNOT_TELL)
    lines = [f"**relaysim audit: {audit_view(answer).verdict}**", ""]
    if violated:
        lines += ["| severity | finding | on | what |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {f.severity.value} | {f.id} | {_code(place_of(f))} | {escaped(f.what)} |"
            for f in violated[:20]
        ]
        if len(violated) > 20:
            lines.append(f"| | {len(violated) - 20} more | | |")
        lines += ["", "<details><summary>How to fix</summary>", ""]
        for finding in violated[:20]:
            if finding.fix:
                lines += [f"{finding.id} on {_code(place_of(finding))}:", "", "```powershell"]
                lines += [*fix_lines(finding.fix), "```", ""]
        lines += ["</details>", ""]
    if unknown:
        lines.append(f"{len(unknown)} cannot be told for want of facts.")
    return "\n".join(lines).rstrip() + "\n"


def _code(text: str) -> str:
    return "`" + printable(text).replace("`", "'").replace("|", "\\|") + "`"
