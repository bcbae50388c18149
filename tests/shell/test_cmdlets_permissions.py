"""Add-, Remove- and Get-ADPermission on receive connectors."""

from dataclasses import replace

import pytest

from relaysim import AuthKind, Session, evaluate, parse_address
from relaysim.model.acl import Ace
from relaysim.model.organization import Account, find_connector
from relaysim.model.principals import ANONYMOUS_LOGON, AUTHENTICATED_USERS, Principal
from relaysim.model.rights import Right
from tests.shell.servers import connector_after, done, groups_after, refused, server

NEW = (
    "New-ReceiveConnector -Name Relay -Usage Custom -Bindings 0.0.0.0:25 "
    "-RemoteIPRanges 10.0.0.5 -PermissionGroups AnonymousUsers\n"
)
RELAY = "ms-Exch-SMTP-Accept-Any-Recipient"
ADD = f'Add-ADPermission Relay -User "NT AUTHORITY\\ANONYMOUS LOGON" -ExtendedRights {RELAY}\n'
REMOVE = ADD.replace("Add-", "Remove-")


def own_entries(text, **options):
    """The entries a script leaves on the connector beyond those of AnonymousUsers."""
    before = set(connector_after(NEW, **options).acl)
    return [ace for ace in connector_after(NEW + text, **options).acl if ace not in before]


@pytest.mark.parametrize(
    "user",
    [
        '"NT AUTHORITY\\ANONYMOUS LOGON"',
        "'nt authority\\anonymous logon'",
        "'ANONYMOUS LOGON'",
        "S-1-5-7",
        "AN",
        '"NT-AUTORITÄT\\ANONYMOUS-ANMELDUNG"',
        '"NT-Authority\\Anonymous-Logon"',
    ],
)
def test_a_well_known_principal_is_found_by_every_name(user):
    entries = own_entries(f"Add-ADPermission Relay -User {user} -ExtendedRights {RELAY}")
    assert entries == [Ace(ANONYMOUS_LOGON, Right.ACCEPT_ANY_RECIPIENT)]


@pytest.mark.parametrize(
    ("user", "role", "name"),
    [
        ("app", "hub", "CONTOSO\\app"),
        ("'CONTOSO\\app'", "hub", "CONTOSO\\app"),
        ("app@contoso.com", "hub", "app@contoso.com"),
        ("'Exchange Servers'", "hub", "CONTOSO\\Exchange Servers"),
        ("relay", "edge", "CONTOSO\\relay"),
        ("S-1-5-21-1-2-3-500", "hub", "S-1-5-21-1-2-3-500"),
        ("AU", "hub", "NT AUTHORITY\\Authenticated Users"),
    ],
)
def test_a_name_is_a_principal_of_the_domain(user, role, name):
    text = f"Add-ADPermission Relay -User {user} -ExtendedRights ms-Exch-Bypass-Anti-Spam"
    new = NEW if role == "hub" else NEW.replace("0.0.0.0:25", "0.0.0.0:26")
    connector = connector_after(new + text, version="2010", role=role)
    assert Ace(Principal(name), Right.BYPASS_ANTI_SPAM) in connector.acl


def test_an_address_is_the_account_that_has_it():
    account = Account(name=Principal("CONTOSO\\svc-app"), addresses=("App@contoso.com",))
    organization = replace(done(NEW).organization, accounts=(account,))
    text = f"Add-ADPermission Relay -User app@contoso.com -ExtendedRights {RELAY}"
    relay = find_connector(done(text, on=organization).organization, "Relay")
    assert Ace(account.name, Right.ACCEPT_ANY_RECIPIENT) in relay.acl


@pytest.mark.parametrize(
    ("given", "rights"),
    [
        (f"-ExtendedRights {RELAY}", [Right.ACCEPT_ANY_RECIPIENT]),
        (f"-ExtendedRights Ms-Exch-SMTP-Accept-Any-Recipient,{RELAY}",
         [Right.ACCEPT_ANY_RECIPIENT]),
        ('-ExtendedRights @("ms-Exch-Bypass-Anti-Spam", "ms-exch-smtp-accept-exch50")',
         [Right.BYPASS_ANTI_SPAM, Right.ACCEPT_EXCH50]),
        (f"-AccessRights ExtendedRight -ExtendedRights {RELAY}", [Right.ACCEPT_ANY_RECIPIENT]),
        ("-AccessRights ExtendedRight", [Right.ALL_EXTENDED_RIGHTS]),
        ("-AccessRights GenericAll", [Right.FULL_CONTROL]),
        ("-AccessRights ReadProperty", []),
        ("-ExtendedRights Receive-As", []),
        (f"-ExtendedRights {RELAY} -InheritanceType Descendents", []),
        ("-ExtendedRights 'Send As'", [Right.SEND_AS]),
    ],
)  # fmt: skip
def test_rights_are_named_in_any_case_and_kept_one_by_one(given, rights):
    entries = own_entries(f"Add-ADPermission Relay -User S-1-5-7 {given}")
    assert [entry.right for entry in entries] == rights


def test_what_is_not_kept_is_listed():
    result = done(
        NEW + "Add-ADPermission Relay -User app -ExtendedRights Receive-As -AccessRights ListObject"
    )
    assert [str(one) for one in result.unmodelled] == [
        "entries of receive connector `Relay`: ExtendedRights = Receive-As",
        "entries of receive connector `Relay`: AccessRights = ListObject",
    ]


def test_the_articles_short_name_is_taken_with_a_warning():
    text = ADD.replace(RELAY, "ms-Exch-SMTP-Accept-Authoritative-Domain").replace(
        "NT AUTHORITY\\ANONYMOUS LOGON", "app"
    )
    result = done(NEW + text)
    assert "(G-2)" in result.warnings[0]
    entry = Ace(Principal("CONTOSO\\app"), Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER)
    assert entry in find_connector(result.organization, "Relay").acl


@pytest.mark.parametrize(
    ("command", "part", "hint"),
    [
        (ADD.replace("Any-Recipient", "Any-Recepient"), "unknown extended right", RELAY),
        (ADD.replace(RELAY, f"'{RELAY},ms-Exch-SMTP-Submit'"), "unknown extended", "one right"),
        (ADD.replace(RELAY, "any-recipient"), "unknown extended right", None),
        (ADD.replace("NT AUTHORITY\\ANONYMOUS LOGON", "Anonymous"), "no security principal",
         "ANONYMOUS LOGON"),
        (ADD.replace("-User", "-Usr"), "parameter name 'Usr'", "-User"),
        ("Add-ADPermission Relay -User app", "`-ExtendedRights` or `-AccessRights`", None),
        (f"Add-ADPermission Relay -ExtendedRights {RELAY}", "`-User` is needed", None),
        (ADD.replace("Relay", "Rely", 1), "no receive connector `Rely`", "Relay"),
        ("Add-ADPermission Relay -User app -AccessRights GenericAl", "access right", "GenericAll"),
        (ADD.replace(RELAY, "ms-Exch-SMTP-Accept-XShadow"), "before Exchange 2010", None),
        ("Get-ADPermission Relay -Owner", "not part of the model", None),
        ("Get-ADPermission", "missing mandatory parameters: Identity.", None),
    ],
)  # fmt: skip
def test_bad_input_is_one_error_with_advice(command, part, hint):
    error = refused(command, on=done(NEW).organization)
    assert part in error.message
    if hint is not None:
        assert hint in (error.hint or "")


def test_an_entry_that_is_there_is_not_added_again():
    once, twice = connector_after(NEW + ADD), connector_after(NEW + ADD + ADD)
    assert once == twice
    assert "already" in done(NEW + ADD + ADD).warnings[0]


def test_removing_takes_allow_entries_and_with_deny_deny_entries():
    deny = ADD.replace("Add-ADPermission Relay", "Add-ADPermission Relay -Deny")
    both = [
        Ace(ANONYMOUS_LOGON, Right.ACCEPT_ANY_RECIPIENT),
        Ace(ANONYMOUS_LOGON, Right.ACCEPT_ANY_RECIPIENT, deny=True),
    ]
    assert own_entries(ADD + deny) == both
    assert own_entries(ADD + deny + REMOVE) == both[1:]
    gone = REMOVE.replace("Remove-ADPermission Relay", "Remove-ADPermission Relay -Deny")
    assert own_entries(ADD + deny + gone) == both[:1]
    assert "(A-4)" in done(NEW + deny + REMOVE).warnings[0]
    assert own_entries(deny + REMOVE) == both[1:]


def test_an_entry_of_a_group_can_be_removed_and_the_group_is_then_not_shown():
    text = REMOVE.replace(RELAY, "ms-Exch-SMTP-Accept-Any-Sender")
    assert groups_after(NEW + text) == ["Custom"]
    assert groups_after(NEW) == ["AnonymousUsers"]


def test_inherited_entries_are_shown_and_not_removed():
    listed = done(NEW + 'Get-ADPermission Relay -User "Exchange Servers" | fl Acc*,Ext*,IsInh*')
    assert listed.output.strip("\n").split("\n")[-3:] == [
        "AccessRights   : {ExtendedRight}", "ExtendedRights :", "IsInherited    : True",
    ]  # fmt: skip
    tried = done(NEW + "Get-ADPermission Relay | where { $_.IsInherited } | Remove-ADPermission")
    assert tried.organization == done(NEW).organization
    assert len(tried.warnings) == 4
    assert all("inherited" in warning for warning in tried.warnings)


def test_entries_of_a_pipeline_are_removed_or_given_to_another_connector():
    client = "'Client EX01'"
    remove_all = (
        f"Get-ADPermission {client} | where {{($_.User -like '*Authenticated*') -and "
        "-not $_.IsInherited} | Remove-ADPermission -Confirm:$false"
    )
    assert connector_after(remove_all, "Client EX01").acl == ()
    copied = f"Get-ADPermission {client} -User AU | Add-ADPermission Relay | Out-Null"
    entries = own_entries(copied)
    assert {ace.principal for ace in entries} == {AUTHENTICATED_USERS}
    assert groups_after(NEW + copied) == ["AnonymousUsers", "ExchangeUsers"]
    other = f"Get-ADPermission {client} | Add-ADPermission Relay -User app -ExtendedRights {RELAY}"
    assert {ace.principal.name for ace in own_entries(other)} == {"CONTOSO\\app"}


def test_every_connector_of_a_pipeline_gets_the_entry():
    grant = f"Get-ReceiveConnector | Add-ADPermission -User app -ExtendedRights {RELAY} | Out-Null"
    organization = done(grant).organization
    entry = Ace(Principal("CONTOSO\\app"), Right.ACCEPT_ANY_RECIPIENT)
    assert all(entry in connector.acl for connector in organization.connectors)


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("$_.Deny", 2),
        ("$_.IsInherited", 4),
        ("$_.ExtendedRights -like '*Any-Recipient*'", 6),
        ("$_.ExtendedRights -contains 'ms-Exch-SMTP-Submit'", 6),
        ("$_.User -eq 'NT AUTHORITY\\Authenticated Users'", 4),
        ("$_.User.RawIdentity -match 'Hub'", 11),
        ("$_.User.ToString() -like '*Legacy*'", 11),
        ("$_.AccessRights -eq 'GenericAll'", 2),
        ("$_.Identity -notlike 'EX01\\Default*'", 0),
    ],
)
def test_properties_of_an_entry_can_be_filtered(condition, count):
    script = f"@(Get-ADPermission 'Default EX01' | Where-Object {{ {condition} }}).Count"
    assert done(script).output == f"{count}\n"


def test_the_usual_filter_hides_deny_and_inherited_entries():
    script = "Get-ADPermission 'Default EX01' | where {($_.Deny -eq $false) -and "
    script += "($_.IsInherited -eq $false)} | Measure-Object | select -exp Count"
    allowed = [ace for ace in server().connectors[0].acl if not ace.deny]
    assert done(script).output == f"{len(allowed)}\n"


def test_the_articles_command_makes_the_difference_the_article_says():
    client = Session(ip=parse_address("10.0.0.5"), auth=AuthKind.NONE)
    before = evaluate(done(NEW).organization, client).answers
    line = (
        'Get-ReceiveConnector "Relay"  | Add-ADPermission -User "NT AUTHORITY\\ANONYMOUS LOGON" '
        '-ExtendedRights "ms-Exch-SMTP-Accept-Any-Recipient"'
    )
    after = evaluate(done(NEW + line).organization, client).answers
    changed = {
        name
        for name, one in before._asdict().items()
        if one.answer is not getattr(after, name).answer
    }
    assert changed == {"relay"}
    assert after.relay.answer is True
