"""Receive connectors: what they listen on, whom they serve, what they offer.

Source: NEWRC, SETRC, PS565, RC16.
"""

from enum import Enum
from functools import lru_cache

from relaysim.lean import field, frozen
from relaysim.model.acl import Ace
from relaysim.model.field_checks import COUNT, FLAG, PAIRS, TEXT, a, checked, many
from relaysim.model.properties.kinds import choose_name
from relaysim.net.notation import AddressRange, Socket

__all__ = [
    "AuthMechanism",
    "ReceiveConnector",
    "SizeMode",
    "TransportRole",
    "parse_mechanism",
]

MEGABYTE = 1 << 20


class AuthMechanism(Enum):
    """An authentication mechanism of a connector; the value is Exchange's spelling.

    ``None`` stands alone and means no mechanism: an empty set here.
    """

    TLS = "Tls"
    INTEGRATED = "Integrated"
    BASIC_AUTH = "BasicAuth"
    BASIC_AUTH_REQUIRE_TLS = "BasicAuthRequireTLS"
    EXCHANGE_SERVER = "ExchangeServer"
    EXTERNAL_AUTHORITATIVE = "ExternalAuthoritative"

    __hash__ = object.__hash__


class TransportRole(Enum):
    """The service that owns a connector, from Exchange 2013 on; values are Exchange's spelling."""

    HUB_TRANSPORT = "HubTransport"
    FRONTEND_TRANSPORT = "FrontendTransport"


class SizeMode(Enum):
    """What EHLO says about SIZE; the value is Exchange's spelling."""

    ENABLED = "Enabled"
    DISABLED = "Disabled"
    ENABLED_WITHOUT_VALUE = "EnabledWithoutValue"


_FLAGS = (
    "enabled",
    "require_tls",
    "domain_secure_enabled",
    "enable_auth_gssapi",
    "pipelining_enabled",
    "delivery_status_notification_enabled",
    "enhanced_status_codes_enabled",
    "eight_bit_mime_enabled",
    "binary_mime_enabled",
    "chunking_enabled",
    "smtp_utf8_enabled",
    "suppress_x_anonymous_tls",
)


@frozen
@checked(
    name=TEXT,
    bindings=many(Socket),
    remote_ip_ranges=many(AddressRange),
    auth_mechanism=many(AuthMechanism, made=frozenset),
    acl=many(Ace),
    transport_role=a(TransportRole),
    max_message_size=COUNT,
    max_recipients_per_message=COUNT,
    fqdn=TEXT,
    banner=TEXT,
    size_enabled=a(SizeMode),
    default_domain=TEXT,
    unknown=many(str, words="a frozenset of texts", made=frozenset),
    not_shown=many(str, words="a frozenset of texts", made=frozenset),
    unmodelled=PAIRS,
    **dict.fromkeys(_FLAGS, FLAG),
)
class ReceiveConnector:
    """One receive connector. Names and meanings are Exchange's.

    ``PermissionGroups`` is not stored: it is a view of ``acl``, see
    :func:`relaysim.model.groups.shown_groups`.

    Attributes:
        name: At most 64 characters, unique on the server without case.
        enabled: A disabled connector takes no part.
        bindings: Local addresses and ports, at least one.
        remote_ip_ranges: Client addresses served, at least one; any order, any notation.
        auth_mechanism: Mechanisms; empty means ``None``.
        acl: Entries on the connector, explicit and inherited; order never matters.
        transport_role: Which service owns it; always ``HUB_TRANSPORT`` before 2013 and on Edge.
        require_tls: MAIL FROM needs TLS.
        domain_secure_enabled: Mutual TLS with partners.
        max_message_size: Bytes.
        max_recipients_per_message: Recipients of one message that are taken.
        fqdn: Name in banner and EHLO; empty means the server's own.
        banner: Full 220 line; empty means the default one.
        enable_auth_gssapi: Offer GSSAPI beside NTLM.
        size_enabled: What EHLO says about SIZE.
        pipelining_enabled: EHLO keyword offered; the next ones likewise.
        suppress_x_anonymous_tls: Hide X-ANONYMOUSTLS.
        default_domain: Appended to an address without a domain; empty means none.
        unknown: Names of properties of which not everything is known, such as ``entries``,
            ``remote_ip_ranges``, ``bindings``, ``auth_mechanism``: what is listed of them is
            true, more may exist. What hangs on it is undecided.
        not_shown: Exchange's names of properties that an export does not show and that are taken
            as New-ReceiveConnector makes them. Answers rest on it, findings about them do not.
        unmodelled: Properties that were read but that no rule uses, as (name, value) in order.
    """

    name: str
    enabled: bool = True
    bindings: tuple[Socket, ...]
    remote_ip_ranges: tuple[AddressRange, ...]
    auth_mechanism: frozenset[AuthMechanism] = frozenset()
    acl: tuple[Ace, ...] = ()
    transport_role: TransportRole = TransportRole.HUB_TRANSPORT
    require_tls: bool = False
    domain_secure_enabled: bool = False
    max_message_size: int = 10 * MEGABYTE
    max_recipients_per_message: int = 200
    fqdn: str = ""
    banner: str = ""
    enable_auth_gssapi: bool = False
    size_enabled: SizeMode = SizeMode.ENABLED
    pipelining_enabled: bool = True
    delivery_status_notification_enabled: bool = True
    enhanced_status_codes_enabled: bool = True
    eight_bit_mime_enabled: bool = True
    binary_mime_enabled: bool = True
    chunking_enabled: bool = True
    smtp_utf8_enabled: bool = True
    suppress_x_anonymous_tls: bool = False
    default_domain: str = ""
    unknown: frozenset[str] = frozenset()
    not_shown: frozenset[str] = frozenset()
    unmodelled: tuple[tuple[str, str], ...] = field(default=())

    @property
    def externally_secured(self) -> bool:
        """Whether every session is trusted as an Externally Secured server."""
        return AuthMechanism.EXTERNAL_AUTHORITATIVE in self.auth_mechanism

    @property
    def is_front_end(self) -> bool:
        """Whether the Front End Transport service owns the connector."""
        return self.transport_role is TransportRole.FRONTEND_TRANSPORT


@lru_cache(maxsize=256)
def parse_mechanism(text: str) -> AuthMechanism | None:
    """Return the mechanism named ``text`` in any case, also by unique prefix (rule V-5b).

    ``ExchangeServers``, as one Microsoft page prints it, is taken too.

    Returns:
        The mechanism; ``None`` for the value ``None``.

    Raises:
        UnknownName: No such mechanism, or several.

    >>> parse_mechanism("tls")
    <AuthMechanism.TLS: 'Tls'>
    """
    wanted = text.strip().casefold()
    if wanted == "none":
        return None
    if wanted == "exchangeservers":
        return AuthMechanism.EXCHANGE_SERVER
    names = [mechanism.value for mechanism in AuthMechanism]
    return AuthMechanism(choose_name(text, names, "authentication mechanism"))
