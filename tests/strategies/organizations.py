"""Generators of plain organizations and sessions.

The universe is small on purpose: few networks, few principals and few domains, so that things
meet. Names are spelled as people spell them: aliases, SIDs, any case.
"""

import functools

from hypothesis import strategies as st

from relaysim.net.address import BITS
from relaysim.net.interval import Interval
from tests.oracle import tables
from tests.oracle.addresses import read_address, read_range
from tests.strategies.addresses import LENGTHS, NEAR, SPECIAL, families, spellings_of

truth = st.booleans()
mostly = st.sampled_from([True] * 8 + [False])
rarely = st.sampled_from([False] * 8 + [True])
_never = st.just(value=False)
seldom = st.sampled_from([False, False, True])


@functools.lru_cache(maxsize=4096)
def one_of(*values):
    """Return the strategy that draws one of some values: made once, since drawing is cheap then."""
    return st.sampled_from(values)


@functools.cache
def some_of(strategy, *, least=0, most=None):
    """Return the strategy that draws a list, made once."""
    return st.lists(strategy, min_size=least, max_size=most)


@functools.cache
def different(values, *, least=0, most=None):
    """Return the strategy that draws different values out of a tuple, made once."""
    return st.lists(st.sampled_from(values), unique=True, min_size=least, max_size=most)


@st.composite
def range_texts(draw):
    """Draw the text of a range: mostly nested in one of a few networks, in any notation."""
    family = draw(families)
    near = draw(one_of(*NEAR[family]))
    if draw(truth):
        host_bits = BITS[family] - draw(one_of(*LENGTHS[family]))
        low = near >> host_bits << host_bits
        interval = Interval(family, low, low + (1 << host_bits) - 1)
    else:
        low = near + draw(one_of(*range(5)))
        interval = Interval(family, low, low + draw(one_of(*range(7))))
    return draw(one_of(*spellings_of(interval)))


_range_lists = st.lists(range_texts(), min_size=1, max_size=3)


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
    *[*tables.RIGHT_ALIASES] * 6,
    tables.ALL_EXTENDED,
    tables.FULL_CONTROL,
]


@st.composite
def spelled_principals(draw):
    name = draw(one_of(*PRINCIPALS))
    return draw(one_of(name, name, name.upper(), *tables.PRINCIPAL_SPELLINGS.get(name, [])))


_principals = spelled_principals()


@st.composite
def plain_aces(draw, inherited=None):
    right = draw(one_of(*RIGHTS))
    return {
        "principal": draw(_principals),
        "right": draw(one_of(right, right, right.lower())),
        "deny": draw(seldom),
        "inherited": draw(truth) if inherited is None else inherited,
    }


_aces = st.lists(plain_aces(), max_size=5)
_inherited_aces = st.lists(plain_aces(inherited=True), max_size=3)


@functools.cache
def _group_sets(role):
    """Return the strategy of permission groups that a role may have."""
    groups = [g for g in tables.GROUPS if role == "hub" or g != "ExchangeLegacyServers"]
    usual = [["AnonymousUsers"], ["AnonymousUsers", "ExchangeUsers"], ["ExchangeUsers"], groups]
    return st.sampled_from(usual) | different(tuple(groups), most=3)


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
            transport_role = draw(one_of(*["FrontendTransport"] * 3, "HubTransport"))
        if transport_role == "HubTransport":
            bindings = [["0.0.0.0:2525", "[::]:2525"]] * 4 + BINDINGS[:1]
    return {
        "name": name,
        "enabled": draw(mostly),
        "bindings": bindings[draw(one_of(*range(len(bindings))))],
        "remote_ip_ranges": draw(_range_lists),
        "auth_mechanism": draw(_mechanisms),
        "permission_groups": draw(_group_sets(role)),
        "acl": draw(_aces),
        "transport_role": transport_role,
        "require_tls": draw(rarely),
        "domain_secure_enabled": draw(truth),
        "max_message_size": draw(one_of(65536, 10485760)),
        "max_recipients_per_message": draw(one_of(1, 2, 200)),
        "size_enabled": draw(one_of("Enabled", "Disabled", "EnabledWithoutValue")),
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
        "type": draw(one_of(*(TYPES[1:] if relay_only else TYPES))),
        "match_sub_domains": draw(truth) if late and plain else False,
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
        "addresses": draw(some_of(mailboxes, most=2)),
        "send_as": draw(some_of(mailboxes, most=1)),
    }


@st.composite
def plain_organizations(draw, exchange=None, role=None, names=None):
    version = draw(one_of(*tables.VERSIONS)) if exchange is None else exchange
    role = draw(one_of("hub", "hub", "hub", "edge")) if role is None else role
    if names is None:
        names = draw(different(tuple(NAMES), least=1, most=4))
    accounts = draw(different(tuple(CUSTOM[:2])))
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
        "inherited_aces": draw(_inherited_aces),
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
USERS += ["CONTOSO\\HOST$"]


@st.composite
def plain_sessions(draw, organization):
    """Draw a session that mostly gets past the door of one of the connectors.

    Its client stands at an edge of one of the ranges and it authenticates as that connector
    wants it; now and then one of these facts is anything at all.
    """
    connectors = organization["connectors"]
    target = connectors[draw(one_of(*range(len(connectors))))] if connectors else None
    ips, ports, auth, tls = SPECIAL, [25], AUTH, truth
    if target is not None:
        mechanisms = target["auth_mechanism"]
        ips = range_edges({"connectors": [target]})
        ports = [int(target["bindings"][0].rpartition(":")[2])]
        tls = truth if "Tls" in mechanisms else _never
        auth = ["none", "none", *_auth_offered(mechanisms)]
    odd = draw(one_of("no", "no", "no", "ip", "auth", "tls", "port", "local", "edges"))
    if odd == "edges":
        ips = range_edges(organization)
    ip = draw(one_of(*(SPECIAL if odd == "ip" or not ips else ips)))
    version = read_address(ip).version
    if version == 4 and draw(rarely):
        ip = f"::ffff:{ip}"
    same, other = LOCALS[version], LOCALS[10 - version]
    locals_ = [None, *same]
    if odd == "local":
        locals_ = [None, "10.0.0.9", f"::ffff:{LOCALS[4][0]}", other[0]]
    return {
        "ip": ip,
        "local_ip": draw(one_of(*locals_)),
        "port": draw(one_of(*([25, 587, 2525, 26] if odd == "port" else ports))),
        "auth": draw(one_of(*(AUTH if odd == "auth" else auth))),
        "user": draw(one_of(*USERS)),
        "groups": draw(some_of(one_of(*SESSION_GROUPS), most=2)),
        "tls": draw(truth if odd == "tls" else tls),
        "mail_from": draw(one_of(None, "", *MAILBOXES)),
        "header_from": draw(one_of(None, None, None, "", *MAILBOXES)),
        "rcpt_to": draw(some_of(mailboxes, most=3)),
        "size": draw(one_of(None, None, 65536, 65537, 10485761)),
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
