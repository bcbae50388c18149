"""An audit for machines that read findings: SARIF 2.1.0, JUnit and GitHub annotations.

Source: GHS.
"""

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from relaysim.analysis.findings.catalogue import RULES
from relaysim.analysis.findings.finding import Finding, FindingVerdict, Severity
from relaysim.errors import printable
from relaysim.render.audit_view import AuditAnswer, finding_lines, place_of
from relaysim.render.fixes import fix_lines

__all__ = ["audit_github", "audit_junit", "audit_sarif"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {
    Severity.CRITICAL: ("error", "9.5"),
    Severity.HIGH: ("error", "8.0"),
    Severity.MEDIUM: ("warning", "5.5"),
    Severity.LOW: ("note", "3.0"),
    Severity.NOTE: ("note", None),
}
_MOST_RESULTS = 25_000
_LONGEST = 1024


def audit_sarif(answer: AuditAnswer) -> dict[str, Any]:
    """Return a SARIF 2.1.0 log of the violations.

    A finding's fingerprint is its rule, server, connector, principal and right, not its line, so
    that it stays the same finding when the file changes. It stands where GitHub reads it.
    """
    violated = [
        finding
        for finding in answer.findings
        if finding.verdict is FindingVerdict.VIOLATED
        and (answer.suppressions or finding.accepted is None)
    ][:_MOST_RESULTS]
    ids = list(dict.fromkeys(finding.id for finding in violated))
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "relaysim",
                        "version": answer.version,
                        "rules": [_rule(id_) for id_ in ids],
                    }
                },
                "columnKind": "utf16CodeUnits",
                "results": [_result(finding, ids, answer) for finding in violated],
            }
        ],
    }


def _rule(id_: str) -> dict[str, Any]:
    rule = RULES[id_]
    level, score = _LEVELS[rule.severity]
    properties: dict[str, Any] = {"tags": ["security", "exchange"]}
    if score is not None:
        properties["security-severity"] = score
    return {
        "id": id_,
        "name": "".join(part.capitalize() for part in id_.split("-")),
        "shortDescription": {"text": rule.title[:_LONGEST]},
        "fullDescription": {"text": f"{rule.title}. {rule.why}"[:_LONGEST]},
        "help": {"text": rule.why, "markdown": rule.why},
        "defaultConfiguration": {"level": level},
        "properties": properties,
    }


def _result(finding: Finding, ids: list[str], answer: AuditAnswer) -> dict[str, Any]:
    level, score = _LEVELS[finding.severity]
    fixes = "; ".join(fix_lines(finding.fix))
    text = f"{RULES[finding.id].title}: {finding.what or place_of(finding)}."
    if fixes:
        text += f" Fix: {fixes}"
    result: dict[str, Any] = {
        "ruleId": finding.id,
        "ruleIndex": ids.index(finding.id),
        "level": level,
        "message": {"text": printable(text)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(finding, answer)},
                    "region": {"startLine": max(finding.line, 1), "startColumn": 1},
                },
                "logicalLocations": [
                    {"fullyQualifiedName": printable(place_of(finding)), "kind": "resource"}
                ],
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": printable(finding.key)},
    }
    if score is not None:
        result["properties"] = {"security-severity": score}
    if finding.accepted is not None:
        result["suppressions"] = [
            {"kind": "external", "justification": printable(finding.accepted)}
        ]
    return result


def _uri(finding: Finding, answer: AuditAnswer) -> str:
    """Return the file as a relative URI; a built-in configuration stands for itself."""
    from urllib.parse import quote

    file = finding.file or answer.configuration.source.replace(":", "-")
    path = file.replace("\\", "/")
    return quote(path.removeprefix("./")) or "configuration"


def audit_junit(answer: AuditAnswer) -> str:
    """Return JUnit XML: a test case for each finding; what cannot be told is skipped."""
    cases = []
    failures = skipped = 0
    for finding in answer.findings:
        name = f"{finding.id} {place_of(finding)}"
        head = f"  <testcase classname={_attribute(finding.id)} name={_attribute(name)}"
        if finding.is_open:
            failures += 1
            lines = finding_lines(finding, answer.configuration.source)
            text = "\n".join(printable(f"{label}: {words}") for label, words in lines)
            message = f"{finding.severity.value}: {RULES[finding.id].title}"
            cases.append(
                f"{head}><failure message={_attribute(message)}>{escape(text)}</failure></testcase>"
            )
        elif finding.verdict is FindingVerdict.HOLDS:
            cases.append(f"{head}/>")
        else:
            skipped += 1
            why = finding.accepted or f"cannot tell: {finding.missing}"
            cases.append(f"{head}><skipped message={_attribute(why)}/></testcase>")
    counts = f'tests="{len(cases)}" failures="{failures}" skipped="{skipped}" errors="0"'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuite name="relaysim audit" {counts}>',
            *cases,
            "</testsuite>",
            "",
        ]
    )


def _attribute(text: str) -> str:
    return quoteattr(printable(text))


def audit_github(answer: AuditAnswer) -> str:
    """Return a workflow command for each violation."""
    words = {"error": "error", "warning": "warning", "note": "notice"}
    lines = []
    for finding in answer.of(FindingVerdict.VIOLATED):
        level, _ = _LEVELS[finding.severity]
        place = ""
        if finding.file:
            place = f"file={_property(finding.file)},line={max(finding.line, 1)},"
        title = _property(f"{finding.id} ({finding.severity.value})")
        fixes = "; ".join(fix_lines(finding.fix))
        message = f"{place_of(finding)}: {finding.what}" + (f". Fix: {fixes}" if fixes else "")
        lines.append(f"::{words[level]} {place}title={title}::{_message(message)}\n")
    return "".join(lines)


def _message(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
