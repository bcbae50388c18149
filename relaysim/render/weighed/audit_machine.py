"""An audit for machines that read findings: SARIF 2.1.0, JUnit and GitHub annotations.

Source: GHS.
"""

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from relaysim.analysis.baselines.control import ControlVerdict
from relaysim.analysis.findings.catalogue import RULES
from relaysim.analysis.findings.finding import Finding, FindingVerdict, Severity
from relaysim.errors import printable
from relaysim.render.weighed.audit_answer import AuditAnswer
from relaysim.render.weighed.audit_view import finding_lines, place_of
from relaysim.render.weighed.baseline_machine import control_lines
from relaysim.render.weighed.baseline_view import control_words, effect_words
from relaysim.render.weighed.fixes import fix_lines

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
_MOST_SHOWN = 5_000
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
    ]
    ids = list(dict.fromkeys(finding.id for finding in violated))
    rules, results = _controls(answer, len(ids))
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "relaysim",
                        "version": answer.version,
                        "rules": [*(_rule(id_) for id_ in ids), *rules],
                    }
                },
                "columnKind": "utf16CodeUnits",
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "toolExecutionNotifications": _remarks(len(violated) + len(results)),
                    }
                ],
                "results": [*(_result(f, ids, answer) for f in violated), *results][:_MOST_RESULTS],
            }
        ],
    }


def _remarks(count: int) -> list[dict[str, Any]]:
    """Return what readers of the log leave out of so many results."""
    words = []
    if count > _MOST_RESULTS:
        words.append(f"{count - _MOST_RESULTS:,} of {count:,} results were left out: 25,000 a run")
    if count > _MOST_SHOWN:
        words.append(f"code scanning shows 5,000 results of a run, and there are {count:,}")
    return [{"level": "note", "message": {"text": text}} for text in words]


def _controls(answer: AuditAnswer, first: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return rules and results for the controls of a baseline that are not met.

    Their level tells the intent: a letter that fails alone is a note.
    """
    if not answer.controls:
        return [], []
    failing = [r for r in answer.controls if r.letter.verdict is ControlVerdict.NOT_MET]
    name = answer.baselines[0].name
    ids = list(dict.fromkeys(f"{name}/{result.control.id}" for result in failing))
    rules, results = {}, []
    for result in failing:
        control, id_ = result.control, f"{name}/{result.control.id}"
        help_ = " ".join(filter(None, (f"{control.letter}.", *control.known)))
        rules[id_] = {
            "id": id_,
            "shortDescription": {"text": control.title[:_LONGEST]},
            "fullDescription": {"text": f"{control.title}: {control.letter}."[:_LONGEST]},
            "help": {"text": help_, "markdown": help_},
            "defaultConfiguration": {"level": "note"},
            "properties": {"tags": ["exchange", name]},
        }
        bad = result.intent.verdict is ControlVerdict.NOT_MET
        words = [
            f"{control.title}: {control_words(result.letter)} (the letter)",
            f"intent: {control_words(result.intent)}",
            *(f"if the fix is applied: {line}" for line in effect_words(result)),
        ]
        places = answer.places
        results.append(
            {
                "ruleId": id_,
                "ruleIndex": first + ids.index(id_),
                "level": "warning" if bad else "note",
                "message": {"text": printable(". ".join(words) + ".")},
                "locations": [_location(places.get(result.server, ("", 0)), result.server, answer)],
                "partialFingerprints": {
                    "primaryLocationLineHash": printable(f"{id_}|{result.server.casefold()}")
                },
            }
        )
    return list(rules.values()), results


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
        "locations": [_location((finding.file, finding.line), place_of(finding), answer)],
        "partialFingerprints": {"primaryLocationLineHash": printable(finding.key)},
    }
    if score is not None:
        result["properties"] = {"security-severity": score}
    if finding.accepted is not None:
        result["suppressions"] = [
            {"kind": "external", "justification": printable(finding.accepted)}
        ]
    return result


def _location(place: tuple[str, int], name: str, answer: AuditAnswer) -> dict[str, Any]:
    file, line = place
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(file, answer)},
            "region": {"startLine": max(line, 1), "startColumn": 1},
        },
        "logicalLocations": [{"fullyQualifiedName": printable(name), "kind": "resource"}],
    }


def _uri(file: str, answer: AuditAnswer) -> str:
    """Return the file as a URI, relative where it is below this folder, as code scanning wants.

    A built-in configuration stands for itself.
    """
    from pathlib import Path
    from urllib.parse import quote

    path = Path(file or answer.configuration.source.replace(":", "-"))
    if path.is_absolute():
        try:
            path = path.relative_to(Path.cwd())
        except ValueError:
            return path.as_uri()
    return quote(path.as_posix().removeprefix("./")) or "configuration"


def audit_junit(answer: AuditAnswer) -> str:
    """Return JUnit XML: a test case for each finding and control; what cannot be told is skipped.

    A control fails by its letter.
    """
    cases = []
    failures = skipped = 0
    for finding in answer.findings:
        name = f"{finding.id} {place_of(finding)}"
        head = f"  <testcase classname={_attribute(finding.id)} name={_attribute(name)}"
        if finding.is_open:
            failures += 1
            lines = finding_lines(finding, answer.configuration)
            text = "\n".join(printable(f"{label}: {words}") for label, words in lines)
            message = f"{finding.severity.value}: {RULES[finding.id].title}"
            if finding.file:
                head += f' file={_attribute(finding.file)} line="{max(finding.line, 1)}"'
            cases.append(
                f"{head}><failure message={_attribute(message)}>{escape(text)}</failure></testcase>"
            )
        elif finding.verdict is FindingVerdict.HOLDS:
            cases.append(f"{head}/>")
        else:
            skipped += 1
            why = finding.accepted or f"cannot tell: {finding.missing}"
            cases.append(f"{head}><skipped message={_attribute(why)}/></testcase>")
    for told in control_lines(answer):
        name = f"{told.title} [{told.server}]"
        head = f"  <testcase classname={_attribute(told.id)} name={_attribute(name)}"
        if told.letter is ControlVerdict.NOT_MET:
            failures += 1
            text = escape("\n".join(map(printable, told.words)))
            message = _attribute(told.words[0])
            cases.append(f"{head}><failure message={message}>{text}</failure></testcase>")
        elif told.letter is ControlVerdict.CANNOT_TELL:
            skipped += 1
            cases.append(f"{head}><skipped message={_attribute(told.words[0])}/></testcase>")
        else:
            cases.append(f"{head}/>")
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
    """Return a workflow command for each violation, and each control that is not met.

    A control whose letter fails alone is a notice.
    """
    words = {"error": "error", "warning": "warning", "note": "notice"}
    lines = []
    for finding in answer.of(FindingVerdict.VIOLATED):
        level, _ = _LEVELS[finding.severity]
        place = _place(finding.file, finding.line)
        title = _property(f"{finding.id} ({finding.severity.value})")
        fixes = "; ".join(fix_lines(finding.fix))
        message = f"{place_of(finding)}: {finding.what}" + (f". Fix: {fixes}" if fixes else "")
        lines.append(f"::{words[level]} {place}title={title}::{_message(message)}\n")
    for told in control_lines(answer):
        if told.letter is ControlVerdict.NOT_MET:
            level, place = "warning" if told.is_bad else "notice", _place(told.file, told.line)
            title = _property(f"{told.id} {told.title}")
            lines.append(f"::{level} {place}title={title}::{_message(told.message)}\n")
    return "".join(lines)


def _place(file: str, line: int) -> str:
    return f"file={_property(file)},line={max(line, 1)}," if file else ""


def _message(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
