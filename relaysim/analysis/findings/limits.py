"""Findings about limits, wording and life cycle: thresholds of a profile, never truths.

Source: NEWRC, SETRC.
"""

from collections.abc import Iterator
from typing import NamedTuple

from relaysim.analysis.findings.finding import Finding, FindingVerdict, Severity
from relaysim.analysis.findings.setup import is_setups
from relaysim.analysis.findings.space import ConnectorPower, Space
from relaysim.errors import InvalidInput
from relaysim.model.properties.catalogue import BY_NAME
from relaysim.model.properties.kept import value_of
from relaysim.model.version import ExchangeVersion

__all__ = ["find_limits", "setting"]


class _Limit(NamedTuple):
    """A property with an upper bound.

    Attributes:
        id: Id of the finding.
        name: The property.
        most: The threshold of the profile.
        words: What a larger value does, with a gap for how much.
    """

    id: str
    name: str
    most: str
    words: str


_LIMITS = (
    _Limit("limit-timeout", "ConnectionTimeout", "timeout", "keeps a connection for {}"),
    _Limit("limit-hops", "MaxHopCount", "hops", "takes messages after {} hops"),
    _Limit(
        "limit-recipients",
        "MaxRecipientsPerMessage",
        "recipients",
        "takes {} recipients in one message",
    ),
    _Limit(
        "limit-connections",
        "MaxInboundConnection",
        "connections",
        "takes {} connections at once",
    ),
    _Limit("limit-size", "MaxMessageSize", "size", "takes messages of {}"),
)


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
        yield from _wording(space, power)


def _of(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    name, profile = f"`{power.connector.name}`", space.context.profile
    tarpit = setting(power, "TarpitInterval")
    if isinstance(tarpit, int) and tarpit < profile.tarpit:
        span = BY_NAME["tarpitinterval"].kind.format(profile.tarpit)
        yield space.finding(
            power,
            id="tarpit-off",
            severity=Severity.LOW,
            what=f"{name} refuses unknown recipients after {tarpit} s",
            fix=(power.set("TarpitInterval", span),),
        )
    for limit in _LIMITS:
        value, most = setting(power, limit.name), getattr(profile, limit.most)
        if value is None or (isinstance(value, int) and value <= most):
            continue
        shown = BY_NAME[limit.name.casefold()].kind.format(value)
        much = f"up to {shown}" if isinstance(value, int) else "any number of"
        yield space.finding(
            power,
            id=limit.id,
            severity=Severity.LOW,
            what=f"{name} {limit.words.format(much)}",
            fix=(power.set(limit.name, _shell(limit, most)),),
        )


def _shell(limit: _Limit, value: int) -> str:
    """Return a threshold as the shell takes it."""
    if limit.id == "limit-size":
        return str(value)
    return BY_NAME[limit.name.casefold()].kind.format(value)


def _wording(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    connector, name = power.connector, f"`{power.connector.name}`"
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
    if not is_setups(space, power) and not setting(power, "Comment"):
        yield space.finding(
            power,
            id="purpose-unclear",
            severity=Severity.NOTE,
            what=f"{name} has no comment that says what it is for",
        )


def setting(power: ConnectorPower, name: str) -> object:
    """Return the value of a property, its default where nobody set it.

    ``None`` when its text is no value, when an export does not show it, or when not even the
    version knows it.
    """
    wanted, exchange = BY_NAME[name.casefold()], power.organization.only.exchange
    if exchange is not None and exchange < wanted.since:
        return None
    if not power.knows(wanted.name):
        return None
    try:
        return value_of(
            wanted,
            power.connector,
            exchange=exchange or ExchangeVersion.SE,
            role=power.organization.role,
        )
    except InvalidInput:
        return None
