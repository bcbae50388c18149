"""Results of scenarios for machines: JSON, GitHub annotations and TAP, file by file."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from relaysim.errors import Problem, printable
from relaysim.lean import later
from relaysim.render.scenario_places import deciding_place
from relaysim.render.scenario_report.scenario_text import plain_lines, step_lines, totals_line
from relaysim.render.scenario_report.scenario_words import (
    question_words,
    reason_lines,
    rerun_command,
)
from relaysim.scenario.coverage import CoverageReport
from relaysim.scenario.reading.schema import Check, Scenario
from relaysim.scenario.results import Breach, FileResult, State, StepResult, Totals

if TYPE_CHECKING:
    from relaysim.render.scenario_report.scenario_power import power_document
else:
    (power_document,) = later(
        globals(), "relaysim.render.scenario_report.scenario_power", "power_document"
    )

__all__ = ["GithubReport", "JsonReport", "TapReport", "failure_text"]


def failure_text(scenario: Scenario, result: StepResult, line: int | None, *, strict: bool) -> str:
    """Return the text of a step that failed, the same as in the text format."""
    place = f"{scenario.file}:{line}" if line is not None else scenario.file
    return plain_lines(step_lines(scenario, result, place, strict=strict))


class JsonReport:
    """One JSON document, ``relaysim.test/1``; see docs/reference/scenario-format.md."""

    def __init__(self, *, strict: bool = False) -> None:
        self.strict = strict
        self._first = True
        self._coverage: CoverageReport | None = None

    def begin(self) -> str:
        """Return the beginning of the document."""
        return '{"format": "relaysim.test/1", "files": ['

    def file(self, result: FileResult) -> str:
        """Return one file's entry."""
        scenario = result.scenario
        lines = scenario.lines()
        entry: dict[str, Any] = {
            "file": scenario.file,
            "title": scenario.title,
            "server": scenario.server,
            "steps": [self._step(scenario, r, lines[r.position]) for r in result.results],
        }
        return self._entry(entry)

    def invalid(self, file: str, problems: Iterable[Problem]) -> str:
        """Return the entry of a file that cannot be read."""
        found = [
            {"line": p.line, "where": p.where, "message": p.message, "hint": p.hint}
            for p in problems
        ]
        return self._entry({"file": file, "problems": found})

    def coverage(self, coverage: CoverageReport) -> str:
        """Take the coverage for the end of the document."""
        self._coverage = coverage
        return ""

    def end(self, totals: Totals) -> str:
        """Return the end of the document."""
        counts: dict[str, int] = {"files": totals.files, "steps": totals.steps}
        counts |= {state.value.replace(" ", "_"): n for state, n in totals.states.items()}
        counts |= {"invalid_files": totals.invalid, "warnings": totals.warnings}
        coverage = ""
        if self._coverage is not None:
            coverage = f', "coverage": {json.dumps(_coverage(self._coverage))}'
        return f'\n], "totals": {json.dumps(counts)}{coverage}}}\n'

    def _entry(self, entry: dict[str, Any]) -> str:
        comma = "" if self._first else ","
        self._first = False
        return f"{comma}\n{json.dumps(entry)}"

    def _step(self, scenario: Scenario, result: StepResult, line: int | None) -> dict[str, Any]:
        step = result.step
        entry: dict[str, Any] = {
            "name": step.name,
            "line": line,
            "source": list(step.source),
            "state": result.state.value.replace(" ", "_"),
            "reason": result.reason,
            "hint": result.hint,
        }
        if isinstance(step.action, Check):
            entry["question"] = question_words(step.action.question)
        entry["breaches"] = [_breach(breach) for breach in result.breaches]
        entry["warnings"] = [
            {"rule": w.rule, "text": w.text, "keys": list(w.keys)} for w in result.warnings
        ]
        if result.power is not None:
            entry["power"] = power_document(result.power)
        if result.state.is_bad:
            entry["rerun"] = rerun_command(scenario, result.position, strict=self.strict)
        return entry


def _breach(breach: Breach) -> dict[str, Any]:
    shape = breach.shape
    return {
        "addresses": [str(interval) for interval in breach.addresses],
        "count": breach.addresses.size,
        "example": str(breach.decision.session.ip),
        "auth": shape.auth.value,
        **({} if shape.server is None else {"server": shape.server}),
        "port": shape.port,
        "local_ip": None if shape.local_ip is None else str(shape.local_ip),
        "tls": list(breach.tls),
        "from": shape.mail_from,
        "to": list(shape.rcpt_to),
        "differences": [
            {
                "key": d.key,
                "expected": d.expected,
                "actual": d.actual,
                "missing": list(d.missing),
                "extra": list(d.extra),
            }
            for d in breach.differences
        ],
        "because": reason_lines(breach),
    }


def _coverage(report: CoverageReport) -> dict[str, Any]:
    return {
        "percent": round(report.percent, 1),
        "servers": [
            {
                "server": server.server,
                "connectors": list(server.connectors),
                "entries": list(server.entries),
                "regions": list(server.regions),
                "unasked_connectors": list(server.unasked_connectors),
                "unasked_entries": [
                    {
                        "connector": connector,
                        "principal": ace.principal.name,
                        "right": ace.right.value,
                        "deny": ace.deny,
                    }
                    for connector, ace in server.unasked_entries
                ],
                "unasked_regions": [
                    {"port": port, "connector": connector, "addresses": str(interval)}
                    for port, connector, interval in server.unasked_regions
                ],
            }
            for server in report.servers
        ],
    }


class GithubReport:
    """Workflow commands that GitHub Actions turns into annotations at file and line."""

    def __init__(self, *, strict: bool = False) -> None:
        self.strict = strict

    def begin(self) -> str:
        """Return nothing: there is no head."""
        return ""

    def file(self, result: FileResult) -> str:
        """Return the annotations of one file: errors, and warnings for assumptions."""
        scenario = result.scenario
        shown = [r for r in result.results if r.state.is_bad or r.warnings]
        lines = scenario.lines() if shown else []
        text = ""
        for one in shown:
            line = lines[one.position]
            if one.state.is_bad:
                message = failure_text(scenario, one, line, strict=self.strict)
                # Who mends it looks at the connector; the message names the step.
                place = deciding_place(scenario, one) or (scenario.file, line)
                text += _annotation("error", *place, one.step.name, message)
                continue
            for warning in one.warnings:
                keys = ", ".join(warning.keys)
                message = f"{keys} rests on an assumption, {warning.rule}: {warning.text}"
                text += _annotation("warning", scenario.file, line, one.step.name, message)
        return text

    def invalid(self, file: str, problems: Iterable[Problem]) -> str:
        """Return the annotations of a file that cannot be read."""
        text = ""
        for problem in problems:
            words = f"{problem.where}: {problem.message}" if problem.where else problem.message
            message = words if problem.hint is None else f"{words}\nhint: {problem.hint}"
            text += _annotation("error", file, problem.line, "not a valid scenario", message)
        return text

    def coverage(self, coverage: CoverageReport) -> str:
        """Return the share that was asked about as a notice."""
        return f"::notice title=relaysim coverage::{coverage.percent:.1f}%25\n"

    def end(self, totals: Totals) -> str:
        """Return the totals as a notice."""
        words = plain_lines([totals_line(totals)]).strip()
        return f"::notice title=relaysim test::{_data(words)}\n"


def _annotation(kind: str, file: str, line: int | None, title: str, message: str) -> str:
    place = f"file={_property(file)}" + ("" if line is None else f",line={line}")
    return f"::{kind} {place},title={_property(title)}::{_data(message)}\n"


def _data(text: str) -> str:
    lines = text.strip("\n").split("\n")
    return "%0A".join(printable(line).replace("%", "%25") for line in lines)


def _property(text: str) -> str:
    escaped = printable(text).replace("%", "%25")
    return escaped.replace(":", "%3A").replace(",", "%2C")


class TapReport:
    """The Test Anything Protocol, version 14; the plan stands at the end."""

    def __init__(self, *, strict: bool = False) -> None:
        self.strict = strict
        self._count = 0

    def begin(self) -> str:
        """Return the version line."""
        return "TAP version 14\n"

    def file(self, result: FileResult) -> str:
        """Return one line for each step, failures with their text as comments."""
        scenario = result.scenario
        bad = any(r.state.is_bad for r in result.results)
        lines = scenario.lines() if bad else []
        text = ""
        for one in result.results:
            self._count += 1
            ok = "ok" if one.state in (State.PASSED, State.SKIPPED) else "not ok"
            name = f"{scenario.file}: {one.step.name}"
            text += f"{ok} {self._count} - {_tap(name)}"
            if one.state is State.SKIPPED:
                text += f" # SKIP {_tap(one.reason or '')}"
            elif one.state is State.KNOWN_GAP:
                text += f" # TODO {_tap(one.reason or '')}"
            text += "\n"
            if one.state.is_bad:
                message = failure_text(scenario, one, lines[one.position], strict=self.strict)
                text += "".join(f"# {line}\n" for line in message.splitlines())
        return text

    def invalid(self, file: str, problems: Iterable[Problem]) -> str:
        """Return a failed line for a file that cannot be read."""
        self._count += 1
        text = f"not ok {self._count} - {_tap(file)}: not a valid scenario\n"
        return text + "".join(f"# {line}\n" for p in problems for line in p.lines())

    def coverage(self, coverage: CoverageReport) -> str:
        """Return the share that was asked about as a comment."""
        return f"# coverage: {coverage.percent:.1f}%\n"

    def end(self, totals: Totals) -> str:
        """Return the plan and the totals."""
        return f"1..{self._count}\n# {plain_lines([totals_line(totals)])}"


def _tap(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace("#", "\\#")
