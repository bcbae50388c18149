"""What the texts of controls demand, as checks, and what their fix texts do, as commands.

Source: STIG16ED, STIG16MB, STIG19ED, STIG19MB, CIS19, CIS07.
"""

from collections.abc import Callable

from relaysim.analysis.baselines.control import (
    Audited,
    Check,
    Checked,
    ControlVerdict,
    Repair,
    each,
)
from relaysim.analysis.findings.finding import ShellCommand
from relaysim.analysis.findings.limits import setting
from relaysim.analysis.findings.space import ConnectorPower, ranges_of
from relaysim.errors import InvalidInput
from relaysim.model.connector import AuthMechanism
from relaysim.model.groups import PermissionGroup
from relaysim.model.properties.transport import TRANSPORT_SETTINGS, TRANSPORT_TARGET
from relaysim.net.notation import parse_range

__all__ = [
    "BANNER",
    "anonymous_groups",
    "at_most",
    "by_eye",
    "equals",
    "exactly",
    "no_anonymous",
    "one_domain",
    "organization_size",
    "plain_banner",
    "sets",
    "transport_setting",
    "unrestricted",
    "with_tls",
]

BANNER = "220 SMTP Server Ready"
_ALL = ranges_of((parse_range("0.0.0.0-255.255.255.255"),))


def exactly(*mechanisms: AuthMechanism) -> Callable[[ConnectorPower], bool | None]:
    """Return a test for AuthMechanism being these and no other ones."""
    wanted = frozenset(mechanisms)

    def test(power: ConnectorPower) -> bool | None:
        if power.is_unsure("auth_mechanism"):
            return None
        return power.connector.auth_mechanism == wanted

    return test


def with_tls(power: ConnectorPower) -> bool | None:
    """Tell whether a connector's mechanisms contain Tls."""
    if AuthMechanism.TLS in power.connector.auth_mechanism:
        return True
    return None if power.is_unsure("auth_mechanism") else False


def no_anonymous(power: ConnectorPower) -> bool | None:
    """Tell whether AnonymousUsers is not among the groups that are shown."""
    if PermissionGroup.ANONYMOUS_USERS in power.organization.groups_of(power.connector)[0]:
        return False
    return None if power.is_unsure("permission_groups") else True


def anonymous_groups(power: ConnectorPower) -> tuple[str, ...]:
    """Return the groups of a connector without AnonymousUsers."""
    shown, _ = power.organization.groups_of(power.connector)
    kept = (group.value for group in shown if group is not PermissionGroup.ANONYMOUS_USERS)
    return tuple(kept) or ("None",)


def equals(name: str, *values: object) -> Callable[[ConnectorPower], bool | None]:
    """Return a test for a property having one of these values."""

    def test(power: ConnectorPower) -> bool | None:
        value = setting(power, name)
        return None if value is None else value in values

    return test


def at_most(name: str, most: int) -> Callable[[ConnectorPower], bool | None]:
    """Return a test for a number not being larger; ``Unlimited`` is."""

    def test(power: ConnectorPower) -> bool | None:
        value = setting(power, name)
        return None if value is None else isinstance(value, int) and value <= most

    return test


def plain_banner(power: ConnectorPower) -> bool | None:
    """Tell whether a banner names neither product, version nor host."""
    if not power.knows("Banner"):
        return None
    banner, server = power.connector.banner.casefold(), power.organization
    told = ("exchange", "microsoft", server.server.casefold(), server.full_name.casefold())
    return bool(banner) and not any(word in banner for word in told)


def unrestricted(power: ConnectorPower) -> bool:
    """Tell whether a connector's ranges hold every IPv4 address."""
    return not _ALL - ranges_of(power.connector.remote_ip_ranges)


def transport_setting(audited: Audited, name: str) -> object:
    """Return a setting of the organization's transport; ``None`` when it is not known."""
    wanted = f"{TRANSPORT_TARGET}: {name}".casefold()
    kind = next(one.kind for one in TRANSPORT_SETTINGS if one.name == name)
    for key, text in audited.organization.unmodelled:
        if key.casefold() == wanted:
            try:
                return kind.parse(text)
            except InvalidInput:
                return None
    return None


def organization_size(*, equal: bool) -> Check:
    """Return a check of MaxMessageSize against the organization's MaxReceiveSize.

    Args:
        equal: It has to be the same; otherwise it has to be no larger.
    """

    def check(audited: Audited) -> Checked:
        limit = transport_setting(audited, "MaxReceiveSize")
        if limit is None:
            return Checked(ControlVerdict.CANNOT_TELL, (), "Get-TransportConfig: MaxReceiveSize")

        def test(power: ConnectorPower) -> bool | None:
            if not power.knows("MaxMessageSize"):
                return None
            size = power.connector.max_message_size
            if not isinstance(limit, int):
                return not equal
            return size == limit if equal else size <= limit

        return each(test)(audited)

    return check


def one_domain(audited: Audited) -> Checked:
    """Check that every accepted domain is the default one, which holds of one domain only."""
    domains = audited.organization.accepted_domains
    if len(domains) <= 1:
        return Checked(ControlVerdict.MET)
    return Checked(ControlVerdict.NOT_MET, tuple(domain.name for domain in domains))


def by_eye(what: str) -> Check:
    """Return a check that nobody but a reader can make."""

    def check(_audited: Audited) -> Checked:
        return Checked(ControlVerdict.CANNOT_TELL, (), what)

    return check


def sets(
    name: str,
    value: str | tuple[str, ...] | bool | Callable[[ConnectorPower], tuple[str, ...]],  # noqa: FBT001
) -> Repair:
    """Return a repair that gives a property a new value."""

    def repair(power: ConnectorPower) -> tuple[tuple[ShellCommand, ...], ...]:
        return (power.set(name, value(power) if callable(value) else value),)

    return repair
