"""Get- and Set-TransportConfig, Get-ExchangeServer and the like.

No rule uses a setting of the organization's transport: each is kept and listed. The server
commands show the servers, as scripts ask for their names and pipe them into other commands.

Source: SETTC, SETTC07.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import InvalidInput
from relaysim.management_shell.cmdlets.identities import server_named, to_identity
from relaysim.management_shell.cmdlets.neighbours.families import family_of
from relaysim.management_shell.cmdlets.neighbours.kept import kept_properties, kept_target
from relaysim.management_shell.cmdlets.settings import setting, with_setting
from relaysim.management_shell.state import ExchangeCmdlet, Unmodelled, state_of
from relaysim.management_shell.values.connector_objects import identity_object
from relaysim.management_shell.values.multi import MultiChange
from relaysim.management_shell.values.parameters import argument_of, items_of, shown
from relaysim.management_shell.values.property_objects import version_object
from relaysim.model.properties.kinds import FlagKind
from relaysim.model.properties.quantities import SizeKind
from relaysim.model.properties.transport import (
    TRANSPORT_SETTINGS,
    TRANSPORT_TARGET,
    TransportSetting,
)
from relaysim.model.version import ExchangeVersion, ServerRole, has_two_services
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.patterns.wildcard import has_wildcard, matches_wildcard
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from relaysim.model.organization import Organization
    from relaysim.powershell.interpreter.context import Context

__all__ = ["SERVER_CMDLETS"]

_CONFIG = ObjectType(
    name="Microsoft.Exchange.Data.Directory.SystemConfiguration.TransportConfigContainer",
    text=lambda _value: "Transport Settings",
    view=DefaultView(
        columns=(
            "ClearCategories", "GenerateCopyOfDSNFor", "InternalSMTPServers",
            "JournalingReportNdrTo", "MaxReceiveSize", "MaxRecipientEnvelopeLimit",
            "MaxSendSize", "TLSReceiveDomainSecureList", "TLSSendDomainSecureList",
        ),
        as_list=True,
    ),
)  # fmt: skip


def _shown(one: TransportSetting, organization: Organization) -> Value:
    """Return a setting as a script sees it; one that was never made is empty."""
    text = setting(organization, TRANSPORT_TARGET, one.name)
    if text is None:
        return shown(one.kind, ()) if one.kind.is_list else None
    if isinstance(one.kind, SizeKind):
        # The limits are texts: `Unlimited` stands among them.
        return text
    try:
        return shown(one.kind, one.kind.parse(text))
    except InvalidInput:
        return text


class _GetConfig(ExchangeCmdlet):
    spec = CmdletSpec(
        name="Get-TransportConfig",
        directory=True,
        parameters=(Parameter(name="Identity", position=0),),
    )

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Return the settings; one that was never made is empty."""
        del bound
        state = state_of(context)
        properties = [
            (one.name, _shown(one, state.organization))
            for one in TRANSPORT_SETTINGS
            if one.known_to(state.newest)
        ]
        return [ShellObject(properties, type_=_CONFIG)]


class _SetConfig(ExchangeCmdlet):
    spec = CmdletSpec(
        name="Set-TransportConfig",
        changes=True,
        directory=True,
        parameters=(
            Parameter(name="Identity", position=0, from_pipeline=True),
            *(
                Parameter(name=one.name, convert=argument_of(one.kind))
                for one in TRANSPORT_SETTINGS
            ),
            Parameter(name="Force", switch=True),
        ),
    )

    @property
    def since(self) -> dict[str, ExchangeVersion]:
        """Settings that only later versions know."""
        return {one.name.casefold(): one.since for one in TRANSPORT_SETTINGS}

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Keep the settings, and list them."""
        state = state_of(context)
        organization = state.organization
        noted = []
        for one in TRANSPORT_SETTINGS:
            if one.name not in bound:
                continue
            value = bound.get(one.name)
            if isinstance(value, MultiChange):
                text = setting(organization, TRANSPORT_TARGET, one.name)
                current = () if text is None else items_of(one.kind, text)
                value = value.apply(current, lambda item: str(item).casefold(), context.warn)
            noted.append(Unmodelled(TRANSPORT_TARGET, one.name, one.kind.format(value)))
        if not context.should_process("Transport Settings"):
            return ()
        for entry in noted:
            organization = with_setting(organization, entry)
        context.state = state._replace(organization=organization).noting(*noted)
        return ()


_NUMBERS = {
    "2007": "Version 8", "2010": "Version 14", "2013": "Version 15.0", "2016": "Version 15.1",
    "2019": "Version 15.2", "SE": "Version 15.2",
}  # fmt: skip
_SERVER = ObjectType(
    name="Microsoft.Exchange.Data.Directory.Management.ExchangeServer",
    view=DefaultView(columns=("Name", "ServerRole", "AdminDisplayVersion")),
    text=lambda value: to_text(value.get("Name")),
)


def _server_object(organization: Organization) -> ShellObject:
    edge = organization.role is ServerRole.EDGE
    mailbox = has_two_services(organization.exchange, organization.role)
    role = "Edge" if edge else "Mailbox" if mailbox else "HubTransport"
    name = organization.server
    return ShellObject(
        (
            ("Name", name),
            ("Fqdn", organization.full_name),
            ("Domain", organization.full_name.partition(".")[2]),
            ("ServerRole", role),
            ("AdminDisplayVersion", version_object(_NUMBERS[organization.exchange.value])),
            ("IsHubTransportServer", not edge),
            ("IsFrontendTransportServer", mailbox),
            ("IsMailboxServer", mailbox),
            ("IsEdgeServer", edge),
            ("IsClientAccessServer", mailbox),
            ("Identity", identity_object(name, name, "")),
            ("IsValid", True),
        ),
        type_=_SERVER,
        base=organization.server,
    )


class _GetServer(ExchangeCmdlet):
    """Servers, or those that have one of the services.

    Args:
        name: The name of the command.
        wants: Tells whether a server (the organization with only it) is one of those.
        what: What such a server has, for the warning about the others.
    """

    def __init__(
        self, name: str, wants: Callable[[Organization], bool] | None = None, what: str = ""
    ) -> None:
        self._wants, self._what = wants, what
        self._spec = CmdletSpec(
            name=name,
            directory=True,
            parameters=(
                Parameter(name="Identity", convert=to_identity, position=0, from_pipeline=True),
                Parameter(name="Status", switch=True),
            ),
        )

    @property
    def spec(self) -> CmdletSpec:
        """What the command declares."""
        return self._spec

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Return the servers that are asked for, all of them without an identity."""
        organization = state_of(context).organization
        wanted = to_text(bound.get("Identity"))
        if not wanted:
            found = organization.one_by_one()
        elif has_wildcard(wanted):
            found = tuple(
                view for view in organization.one_by_one() if matches_wildcard(view.server, wanted)
            )
        else:
            found = (server_named(organization, wanted),)
        return [self._shown(view) for view in self._those(context, found)]

    def _shown(self, view: Organization) -> ShellObject:
        shown = _server_object(view)
        noun = self._spec.name.partition("-")[2]
        target = kept_target(family_of(noun).words, view.server)
        for name, value in kept_properties(view, noun, target):
            shown.put(name, value)
        return shown

    def _those(self, context: Context, views: tuple[Organization, ...]) -> Iterator[Organization]:
        for view in views:
            if self._wants is None or self._wants(view):
                yield view
            elif view.role is ServerRole.HUB and not view.exchange.has_front_end:
                context.warn(
                    f"{self._spec.name}: `{view.server}` is a Hub Transport server here; whether "
                    f"it has {self._what} too is not known, and it is left out"
                )


def _is_mailbox(view: Organization) -> bool:
    return has_two_services(view.exchange, view.role)


class _ViewSettings(ExchangeCmdlet):
    spec = CmdletSpec(
        name="Set-ADServerSettings",
        changes=True,
        parameters=(
            Parameter(name="ViewEntireForest", convert=argument_of(FlagKind())),
            Parameter(name="RecipientViewRoot"),
            Parameter(name="PreferredServer"),
            Parameter(name="PreferredGlobalCatalog"),
            Parameter(name="ConfigurationDomainController"),
            Parameter(name="SetPreferredDomainControllers"),
        ),
    )

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Do nothing: there is one server and one view of it."""
        del context, bound
        return ()


SERVER_CMDLETS = (
    _GetConfig(),
    _SetConfig(),
    _ViewSettings(),
    *(
        _GetServer(name)
        for name in ("Get-ExchangeServer", "Get-TransportServer", "Get-TransportService")
    ),
    _GetServer("Get-FrontendTransportService", _is_mailbox, "the Front End Transport service"),
    _GetServer("Get-MailboxServer", _is_mailbox, "the Mailbox role"),
    _GetServer("Get-ClientAccessServer", _is_mailbox, "the Client Access role"),
    _GetServer("Get-ClientAccessService", _is_mailbox, "the Client Access role"),
)
