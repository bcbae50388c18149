"""New-, Set-, Get- and Remove-ReceiveConnector.

Source: NEWRC07, NEWRC, SETRC, GETRC, RC07.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import closest
from relaysim.management_shell.cmdlets.changes import Changed, change_connector
from relaysim.management_shell.cmdlets.identities import (
    check_server,
    connectors_like,
    one_connector,
    to_identity,
    to_name,
)
from relaysim.management_shell.cmdlets.usages import USAGES, Usage, usage_groups
from relaysim.management_shell.cmdlets.validation import MANY_RANGES, check_alone, check_among
from relaysim.management_shell.roster import put_connector
from relaysim.management_shell.state import ExchangeCmdlet, Refused, state_of
from relaysim.management_shell.values.connector_objects import (
    ConnectorSnapshot,
    changed_properties,
    connector_object,
    identity_text,
)
from relaysim.management_shell.values.parameters import argument_of, converted
from relaysim.model.connector import ReceiveConnector
from relaysim.model.defaults import default_message_size
from relaysim.model.edit import remove_connector
from relaysim.model.properties.catalogue import BY_NAME, PROPERTIES
from relaysim.model.version import ExchangeVersion, ServerRole, has_two_services
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failures import ConversionError
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.value import ShellObject, Value
from relaysim.powershell.values.wildcard import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.model.organization import Organization
    from relaysim.model.properties.declaration import Property
    from relaysim.powershell.interpreter.context import Context

__all__ = ["CONNECTOR_CMDLETS", "GetConnector", "NewConnector", "RemoveConnector", "SetConnector"]

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


def _parameters(properties: Iterable[Property]) -> tuple[Parameter, ...]:
    return tuple(Parameter(name=one.name, convert=argument_of(one.kind)) for one in properties)


_SINCE = {one.name.casefold(): one.since for one in PROPERTIES if one.since > ExchangeVersion.V2007}


def _values(bound: Bound) -> list[tuple[Property, object]]:
    """Return the properties among the parameters, groups last: they refuse and look at the rest."""
    found = [
        (BY_NAME[name.casefold()], value)
        for name, value in bound.items()
        if name.casefold() in BY_NAME
    ]
    return sorted(found, key=lambda pair: pair[0].name == "PermissionGroups")


class _ConnectorCmdlet(ExchangeCmdlet):
    """What the commands share."""

    @property
    def since(self) -> dict[str, ExchangeVersion]:
        """Properties that only later versions know."""
        return _SINCE


def _store(context: Context, changed: Changed, *, replaces: str | None) -> ReceiveConnector | None:
    """Put a connector that was checked into the organization, unless ``-WhatIf`` is on.

    Returns:
        The connector, or ``None`` when nothing was done.

    Raises:
        Refused: The connector is refused.
    """
    state = state_of(context)
    organization = state.organization
    connector = changed.connector
    check_alone(connector, organization)
    check_among(connector, organization, replaces=replaces)
    if len(connector.remote_ip_ranges) >= MANY_RANGES:
        context.warn(
            f"`{connector.name}` has {len(connector.remote_ip_ranges):,} remote ranges: a server "
            f"refuses more than a number between {MANY_RANGES:,} and 1,300 (V-8)"
        )
    if not context.should_process(identity_text(organization, replaces or connector.name)):
        return None
    organization = put_connector(organization, connector, replaces=replaces)
    context.state = (
        state._replace(organization=organization)
        .noting(*changed.unmodelled)
        .assuming(*changed.assumptions)
    )
    return connector


class NewConnector(_ConnectorCmdlet):
    """``New-ReceiveConnector``."""

    spec = CmdletSpec(
        name="New-ReceiveConnector",
        changes=True,
        directory=True,
        parameters=(
            Parameter(name="Name", convert=to_name, position=0, mandatory=True),
            *_parameters(one for one in PROPERTIES if one.on_new and one.name != "Name"),
            Parameter(name="Usage", convert=_to_usage),
            *(Parameter(name=name, switch=True) for name in _SWITCHES),
            Parameter(name="Server", convert=to_name, from_property=True),
        ),
    )

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Create the connector and return it."""
        organization = state_of(context).organization
        name = to_text(bound.get("Name"))
        target = identity_text(organization, name)
        if "Server" in bound:
            check_server(organization, to_text(bound.get("Server")))
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
        changed = change_connector(connector, organization, _values(given), context.warn)
        changed.assumptions += _assumed(usage, bound, organization)
        stored = _store(context, changed, replaces=None)
        if stored is not None:
            _advise(context, stored, organization)
            yield connector_object(stored, state_of(context).organization)


def _usage(bound: Bound, target: str) -> Usage:
    chosen = [USAGES[name.casefold()] for name in _SWITCHES if bound.flag(name)]
    usage = bound.get("Usage")
    if isinstance(usage, Usage):
        chosen.append(usage)
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(f"`-{name}`" for name in _SWITCHES)
    if not chosen and "Bindings" in bound and "RemoteIPRanges" in bound:
        # The syntax lists `-Custom` as optional beside these two (NEWRC), and published scripts
        # that copy connectors leave it out.
        return USAGES["custom"]
    if not chosen:
        raise Refused(
            "a usage is needed (V-6)",
            "V-6",
            target=target,
            hint=f"add `-Usage` with Custom, Internet, Internal, Client or Partner, or one of "
            f"{names}",
        )
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
        found.append(("V-6", "bindings and ranges without a usage make a Custom connector"))
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


def _advise(context: Context, connector: ReceiveConnector, organization: Organization) -> None:
    """Warn about a connector that takes no mail: no group, no entry."""
    groups, custom = organization.groups_of(connector)
    if not groups and not custom:
        context.warn(
            f"`{connector.name}` has no permission group: it takes no mail until it gets one"
        )


class _Target:
    """What ``-Identity`` was given: an identity, and the object it came from."""

    __slots__ = ("item", "text")

    def __init__(self, value: Value) -> None:
        self.text = to_identity(value)
        self.item = value if isinstance(value, ShellObject) else None

    def _is_edited(self) -> bool:
        return self.item is not None and bool(changed_properties(self.item))

    def edited(self, organization: Organization) -> ShellObject | None:
        """Return the object whose changes a pipeline saves: only 2007's local shell does."""
        local = organization.exchange is ExchangeVersion.V2007
        return self.item if local and self._is_edited() else None

    def is_stale(self, organization: Organization) -> bool:
        """Tell whether the object carries changes that are lost."""
        return organization.exchange is not ExchangeVersion.V2007 and self._is_edited()


def _instance(value: Value) -> Value:
    if isinstance(value, ShellObject) and isinstance(value.base, ConnectorSnapshot):
        return value
    raise ConversionError("a receive connector object is expected", id="CannotConvertArgument")


class SetConnector(_ConnectorCmdlet):
    """``Set-ReceiveConnector``."""

    spec = CmdletSpec(
        name="Set-ReceiveConnector",
        changes=True,
        directory=True,
        parameters=(
            Parameter(
                name="Identity",
                convert=_Target,
                position=0,
                from_pipeline=True,
            ),
            *_parameters(one for one in PROPERTIES if one.on_set),
            Parameter(name="Instance", convert=_instance),
        ),
    )

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Change the connector."""
        state = state_of(context)
        organization = state.organization
        target = bound.get("Identity")
        instance = bound.get("Instance")
        if not isinstance(target, _Target):
            if not isinstance(instance, ShellObject):
                raise Refused("`-Identity` is needed", "MissingMandatoryParameter")
            target = _Target(instance)
        connector = one_connector(organization, target.text)
        given = Bound(bound.items())
        edited = instance if isinstance(instance, ShellObject) else target.edited(organization)
        for wanted, value in changed_properties(edited) if edited is not None else ():
            if wanted.name not in given:
                given.set(wanted.name, converted(wanted.kind, value))
        if target.is_stale(organization):
            context.warn(
                f"changes made to the object of `{connector.name}` are not saved by piping it "
                f"into Set-ReceiveConnector from Exchange 2010 on: name the parameters"
            )
        changed = change_connector(connector, organization, _values(given), context.warn)
        if changed.connector == connector and not changed.unmodelled:
            context.note(f"nothing is changed on `{connector.name}`")
        _warn_chunking(context, changed.connector)
        _store(context, changed, replaces=connector.name)
        return ()


def _warn_chunking(context: Context, connector: ReceiveConnector) -> None:
    if connector.binary_mime_enabled and not connector.chunking_enabled:
        context.warn(f"`{connector.name}`: BinaryMimeEnabled is documented to need ChunkingEnabled")


class GetConnector(_ConnectorCmdlet):
    """``Get-ReceiveConnector``."""

    spec = CmdletSpec(
        name="Get-ReceiveConnector",
        directory=True,
        parameters=(
            Parameter(name="Identity", convert=to_identity, position=0, from_pipeline=True),
            Parameter(name="Server", convert=to_name),
        ),
    )

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Return the connectors that are asked for, all of them without an identity."""
        organization = state_of(context).organization
        if "Server" in bound:
            check_server(organization, to_text(bound.get("Server")))
        wanted = to_text(bound.get("Identity"))
        if not wanted:
            found = list(organization.connectors)
        elif has_wildcard(wanted):
            found = connectors_like(organization, wanted)
        elif wanted.rstrip("\\").casefold() == organization.server.casefold():
            found = list(organization.connectors)
        else:
            found = [one_connector(organization, wanted)]
        context.spend(50 * len(found))
        return [connector_object(connector, organization) for connector in found]


class RemoveConnector(_ConnectorCmdlet):
    """``Remove-ReceiveConnector``."""

    spec = CmdletSpec(
        name="Remove-ReceiveConnector",
        changes=True,
        directory=True,
        parameters=(
            Parameter(
                name="Identity",
                convert=to_identity,
                position=0,
                mandatory=True,
                from_pipeline=True,
            ),
        ),
    )

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Remove the connector."""
        state = state_of(context)
        organization = state.organization
        connector = one_connector(organization, to_text(bound.get("Identity")))
        if context.should_process(identity_text(organization, connector.name)):
            context.state = state._replace(
                organization=remove_connector(organization, connector.name)
            )
        return ()


CONNECTOR_CMDLETS = (NewConnector(), SetConnector(), GetConnector(), RemoveConnector())
