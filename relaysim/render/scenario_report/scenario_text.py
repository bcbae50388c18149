"""Results of scenarios as text: failures in full, everything else in one line or not at all."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from relaysim.errors import Problem, printable
from relaysim.lean import later
from relaysim.render.scenario_report.scenario_words import (
    address_words,
    count_words,
    difference_rows,
    place_words,
    question_words,
    reason_lines,
    rerun_command,
    shape_words,
)
from relaysim.scenario.reading.schema import Check, Run, Scenario
from relaysim.scenario.results import Breach, FileResult, State, StepResult, Totals

if TYPE_CHECKING:
    from relaysim.render.scenario_report.scenario_power import power_breach_rows, power_rows
    from relaysim.scenario.power import PowerResult
else:
    # Few runs look at power: only they pay for its words.
    power_breach_rows, power_rows = later(
        globals(),
        "relaysim.render.scenario_report.scenario_power",
        "power_breach_rows power_rows",
    )

__all__ = ["Line", "Span", "TextReport", "plain_lines", "step_lines", "totals_line"]

_WORDS = {
    State.PASSED: ("pass", "good"),
    State.FAILED: ("FAIL", "bad"),
    State.ERROR: ("ERROR", "bad"),
    State.SKIPPED: ("skip", "dim"),
    State.KNOWN_GAP: ("gap", "warn"),
}
_INDENT = 6
_LABEL = 11
_SIGNED = ("rights", "has", "lacks", "permission_groups")


class Span(NamedTuple):
    """A piece of a line; the tone only repeats what the words say."""

    text: str
    tone: str = ""


Line = tuple[Span, ...]


class TextReport:
    """Puts the results of one run into lines, file by file.

    Args:
        verbose: Name the steps that passed, too.
        strict: The run was strict; re-run commands then are.
        slowest: How many of the slowest steps to list at the end.
        differences: Show what each step that changes something gives and takes.
        width: Columns to fold prose at, or ``None`` never to fold.
    """

    def __init__(
        self,
        *,
        verbose: bool = False,
        strict: bool = False,
        slowest: int = 0,
        differences: bool = False,
        width: int | None = None,
    ) -> None:
        self.differences = differences
        self.verbose = verbose
        self.strict = strict
        self.slowest = slowest
        self.width = width
        self._bad: list[Line] = []
        self._signs = False
        self._warned = 0
        self._times: list[tuple[float, str, str]] = []

    def begin(self) -> list[Line]:
        """Return the lines before all files: none."""
        return []

    def file(self, result: FileResult) -> list[Line]:
        """Return the lines about one file."""
        scenario = result.scenario
        lines: list[Line] = []
        shown = [
            step
            for step in result.results
            if self.verbose
            or step.warnings
            or (self.differences and step.power is not None)
            or step.state not in (State.PASSED, State.SKIPPED)
        ]
        numbers = scenario.lines() if shown else []
        for step in shown:
            line = numbers[step.position]
            lines += self._step(scenario, step, line)
        for step in result.results if self.slowest else ():
            self._times.append((step.seconds, scenario.file, step.step.name))
        if len(self._times) > self.slowest:
            self._times.sort(reverse=True)
            del self._times[self.slowest :]
        if self.verbose and lines:
            title = f": {scenario.title}" if scenario.title else ""
            head = (Span(printable(f"{scenario.file}{title}"), "strong"),)
            return [head, *lines, ()]
        return lines

    def invalid(self, file: str, problems: Iterable[Problem]) -> list[Line]:
        """Return the lines about a file that cannot be read: its problems go to standard error."""
        count = len(list(problems))
        words = f"{file}: not a valid scenario ({count_words(count, 'problem', 'problems')})"
        self._bad.append((Span("invalid: ", "bad"), Span(printable(words))))
        return []

    def end(self, totals: Totals) -> list[Line]:
        """Return the last lines: the slowest steps, the names of failures, the totals."""
        lines: list[Line] = []
        if self._times:
            lines.append((Span(f"slowest {len(self._times)} steps", "strong"),))
            for seconds, file, name in self._times:
                lines.append((Span(printable(f"{seconds * 1000:9.3f} ms  {file}: {name}")),))
            lines.append(())
        if self._signs:
            lines += [(Span("signs: - expected and missing, + there and not expected", "dim"),), ()]
        lines += self._bad
        lines.append(totals_line(totals))
        return lines

    def _step(self, scenario: Scenario, result: StepResult, line: int | None) -> list[Line]:
        word, tone = _WORDS[result.state]
        name = result.step.name
        place = f"{scenario.file}:{line}" if line is not None else scenario.file
        if result.state.is_bad:
            self._bad.append((Span("failed: ", tone), Span(printable(f"{place}: {name}"))))
            if any(d.key in _SIGNED for breach in result.breaches for d in breach.differences):
                self._signs = True
            lines = step_lines(scenario, result, place, strict=self.strict, width=self.width)
            return [*lines, ()]
        source = f"  [{', '.join(result.step.source)}]" if result.step.source else ""
        if self.verbose:
            lines = [_head(word, tone, name, source)]
        else:
            lines = [_head(word, tone, f"{place}: {name}", source)]
        if result.reason is not None:
            lines += _row("because", result.reason, self.width, "dim")
        if self.differences and result.power is not None:
            lines += _power_rows(result.power, self.width)
        for warning in result.warnings:
            text = f"{', '.join(warning.keys)} rests on an assumption, {warning.rule}: "
            lines += _row("warning", text + warning.text, self.width, "warn")
        return lines if self.verbose else [*lines, ()]


def step_lines(
    scenario: Scenario,
    result: StepResult,
    place: str,
    *,
    strict: bool = False,
    width: int | None = None,
) -> list[Line]:
    """Return everything about a step that failed or could not be evaluated.

    Args:
        scenario: Its file.
        result: The step.
        place: File and line.
        strict: Whether the run was strict.
        width: Columns to fold prose at, or ``None``.
    """
    step = result.step
    word, tone = _WORDS[result.state]
    source = f"  [{', '.join(step.source)}]" if step.source else ""
    lines = [_head(word, tone, f"{place}: {step.name}", source)]
    if isinstance(step.action, Check):
        lines += _row("question", question_words(step.action.question), width)
    elif isinstance(step.action, Run):
        for number, text in enumerate(step.action.text.strip().splitlines()):
            lines += _row("command" if number == 0 else "", text, None)
    if result.reason is not None:
        label = "error" if result.state is State.ERROR else "because"
        lines += _row(label, result.reason, width)
    if result.hint is not None:
        lines += _row("hint", result.hint, width)
    question = step.action.question if isinstance(step.action, Check) else None
    several = question is not None and (question.single is None or len(list(question.shapes())) > 1)
    placed = question is not None and (question.ports != (25,) or question.locals == ())
    for breach in result.breaches:
        lines += _breach_rows(breach, several=several, placed=placed, width=width)
    if result.power is not None:
        for broken in result.power.breaches:
            last = ""
            for label, text in power_breach_rows(broken, result.power):
                tone = {"expected": "good", "actual": "bad"}.get(label, "")
                lines += _row(label if label != last else "", text, width, tone)
                last = label
    for warning in result.warnings:
        text = f"{', '.join(warning.keys)} rests on an assumption, {warning.rule}: {warning.text}"
        lines += _row("warning", text, width, "warn")
    rerun = rerun_command(scenario, result.position, strict=strict)
    return [*lines, *_row("rerun", rerun, None)]


def totals_line(totals: Totals) -> Line:
    """Return the last line: files, steps, and how the steps ended."""
    spans = [
        Span(
            f"{count_words(totals.files, 'file', 'files')}, "
            f"{count_words(totals.steps, 'step', 'steps')}: "
        )
    ]
    parts = []
    for state, count in totals.states.items():
        if count or state is State.PASSED:
            word = state.value if state is not State.ERROR or count == 1 else "errors"
            word = "known gaps" if state is State.KNOWN_GAP and count != 1 else word
            parts.append(Span(f"{count:,} {word}", _WORDS[state][1] if count else ""))
    if totals.invalid:
        words = count_words(totals.invalid, "invalid file", "invalid files")
        parts.append(Span(words, "bad"))
    if totals.warnings:
        parts.append(Span(count_words(totals.warnings, "warning", "warnings"), "warn"))
    for index, part in enumerate(parts):
        spans += [Span(", "), part] if index else [part]
    return tuple(spans)


def plain_lines(lines: Iterable[Line]) -> str:
    """Return lines as text, each ended, without trailing blanks."""
    return "".join("".join(span.text for span in line).rstrip() + "\n" for line in lines)


def _head(word: str, tone: str, text: str, source: str) -> Line:
    pad = " " * (_INDENT - len(word))
    return (Span(word, tone), Span(pad), Span(printable(text), "strong"), Span(source, "dim"))


def _breach_rows(breach: Breach, *, several: bool, placed: bool, width: int | None) -> list[Line]:
    lines: list[Line] = []
    if several or placed:
        text = f"{address_words(breach.addresses)}, {shape_words(breach.shape)}"
        if placed:
            text += f", on {place_words(breach)}"
        if breach.addresses.size > 1:
            text += f", for example {breach.decision.session.ip}"
        lines += _row("breaks", text, width)
    for difference in breach.differences:
        last = ""
        for label, text in difference_rows(difference):
            tone = "bad" if label == "actual" or text[:1] in "+-" else "good"
            lines += _row(label if label != last else "", text, None, tone)
            last = label
    for number, reason in enumerate(reason_lines(breach)):
        lines += _row("because" if number == 0 else "", reason, width)
    return lines


def _power_rows(power: "PowerResult", width: int | None) -> list[Line]:
    """Return what a step changed: its text, and what that gives and takes."""
    lines: list[Line] = []
    for label, texts in power_rows(power):
        for number, text in enumerate(texts):
            lines += _row(label if number == 0 else "", text, width)
    return lines


def _row(label: str, text: str, width: int | None, tone: str = "") -> list[Line]:
    """Return a labelled line, folded at ``width`` when there is room for prose."""
    start = " " * _INDENT + label.ljust(_LABEL)
    if len(label) >= _LABEL:
        start = " " * _INDENT + label + "  "
    text = printable(text)
    room = (width or 0) - len(start)
    if width is None or room < 24 or len(text) <= room:
        return [(Span(start, "dim"), Span(text, tone))]
    import textwrap

    pieces = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
    rest = " " * len(start)
    return [(Span(rest if i else start, "dim"), Span(p, tone)) for i, p in enumerate(pieces)]
