"""Every property of a receive connector that some version from 2007 SP1 to 2019 knows.

The table is in the order in which ``Format-List`` prints them. What is ``modelled`` decides
answers; everything else is kept on the connector and listed.

Source: NEWRC07, NEWRC, SETRC, PS565, QA305565, CSSE19, RATE16.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relaysim.management_shell.values.connector_kinds import (
    BindingsKind,
    Groups,
    Mechanisms,
    Ranges,
    Role,
    SizeModes,
)
from relaysim.management_shell.values.kinds import (
    ChoiceKind,
    Count,
    Flag,
    Kind,
    Size,
    Stored,
    Text,
    Texts,
    TimeSpanKind,
)
from relaysim.management_shell.values.multi import MultiChange
from relaysim.model.defaults import default_header_size
from relaysim.model.version import ExchangeVersion, ServerRole

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.organization import Organization

__all__ = ["BY_NAME", "PROPERTIES", "Property", "default_of", "stored_value", "unmodelled_text"]

_MAX = 2147483647
_DAY = 86400
_V2007, _V2010 = ExchangeVersion.V2007, ExchangeVersion.V2010
_V2013, _V2016 = ExchangeVersion.V2013, ExchangeVersion.V2016


class Property(NamedTuple):
    """One property.

    Attributes:
        name: Exchange's spelling.
        kind: What values it takes.
        default: What it is when nobody set it; for a property of the model what the model says.
        since: The first version that knows it.
        field: The field of the model, empty when no rule uses the property.
        on_new: Whether ``New-ReceiveConnector`` takes it.
        on_set: Whether ``Set-ReceiveConnector`` takes it.
    """

    name: str
    kind: Kind
    default: Stored | Callable[[Organization], Stored] = None
    since: ExchangeVersion = _V2007
    field: str = ""
    on_new: bool = True
    on_set: bool = True

    @property
    def modelled(self) -> bool:
        """Whether a rule uses the property."""
        return bool(self.field) or self.name == "PermissionGroups"

    def known_to(self, exchange: ExchangeVersion) -> bool:
        """Tell whether a version knows the property."""
        return self.since.rank <= exchange.rank


def _edge_or(edge: Stored, hub: Stored) -> Callable[[Organization], Stored]:
    return lambda organization: edge if organization.role is ServerRole.EDGE else hub


def _from_2016(then: Stored, before: Stored) -> Callable[[Organization], Stored]:
    return lambda organization: then if organization.exchange.rank >= _V2016.rank else before


def _header_size(organization: Organization) -> Stored:
    return default_header_size(organization.exchange)


_FLAG, _TEXT, _LIST = Flag(), Text(), Texts()
_NAME = Text()
_TIMEOUT = TimeSpanKind(low=1, high=_DAY)
_TARPIT = TimeSpanKind(low=0, high=600)


def _off(
    name: str, since: ExchangeVersion = _V2007, *, on_new: bool = True, on_set: bool = True
) -> Property:
    """Return a property without a rule that is off unless somebody turned it on."""
    return Property(name, _FLAG, default=False, since=since, on_new=on_new, on_set=on_set)


PROPERTIES: tuple[Property, ...] = (
    Property("AuthMechanism", Mechanisms(), field="auth_mechanism"),
    Property("Banner", _TEXT, field="banner"),
    Property("BinaryMimeEnabled", _FLAG, field="binary_mime_enabled"),
    Property("Bindings", BindingsKind(), field="bindings"),
    Property("ChunkingEnabled", _FLAG, field="chunking_enabled"),
    Property("DefaultDomain", _TEXT, field="default_domain"),
    Property(
        "DeliveryStatusNotificationEnabled", _FLAG, field="delivery_status_notification_enabled"
    ),
    Property("EightBitMimeEnabled", _FLAG, field="eight_bit_mime_enabled"),
    Property("SmtpUtf8Enabled", _FLAG, since=_V2016, field="smtp_utf8_enabled", on_new=False),
    _off("BareLinefeedRejectionEnabled", _V2010, on_new=False),
    Property("DomainSecureEnabled", _FLAG, field="domain_secure_enabled"),
    Property("EnhancedStatusCodesEnabled", _FLAG, field="enhanced_status_codes_enabled"),
    _off("LongAddressesEnabled"),
    _off("OrarEnabled"),
    Property("SuppressXAnonymousTls", _FLAG, since=_V2010, field="suppress_x_anonymous_tls"),
    _off("ProxyEnabled", _V2013, on_new=False, on_set=False),
    _off("AdvertiseClientSettings", _V2010),
    Property("Fqdn", _TEXT, field="fqdn"),
    Property("ServiceDiscoveryFqdn", _TEXT, "", _V2013),
    Property("TlsCertificateName", _TEXT, "", _V2013),
    Property("Comment", _TEXT, ""),
    Property("Enabled", _FLAG, field="enabled"),
    Property("ConnectionTimeout", _TIMEOUT, _edge_or(300, 600)),
    Property("ConnectionInactivityTimeout", _TIMEOUT, _edge_or(60, 300)),
    Property(
        "MessageRateLimit",
        Count(low=1, high=_MAX, unlimited=True),
        _edge_or(600, "Unlimited"),
    ),
    Property(
        "MessageRateSource",
        ChoiceKind(names=("None", "User", "IPAddress", "All"), label="MessageRateSourceFlags"),
        "IPAddress",
        _V2010,
    ),
    Property("MaxInboundConnection", Count(low=1, high=_MAX, unlimited=True), 5000),
    Property("MaxInboundConnectionPerSource", Count(low=1, high=10000, unlimited=True), 20),
    Property("MaxInboundConnectionPercentagePerSource", Count(low=1, high=100), 2),
    Property("MaxHeaderSize", Size(low=1, high=_MAX), _header_size),
    Property("MaxHopCount", Count(low=1, high=500), _from_2016(60, 30)),
    Property("MaxLocalHopCount", Count(low=0, high=50), _from_2016(12, 8)),
    Property("MaxLogonFailures", Count(low=0, high=10), 3),
    Property("MaxMessageSize", Size(low=65536, high=_MAX), field="max_message_size"),
    Property("MaxProtocolErrors", Count(low=0, high=_MAX, unlimited=True), 5),
    Property(
        "MaxRecipientsPerMessage", Count(low=1, high=512000), field="max_recipients_per_message"
    ),
    Property("PermissionGroups", Groups()),
    Property("PipeliningEnabled", _FLAG, field="pipelining_enabled"),
    Property(
        "ProtocolLoggingLevel",
        ChoiceKind(names=("None", "Verbose"), label="ProtocolLoggingLevel"),
        "None",
    ),
    Property("RemoteIPRanges", Ranges(), field="remote_ip_ranges"),
    _off("RequireEHLODomain"),
    Property("RequireTLS", _FLAG, field="require_tls"),
    Property("EnableAuthGSSAPI", _FLAG, field="enable_auth_gssapi"),
    Property(
        "ExtendedProtectionPolicy",
        ChoiceKind(names=("None", "Allow", "Require"), label="ExtendedProtectionPolicySetting"),
        "None",
        _V2010,
    ),
    _off("LiveCredentialEnabled", _V2010),
    Property("TlsDomainCapabilities", _LIST, (), _V2010),
    Property("TransportRole", Role(), since=_V2013, field="transport_role"),
    _off("RejectReservedTopLevelRecipientDomains", _V2016),
    _off("RejectReservedSecondLevelRecipientDomains", _V2016),
    _off("RejectSingleLabelRecipientDomains", _V2016),
    _off("AcceptConsumerMail", _V2016, on_new=False, on_set=False),
    Property("SizeEnabled", SizeModes(), field="size_enabled"),
    Property("TarpitInterval", _TARPIT, 5),
    Property("AuthTarpitInterval", _TARPIT, 5, _V2016),
    Property("MaxAcknowledgementDelay", TimeSpanKind(low=0, high=_DAY), 30, _V2010),
    Property("Name", _NAME, field="name"),
)
BY_NAME = {one.name.casefold(): one for one in PROPERTIES}
"""The properties by case-folded name."""


def default_of(wanted: Property, organization: Organization) -> Stored:
    """Return what an unmodelled property is when nobody set it."""
    if callable(wanted.default):
        return wanted.default(organization)
    return wanted.default


def unmodelled_text(connector: ReceiveConnector, name: str) -> str | None:
    """Return the text of an unmodelled property that was set, else ``None``."""
    folded = name.casefold()
    for key, text in connector.unmodelled:
        if key.casefold() == folded:
            return text
    return None


def stored_value(
    wanted: Property, connector: ReceiveConnector, organization: Organization
) -> Stored:
    """Return the value of a property of a connector.

    ``PermissionGroups`` is a view of the entries and has no stored value.

    Raises:
        ConversionError: The text of an unmodelled property is no value of its kind.
    """
    if wanted.field:
        value: Stored = getattr(connector, wanted.field)
        return value
    text = unmodelled_text(connector, wanted.name)
    if text is None:
        return default_of(wanted, organization)
    value = wanted.kind.read(text)
    return value.replace if isinstance(value, MultiChange) else value
