"""The rows of the reference page about the properties of a connector, made from the catalogue."""

from itertools import groupby

from relaysim.model.properties.catalogue import PROPERTIES
from relaysim.model.properties.kept import default_of
from relaysim.model.version import ExchangeVersion, ServerRole

__all__ = ["property_rows"]

_TAKEN = {(True, True): "New, Set", (False, True): "Set", (False, False): "-"}


def property_rows():
    """Return the cells of each row, in the order of the catalogue."""
    return [
        [
            f"`{one.name}`",
            f"`{one.key}`",
            one.kind.label,
            one.kind.limits.replace("|", "\\|"),
            defaults(one),
            one.since.value,
            _TAKEN[one.on_new, one.on_set],
            "yes" if one.modelled else "kept",
            f"{one.meaning} [{', '.join(one.sources)}]",
        ]
        for one in PROPERTIES
    ]


def defaults(one):
    """Return the defaults in words: one, one for each run of versions, and an Edge's."""
    if one.name in ("Bindings", "RemoteIPRanges"):
        return "required"
    hub, edge = by_version(one, ServerRole.HUB), by_version(one, ServerRole.EDGE)
    return hub if hub == edge else f"{hub}; Edge: {edge}"


def by_version(one, role):
    versions = [version for version in ExchangeVersion if one.known_to(version)]
    runs = [
        (text or "empty", list(run))
        for text, run in groupby(
            versions,
            lambda version: one.kind.format(default_of(one, exchange=version, role=role)),
        )
    ]
    if len(runs) == 1:
        return runs[0][0]
    return ", ".join(f"{text} ({run[0].value} to {run[-1].value})" for text, run in runs)
