"""Controls as values: what one demands to the letter, what it means, and what its fix would do."""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import NamedTuple

from relaysim.analysis.compare.change import Comparison
from relaysim.analysis.findings.finding import Finding, FindingVerdict, ShellCommand
from relaysim.analysis.findings.space import ConnectorPower, Space
from relaysim.model.organization import Organization

__all__ = [
    "Audited",
    "Baseline",
    "Checked",
    "Control",
    "ControlResult",
    "ControlVerdict",
    "Repair",
    "each",
    "meant_by",
]


class ControlVerdict(Enum):
    """How a control is decided; the value is the word that is printed."""

    MET = "met"
    NOT_MET = "not met"
    CANNOT_TELL = "cannot tell"
    NOTHING = "-"

    __hash__ = object.__hash__


class Audited(NamedTuple):
    """One server with everything that controls are decided from.

    Attributes:
        space: Every server, swept.
        organization: The organization with only this server.
        powers: Its enabled connectors.
        findings: What the audit found on it, and of the organization.
    """

    space: Space
    organization: Organization
    powers: tuple[ConnectorPower, ...]
    findings: tuple[Finding, ...]


class Checked(NamedTuple):
    """What a check comes to.

    Attributes:
        verdict: The verdict.
        where: Names of the connectors that fail it, or ids of the findings that stand against it.
        missing: What has to be known to tell, when it cannot be told.
    """

    verdict: ControlVerdict
    where: tuple[str, ...] = ()
    missing: str = ""


Check = Callable[[Audited], Checked]
Repair = Callable[[ConnectorPower], tuple[tuple[ShellCommand, ...], ...]]


class Control(NamedTuple):
    """One control of a baseline.

    Attributes:
        id: Its id in the baseline.
        title: What it is about.
        letter: What its text demands, in words.
        check: Decides the letter.
        intent: What it is for, in words; empty where nothing but the letter is.
        meant: Decides the intent.
        repair: What its fix text does to a connector that fails the letter.
        known: Its known contradictions, each a sentence.
    """

    id: str
    title: str
    letter: str
    check: Check
    intent: str = ""
    meant: Check | None = None
    repair: Repair | None = None
    known: tuple[str, ...] = ()


class Baseline(NamedTuple):
    """The controls of a baseline for one server.

    Attributes:
        name: Its word on the command line.
        title: What it is called, with its version.
        controls: Its controls for the version and role of the server.
        remark: What to know of it here, such as that it is another version's.
        sources: Ids of ``docs/sources.md``.
    """

    name: str
    title: str
    controls: tuple[Control, ...]
    remark: str = ""
    sources: tuple[str, ...] = ()


class ControlResult(NamedTuple):
    """One control decided on one server.

    Attributes:
        control: The control.
        server: Name of the server.
        letter: What the letter comes to.
        intent: What the intent comes to.
        fix: What the fix would do: commands.
        effect: What that would change in power; ``None`` when nothing is to be fixed.
        refused: Why Exchange would refuse the fix, or empty.
    """

    control: Control
    server: str
    letter: Checked
    intent: Checked
    fix: tuple[tuple[ShellCommand, ...], ...] = ()
    effect: Comparison | None = None
    refused: str = ""


def each(test: Callable[[ConnectorPower], bool | None], missing: str = "") -> Check:
    """Return a check that every enabled connector has to pass; ``None`` is "cannot tell"."""

    def check(audited: Audited) -> Checked:
        answers = {power.connector.name: test(power) for power in audited.powers}
        failing = tuple(name for name, answer in answers.items() if answer is False)
        if failing:
            return Checked(ControlVerdict.NOT_MET, failing)
        unknown = tuple(name for name, answer in answers.items() if answer is None)
        if unknown:
            return Checked(ControlVerdict.CANNOT_TELL, unknown, missing)
        return Checked(ControlVerdict.MET)

    return check


def meant_by(*ids: str) -> Check:
    """Return a check that fails where one of these findings stands."""

    def check(audited: Audited) -> Checked:
        found = [finding for finding in audited.findings if finding.id in ids]
        open_ = _ids(f for f in found if f.is_open)
        if open_:
            return Checked(ControlVerdict.NOT_MET, open_)
        unknown = [f for f in found if f.verdict is FindingVerdict.CANNOT_TELL]
        if unknown:
            missing = ", ".join(dict.fromkeys(f.missing for f in unknown))
            return Checked(ControlVerdict.CANNOT_TELL, _ids(unknown), missing)
        return Checked(ControlVerdict.MET)

    return check


def _ids(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(finding.id for finding in findings))
