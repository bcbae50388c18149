"""Findings about limits, wording and life cycle: thresholds of a profile, never truths.

Source: NEWRC, SETRC.
"""

from collections.abc import Iterator

from relaysim.analysis.findings.finding import Finding, FindingVerdict, Severity
from relaysim.analysis.findings.relay import is_setups
from relaysim.analysis.findings.space import ConnectorPower, Space
from relaysim.errors import InvalidInput
from relaysim.model.connector import MEGABYTE
from relaysim.model.properties.catalogue import BY_NAME
from relaysim.model.properties.kept import value_of
from relaysim.model.version import ExchangeVersion

__all__ = ["find_limits"]

_TARPIT_SECONDS = 5
_MOST_RECIPIENTS = 5000
_LARGEST = 36 * MEGABYTE


def find_limits(space: Space) -> Iterator[Finding]:
    """Yield what a profile's thresholds say."""
    for server in space.organization.servers:
        if server.exchange is None:
            yield Finding(
                id="unsupported-version",
                verdict=FindingVerdict.CANNOT_TELL,
                severity=Severity.MEDIUM,
                server=server.name,
                missing="the Exchange version",
            )
        elif server.exchange < ExchangeVersion.SE:
            yield Finding(
                id="unsupported-version",
                severity=Severity.MEDIUM,
                server=server.name,
                what=f"Exchange {server.exchange.value} gets no public security updates any more",
            )
    for power in space.each():
        yield from _of(space, power)


def _of(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    connector, name = power.connector, f"`{power.connector.name}`"
    tarpit = _value(power, "TarpitInterval")
    if isinstance(tarpit, int) and tarpit < _TARPIT_SECONDS:
        yield space.finding(
            power,
            id="tarpit-off",
            severity=Severity.LOW,
            what=f"{name} answers wrong recipients after {tarpit} s",
            fix=(power.set("TarpitInterval", "00:00:05"),),
        )
    if connector.max_recipients_per_message > _MOST_RECIPIENTS:
        yield space.finding(
            power,
            id="limit-recipients",
            severity=Severity.LOW,
            what=f"{name} takes {connector.max_recipients_per_message:,} recipients in a message",
            fix=(power.set("MaxRecipientsPerMessage", str(_MOST_RECIPIENTS)),),
        )
    if connector.max_message_size > _LARGEST:
        yield space.finding(
            power,
            id="limit-size",
            severity=Severity.LOW,
            what=f"{name} takes messages of {connector.max_message_size:,} bytes",
            fix=(power.set("MaxMessageSize", "36MB"),),
        )
    if not connector.chunking_enabled:
        yield space.finding(
            power,
            id="chunking-off",
            severity=Severity.NOTE,
            what=f"{name} does not offer CHUNKING",
            fix=(power.set("ChunkingEnabled", True),),  # noqa: FBT003
        )
    if not connector.banner and power.strangers:
        yield space.finding(
            power,
            id="banner-default",
            severity=Severity.NOTE,
            what=f"{name} greets the Internet with the default banner",
            fix=(power.set("Banner", "220 SMTP Server Ready"),),
        )
    if not is_setups(space, power) and not _value(power, "Comment"):
        yield space.finding(
            power,
            id="purpose-unclear",
            severity=Severity.NOTE,
            what=f"{name} has no comment that says what it is for",
        )


def _value(power: ConnectorPower, name: str) -> object:
    exchange = power.organization.only.exchange
    try:
        return value_of(
            BY_NAME[name.casefold()],
            power.connector,
            exchange=exchange or ExchangeVersion.SE,
            role=power.organization.role,
        )
    except InvalidInput:
        return None
