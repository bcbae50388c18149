"""Get- and Set-TransportConfig, Get-ExchangeServer and the like.

No rule uses a setting of the organization's transport: each is kept and listed. The server
commands show the one server of the model, as scripts ask for its name.

Source: SETTC, SETTC07.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relaysim.errors import InvalidInput
from relaysim.management_shell.cmdlets.identities import check_server, to_identity
from relaysim.management_shell.cmdlets.settings import setting, with_setting
from relaysim.management_shell.state import ExchangeCmdlet, Unmodelled, state_of
from relaysim.management_shell.values.connector_objects import identity_object
from relaysim.management_shell.values.kinds import Flag, Kind, Stored, Text, Texts, format_size
from relaysim.management_shell.values.multi import MultiChange
from relaysim.model.session import parse_size
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failures import ConversionError
from relaysim.powershell.values.conversion import to_text, written_text
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, Value
from relaysim.powershell.values.wildcard import has_wildcard, matches_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.model.organization import Organization
    from relaysim.powershell.interpreter.context import Context

__all__ = ["SERVER_CMDLETS", "TRANSPORT_SETTINGS", "TransportSetting"]

_TARGET = "transport configuration"


class _Limit:
    """A size, or ``Unlimited``; a number stays a number."""

    label = "Unlimited"

    def parse(self, value: Value) -> str:
        """Return the limit as it is printed."""
        text = written_text(value).strip()
        if text.casefold() == "unlimited":
            return "Unlimited"
        try:
            return format_size(parse_size(text))
        except InvalidInput as error:
            raise ConversionError(error.problems[0].message) from error

    def text(self, stored: Stored) -> str:
        """Return the limit."""
        return str(stored)

    def read(self, text: str) -> str:
        """Return the limit of a text."""
        return text

    def shown(self, stored: Stored) -> Value:
        """Return the limit."""
        return stored


class TransportSetting(NamedTuple):
    """One setting of the organization's transport.

    Attributes:
        name: Exchange's spelling.
        kind: What values it takes.
        since: The first version that knows it.
        until: The last version that knows it.
    """

    name: str
    kind: Kind
    since: ExchangeVersion
    until: ExchangeVersion = ExchangeVersion.SE


def _settings(
    kind: Kind,
    since: ExchangeVersion,
    names: str,
    until: ExchangeVersion = ExchangeVersion.SE,
) -> tuple[TransportSetting, ...]:
    return tuple(TransportSetting(name, kind, since, until) for name in names.split())


_V2007, _V2010 = ExchangeVersion.V2007, ExchangeVersion.V2010
_V2013, _V2016 = ExchangeVersion.V2013, ExchangeVersion.V2016
_FLAG, _TEXT, _LIST, _LIMIT = Flag(), Text(), Texts(), _Limit()

TRANSPORT_SETTINGS: tuple[TransportSetting, ...] = tuple(
    sorted(
        (
            *_settings(
                _FLAG,
                _V2007,
                "ClearCategories VerifySecureSubmitEnabled VoicemailJournalingEnabled "
                "Xexch50Enabled",
            ),
            *_settings(_FLAG, _V2007, "WritingBrandingInDSNEnabled", _V2007),
            *_settings(
                _TEXT,
                _V2007,
                "DSNConversionMode HeaderPromotionModeSetting JournalingReportNdrTo "
                "MaxDumpsterTime MaxRecipientEnvelopeLimit",
            ),
            *_settings(_LIMIT, _V2007, "MaxReceiveSize MaxSendSize"),
            *_settings(_LIMIT, _V2007, "MaxDumpsterSizePerStorageGroup", _V2007),
            *_settings(
                _LIST,
                _V2007,
                "GenerateCopyOfDSNFor InternalSMTPServers TLSReceiveDomainSecureList "
                "TLSSendDomainSecureList",
            ),
            *_settings(
                _FLAG,
                _V2010,
                "ConvertDisclaimerWrapperToEml ExternalDelayDsnEnabled "
                "ExternalDsnLanguageDetectionEnabled ExternalDsnSendHtml InternalDelayDsnEnabled "
                "InternalDsnLanguageDetectionEnabled InternalDsnSendHtml "
                "LegacyJournalingMigrationEnabled Rfc2231EncodingEnabled ShadowRedundancyEnabled",
            ),
            *_settings(
                _TEXT,
                _V2010,
                "ExternalDsnDefaultLanguage ExternalDsnReportingAuthority "
                "ExternalPostmasterAddress InternalDsnDefaultLanguage "
                "InternalDsnReportingAuthority ShadowHeartbeatRetryCount "
                "ShadowHeartbeatTimeoutInterval ShadowMessageAutoDiscardInterval",
            ),
            *_settings(
                _LIMIT,
                _V2010,
                "ExternalDsnMaxMessageAttachSize InternalDsnMaxMessageAttachSize "
                "MaxDumpsterSizePerDatabase TransportRuleAttachmentTextScanLimit",
            ),
            *_settings(_LIST, _V2010, "SupervisionTags"),
            *_settings(
                _FLAG,
                _V2013,
                "AddressBookPolicyRoutingEnabled AgentGeneratedMessageLoopDetectionInSmtpEnabled "
                "AgentGeneratedMessageLoopDetectionInSubmissionEnabled "
                "RejectMessageOnShadowFailure",
            ),
            *_settings(
                _TEXT,
                _V2013,
                "DiagnosticsAggregationServicePort MaxAllowedAgentGeneratedMessageDepth "
                "MaxAllowedAgentGeneratedMessageDepthPerAgent MaxRetriesForLocalSiteShadow "
                "MaxRetriesForRemoteSiteShadow QueueDiagnosticsAggregationInterval "
                "SafetyNetHoldTime ShadowHeartbeatFrequency ShadowMessagePreferenceSetting "
                "ShadowResubmitTimeSpan",
            ),
        ),
        key=lambda one: one.name.casefold(),
    )
)
"""Every setting of 2007 SP1 to 2019, by name. Source: SETTC, SETTC07."""

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


def _known(one: TransportSetting, exchange: ExchangeVersion) -> bool:
    return one.since.rank <= exchange.rank <= one.until.rank


class _GetConfig(ExchangeCmdlet):
    spec = CmdletSpec(
        name="Get-TransportConfig",
        directory=True,
        parameters=(Parameter(name="Identity", position=0),),
    )

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Return the settings; one that was never made is empty."""
        del bound
        organization = state_of(context).organization
        properties: list[tuple[str, Value]] = []
        for one in TRANSPORT_SETTINGS:
            if not _known(one, organization.exchange):
                continue
            text = setting(organization, _TARGET, one.name)
            empty: Stored = () if one.kind is _LIST else None
            stored = empty if text is None else one.kind.read(text)
            shown = None if stored is None else one.kind.shown(stored)
            properties.append((one.name, shown))
        return [ShellObject(properties, type_=_CONFIG)]


class _SetConfig(ExchangeCmdlet):
    spec = CmdletSpec(
        name="Set-TransportConfig",
        changes=True,
        directory=True,
        parameters=(
            Parameter(name="Identity", position=0, from_pipeline=True),
            *(Parameter(name=one.name, convert=one.kind.parse) for one in TRANSPORT_SETTINGS),
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
                text = setting(organization, _TARGET, one.name)
                read = one.kind.read(text) if text is not None else ()
                current = read if isinstance(read, tuple) else ()
                value = value.apply(current, lambda item: str(item).casefold(), context.warn)
            noted.append(Unmodelled(_TARGET, one.name, one.kind.text(value)))
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
    mailbox = organization.exchange.has_front_end and not edge
    role = "Edge" if edge else "Mailbox" if mailbox else "HubTransport"
    name = organization.server
    return ShellObject(
        (
            ("Name", name),
            ("Fqdn", organization.full_name),
            ("Domain", organization.full_name.partition(".")[2]),
            ("ServerRole", role),
            ("AdminDisplayVersion", _NUMBERS[organization.exchange.value]),
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
    def __init__(self, name: str) -> None:
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
        """Return the server."""
        organization = state_of(context).organization
        wanted = to_text(bound.get("Identity"))
        if has_wildcard(wanted):
            if not matches_wildcard(organization.server, wanted):
                return ()
        elif wanted:
            check_server(organization, wanted)
        return [_server_object(organization)]


class _ViewSettings(ExchangeCmdlet):
    spec = CmdletSpec(
        name="Set-ADServerSettings",
        changes=True,
        parameters=(
            Parameter(name="ViewEntireForest", convert=_FLAG.parse),
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
        for name in (
            "Get-ExchangeServer",
            "Get-TransportServer",
            "Get-TransportService",
            "Get-FrontendTransportService",
        )
    ),
)
