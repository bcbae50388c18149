"""Making the connector that a command asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import InvalidInput, closest
from relaysim.lean import replace
from relaysim.management_shell.state import Refused, Unmodelled
from relaysim.management_shell.values.connector_objects import identity_text
from relaysim.management_shell.values.multi import MultiChange
from relaysim.model.edit import set_groups
from relaysim.model.groups import PermissionGroup
from relaysim.model.properties.kept import value_of, with_kept
from relaysim.model.version import ExchangeVersion, ServerRole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.organization import Organization
    from relaysim.model.properties.declaration import Property

__all__ = ["Changed", "change_connector"]


class Changed:
    """A connector with what was noted while it was made.

    Attributes:
        connector: The connector.
        label: What it is called in notes.
        unmodelled: Settings that no rule uses.
        assumptions: What was assumed, as (rule, text).
    """

    def __init__(self, connector: ReceiveConnector, label: str) -> None:
        self.connector = connector
        self.label = label
        self.unmodelled: list[Unmodelled] = []
        self.assumptions: list[tuple[str, str]] = []


def change_connector(
    connector: ReceiveConnector,
    organization: Organization,
    values: Iterable[tuple[Property, object]],
    warn: Callable[[str], None],
    *,
    label: str,
) -> Changed:
    """Return the connector with new values of properties; nothing is checked yet but groups.

    Args:
        connector: The connector as it is.
        organization: The organization, of the connector's server alone.
        values: The properties and their new values.
        warn: Takes each warning.
        label: What the connector is called in notes.

    Raises:
        Refused: A group that this server does not have, or an unknown default domain.
    """
    result = Changed(connector, label)
    shown: set[str] = set()
    for wanted, value in values:
        shown.add(wanted.name)
        if wanted.name == "PermissionGroups":
            _set_groups(result, organization, value)
        elif wanted.name == "DefaultDomain":
            domain = _domain_named(organization, str(value))
            result.connector = replace(result.connector, default_domain=domain)
        elif wanted.field:
            new, is_whole = value, True
            if isinstance(value, MultiChange):
                new = _apply(value, _current(wanted, result.connector, organization), warn)
                is_whole = value.replace is not None
            fields: dict[str, Any] = {wanted.field: new}
            if is_whole and connector.unknown:
                # Whatever it was, it is known now.
                fields["unknown"] = result.connector.unknown - {wanted.field}
            result.connector = replace(result.connector, **fields)
        else:
            _keep(result, organization, wanted, value, warn)
    if connector.not_shown:
        left = result.connector.not_shown - shown
        result.connector = replace(result.connector, not_shown=left)
    return result


def _current(wanted: Property, connector: ReceiveConnector, organization: Organization) -> object:
    """Return the value that is there; a kept text that is no value counts as none."""
    try:
        return value_of(wanted, connector, exchange=organization.exchange, role=organization.role)
    except InvalidInput:
        return ()


def _apply(
    change: MultiChange[object], current: object, warn: Callable[[str], None]
) -> tuple[object, ...]:
    items = current if isinstance(current, tuple) else ()
    return change.apply(items, lambda item: getattr(item, "interval", item), warn)


def _set_groups(result: Changed, organization: Organization, value: object) -> None:
    wanted = value if isinstance(value, tuple) else ()
    connector = result.connector
    target = identity_text(organization, connector.name)
    edge = organization.role is ServerRole.EDGE
    if edge and PermissionGroup.EXCHANGE_LEGACY_SERVERS in wanted:
        raise Refused("an Edge has no ExchangeLegacyServers (V-5)", "V-5", target=target)
    if (
        edge
        and PermissionGroup.EXCHANGE_USERS in wanted
        and organization.exchange is ExchangeVersion.V2007
    ):
        result.assumptions.append(("G-6", "ExchangeUsers may be set on an Exchange 2007 Edge"))
    shown, custom = organization.groups_of(connector)
    result.connector = set_groups(organization, connector, wanted, shown=shown)
    if custom and result.connector.acl != connector.acl:
        result.assumptions.append(
            ("G-4", f"setting PermissionGroups on `{target}` keeps the rights given by hand")
        )


def _domain_named(organization: Organization, text: str) -> str:
    if not text:
        return ""
    for domain in organization.accepted_domains:
        if text.casefold() in (domain.name.casefold(), domain.label.casefold()):
            return domain.name
    names = [domain.name for domain in organization.accepted_domains]
    near = closest(text, names)
    raise Refused(
        f"there is no accepted domain `{text}`",
        "ObjectNotFound",
        target=text,
        hint=f"did you mean `{near}`?" if near else None,
    )


def _keep(
    result: Changed,
    organization: Organization,
    wanted: Property,
    value: object,
    warn: Callable[[str], None],
) -> None:
    """Keep a property that no rule uses, and list it."""
    connector = result.connector
    if isinstance(value, MultiChange):
        value = _apply(value, _current(wanted, connector, organization), warn)
    text = wanted.kind.format(value)
    kept = with_kept(connector.unmodelled, wanted, value)
    result.connector = replace(connector, unmodelled=kept)
    result.unmodelled.append(Unmodelled(f"receive connector `{result.label}`", wanted.name, text))
