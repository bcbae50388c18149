"""The comparison of unions over endpoints has teeth: planted mistakes are found."""

import pytest

from relaysim.analysis import endpoints, reach
from relaysim.net.address import parse_address
from relaysim.net.addrset import AddressSet
from tests.cases import organization_of, session_of
from tests.oracle import tables
from tests.oracle.addresses import read_address
from tests.oracle.everywhere import may_somewhere

ADDRESSES = ["10.1.0.5", "10.2.0.5", "10.3.0.5", "10.4.0.5", "8.8.8.8", "2001:db8::5"]


def connector(name, bindings, ranges, *, tls):
    relay = "ms-Exch-SMTP-Accept-Any-Recipient"
    return {
        "name": name,
        "enabled": True,
        "bindings": bindings,
        "remote_ip_ranges": ranges,
        "auth_mechanism": ["Tls"],
        "permission_groups": ["AnonymousUsers"],
        "acl": [{"principal": tables.ANONYMOUS, "right": relay, "deny": False, "inherited": False}],
        "transport_role": "HubTransport",
        "require_tls": tls,
        "domain_secure_enabled": False,
        "max_message_size": 65536,
        "max_recipients_per_message": 200,
        "size_enabled": "Enabled",
    }


ORGANIZATION = {
    "exchange": "2010",
    "server": "EX01",
    "role": "hub",
    "domain": "CONTOSO",
    "accepted_domains": [],
    "inherited_aces": [],
    "accounts": [],
    "connectors": [
        connector("Any", ["0.0.0.0:25", "[::]:25"], ["10.1.0.0/16"], tls=False),
        connector("Exact", ["10.0.0.9:25"], ["10.2.0.0/16"], tls=False),
        connector("Other port", ["0.0.0.0:587"], ["10.3.0.0/16"], tls=False),
        connector("Only with TLS", ["0.0.0.0:25"], ["10.4.0.0/16"], tls=True),
    ],
}
SESSION: dict[str, object] = {
    "ip": "10.1.0.5",
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
}


@pytest.fixture(scope="module")
def said():
    """Return what the oracle says about each address, on some endpoint in some TLS state."""
    return {
        text: may_somewhere(ORGANIZATION, SESSION, read_address(text), "relay")
        for text in ADDRESSES
    }


def differs(said):
    """Tell whether the union over endpoints disagrees with the oracle's about some address."""
    organization, session = organization_of(ORGANIZATION), session_of(SESSION)
    scope = endpoints.Narrowing()
    surface = endpoints.Surface(organization, endpoints.endpoints(organization, scope))
    way = reach.Way(session.auth, session.user)
    found = reach.reach(surface, session, way, "relay", families=(4, 6), states=scope.tls)
    may = AddressSet(interval for each in found for interval in each.addresses)
    return any(may.contains(parse_address(text)) != yes for text, yes in said.items())


def only_without_tls(patch):
    original = reach.Way.session
    patch.setattr(
        reach.Way, "session", lambda way, shape, tls: original(way, shape, tls=tls and False)
    )


def only_port_25(patch):
    original = endpoints._of_server

    def of_server(organization, scope):
        return (each for each in original(organization, scope) if each.port == 25)

    patch.setattr(endpoints, "_of_server", of_server)


def only_any_addresses(patch):
    original = endpoints._of_server

    def of_server(organization, scope):
        return (each for each in original(organization, scope) if each.is_any)

    patch.setattr(endpoints, "_of_server", of_server)


def one_class_for_all(patch):
    patch.setattr(
        endpoints.Surface,
        "class_of",
        lambda _, endpoint: (endpoint.server, endpoint.address.family, endpoint.port),
    )


MISTAKES = {
    "only port 25 counts": only_port_25,
    "local addresses of their own are forgotten": only_any_addresses,
    "every local address of a port is one class": one_class_for_all,
    "sessions with TLS are forgotten": only_without_tls,
}


def test_without_a_mistake_the_union_is_the_oracles(said):
    assert sum(said.values()) == 4
    assert not differs(said)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_comparison_of_unions_catches(mistake, said, monkeypatch):
    MISTAKES[mistake](monkeypatch)
    assert differs(said), f"no case tells that {mistake}"
