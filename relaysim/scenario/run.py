"""Running a scenario: every step in order, on one server. Pure: no file, no clock of its own."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, assert_never

from relaysim.errors import InvalidInput
from relaysim.lean import later, replace
from relaysim.model.decision import Decision
from relaysim.model.organization import Organization
from relaysim.net.address import Address
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import Interval
from relaysim.scenario.answers import Facts, ScenarioAnswers, Verdicts
from relaysim.scenario.changes import apply_change
from relaysim.scenario.compare import (
    check_names,
    differences,
    is_met,
    open_question,
    unnamed_assumptions,
)
from relaysim.scenario.places import asked_shapes
from relaysim.scenario.reading.schema import Change, Check, CheckShape, Run, Scenario, Step
from relaysim.scenario.results import Breach, Difference, FileResult, State, StepResult, Warned
from relaysim.scenario.script import CannotRun, ScriptOutcome, Shell, run_text

if TYPE_CHECKING:
    from relaysim.analysis.compare.change import Comparison
    from relaysim.analysis.compare.compare import compare
    from relaysim.scenario.power import PowerResult, breaches_of
else:
    # Few steps expect something of power: only they pay for comparing it.
    (compare,) = later(globals(), "relaysim.analysis.compare.compare", "compare")
    PowerResult, breaches_of = later(
        globals(), "relaysim.scenario.power", "PowerResult breaches_of"
    )

__all__ = ["Asked", "Runner"]

_NOWHERE = AddressSet()
_SERVERS = 64
_CHANGES = 1024


class Asked(NamedTuple):
    """One answer that a check was held against.

    Attributes:
        scenario: The file.
        answers: The server as it stood, and what it answers.
        check: The question and what was expected.
        shape: The session, but for its address.
        addresses: The addresses that this is the answer for.
        facts: The answer.
    """

    scenario: Scenario
    answers: ScenarioAnswers
    check: Check
    shape: CheckShape
    addresses: AddressSet
    facts: Facts


class _Finding(NamedTuple):
    """What one step came to, before known gaps and strictness are looked at."""

    state: State
    reason: str | None = None
    hint: str | None = None
    breaches: tuple[Breach, ...] = ()
    warnings: tuple[Warned, ...] = ()
    power: "PowerResult | None" = None


_PASSED = _Finding(State.PASSED)


class Runner:
    """Runs scenarios, one after the other; what servers answer is kept between them.

    Files share nothing that one of them could change: organizations are values, and a step makes
    a new one. What is kept is bounded, whatever the number of files.

    Args:
        strict: An assumption that decided an expected answer without being named is a failure.
        stop: Stop a file at its first step that fails or cannot be evaluated.
        select: Returns of the names of a file's steps the places, from 0, of those that are asked
            for; all are when left out. Changes are made even when their step is not asked for,
            because later steps build on them.
        clock: Gives seconds; times are zero when left out.
        watch: Told about every answer.
        powershell: Runs the text of steps that want a real PowerShell; they are refused without.
        comparing: Work out what every change does to power, not only where a step expects
            something of it.
    """

    def __init__(
        self,
        *,
        strict: bool = False,
        stop: bool = False,
        select: Callable[[Sequence[str]], Collection[int]] | None = None,
        clock: Callable[[], float] | None = None,
        watch: Callable[[Asked], None] | None = None,
        powershell: Shell | None = None,
        comparing: bool = False,
    ) -> None:
        self.strict = strict
        self.stop = stop
        self.select = select
        self.clock = clock
        self.watch = watch
        self.powershell = powershell
        self.comparing = comparing
        self._compared: dict[tuple[int, int], tuple[Organization, Organization, Comparison]] = {}
        self._verdicts = Verdicts()
        self._servers: dict[int, ScenarioAnswers] = {}
        self._changed: dict[tuple[int, int], tuple[ScenarioAnswers, Change, ScenarioAnswers]] = {}
        self._scripts: dict[
            tuple[int, Run], tuple[ScenarioAnswers, ScriptOutcome, ScenarioAnswers]
        ] = {}

    def run(self, scenario: Scenario) -> FileResult:
        """Return how every selected step of a scenario ends."""
        begin = self.clock() if self.clock else 0.0
        run = _FileRun(self, scenario)
        results = tuple(run.steps())
        seconds = self.clock() - begin if self.clock else 0.0
        return FileResult(scenario, results, seconds)

    def answers_of(self, organization: Organization) -> ScenarioAnswers:
        """Return the answers of an organization, the same as before if it is the same object."""
        found = self._servers.get(id(organization))
        if found is None:
            if len(self._servers) >= _SERVERS:
                self._servers.pop(next(iter(self._servers)))
            found = self._servers[id(organization)] = ScenarioAnswers(organization, self._verdicts)
        return found

    def changed(self, answers: ScenarioAnswers, change: Change) -> ScenarioAnswers:
        """Return the answers after a change.

        Raises:
            InvalidInput: The change cannot be made.
        """
        # Both objects stay alive in the entry, so that their ids stay their own.
        key = (id(answers), id(change))
        found = self._changed.get(key)
        if found is None:
            if len(self._changed) >= _CHANGES:
                self._changed.clear()
            after = ScenarioAnswers(apply_change(answers.organization, change), self._verdicts)
            found = self._changed[key] = (answers, change, after)
        return found[2]

    def ran(self, answers: ScenarioAnswers, action: Run) -> tuple[ScriptOutcome, ScenarioAnswers]:
        """Return what shell text did, and the answers after it.

        Raises:
            InvalidInput: The text cannot be run.
        """
        key = (id(answers), action)
        found = self._scripts.get(key)
        if found is None:
            if len(self._scripts) >= _CHANGES:
                self._scripts.clear()
            outcome = self._outcome(action, answers.organization)
            same = outcome.organization is answers.organization
            after = answers if same else ScenarioAnswers(outcome.organization, self._verdicts)
            found = self._scripts[key] = (answers, outcome, after)
        return found[1], found[2]

    def compared(self, before: Organization, after: Organization) -> "Comparison":
        """Return what changed in power between two states of a server."""
        key = (id(before), id(after))
        found = self._compared.get(key)
        if found is None:
            if len(self._compared) >= _SERVERS:
                self._compared.clear()
            found = self._compared[key] = (before, after, compare(before, after))
        return found[2]

    def _outcome(self, action: Run, organization: Organization) -> ScriptOutcome:
        if not action.real:
            return run_text(action.text, organization)
        if self.powershell is None:
            raise CannotRun(
                "a step that a real PowerShell runs is refused: all that it does really happens",
                hint="`relaysim test --allow-powershell` lets it",
            )
        return self.powershell(action.text, organization)


class _FileRun:
    """The run of one file: where its server stands, and what stopped it."""

    def __init__(self, runner: Runner, scenario: Scenario) -> None:
        self.runner = runner
        self.scenario = scenario
        self.answers = runner.answers_of(scenario.organization)
        self.broken: str | None = None

    def steps(self) -> Iterable[StepResult]:
        """Yield the result of each selected step, and of each change that cannot be made."""
        runner = self.runner
        select, clock = runner.select, runner.clock
        steps = self.scenario.steps
        wanted: Collection[int] = ()
        if select is not None:
            # What comes after the last step that is asked for cannot matter to it.
            wanted = select([step.name for step in steps])
            steps = steps[: max(wanted) + 1] if wanted else ()
        for index, step in enumerate(steps):
            selected = select is None or index in wanted
            if not selected and isinstance(step.action, Check):
                continue
            begin = clock() if clock else 0.0
            finding = self._step(step, selected=selected)
            if not selected and not finding.state.is_bad:
                continue
            seconds = clock() - begin if clock else 0.0
            yield StepResult(index, step, *finding[:-1], seconds, finding.power)
            if runner.stop and finding.state.is_bad:
                return

    def _step(self, step: Step, *, selected: bool) -> _Finding:
        skip = self.scenario.skip or step.skip
        if skip is not None:
            return _Finding(State.SKIPPED, skip)
        if self.broken is not None:
            return _Finding(State.SKIPPED, f"step `{self.broken}` before it could not be applied")
        action = step.action
        before = self.answers.organization
        try:
            match action:
                case Check():
                    finding = self._check(action)
                case Change():
                    self.answers = self.runner.changed(self.answers, action)
                    finding = _PASSED
                case Run():
                    finding = self._run(action)
                case _:
                    assert_never(action)
            if selected and not isinstance(action, Check):
                finding = self._power(step, before, finding)
        except InvalidInput as error:
            if not isinstance(action, Check):
                self.broken = step.name
            problem = error.problems[0]
            return _Finding(State.ERROR, problem.text(), problem.hint)
        if step.known_gap is None or (step.power is not None and not selected):
            return finding
        if finding.state is State.FAILED:
            return finding._replace(state=State.KNOWN_GAP, reason=step.known_gap)
        if finding.state is State.PASSED:
            reason = f"the known gap is closed: {step.known_gap}"
            return _Finding(State.FAILED, reason, "remove `known_gap` from the step")
        return finding

    def _power(self, step: Step, before: Organization, finding: _Finding) -> _Finding:
        """Return how a change ends, with what it did to power where that is asked about."""
        wanted, after = step.power, self.answers.organization
        if wanted is None and not self.runner.comparing:
            return finding
        comparison = self.runner.compared(before, after)
        breaches = breaches_of(wanted, comparison) if wanted is not None else ()
        finding = finding._replace(power=PowerResult(before, after, comparison, breaches))
        if finding.state is not State.PASSED or not breaches:
            return finding
        if all(breach.is_open for breach in breaches):
            return finding._replace(
                state=State.ERROR, reason="what the change does to power cannot be told"
            )
        return finding._replace(state=State.FAILED)

    def _run(self, action: Run) -> _Finding:
        outcome, after = self.runner.ran(self.answers, action)
        self.answers = after
        wanted = action.expect.error if action.expect is not None else None
        texts = [f"{e.text} ({e.rule})" if e.rule else e.text for e in outcome.errors]
        if wanted is None:
            if not outcome.errors:
                return _PASSED
            return _Finding(State.FAILED, f"the command failed: {texts[0]}")
        if any(error.matches(wanted) for error in outcome.errors):
            return _PASSED
        if not outcome.errors:
            return _Finding(State.FAILED, f"expected the error `{wanted}`, but nothing failed")
        return _Finding(State.FAILED, f"expected the error `{wanted}`, got: {texts[0]}")

    def _check(self, check: Check) -> _Finding:
        expect, question = check.expect, check.question
        if expect is None:
            raise InvalidInput("nothing is expected", hint="`relaysim test --update` fills it in")
        breaches: dict[object, Breach] = {}
        warnings: dict[Warned, None] = {}
        answers, watch = self.answers, self.runner.watch
        whole_organization = answers.organization
        single = question.single
        for shape, addresses in asked_shapes(question, whole_organization):
            parts: Iterable[tuple[AddressSet, Facts]]
            if single is not None:
                parts = ((_NOWHERE, answers.at(single, shape)),)
            else:
                parts = answers.over(addresses, shape)
            for part, facts in parts:
                if facts.verdict.undecided is not None and open_question(expect, facts):
                    raise _undecided(facts)
                if watch is not None:
                    whole = _whole(part, single)
                    watch(Asked(self.scenario, answers, check, shape, whole, facts))
                organization = answers.server_of(shape, facts)
                if not is_met(expect, facts, organization):
                    check_names(expect, whole_organization)
                    found = differences(expect, facts, organization)
                    where = answers.decide, organization
                    _add_breach(breaches, where, shape, _whole(part, single), found)
                if facts.assumptions:
                    warnings.update(dict.fromkeys(unnamed_assumptions(expect, facts)))
        if not breaches and not warnings:
            return _PASSED
        if breaches:
            joined = _without_tls(breaches.values())
            return _Finding(State.FAILED, breaches=joined, warnings=tuple(warnings))
        if self.runner.strict:
            rules = ", ".join(dict.fromkeys(warning.rule for warning in warnings))
            reason = f"--strict: the answer rests on an assumption that is not named: {rules}"
            hint = f"add `assumes = {_quoted(warnings)}` to `expect`"
            return _Finding(State.FAILED, reason, hint, (), tuple(warnings))
        return _Finding(State.PASSED, warnings=tuple(warnings))


def _add_breach(
    breaches: dict[object, Breach],
    where: tuple[Callable[[Address, CheckShape], Decision], Organization],
    shape: CheckShape,
    part: AddressSet,
    found: tuple[Difference, ...],
) -> None:
    """Note what is not met; parts that fail alike on one connector are one breach."""
    decide, organization = where
    decision = decide(part.intervals[0].first, shape)
    key = (shape, found, decision.connector.name if decision.connector else None)
    known = breaches.get(key)
    if known is None:
        breaches[key] = Breach(shape, part, decision, found, organization, (shape.tls,))
    else:
        breaches[key] = known._replace(addresses=known.addresses | part)


def _without_tls(breaches: Iterable[Breach]) -> tuple[Breach, ...]:
    """Join breaches that TLS makes no difference to."""
    found: dict[object, Breach] = {}
    for breach in breaches:
        name = breach.decision.connector.name if breach.decision.connector else None
        key = replace(breach.shape, tls=False), breach.addresses, breach.differences, name
        known = found.get(key)
        if known is None:
            found[key] = breach
        else:
            found[key] = known._replace(tls=tuple(sorted({*known.tls, *breach.tls})))
    return tuple(found.values())


def _whole(part: AddressSet, single: Address | None) -> AddressSet:
    """Return the addresses of a part; for one address they are only put together when needed."""
    if single is None:
        return part
    return AddressSet((Interval(single.family, single.value, single.value),))


def _undecided(facts: Facts) -> InvalidInput:
    undecided = facts.verdict.undecided
    assert undecided is not None  # noqa: S101  # the caller asked
    return InvalidInput(
        f"the question is undecided ({undecided.rule}): {undecided.text}",
        hint=f'`undecided = "{undecided.rule}"` expects just that; otherwise: '
        + "; ".join(undecided.options),
    )


def _quoted(warnings: Iterable[Warned]) -> str:
    return "[" + ", ".join(f'"{rule}"' for rule in dict.fromkeys(w.rule for w in warnings)) + "]"
