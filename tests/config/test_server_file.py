"""Server files: what is read, and how mistakes are reported."""

import pytest

from relaysim.builtin import builtin
from relaysim.config.serverfile import parse_server
from relaysim.config.source import load
from relaysim.errors import InvalidConfiguration
from relaysim.importers.reading import looks_like_export
from relaysim.model.connector import AuthMechanism, SizeMode, TransportRole
from relaysim.model.edit import change_server
from relaysim.model.organization import DomainType
from relaysim.model.principals import ANONYMOUS_LOGON
from relaysim.model.rights import Right
from tests.console import ROOT

HEAD = "format = 1\n"
CONNECTOR = (
    '[[connector]]\nname = "A"\nbindings = ["0.0.0.0:25"]\nremote_ip_ranges = ["10.0.0.1"]\n'
)


def problems(text: str) -> list[str]:
    with pytest.raises(InvalidConfiguration) as caught:
        parse_server(text.encode(), file="server.toml")
    return [problem.text() for problem in caught.value.problems]


def test_the_example_is_read_whole():
    server = load(str(ROOT / "docs/examples/two-addresses.toml"))
    front, relay, _, proxy = server.connectors
    assert server.accepted_domains[1].type is DomainType.INTERNAL_RELAY
    assert front.transport_role is TransportRole.FRONTEND_TRANSPORT
    assert AuthMechanism.BASIC_AUTH_REQUIRE_TLS in front.auth_mechanism
    assert relay.acl[-1].principal == ANONYMOUS_LOGON
    assert relay.acl[-1].right is Right.ACCEPT_ANY_RECIPIENT
    assert relay.max_message_size == 36 << 20
    assert len(proxy.bindings) == 2
    assert server.accounts[0].addresses == ("scanner@example.com",)


def test_the_articles_server_written_out_equals_the_built_in():
    text = """
format = 1
[organization]
fqdn = "EX01.contoso.com"
accepted_domains = ["contoso.com"]
[[connector]]
name = "CRM Application"
bindings = "0.0.0.0:25"
remote_ip_ranges = "192.168.2.55, 192.168.2.56"
auth_mechanism = "tls"
permission_groups = ["anonymoususers"]
fqdn = "EX01.contoso.com"
[[connector.ace]]
user = "S-1-5-7"
rights = ["MS-EXCH-SMTP-ACCEPT-ANY-RECIPIENT"]
"""
    built_in = builtin("option-2")
    written = parse_server(text.encode(), file="x")
    assert written.connectors == built_in.connectors[2:]
    assert change_server(written, connectors=built_in.connectors) == built_in


def test_values_are_matched_without_case_and_defaults_are_exchanges():
    text = HEAD + CONNECTOR + 'size_enabled = "enabledwithoutvalue"\nmax_message_size = "5MB"\n'
    connector = parse_server(text.encode(), file="x").connectors[0]
    assert connector.size_enabled is SizeMode.ENABLED_WITHOUT_VALUE
    assert connector.max_message_size == 5 << 20
    assert connector.enabled
    assert not connector.require_tls
    assert connector.max_recipients_per_message == 200


def test_ten_mistakes_are_reported_at_once_each_with_its_line():
    text = """format = 1
[organization]
exchange = "2011"
role = "hubb"
accepted_domains = ["con*toso.com"]
[[connector]]
name = "A"
bindings = ["0.0.0.0"]
remote_ip_ranges = ["10.0.0.9-10.0.0.1", "10.0.0.0(255.0.255.0)", "10.0.0.1-::1"]
auth_mechanism = "Tls, Basic"
permission_groups = ["Custom"]
remote_ip_range = "x"
[[connector.ace]]
user = "x"
rights = ["ms-Exch-SMTP-Sumbit"]
[[connector]]
name = "a"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["10.0.0.1"]
enabled = "yes"
"""
    found = problems(text)
    assert found == [
        "server.toml:3: organization: exchange: unknown Exchange version `2011` "
        "(expected 2007, 2010, 2013, 2016, 2019, SE)",
        "server.toml:4: organization: role: unknown role `hubb` (expected hub, edge, mailbox)",
        "server.toml:5: accepted_domains[0].name: `con*toso.com` is no accepted domain "
        "(expected `contoso.com`, `*.contoso.com` or `*`)",
        "server.toml:8: connector `A`: bindings[0]: `0.0.0.0` is no binding "
        "(expected `address:port`)",
        "server.toml:9: connector `A`: remote_ip_ranges[0]: range `10.0.0.9-10.0.0.1` is reversed",
        "server.toml:9: connector `A`: remote_ip_ranges[1]: "
        "range `10.0.0.0(255.0.255.0)` has a mask with holes",
        "server.toml:9: connector `A`: remote_ip_ranges[2]: "
        "range `10.0.0.1-::1` mixes IPv4 and IPv6",
        "server.toml:10: connector `A`: auth_mechanism[1]: "
        "`Basic` is the beginning of several authentication mechanisms",
        "server.toml:11: connector `A`: permission_groups[0]: "
        "`Custom` cannot be set as a permission group (V-5): Exchange only shows it",
        "server.toml:12: connector `A`: remote_ip_range: unknown key `remote_ip_range`",
        "server.toml:15: connector `A`: ace[0].rights[0]: unknown right `ms-Exch-SMTP-Sumbit`",
        "server.toml:17: connector `a`: name: connector name `a` is used twice",
        "server.toml:20: connector `a`: enabled: expected true or false, got `yes`",
    ]


MISTAKES = {
    "empty file": (b"", "server.toml: the file is empty"),
    "only blanks": (b" \n\n", "server.toml: the file is empty"),
    "not TOML": (b"format = \n", "server.toml:1: not valid TOML: invalid value"),
    "unfinished": (b'format = 1\nx = "a', "server.toml:2: not valid TOML"),
    "not text": (b"format = 1\n\xff\xfe\n", "server.toml:2: neither UTF-8 nor UTF-16 text"),
    "no format": (b"[organization]\n", "`format` is missing"),
    "other format": (b"format = 2\n", "unknown format `2`"),
    "format text": (b'format = "1"\n', "expected a whole number, got `1`"),
    "no name": (b"format = 1\n[[connector]]\nbindings = []\n", "`name` is missing"),
    "no bindings": (b'format = 1\n[[connector]]\nname = "A"\n', "`bindings` is missing"),
    "connector no list": (b"format = 1\nconnector = 1\n", "expected a list of tables"),
    "connectors": (b"format = 1\nconnectors = []\n", "unknown key `connectors`"),
    "domain without name": (
        b"format = 1\n[organization]\naccepted_domains = [{type = 'Authoritative'}]\n",
        "`name` is missing",
    ),
    "deeply nested": (b"x = " + b"[" * 20000 + b"]" * 20000, "nested too deeply"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named(name):
    data, expected = MISTAKES[name]
    with pytest.raises(InvalidConfiguration) as caught:
        parse_server(data, file="server.toml")
    assert expected in "\n".join(problem.text() for problem in caught.value.problems)


CONNECTOR_MISTAKES = {
    'max_message_size = "10 apples"': "`10 apples` is no size",
    "max_recipients_per_message = 0": "out of range",
    'banner = "hello"': "banner: it must start with 220 (V-7)",
    'auth_mechanism = "None, Tls"': "`None` stands alone (V-3)",
    'permission_groups = "None, Partners"': "`None` stands alone",
    'transport_role = "FrontendTransport"': "no Front End Transport service before Exchange 2013",
    "ace = [{}]": "`user` is missing",
    "ace = [{ user = 'x', rights = [] }]": "the list is empty",
    "require_tls = 1": "expected true or false, got `1`",
}


@pytest.mark.parametrize("line", CONNECTOR_MISTAKES)
def test_a_connectors_mistake_is_named_with_its_line(line):
    found = problems(HEAD + CONNECTOR + line + "\n")
    assert any(CONNECTOR_MISTAKES[line] in text for text in found)
    assert all(text.startswith("server.toml:6: connector `A`") for text in found)


def test_a_server_file_that_begins_with_a_table_is_no_json():
    assert not looks_like_export(b'[[server]]\nname = "EX01"\n', name="x")
    assert looks_like_export(b'[ {"Name": "A", "Bindings": ["0.0.0.0:25"]} ]', name="x")


@pytest.mark.parametrize(
    ("key", "meant"),
    [("groups", "did you mean `permission_groups`?"), ("entry", "`[[connector.ace]]`")],
)
def test_a_key_in_other_words_is_told_its_own(key, meant):
    with pytest.raises(InvalidConfiguration) as caught:
        parse_server(f"{HEAD}{CONNECTOR}{key} = []\n".encode(), file="x")
    (problem,) = caught.value.problems
    assert meant in str(problem.hint)


@pytest.mark.parametrize(
    ("user", "meant"),
    [
        ("Anonymous", "NT AUTHORITY\\ANONYMOUS LOGON"),
        ("NT AUTHORITY\\ANONYMOUS", "NT AUTHORITY\\ANONYMOUS LOGON"),
        ("MS Exchange\\Externally Secured Server", "MS Exchange\\Externally Secured Servers"),
    ],
)
def test_a_misspelt_well_known_principal_is_no_custom_one(user, meant):
    text = HEAD + CONNECTOR + f"ace = [{{ user = '{user}', rights = 'Submit' }}]\n"
    with pytest.raises(InvalidConfiguration) as caught:
        parse_server(text.encode(), file="x")
    (problem,) = caught.value.problems
    assert f"there is no principal `{user}`" in problem.text()
    assert problem.hint == f"did you mean `{meant}`?"


def test_addresses_may_carry_exchanges_own_prefix():
    text = HEAD + "[[account]]\nname = 'app'\naddresses = ['SMTP:app@contoso.com', 'smtp:b@x.y']\n"
    (account,) = parse_server(text.encode(), file="x").accounts
    assert account.addresses == ("app@contoso.com", "b@x.y")


def test_from_2013_on_the_transport_role_is_asked_for():
    text = HEAD + '[organization]\nexchange = "2016"\n' + CONNECTOR
    assert problems(text) == ["server.toml:4: connector `A`: `transport_role` is missing"]


def test_a_name_of_65_characters_is_refused():
    text = HEAD + CONNECTOR.replace('"A"', '"' + "x" * 65 + '"')
    assert "at most 64" in problems(text)[0]


def test_an_edge_has_no_legacy_servers():
    text = HEAD + '[organization]\nrole = "edge"\n' + CONNECTOR
    found = problems(text + 'permission_groups = "ExchangeLegacyServers"\n')
    assert "does not exist on an Edge (V-5)" in found[0]


def test_lists_are_taken_as_format_list_prints_them():
    printed = CONNECTOR.replace('["0.0.0.0:25"]', '"{[::]:25, 0.0.0.0:25}"').replace(
        '["10.0.0.1"]', '"{10.0.0.1, ::1}"'
    )
    (connector,) = parse_server((HEAD + printed).encode(), file="x").connectors
    assert [str(one) for one in connector.bindings] == ["[::]:25", "0.0.0.0:25"]
    assert [str(one) for one in connector.remote_ip_ranges] == ["10.0.0.1", "::1"]


@pytest.mark.parametrize("cut", ["...", "\N{HORIZONTAL ELLIPSIS}"])
def test_a_list_that_the_shell_cut_is_refused_with_the_way_out(cut):
    text = HEAD + CONNECTOR.replace('["10.0.0.1"]', f'"{{10.0.0.1, {cut}}}"')
    with pytest.raises(InvalidConfiguration) as caught:
        parse_server(text.encode(), file="server.toml")
    (problem,) = caught.value.problems
    assert "the list was cut at" in problem.text()
    assert "$FormatEnumerationLimit" in (problem.hint or "")
