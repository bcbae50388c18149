"""What findings are decided from: who answers whom everywhere, and what each connector lets do."""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from relaysim.analysis.endpoints import EVERYBODY, Endpoint, Narrowing, Surface, endpoints
from relaysim.analysis.findings.finding import (
    Finding,
    FindingVerdict,
    Severity,
    ShellCommand,
    Witness,
)
from relaysim.analysis.findings.shared import SharedPower
from relaysim.analysis.findings.thresholds import DEFAULT_PROFILE, Profile
from relaysim.model.acl import Ace
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import Verdict
from relaysim.model.organization import Organization
from relaysim.model.properties.catalogue import BY_NAME
from relaysim.model.rights import Right
from relaysim.model.session import TLS_STATES, AuthKind
from relaysim.net.address import BITS
from relaysim.net.addrset import NOTHING, AddressSet
from relaysim.net.interval import Interval, whole
from relaysim.net.notation import AddressRange
from relaysim.net.special import PUBLIC, pieces

__all__ = ["GLOBAL", "AuditContext", "ConnectorPower", "Space", "ranges_of"]

GLOBAL = (
    AddressSet(
        piece.interval for family in BITS for piece in pieces(whole(family)) if piece.kind == PUBLIC
    )
    & EVERYBODY
)
"""Addresses that the Internet routes."""


class AuditContext(NamedTuple):
    """What findings need to know beside the organization.

    Attributes:
        fresh: Returns the server as setup leaves it, of an organization with one server.
        refusal: Returns why Exchange would refuse a connector's settings, or ``None``.
        profile: What is taken for too much.
    """

    fresh: Callable[[Organization], Organization | None]
    refusal: Callable[[Organization, ReceiveConnector], str | None]
    profile: Profile = DEFAULT_PROFILE


_Shares = list[tuple[tuple[Endpoint, ...], AddressSet]]


class ConnectorPower:
    """A connector in the space: whom it answers where, and what it lets them do.

    Attributes:
        organization: The organization with only the connector's server.
        server: Name of the server.
        connector: The connector.
        shares: The addresses it answers, with the endpoints at which it answers just these.
        is_one_of_several: Whether the organization has other servers.
    """

    def __init__(
        self,
        organization: Organization,
        connector: ReceiveConnector,
        shares: "_Shares",
        shared: SharedPower,
    ) -> None:
        self.organization, self.connector, self.shares = organization, connector, shares
        self.server = organization.server
        self.is_one_of_several = False
        self._shared = shared
        self._verdicts: dict[tuple[AuthKind, bool], Verdict] = {}

    @property
    def identity(self) -> str:
        r"""``SERVER\\Name``, as the shell names it."""
        return f"{self.server}\\{self.connector.name}"

    @cached_property
    def everybody(self) -> AddressSet:
        """Every address it answers, on any endpoint."""
        first, *others = [found for _, found in self.shares] or (NOTHING,)
        return AddressSet(i for found in (first, *others) for i in found) if others else first

    @cached_property
    def strangers(self) -> AddressSet:
        """Every address of the Internet that it answers."""
        return self.everybody & GLOBAL

    def is_unsure(self, *properties: str) -> bool:
        """Tell whether not everything is known of some of its properties."""
        return any(name in self.connector.unknown for name in properties)

    def knows(self, name: str) -> bool:
        """Tell whether the value of a property, in Exchange's spelling, is known."""
        connector = self.connector
        if not connector.unknown and not connector.not_shown:
            return True
        return name not in connector.not_shown and BY_NAME[name.casefold()].key not in (
            connector.unknown
        )

    def verdict(self, auth: AuthKind, *, tls: bool) -> Verdict:
        """Return what it makes of a session that nothing else is known about."""
        found = self._verdicts.get((auth, tls))
        if found is None:
            found = self._shared.verdict(self.organization, self.connector, auth, tls=tls)
            self._verdicts[auth, tls] = found
        return found

    @property
    def preset(self) -> frozenset[Ace]:
        """Every entry that a permission group writes on its server."""
        return self._shared.preset(self.organization)

    def may(self, name: str, auth: AuthKind) -> tuple[bool, ...]:
        """Return the TLS states in which a session gets a yes to an answer."""
        return tuple(
            tls
            for tls in TLS_STATES
            if getattr(self.verdict(auth, tls=tls).answers, name).answer is True
        )

    def entry_for(self, right: Right, auth: AuthKind, *, tls: bool) -> Ace | None:
        """Return the entry that gives or denies a session a right, or ``None``."""
        for grant in self.verdict(auth, tls=tls).rights:
            if grant.right is right:
                return grant.ace
        return None

    def endpoints_for(self, addresses: AddressSet) -> tuple[Endpoint, ...]:
        """Return the endpoints at which it answers some of these addresses."""
        # Mostly everybody is meant, or every stranger: both are worked out once.
        if addresses is self.everybody:
            return self.all_places
        if addresses is self.strangers:
            return self._strangers_places
        return self._places_of(addresses)

    def _places_of(self, addresses: AddressSet) -> tuple[Endpoint, ...]:
        return self._shared.ordered(
            [places for places, found in self.shares if found.shared_with(addresses)]
        )

    @cached_property
    def all_places(self) -> tuple[Endpoint, ...]:
        """Every endpoint at which it answers some address."""
        return self._shared.ordered([places for places, _ in self.shares])

    @cached_property
    def _strangers_places(self) -> tuple[Endpoint, ...]:
        return self._places_of(self.strangers)

    def witness(
        self, addresses: AddressSet, *, auth: AuthKind = AuthKind.NONE, tls: bool = False
    ) -> Witness | None:
        """Return a question of one of these addresses that it answers."""
        for (endpoint, *_), found in self.shares:
            both = found.shared_with(addresses)
            if both is not None:
                ip = str(both.first)
                server = self.server if self.is_one_of_several else ""
                return Witness(ip, endpoint, auth.value, tls, self._local(endpoint), server)
        return None

    def _local(self, endpoint: Endpoint) -> str:
        """Return an address nobody is bound to, where others of the endpoint's port have one."""
        return self._shared.spare(self.organization, endpoint) if endpoint.is_any else ""

    def get(self) -> ShellCommand:
        """Return the command that gets it."""
        return ShellCommand("Get-ReceiveConnector", (("Identity", self.identity),))

    def set(self, name: str, value: str | tuple[str, ...] | bool) -> tuple[ShellCommand, ...]:  # noqa: FBT001
        """Return the command that gives a property a new value."""
        return (ShellCommand("Set-ReceiveConnector", (("Identity", self.identity), (name, value))),)

    def add(self, ace: Ace) -> tuple[ShellCommand, ...]:
        """Return the pipeline that gives an entry, an extended right."""
        who = ace.principal.sid or ace.principal.name
        arguments = (("User", who), ("ExtendedRights", ace.right.value))
        return (self.get(), ShellCommand("Add-ADPermission", arguments))

    def remove(self, ace: Ace) -> tuple[ShellCommand, ...]:
        """Return the pipeline that removes an entry of its own."""
        who = ace.principal.sid or ace.principal.name
        special = {Right.FULL_CONTROL: "GenericAll", Right.ALL_EXTENDED_RIGHTS: "ExtendedRight"}
        parameter = "AccessRights" if ace.right in special else "ExtendedRights"
        arguments: list[tuple[str, str | bool | None]] = [
            ("User", who),
            (parameter, special.get(ace.right, ace.right.value)),
        ]
        if ace.deny:
            arguments.append(("Deny", None))
        arguments.append(("Confirm:$false", None))
        return (self.get(), ShellCommand("Remove-ADPermission", tuple(arguments)))

    def keep_only(self, addresses: AddressSet) -> tuple[tuple[ShellCommand, ...], ...]:
        """Return what leaves it only these of its ranges; disables it when none is left."""
        return self.without(addresses.complement())

    def without(self, gone: AddressSet) -> tuple[tuple[ShellCommand, ...], ...]:
        """Return what takes addresses out of its ranges; disables it when none is left."""
        kept: list[str] = []
        stays = gone.complement()
        # Range by range: neighbours that are joined would compete as one wider range (S-3).
        for entry in self.connector.remote_ip_ranges:
            if gone.meets(entry.interval):
                kept += map(str, ranges_of((entry,)) & stays)
            else:
                kept.append(str(entry))
        return self.ranges(tuple(dict.fromkeys(kept)))

    def ranges(self, kept: tuple[str, ...]) -> tuple[tuple[ShellCommand, ...], ...]:
        """Return what gives it these ranges; disables it when there are none."""
        if not kept:
            return (self.set("Enabled", False),)  # noqa: FBT003
        return (self.set("RemoteIPRanges", kept),)

    def named_hosts(self, most: int) -> tuple[str, ...]:
        """Return those of its ranges that name single hosts, up to a number of addresses each."""
        return tuple(str(e) for e in self.connector.remote_ip_ranges if e.interval.size <= most)


class Space:
    """An organization with everything swept once.

    Attributes:
        organization: The servers.
        surface: Every endpoint.
        powers: Every connector that is enabled, in order.
        disabled: Every other one.
        decided: What is known of entries already: whether leaving one out changes anything.
        named: The same by the names of server and connector.
        context: What else is needed.
    """

    def __init__(self, organization: Organization, context: AuditContext) -> None:
        self.organization, self.context = organization, context
        self.surface = Surface(organization, endpoints(organization, Narrowing()))
        classes: dict[int, list[Endpoint]] = {}
        for endpoint in self.surface.endpoints:
            classes.setdefault(self.surface.class_of(endpoint), []).append(endpoint)
        answered: dict[tuple[str, str], _Shares] = {}
        for places in map(tuple, classes.values()):
            for name, addresses in _shares(self.surface, places[0]).items():
                answered.setdefault((places[0].server, name), []).append((places, addresses))
        shared = SharedPower(self.surface)
        self.decided: dict[object, bool] = {}
        self._setups: dict[int, dict[str, ReceiveConnector]] = {}
        self._renamed: dict[int, dict[str, str]] = {}
        every = tuple(
            ConnectorPower(
                server, connector, answered.get((server.server, connector.name), []), shared
            )
            for server in self.surface.servers.values()
            for connector in server.connectors
        )
        for power in every:
            power.is_one_of_several = len(self.surface.servers) > 1
        self.powers = tuple(power for power in every if power.connector.enabled)
        self.disabled = tuple(power for power in every if not power.connector.enabled)
        self.named = {(power.server, power.connector.name): power for power in self.powers}

    def setup_of(self, organization: Organization) -> dict[str, ReceiveConnector]:
        """Return what setup makes on a server, by folded name; worked out once for each server."""
        key = id(organization)
        found = self._setups.get(key)
        if found is None:
            fresh = self.context.fresh(organization)
            made = fresh.connectors if fresh is not None else ()
            found = self._setups[key] = {each.name.casefold(): each for each in made}
        return found

    def setup_name(self, organization: Organization, connector: ReceiveConnector) -> str | None:
        """Return the folded name of what setup made that a connector is, or ``None``.

        A connector of the name is it. Else it may have been renamed: it has the service, the ports
        and the mechanisms of one whose name is gone, and answers every address.
        """
        made = self.setup_of(organization)
        folded = connector.name.casefold()
        if folded in made:
            return folded
        if not made or len(connector.remote_ip_ranges) > len(EVERYBODY.intervals):
            return None
        renamed = self._renamed.get(id(organization))
        if renamed is None:
            renamed = self._renamed[id(organization)] = _renamed(organization, made)
        return renamed.get(folded)

    def is_published(self, endpoint: Endpoint) -> bool | None:
        """Tell whether an endpoint is reachable from the Internet; ``None`` when nobody said."""
        published = self.organization.network.published
        if published is None:
            return None
        server = self.surface.servers[endpoint.server].only
        for host, port in published:
            if port != endpoint.port:
                continue
            if isinstance(host, str):
                if host.casefold() in (server.name.casefold(), server.fqdn.casefold()):
                    return True
            elif host == endpoint.address or (
                # Everything that has no endpoint of its own meets the any-address one.
                endpoint.is_any
                and host.family == endpoint.address.family
                and (not server.addresses or host in server.addresses)
            ):
                return True
        return False

    def each(self) -> Iterator[ConnectorPower]:
        """Yield every enabled connector."""
        return iter(self.powers)

    def cannot_tell(
        self, power: ConnectorPower, rule: str, severity: Severity, missing: str, **more: object
    ) -> Finding:
        """Return that a rule cannot be held against a connector while something is missing."""
        verdict = FindingVerdict.CANNOT_TELL
        return self.finding(
            power, id=rule, verdict=verdict, severity=severity, missing=missing, **more
        )

    def finding(self, power: ConnectorPower, **more: object) -> Finding:
        """Return a finding about a connector; endpoints follow from its ranges."""
        ranges = more.get("ranges", NOTHING)
        if "endpoints" not in more and isinstance(ranges, AddressSet):
            more["endpoints"] = power.endpoints_for(ranges) if ranges else power.all_places
        return Finding(server=power.server, connector=power.connector.name, **more)  # type: ignore[arg-type]


def _renamed(organization: Organization, made: dict[str, ReceiveConnector]) -> dict[str, str]:
    """Return the folded names of setup's connectors that go under another name, by that name."""
    mine = {connector.name.casefold() for connector in organization.connectors}
    gone = {_shape(one): name for name, one in made.items() if name not in mine}
    found: dict[str, str] = {}
    for connector in organization.connectors:
        if connector.name.casefold() not in made:
            name = gone.pop(_shape(connector), None)
            if name is not None:
                found[connector.name.casefold()] = name
    return found


def _shape(connector: ReceiveConnector) -> tuple[object, ...]:
    return (
        connector.transport_role,
        frozenset(connector.bindings),
        connector.auth_mechanism,
        ranges_of(connector.remote_ip_ranges),
    )


def _shares(surface: Surface, endpoint: Endpoint) -> dict[str, AddressSet]:
    """Return which addresses each connector answers at an endpoint."""
    starts, choices = surface.choices(endpoint)
    family = endpoint.address.family
    found: dict[str, list[Interval]] = {}
    ends = [*starts[1:], 1 << BITS[family]]
    for low, end, choice in zip(starts, ends, choices, strict=True):
        if choice.connector is None:
            continue
        mine = found.setdefault(choice.connector.name, [])
        if mine and mine[-1].high + 1 == low:
            low = mine.pop().low  # noqa: PLW2901  # they are one interval
        mine.append(Interval(family, low, end - 1))
    whole = {name: AddressSet.of_disjoint(intervals) for name, intervals in found.items()}
    return {name: one & EVERYBODY for name, one in whole.items()} if family == 6 else whole


def ranges_of(ranges: tuple[AddressRange, ...]) -> AddressSet:
    """Return the addresses of some ranges, without IPv4-mapped ones."""
    found = AddressSet(entry.interval for entry in ranges)
    # IPv6 sorts last; without any there is nothing to leave out.
    return found & EVERYBODY if found and found.intervals[-1].family == 6 else found
