"""Server files of several servers, of what is not known, and of the network."""

import pytest

from relaysim.config.serverfile import parse_server
from relaysim.config.writer import format_server
from relaysim.errors import InvalidConfiguration
from relaysim.model.organization import find_place
from relaysim.model.server import Network
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.net.address import parse_address
from relaysim.net.notation import parse_range

HEAD = """\
format = 1

[organization]
accepted_domains = ["contoso.com"]
"""
CONNECTOR = """\
[[server.connector]]
name = "Relay"
transport_role = "HubTransport"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["192.168.2.55"]
permission_groups = "AnonymousUsers, ExchangeServers"
"""
TWO = f"""{HEAD}
[[server]]
name = "EX01"
exchange = "2016"
addresses = ["10.0.0.1", "2001:db8::a"]

{CONNECTOR}
[server.connector.unmodelled]
X-Flavour = "mint"

[[server.connector.ace]]
user = 'NT AUTHORITY\\ANONYMOUS LOGON'
rights = "Accept-Any-Recipient"

[[server]]
name = "EX02"
exchange = "unknown"

{CONNECTOR}
[[server]]
name = "EDGE1"
exchange = "2019"
role = "edge"
fqdn = "edge.contoso.com"
"""


def parsed(text):
    return parse_server(text.encode(), file="servers.toml")


def problems(text):
    with pytest.raises(InvalidConfiguration) as caught:
        parsed(text)
    return [problem.text().removeprefix("servers.toml:") for problem in caught.value.problems]


def test_each_server_has_its_own_version_role_addresses_and_connectors():
    one, two, edge = parsed(TWO).servers
    assert (one.name, one.exchange) == ("EX01", ExchangeVersion.V2016)
    assert one.addresses == (parse_address("10.0.0.1"), parse_address("2001:db8::a"))
    assert (two.exchange, [c.name for c in two.connectors]) == (None, ["Relay"])
    assert (edge.role, edge.fqdn, edge.connectors) == (ServerRole.EDGE, "edge.contoso.com", ())


def test_a_file_of_several_servers_is_read_back_as_it_was_written():
    organization = parsed(TWO)
    assert parsed(format_server(organization)) == organization


def test_one_server_is_written_in_the_short_form():
    organization = parsed(TWO).on("ex01")
    text = format_server(organization)
    assert "[[server]]" not in text
    assert parsed(text) == organization


def test_an_edge_beside_hubs_inherits_nothing_from_their_directory():
    inherited = {o.server: len(o.inherited_aces) for o in parsed(TWO).one_by_one()}
    assert inherited == {"EX01": 4, "EX02": 4, "EDGE1": 0}


def test_a_connector_name_of_two_servers_needs_the_server_before_it():
    organization = parsed(TWO)
    server, connector = find_place(organization, "ex02\\relay")
    assert (server.name, connector.name) == ("EX02", "Relay")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f'{HEAD}\n[[server]]\nname = "A"\n[[server]]\nname = "a"\n',
            ["9: server `a`: name: server name `a` is used twice"],
        ),
        (f"{HEAD}\n[[server]]\n", ["6: server[0]: `name` is missing"]),
        (
            f'{HEAD}server = "EX01"\n\n[[server]]\nname = "A"\n',
            ["5: organization: server: of several servers each has its own, in `[[server]]`"],
        ),
        (
            f'{HEAD}\n[[server]]\nname = "A"\n\n[[connector]]\nname = "R"\n',
            ["9: connector: beside `[[server]]` there is no `[[connector]]`"],
        ),
        (
            f'{HEAD}[network]\nbalancers = "10.0.0.300"\npublished = ["EX01"]\n',
            [
                "6: network: balancers[0]: `10.0.0.300` is no address (octet `300` is above 255)",
                "7: network: published[0]: `EX01` is no `SERVER:PORT` and no `ADDRESS:PORT`",
            ],
        ),
    ],
)
def test_what_is_wrong_with_servers_is_said_with_its_line(text, expected):
    assert problems(text) == expected


def test_a_misspelt_key_is_not_reported_as_a_missing_one_too():
    text = f'{HEAD}\n[[server]]\nname = "A"\n{CONNECTOR}'
    text = text.replace("remote_ip_ranges", "remote_ranges")
    assert problems(text) == ["12: connector `Relay`: remote_ranges: unknown key `remote_ranges`"]


def test_the_network_is_what_was_said_and_nothing_else():
    text = (
        HEAD + '[network]\nbalancers = ["10.0.0.250"]\nclients = []\nhybrid = false\n'
        'published = ["EX01:25", "[2001:db8::1]:587", "10.0.0.1:25"]\n'
    )
    organization = parsed(text)
    assert organization.network == Network(
        balancers=(parse_range("10.0.0.250"),),
        clients=(),
        published=(
            ("EX01", 25),
            (parse_address("2001:db8::1"), 587),
            (parse_address("10.0.0.1"), 25),
        ),
        hybrid=False,
    )
    assert parsed(format_server(organization)) == organization


def test_of_an_unknown_version_a_default_that_depends_on_it_is_not_known_either():
    relay = parsed(TWO).on("EX02").connectors[0]
    assert relay.unknown == {"max_message_size"}
    sized = parsed(TWO.replace('name = "Relay"', 'name = "Relay"\nmax_message_size = "36MB"'))
    assert sized.on("EX02").connectors[0].unknown == frozenset()
    assert parsed(format_server(sized)) == sized
