"""Generators of plain organizations and sessions.

The universe is small on purpose: few networks, few principals and few domains, so that things
meet. Names are spelled as people spell them: aliases, SIDs, any case.
"""

from hypothesis import strategies as st

from relaysim.net.address import BITS
from relaysim.net.interval import Interval
from tests.oracle import tables
from tests.oracle.addresses import read_address, read_range
from tests.strategies.addresses import LENGTHS, NEAR, SPECIAL, families, spellings_of


@st.composite
def range_texts(draw):
    """Draw the text of a range: mostly nested in one of a few networks, in any notation."""
    family = draw(families)
    near = draw(st.sampled_from(NEAR[family]))
    if draw(st.booleans()):
        host_bits = BITS[family] - draw(st.sampled_from(LENGTHS[family]))
        low = near >> host_bits << host_bits
        interval = Interval(family, low, low + (1 << host_bits) - 1)
    else:
        low = near + draw(st.integers(0, 4))
        interval = Interval(family, low, low + draw(st.integers(0, 6)))
    return draw(st.sampled_from(spellings_of(interval)))


LOCALS = {4: ["10.0.0.1", "10.0.0.2"], 6: ["2001:db8::a", "2001:db8::b"]}
BINDINGS = [
    ["0.0.0.0:25", "[::]:25"],
    ["0.0.0.0:25", "[::]:25"],
    ["[0:0::0]:25", "0.0.0.0:25", "0.0.0.0:587"],
    ["10.0.0.1:25", "[2001:db8::a]:25"],
    ["10.0.0.1:25", "[2001:db8::a]:25", "10.0.0.2:25"],
    ["10.0.0.1:25", "0.0.0.0:25", "[2001:db8::b]:25", "[::]:25"],
    ["0.0.0.0:25", "10.0.0.2:25"],
    ["0.0.0.0:587", "[2001:db8::a]:587"],
    ["10.0.0.2:25", "[2001:DB8::B]:25"],
]

MECHANISMS = [
    "Tls",
    "Integrated",
    "BasicAuth",
    "BasicAuthRequireTLS",
    "ExchangeServer",
    "ExternalAuthoritative",
]
_mechanisms = st.sampled_from(
    [
        [],
        ["Tls"],
        ["Tls"],
        ["Tls", "Integrated", "BasicAuth", "BasicAuthRequireTLS", "ExchangeServer"],
        ["Tls", "Integrated", "BasicAuth", "BasicAuthRequireTLS", "ExchangeServer"],
        ["Tls", "BasicAuth", "BasicAuthRequireTLS"],
        ["Integrated"],
        ["BasicAuth"],
        ["ExchangeServer"],
        ["ExternalAuthoritative"],
        ["Tls", "ExternalAuthoritative"],
    ]
) | st.lists(st.sampled_from(MECHANISMS), unique=True)

CUSTOM = ["CONTOSO\\app", "CONTOSO\\Relay Users", "CONTOSO\\other"]
PRINCIPALS = [
    tables.ANONYMOUS,
    tables.ANONYMOUS,
    tables.AUTHENTICATED,
    tables.EVERYONE,
    tables.SECURED,
    tables.PARTNERS,
    tables.HUBS,
    tables.EDGES,
    "CONTOSO\\Exchange Servers",
    "CONTOSO\\ExchangeLegacyInterop",
    *CUSTOM,
]
_DECIDING = [*tables.NINE, "ms-Exch-Accept-Headers-Forest"]
RIGHTS = [
    *_DECIDING * 3,
    tables.ALL_EXTENDED,
    tables.FULL_CONTROL,
    *tables.HEADERS,
    *tables.RESERVED,
    *tables.SINCE_2010,
    tables.SINCE_2013[0],
    "Send-As",
    *tables.RIGHT_ALIASES,
    *tables.RIGHT_ALIASES,
    tables.ALL_EXTENDED,
    tables.FULL_CONTROL,
]


@st.composite
def spelled_principals(draw):
    name = draw(st.sampled_from(PRINCIPALS))
    return draw(
        st.sampled_from([name, name, name.upper(), *tables.PRINCIPAL_SPELLINGS.get(name, [])])
    )


@st.composite
def plain_aces(draw, inherited=None):
    right = draw(st.sampled_from(RIGHTS))
    return {
        "principal": draw(spelled_principals()),
        "right": draw(st.sampled_from([right, right, right.lower()])),
        "deny": draw(st.sampled_from([False, False, True])),
        "inherited": draw(st.booleans()) if inherited is None else inherited,
    }


NAMES = [
    "Default EX01",
    "Client EX01",
    "Client Proxy EX01",
    "client frontend ex01",
    "CRM Application",
    "relay [b]",
    "Relay A",
    "relay Z :emoji:",
]


@st.composite
def plain_connectors(draw, name, version, role):
    transport_role, bindings = "HubTransport", BINDINGS
    if role == "hub" and version not in ("2007", "2010"):
        if not name.startswith("Client Proxy"):
            transport_role = draw(st.sampled_from(["FrontendTransport"] * 3 + ["HubTransport"]))
        if transport_role == "HubTransport":
            bindings = [["0.0.0.0:2525", "[::]:2525"]] * 4 + BINDINGS[:1]
    groups = [g for g in tables.GROUPS if role == "hub" or g != "ExchangeLegacyServers"]
    group_sets = st.sampled_from(
        [["AnonymousUsers"], ["AnonymousUsers", "ExchangeUsers"], ["ExchangeUsers"], groups]
    ) | st.lists(st.sampled_from(groups), unique=True, max_size=3)
    return {
        "name": name,
        "enabled": draw(st.sampled_from([True] * 9 + [False])),
        "bindings": draw(st.sampled_from(bindings)),
        "remote_ip_ranges": draw(st.lists(range_texts(), min_size=1, max_size=3)),
        "auth_mechanism": draw(_mechanisms),
        "permission_groups": draw(group_sets),
        "acl": draw(st.lists(plain_aces(), max_size=5)),
        "transport_role": transport_role,
        "require_tls": draw(st.sampled_from([False] * 7 + [True])),
        "domain_secure_enabled": draw(st.booleans()),
        "max_message_size": draw(st.sampled_from([65536, 10485760])),
        "max_recipients_per_message": draw(st.sampled_from([1, 2, 200])),
        "size_enabled": draw(st.sampled_from(["Enabled", "Disabled", "EnabledWithoutValue"])),
    }


TYPES = ["Authoritative", "InternalRelay", "ExternalRelay"]


@st.composite
def plain_accepted_domains(draw, version):
    name = draw(
        st.sampled_from(
            [
                "contoso.com",
                "Contoso.COM",
                "*.contoso.com",
                "bücher.example",
                "xn--bcher-kva.example",
                "relay.example",
                "*.relay.example",
                "*",
            ]
        )
    )
    relay_only = name == "*"
    late = version in ("2016", "2019", "SE")
    plain = not name.startswith("*")
    return {
        "name": name,
        "type": draw(st.sampled_from(TYPES[1:] if relay_only else TYPES)),
        "match_sub_domains": draw(st.booleans()) if late and plain else False,
    }


MAILBOXES = [
    "app@contoso.com",
    "APP@Contoso.com",
    "sales@contoso.com",
    "boss@contoso.com",
    "x@sub.contoso.com",
    "x@notcontoso.com",
    "x@bücher.example",
    "x@XN--BCHER-KVA.example",
    "x@relay.example",
    "x@a.b.relay.example",
    "someone@example.net",
    '"a@b"@example.org',
]
mailboxes = st.sampled_from(MAILBOXES)


ACCOUNT_GROUPS = ["CONTOSO\\Relay Users", "contoso\\APP", "Everyone"]
SESSION_GROUPS = ["CONTOSO\\Relay Users", "exchange servers", "S-1-5-11", "S-1-5-7"]


@st.composite
def plain_accounts(draw, name):
    return {
        "name": name,
        "groups": draw(
            st.lists(
                st.sampled_from(["CONTOSO\\Relay Users", "contoso\\APP", "Everyone"]), max_size=2
            )
        ),
        "addresses": draw(st.lists(mailboxes, max_size=2)),
        "send_as": draw(st.lists(mailboxes, max_size=1)),
    }


@st.composite
def plain_organizations(draw, exchange=None, role=None, names=None):
    version = draw(st.sampled_from(tables.VERSIONS)) if exchange is None else exchange
    role = draw(st.sampled_from(["hub", "hub", "hub", "edge"])) if role is None else role
    if names is None:
        names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    accounts = draw(st.lists(st.sampled_from(CUSTOM[:2]), unique=True))
    return {
        "exchange": version,
        "server": "EX01",
        "role": role,
        "domain": "CONTOSO",
        "accepted_domains": draw(
            st.lists(
                plain_accepted_domains(version), max_size=3, unique_by=lambda d: d["name"].lower()
            )
        ),
        "inherited_aces": draw(st.lists(plain_aces(inherited=True), max_size=3)),
        "accounts": [draw(plain_accounts(name)) for name in accounts],
        "connectors": [draw(plain_connectors(name, version, role)) for name in names],
    }


def range_edges(organization):
    """Return the ends of the organization's ranges and their neighbours, as texts."""
    ranges = [read_range(t) for c in organization["connectors"] for t in c["remote_ip_ranges"]]
    return [
        str(type(end)(int(end) + step))
        for a_range in ranges
        for end in (a_range["low"], a_range["high"])
        for step in (0, 0, 0, -1, 1)
        if 0 <= int(end) + step < 2**end.max_prefixlen
    ]


AUTH = ["none", "user", "basic", "ntlm", "exchange", "edge", "legacy", "partner"]
USERS = [None, "CONTOSO\\app", "contoso\\APP", "app", "app@contoso.com", "CONTOSO\\other"]


@st.composite
def plain_sessions(draw, organization):
    """Draw a session that mostly gets past the door of one of the connectors.

    Its client stands at an edge of one of the ranges and it authenticates as that connector
    wants it; now and then one of these facts is anything at all.
    """
    target = draw(st.sampled_from(organization["connectors"] or [None]))
    ips, ports, auth, tls = SPECIAL, [25], AUTH, st.booleans()
    if target is not None:
        mechanisms = target["auth_mechanism"]
        ips = range_edges({"connectors": [target]})
        ports = [int(target["bindings"][0].rpartition(":")[2])]
        tls = st.booleans() if "Tls" in mechanisms else st.just(value=False)
        auth = ["none", "none", *_auth_offered(mechanisms)]
    odd = draw(st.sampled_from(["no", "no", "no", "ip", "auth", "tls", "port", "local", "edges"]))
    if odd == "edges":
        ips = range_edges(organization)
    ip = draw(st.sampled_from(SPECIAL if odd == "ip" or not ips else ips))
    version = read_address(ip).version
    if version == 4 and draw(st.sampled_from([False] * 9 + [True])):
        ip = f"::ffff:{ip}"
    same, other = LOCALS[version], LOCALS[10 - version]
    locals_ = [None, *same]
    if odd == "local":
        locals_ = [None, "10.0.0.9", f"::ffff:{LOCALS[4][0]}", other[0]]
    return {
        "ip": ip,
        "local_ip": draw(st.sampled_from(locals_)),
        "port": draw(st.sampled_from([25, 587, 2525, 26] if odd == "port" else ports)),
        "auth": draw(st.sampled_from(AUTH if odd == "auth" else auth)),
        "user": draw(st.sampled_from(USERS)),
        "groups": draw(st.lists(st.sampled_from(SESSION_GROUPS), max_size=2)),
        "tls": draw(st.booleans() if odd == "tls" else tls),
        "mail_from": draw(st.sampled_from([None, "", *MAILBOXES])),
        "header_from": draw(st.sampled_from([None, None, None, "", *MAILBOXES])),
        "rcpt_to": draw(st.lists(mailboxes, max_size=3)),
        "size": draw(st.sampled_from([None, None, 65536, 65537, 10485761])),
    }


def _auth_offered(mechanisms):
    if "ExternalAuthoritative" in mechanisms:
        return ["none", "partner"]
    offered = ["partner"] if "Tls" in mechanisms else []
    if "BasicAuth" in mechanisms:
        offered += ["user", "basic"]
    if "Integrated" in mechanisms:
        offered += ["user", "ntlm", "legacy"]
    if "ExchangeServer" in mechanisms:
        offered += ["exchange", "edge", "legacy"]
    return offered
