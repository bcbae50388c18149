"""Findings about who may relay.

Source: EXA, QA305565, EE428173.
"""

from collections.abc import Iterator

from relaysim.analysis.findings.finding import Finding, Severity, ShellCommand
from relaysim.analysis.findings.limits import setting
from relaysim.analysis.findings.setup import is_setups
from relaysim.analysis.findings.space import GLOBAL, ConnectorPower, Space, ranges_of
from relaysim.model.decision import Reason
from relaysim.model.groups import PermissionGroup
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind
from relaysim.net.addrset import AddressSet
from relaysim.net.notation import parse_range

__all__ = ["find_relay", "only_hosts", "relaying", "size_severity"]

_RELAY = Right.ACCEPT_ANY_RECIPIENT
_LARGE = 65536
_WHO = {"balancers": "balancers or address translation", "gateways": "spam gateways"}
"""How a sentence calls what a table of the network names."""
_BLOCKS = tuple(
    AddressSet([parse_range(text).interval])
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
"""Private blocks: who names a whole one names nobody."""


def find_relay(space: Space) -> Iterator[Finding]:
    """Yield what is wrong with the power to relay."""
    yield from _every_domain(space)
    for power in space.each():
        states = relaying(power)
        if states:
            yield from _anonymous_relay(space, power, states)
        if power.may("relay", AuthKind.USER) and power.strangers:
            yield _accounts(space, power)
        yield from _on_default(space, power)


def relaying(power: ConnectorPower) -> tuple[bool, ...]:
    """Return the TLS states in which a client without authentication may relay by a right."""
    return tuple(
        tls
        for tls in power.may("relay", AuthKind.NONE)
        if power.verdict(AuthKind.NONE, tls=tls).answers.relay.because
        is not Reason.EVERY_DOMAIN_ACCEPTED
    )


def size_severity(space: Space, power: ConnectorPower) -> Severity | None:
    """Return how bad it is that a connector answers so many; ``None`` for single hosts.

    Each range counts by itself, and only what the connector really answers of it: hosts that are
    named one by one are named, neighbours or not.
    """
    profile = space.context.profile
    widest, block = 0, False
    for entry in power.connector.remote_ip_ranges:
        if entry.interval.size <= max(widest, profile.hosts):
            continue
        answered = power.everybody & ranges_of((entry,))
        widest = max(widest, answered.size)
        block = block or any(not each - answered for each in _BLOCKS)
    if widest <= profile.hosts:
        return None
    if widest > _LARGE or block:
        return Severity.HIGH
    return Severity.MEDIUM if widest > profile.network else Severity.LOW


def _anonymous_relay(
    space: Space, power: ConnectorPower, states: tuple[bool, ...]
) -> Iterator[Finding]:
    tls = states[0]
    entry = power.entry_for(_RELAY, AuthKind.NONE, tls=tls)
    if power.strangers:
        fix = (
            (power.remove(entry),)
            if entry is not None
            and entry in power.connector.acl
            and not power.connector.externally_secured
            else power.without(GLOBAL)
        )
        yield space.finding(
            power,
            id="open-relay",
            severity=Severity.CRITICAL,
            principal=entry.principal if entry else None,
            right=_RELAY,
            ranges=power.strangers,
            what=f"`{power.connector.name}` lets addresses of the Internet relay without "
            "authentication",
            fix=fix,
            witness=power.witness(power.strangers, tls=tls),
        )
    elif not power.connector.externally_secured:
        severity = size_severity(space, power)
        if severity is not None:
            yield space.finding(
                power,
                id="relay-wide",
                severity=severity,
                right=_RELAY,
                ranges=power.everybody,
                what=f"`{power.connector.name}` lets whole networks relay without authentication",
                fix=only_hosts(space, power),
                witness=power.witness(power.everybody, tls=tls),
            )
    logging = setting(power, "ProtocolLoggingLevel")
    if power.everybody and str(logging).casefold() in ("none", "0"):
        yield space.finding(
            power,
            id="relay-unlogged",
            severity=Severity.MEDIUM,
            ranges=power.everybody,
            what=f"`{power.connector.name}` relays and keeps no protocol log",
            fix=(power.set("ProtocolLoggingLevel", "Verbose"),),
        )
    yield from _network_relay(space, power, tls=tls)


def only_hosts(space: Space, power: ConnectorPower) -> tuple[tuple[ShellCommand, ...], ...]:
    """Return what leaves a connector only the hosts that its ranges name one by one.

    Empty where it names none: whom it is for stands in its protocol log, not in its ranges.
    """
    hosts = power.named_hosts(space.context.profile.hosts)
    return (power.set("RemoteIPRanges", hosts),) if hosts else ()


def _network_relay(space: Space, power: ConnectorPower, *, tls: bool) -> Iterator[Finding]:
    network = space.organization.network
    for rule, given, severity, who in (
        (
            "relay-behind-translator",
            network.balancers,
            Severity.HIGH,
            "balancers",
        ),
        ("gateway-captured", network.gateways, Severity.HIGH, "gateways"),
    ):
        if given is None:
            yield space.cannot_tell(
                power, rule, severity, f"`[network]` `{who}`", ranges=power.everybody
            )
            continue
        caught = power.everybody & ranges_of(given)
        if caught:
            published = any(space.is_published(e) for e in power.endpoints_for(caught))
            yield space.finding(
                power,
                id=rule,
                severity=Severity.CRITICAL if published and who == "balancers" else severity,
                ranges=caught,
                what=f"`{power.connector.name}` answers {_WHO[who]} and lets them relay",
                fix=power.without(caught),
                witness=power.witness(caught, tls=tls),
            )


def _accounts(space: Space, power: ConnectorPower) -> Finding:
    tls = power.may("relay", AuthKind.USER)[0]
    shown, custom = power.organization.groups_of(power.connector)
    kept = [group.value for group in shown if group is not PermissionGroup.EXCHANGE_USERS]
    fix = (power.set("PermissionGroups", tuple(kept) or ("None",)),)
    return space.finding(
        power,
        id="account-relay-internet",
        severity=Severity.MEDIUM,
        right=_RELAY,
        ranges=power.strangers,
        what=f"any account may relay through `{power.connector.name}`",
        fix=() if custom or len(kept) == len(shown) else fix,
        witness=power.witness(power.strangers, auth=AuthKind.USER, tls=tls),
    )


def _on_default(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    extra = [
        ace
        for ace in power.connector.acl
        if not ace.deny and not ace.inherited and ace.carries(_RELAY) and ace not in power.preset
    ]
    if extra and is_setups(space, power):
        for ace in extra:
            yield space.finding(
                power,
                id="relay-on-default",
                severity=Severity.HIGH,
                principal=ace.principal,
                right=ace.right,
                ranges=power.everybody,
                what=f"`{power.connector.name}`, which setup made, lets {ace.principal.name} relay",
                fix=(power.remove(ace),),
            )


def _every_domain(space: Space) -> Iterator[Finding]:
    for domain in space.organization.accepted_domains:
        if domain.name != "*":
            continue
        reached = [
            power
            for power in space.each()
            if power.strangers and power.may("submit", AuthKind.NONE)
        ]
        severity = Severity.CRITICAL if reached else Severity.HIGH
        power = reached[0] if reached else None
        yield Finding(
            id="accepted-domain-any",
            severity=severity,
            connector=power.connector.name if power else "",
            server=power.server if power else "",
            ranges=power.strangers if power else AddressSet(),
            endpoints=power.all_places if power else (),
            what="the accepted domain `*` makes every recipient one of ours",
            fix=(
                (
                    ShellCommand(
                        "Remove-AcceptedDomain",
                        (("Identity", domain.label or domain.name), ("Confirm:$false", None)),
                    ),
                ),
            ),
            witness=power.witness(power.strangers) if power else None,
        )
