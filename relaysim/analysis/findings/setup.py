"""What setup made, under whatever name, and how it was changed.

Source: RC16, NEWRC, SETRC, CUST16.
"""

from collections.abc import Iterator

from relaysim.analysis.findings.finding import Finding, Severity, ShellCommand
from relaysim.analysis.findings.space import ConnectorPower, Space, ranges_of
from relaysim.model.connector import AuthMechanism, ReceiveConnector
from relaysim.model.groups import PermissionGroup
from relaysim.model.organization import Organization
from relaysim.model.session import AuthKind

__all__ = ["find_setup", "is_setups"]


def is_setups(space: Space, power: ConnectorPower) -> bool:
    """Tell whether setup made a connector: by its name, or by what it is under another name."""
    return space.setup_name(power.organization, power.connector) is not None


def find_setup(space: Space) -> Iterator[Finding]:
    """Yield what was changed about the connectors that setup makes."""
    for organization in space.surface.servers.values():
        mine = {}
        for connector in organization.connectors:
            name = space.setup_name(organization, connector)
            if name is not None:
                mine[name] = connector
        for name, wanted in space.setup_of(organization).items():
            found = mine.get(name)
            if found is None:
                yield _missing(organization, wanted)
            else:
                yield from _changed(space, organization, found, wanted)


def _missing(organization: Organization, wanted: ReceiveConnector) -> Finding:
    return Finding(
        id="default-changed",
        severity=Severity.MEDIUM,
        server=organization.server,
        connector=wanted.name,
        what=f"`{wanted.name}`, which setup makes, is missing",
        fix=_made(organization, wanted),
    )


def _made(
    organization: Organization, wanted: ReceiveConnector
) -> tuple[tuple[ShellCommand, ...], ...]:
    """Return the command that makes a connector as setup does."""
    arguments: list[tuple[str, str | tuple[str, ...] | bool | None]] = [
        ("Name", wanted.name),
        ("Server", organization.server),
        ("Usage", "Custom"),
    ]
    if wanted.is_front_end:
        arguments.append(("TransportRole", wanted.transport_role.value))
    arguments += [
        ("Bindings", tuple(map(str, wanted.bindings))),
        ("RemoteIPRanges", tuple(map(str, wanted.remote_ip_ranges))),
        ("AuthMechanism", _mechanisms(wanted)),
        ("PermissionGroups", _groups(organization, wanted)),
        ("Fqdn", wanted.fqdn),
    ]
    return ((ShellCommand("New-ReceiveConnector", tuple(arguments)),),)


def _mechanisms(connector: ReceiveConnector) -> tuple[str, ...]:
    return tuple(one.value for one in AuthMechanism if one in connector.auth_mechanism) or ("None",)


def _groups(organization: Organization, connector: ReceiveConnector) -> tuple[str, ...]:
    shown, _ = organization.groups_of(connector)
    return tuple(group.value for group in shown) or ("None",)


class _Differences:
    """What differs, how bad that is, and what sets it back."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.severity = Severity.NOTE
        self.values: list[tuple[str, str | tuple[str, ...] | bool | None]] = []

    def add(
        self,
        words: str,
        severity: Severity,
        name: str = "",
        value: str | tuple[str, ...] | bool | None = None,  # noqa: FBT001
    ) -> None:
        self.words.append(words)
        self.severity = min(self.severity, severity, key=list(Severity).index)
        if name:
            self.values.append((name, value))


def _changed(
    space: Space, organization: Organization, found: ReceiveConnector, wanted: ReceiveConnector
) -> Iterator[Finding]:
    told = _Differences()
    if found.name.casefold() != wanted.name.casefold():
        told.add(f"setup calls it `{wanted.name}`", Severity.NOTE, "Name", wanted.name)
    if not found.enabled:
        told.add("it is disabled", Severity.HIGH, "Enabled", value=True)
    _mechanisms_changed(told, found, wanted)
    if ranges_of(wanted.remote_ip_ranges) - ranges_of(found.remote_ip_ranges):
        ranges = tuple(map(str, wanted.remote_ip_ranges))
        told.add("its remote ranges are narrower", Severity.HIGH, "RemoteIPRanges", ranges)
    if set(found.bindings) != set(wanted.bindings):
        bindings = tuple(map(str, wanted.bindings))
        told.add("its bindings differ", Severity.LOW, "Bindings", bindings)
    if found.transport_role is not wanted.transport_role:
        role = wanted.transport_role.value
        told.add("its transport role differs", Severity.MEDIUM, "TransportRole", role)
    _groups_changed(space, told, organization, found, wanted)
    if found.max_message_size != wanted.max_message_size:
        size = str(wanted.max_message_size)
        told.add("its size limit differs", Severity.NOTE, "MaxMessageSize", size)
    if found.max_recipients_per_message != wanted.max_recipients_per_message:
        most = str(wanted.max_recipients_per_message)
        told.add("its limit of recipients differs", Severity.NOTE, "MaxRecipientsPerMessage", most)
    if found.banner:
        told.add("it has a banner", Severity.NOTE, "Banner", value=None)
    if told.words:
        yield Finding(
            id="default-changed",
            severity=told.severity,
            server=organization.server,
            connector=found.name,
            what=f"`{found.name}` is not as setup made it: {', '.join(told.words)}",
            fix=_set_back(organization, found, told),
        )


def _mechanisms_changed(
    told: _Differences, found: ReceiveConnector, wanted: ReceiveConnector
) -> None:
    server = AuthMechanism.EXCHANGE_SERVER
    if server in wanted.auth_mechanism - found.auth_mechanism:
        words = "ExchangeServer is gone from its mechanisms"
        told.add(words, Severity.HIGH, "AuthMechanism", _mechanisms(wanted))
    elif wanted.auth_mechanism != found.auth_mechanism:
        told.add("its mechanisms differ", Severity.LOW, "AuthMechanism", _mechanisms(wanted))


def _groups_changed(
    space: Space,
    told: _Differences,
    organization: Organization,
    found: ReceiveConnector,
    wanted: ReceiveConnector,
) -> None:
    shown, wished = organization.groups_of(found)[0], organization.groups_of(wanted)[0]
    if shown == wished or "entries" in found.unknown:
        return
    groups = _groups(organization, wanted)
    servers = PermissionGroup.EXCHANGE_SERVERS
    if servers not in wished or servers in shown:
        told.add("its permission groups differ", Severity.LOW, "PermissionGroups", groups)
        return
    # The inherited entry lets servers in without the group, so the group alone tells nothing.
    power = space.named.get((organization.server, found.name))
    stops = power is None or not power.may("submit", AuthKind.EXCHANGE)
    words = "ExchangeServers is gone from its permission groups"
    if not stops:
        words += " (servers may still submit by the inherited entries)"
    told.add(words, Severity.HIGH if stops else Severity.LOW, "PermissionGroups", groups)


def _set_back(
    organization: Organization, found: ReceiveConnector, told: _Differences
) -> tuple[tuple[ShellCommand, ...], ...]:
    identity = f"{organization.server}\\{found.name}"
    values = [value for value in told.values if value != ("Banner", None)]
    name = [value for value in values if value[0] == "Name"]
    others = [value for value in values if value[0] != "Name"]
    # A new name comes last: the commands before it use the old one.
    return tuple(
        (ShellCommand("Set-ReceiveConnector", (("Identity", identity), *some)),)
        for some in (others, name)
        if some
    )
