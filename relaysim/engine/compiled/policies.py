"""Connectors that judge alike: what is left of a connector without its place and name."""

from collections.abc import Sequence
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

from relaysim.engine.certificates import trusted_domains
from relaysim.lean import field_names
from relaysim.model.connector import AuthMechanism, ReceiveConnector
from relaysim.model.groups import PermissionGroup
from relaysim.model.organization import Organization
from relaysim.model.principals import WELL_KNOWN, Principal
from relaysim.model.session import SessionShape

if TYPE_CHECKING:
    from relaysim.model.acl import Ace

__all__ = ["ConnectorPolicy", "Policies", "PolicyKey", "names_connector"]

PolicyKey = tuple[int, int, tuple[int, ...]]
"""Numbers of the settings, of the groups shown, and of the entries for each principal."""

_PLACE = ("name", "enabled", "bindings", "remote_ip_ranges")
# In an export these are of hardly two connectors the same, and no rule looks at them whole.
_NEVER_JUDGED = ("fqdn", "banner", "not_shown", "unmodelled")
_settings = attrgetter(
    *(
        name
        for name in field_names(ReceiveConnector)
        if name not in (*_PLACE, *_NEVER_JUDGED, "acl")
    )
)


class ConnectorPolicy:
    """What a connector judges by.

    Attributes:
        connector: The first connector that judges so.
        settings: A number that connectors with the same settings share.
        shown: The permission groups that it shows, numbered in the same way.
        common: A number of its settings and its entries for the principals of Exchange. Policies
            that share it make the same of a client that holds no other principals.
    """

    __slots__ = ("_entries", "common", "connector", "settings", "shown")

    def __init__(
        self,
        connector: ReceiveConnector,
        settings: int,
        shown: int,
        common: int,
        entries: dict[Principal, int],
    ) -> None:
        self.connector, self.settings, self.shown = connector, settings, shown
        self.common = common
        self._entries = entries

    def key(self, principals: Sequence[Principal]) -> PolicyKey:
        """Return what is equal for policies that judge a holder of these principals alike.

        Entries that name nobody of them play no part, beyond the groups that they make up.
        """
        entries = self._entries
        return self.settings, self.shown, tuple([entries.get(each, 0) for each in principals])


class Policies:
    """The policies of an organization's connectors, each connector looked at once.

    Attributes:
        organization: The organization, of one server.
        exchanges_own: The principals that exist without an administrator: the well-known ones,
            and those that permission groups are made of.
    """

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        named = (
            ace.principal for group in PermissionGroup for ace in organization.entries_of(group)
        )
        self.exchanges_own = frozenset(chain(WELL_KNOWN, named))
        self._shown: dict[int, int] = {}
        self._numbers: dict[object, int] = {}
        self._known: dict[object, ConnectorPolicy] = {}
        # The organization keeps its connectors alive, so that their ids stay their own.
        self._of: dict[int, ConnectorPolicy] = {}

    def of(self, connector: ReceiveConnector) -> ConnectorPolicy:
        """Return the policy of a connector; one object for connectors with equal ones."""
        found = self._of.get(id(connector))
        if found is None:
            # One property that no field holds is judged after all: whose certificates count (P-5).
            trusted = trusted_domains(connector) if connector.unmodelled else ()
            settings = self._number((_settings(connector), trusted))
            key = settings, connector.acl
            found = self._known.get(key)
            if found is None:
                found = self._known[key] = self._policy(connector, settings)
            self._of[id(connector)] = found
        return found

    def _policy(self, connector: ReceiveConnector, settings: int) -> ConnectorPolicy:
        aces: dict[Principal, list[Ace]] = {}
        for ace in connector.acl:
            aces.setdefault(ace.principal, []).append(ace)
        entries = {each: self._number(tuple(those)) for each, those in aces.items()}
        own = self.exchanges_own
        common = self._number((settings, frozenset([n for p, n in entries.items() if p in own])))
        # Which groups are shown hangs on the entries for their principals alone.
        shown = self._shown.get(common)
        if shown is None:
            groups = self.organization.groups_of(connector)[0]
            shown = self._shown[common] = self._number(groups)
        return ConnectorPolicy(connector, settings, shown, common, entries)

    def _number(self, thing: object) -> int:
        """Return a number, from 1 on, that equal things have in common."""
        return self._numbers.setdefault(thing, len(self._numbers) + 1)


def names_connector(connector: ReceiveConnector, shape: SessionShape) -> bool:
    """Tell whether a verdict names the connector that made it: only a refused STARTTLS does."""
    return shape.tls and AuthMechanism.TLS not in connector.auth_mechanism
