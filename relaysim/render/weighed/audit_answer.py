"""An audit that was made: what every way of writing it is given."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from relaysim.analysis.baselines.control import Baseline, ControlResult
from relaysim.analysis.endpoints import Spot
from relaysim.analysis.findings.finding import Finding, FindingVerdict
from relaysim.config.source import Configuration

__all__ = ["AuditAnswer"]


class AuditAnswer(NamedTuple):
    """An audit that was made.

    Attributes:
        configuration: Where the organization came from.
        findings: Every finding, worst first.
        spots: Every endpoint that was covered.
        baselines: The baselines that were asked for, or none.
        controls: Their controls, decided.
        places: The file and line of each server, by its name.
        since: What the findings are new against, or empty.
        verbose: List what holds too.
        version: Version of the program.
        spreadsheet: No cell of CSV is a formula.
        suppressions: Write accepted findings to SARIF too, as suppressed; by default they are
            left out, because code scanning shows suppressed results as open.
    """

    configuration: Configuration
    findings: tuple[Finding, ...]
    spots: tuple[Spot, ...]
    baselines: tuple[Baseline, ...] = ()
    controls: tuple[ControlResult, ...] = ()
    places: Mapping[str, tuple[str, int]] = MappingProxyType({})
    since: str = ""
    verbose: bool = False
    suppressions: bool = False
    version: str = ""
    spreadsheet: bool = False

    def of(self, verdict: FindingVerdict) -> list[Finding]:
        """Return the findings with a verdict, accepted ones left out."""
        return [f for f in self.findings if f.verdict is verdict and f.accepted is None]
