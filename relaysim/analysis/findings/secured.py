"""Findings about externally secured connectors.

Source: EXA, RC16.
"""

from collections.abc import Iterator

from relaysim.analysis.findings.finding import Finding, Severity
from relaysim.analysis.findings.relay import only_hosts, size_severity
from relaysim.analysis.findings.space import GLOBAL, ConnectorPower, Space, ranges_of

__all__ = ["find_secured"]

_WHO = {"exchange_servers": "own Exchange servers", "clients": "client networks"}
"""How a sentence calls what a table of the network names."""


def find_secured(space: Space) -> Iterator[Finding]:
    """Yield what is wrong with connectors that trust their clients as internal servers."""
    for power in space.each():
        if power.connector.externally_secured:
            yield from _of(space, power)


def _of(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    name = f"`{power.connector.name}`"
    if power.strangers:
        yield space.finding(
            power,
            id="es-global",
            severity=Severity.CRITICAL,
            ranges=power.strangers,
            what=f"{name} is externally secured and answers addresses of the Internet",
            fix=power.without(GLOBAL),
            witness=power.witness(power.strangers),
        )
    severity = size_severity(space, power)
    if severity is not None:
        yield space.finding(
            power,
            id="es-beyond-hosts",
            severity=Severity.HIGH if severity is not Severity.LOW else Severity.MEDIUM,
            ranges=power.everybody,
            what=f"{name} is externally secured for more than single hosts",
            fix=only_hosts(space, power),
            witness=power.witness(power.everybody),
        )
    network = space.organization.network
    for rule, given, key in (
        ("es-over-exchange", network.exchange_servers, "exchange_servers"),
        ("es-over-clients", network.clients, "clients"),
    ):
        if given is None:
            yield space.cannot_tell(
                power, rule, Severity.HIGH, f"`[network]` `{key}`", ranges=power.everybody
            )
        elif caught := power.everybody & ranges_of(given):
            yield space.finding(
                power,
                id=rule,
                severity=Severity.HIGH,
                ranges=caught,
                what=f"{name} is externally secured and answers {_WHO[key]}",
                fix=power.without(caught),
                witness=power.witness(caught),
            )
    yield space.finding(
        power,
        id="es-needs-proof",
        severity=Severity.NOTE,
        ranges=power.everybody,
        what=f"{name} relies on security that no configuration shows",
    )
