"""Connectors that judge alike: what is left of a connector without its place and name."""

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from typing import NamedTuple

from relaysim.model.acl import Ace
from relaysim.model.connector import AuthMechanism, ReceiveConnector
from relaysim.model.groups import PermissionGroup
from relaysim.model.organization import Organization
from relaysim.model.principals import Principal
from relaysim.model.session import SessionShape

__all__ = ["Policies", "Policy", "names_connector"]

_PLACE = ("name", "enabled", "bindings", "remote_ip_ranges")
_settings = attrgetter(
    *(field.name for field in fields(ReceiveConnector) if field.name not in (*_PLACE, "acl"))
)


class Policy(NamedTuple):
    """What a connector judges by.

    Attributes:
        connector: The first connector that judges so.
        settings: A number that connectors with the same settings share.
        shown: The permission groups that it shows.
    """

    connector: ReceiveConnector
    settings: int
    shown: tuple[PermissionGroup, ...]

    def key(
        self, principals: Sequence[Principal]
    ) -> tuple[int, tuple[PermissionGroup, ...], tuple[Ace, ...]]:
        """Return what is equal for policies that judge a holder of these principals alike.

        Entries that name nobody of them play no part, beyond the groups that they make up.
        """
        acl = self.connector.acl
        return self.settings, self.shown, tuple(ace for ace in acl if ace.principal in principals)


class Policies:
    """The policies of an organization's connectors, each connector looked at once."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self._settings: dict[object, int] = {}
        self._known: dict[object, Policy] = {}
        # The organization keeps its connectors alive, so that their ids stay their own.
        self._of: dict[int, Policy] = {}

    def of(self, connector: ReceiveConnector) -> Policy:
        """Return the policy of a connector; one object for connectors with equal ones."""
        found = self._of.get(id(connector))
        if found is None:
            settings = _settings(connector)
            key = settings, connector.acl
            found = self._known.get(key)
            if found is None:
                number = self._settings.setdefault(settings, len(self._settings))
                shown = self.organization.groups_of(connector)[0]
                found = self._known[key] = Policy(connector, number, shown)
            self._of[id(connector)] = found
        return found


def names_connector(connector: ReceiveConnector, shape: SessionShape) -> bool:
    """Tell whether a verdict names the connector that made it: only a refused STARTTLS does."""
    return shape.tls and AuthMechanism.TLS not in connector.auth_mechanism
