"""Which parameters the connector commands know, and from which version on."""

import pytest

from relaysim.model.properties.catalogue import PROPERTIES
from relaysim.model.version import ExchangeVersion
from tests.shell.servers import done, refused

IN_2007 = [
    "AuthMechanism", "Banner", "BinaryMimeEnabled", "Bindings", "ChunkingEnabled", "Comment",
    "ConnectionInactivityTimeout", "ConnectionTimeout", "DefaultDomain",
    "DeliveryStatusNotificationEnabled", "DomainSecureEnabled", "EightBitMimeEnabled",
    "EnableAuthGSSAPI", "Enabled", "EnhancedStatusCodesEnabled", "Fqdn", "LongAddressesEnabled",
    "MaxHeaderSize", "MaxHopCount", "MaxInboundConnection",
    "MaxInboundConnectionPercentagePerSource", "MaxInboundConnectionPerSource", "MaxLocalHopCount",
    "MaxLogonFailures", "MaxMessageSize", "MaxProtocolErrors", "MaxRecipientsPerMessage",
    "MessageRateLimit", "Name", "OrarEnabled", "PermissionGroups", "PipeliningEnabled",
    "ProtocolLoggingLevel", "RemoteIPRanges", "RequireEHLODomain", "RequireTLS", "SizeEnabled",
    "TarpitInterval",
]  # fmt: skip
SINCE = [
    "AdvertiseClientSettings", "AuthTarpitInterval", "BareLinefeedRejectionEnabled",
    "ExtendedProtectionPolicy", "LiveCredentialEnabled", "MaxAcknowledgementDelay",
    "MessageRateSource",
    "RejectReservedSecondLevelRecipientDomains", "RejectReservedTopLevelRecipientDomains",
    "RejectSingleLabelRecipientDomains", "ServiceDiscoveryFqdn", "SmtpUtf8Enabled",
    "SuppressXAnonymousTls", "TlsCertificateName", "TlsDomainCapabilities", "TransportRole",
]  # fmt: skip


def test_the_parameters_are_those_of_microsofts_pages():
    # Source: NEWRC07, SETRC.
    first = ExchangeVersion.V2007
    of_2007 = sorted(one.name for one in PROPERTIES if one.since is first)
    later = sorted(one.name for one in PROPERTIES if one.since is not first and one.on_set)
    assert of_2007 == sorted(IN_2007)
    assert later == sorted(SINCE)
    only_set = {one.name for one in PROPERTIES if one.on_set and not one.on_new}
    assert only_set == {"SmtpUtf8Enabled", "BareLinefeedRejectionEnabled"}


@pytest.mark.parametrize("name", SINCE)
def test_a_parameter_of_a_later_version_is_refused_before_and_known_after(name):
    command = f"Set-ReceiveConnector 'Default EX01' -{name}"
    value = {
        "TransportRole": "HubTransport", "ExtendedProtectionPolicy": "None",
        "MessageRateSource": "All", "AuthTarpitInterval": "00:00:05",
        "MaxAcknowledgementDelay": "00:00:30", "ServiceDiscoveryFqdn": "x.contoso.com",
        "TlsCertificateName": "'<I>CN=a<S>CN=b'",
        "TlsDomainCapabilities": "contoso.com:AcceptOorgProtocol",
    }.get(name, "$false")  # fmt: skip
    assert "before Exchange" in refused(f"{command} {value}").message
    done(f"{command} {value}", "2019")
