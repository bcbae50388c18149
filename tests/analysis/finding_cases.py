"""For findings: a server that has it, and what is written otherwise in one that just does not."""

from typing import NamedTuple

HEAD = """
format = 1
[organization]
exchange = "{exchange}"
server = "EX01"
accepted_domains = ["contoso.com"]
"""
CONNECTOR = """
[[connector]]
name = "{name}"
bindings = ["{binding}"]
remote_ip_ranges = [{ranges}]
{role}
auth_mechanism = "{mechanisms}"
permission_groups = "{groups}"
{more}
"""
RELAY = """
[[connector.ace]]
user = "S-1-5-7"
rights = "ms-Exch-SMTP-Accept-Any-Recipient"
"""


class Case(NamedTuple):
    """A finding's case.

    Attributes:
        text: A server file that has the finding.
        before: What stands in it.
        after: What stands there in one that just does not have it.
        fixed: Whether commands make it go away.
    """

    text: str
    before: str
    after: str
    fixed: bool = True


def connector(
    name="Relay",
    *,
    binding="0.0.0.0:25",
    ranges='"10.0.0.5"',
    mechanisms="Tls",
    groups="AnonymousUsers",
    role="",
    more="",
):
    return CONNECTOR.format(
        name=name,
        binding=binding,
        ranges=ranges,
        mechanisms=mechanisms,
        groups=groups,
        role=f'transport_role = "{role}"' if role else "",
        more=more,
    )


def server(*connectors, exchange="2010", network=""):
    said = f"[network]\n{network}\n" if network else ""
    return HEAD.format(exchange=exchange) + "".join(connectors) + said


def entry(user, rights, *, deny=False):
    return (
        f'\n[[connector.ace]]\nuser = "{user}"\nrights = "{rights}"\n'
        f"{'deny = true' if deny else ''}\n"
    )


ONLINE = "mail.protection.outlook.com:AcceptCloudServicesMail"
SECURED = {"mechanisms": "Tls, ExternalAuthoritative", "groups": "ExchangeServers"}
PUBLIC = '"8.8.8.0/24"'
ANY = '"0.0.0.0/0"'
DEFAULT = connector(
    "Default EX01",
    ranges=ANY,
    mechanisms="Tls, Integrated, BasicAuth, BasicAuthRequireTLS, ExchangeServer",
    groups="ExchangeUsers, ExchangeServers, ExchangeLegacyServers",
)
SETUP = connector(
    "Default EX01",
    binding='0.0.0.0:25", "[::]:25',
    ranges='"::/0", "0.0.0.0/0"',
    mechanisms="Tls, Integrated, BasicAuth, BasicAuthRequireTLS, ExchangeServer",
    groups="ExchangeUsers, ExchangeServers, ExchangeLegacyServers",
)
CLIENT = connector(
    "Client EX01",
    binding='0.0.0.0:587", "[::]:587',
    ranges='"::/0", "0.0.0.0/0"',
    mechanisms="Tls, Integrated, BasicAuth, BasicAuthRequireTLS",
    groups="ExchangeUsers",
    more="",
)

CASES = {
    "open-relay": Case(server(connector(ranges=PUBLIC, more=RELAY)), "8.8.8.0/24", "10.8.8.0/24"),
    "accepted-domain-any": Case(
        server(connector(ranges=PUBLIC)).replace("contoso.com", "*"), '"*"', '"contoso.com"'
    ),
    "relay-on-default": Case(server(DEFAULT + RELAY), "Accept-Any-Recipient", "Accept-Any-Sender"),
    "relay-wide": Case(
        server(connector(ranges='"10.0.0.0/24"', more=RELAY)), "/24", "/32", fixed=False
    ),
    "relay-unlogged": Case(
        server(connector(more=RELAY)),
        'auth_mechanism = "Tls"',
        'auth_mechanism = "Tls"\nprotocol_logging_level = "Verbose"',
    ),
    "account-relay-internet": Case(
        server(connector(ranges=PUBLIC, mechanisms="Tls, BasicAuth", groups="ExchangeUsers")),
        "8.8.8.0/24",
        "10.0.0.5",
    ),
    "es-global": Case(
        server(connector(ranges='"8.8.8.0/24", "10.0.0.5"', **SECURED)), '"8.8.8.0/24", ', ""
    ),
    "es-beyond-hosts": Case(
        server(connector(ranges='"10.0.0.0/24"', **SECURED)), "/24", "/32", fixed=False
    ),
    "es-needs-proof": Case(
        server(connector(**SECURED)), "Tls, ExternalAuthoritative", "Tls", fixed=False
    ),
    "sleeping-grant": Case(
        server(connector(**SECURED, more=RELAY)), "Tls, ExternalAuthoritative", "Tls", fixed=True
    )._replace(
        before='mechanism = "Tls, ExternalAuthoritative"\npermission_groups = "ExchangeServers"',
        after='mechanism = "Tls"\npermission_groups = "AnonymousUsers"',
    ),
    "deny-without-effect": Case(
        server(connector(more=entry("CONTOSO\\\\app", "ms-Exch-SMTP-Submit", deny=True))),
        "deny = true",
        "",
    ),
    "deny-breaks-preset": Case(
        server(connector(more=entry("S-1-5-7", "ms-Exch-SMTP-Submit", deny=True))),
        "S-1-5-7",
        "CONTOSO\\\\app",
    ),
    "beyond-groups": Case(
        server(connector(more=entry("S-1-5-7", "ms-Exch-Bypass-Anti-Spam"))),
        "Bypass-Anti-Spam",
        "SMTP-Accept-Exch50",
    ),
    "full-control": Case(
        server(connector(more=entry("CONTOSO\\\\app", "GenericAll"))),
        "GenericAll",
        "ms-Exch-SMTP-Submit",
    ),
    "unresolved-principal": Case(
        server(connector(more=entry("S-1-5-21-1-2-3-1104", "ms-Exch-SMTP-Submit"))),
        "S-1-5-21-1-2-3-1104",
        "CONTOSO\\\\app",
    ),
    "broad-principal": Case(
        server(connector(more=entry("CONTOSO\\\\Domain Users", "ms-Exch-SMTP-Submit"))),
        "Domain Users",
        "Some Users",
    ),
    "send-as-anyone": Case(
        server(connector(more=entry("CONTOSO\\\\crm", "ms-Exch-SMTP-Accept-Any-Sender"))),
        "Accept-Any-Sender",
        "Submit",
    ),
    "own-domain-from-internet": Case(server(connector(ranges=PUBLIC)), "8.8.8.0/24", "10.8.8.0/24"),
    "unreachable": Case(
        server(
            connector("Narrow", ranges='"10.0.0.0/9", "10.128.0.0/9"'),
            connector("Wide", ranges='"10.0.0.0/8"'),
        ),
        "10.128.0.0/9",
        "10.192.0.0/10",
    ),
    "shadowed-range": Case(
        server(
            connector("Narrow", ranges='"10.0.0.0/9", "10.128.0.0/9"'),
            connector("Wide", ranges='"10.0.0.0/8", "172.16.0.1"'),
        ),
        "10.128.0.0/9",
        "10.192.0.0/10",
    ),
    "range-conflict": Case(
        server(connector("One"), connector("Two")),
        'name = "Two"\nbindings = ["0.0.0.0:25"]',
        'name = "Two"\nbindings = ["0.0.0.0:26"]',
        fixed=False,
    ),
    "no-distinguishing-range": Case(
        server(connector("One"), connector("Two", binding="10.0.0.1:25")),
        "10.0.0.1:25",
        "10.0.0.1:26",
        fixed=False,
    ),
    "role-conflict": Case(
        server(
            connector("Front", role="FrontendTransport", ranges=ANY),
            connector("Back", role="HubTransport"),
            exchange="2016",
        ),
        "HubTransport",
        "FrontendTransport",
    ),
    "role-port": Case(
        server(connector(role="HubTransport"), exchange="2016"),
        "HubTransport",
        "FrontendTransport",
    ),
    "basic-in-clear": Case(
        server(connector(mechanisms="Tls, BasicAuth", groups="ExchangeUsers")),
        "Tls, BasicAuth",
        "Tls, BasicAuth, BasicAuthRequireTLS",
    ),
    "basic-for-nothing": Case(
        server(connector(mechanisms="Tls, BasicAuth, BasicAuthRequireTLS")),
        "AnonymousUsers",
        "ExchangeUsers",
    ),
    "no-tls": Case(
        server(connector(ranges='"10.0.0.0/24"', mechanisms="None")),
        'mechanism = "None"',
        'mechanism = "Tls"',
    ),
    "tls-not-required": Case(
        server(connector(more=RELAY)),
        'auth_mechanism = "Tls"',
        'auth_mechanism = "Tls"\nrequire_tls = true',
    ),
    "tls-required-inbound": Case(
        server(connector(ranges=PUBLIC)).replace(
            'auth_mechanism = "Tls"', 'auth_mechanism = "Tls"\nrequire_tls = true'
        ),
        "require_tls = true",
        "",
    ),
    "servers-group-without-auth": Case(
        server(connector(groups="ExchangeServers")), "ExchangeServers", "AnonymousUsers"
    ),
    "invalid-combination": Case(
        server(connector(mechanisms="Tls, ExternalAuthoritative")),
        "Tls, ExternalAuthoritative",
        "Tls",
        fixed=False,
    ),
    "limit-recipients": Case(
        server(connector()).replace(
            'auth_mechanism = "Tls"', 'auth_mechanism = "Tls"\nmax_recipients_per_message = 6000'
        ),
        "6000",
        "5000",
    ),
    "limit-size": Case(
        server(connector()).replace(
            'auth_mechanism = "Tls"', 'auth_mechanism = "Tls"\nmax_message_size = "100MB"'
        ),
        "100MB",
        "36MB",
    ),
    "chunking-off": Case(
        server(connector()).replace(
            'auth_mechanism = "Tls"', 'auth_mechanism = "Tls"\nchunking_enabled = false'
        ),
        "false",
        "true",
    ),
    "banner-default": Case(server(connector(ranges=PUBLIC)), "8.8.8.0/24", "10.8.8.0/24"),
    "purpose-unclear": Case(
        server(connector()),
        'auth_mechanism = "Tls"',
        'auth_mechanism = "Tls"\ncomment = "two web servers"',
        fixed=False,
    ),
    "unsupported-version": Case(
        server(connector(role="FrontendTransport"), exchange="2019"), "2019", "SE", fixed=False
    ),
    "outbound-proxy-open": Case(
        server(
            connector(role="FrontendTransport", binding="0.0.0.0:717", ranges=ANY),
            exchange="2016",
        ),
        "0.0.0.0/0",
        "10.0.0.0/8",
        fixed=False,
    ),
    "tarpit-off": Case(
        server(connector()).replace(
            'auth_mechanism = "Tls"', 'auth_mechanism = "Tls"\ntarpit_interval = "00:00:00"'
        ),
        "00:00:00",
        "00:00:05",
    ),
    "relay-behind-translator": Case(
        server(
            connector(ranges='"10.0.0.5", "10.0.0.9"', more=RELAY), network='balancers = "10.0.0.9"'
        ),
        'balancers = "10.0.0.9"',
        'balancers = "10.0.0.8"',
    ),
    "gateway-captured": Case(
        server(
            connector(ranges='"10.0.0.5", "10.0.0.9"', more=RELAY), network='gateways = "10.0.0.9"'
        ),
        'gateways = "10.0.0.9"',
        'gateways = "10.0.0.8"',
    ),
    "es-over-exchange": Case(
        server(
            connector(ranges='"10.0.0.5", "10.0.0.9"', **SECURED),
            network='exchange_servers = "10.0.0.9"',
        ),
        'exchange_servers = "10.0.0.9"',
        'exchange_servers = "10.0.0.8"',
    ),
    "es-over-clients": Case(
        server(
            connector(ranges='"10.0.0.5", "10.0.0.9"', **SECURED), network='clients = "10.0.0.8/29"'
        ),
        "10.0.0.8/29",
        "10.0.0.16/29",
    ),
    "send-as-on-frontend": Case(
        server(
            connector(
                role="FrontendTransport",
                more=entry("CONTOSO\\\\crm", "ms-Exch-SMTP-Accept-Any-Sender"),
            ),
            connector("Client Proxy EX01", binding="0.0.0.0:465", role="HubTransport"),
            exchange="2016",
        ),
        "Accept-Any-Sender",
        "Submit",
    ),
    "inherited-changed": Case(
        server(connector()).replace(
            'server = "EX01"',
            'server = "EX01"\ninherited_aces = [{ user = "CONTOSO\\\\Exchange Servers", '
            'rights = "All-Extended-Rights" }]',
        ),
        'inherited_aces = [{ user = "CONTOSO\\\\Exchange Servers", '
        'rights = "All-Extended-Rights" }]',
        "",
        fixed=False,
    ),
    "exchange-captured": Case(
        server(
            connector(ranges='"10.0.0.5", "10.0.0.9"', more=RELAY),
            DEFAULT,
            network='exchange_servers = "10.0.0.9"',
        ),
        'exchange_servers = "10.0.0.9"',
        'exchange_servers = "10.0.0.8"',
    ),
    "hybrid-captured": Case(
        server(connector(ranges=ANY), network="hybrid = true"), "0.0.0.0/0", "10.0.0.0/8"
    ),
    "hybrid-certificate": Case(
        server(
            connector(role="FrontendTransport", more=f'tls_domain_capabilities = "{ONLINE}"'),
            connector(
                "Other",
                ranges='"10.0.0.6"',
                role="FrontendTransport",
                more='tls_certificate_name = "<I>CN=CA<S>CN=mail"',
            ),
            exchange="2016",
        ),
        "tls_domain_capabilities =",
        'tls_certificate_name = "<I>CN=CA<S>CN=mx"\ntls_domain_capabilities =',
    ),
    "default-changed": Case(
        server(
            SETUP.replace("auth_mechanism", "enabled = false\nauth_mechanism"),
            CLIENT,
            exchange="2007",
        ),
        "enabled = false",
        "",
    ),
    "no-inbound": Case(server(DEFAULT, network='published = "EX01:25"'), "EX01:25", "EX01:587"),
    "foreign-binding": Case(
        server(connector(binding="10.0.0.5:25")).replace(
            'server = "EX01"', 'server = "EX01"\naddresses = "10.0.0.1"'
        ),
        'addresses = "10.0.0.1"',
        'addresses = "10.0.0.5"',
    ),
    "servers-differ": Case(
        """
format = 1
[organization]
accepted_domains = ["contoso.com"]
[[server]]
name = "EX01"
[[server.connector]]
name = "Relay EX01"
bindings = "0.0.0.0:25"
remote_ip_ranges = "10.0.0.5"
[[server]]
name = "EX02"
[[server.connector]]
name = "Relay EX02"
bindings = "0.0.0.0:25"
remote_ip_ranges = "10.0.0.6"
""",
        "10.0.0.6",
        "10.0.0.5",
        fixed=False,
    ),
    "limit-timeout": Case(
        server(connector(more='connection_timeout = "00:20:00"')), "00:20:00", "00:10:00"
    ),
    "limit-hops": Case(server(connector(more="max_hop_count = 100")), "100", "60"),
    "limit-connections": Case(
        server(connector(more='max_inbound_connection = "Unlimited"')), '"Unlimited"', "5000"
    ),
}

OTHERS = {
    "relay-wide": Case(
        server(connector(ranges='"10.0.0.5", "10.0.0.0/24"', more=RELAY)), "/24", "/32"
    ),
    "es-beyond-hosts": Case(
        server(connector(ranges='"10.0.0.5", "10.0.0.0/24"', **SECURED)), "/24", "/32"
    ),
    "range-conflict": Case(
        server(
            connector("One", ranges='"10.0.0.0-10.0.0.9"'),
            connector("Two", ranges='"10.0.0.5-10.0.0.20"'),
        ),
        "10.0.0.5-10.0.0.20",
        "10.0.0.5-10.0.0.9",
    ),
    "broad-principal": Case(
        server(connector(more=entry("S-1-5-21-1-2-3-513", "ms-Exch-SMTP-Submit"))),
        "S-1-5-21-1-2-3-513",
        "S-1-5-21-1-2-3-1513",
    ),
    "sleeping-grant": Case(
        server(connector(more="enabled = false" + RELAY)), "enabled = false", ""
    ),
    "default-changed": Case(
        server(SETUP.replace('"Default EX01"', '"Incoming"'), CLIENT, exchange="2007"),
        '"Incoming"',
        '"Default EX01"',
    ),
    "relay-on-default": Case(
        server(SETUP.replace('"Default EX01"', '"Incoming"') + RELAY, CLIENT, exchange="2007"),
        "Accept-Any-Recipient",
        "Accept-Any-Sender",
    ),
}
"""The same for a second condition of a finding."""
