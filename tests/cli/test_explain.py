"""``relaysim explain`` as its user meets it."""

import json
from collections import Counter

import pytest

from relaysim.model.groups import parse_group, preset
from relaysim.model.rights import RIGHT_FACTS, Right
from relaysim.model.version import ServerRole, parse_version
from tests import golden
from tests.console import relaysim

SITUATIONS = {
    "every-connector-and-who-holds-what-on-it": [],
    "one-connector-is-found-by-the-beginning-of-its-name": ["crm"],
    "an-entry-made-by-hand-is-named": ["CRM APPLICATION", "-c", "builtin:option-2"],
    "one-principal-on-one-connector": [
        "EX01\\crm app",
        "--principal",
        "anonymous",
        "-c",
        "builtin:option-2",
    ],
    "a-group-grants-its-rights-to-its-principals": ["--group", "exchangeusers"],
    "a-group-grants-what-its-version-knows": ["--group", "ExchangeServers", "--exchange", "2016"],
    "a-group-of-legacy-servers": ["--group", "ExchangeLegacyServers"],
    "a-right-with-who-grants-it": ["--right", "ms-Exch-SMTP-Accept-Any-Recipient"],
    "a-right-by-its-name-in-articles": [
        "--right",
        "ms-Exch-SMTP-Accept-Authoritative-Domain",
    ],
    "a-right-that-2007-does-not-know": ["--right", "XShadow", "--exchange", "2010"],
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_piped_output_is_the_golden_text(name):
    result = relaysim(["explain", *SITUATIONS[name]])
    assert result.code == 0
    golden.compare(f"explain/{name}.txt", result.output)


def document(*arguments):
    """Return the document of a question, its format looked at."""
    result = relaysim(["explain", *arguments, "-o", "json"])
    assert result.code == 0
    found = json.loads(result.output)
    assert found.pop("format") == "relaysim.explain/1"
    return found


def granted(found):
    """Return the rights of each connector and principal with where each comes from."""
    return {
        (one["connector"], one["principal"]): {
            right["name"]: right["source"] for right in one["rights"] if right["granted"]
        }
        for one in found["holdings"]
    }


CRM = "CRM Application"


def test_the_overview_has_every_principal_of_every_connector():
    found = granted(document())
    assert {connector for connector, _ in found} == {"Default EX01", "Client EX01", CRM}
    assert len(found) == 3 * 9
    one = granted(document("crm"))
    assert {key: rights for key, rights in found.items() if key[0] == CRM} == one


def test_a_holding_names_the_rights_and_what_they_come_from():
    found = granted(document("CRM APPLICATION", "-c", "builtin:option-2"))
    anonymous = found[CRM, "NT AUTHORITY\\ANONYMOUS LOGON"]
    assert anonymous.pop("ms-Exch-SMTP-Accept-Any-Recipient") == "connector ACE"
    assert set(anonymous.values()) == {"AnonymousUsers"}
    assert {name.rpartition("-")[2] for name in anonymous} == {"Submit", "Sender", "Routing"}
    assert found[CRM, "MS Exchange\\Externally Secured Servers"] == {}
    system = found[CRM, "NT AUTHORITY\\SYSTEM"]
    assert len(system) == 12
    assert set(system.values()) == {"inherited ACE"}


def test_a_holding_of_one_principal_is_that_of_the_connector():
    one = ["crm app", "-c", "builtin:option-2"]
    found = granted(document(*one, "--principal", "anonymous"))
    assert list(found) == [(CRM, "NT AUTHORITY\\ANONYMOUS LOGON")]
    assert found.items() <= granted(document(*one)).items()


@pytest.mark.parametrize(
    ("arguments", "entries"),
    [
        (["exchangeusers"], {"NT AUTHORITY\\Authenticated Users": 4}),
        (["ExchangeLegacyServers"], {"CONTOSO\\ExchangeLegacyInterop": 11}),
        (
            ["ExchangeServers", "--exchange", "2016"],
            {
                "MS Exchange\\Hub Transport Servers": 19,
                "MS Exchange\\Edge Transport Servers": 19,
                "CONTOSO\\Exchange Servers": 19,
                "MS Exchange\\Externally Secured Servers": 9,
            },
        ),
    ],
)
def test_a_group_has_the_entries_that_the_model_writes(arguments, entries):
    found = document("--group", *arguments)
    group = parse_group(arguments[0])
    exchange = parse_version(found["exchange"])
    written = preset(group, exchange=exchange, role=ServerRole.HUB, domain="CONTOSO")
    assert found["entries"] == [
        {"principal": ace.principal.name, "right": ace.right.value, "deny": ace.deny}
        for ace in written
    ]
    assert Counter(one["principal"] for one in found["entries"]) == entries
    assert found["example"].endswith(f"-PermissionGroups {group.value}")


@pytest.mark.parametrize(
    ("arguments", "right"),
    [
        (["ms-Exch-SMTP-Accept-Any-Recipient"], Right.ACCEPT_ANY_RECIPIENT),
        (["ms-Exch-SMTP-Accept-Authoritative-Domain"], Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER),
        (["XShadow", "--exchange", "2010"], Right.ACCEPT_XSHADOW),
    ],
)
def test_a_right_has_what_is_known_of_it_and_who_holds_it(arguments, right):
    found = document("--right", *arguments)
    assert (found["right"], found["guid"]) == (right.value, RIGHT_FACTS[right].guid)
    assert found["since"] == found["configuration"]["exchange"]
    assert found["receive_side"] is True
    groups = {one["group"] for one in found["groups"]}
    assert "ExchangeServers" in groups
    holders = {(one["connector"], one["principal"]) for one in found["entries"]}
    assert (CRM, "CONTOSO\\Exchange Servers") in holders
    assert all(one["deny"] is False for one in found["entries"])


BAD = {
    "unknown right": (["--right", "Accept-Any-Recipent"], "did you mean"),
    "ambiguous right": (["--right", "Accept-Any"], "the beginning of several rights"),
    "unknown group": (["--group", "AnonymusUsers"], "did you mean `AnonymousUsers`?"),
    "no such right": (["--right", "zzz"], "hint: one of Submit, "),
    "no such group": (["--group", "zzz"], "hint: one of AnonymousUsers, "),
    "custom": (["--group", "Custom"], "V-5"),
    "unknown connector": (["CRN Application"], "did you mean `CRM Application`?"),
    "unknown principal": (["--principal", "anonymus logon"], "no entry names the principal"),
    "unknown version": (["--group", "Partners", "--exchange", "2011"], "unknown Exchange version"),
    "two questions": (["crm", "--right", "Submit"], "different questions"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_error_and_exit_2(name):
    arguments, expected = BAD[name]
    result = relaysim(["explain", *arguments])
    assert result.code == 2
    assert expected in result.output
    assert sum(line.startswith("error: ") for line in result.output.splitlines()) == 1
