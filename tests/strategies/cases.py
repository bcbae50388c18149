"""Generators of cases: an organization and a session that asks about it."""

from hypothesis import strategies as st

from relaysim.net.address import BITS, Address
from relaysim.net.interval import Interval
from tests.oracle import tables
from tests.strategies.addresses import NEAR, families, spellings_of
from tests.strategies.organizations import (
    BINDINGS,
    LOCALS,
    NAMES,
    different,
    mostly,
    one_of,
    plain_aces,
    plain_connectors,
    plain_organizations,
    plain_sessions,
    rarely,
    seldom,
    truth,
)


@st.composite
def plain_cases(draw, /, **fixed):
    """Draw an organization and a session that asks about it."""
    organization = draw(plain_organizations(**fixed))
    return organization, draw(plain_sessions(organization))


@st.composite
def ranges_around(draw, family, value):
    """Draw the text of a range that holds an address or just misses it."""
    if draw(truth):
        host_bits = draw(one_of(0, 1, 2, 8, BITS[family]))
        low = value >> host_bits << host_bits
        interval = Interval(family, low, low + (1 << host_bits) - 1)
    else:
        low = value - draw(one_of(-1, 0, 0, 0, 1, 2))
        interval = Interval(family, low, max(low, value + draw(one_of(-1, 0, 0, 1, 2))))
    return draw(one_of(*spellings_of(interval)))


def plain_connector(name, **properties):
    """Return a plain connector that lets everybody in and grants nothing."""
    return {
        "name": name,
        "enabled": True,
        "bindings": ["0.0.0.0:25", "[::]:25"],
        "remote_ip_ranges": ["0.0.0.0/0", "::/0"],
        "auth_mechanism": ["Tls"],
        "permission_groups": [],
        "acl": [],
        "transport_role": "HubTransport",
        "require_tls": False,
        "domain_secure_enabled": False,
        "max_message_size": 65536,
        "max_recipients_per_message": 200,
        "size_enabled": "Enabled",
    } | properties


def plain_organization(connectors, **properties):
    return {
        "exchange": "2007",
        "server": "EX01",
        "role": "hub",
        "domain": "CONTOSO",
        "accepted_domains": [],
        "inherited_aces": [],
        "accounts": [],
        "connectors": connectors,
    } | properties


def plain_session(**properties):
    return {
        "ip": "192.168.2.55",
        "local_ip": None,
        "port": 25,
        "auth": "none",
        "user": None,
        "groups": [],
        "tls": False,
        "mail_from": None,
        "header_from": None,
        "rcpt_to": [],
        "size": None,
    } | properties


@st.composite
def plain_access_organizations(draw):
    """Draw an organization whose only connector has any entries."""
    role = draw(st.sampled_from(["hub", "hub", "edge"]))
    groups = [group for group in tables.GROUPS if role == "hub" or "Legacy" not in group]
    connector = plain_connector(
        "Default EX01",
        permission_groups=draw(st.lists(st.sampled_from(groups), unique=True, max_size=2)),
        acl=draw(st.lists(plain_aces(), max_size=6)),
    )
    return plain_organization(
        [connector],
        exchange=draw(st.sampled_from(tables.VERSIONS)),
        role=role,
        inherited_aces=draw(st.lists(plain_aces(inherited=True), max_size=3)),
    )


@st.composite
def plain_selection_cases(draw):
    """Draw a case in which several connectors compete for the client."""
    family = draw(families)
    client = Address(family, draw(one_of(*NEAR[family])))
    version, role = draw(st.sampled_from([("2007", "hub"), ("2016", "hub"), ("SE", "edge")]))
    connectors = []
    for name in draw(different(tuple(NAMES), least=2, most=4)):
        front_end = version == "2016" and draw(mostly)
        texts = st.lists(ranges_around(family, client.value), min_size=1, max_size=2)
        connectors.append(
            plain_connector(
                name,
                enabled=draw(mostly),
                bindings=draw(st.sampled_from(BINDINGS[:7])),
                remote_ip_ranges=draw(texts),
                permission_groups=["AnonymousUsers"],
                transport_role="FrontendTransport" if front_end else "HubTransport",
            )
        )
    mapped = family == 4 and draw(rarely)
    ip = f"::ffff:{client}" if mapped else str(client)
    session = plain_session(ip=ip, local_ip=draw(one_of(None, *LOCALS[family])))
    return plain_organization(connectors, exchange=version, role=role), session


_more_rights = st.lists(st.tuples(one_of(*tables.NINE[1:5]), seldom), max_size=2)


@st.composite
def plain_message_cases(draw, *, proxied=False):
    """Draw a case whose session mostly reaches MAIL FROM, so that the message is what matters.

    With `proxied` it is an account on a front end, which hands the session to the back end.
    """
    version = draw(one_of(*tables.VERSIONS[2:])) if proxied else None
    organization = draw(plain_organizations(version, "hub" if proxied else None, names=[]))
    version, role = organization["exchange"], organization["role"]
    names = ["Default EX01", "Client Proxy EX01"]
    if not proxied:
        names = names[: draw(st.integers(1, 2))]
    organization["connectors"] = [draw(plain_connectors(name, version, role)) for name in names]
    organization["connectors"][-1]["bindings"] = ["0.0.0.0:2525"]
    door = organization["connectors"][0]
    door |= {"enabled": True, "bindings": ["0.0.0.0:25", "[::]:25"], "domain_secure_enabled": True}
    door["remote_ip_ranges"] = ["0.0.0.0/0", "::/0"]
    door["require_tls"] = draw(rarely)
    if proxied:
        door["transport_role"] = "FrontendTransport"
    server = ["Tls", "Integrated", "BasicAuth", "ExchangeServer"]
    basic = ["Tls", "BasicAuth", "BasicAuthRequireTLS"]
    secured = ["Tls", "ExternalAuthoritative"]
    door["auth_mechanism"] = draw(
        st.sampled_from([server] if proxied else [server, server, basic, secured])
    )
    servers = [tables.SECURED, tables.HUBS, tables.EDGES, tables.PARTNERS]
    for holder in [tables.ANONYMOUS, tables.AUTHENTICATED, *servers]:
        for right, deny in [(tables.NINE[0], False), *draw(_more_rights)]:
            ace = {"principal": holder, "right": right, "deny": deny, "inherited": False}
            door["acl"].append(ace)
    session = draw(plain_sessions({"connectors": [door]}))
    session |= {"ip": "192.168.2.55", "local_ip": None, "port": 25}
    if "Integrated" in door["auth_mechanism"]:
        usual = ["user"] if proxied else ["none", "user", "user", session["auth"]]
        session["auth"] = draw(one_of(*usual))
    session["size"] = draw(one_of(None, None, session["size"]))
    session["rcpt_to"] = session["rcpt_to"][: draw(one_of(0, 1, 3))]
    own = {"name": "contoso.com", "type": "Authoritative", "match_sub_domains": False}
    if all(d["name"].lower() != "contoso.com" for d in organization["accepted_domains"]):
        organization["accepted_domains"].insert(0, own)
    return organization, session
