"""Completion offers what can stand at the cursor, written so that it means just that."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relaysim.builtin import builtin
from relaysim.management_shell import run
from relaysim.management_shell.completion import complete
from relaysim.management_shell.running import ExchangeSession
from relaysim.model.edit import change_server

ORGANIZATION = builtin("option-2")
SESSION = ExchangeSession(ORGANIZATION)


def words(line, organization=ORGANIZATION, **options):
    return list(
        complete(
            line, organization=organization, registry=SESSION.session.registry, **options
        ).words
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("get-rece", ["Get-ReceiveConnector"]),
        ("Get-ReceiveConnector | add-adp", ["Add-ADPermission"]),
        ("$x = Get-AcceptedD", ["Get-AcceptedDomain"]),
        ("if ($a) { Remove-Rec", ["Remove-ReceiveConnector"]),
        ("Get-ReceiveConnector cr", ["'CRM Application'"]),
        ('Get-ReceiveConnector "cr', ["'CRM Application'"]),
        ("Get-ReceiveConnector -Identity De", ["'Default EX01'"]),
        ("Set-ReceiveConnector x -remotei", ["-RemoteIPRanges"]),
        ("Set-ReceiveConnector x -Conf", ["-Confirm"]),
        ("New-ReceiveConnector -PermissionGroups Anon", ["AnonymousUsers"]),
        ("New-ReceiveConnector -PermissionGroups AnonymousUsers,Par", ["Partners"]),
        ("New-ReceiveConnector -Auth Ext", ["ExternalAuthoritative"]),
        ("Add-ADPermission x -ExtendedRights ms-exch-byp", ["ms-Exch-Bypass-Anti-Spam", "ms-Exch-Bypass-Message-Size-Limit"]),  # noqa: E501
        ("Add-ADPermission x -User 'nt authority\\anon", ["'NT AUTHORITY\\ANONYMOUS LOGON'"]),
        ("New-ReceiveConnector -TransportRole f", ["FrontendTransport"]),
        ("Get-AcceptedDomain con", ["contoso.com"]),
        ("Set-ReceiveConnector x -RequireTLS $t", []),
        ("nothing-like-this", []),
        ("Get-ReceiveConnector zzz", []),
    ],
)  # fmt: skip
def test_what_can_stand_at_the_cursor(line, expected):
    assert words(line) == expected


def test_variables_and_the_words_of_the_prompt():
    assert words("$con", variables=["connectors", "x"]) == ["$connectors"]
    assert words("und", commands=["undo", "help"]) == ["undo"]
    assert words("Get-X | und", commands=["undo"]) == []


@given(st.text(min_size=1, max_size=30), st.sampled_from(["", "'", '"']))
def test_a_completed_name_is_one_argument_with_exactly_that_name(name, opened):
    first, *others = ORGANIZATION.connectors
    organization = change_server(ORGANIZATION, connectors=(replace(first, name=name), *others))
    line = f"Get-ReceiveConnector {opened}"
    found = complete(line, organization=organization, registry=SESSION.session.registry)
    values = set()
    for word in found.words:
        assert word.isascii()
        assert word.isprintable()
        values.add(run(f"Write-Host {word}", organization).output.removesuffix("\n"))
    assert name in values


@given(st.text(max_size=60))
def test_no_line_breaks_completion(line):
    found = complete(line, organization=ORGANIZATION, registry=SESSION.session.registry)
    assert 0 <= found.start <= len(line)
