"""The line of a server file or script that decides what a failed step asked."""

from functools import lru_cache
from pathlib import Path

from relaysim.config.whereabouts import Whereabouts, whereabouts
from relaysim.errors import RelaysimError
from relaysim.scenario.reading.schema import Scenario
from relaysim.scenario.results import StepResult

__all__ = ["deciding_place"]

_MOST = 4 << 20


def deciding_place(scenario: Scenario, result: StepResult) -> tuple[str, int] | None:
    """Return file and line of the connector that answers a failed check.

    ``None`` when the scenario describes its server itself or names a built-in one, when no
    connector answers, or when a step before has changed it: then the scenario is the place.
    """
    if not result.breaches or not scenario.server or scenario.server.startswith("builtin:"):
        return None
    breach = result.breaches[0]
    connector = breach.decision.connector
    owners = [
        server
        for server in scenario.organization.servers
        if any(connector is one for one in server.connectors)
    ]
    if connector is None or not owners:
        return None
    server = owners[0]
    path = Path(scenario.file).parent / scenario.server
    line = _places(str(path)).line(server.name, connector.name)
    return (path.as_posix(), line) if line else None


@lru_cache(maxsize=64)
def _places(path: str) -> Whereabouts:
    try:
        text = Path(path).read_text("utf-8-sig") if Path(path).stat().st_size <= _MOST else None
        return whereabouts(path, text)
    except (OSError, ValueError, RelaysimError):
        return whereabouts(path, None)
