"""Findings about logging on and about TLS.

Source: RC16, NEWRC, SETRC.
"""

from collections.abc import Iterator

from relaysim.analysis.findings.finding import Finding, Severity
from relaysim.analysis.findings.space import ConnectorPower, Space
from relaysim.model.connector import AuthMechanism
from relaysim.model.groups import PermissionGroup
from relaysim.model.session import AuthKind

__all__ = ["find_authentication"]

_TLS = AuthMechanism.TLS
_BASIC = AuthMechanism.BASIC_AUTH
_AFTER_TLS = AuthMechanism.BASIC_AUTH_REQUIRE_TLS
_SUBMISSION = 2525


def find_authentication(space: Space) -> Iterator[Finding]:
    """Yield what is wrong with authentication and TLS."""
    for power in space.each():
        yield from _invalid(space, power)
        if power.everybody:
            yield from _basic(space, power)
            yield from _tls(space, power)
        yield from _servers(space, power)


def _mechanisms(
    power: ConnectorPower, *more: AuthMechanism, less: AuthMechanism | None = None
) -> tuple[str, ...]:
    held = (power.connector.auth_mechanism | set(more)) - {less}
    return tuple(one.value for one in AuthMechanism if one in held) or ("None",)


def _basic(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    held, name = power.connector.auth_mechanism, f"`{power.connector.name}`"
    if _BASIC not in held:
        return
    if _AFTER_TLS not in held:
        severity = Severity.HIGH if power.strangers else Severity.MEDIUM
        if {socket.port for socket in power.connector.bindings} == {_SUBMISSION}:
            severity = Severity.NOTE
        yield space.finding(
            power,
            id="basic-in-clear",
            severity=severity,
            ranges=power.strangers or power.everybody,
            what=f"{name} takes passwords without TLS",
            fix=(power.set("AuthMechanism", _mechanisms(power, _TLS, _AFTER_TLS)),),
        )
    if not power.may("submit", AuthKind.BASIC) and not power.is_unsure("entries"):
        mechanisms = tuple(
            word for word in _mechanisms(power, less=_BASIC) if word != _AFTER_TLS.value
        )
        yield space.finding(
            power,
            id="basic-for-nothing",
            severity=Severity.LOW,
            ranges=power.everybody,
            what=f"{name} asks for passwords, and no account may submit",
            fix=(power.set("AuthMechanism", mechanisms or ("None",)),),
        )


def _tls(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    connector, name = power.connector, f"`{power.connector.name}`"
    hosts = all(interval.size <= space.context.profile.hosts for interval in power.everybody)
    if _TLS not in connector.auth_mechanism:
        if not hosts:
            yield space.finding(
                power,
                id="no-tls",
                severity=Severity.MEDIUM,
                ranges=power.everybody,
                what=f"{name} does not offer TLS",
                fix=(
                    power.set(
                        "AuthMechanism",
                        tuple(word for word in _mechanisms(power, _TLS) if word != "None"),
                    ),
                ),
            )
        return
    strong = (
        connector.externally_secured
        or power.may("relay", AuthKind.NONE)
        or power.may("submit", AuthKind.USER)
    )
    if strong and not connector.require_tls:
        yield space.finding(
            power,
            id="tls-not-required",
            severity=Severity.LOW,
            ranges=power.everybody,
            what=f"{name} takes accounts or relays without TLS too",
            fix=(power.set("RequireTLS", True),),  # noqa: FBT003
        )
    if (
        connector.require_tls
        and power.strangers
        and power.may("submit", AuthKind.NONE)
        and any(endpoint.port == 25 for endpoint in power.all_places)
    ):
        yield space.finding(
            power,
            id="tls-required-inbound",
            severity=Severity.MEDIUM,
            ranges=power.strangers,
            what=f"{name} refuses servers of the Internet that do not use TLS",
            fix=(power.set("RequireTLS", False),),  # noqa: FBT003
        )


def _servers(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    held = power.connector.auth_mechanism
    shown, _ = power.organization.groups_of(power.connector)
    if (
        PermissionGroup.EXCHANGE_SERVERS in shown
        and AuthMechanism.EXCHANGE_SERVER not in held
        and AuthMechanism.EXTERNAL_AUTHORITATIVE not in held
    ):
        yield space.finding(
            power,
            id="servers-group-without-auth",
            severity=Severity.LOW,
            what=f"`{power.connector.name}` has the group ExchangeServers and offers nothing by "
            "which a server can log on",
            fix=(power.set("PermissionGroups", _without_servers(power)),),
        )


def _without_servers(power: ConnectorPower) -> tuple[str, ...]:
    shown, _ = power.organization.groups_of(power.connector)
    return tuple(
        group.value for group in shown if group is not PermissionGroup.EXCHANGE_SERVERS
    ) or ("None",)


def _invalid(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    refused = space.context.refusal(power.organization, power.connector)
    if refused is not None:
        yield space.finding(
            power,
            id="invalid-combination",
            severity=Severity.MEDIUM,
            what=f"`{power.connector.name}`: {refused}",
        )
