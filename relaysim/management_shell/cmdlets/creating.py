"""New-ReceiveConnector.

Source: NEWRC07, NEWRC, SETRC, GETRC, RC07.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import closest
from relaysim.management_shell.cmdlets.changes import change_connector
from relaysim.management_shell.cmdlets.identities import (
    FoundConnector,
    server_named,
    to_name,
    to_server,
)
from relaysim.management_shell.cmdlets.storing import (
    ConnectorCmdlet,
    given_values,
    property_parameters,
    store,
)
from relaysim.management_shell.cmdlets.usages import USAGES, Usage, usage_groups
from relaysim.management_shell.state import Refused, state_of
from relaysim.management_shell.values.connector_objects import (
    connector_object,
    identity_text,
)
from relaysim.model.connector import ReceiveConnector
from relaysim.model.defaults import default_message_size
from relaysim.model.properties.catalogue import PROPERTIES
from relaysim.model.version import ServerRole, has_two_services
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.values.conversion import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.model.organization import Organization
    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.values.value import Value

__all__ = ["NewConnector"]


_SWITCHES = ("Client", "Custom", "Internal", "Internet", "Partner")


def _to_usage(value: Value) -> Value:
    text = to_text(value)
    usage = USAGES.get(text.strip().casefold())
    if usage is None:
        names = [one.name for one in USAGES.values()]
        near = closest(text, names)
        raise ConversionError(
            f"`{text}` is no usage (one of {', '.join(names)})",
            id="CannotConvertArgument",
            hint=f"did you mean `{near}`?" if near else None,
        )
    return usage


class NewConnector(ConnectorCmdlet):
    """``New-ReceiveConnector``."""

    spec = CmdletSpec(
        name="New-ReceiveConnector",
        changes=True,
        directory=True,
        parameters=(
            Parameter(name="Name", convert=to_name, position=0, mandatory=True),
            *property_parameters(one for one in PROPERTIES if one.on_new and one.name != "Name"),
            Parameter(
                name="Usage",
                convert=_to_usage,
                words=tuple(one.name for one in USAGES.values()),
            ),
            *(Parameter(name=name, switch=True) for name in _SWITCHES),
            Parameter(name="Server", convert=to_server, from_pipeline=True, from_property=True),
        ),
    )

    def view(self, context: Context, bound: Bound) -> Organization:
        """Return the server that is named, else the one the shell runs on."""
        state = state_of(context)
        if "Server" not in bound:
            return state.local
        return server_named(state.organization, to_text(bound.get("Server")))

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Create the connector and return it."""
        organization = self.view(context, bound)
        name = to_text(bound.get("Name"))
        target = identity_text(organization, name)
        usage = _usage(bound, target)
        if usage.name == "Client" and organization.role is ServerRole.EDGE:
            raise Refused("the Client usage is refused on an Edge (V-5)", "V-5", target=target)
        given = Bound([("PermissionGroups", usage_groups(usage, organization)), *bound.items()])
        connector = ReceiveConnector(
            name=name,
            bindings=usage.bindings,
            remote_ip_ranges=usage.ranges,
            auth_mechanism=usage.mechanisms,
            max_message_size=default_message_size(organization.exchange),
            fqdn=organization.fqdn,
        )
        _require(usage, bound, target)
        label = state_of(context).named(organization.server, name)
        changed = change_connector(
            connector, organization, given_values(given), context.warn, label=label
        )
        changed.assumptions += _assumed(usage, bound, organization)
        stored = store(context, changed, organization, replaces=None)
        if stored is not None:
            _advise(context, stored)
            yield connector_object(stored.connector, stored.organization)


def _usage(bound: Bound, target: str) -> Usage:
    chosen = [USAGES[name.casefold()] for name in _SWITCHES if bound.flag(name)]
    usage = bound.get("Usage")
    if isinstance(usage, Usage):
        chosen.append(usage)
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        # The syntax lists `-Custom` as optional beside bindings and ranges (NEWRC), and published
        # scripts that copy connectors leave it out.
        return USAGES["custom"]
    raise Refused(
        f"more than one usage: {', '.join(one.name for one in chosen)} (V-6)", "V-6", target=target
    )


def _require(usage: Usage, bound: Bound, target: str) -> None:
    missing = [
        f"`-{name}`"
        for name, default in (("Bindings", usage.bindings), ("RemoteIPRanges", usage.ranges))
        if not default and name not in bound
    ]
    if missing:
        raise Refused(
            f"the {usage.name} usage needs {' and '.join(missing)} (V-6)", "V-6", target=target
        )


def _assumed(usage: Usage, bound: Bound, organization: Organization) -> list[tuple[str, str]]:
    found = []
    if "Usage" not in bound and not any(bound.flag(name) for name in _SWITCHES):
        found.append(("V-11", "bindings and ranges without a usage make a Custom connector"))
    if (
        usage.name == "Custom"
        and "AuthMechanism" not in bound
        and not organization.exchange.has_front_end
    ):
        found.append(
            ("V-6", "a Custom connector of Exchange 2007 and 2010 has Tls, as from 2013 on")
        )
    services = has_two_services(organization.exchange, organization.role)
    if services and "TransportRole" not in bound:
        found.append(
            ("V-6", "without TransportRole a connector belongs to the HubTransport service")
        )
    return found


def _advise(context: Context, place: FoundConnector) -> None:
    """Warn about a connector that takes no mail: no group, no entry."""
    groups, custom = place.organization.groups_of(place.connector)
    if not groups and not custom:
        context.warn(
            f"`{place.connector.name}` has no permission group: it takes no mail until it gets one"
        )
