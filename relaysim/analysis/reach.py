"""From which addresses a thing may be done: by every way to come, and by every principal."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from relaysim.analysis.overlay import overlay, summarised
from relaysim.analysis.partition import Outcome, partition
from relaysim.model.organization import Organization, default_inherited_aces
from relaysim.model.principals import WELL_KNOWN, Principal
from relaysim.model.session import AuthKind, Session
from relaysim.net.addrset import AddressSet

__all__ = ["Reach", "Way", "reach", "ways"]


class Way(NamedTuple):
    """A way for a client to come.

    Attributes:
        auth: How it identifies itself.
        tls: Whether it issues STARTTLS first; ``None`` where that makes no difference.
        user: Account, or ``None`` for any account that nothing is known about.
        group: A group the account is a member of, or ``None``.
    """

    auth: AuthKind
    tls: bool | None
    user: str | None = None
    group: str | None = None

    def session(self, shape: Session) -> Session:
        """Return the session of a client that comes this way to the shape's place."""
        groups = () if self.group is None else (self.group,)
        return replace(shape, auth=self.auth, tls=bool(self.tls), user=self.user, groups=groups)


class Reach(NamedTuple):
    """From where a thing may be done in one way.

    Attributes:
        way: The way.
        addresses: Exactly the addresses from which it may be done, without the IPv4-mapped ones.
        connectors: The connectors that let it be done there, in the order of their addresses.
        outcomes: What those addresses get; empty when there are none.
        unknown: Addresses of which it is not known who answers.
        undecided: What those addresses get.
    """

    way: Way
    addresses: AddressSet
    connectors: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    unknown: AddressSet
    undecided: tuple[Outcome, ...]


def ways(organization: Organization, kinds: Iterable[AuthKind]) -> Iterator[Way]:
    """Yield every way that can matter: each kind without and with TLS, then each principal.

    Principals are the known accounts, and every custom user or group that an entry names, taken as
    a group of an otherwise unknown account.
    """
    kinds = tuple(kinds)
    for kind in kinds:
        for tls in (False, True):
            yield Way(kind, tls)
    for kind in kinds:
        if not kind.is_account:
            continue
        for tls in (False, True):
            for account in organization.accounts:
                yield Way(kind, tls, user=account.name.name)
            for principal in _custom_principals(organization):
                yield Way(kind, tls, group=principal.name)


def reach(
    organization: Organization, shape: Session, way: Way, name: str, families: Iterable[int]
) -> Reach:
    """Return from where the answer ``name`` is yes in one way.

    Args:
        organization: The server.
        shape: Gives the port and the local address.
        way: How the client comes.
        name: Name of an answer, such as ``relay``.
        families: 4, 6 or both; other addresses are not looked at.
    """
    regions = partition(organization, way.session(shape))
    layers = summarised(overlay([regions]), lambda outcomes: id(outcomes[0]))
    may = []
    unknown = []
    asked = frozenset(families)
    for interval, (outcome,) in layers:
        if interval.family not in asked:
            continue
        if getattr(outcome.answers, name).answer:
            may.append((interval, outcome))
        elif outcome.undecided is not None and outcome.connector is None:
            unknown.append((interval, outcome))
    outcomes = {id(outcome): outcome for _, outcome in may}
    names = dict.fromkeys(o.connector.name for o in outcomes.values() if o.connector is not None)
    return Reach(
        way,
        AddressSet(interval for interval, _ in may),
        tuple(names),
        tuple(outcomes.values()),
        AddressSet(interval for interval, _ in unknown),
        tuple({id(outcome): outcome for _, outcome in unknown}.values()),
    )


def _custom_principals(organization: Organization) -> list[Principal]:
    """Return the principals of entries that are neither well-known nor an account of ours."""
    entries = [ace for connector in organization.connectors for ace in connector.acl]
    entries += organization.inherited_aces
    # What setup grants to administrators and servers reaches every connector and says nothing.
    usual = {
        ace.principal for ace in default_inherited_aces(organization.role, organization.domain)
    }
    usual |= {Principal(f"{organization.domain}\\ExchangeLegacyInterop"), *WELL_KNOWN}
    usual |= {account.name for account in organization.accounts}
    return list(dict.fromkeys(ace.principal for ace in entries if ace.principal not in usual))
