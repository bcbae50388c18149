"""An organization whose version is not told, as one of each version that it may have."""

from relaysim.engine.kept import kept
from relaysim.lean import replace
from relaysim.model.connector import ReceiveConnector
from relaysim.model.edit import change_server
from relaysim.model.organization import Organization
from relaysim.model.rights import RIGHT_FACTS
from relaysim.model.version import ExchangeVersion

__all__ = ["Variants", "newest", "possible_versions", "variants_of"]


def newest(organization: Organization) -> Organization:
    """Return the organization with the newest version that its only server may have."""
    if organization.only.exchange is not None:
        return organization  # Nothing is made of it, so nothing is kept.
    return variants_of(organization).of_version(possible_versions(organization)[-1])


class Variants:
    """An organization as one of each version that it may have; each is made once.

    Attributes:
        organization: The organization, of one server.
        places: The place of each connector among its connectors, by name.
    """

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.places: dict[str, int] = {}
        for place, connector in enumerate(organization.connectors):
            self.places.setdefault(connector.name, place)
        self._doubtful: dict[frozenset[str], tuple[ReceiveConnector, ...]] = {}
        self._of: dict[ExchangeVersion, Organization] = {}
        self._known: dict[ExchangeVersion | None, Organization] = {}

    def of_version(self, version: ExchangeVersion) -> Organization:
        """Return it as one of a version; what is not known besides stays so."""
        if version not in self._of:
            self._of[version] = _with_version(self.organization, version)
        return self._of[version]

    def known(self, version: ExchangeVersion | None) -> Organization:
        """Return it as what is listed alone, of a version where its own is not known."""
        if version not in self._known:
            found = self.organization if version is None else self.of_version(version)
            connectors = [
                replace(each, unknown=frozenset()) if each.unknown else each
                for each in found.connectors
            ]
            self._known[version] = change_server(found, connectors=tuple(connectors))
        return self._known[version]

    def doubtful(self, properties: frozenset[str]) -> tuple[ReceiveConnector, ...]:
        """Return the connectors of which one of some properties is not known, in their order."""
        found = self._doubtful.get(properties)
        if found is None:
            found = self._doubtful[properties] = tuple(
                one
                for one in self.organization.connectors
                if not one.unknown.isdisjoint(properties)
            )
        return found


@kept
def variants_of(organization: Organization) -> Variants:
    """Return the variants of an organization: it is the same object as when they were made."""
    return Variants(organization)


def possible_versions(organization: Organization) -> tuple[ExchangeVersion, ...]:
    """Return the versions that the only server may have, in order."""
    known = organization.only.exchange
    if known is not None:
        return (known,)
    front_end = any(connector.is_front_end for connector in organization.connectors)
    return tuple(each for each in ExchangeVersion if each.has_front_end or not front_end)


def _with_version(organization: Organization, version: ExchangeVersion) -> Organization:
    """Return the organization as one of a version; entries of rights it does not know go."""
    if organization.only.exchange is version:
        return organization
    # Most connectors have the entries of another one.
    lists = {id(connector.acl): connector.acl for connector in organization.connectors}
    known = {
        number: tuple(
            [
                ace
                for ace in acl
                if ace.right not in RIGHT_FACTS or RIGHT_FACTS[ace.right].since <= version
            ]
        )
        for number, acl in lists.items()
    }
    connectors = []
    for connector in organization.connectors:
        acl = known[id(connector.acl)]
        whole = len(acl) == len(connector.acl)
        connectors.append(connector if whole else replace(connector, acl=acl))
    return change_server(organization, exchange=version, connectors=tuple(connectors))
