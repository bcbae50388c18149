"""Published shell commands as cases of our own.

Every case has a script in `snippets/`: the constructs are those of the source, names and addresses
are ours. `reports` is what the author says the commands do, in our words; the other fields hold
the result to it.
"""

from dataclasses import dataclass, field

OD = "https://github.com/MicrosoftDocs/OfficeDocs-Exchange/blob/52e8b70f/Exchange/"
CONNECTORS = f"{OD}ExchangeServer/mail-flow/connectors/"
PS = (
    "https://github.com/MicrosoftDocs/office-docs-powershell/blob/93336da2/"
    "exchange/exchange-ps/ExchangePowerShell/"
)
ANONYMOUS = "NT AUTHORITY\\ANONYMOUS LOGON"
USERS = "NT AUTHORITY\\Authenticated Users"
RELAY = "ms-Exch-SMTP-Accept-Any-Recipient"
OWN_DOMAIN = "ms-Exch-SMTP-Accept-Authoritative-Domain-Sender"
SUBMIT = "ms-Exch-SMTP-Submit"
NO_SPAM_CHECK = "ms-Exch-Bypass-Anti-Spam"
ROUTING = "ms-Exch-Accept-Headers-Routing"
SCANNER = (
    'New-ReceiveConnector -Name "Scanner Relay" -Usage Custom -Bindings 0.0.0.0:25 '
    "-RemoteIPRanges 10.20.0.14,10.20.0.15 -PermissionGroups AnonymousUsers{role}\n"
)
RELAYING = SCANNER + f'Add-ADPermission "Scanner Relay" -User "{ANONYMOUS}" -ExtendedRights {RELAY}'


@dataclass(frozen=True, kw_only=True)
class Case:
    """One published snippet.

    Attributes:
        name: The script, without `.ps1`.
        source: Where it was published.
        exchange: The version its author used, or the oldest one the page is for.
        reports: What the author says it does.
        role: `hub` or `edge`.
        before: A script that runs first; what its author had already.
        files: Files the script may read.
        shows: Connector to properties and what each must be, as text.
        holds: (connector, principal, right) that must be allowed explicitly.
        lacks: The same, that must not be.
        gone: Connectors that must not exist.
        domains: The accepted domains afterwards, as `name Type`.
        prints: Lines of the output in order, blanks collapsed; others may stand between.
        errors: The ids of the errors.
    """

    name: str
    source: str
    exchange: str
    reports: str
    role: str = "hub"
    before: str = ""
    files: dict[str, str] = field(default_factory=dict)
    shows: dict[str, dict[str, str]] = field(default_factory=dict)
    holds: tuple[tuple[str, str, str], ...] = ()
    lacks: tuple[tuple[str, str, str], ...] = ()
    gone: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    prints: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


CASES = (
    Case(
        name="anonymous-relay-2016",
        source=f"{CONNECTORS}allow-anonymous-relay.md",
        exchange="2016",
        reports="a dedicated front-end connector through which two hosts relay anonymously",
        shows={
            "Scanner Relay": {
                "TransportRole": "FrontendTransport",
                "Bindings": "0.0.0.0:25",
                "RemoteIPRanges": "10.20.0.14, 10.20.0.15",
                "PermissionGroups": "AnonymousUsers, Custom",
                "AuthMechanism": "Tls",
            }
        },
        holds=(("Scanner Relay", ANONYMOUS, RELAY), ("Scanner Relay", ANONYMOUS, SUBMIT)),
        lacks=(("Scanner Relay", ANONYMOUS, NO_SPAM_CHECK),),
    ),
    Case(
        name="externally-secured-2016",
        source=f"{CONNECTORS}allow-anonymous-relay.md",
        exchange="2016",
        reports="the other way to relay: everybody on the connector is a trusted server",
        shows={
            "Partner Gateway": {
                "AuthMechanism": "ExternalAuthoritative",
                "PermissionGroups": "ExchangeServers",
            }
        },
        holds=(("Partner Gateway", "MS Exchange\\Externally Secured Servers", NO_SPAM_CHECK),),
    ),
    Case(
        name="verify-connector-list",
        source=f"{CONNECTORS}allow-anonymous-relay.md",
        exchange="2016",
        reports="the four settings of the new connector, as a list",
        prints=(
            "Enabled : True",
            "TransportRole : FrontendTransport",
            "Bindings : {0.0.0.0:25}",
            "RemoteIPRanges : {10.20.0.14, 10.20.0.15}",
        ),
    ),
    Case(
        name="verify-permission-table",
        source=f"{CONNECTORS}allow-anonymous-relay.md",
        exchange="2016",
        reports="one row for each right the anonymous logon holds, the relay right among them",
        prints=("User ExtendedRights", f"{ANONYMOUS} {{{RELAY}}}"),
    ),
    Case(
        name="permission-table-client-frontend",
        source=f"{CONNECTORS}receive-connectors.md",
        exchange="2016",
        reports="the rights on the client connector, those of authenticated users only",
        prints=(
            "User ExtendedRights",
            f"{USERS} {{{SUBMIT}}}",
            f"{USERS} {{{RELAY}}}",
        ),
    ),
    Case(
        name="custom-internet",
        source=f"{CONNECTORS}custom-receive-connectors.md",
        exchange="2016",
        reports="a connector for Internet mail on one adapter, once the default one has another",
        shows={
            "From the World": {
                "Bindings": "10.20.0.1:25",
                "RemoteIPRanges": "0.0.0.0-255.255.255.255",
                "PermissionGroups": "AnonymousUsers",
                "TransportRole": "FrontendTransport",
            },
            "Default Frontend EX01": {"Bindings": "10.20.0.2:25"},
        },
    ),
    Case(
        name="filter-bindings-and-groups",
        source=f"{CONNECTORS}custom-receive-connectors.md",
        exchange="2016",
        reports="lists the connectors on port 25 that take anonymous mail",
        prints=(
            "Identity : EX01\\Default Frontend EX01",
            "PermissionGroups : AnonymousUsers, ExchangeServers, ExchangeLegacyServers",
        ),
    ),
    Case(
        name="custom-partner",
        source=f"{CONNECTORS}custom-receive-connectors.md",
        exchange="2016",
        reports="a connector for a partner's network, found again by its permission group",
        shows={"Woodgrove TLS": {"PermissionGroups": "Partners", "AuthMechanism": "Tls"}},
        prints=("Identity : EX01\\Woodgrove TLS", "RemoteIPRanges : {203.0.113.1/24}"),
    ),
    Case(
        name="custom-service",
        source=f"{CONNECTORS}custom-receive-connectors.md",
        exchange="2016",
        reports="a connector for one host of a service, with Basic authentication",
        shows={
            "From the Ticket System": {
                "AuthMechanism": "BasicAuth",
                "PermissionGroups": "AnonymousUsers",
            }
        },
    ),
    Case(
        name="internal-with-server",
        source=f"{OD}ExchangeServer2013/disable-tls-between-active-directory-sites-"
        "exchange-2013-help.md",
        exchange="2010",
        reports="an internal connector for a remote site that does not offer X-ANONYMOUSTLS",
        shows={
            "Branch": {
                "Bindings": "0.0.0.0:25",
                "RemoteIPRanges": "10.30.2.0/24",
                "PermissionGroups": "ExchangeServers, ExchangeLegacyServers",
                "SuppressXAnonymousTls": "True",
            }
        },
    ),
    Case(
        name="banner-set",
        source=f"{CONNECTORS}modify-smtp-banners.md",
        exchange="2016",
        reports="another banner",
        shows={"Default Frontend EX01": {"Banner": "220 mail.contoso.com"}},
    ),
    Case(
        name="banner-reset",
        source=f"{OD}ExchangeServer2013/modify-the-smtp-banner-on-a-receive-connector-"
        "exchange-2013-help.md",
        exchange="2013",
        reports="the default banner again",
        shows={"Default Frontend EX01": {"Banner": ""}},
    ),
    Case(
        name="banner-and-timeout",
        source=f"{PS}Set-ReceiveConnector.md",
        exchange="2010",
        reports="another banner, and connections end after 15 minutes",
        shows={"Default EX01": {"Banner": "220 SMTP ready", "ConnectionTimeout": "00:15:00"}},
    ),
    Case(
        name="usage-custom-range",
        source=f"{PS}New-ReceiveConnector.md",
        exchange="2010",
        reports="listens on one address and takes connections from one range only",
        shows={
            "Lab": {
                "Bindings": "10.20.0.1:26",
                "RemoteIPRanges": "10.20.9.1-10.20.9.24",
                "PermissionGroups": "None",
            }
        },
    ),
    Case(
        name="list-on-server",
        source=f"{PS}Get-ReceiveConnector.md",
        exchange="2010",
        reports="a summary of the connectors of one server",
        prints=(
            "Identity Bindings Enabled",
            "EX01\\Default EX01 {0.0.0.0:25, [::]:25} True",
            "EX01\\Client EX01 {0.0.0.0:587, [::]:587} True",
        ),
    ),
    Case(
        name="remove-connector",
        source=f"{PS}Remove-ReceiveConnector.md",
        exchange="2010",
        reports="the connector is removed",
        gone=("Woodgrove Inbound",),
    ),
    Case(
        name="add-three-rights",
        source=f"{PS}Add-ADPermission.md",
        exchange="2010",
        reports="anonymous mail is taken, relayed and not checked for spam",
        shows={"Secured by Firewall": {"PermissionGroups": "Custom"}},
        holds=tuple(("Secured by Firewall", ANONYMOUS, r) for r in (SUBMIT, RELAY, NO_SPAM_CHECK)),
    ),
    Case(
        name="remove-three-rights",
        source=f"{PS}Remove-ADPermission.md",
        exchange="2010",
        reports="anonymous mail is not taken any more",
        shows={"Secured by Firewall": {"PermissionGroups": "None"}},
        lacks=tuple(("Secured by Firewall", ANONYMOUS, r) for r in (SUBMIT, RELAY, NO_SPAM_CHECK)),
    ),
    Case(
        name="accepted-domain-filter",
        source=f"{PS}Get-AcceptedDomain.md",
        exchange="2013",
        reports="lists the authoritative domains only",
        domains=(
            "contoso.com Authoritative",
            "woodgrove.example Authoritative",
            "branch.woodgrove.example InternalRelay",
        ),
        prints=("contoso.com", "woodgrove.example"),
    ),
    Case(
        name="accepted-domain-change",
        source=f"{OD}ExchangeServer/mail-flow/accepted-domains/accepted-domain-procedures.md",
        exchange="2016",
        reports="a new domain, its type changed and its name changed through the pipeline",
        domains=("contoso.com Authoritative", "woodgrove.example InternalRelay"),
        prints=("Woodgrove woodgrove.example InternalRelay",),
    ),
    Case(
        name="accepted-domain-whatif",
        source=f"{OD}ExchangeServer2013/whatif-confirm-and-validateonly-switches-"
        "exchange-2013-help.md",
        exchange="2013",
        reports="says what would happen and changes nothing",
        domains=("contoso.com Authoritative",),
    ),
    Case(
        name="edge-without-edgesync",
        source=f"{OD}ExchangeServer/architecture/edge-transport-servers/"
        "configure-without-edgesync.md",
        exchange="2016",
        role="edge",
        reports="the default connector faces outwards on one adapter, a new one inwards",
        shows={
            "From Outside": {"Bindings": "10.40.1.1:25"},
            "From Inside": {
                "Bindings": "10.40.1.2:25",
                "AuthMechanism": "Tls, BasicAuth, BasicAuthRequireTLS, ExchangeServer",
                "PermissionGroups": "ExchangeServers",
            },
        },
        gone=("Default internal receive connector EX01",),
    ),
    Case(
        name="client-frontend-fqdn",
        source=f"{OD}ExchangeServer/clients/pop3-and-imap4/configure-authenticated-smtp.md",
        exchange="2016",
        reports="clients see another name on the client connector",
        shows={"Client Frontend EX01": {"Fqdn": "smtp.contoso.com"}},
        prints=("Name : Client Frontend EX01", "Fqdn : smtp.contoso.com"),
    ),
    Case(
        name="rate-limit-list",
        source=f"{OD}ExchangeServer/mail-flow/message-rate-limits.md",
        exchange="2016",
        reports="the throttling settings of a connector, chosen by wildcards",
        prints=(
            "Name : Default Frontend EX01",
            "ConnectionTimeout : 00:10:00",
            "ConnectionInactivityTimeout : 00:05:00",
            "MaxInboundConnection : 5000",
            "MessageRateLimit : Unlimited",
            "TarpitInterval : 00:00:05",
        ),
    ),
    Case(
        name="size-table",
        source=f"{OD}ExchangeServer/mail-flow/message-size-limits.md",
        exchange="2016",
        reports="the size limits of every connector",
        prints=(
            "Name MaxHeaderSize MaxMessageSize MaxRecipientsPerMessage",
            "Default EX01 256 KB (262,144 bytes) 36 MB (37,748,736 bytes) 5000",
        ),
    ),
    Case(
        name="drop-integrated",
        source=f"{OD}ExchangeServer2013/release-notes-for-exchange-2013-exchange-2013-help.md",
        exchange="2013",
        reports="integrated authentication is no longer offered to clients",
        shows={"Client Frontend EX01": {"AuthMechanism": "Tls, BasicAuth, BasicAuthRequireTLS"}},
    ),
    Case(
        name="add-one-range-2010",
        source="http://technet.microsoft.com/en-us/library/bb690954.aspx",
        exchange="2010",
        reports="larger messages, and a range added to those that are there",
        shows={
            "From Woodgrove": {
                "RemoteIPRanges": "203.0.113.9, 203.0.113.44",
                "MaxMessageSize": "50 MB (52,428,800 bytes)",
                "ProtocolLoggingLevel": "Verbose",
            }
        },
    ),
    Case(
        name="anonymous-relay-2010",
        source="https://learn.microsoft.com/en-us/previous-versions/office/"
        "exchange-server-2010/bb232021(v=exchg.141)",
        exchange="2010",
        reports="one host may relay anonymously",
        shows={"Press Room": {"PermissionGroups": "AnonymousUsers, Custom"}},
        holds=(("Press Room", ANONYMOUS, RELAY),),
    ),
    Case(
        name="article-line",
        source="https://tsoorad.blogspot.com/2008/01/allowing-application-servers-to-relay.html",
        exchange="2007",
        reports="the application servers relay without authentication",
        shows={"CRM Application": {"RemoteIPRanges": "192.168.2.55, 192.168.2.56"}},
        holds=(("CRM Application", ANONYMOUS, RELAY),),
        lacks=(("CRM Application", ANONYMOUS, NO_SPAM_CHECK),),
    ),
    Case(
        name="external-needs-exchangeservers",
        source="https://github.com/MicrosoftDocs/OfficeDocs-Exchange/issues/1566",
        exchange="2016",
        reports="refused without ExchangeServers; setting groups replaces them; both at once work",
        shows={
            "Fax Relay": {
                "AuthMechanism": "ExternalAuthoritative",
                "PermissionGroups": "AnonymousUsers, ExchangeServers",
            }
        },
        prints=("AnonymousUsers", "ExchangeServers"),
        errors=("V-1",),
    ),
    Case(
        name="spoofing-curly-quotes",
        source="https://exchangepedia.com/2008/09/"
        "how-to-prevent-annoying-spam-from-your-own-domain.html",
        exchange="2007",
        reports="anonymous clients may no longer use a sender of the own domain",
        holds=(("From Internet", ANONYMOUS, SUBMIT),),
        lacks=(("From Internet", ANONYMOUS, OWN_DOMAIN),),
    ),
    Case(
        name="spoofing-edge",
        source="https://www.justinho.com/blog/2008/04/13/"
        "External-Spoofed-Spam-Authoritative-Address-Domains.html",
        exchange="2007",
        role="edge",
        reports="the same on an Edge, naming the right",
        holds=(("PublicInbound", ANONYMOUS, SUBMIT),),
        lacks=(("PublicInbound", ANONYMOUS, OWN_DOMAIN),),
    ),
    Case(
        name="audit-relay-right",
        source="http://www.itsolutionbraindumps.com/2010/12/"
        "how-to-filter-exchange-2010-receive.html",
        exchange="2010",
        before=RELAYING,
        reports="everybody who may relay on any connector, ExchangeUsers' members among them",
        prints=(
            f"EX01\\Default EX01 {USERS} {{{RELAY}}}",
            f"EX01\\Client EX01 {USERS} {{{RELAY}}}",
            f"EX01\\Scanner Relay {ANONYMOUS} {{{RELAY}}}",
        ),
    ),
    Case(
        name="report-calculated-columns",
        source="https://github.com/kevinblumenfeld/Posh365 "
        "Posh365/Public/MailFlow/Get-ExchangeReceiveConnector.ps1",
        exchange="2016",
        reports="lists of a connector joined with a bar, for a spreadsheet",
        prints=(
            "Identity : EX01\\Client Frontend EX01",
            "RemoteIPRanges : ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff|0.0.0.0-255.255.255.255",
            "Bindings : 0.0.0.0:587|[::]:587",
            "PermissionGroups : ExchangeUsers",
        ),
    ),
    Case(
        name="export-hashtables",
        source="https://github.com/SammyKrosoft/Export-Import-ExchangeConnectors "
        "Export-ReceiveConnector.ps1",
        exchange="2016",
        reports="one object for each connector, lists joined with a semicolon, sizes in MB",
        prints=(
            "Client Frontend EX01: 0.0.0.0:587;[::]:587, 36 MB",
            "Default Frontend EX01: 0.0.0.0:25;[::]:25, 36 MB",
        ),
    ),
    Case(
        name="import-from-csv",
        source="https://github.com/SammyKrosoft/Export-Import-ExchangeConnectors "
        "Import-ReceiveConnector.ps1",
        exchange="2016",
        reports="creates the connectors of a file; one with extended rights is only warned about",
        files={
            "connectors.csv": '"Name","TransportRole","Enabled","MaxMessageSize","Bindings",'
            '"RemoteIPRanges","PermissionGroups"\n'
            '"App One","FrontendTransport","True","20","0.0.0.0:25","10.20.1.1;10.20.1.8/30",'
            '"AnonymousUsers"\n'
            '"App Two","FrontendTransport","False","36","0.0.0.0:25;[::]:25","10.20.2.1",'
            '"AnonymousUsers, Custom"\n'
        },
        shows={
            "App One": {
                "RemoteIPRanges": "10.20.1.1, 10.20.1.8/30",
                "MaxMessageSize": "20 MB (20,971,520 bytes)",
                "PermissionGroups": "AnonymousUsers",
            },
            "App Two": {"Enabled": "False", "PermissionGroups": "None"},
        },
        prints=(
            "Creating connector App One on server EX01",
            "Creating connector App Two on server EX01",
            "Warning: App Two has extended rights of its own",
            "Finished.",
        ),
    ),
    Case(
        name="copy-connector",
        source="https://github.com/Apoc70/Copy-ReceiveConnector Copy-ReceiveConnector.ps1",
        exchange="2016",
        before=RELAYING,
        reports="a connector with the settings of another; `Custom` is left out of the groups",
        shows={
            "Scanner Relay Copy": {
                "RemoteIPRanges": "10.20.0.14, 10.20.0.15",
                "Bindings": "0.0.0.0:2526",
                "PermissionGroups": "AnonymousUsers",
            }
        },
        lacks=(("Scanner Relay Copy", ANONYMOUS, RELAY),),
        prints=("Working on [EX01] and receive connector [Scanner Relay]",),
    ),
    Case(
        name="copy-permissions",
        source="https://github.com/Apoc70/Copy-ReceiveConnector Copy-ReceiveConnector.ps1",
        exchange="2010",
        before=RELAYING,
        reports="the explicit rights of a connector, given to another",
        shows={"Scanner Relay Copy": {"PermissionGroups": "AnonymousUsers, Custom"}},
        holds=(("Scanner Relay Copy", ANONYMOUS, RELAY),),
    ),
    Case(
        name="add-from-file",
        source="https://github.com/Apoc70/Add-ReceiveConnectorIpAddress "
        "Add-ReceiveConnectorIpAddress.ps1",
        exchange="2016",
        before=SCANNER,
        files={"new.txt": "10.20.0.14\n10.20.0.77\n"},
        reports="adds the ranges of a file that the connector does not have yet, on every server",
        shows={"Scanner Relay": {"RemoteIPRanges": "10.20.0.14, 10.20.0.15, 10.20.0.77"}},
        prints=(
            "Checking receive connector Scanner Relay on server EX01",
            "Remote IP range [10.20.0.14] already exists",
            "Remote IP range [10.20.0.77] will be added to Scanner Relay",
        ),
    ),
    Case(
        name="add-or-remove-switch",
        source="https://github.com/Apoc70/Set-ReceiveConnectorIpAddress "
        "Set-ReceiveConnectorIpAddress.ps1",
        exchange="2016",
        before=SCANNER,
        reports="adds or removes addresses, as its parameter says",
        shows={"Scanner Relay": {"RemoteIPRanges": "10.20.0.14, 10.20.0.99"}},
    ),
    Case(
        name="pipeline-function-ranges",
        source="https://github.com/OtterKring/PS_ReceiveConnectorManagement "
        "FUNCTION___Add-ReceiveConnectorRemoteIPRange.ps1",
        exchange="2016",
        before=SCANNER,
        reports="adds ranges to the connectors of the pipeline, with an error for a known one",
        shows={"Scanner Relay": {"RemoteIPRanges": "10.20.0.14, 10.20.0.15, 10.20.7.0/24"}},
        prints=("EX01\\Scanner Relay",),
        errors=("WriteError",),
    ),
    Case(
        name="test-range-overlap",
        source="https://github.com/OtterKring/PS_ReceiveConnectorManagement "
        "FUNCTION___Test-ReceiveConnectorRemoteIPRange.ps1",
        exchange="2016",
        before=SCANNER,
        reports="the connectors in which an address is listed already",
        prints=("Name MatchedIPRange", "Scanner Relay 10.20.0.14"),
    ),
    Case(
        name="copy-ranges-inline",
        source="https://github.com/DiggaTS/Exchange CopyExchangeSMTPConnector.ps1",
        exchange="2016",
        before=SCANNER,
        reports="a new connector with the ranges of an old one",
        shows={"SMTP Relay": {"RemoteIPRanges": "10.20.0.14, 10.20.0.15"}},
    ),
    Case(
        name="localised-hyphen",
        source="https://github.com/ZbeardCA/Powershell-Exchange-Migration "
        "ExchangePowershell_Basics.ps1",
        exchange="2016",
        reports="the relay right for the anonymous logon, its name written with hyphens",
        shows={"MFP": {"RemoteIPRanges": "10.20.100.50, 10.20.100.51"}},
        holds=(("MFP", ANONYMOUS, RELAY),),
    ),
    Case(
        name="localised-german",
        source="https://pastebin.com/FGY50A5K",
        exchange="2010",
        reports="the relay right for the anonymous logon, under its German name",
        holds=(("Drucker", ANONYMOUS, RELAY),),
    ),
    Case(
        name="add-and-remove-values",
        source=f"{PS}Set-ReceiveConnector.md",
        exchange="2010",
        before=SCANNER,
        reports="adds and removes ranges without touching the others",
        shows={"Scanner Relay": {"RemoteIPRanges": "10.20.0.14, 10.20.0.40, 10.20.0.41"}},
    ),
    Case(
        name="rights-from-hashtable",
        source="https://github.com/dsccommunity/ExchangeDsc source/DSCResources/"
        "DSC_ExchReceiveConnector/DSC_ExchReceiveConnector.psm1",
        exchange="2013",
        before=SCANNER,
        reports="rights by account in a table; the groups read back as a list with `Custom`",
        holds=(("Scanner Relay", ANONYMOUS, RELAY),),
        prints=("AnonymousUsers", "Custom"),
    ),
    Case(
        name="stig-select-groups",
        source="https://github.com/mitre/inspec-profile-update-action benchmarks/inspec_stubs/"
        "U_MS_Exchange_2016_Edge_Transport_Server_STIG_V2R4/controls/SV-221245.rb",
        exchange="2016",
        before=SCANNER,
        reports="shows the groups of every connector, then takes anonymous mail away from one",
        shows={"Scanner Relay": {"PermissionGroups": "ExchangeUsers, ExchangeServers"}},
        prints=("Scanner Relay EX01\\Scanner Relay AnonymousUsers",),
    ),
    Case(
        name="list-wildcard-properties",
        source="http://www.1ask2.com/Exchange2010/clients/POP3.html",
        exchange="2010",
        reports="group, mechanisms and bindings of the client connector",
        prints=(
            "PermissionGroups : ExchangeUsers",
            "AuthMechanism : Tls, Integrated, BasicAuth, BasicAuthRequireTLS",
            "Bindings : {0.0.0.0:587, [::]:587}",
        ),
    ),
    Case(
        name="rights-of-client-connector",
        source="http://www.1ask2.com/Exchange2010/clients/POP3.html",
        exchange="2010",
        reports="authenticated users hold four rights there",
        prints=(
            f"{USERS} {{{SUBMIT}}}",
            f"{USERS} {{{RELAY}}}",
            f"{USERS} {{{NO_SPAM_CHECK}}}",
            f"{USERS} {{{ROUTING}}}",
        ),
    ),
    Case(
        name="en-dash-parameters",
        source="https://sobrelinux.info/questions/592046/what-exchange-permissions-are-given-to-"
        "each-receive-connector-bypass-spam-etc",
        exchange="2010",
        reports="who may keep routing headers; pasted from a page that changed dashes and quotes",
        prints=(f"User : {USERS}", f"ExtendedRights : {{{ROUTING}}}"),
    ),
    Case(
        name="range-bounds-table",
        source="https://exchangepedia.com/2008/07/powershell-listing-multi-valued-attributes.html",
        exchange="2007",
        before=SCANNER,
        reports="both ends of every range, one a row",
        prints=(
            "LowerBound UpperBound",
            "10.20.0.14 10.20.0.14",
            "10.20.0.15 10.20.0.15",
        ),
    ),
    Case(
        name="role-conflict",
        source="https://learn.microsoft.com/en-us/answers/questions/223977",
        exchange="2016",
        reports="refused: connectors of different roles cannot share an address and a port",
        gone=("Misplaced Relay",),
        errors=("P-4",),
    ),
    Case(
        name="fqdn-with-exchangeserver",
        source="http://unifiedpeople.ru/exchhelp.en/html/2e6d2fc3-1028-44f0-8bcf-d1521c803dc1.htm",
        exchange="2007",
        reports="with Exchange Server authentication another name is refused, the NetBIOS name and "
        "none are fine",
        shows={"Default EX01": {"Fqdn": ""}},
        prints=("EX01",),
        errors=("V-5a",),
    ),
    Case(
        name="custom-shown-alone",
        source="https://granikos.eu/exchange-receive-connector-and-the-custom-permissions-group/",
        exchange="2013",
        reports="no group and three rights for an account: shown as `Custom`, which cannot be set",
        shows={"App Relay": {"PermissionGroups": "Custom"}},
        holds=(("App Relay", "CONTOSO\\svc-app", RELAY),),
        prints=("Custom",),
        errors=("V-5",),
    ),
    Case(
        name="certificate-name",
        source=f"{OD}ExchangeServer/clients/pop3-and-imap4/configure-authenticated-smtp.md",
        exchange="2016",
        reports="the certificate's name, put together from issuer and subject",
        shows={
            "Client Frontend EX01": {
                "TlsCertificateName": "<i>CN=Contoso Issuing CA<s>CN=smtp.contoso.com"
            }
        },
    ),
    Case(
        name="mail-without-tls-list",
        source=f"{OD}ExchangeHybrid/hybrid-deployment/troubleshoot-a-hybrid-deployment.md",
        exchange="2016",
        reports="which connectors listen where",
        prints=(
            "Identity Bindings",
            "EX01\\Default EX01 {0.0.0.0:2525, [::]:2525}",
            "EX01\\Default Frontend EX01 {0.0.0.0:25, [::]:25}",
        ),
    ),
    Case(
        name="gateway-backticks",
        source="https://practical365.com/configure-exchange-server-2019-smtp-anonymous-relay/",
        exchange="2019",
        reports="a relay connector written over several lines",
        shows={
            "From Filter": {
                "AuthMechanism": "ExternalAuthoritative",
                "PermissionGroups": "AnonymousUsers, ExchangeServers",
                "TransportRole": "FrontendTransport",
            }
        },
    ),
    Case(
        name="numbered-connector",
        source="public GitHub file: a script that numbers its connectors",
        exchange="2010",
        before="New-ReceiveConnector -Name Batch-Connector3 -Usage Custom -Bindings 10.20.0.1:27 "
        "-RemoteIPRanges 10.20.0.1",
        reports="the next connector of a numbered series, with lists written in one string",
        shows={
            "Batch-Connector4": {
                "MaxMessageSize": "30 MB (31,457,280 bytes)",
                "PermissionGroups": "AnonymousUsers, ExchangeServers",
                "AuthMechanism": "Tls, ExternalAuthoritative",
                "MessageRateLimit": "600",
            }
        },
        prints=("Verify Batch-Connector4",),
    ),
    Case(
        name="nested-ranges-2016",
        source="https://practical365.com/exchange-2016-smtp-relay-connector/",
        exchange="2016",
        reports="a relay connector for a host and a network that holds it",
        shows={"Relay": {"RemoteIPRanges": "10.20.1.5, 10.20.1.0/24"}},
        holds=(("Relay", ANONYMOUS, RELAY),),
    ),
    Case(
        name="splatted-resource",
        source="https://github.com/dsccommunity/ExchangeDsc "
        "tests/Integration/DSC_ExchReceiveConnector.Integration.Tests.ps1",
        exchange="2013",
        reports="the properties of a connector in a table",
        shows={
            "Batch Relay": {
                "AuthMechanism": "Tls, ExternalAuthoritative",
                "PermissionGroups": "AnonymousUsers, ExchangeServers",
                "RemoteIPRanges": "10.20.8.101, 10.20.8.102",
            }
        },
    ),
    Case(
        name="deny-entries",
        source="https://github.com/dsccommunity/ExchangeDsc "
        "tests/Integration/DSC_ExchReceiveConnector.Integration.Tests.ps1",
        exchange="2013",
        before=SCANNER,
        reports="a right denied to a group, found again among the entries",
        shows={"Scanner Relay": {"PermissionGroups": "AnonymousUsers"}},
        prints=(
            "User : CONTOSO\\Domain Users",
            f"ExtendedRights : {{{NO_SPAM_CHECK}}}",
            "Deny : True",
            "IsInherited : False",
        ),
    ),
    Case(
        name="raw-identities",
        source="https://github.com/dsccommunity/ExchangeDsc source/DSCResources/"
        "DSC_ExchReceiveConnector/DSC_ExchReceiveConnector.psm1",
        exchange="2013",
        reports="users and rights as plain texts, from the objects of the entries",
        prints=(
            f"{USERS} {ROUTING}",
            f"{USERS} {NO_SPAM_CHECK}",
            f"{USERS} {RELAY}",
            f"{USERS} {SUBMIT}",
        ),
    ),
    Case(
        name="usage-switches",
        source=f"{PS}New-ReceiveConnector.md",
        exchange="2010",
        reports="every usage sets its own groups, mechanisms, bindings and ranges",
        shows={
            "Branch Clients": {
                "Bindings": "0.0.0.0:587",
                "PermissionGroups": "ExchangeUsers",
                "AuthMechanism": "Tls, Integrated, BasicAuth, BasicAuthRequireTLS",
            },
            "Branch Servers": {
                "Bindings": "0.0.0.0:25",
                "PermissionGroups": "ExchangeServers, ExchangeLegacyServers",
                "AuthMechanism": "Tls, ExchangeServer",
            },
            "World": {
                "RemoteIPRanges": "0.0.0.0-255.255.255.255",
                "PermissionGroups": "AnonymousUsers",
            },
            "Woodgrove": {"PermissionGroups": "Partners", "AuthMechanism": "Tls"},
        },
    ),
    Case(
        name="enumeration-limit",
        source="https://exchangepedia.com/2008/07/powershell-listing-multi-valued-attributes.html",
        exchange="2007",
        before=SCANNER,
        reports="a long list is cut with three dots until the limit is taken away",
        prints=(
            "RemoteIPRanges : {" + ", ".join(f"10.20.0.{last}" for last in range(1, 17)) + "...}",
            "RemoteIPRanges : {" + ", ".join(f"10.20.0.{last}" for last in range(1, 19)) + "}",
        ),
    ),
    Case(
        name="set-replaces",
        source="http://technet.microsoft.com/en-us/library/bb690954.aspx",
        exchange="2010",
        before=SCANNER,
        reports="a list that is set replaces the one that was there",
        shows={
            "Scanner Relay": {
                "RemoteIPRanges": "10.20.0.15, 10.20.0.16",
                "PermissionGroups": "ExchangeUsers",
            }
        },
    ),
)
