"""What the connectors of an organization have in common for an audit, worked out once."""

from itertools import chain

from relaysim.analysis.endpoints import Endpoint, Surface, spare_address
from relaysim.engine.compiled.verdict_cache import Admissions, Judge
from relaysim.model.acl import Ace
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import Verdict
from relaysim.model.groups import PermissionGroup
from relaysim.model.organization import Organization
from relaysim.model.session import AuthKind, Session
from relaysim.net.address import Address

__all__ = ["SharedPower"]

_ANY = Address(4, 0)


class SharedPower:
    """Verdicts, presets, spare addresses and orders of endpoints, kept for all connectors.

    Args:
        surface: Every endpoint.
    """

    def __init__(self, surface: Surface) -> None:
        self._order = {endpoint: place for place, endpoint in enumerate(surface.endpoints)}
        self._ordered: dict[tuple[int, ...], tuple[Endpoint, ...]] = {}
        self._judges: dict[object, Judge] = {}
        self._admissions: dict[int, Admissions] = {}
        self._spares: dict[tuple[int, int, int], str] = {}
        self._presets: dict[int, frozenset[Ace]] = {}

    def ordered(self, groups: list[tuple[Endpoint, ...]]) -> tuple[Endpoint, ...]:
        """Return the endpoints of some classes in order, the same value for the same classes."""
        key = tuple(map(id, groups))
        found = self._ordered.get(key)
        if found is None:
            members = sorted(chain.from_iterable(groups), key=self._order.__getitem__)
            found = self._ordered[key] = tuple(members)
        return found

    def preset(self, organization: Organization) -> frozenset[Ace]:
        """Return every entry that a permission group writes on a server."""
        found = self._presets.get(id(organization))
        if found is None:
            written = (ace for group in PermissionGroup for ace in organization.entries_of(group))
            found = self._presets[id(organization)] = frozenset(written)
        return found

    def spare(self, organization: Organization, endpoint: Endpoint) -> str:
        """Return an address nobody is bound to, nothing where nobody is bound to a single one."""
        family = endpoint.address.family
        key = id(organization), family, endpoint.port
        found = self._spares.get(key)
        if found is None:
            found = self._spares[key] = spare_address(
                (organization,), family=family, port=endpoint.port
            )
        return found

    def verdict(
        self, organization: Organization, connector: ReceiveConnector, auth: AuthKind, *, tls: bool
    ) -> Verdict:
        """Return what a connector makes of a session that nothing else is known about."""
        admissions = self._admissions.get(id(organization))
        if admissions is None:
            admissions = self._admissions[id(organization)] = Admissions(organization)
        # Where others might answer in its place it is asked about at one of its own.
        place = next(iter(connector.bindings), None) if admissions.hangs_on_place else None
        key = id(organization), place, auth, tls
        found = self._judges.get(key)
        if found is None:
            session = Session(ip=_ANY, auth=auth, tls=tls)
            if place is not None:
                session = admissions.placed(session, place.port, place.address)
            found = self._judges[key] = Judge(admissions, session)
        return found.verdict(connector)
