"""Accepted domains, connector names, versions and mechanisms."""

import pytest

from relaysim.errors import UnknownName
from relaysim.model.connector import AuthMechanism, ReceiveConnector, parse_mechanism
from relaysim.model.organization import (
    AcceptedDomain,
    ascii_domain,
    default_inherited_aces,
    domain_of,
    find_connector,
    one_server,
)
from relaysim.model.rights import Right
from relaysim.model.version import ExchangeVersion, ServerRole, parse_version
from relaysim.net.notation import parse_range, parse_socket


@pytest.mark.parametrize(
    ("name", "sub", "domain", "matches"),
    [
        ("contoso.com", False, "contoso.com", True),
        ("Contoso.COM", False, "contoso.com", True),
        ("contoso.com.", False, "contoso.com", True),
        ("contoso.com", False, "a.contoso.com", False),
        ("contoso.com", False, "notcontoso.com", False),
        ("contoso.com", False, "com", False),
        ("contoso.com", True, "a.b.contoso.com", True),
        ("contoso.com", True, "notcontoso.com", False),
        ("*.contoso.com", False, "contoso.com", True),
        ("*.contoso.com", False, "a.contoso.com", True),
        ("*.contoso.com", False, "a.b.contoso.com", True),
        ("*.contoso.com", False, "acontoso.com", False),
        ("*", False, "example.net", True),
        ("bücher.example", False, "xn--bcher-kva.example", True),
        ("xn--bcher-kva.example", False, "xn--bcher-kva.example", True),
        ("*.BÜCHER.example", False, "a.xn--bcher-kva.example", True),
    ],
)
def test_an_accepted_domain_matches_itself_and_what_it_says(name, sub, domain, matches):
    assert AcceptedDomain(name=name, match_sub_domains=sub).matches(domain) is matches
    organization = one_server(
        accepted_domains=(
            AcceptedDomain(name="other.example"),
            AcceptedDomain(name=name, match_sub_domains=sub),
        )
    )
    assert organization.is_accepted(domain) is matches


@pytest.mark.parametrize(
    ("domain", "ascii_form"),
    [
        ("Contoso.COM.", "contoso.com"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("Contoso。com。", "contoso.com"),
        ("", ""),
        ("ü" * 64 + ".example", "ü" * 64 + ".example"),
    ],
)
def test_domains_are_compared_in_their_ascii_form(domain, ascii_form):
    assert ascii_domain(domain) == ascii_form


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("app@Contoso.COM", "contoso.com"),
        ('"a@b"@contoso.com', "contoso.com"),
        ("postmaster", ""),
        ("", ""),
    ],
)
def test_the_domain_of_an_address_follows_its_last_at_sign(address, domain):
    assert domain_of(address) == domain


def connector(name):
    return ReceiveConnector(
        name=name, bindings=(parse_socket("0.0.0.0:25"),), remote_ip_ranges=(parse_range("::/0"),)
    )


NAMES = ("Default EX01", "Client EX01", "CRM Application")
SERVER = one_server(server="EX01", connectors=tuple(map(connector, NAMES)))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Default EX01", "Default EX01"),
        ("default ex01", "Default EX01"),
        ("EX01\\Default EX01", "Default EX01"),
        ("ex01\\crm application", "CRM Application"),
        ("CRM", "CRM Application"),
        ("d", "Default EX01"),
    ],
)
def test_a_connector_is_found_by_name_or_unique_prefix(text, name):
    assert find_connector(SERVER, text).name == name


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "c",
            "`c` is the beginning of several connector names",
            "one of `Client EX01`, `CRM Application`",
        ),
        (
            "Defualt EX01",
            "unknown connector `Defualt EX01`",
            (
                "did you mean `Default EX01`? "
                "connectors here: Default EX01, Client EX01, CRM Application"
            ),
        ),
        (
            "",
            "unknown connector ``",
            "connectors here: Default EX01, Client EX01, CRM Application",
        ),
    ],
)
def test_an_unknown_connector_is_named_with_the_closest(text, message, hint):
    with pytest.raises(UnknownName) as caught:
        find_connector(SERVER, text)
    assert [(p.message, p.hint) for p in caught.value.problems] == [(message, hint)]


def test_setup_leaves_its_entries_on_hubs_only():
    found = default_inherited_aces(ServerRole.HUB, "CONTOSO")
    assert {(ace.principal.name, ace.right) for ace in found} == {
        ("CONTOSO\\Exchange Servers", Right.ALL_EXTENDED_RIGHTS),
        ("NT AUTHORITY\\SYSTEM", Right.ALL_EXTENDED_RIGHTS),
        ("CONTOSO\\Organization Management", Right.FULL_CONTROL),
        ("CONTOSO\\Exchange Trusted Subsystem", Right.FULL_CONTROL),
    }
    assert all(ace.inherited and not ace.deny for ace in found)
    assert default_inherited_aces(ServerRole.EDGE, "CONTOSO") == ()


@pytest.mark.parametrize(
    ("organization", "name"),
    [
        (one_server(server="EX01"), "EX01"),
        (one_server(server="EX01", fqdn="mail.contoso.com"), "mail.contoso.com"),
        (
            one_server(
                server="EX01",
                accepted_domains=(AcceptedDomain(name="*"), AcceptedDomain(name="contoso.com")),
            ),
            "EX01.contoso.com",
        ),
    ],
)
def test_a_server_has_a_full_name(organization, name):
    assert organization.full_name == name


@pytest.mark.parametrize("version", ExchangeVersion)
def test_versions_are_ordered_and_named_in_any_case(version):
    assert parse_version(f" {version.value.lower()} ") is version
    names = ["2007", "2010", "2013", "2016", "2019", "SE"]
    assert [v.value for v in sorted({*ExchangeVersion})] == names
    assert ExchangeVersion.V2019 < ExchangeVersion.SE >= ExchangeVersion.V2016
    assert version.has_front_end is (version.value not in ("2007", "2010"))


def test_an_unknown_version_lists_the_known():
    with pytest.raises(UnknownName) as caught:
        parse_version("2003")
    expected = "unknown Exchange version `2003` (expected 2007, 2010, 2013, 2016, 2019, SE)"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("text", "mechanism"),
    [
        ("Tls", AuthMechanism.TLS),
        ("TLS", AuthMechanism.TLS),
        ("basicauthrequiretls", AuthMechanism.BASIC_AUTH_REQUIRE_TLS),
        ("ExchangeServers", AuthMechanism.EXCHANGE_SERVER),
        (" ExternalAuthoritative ", AuthMechanism.EXTERNAL_AUTHORITATIVE),
        ("None", None),
    ],
)
def test_a_mechanism_is_named_in_any_case(text, mechanism):
    assert parse_mechanism(text) is mechanism


def test_an_unknown_mechanism_is_named_with_the_closest():
    with pytest.raises(UnknownName) as caught:
        parse_mechanism("BasicAuht")
    (problem,) = caught.value.problems
    assert problem.message.startswith(
        "unknown authentication mechanism `BasicAuht` (expected Tls, "
    )
    assert problem.hint == "did you mean `BasicAuth`?"
