"""What running a scenario found, as values; renderers add nothing but layout."""

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from relaysim.model.decision import Decision
from relaysim.model.organization import Organization
from relaysim.net.addrset import AddressSet
from relaysim.scenario.reading.schema import CheckShape, Scenario, Step

if TYPE_CHECKING:
    from relaysim.scenario.power import PowerResult

__all__ = ["Breach", "Difference", "FileResult", "State", "StepResult", "Totals", "Warned"]


class State(Enum):
    """How a step ended; the value is the word that is printed."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    """It could not be evaluated."""
    SKIPPED = "skipped"
    KNOWN_GAP = "known gap"
    """It failed, as the file says it does."""

    __hash__ = object.__hash__

    @property
    def is_bad(self) -> bool:
        """Whether a run with such a step must not be green."""
        return self in (State.FAILED, State.ERROR)


class Difference(NamedTuple):
    """One expectation that is not met.

    Attributes:
        key: Its key in ``expect``.
        expected: What was expected, as text.
        actual: What is, as text.
        missing: For sets, what was expected and is not there.
        extra: For sets, what is there and was not expected.
    """

    key: str
    expected: str
    actual: str
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


class Breach(NamedTuple):
    """One way in which a check fails.

    Attributes:
        shape: The session, but for its address.
        addresses: Every address that fails in this way.
        decision: The engine's decision about the first of them.
        differences: What is not met.
        organization: The server as it stood at this step.
        tls: The TLS states in which it fails so.
    """

    shape: CheckShape
    addresses: AddressSet
    decision: Decision
    differences: tuple[Difference, ...]
    organization: Organization
    tls: tuple[bool, ...] = (False,)


class Warned(NamedTuple):
    """An assumption that decided an expected answer without being named in ``assumes``.

    Attributes:
        rule: The rule.
        text: What was assumed.
        keys: The expectations it decided.
    """

    rule: str
    text: str
    keys: tuple[str, ...]


class StepResult(NamedTuple):
    """How one step ended.

    Attributes:
        position: Position in the file, from 0.
        step: The step.
        state: How it ended.
        reason: Why it is skipped, an error, a known gap, or failed without a breach.
        hint: Advice, or ``None``.
        breaches: What failed; of a known gap too.
        warnings: Assumptions that were not named.
        seconds: Time it took.
        power: What a change did to power, where that was asked about.
    """

    position: int
    step: Step
    state: State
    reason: str | None = None
    hint: str | None = None
    breaches: tuple[Breach, ...] = ()
    warnings: tuple[Warned, ...] = ()
    seconds: float = 0.0
    power: "PowerResult | None" = None


class FileResult(NamedTuple):
    """How one scenario file ended.

    Attributes:
        scenario: The file.
        results: One for each step that was selected, in order.
        seconds: Time it took, reading not included.
    """

    scenario: Scenario
    results: tuple[StepResult, ...]
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether no step failed or could not be evaluated."""
        return not any(step.state.is_bad for step in self.results)


class Totals:
    """Counts over many files.

    Attributes:
        files: Files that were read and run.
        invalid: Files that could not be read.
        states: Steps in each state.
        warnings: Assumptions that were not named.
    """

    def __init__(self) -> None:
        self.files = 0
        self.invalid = 0
        self.states = dict.fromkeys(State, 0)
        self.warnings = 0

    def add(self, result: FileResult) -> None:
        """Count one file."""
        self.files += 1
        for step in result.results:
            self.states[step.state] += 1
            self.warnings += len(step.warnings)

    @property
    def steps(self) -> int:
        """Number of steps in any state."""
        return sum(self.states.values())

    @property
    def is_bad(self) -> bool:
        """Whether a step failed or could not be evaluated."""
        return any(count for state, count in self.states.items() if state.is_bad)
