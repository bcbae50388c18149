"""Every setting of ``Set-TransportConfig``; no rule uses one, each is kept and listed.

Source: SETTC, SETTC07.
"""

from __future__ import annotations

from typing import NamedTuple

from relaysim.model.properties.kinds import FlagKind, TextKind, ValueKind
from relaysim.model.properties.lists import TextListKind
from relaysim.model.properties.quantities import SizeKind
from relaysim.model.version import ExchangeVersion

__all__ = ["TRANSPORT_SETTINGS", "TRANSPORT_TARGET", "TransportSetting"]

TRANSPORT_TARGET = "transport configuration"
"""What the settings belong to, in the names of an organization's kept settings."""


class TransportSetting(NamedTuple):
    """One setting of the organization's transport.

    Attributes:
        name: Exchange's spelling.
        kind: What values it takes.
        since: The first version that knows it.
        until: The last version that knows it.
    """

    name: str
    kind: ValueKind
    since: ExchangeVersion
    until: ExchangeVersion = ExchangeVersion.SE

    def known_to(self, exchange: ExchangeVersion) -> bool:
        """Tell whether a version knows the setting."""
        return self.since <= exchange <= self.until


def _settings(
    kind: ValueKind,
    since: ExchangeVersion,
    names: str,
    until: ExchangeVersion = ExchangeVersion.SE,
) -> tuple[TransportSetting, ...]:
    return tuple(TransportSetting(name, kind, since, until) for name in names.split())


_V2007, _V2010 = ExchangeVersion.V2007, ExchangeVersion.V2010
_V2013, _V2016 = ExchangeVersion.V2013, ExchangeVersion.V2016
_FLAG, _TEXT, _LIST = FlagKind(), TextKind(), TextListKind()
_LIMIT = SizeKind(low=0, high=(1 << 63) - 1, unlimited=True)

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
