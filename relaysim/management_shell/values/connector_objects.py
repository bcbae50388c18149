"""Receive connectors as a script sees them.

Source: QA305565, CSSE19, P365R.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import InvalidInput
from relaysim.management_shell.values.parameters import converted, replaced, shown
from relaysim.management_shell.values.property_objects import fqdn_object, named_value
from relaysim.model.groups import GROUP_FLAGS
from relaysim.model.properties.catalogue import BY_NAME, PROPERTIES
from relaysim.model.properties.kept import kept_text, value_of
from relaysim.model.properties.lists import groups_text
from relaysim.model.version import ExchangeVersion
from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.organization import Organization
    from relaysim.model.properties.declaration import Property

__all__ = [
    "ConnectorSnapshot",
    "changed_properties",
    "connector_object",
    "distinguished_name",
    "identity_object",
    "identity_text",
    "server_distinguished_name",
]

_GROUP = "Exchange Administrative Group (FYDIBOHF23SPDLT)"
_SCHEMA = "ms-Exch-Smtp-Receive-Connector"


class ConnectorSnapshot:
    """What stands behind a connector object: the connector as it was when it was read."""

    __slots__ = ("connector", "organization")

    def __init__(self, connector: ReceiveConnector, organization: Organization) -> None:
        self.connector = connector
        self.organization = organization


def identity_text(organization: Organization, name: str) -> str:
    r"""Return the identity of an object of the server: ``SERVER\Name``."""
    return f"{organization.server}\\{name}"


def distinguished_name(organization: Organization, name: str) -> str:
    """Return where the directory keeps a connector.

    The organization's name in the directory is not part of the model: setup's default stands for
    it, and the DNS name behind the server's for the forest's.

    Source: CSSE19, PERM13.
    """
    above = ("SMTP Receive Connectors", "Protocols")
    names = [f"CN={part}" for part in (name.replace(",", "\\,"), *above)]
    return ",".join([*names, server_distinguished_name(organization)])


def server_distinguished_name(organization: Organization) -> str:
    """Return where the directory keeps the server.

    Source: CSSE19.
    """
    forest = organization.full_name.partition(".")[2].split(".")
    parents = [
        organization.server, "Servers", _GROUP, "Administrative Groups", "First Organization",
        "Microsoft Exchange", "Services", "Configuration",
    ]  # fmt: skip
    names = [f"CN={part}" for part in parents]
    return ",".join([*names, *(f"DC={part}" for part in forest if part)])


_ID = ObjectType(
    name="Microsoft.Exchange.Data.Directory.ADObjectId",
    text=lambda value: str(value.base),
)


def identity_object(text: str, name: str, path: str) -> ShellObject:
    """Return an identity: its text is ``text``, it has a name and a distinguished name."""
    parents = path.split(",")[1:]
    return ShellObject(
        (
            ("Name", name),
            ("DistinguishedName", path),
            ("Rdn", f"CN={name}"),
            ("Parent", parents[0].removeprefix("CN=") if parents else ""),
            ("Depth", len(parents)),
        ),
        type_=_ID,
        base=text,
    )


def _assigned(name: str, value: Value) -> Value:
    """Return what a property holds after a script assigned to it."""
    wanted = BY_NAME.get(name.casefold())
    if wanted is None:
        raise ConversionError(f"`{name}` is read-only", id="PropertyReadOnly")
    return shown(wanted.kind, replaced(converted(wanted.kind, value)))


_CONNECTOR = ObjectType(
    name="Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector",
    view=DefaultView(columns=("Identity", "Bindings", "Enabled")),
    convert=_assigned,
    text=lambda value: to_text(value.get("Identity")),
)


def shown_value(wanted: Property, connector: ReceiveConnector, organization: Organization) -> Value:
    """Return a property of a connector as a script sees it."""
    if wanted.name == "PermissionGroups":
        groups, custom = organization.groups_of(connector)
        text = groups_text(groups, custom=custom)
        return named_value(wanted.kind.label, text, {"None": 0, **GROUP_FLAGS})
    if wanted.name == "Fqdn":
        return fqdn_object(connector.fqdn or organization.full_name)
    try:
        value = value_of(wanted, connector, exchange=organization.exchange, role=organization.role)
    except InvalidInput:
        # A server file may hold any text here; it is shown as it stands.
        return kept_text(connector, wanted.name)
    return shown(wanted.kind, value)


def connector_object(connector: ReceiveConnector, organization: Organization) -> ShellObject:
    """Return a connector with the properties its version knows, in Exchange's order."""
    exchange = organization.exchange
    name = connector.name
    path = distinguished_name(organization, name)
    identity = identity_object(identity_text(organization, name), name, path)
    server = identity_object(
        organization.server, organization.server, server_distinguished_name(organization)
    )
    properties: list[tuple[str, Value]] = []
    for wanted in PROPERTIES:
        if wanted.name == "Name":
            properties += [("AdminDisplayName", ""), ("ExchangeVersion", "0.1 (8.0.535.0)")]
        if wanted.known_to(exchange):
            properties.append((wanted.name, shown_value(wanted, connector, organization)))
        if wanted.name == "TlsDomainCapabilities":
            properties.append(("Server", server))
    forest = organization.full_name.partition(".")[2]
    properties += [
        ("DistinguishedName", path),
        ("Identity", identity),
        ("Guid", None),
        ("ObjectCategory", f"{forest}/Configuration/Schema/{_SCHEMA}"),
        ("ObjectClass", ["top", "msExchSmtpReceiveConnector"]),
        ("WhenChanged", None),
        ("WhenCreated", None),
    ]
    if exchange >= ExchangeVersion.V2010:
        properties += [
            ("WhenChangedUTC", None),
            ("WhenCreatedUTC", None),
            ("OrganizationId", ""),
            ("Id", identity),
        ]
    properties += [
        ("OriginatingServer", organization.full_name),
        ("IsValid", True),
        ("ObjectState", "Unchanged"),
    ]
    return ShellObject(
        properties, type_=_CONNECTOR, base=ConnectorSnapshot(connector, organization)
    )


def changed_properties(item: ShellObject) -> list[tuple[Property, Value]]:
    """Return the properties of a connector object that a script has changed since it was read."""
    snapshot = item.base
    if not isinstance(snapshot, ConnectorSnapshot):
        return []
    found = []
    for wanted in PROPERTIES:
        if wanted.name not in item:
            continue
        before = shown_value(wanted, snapshot.connector, snapshot.organization)
        now = item.get(wanted.name)
        if to_text(before) != to_text(now):
            found.append((wanted, now))
    return found
