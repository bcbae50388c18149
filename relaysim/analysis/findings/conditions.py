"""For every finding: when it is decided to be violated, and what mends it.

Source: EXA, RC16, NEWRC, SETRC, HCCC.
"""

from typing import NamedTuple

__all__ = ["CONDITIONS", "Condition"]


class Condition(NamedTuple):
    """When a finding is violated.

    Attributes:
        when: The condition over the model, without a final stop.
        fix: What mends it: a command, or what to do.
    """

    when: str
    fix: str


_RANGES = "Set-ReceiveConnector X -RemoteIPRanges HOSTS"
_REMOVE = "Get-ReceiveConnector X | Remove-ADPermission -User P -ExtendedRights R"
_OUT = "take them out of -RemoteIPRanges"
_AUTH = "Set-ReceiveConnector X -AuthMechanism ..."

CONDITIONS: dict[str, Condition] = {
    "open-relay": Condition(
        "an address of the Internet may submit and relay without authentication, on any endpoint, "
        "with or without TLS",
        "Get-ReceiveConnector X | Remove-ADPermission -User S-1-5-7 -ExtendedRights "
        "ms-Exch-SMTP-Accept-Any-Recipient",
    ),
    "accepted-domain-any": Condition(
        "an accepted domain is `*`; critical when strangers may submit",
        "Remove-AcceptedDomain NAME",
    ),
    "relay-on-default": Condition(
        "on a connector of setup, renamed or not, an explicit entry that no group writes allows "
        "ms-Exch-SMTP-Accept-Any-Recipient",
        _REMOVE,
    ),
    "relay-wide": Condition(
        "anonymous relay without an address of the Internet, and a range answers more than single "
        "hosts: low; more than 256: medium; more than 65,536 or a whole private block: high",
        _RANGES,
    ),
    "relay-behind-translator": Condition(
        "a relay connector answers an address of `balancers`; critical when that endpoint is "
        "published",
        f"{_OUT}, or keep the clients' addresses",
    ),
    "gateway-captured": Condition("a relay connector answers an address of `gateways`", _OUT),
    "relay-unlogged": Condition(
        "a connector lets relay without authentication, and its ProtocolLoggingLevel is None",
        "Set-ReceiveConnector X -ProtocolLoggingLevel Verbose",
    ),
    "account-relay-internet": Condition(
        "an account may relay from an address of the Internet",
        "Set-ReceiveConnector X -PermissionGroups without ExchangeUsers",
    ),
    "es-global": Condition(
        "a connector with ExternalAuthoritative answers an address of the Internet", _RANGES
    ),
    "es-beyond-hosts": Condition(
        "a connector with ExternalAuthoritative answers more than single hosts of a range", _RANGES
    ),
    "es-over-exchange": Condition(
        "a connector with ExternalAuthoritative answers an address of `exchange_servers`", _OUT
    ),
    "es-over-clients": Condition(
        "a connector with ExternalAuthoritative answers an address of `clients`", _OUT
    ),
    "es-needs-proof": Condition(
        "a connector has ExternalAuthoritative", "document IPsec, the VPN or the network"
    ),
    "sleeping-grant": Condition(
        "leaving an explicit allow out changes nothing for anybody, and would once "
        "ExternalAuthoritative is removed, the principal may submit, authentication is offered or "
        "the connector is enabled",
        _REMOVE,
    ),
    "deny-without-effect": Condition(
        "leaving an explicit deny out changes nothing for anybody", f"{_REMOVE} -Deny"
    ),
    "deny-breaks-preset": Condition(
        "a deny that decides takes what a group of the connector gives its principal",
        f"{_REMOVE} -Deny",
    ),
    "beyond-groups": Condition(
        "a well-known principal holds a right that no group gives it: headers of organization or "
        "forest, anti-spam, size, or the authentication flag",
        _REMOVE,
    ),
    "full-control": Condition(
        "an explicit entry allows GenericAll or all extended rights to one whom setup does not",
        "Get-ReceiveConnector X | Remove-ADPermission -User P -AccessRights GenericAll",
    ),
    "unresolved-principal": Condition(
        "an explicit allow names a SID that nothing gives a name", _REMOVE
    ),
    "broad-principal": Condition(
        "Everyone, Domain Users, Domain Computers, Users or Guests hold a right, or Authenticated "
        "Users more than ExchangeUsers gives",
        _REMOVE,
    ),
    "send-as-anyone": Condition(
        "an account or group holds ms-Exch-SMTP-Accept-Any-Sender or "
        "ms-Exch-SMTP-Accept-Authoritative-Domain-Sender",
        _REMOVE,
    ),
    "send-as-on-frontend": Condition(
        "the same on a FrontendTransport connector, and not on Client Proxy",
        "Add-ADPermission on Client Proxy",
    ),
    "own-domain-from-internet": Condition(
        "ANONYMOUS LOGON holds ms-Exch-SMTP-Accept-Authoritative-Domain-Sender where an address of "
        "the Internet is answered",
        _REMOVE,
    ),
    "acl-unknown": Condition(
        "never violated: Custom is shown and the entries are not in the input",
        "Get-ReceiveConnector X | Get-ADPermission",
    ),
    "inherited-changed": Condition(
        "inherited entries are in the input and are not those of setup",
        "review the entries of the container Receive Connectors",
    ),
    "exchange-captured": Condition(
        "an address of `exchange_servers` is answered on 25, 2525, 717 or 465 by a connector "
        "without ExchangeServer, where another one of the endpoint offers it",
        _OUT,
    ),
    "hybrid-captured": Condition(
        "`hybrid`, and an address of Exchange Online is answered on 25 by a connector without Tls, "
        "without its TlsDomainCapabilities or, with a front end, outside of it",
        "Set-ReceiveConnector X -TlsDomainCapabilities "
        "mail.protection.outlook.com:AcceptCloudServicesMail",
    ),
    "hybrid-certificate": Condition(
        "TlsDomainCapabilities are set, and TlsCertificateName is not `<I>issuer<S>subject`",
        "Set-ReceiveConnector X -TlsCertificateName",
    ),
    "default-changed": Condition(
        "a connector of setup is missing, disabled, renamed or has other ranges, bindings, groups, "
        "mechanisms, limits or another role",
        "Set-ReceiveConnector X with setup's values",
    ),
    "no-inbound": Condition(
        "port 25 of a server is `published`, and no address of the Internet may submit there",
        "Set-ReceiveConnector X -PermissionGroups with AnonymousUsers",
    ),
    "unreachable": Condition(
        "an enabled connector answers no address on any endpoint", "remove it, or narrow the others"
    ),
    "shadowed-range": Condition(
        "a range of a connector that answers others never answers", "take the range out"
    ),
    "no-distinguishing-range": Condition(
        "two connectors have a range in common, one bound to an address and the other to any",
        "give one of them its hosts",
    ),
    "range-conflict": Condition(
        "two connectors with the same binding have a range in common (high), or ranges that half "
        "overlap (medium)",
        "give one of them its hosts",
    ),
    "role-conflict": Condition(
        "connectors of both services are bound to one address and port",
        "Set-ReceiveConnector X -TransportRole FrontendTransport",
    ),
    "role-port": Condition(
        "HubTransport on 25, 587 or 717, or FrontendTransport on 2525 or 465",
        "Set-ReceiveConnector X -TransportRole, or -Bindings",
    ),
    "foreign-binding": Condition(
        "a binding's address is not among the server's `addresses`",
        "Set-ReceiveConnector X -Bindings",
    ),
    "servers-differ": Condition(
        "connectors of one name on two servers differ in addresses, entries, authentication or "
        "limits",
        "make both alike, entries included",
    ),
    "stale-range": Condition(
        "never violated from a configuration: logs tell", "relaysim replay LOGS -c CONFIG"
    ),
    "basic-in-clear": Condition(
        "BasicAuth without BasicAuthRequireTLS on a connector that answers anybody; high from the "
        "Internet",
        f"{_AUTH} with Tls and BasicAuthRequireTLS",
    ),
    "basic-for-nothing": Condition(
        "BasicAuth on a connector where no account may submit", f"{_AUTH} without BasicAuth"
    ),
    "no-tls": Condition(
        "no Tls on a connector that answers more than single hosts", f"{_AUTH} with Tls"
    ),
    "tls-not-required": Condition(
        "accounts may submit, or anybody may relay, and RequireTLS is off",
        "Set-ReceiveConnector X -RequireTLS $true",
    ),
    "tls-required-inbound": Condition(
        "RequireTLS on port 25 where the Internet may submit",
        "Set-ReceiveConnector X -RequireTLS $false",
    ),
    "servers-group-without-auth": Condition(
        "ExchangeServers is shown, with neither ExchangeServer nor ExternalAuthoritative",
        f"{_AUTH} with ExchangeServer, or drop the group",
    ),
    "invalid-combination": Condition(
        "the settings of one connector break a rule of New-ReceiveConnector (V-1 to V-3, V-5a, "
        "V-7, V-8)",
        "the rule is named in the finding",
    ),
    "tarpit-off": Condition(
        "TarpitInterval is below the profile's `tarpit` (5 s)",
        "Set-ReceiveConnector X -TarpitInterval 00:00:05",
    ),
    "limit-timeout": Condition(
        "ConnectionTimeout is above the profile's `timeout` (10 minutes)",
        "Set-ReceiveConnector X -ConnectionTimeout 00:10:00",
    ),
    "limit-hops": Condition(
        "MaxHopCount is above the profile's `hops` (60)", "Set-ReceiveConnector X -MaxHopCount 60"
    ),
    "limit-connections": Condition(
        "MaxInboundConnection is above the profile's `connections` (5000)",
        "Set-ReceiveConnector X -MaxInboundConnection 5000",
    ),
    "limit-recipients": Condition(
        "MaxRecipientsPerMessage is above the profile's `recipients` (5000)",
        "Set-ReceiveConnector X -MaxRecipientsPerMessage 5000",
    ),
    "limit-size": Condition(
        "MaxMessageSize is above the profile's `size` (36 MB)",
        "Set-ReceiveConnector X -MaxMessageSize 36MB",
    ),
    "chunking-off": Condition(
        "ChunkingEnabled is off", "Set-ReceiveConnector X -ChunkingEnabled $true"
    ),
    "banner-default": Condition(
        "Banner is empty where an address of the Internet is answered",
        "Set-ReceiveConnector X -Banner '220 ...'",
    ),
    "purpose-unclear": Condition(
        "a connector that setup did not make has no Comment", "Set-ReceiveConnector X -Comment"
    ),
    "unsupported-version": Condition("the version is 2007 to 2019", "move to SE"),
    "outbound-proxy-open": Condition(
        "a front-end connector answers the Internet on 717", "a firewall, or own servers' ranges"
    ),
    "accept-unused": Condition("an acceptance of the policy matches no finding", "remove it"),
}
"""Every finding by its id: X is the connector, P the principal, R the right."""
