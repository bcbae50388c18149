"""Permission groups: exact presets per version, and the view back."""

from typing import Any

import pytest

from relaysim.errors import UnknownName
from relaysim.model.acl import Ace
from relaysim.model.groups import PermissionGroup, parse_group, preset, shown_groups
from relaysim.model.principals import ANONYMOUS_LOGON, AUTHENTICATED_USERS, Principal
from relaysim.model.rights import Right
from relaysim.model.version import ExchangeVersion, ServerRole

ANONYMOUS = {
    "ms-Exch-SMTP-Submit",
    "ms-Exch-SMTP-Accept-Any-Sender",
    "ms-Exch-SMTP-Accept-Authoritative-Domain-Sender",
    "ms-Exch-Accept-Headers-Routing",
}
USERS = {
    "ms-Exch-SMTP-Submit",
    "ms-Exch-SMTP-Accept-Any-Recipient",
    "ms-Exch-Bypass-Anti-Spam",
    "ms-Exch-Accept-Headers-Routing",
}
PARTNERS = {"ms-Exch-SMTP-Submit", "ms-Exch-Accept-Headers-Routing"}
NINE = {
    "ms-Exch-SMTP-Submit",
    "ms-Exch-SMTP-Accept-Any-Recipient",
    "ms-Exch-SMTP-Accept-Any-Sender",
    "ms-Exch-SMTP-Accept-Authoritative-Domain-Sender",
    "ms-Exch-SMTP-Accept-Authentication-Flag",
    "ms-Exch-Bypass-Anti-Spam",
    "ms-Exch-Bypass-Message-Size-Limit",
    "ms-Exch-SMTP-Accept-Exch50",
    "ms-Exch-Accept-Headers-Routing",
}
HEADERS = {"ms-Exch-Accept-Headers-Organization", "ms-Exch-Accept-Headers-Forest"}
SHADOW = {"ms-Exch-SMTP-Accept-XShadow"}
SINCE_2013 = {
    "ms-Exch-SMTP-Accept-XProxyFrom",
    "ms-Exch-SMTP-Accept-XSessionParams",
    "ms-Exch-SMTP-Accept-XAttr",
    "ms-Exch-SMTP-Accept-XSysProbe",
    "ms-Exch-SMTP-Send-XMessageContext-ADRecipientCache",
    "ms-Exch-SMTP-Send-XMessageContext-ExtendedProperties",
    "ms-Exch-SMTP-Send-XMessageContext-FastIndex",
}
SERVERS = {
    "2007": NINE | HEADERS,
    "2010": NINE | HEADERS | SHADOW,
    "2013": NINE | HEADERS | SHADOW | SINCE_2013,
    "2016": NINE | HEADERS | SHADOW | SINCE_2013,
    "2019": NINE | HEADERS | SHADOW | SINCE_2013,
    "SE": NINE | HEADERS | SHADOW | SINCE_2013,
}


def written(group, version, role=ServerRole.HUB):
    """Return {(principal, deny): rights} of a preset, and check that nothing stands twice."""
    entries = preset(group, exchange=version, role=role, domain="CONTOSO")
    found: dict[tuple[str, bool], set[str]] = {}
    for ace in entries:
        assert not ace.inherited
        found.setdefault((ace.principal.name, ace.deny), set()).add(ace.right.value)
    assert sum(map(len, found.values())) == len(entries)
    return found


@pytest.mark.parametrize("version", ExchangeVersion)
@pytest.mark.parametrize("role", ServerRole)
def test_presets_are_exact(version, role):
    servers = SERVERS[version.value]
    expected = {
        ("MS Exchange\\Externally Secured Servers", False): NINE,
        ("MS Exchange\\Hub Transport Servers", False): servers,
        ("MS Exchange\\Edge Transport Servers", False): servers,
    }
    if role is ServerRole.HUB:
        expected["CONTOSO\\Exchange Servers", False] = servers
    assert written(PermissionGroup.EXCHANGE_SERVERS, version, role) == expected
    assert written(PermissionGroup.ANONYMOUS_USERS, version, role) == {
        ("NT AUTHORITY\\ANONYMOUS LOGON", False): ANONYMOUS
    }
    assert written(PermissionGroup.EXCHANGE_USERS, version, role) == {
        ("NT AUTHORITY\\Authenticated Users", False): USERS
    }
    assert written(PermissionGroup.PARTNERS, version, role) == {
        ("MS Exchange\\Partner Servers", False): PARTNERS
    }


@pytest.mark.parametrize("version", ExchangeVersion)
def test_the_legacy_group_also_denies(version):
    assert written(PermissionGroup.EXCHANGE_LEGACY_SERVERS, version) == {
        ("CONTOSO\\ExchangeLegacyInterop", False): NINE,
        ("CONTOSO\\ExchangeLegacyInterop", True): HEADERS,
    }


HUB_2007: dict[str, Any] = {
    "exchange": ExchangeVersion.V2007,
    "role": ServerRole.HUB,
    "domain": "CONTOSO",
}
RELAY = Ace(ANONYMOUS_LOGON, Right.ACCEPT_ANY_RECIPIENT)


def entries(*groups):
    return tuple(ace for group in groups for ace in preset(group, **HUB_2007))


ANON, USER = PermissionGroup.ANONYMOUS_USERS, PermissionGroup.EXCHANGE_USERS
LEGACY = PermissionGroup.EXCHANGE_LEGACY_SERVERS


@pytest.mark.parametrize(
    ("acl", "shown"),
    [
        ((), ((), False)),
        (entries(ANON), ((ANON,), False)),
        (entries(USER, ANON), ((ANON, USER), False)),
        (entries(*PermissionGroup), (tuple(PermissionGroup), False)),
        ((*entries(ANON), RELAY), ((ANON,), True)),
        ((RELAY,), ((), True)),
        (entries(ANON)[1:], ((), True)),
        ((*entries(ANON), RELAY._replace(inherited=True)), ((ANON,), False)),
        ((*entries(ANON), RELAY._replace(deny=True)), ((ANON,), False)),
        (tuple(ace._replace(inherited=True) for ace in entries(ANON)), ((), False)),
        (tuple(ace for ace in entries(LEGACY) if not ace.deny), ((LEGACY,), False)),
        ((Ace(ANONYMOUS_LOGON, Right.FULL_CONTROL),), ((ANON,), True)),
        ((Ace(AUTHENTICATED_USERS, Right.ALL_EXTENDED_RIGHTS),), ((USER,), True)),
        ((*entries(USER), Ace(Principal("CONTOSO\\app"), Right.SUBMIT)), ((USER,), True)),
    ],
)
def test_groups_are_a_view_of_the_explicit_entries(acl, shown):
    assert shown_groups(acl, **HUB_2007) == shown
    assert shown_groups(tuple(reversed(acl)), **HUB_2007) == shown


def test_an_edge_never_shows_the_legacy_group():
    edge = HUB_2007 | {"role": ServerRole.EDGE}
    assert shown_groups(entries(LEGACY), **edge) == ((), True)


def test_an_older_servers_preset_is_custom_on_a_newer_one():
    newer = HUB_2007 | {"exchange": ExchangeVersion.V2016}
    assert shown_groups(entries(PermissionGroup.EXCHANGE_SERVERS), **newer) == ((), True)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("AnonymousUsers", "AnonymousUsers"),
        ("anonymoususers", "AnonymousUsers"),
        ("Anonymous", "AnonymousUsers"),
        ("Anon", "AnonymousUsers"),
        ("Partner", "Partners"),
        ("partners", "Partners"),
        (" ExchangeUsers ", "ExchangeUsers"),
        ("exchangeu", "ExchangeUsers"),
        ("exchangel", "ExchangeLegacyServers"),
        ("ExchangeServers", "ExchangeServers"),
    ],
)
def test_a_group_is_found_by_name_or_unique_prefix(text, group):
    assert parse_group(text) is PermissionGroup(group)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "Custom",
            "`Custom` cannot be set as a permission group (V-5): Exchange only shows it",
            "list the extra rights as access control entries instead",
        ),
        (
            "Exchange",
            "`Exchange` is the beginning of several permission groups",
            "one of `ExchangeUsers`, `ExchangeServers`, `ExchangeLegacyServers`",
        ),
        (
            "AnonymusUsers",
            "unknown permission group `AnonymusUsers`",
            "did you mean `AnonymousUsers`?",
        ),
        *(
            (
                text,
                f"unknown permission group `{text}`",
                "one of AnonymousUsers, ExchangeUsers, ExchangeServers, ExchangeLegacyServers, "
                "Partners",
            )
            for text in ("", "x")
        ),
    ],
)
def test_an_unknown_group_is_named_with_the_closest(text, message, hint):
    with pytest.raises(UnknownName) as caught:
        parse_group(text)
    assert [(p.message, p.hint) for p in caught.value.problems] == [(message, hint)]
