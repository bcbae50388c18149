"""All Hypothesis generators.

Organizations and sessions are drawn as plain data, spelled as people spell them (aliases, SIDs,
any case, four notations); `tests.cases` turns them into model values. The universe is small on
purpose: few networks, few principals and few domains, so that things meet. Addresses are drawn
from the ends of the organization's own ranges and their neighbours, because mistakes live there.
"""

import ipaddress

from hypothesis import strategies as st

from relaysim.net.address import BITS, Address
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import Interval
from relaysim.net.notation import AddressRange, Notation, Socket
from tests.oracle import tables
from tests.oracle.addresses import read_address, read_range

SPECIAL = [
    "0.0.0.0",  # noqa: S104 - an address to ask about, nothing listens here
    "10.0.0.1",
    "127.0.0.1",
    "169.254.0.1",
    "192.168.2.55",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:192.168.2.55",
    "64:ff9b::1",
    "fe80::1",
    "2001:db8::1",
    "ff02::1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
]
_NEAR = {
    4: [int(ipaddress.ip_address(a)) for a in ("192.168.2.0", "192.168.2.55", "203.0.113.9")],
    6: [int(ipaddress.ip_address(a)) for a in ("2001:db8::", "2001:db8::55", "fe80::1")],
}
_LENGTHS = {4: [0, 8, 16, 24, 28, 30, 31, 32], 6: [0, 10, 32, 64, 120, 127, 128]}

families = st.sampled_from([4, 6])


# Values of the net package, drawn from everything there is.


@st.composite
def addresses(draw, family=None):
    """Draw any address: special, near the usual networks, or anything."""
    family = draw(families) if family is None else family
    top = (1 << BITS[family]) - 1
    special = [int(a) for a in map(ipaddress.ip_address, SPECIAL) if a.version == family]
    value = draw(st.sampled_from(special) | st.integers(0, top) | st.integers(0, 300))
    return Address(family, min(top, max(0, value + draw(st.sampled_from([0, 0, 1, -1])))))


@st.composite
def intervals(draw, family=None):
    first = draw(addresses(family))
    top = (1 << BITS[first.family]) - 1
    length = draw(st.sampled_from([1, 2, 3, 4, 256]) | st.integers(1, top + 1))
    return Interval(first.family, first.value, min(top, first.value + length - 1))


@st.composite
def networks(draw, family=None):
    """Draw an interval that is a network, with an address inside it."""
    base = draw(addresses(family))
    host_bits = draw(st.sampled_from([0, 1, 2, 8]) | st.integers(0, BITS[base.family]))
    low = base.value >> host_bits << host_bits
    return Interval(base.family, low, low + (1 << host_bits) - 1), base.value


@st.composite
def address_ranges(draw):
    """Draw a range value in any of the four notations."""
    notation = draw(st.sampled_from(Notation))
    if notation is Notation.SINGLE:
        address = draw(addresses())
        one = Interval(address.family, address.value, address.value)
        return AddressRange(one, notation, address.value)
    if notation is Notation.LOW_HIGH:
        interval = draw(intervals())
        return AddressRange(interval, notation, interval.low)
    interval, base = draw(networks())
    return AddressRange(interval, notation, base)


@st.composite
def sockets(draw):
    return Socket(draw(addresses()), draw(st.sampled_from([1, 25, 65535]) | st.integers(1, 65535)))


# A small universe on a line of 64 addresses in each family, where sets meet all the time.
def _on_the_line(family, low, length, *, at_the_end):
    top = (1 << BITS[family]) - 1
    start = top - 63 + low if at_the_end else low
    return Interval(family, start, min(top, start + length - 1))


_small_intervals = st.builds(
    _on_the_line, families, st.integers(0, 63), st.integers(1, 12), at_the_end=st.booleans()
)
address_sets = st.builds(AddressSet, st.lists(_small_intervals | intervals(), max_size=5))


def spellings_of(interval):
    """Return every notation of an interval, as texts: one for each way to write it."""
    low, high = interval.first, interval.last
    texts = [f"{low}-{high}"]
    size = interval.size
    if size == 1:
        texts.append(str(low))
    if size & (size - 1) == 0 and interval.low % size == 0:
        length = BITS[interval.family] - (size.bit_length() - 1)
        mask = Address(interval.family, (1 << BITS[interval.family]) - size)
        texts += [f"{low}/{length}", f"{high}/{length}", f"{low}({mask})", f"{high}({mask})"]
    if interval.family == 6:
        texts += [texts[0].upper(), f"{low}%11-{high}%11"]
    return texts


# Plain organizations.


@st.composite
def range_texts(draw):
    """Draw the text of a range: mostly nested in one of a few networks, in any notation."""
    family = draw(families)
    near = draw(st.sampled_from(_NEAR[family]))
    if draw(st.booleans()):
        host_bits = BITS[family] - draw(st.sampled_from(_LENGTHS[family]))
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
def plain_organizations(draw, exchange=None, role=None):
    version = draw(st.sampled_from(tables.VERSIONS)) if exchange is None else exchange
    role = draw(st.sampled_from(["hub", "hub", "hub", "edge"])) if role is None else role
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


@st.composite
def plain_cases(draw, /, **fixed):
    """Draw an organization and a session that asks about it."""
    organization = draw(plain_organizations(**fixed))
    return organization, draw(plain_sessions(organization))


@st.composite
def plain_message_cases(draw):
    """Draw a case whose session always reaches MAIL FROM, so that the message is what matters."""
    organization = draw(plain_organizations())
    version, role = organization["exchange"], organization["role"]
    names = ["Default EX01", *draw(st.sampled_from([[], ["Client Proxy EX01"]]))]
    organization["connectors"] = [draw(plain_connectors(name, version, role)) for name in names]
    organization["connectors"][-1]["bindings"] = ["0.0.0.0:2525"]
    door = organization["connectors"][0]
    door |= {"enabled": True, "bindings": ["0.0.0.0:25", "[::]:25"], "domain_secure_enabled": True}
    door["remote_ip_ranges"] = ["0.0.0.0/0", "::/0"]
    door["require_tls"] = False
    server = ["Tls", "Integrated", "BasicAuth", "ExchangeServer"]
    door["auth_mechanism"] = draw(st.sampled_from([server, server, ["ExternalAuthoritative"]]))
    holders = [tables.ANONYMOUS, tables.AUTHENTICATED, tables.SECURED, tables.HUBS, tables.PARTNERS]
    for holder in holders:
        wanted = st.sampled_from([tables.NINE[1], tables.NINE[2], tables.NINE[3]])
        for right in [tables.NINE[0], *draw(st.lists(wanted, max_size=2))]:
            ace = {"principal": holder, "right": right, "deny": False, "inherited": False}
            door["acl"].append(ace)
    session = draw(plain_sessions({"connectors": [door]}))
    session |= {"ip": "192.168.2.55", "local_ip": None, "port": 25}
    return organization, session


def random_text_near(texts):
    """Draw valid texts with one mistake in them, and texts of the same alphabet."""
    alphabet = st.sampled_from("0123456789abcdefABCDEF.:/-()%[] x")
    broken = st.builds(_with_a_mistake, texts, st.integers(0, 40), st.text(alphabet, max_size=2))
    return broken | st.text(alphabet, max_size=30) | st.text(max_size=20)


def _with_a_mistake(text, at, junk):
    at %= len(text) + 1
    return text[:at] + junk + text[at + 1 :]
