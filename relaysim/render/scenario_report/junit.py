"""Results of scenarios as JUnit XML: a suite for each file, a case for each step."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from relaysim.errors import Problem, printable
from relaysim.lean import later
from relaysim.render.scenario_places import deciding_place
from relaysim.render.scenario_report.scenario_machine import failure_text
from relaysim.scenario.coverage import CoverageReport
from relaysim.scenario.reading.schema import Scenario
from relaysim.scenario.results import FileResult, State, StepResult, Totals

if TYPE_CHECKING:
    from relaysim.render.scenario_report.scenario_power import power_breach_rows
else:
    (power_breach_rows,) = later(
        globals(), "relaysim.render.scenario_report.scenario_power", "power_breach_rows"
    )

__all__ = ["JunitReport"]


class JunitReport:
    """The JUnit schema that CI systems read; text never holds a character XML forbids."""

    def __init__(self, *, strict: bool = False) -> None:
        self.strict = strict

    def begin(self) -> str:
        """Return the declaration and the root's start."""
        return '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="relaysim test">\n'

    def file(self, result: FileResult) -> str:
        """Return one suite."""
        scenario = result.scenario
        states = [one.state for one in result.results]
        skipped = states.count(State.SKIPPED) + states.count(State.KNOWN_GAP)
        bad = any(state.is_bad for state in states)
        lines = scenario.lines() if bad else []
        text = _suite(
            scenario.file,
            tests=len(states),
            failures=states.count(State.FAILED),
            errors=states.count(State.ERROR),
            skipped=skipped,
            seconds=result.seconds,
        )
        for one in result.results:
            line = lines[one.position] if lines else None
            text += self._case(scenario, one, line)
        return text + "  </testsuite>\n"

    def invalid(self, file: str, problems: Iterable[Problem]) -> str:
        """Return the suite of a file that cannot be read: one case with an error."""
        found = list(problems)
        body = "\n".join(line for problem in found for line in problem.lines())
        text = _suite(file, tests=1, failures=0, errors=1, skipped=0, seconds=0.0)
        text += _case("valid scenario file", file, 0.0, (file, found[0].line if found else None))
        message = f"{len(found)} problem" + ("" if len(found) == 1 else "s")
        text += f"\n      <error{_attributes(message=message, type='InvalidScenario')}>"
        return text + f"{_escape(body)}</error>\n    </testcase>\n  </testsuite>\n"

    def coverage(self, coverage: CoverageReport) -> str:  # noqa: ARG002  # the schema has no place
        """Return nothing: JUnit knows no coverage."""
        return ""

    def end(self, totals: Totals) -> str:  # noqa: ARG002  # the counts stand with the suites
        """Return the root's end."""
        return "</testsuites>\n"

    def _case(self, scenario: Scenario, result: StepResult, line: int | None) -> str:
        file, at = scenario.file, None
        if result.state.is_bad:
            # A failure is shown where it is decided: there somebody has to change something.
            file, at = deciding_place(scenario, result) or (file, line)
        text = _case(result.step.name, scenario.file, result.seconds, (file, at))
        inner = ""
        if result.state.is_bad:
            tag = "failure" if result.state is State.FAILED else "error"
            body = failure_text(scenario, result, line, strict=self.strict)
            message = result.reason or _first_difference(result)
            head = _attributes(message=message, type=result.state.value)
            inner = f"      <{tag}{head}>{_escape(body)}</{tag}>\n"
        elif result.state in (State.SKIPPED, State.KNOWN_GAP):
            prefix = "known gap: " if result.state is State.KNOWN_GAP else ""
            inner = f"      <skipped{_attributes(message=prefix + (result.reason or ''))}/>\n"
        if result.warnings:
            words = "\n".join(
                f"warning: {', '.join(w.keys)} rests on an assumption, {w.rule}: {w.text}"
                for w in result.warnings
            )
            inner += f"      <system-out>{_escape(words)}</system-out>\n"
        return f"{text}\n{inner}    </testcase>\n" if inner else f"{text[:-1]}/>\n"


def _first_difference(result: StepResult) -> str:
    for breach in result.breaches:
        for difference in breach.differences:
            signed = [f"- {name}" for name in difference.missing]
            signed += [f"+ {name}" for name in difference.extra]
            if signed:
                return f"{difference.key}: {', '.join(signed)}"
            return f"{difference.key}: expected {difference.expected}, actual {difference.actual}"
    if result.power is not None and result.power.breaches:
        broken = result.power.breaches[0]
        return ": ".join(text for _, text in power_breach_rows(broken, result.power)[:2])
    return result.state.value


def _suite(
    name: str, *, tests: int, failures: int, errors: int, skipped: int, seconds: float
) -> str:
    head = _attributes(
        name=name,
        tests=str(tests),
        failures=str(failures),
        errors=str(errors),
        skipped=str(skipped),
        time=f"{seconds:.3f}",
    )
    return f"  <testsuite{head}>\n"


def _case(name: str, file: str, seconds: float, place: tuple[str, int | None]) -> str:
    head = _attributes(classname=_class_name(file), name=name, time=f"{seconds:.3f}", file=place[0])
    where = "" if place[1] is None else _attributes(line=str(place[1]))
    return f"    <testcase{head}{where}>"


def _class_name(file: str) -> str:
    """Return the file as a dotted name, which is what CI systems group by."""
    return file.removesuffix(".toml").replace("\\", "/").strip("./").replace("/", ".") or file


def _attributes(**values: str) -> str:
    return "".join(f' {key}="{_escape(value)}"' for key, value in values.items())


def _escape(text: str) -> str:
    clean = "\n".join(printable(line) for line in text.split("\n"))
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        clean = clean.replace(char, entity)
    return clean
