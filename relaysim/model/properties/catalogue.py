"""Every property of a receive connector that some version from 2007 SP1 to SE knows.

This is the one place that knows them: the server file, the shell's parameters, the importers, the
script writer, the difference, the reference pages and the findings all read it. The order is the
one in which ``Format-List`` prints them.

Source: NEWRC07, NEWRC, SETRC, PS565, QA305565, CSSE19, RATE16.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.model.connector import SizeMode, TransportRole
from relaysim.model.defaults import default_header_size, default_message_size
from relaysim.model.properties.declaration import Property
from relaysim.model.properties.kinds import UNLIMITED, CountKind, FlagKind, NameKind, TextKind
from relaysim.model.properties.lists import (
    BindingListKind,
    GroupsKind,
    MechanismsKind,
    RangeListKind,
    TextListKind,
)
from relaysim.model.properties.quantities import SizeKind, SpanKind
from relaysim.model.version import ExchangeVersion, ServerRole

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BY_KEY", "BY_NAME", "PROPERTIES", "property_named"]

_MAX = 2147483647
_DAY = 86400
_V2010, _V2013, _V2016 = ExchangeVersion.V2010, ExchangeVersion.V2013, ExchangeVersion.V2016

_FLAG, _TEXT = FlagKind(), TextKind()
_TIMEOUT = SpanKind(low=1, high=_DAY)
_TARPIT = SpanKind(low=0, high=600)

_ALL = ("NEWRC07", "NEWRC")
"""Known since 2007."""
_LATER = ("NEWRC",)
"""Known since 2010 or later."""


def _edge_or(edge: object, hub: object) -> Callable[[ExchangeVersion, ServerRole], object]:
    return lambda _exchange, role: edge if role is ServerRole.EDGE else hub


def _from_2016(then: object, before: object) -> Callable[[ExchangeVersion, ServerRole], object]:
    return lambda exchange, _role: then if exchange >= _V2016 else before


def _by_version(
    default: Callable[[ExchangeVersion], object],
) -> Callable[[ExchangeVersion, ServerRole], object]:
    return lambda exchange, _role: default(exchange)


def _modelled(
    name: str,
    kind: object,
    meaning: str,
    sources: tuple[str, ...] = _ALL,
    **more: object,
) -> Property:
    return Property(name, kind, meaning, sources, modelled=True, **more)  # type: ignore[arg-type]


def _off(
    name: str,
    meaning: str,
    since: ExchangeVersion = ExchangeVersion.V2007,
    sources: tuple[str, ...] = _LATER,
    **more: bool,
) -> Property:
    """Return a property without a rule that is off unless somebody turned it on."""
    return Property(name, _FLAG, meaning, sources, default=False, since=since, **more)


PROPERTIES: tuple[Property, ...] = (
    _modelled("AuthMechanism", MechanismsKind(), "authentication mechanisms offered"),
    _modelled("Banner", TextKind(start="220"), "the whole 220 line"),
    _modelled("BinaryMimeEnabled", _FLAG, "offer BINARYMIME"),
    _modelled("Bindings", BindingListKind(), "local addresses and ports"),
    _modelled("ChunkingEnabled", _FLAG, "offer CHUNKING"),
    _modelled("DefaultDomain", _TEXT, "appended to an address without a domain"),
    _modelled("DeliveryStatusNotificationEnabled", _FLAG, "offer DSN"),
    _modelled("EightBitMimeEnabled", _FLAG, "offer 8BITMIME"),
    _modelled("SmtpUtf8Enabled", _FLAG, "offer SMTPUTF8", ("SETRC",), since=_V2016, on_new=False),
    _off(
        "BareLinefeedRejectionEnabled", "refuse a bare line feed", _V2010, ("SETRC",), on_new=False
    ),
    _modelled("DomainSecureEnabled", _FLAG, "partners are known by mutual TLS"),
    _modelled("EnhancedStatusCodesEnabled", _FLAG, "offer ENHANCEDSTATUSCODES"),
    _off("LongAddressesEnabled", "take X.400 addresses as long as they come", sources=_ALL),
    _off("OrarEnabled", "offer the originator's requested alternate recipient", sources=_ALL),
    _modelled("SuppressXAnonymousTls", _FLAG, "hide X-ANONYMOUSTLS", _LATER, since=_V2010),
    _off("ProxyEnabled", "set by Exchange alone", _V2013, ("CSSE19",), on_new=False, on_set=False),
    _off("AdvertiseClientSettings", "publish the settings to clients", _V2010),
    _modelled("Fqdn", _TEXT, "name in banner and EHLO"),
    Property("ServiceDiscoveryFqdn", _TEXT, "name for service discovery", _LATER, "", _V2013),
    Property(
        "TlsCertificateName", _TEXT, "issuer and subject of the certificate", _LATER, "", _V2013
    ),
    Property("Comment", _TEXT, "a remark", _ALL, ""),
    _modelled("Enabled", _FLAG, "a disabled connector takes no part"),
    Property("ConnectionTimeout", _TIMEOUT, "longest session", _ALL, _edge_or(300, 600)),
    Property("ConnectionInactivityTimeout", _TIMEOUT, "longest pause", _ALL, _edge_or(60, 300)),
    Property(
        "MessageRateLimit",
        CountKind(low=1, high=_MAX, unlimited=True),
        "messages a minute from one source",
        ("NEWRC", "RATE16"),
        _edge_or(600, UNLIMITED),
    ),
    Property(
        "MessageRateSource",
        NameKind("MessageRateSourceFlags", {"None": 0, "User": 2, "IPAddress": 1, "All": 3}),
        "what counts as one source",
        ("NEWRC", "RATE16", "CSSE19"),
        "IPAddress",
        _V2010,
    ),
    Property(
        "MaxInboundConnection",
        CountKind(low=1, high=_MAX, unlimited=True),
        "connections at once",
        ("NEWRC", "RATE16"),
        5000,
    ),
    Property(
        "MaxInboundConnectionPerSource",
        CountKind(low=1, high=10000, unlimited=True),
        "connections at once from one address",
        ("NEWRC", "RATE16"),
        20,
    ),
    Property(
        "MaxInboundConnectionPercentagePerSource",
        CountKind(low=1, high=100),
        "share of the connections that one address may hold",
        ("NEWRC", "RATE16"),
        2,
    ),
    Property(
        "MaxHeaderSize",
        SizeKind(low=1, high=_MAX),
        "largest header",
        ("NEWRC", "SIZE13"),
        _by_version(default_header_size),
    ),
    Property(
        "MaxHopCount",
        CountKind(low=1, high=500),
        "hops before a message counts as looping",
        ("NEWRC", "QA305565"),
        _from_2016(60, 30),
    ),
    Property(
        "MaxLocalHopCount",
        CountKind(low=0, high=50),
        "hops inside the server before a message counts as looping",
        ("NEWRC", "QA305565"),
        _from_2016(12, 8),
    ),
    Property(
        "MaxLogonFailures", CountKind(low=0, high=10), "failed logons before it hangs up", _ALL, 3
    ),
    _modelled(
        "MaxMessageSize",
        SizeKind(low=65536, high=_MAX),
        "largest message",
        ("NEWRC", "SIZE07", "SIZE13", "SIZE16"),
        default=_by_version(default_message_size),
    ),
    Property(
        "MaxProtocolErrors",
        CountKind(low=0, high=_MAX, unlimited=True),
        "protocol errors before it hangs up",
        _ALL,
        5,
    ),
    _modelled(
        "MaxRecipientsPerMessage",
        CountKind(low=1, high=512000),
        "recipients of one message that are taken",
        ("NEWRC", "SIZE16"),
    ),
    _modelled("PermissionGroups", GroupsKind(), "presets of entries", default=()),
    _modelled("PipeliningEnabled", _FLAG, "offer PIPELINING"),
    Property(
        "ProtocolLoggingLevel",
        NameKind("ProtocolLoggingLevel", {"None": 0, "Verbose": 1}),
        "whether sessions are logged",
        ("NEWRC", "CSSE19"),
        "None",
    ),
    _modelled("RemoteIPRanges", RangeListKind(), "clients it serves, in any notation"),
    _off("RequireEHLODomain", "EHLO needs a domain", sources=_ALL),
    _modelled("RequireTLS", _FLAG, "MAIL FROM needs TLS"),
    _modelled("EnableAuthGSSAPI", _FLAG, "offer GSSAPI beside NTLM"),
    Property(
        "ExtendedProtectionPolicy",
        NameKind("ExtendedProtectionPolicySetting", {"None": 0, "Allow": 1, "Require": 2}),
        "extended protection of logons",
        ("NEWRC", "CSSE19"),
        "None",
        _V2010,
    ),
    _off("LiveCredentialEnabled", "for Microsoft's own use", _V2010),
    Property(
        "TlsDomainCapabilities",
        TextListKind(),
        "what partners known by TLS may do, `domain:capability`",
        _LATER,
        (),
        _V2010,
    ),
    _modelled(
        "TransportRole",
        NameKind(
            "ServerRole",
            {"HubTransport": 32, "FrontendTransport": 16384},
            members=TransportRole,
        ),
        "the service that owns it",
        ("NEWRC", "CSSE19"),
        since=_V2013,
    ),
    _off("RejectReservedTopLevelRecipientDomains", "refuse reserved top-level domains", _V2016),
    _off(
        "RejectReservedSecondLevelRecipientDomains", "refuse reserved second-level domains", _V2016
    ),
    _off("RejectSingleLabelRecipientDomains", "refuse domains of one label", _V2016),
    _off(
        "AcceptConsumerMail",
        "set by Microsoft's own service",
        _V2016,
        ("CSSE19",),
        on_new=False,
        on_set=False,
    ),
    _modelled(
        "SizeEnabled",
        NameKind(
            "SizeMode",
            {"Enabled": 1, "Disabled": 0, "EnabledWithoutValue": 2},
            members=SizeMode,
        ),
        "what EHLO says about SIZE",
        ("NEWRC", "CSSE19"),
    ),
    Property("TarpitInterval", _TARPIT, "pause before an error reply", ("NEWRC", "RATE16"), 5),
    Property(
        "AuthTarpitInterval", _TARPIT, "pause before a failed logon's reply", _LATER, 5, _V2016
    ),
    Property(
        "MaxAcknowledgementDelay",
        SpanKind(low=0, high=_DAY),
        "longest wait for the next hop before a message is acknowledged",
        _LATER,
        30,
        _V2010,
    ),
    _modelled("Name", TextKind(longest=64), "unique on the server without case", default=""),
)

BY_NAME = {one.name.casefold(): one for one in PROPERTIES}
"""The properties by Exchange's name, case-folded."""

BY_KEY = {one.key: one for one in PROPERTIES}
"""The properties by the key of a server file."""


def property_named(name: str) -> Property | None:
    """Return the property of Exchange's name or of a server file's key, in any case."""
    return BY_NAME.get(name.strip().casefold().replace("_", ""))
