"""New-, Set-, Get- and Remove-ReceiveConnector: parameters, defaults, refusals, identities."""

from dataclasses import replace

import pytest

from relaysim.model.connector import AuthMechanism, SizeMode, TransportRole
from relaysim.model.edit import change_server
from relaysim.model.organization import find_connector
from tests.shell.servers import connector_after, done, groups_after, refused, rule_of, server

NEW = "New-ReceiveConnector -Name Relay -Usage Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.0.0.5"
ANONYMOUS = f"{NEW} -PermissionGroups AnonymousUsers"
EXTERNAL = (
    f"{NEW} -PermissionGroups ExchangeServers,AnonymousUsers "
    "-AuthMechanism Tls,ExternalAuthoritative"
)
LAST = "\nSet-ReceiveConnector Relay "


def after(text):
    """The server after a script, for a second script that is to fail."""
    return done(text).organization


# What commands set.


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        ("-Enabled $false", "enabled", False),
        ("-Enabled:$false", "enabled", False),
        ("-RequireTLS $true", "require_tls", True),
        ("-MaxMessageSize 25MB", "max_message_size", 25 << 20),
        ('-MaxMessageSize "36 MB (37,748,736 bytes)"', "max_message_size", 37748736),
        ("-MaxMessageSize 26214400", "max_message_size", 25 << 20),
        ("-MaxRecipientsPerMessage 5000", "max_recipients_per_message", 5000),
        ("-MaxRecipients 7", "max_recipients_per_message", 7),
        ('-Banner "220 SMTP OK"', "banner", "220 SMTP OK"),
        ("-Fqdn mail.contoso.com", "fqdn", "mail.contoso.com"),
        ("-Fqdn $null", "fqdn", ""),
        ("-SizeEnabled enabledwithoutvalue", "size_enabled", SizeMode.ENABLED_WITHOUT_VALUE),
        ("-AuthMechanism None", "auth_mechanism", frozenset()),
        ("-AuthMechanism 'Tls, Integrated'", "auth_mechanism",
         frozenset({AuthMechanism.TLS, AuthMechanism.INTEGRATED})),
        ("-ChunkingEnabled $false -BinaryMimeEnabled $false", "chunking_enabled", False),
        ("-DefaultDomain contoso.com", "default_domain", "contoso.com"),
        ("-Name Renamed; Set-ReceiveConnector Renamed -Name Relay", "name", "Relay"),
    ],
)  # fmt: skip
def test_a_parameter_sets_its_property(given, field, value):
    assert getattr(connector_after(f"{ANONYMOUS}{LAST}{given}"), field) == value


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("10.1.0.0/16,10.0.0.7", ["10.1.0.0/16", "10.0.0.7"]),
        ('(1..3 | % { "10.0.0.$_" })', ["10.0.0.1", "10.0.0.2", "10.0.0.3"]),
        ("10.0.0.1-10.0.0.9", ["10.0.0.1-10.0.0.9"]),
        ("'10.0.0.0(255.255.255.0)'", ["10.0.0.0(255.255.255.0)"]),
        ("fe80::/10", ["fe80::/10"]),
        ('@{Add="10.0.0.9"}', ["10.0.0.5", "10.0.0.9"]),
        ('@{Add="10.0.0.9","10.0.0.8"; Remove="10.0.0.5"}', ["10.0.0.9", "10.0.0.8"]),
        ('@{Remove="10.0.0.5/32"; Add="10.0.0.6"}', ["10.0.0.6"]),
        ("((Get-ReceiveConnector Relay).RemoteIPRanges + '10.0.0.9')", ["10.0.0.5", "10.0.0.9"]),
    ],
)
def test_set_replaces_a_list_or_changes_it_as_a_hashtable_says(given, expected):
    connector = connector_after(f"{ANONYMOUS}{LAST}-RemoteIPRanges {given}")
    assert [str(entry) for entry in connector.remote_ip_ranges] == expected


def test_ranges_read_changed_and_written_back():
    script = f"""{ANONYMOUS}
$rc = Get-ReceiveConnector "EX01\\Relay"
$rc.RemoteIPRanges += "10.0.0.9"
Set-ReceiveConnector -Identity $rc.Identity -RemoteIPRanges $rc.RemoteIPRanges
$list = (Get-ReceiveConnector Relay).RemoteIPRanges
$list.Add("10.0.0.10") | Out-Null
Set-ReceiveConnector Relay -RemoteIPRanges $list -Bindings @{{Add="[::]:25"}}"""
    connector = connector_after(script)
    assert [str(r) for r in connector.remote_ip_ranges] == ["10.0.0.5", "10.0.0.9", "10.0.0.10"]
    assert [str(b) for b in connector.bindings] == ["0.0.0.0:25", "[::]:25"]


def test_setting_groups_replaces_them_and_keeps_what_was_granted_by_hand():
    grant = '\nAdd-ADPermission Relay -User "S-1-5-7" -ExtendedRights ms-Exch-Bypass-Anti-Spam'
    assert groups_after(ANONYMOUS + grant) == ["AnonymousUsers", "Custom"]
    script = f"{ANONYMOUS}{grant}{LAST}-PermissionGroups ExchangeServers"
    result = done(script)
    assert groups_after(script) == ["ExchangeServers", "Custom"]
    assert [one.rule for one in result.assumptions] == ["V-6", "G-4"]
    assert groups_after(f"{script}, Partners") == ["ExchangeServers", "Partners", "Custom"]
    assert groups_after(f"{ANONYMOUS}{LAST}-PermissionGroups None") == []


def test_a_group_set_again_writes_its_missing_entries():
    remove = (
        '\nRemove-ADPermission Relay -User "ANONYMOUS LOGON" '
        "-ExtendedRights ms-Exch-SMTP-Accept-Any-Sender"
    )
    assert groups_after(ANONYMOUS + remove) == ["Custom"]
    again = f"{ANONYMOUS}{remove}{LAST}-PermissionGroups AnonymousUsers"
    assert groups_after(again) == ["AnonymousUsers"]


def test_one_entry_can_belong_to_two_groups_and_stays_with_the_other():
    both = f"{NEW} -PermissionGroups ExchangeServers"
    connector = connector_after(f"{both}{LAST}-PermissionGroups ExchangeServers,ExchangeUsers")
    back = connector_after(
        f"{both}{LAST}-PermissionGroups ExchangeServers,ExchangeUsers"
        f"{LAST}-PermissionGroups ExchangeUsers"
    )
    assert set(back.acl) < set(connector.acl)
    assert len(back.acl) == 4


def test_what_no_rule_uses_is_kept_listed_and_shown():
    result = done(f"{ANONYMOUS}{LAST}-MaxHopCount 40 -Comment 'for CRM' -TarpitInterval 0:0:2")
    connector = find_connector(result.organization, "Relay")
    expected = (("MaxHopCount", "40"), ("Comment", "for CRM"), ("TarpitInterval", "00:00:02"))
    assert connector.unmodelled == tuple(sorted(expected)), "in the order of the catalogue"
    assert [str(entry) for entry in result.unmodelled] == [
        f"receive connector `Relay`: {name} = {text}" for name, text in expected
    ]
    shown = done("(Get-ReceiveConnector Relay).MaxHopCount + 2", on=result.organization)
    assert shown.output == "42\n"


def test_an_unmodelled_text_of_a_server_file_is_shown_as_it_stands():
    organization = after(ANONYMOUS)
    relay = replace(organization.connectors[-1], unmodelled=(("MaxHopCount", "many"),))
    organization = change_server(organization, connectors=(relay,))
    assert done("(Get-ReceiveConnector).MaxHopCount", on=organization).output == "many\n"


# What they refuse.


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        (f"{NEW} -AuthMechanism ExternalAuthoritative", "V-1"),
        (f"{ANONYMOUS} -AuthMechanism ExternalAuthoritative", "V-1"),
        (f"{NEW} -PermissionGroups ExchangeServers -AuthMechanism ExternalAuthoritative,BasicAuth",
         "V-2"),
        (f"{NEW} -PermissionGroups ExchangeServers -AuthMechanism ExternalAuthoritative,"
         "ExchangeServer", "V-2"),
        (f"{NEW} -AuthMechanism BasicAuthRequireTLS,BasicAuth", "V-3"),
        (f"{NEW} -AuthMechanism Tls,BasicAuthRequireTLS", "V-3"),
        (f"{NEW} -AuthMechanism None,Tls", "V-3"),
        (f"{NEW} -AuthMechanism None -RequireTLS $true", "V-3"),
        (f"{NEW} -AuthMechanism None -DomainSecureEnabled $true", "V-3"),
        (f"{NEW} -PermissionGroups ExchangeServers -AuthMechanism Tls,ExternalAuthoritative "
         "-DomainSecureEnabled $true", "V-3"),
        (f"{NEW} -PermissionGroups None,AnonymousUsers", "V-3"),
        (f"{NEW} -PermissionGroups Custom", "V-5"),
        (f"{NEW} -PermissionGroups 'AnonymousUsers, Custom'", "V-5"),
        (f"{NEW} -AuthMechanism Tls,ExchangeServer -Fqdn mail.contoso.com", "V-5a"),
        (f"{NEW} -Banner 'welcome'", "V-7"),
        (f"{NEW} -ConnectionTimeout 00:05:00", "V-7"),
        (f"{NEW} -ConnectionInactivityTimeout 00:10:00", "V-7"),
        (f"{NEW} -ChunkingEnabled $false", "V-7"),
        (NEW.replace("-Name Relay", "-Name 'Default EX01'").replace(":25", ":26"), "V-7"),
        (NEW.replace("-Name Relay", f"-Name {'x' * 65}"), "V-7"),
        ("New-ReceiveConnector Relay -Usage Custom -Bindings 0.0.0.0:25", "V-6"),
        ("New-ReceiveConnector Relay -Custom -RemoteIPRanges 10.0.0.5", "V-6"),
        ("New-ReceiveConnector Relay -Usage Internet", "V-6"),
        ("New-ReceiveConnector Relay -Partner -RemoteIPRanges 10.0.0.5", "V-6"),
        ("New-ReceiveConnector Relay -Client", "V-6"),
        ("New-ReceiveConnector Relay -RemoteIPRanges 10.0.0.5", "V-6"),
        (f"{NEW} -Internet", "V-6"),
    ],
)  # fmt: skip
def test_new_refuses_what_a_rule_forbids_and_changes_nothing(command, rule):
    error = refused(command)
    assert rule_of(error) == rule
    assert rule in error.message
    assert error.command == "New-ReceiveConnector"


@pytest.mark.parametrize(
    ("start", "command", "rule"),
    [
        (ANONYMOUS, "-AuthMechanism ExternalAuthoritative", "V-1"),
        (EXTERNAL, "-PermissionGroups AnonymousUsers", "V-1"),
        (EXTERNAL, "-AuthMechanism Tls,ExternalAuthoritative,Integrated", "V-2"),
        (EXTERNAL, "-AuthMechanism Integrated -RequireTLS $true", "V-3"),
        (ANONYMOUS, "-Name 'client ex01'", "V-7"),
        (ANONYMOUS, "-Name ''", "V-7"),
        (ANONYMOUS, "-RemoteIPRanges @{Remove='10.0.0.5'}", "V-6"),
        (ANONYMOUS, "-Bindings $null", "V-6"),
        (ANONYMOUS, "-RemoteIPRanges 0.0.0.0-255.255.255.255", "V-4"),
    ],
)
def test_set_refuses_what_a_rule_forbids_and_changes_nothing(start, command, rule):
    error = refused(f"Set-ReceiveConnector Relay {command}", on=after(start))
    assert rule_of(error) == rule
    assert rule in error.message


@pytest.mark.parametrize(
    ("ranges", "conflict"),
    [
        ("10.0.0.0/24", False),
        ("10.0.0.5", True),
        ("10.0.0.5/32", True),
        ("10.0.0.4-10.0.0.6", False),
        ("192.168.0.0/16", False),
    ],
)
def test_ranges_on_one_binding_conflict_when_they_are_the_same(ranges, conflict):
    text = f"New-ReceiveConnector Other -Custom -Bindings 0.0.0.0:25 -RemoteIPRanges {ranges}"
    if conflict:
        error = refused(text, on=after(ANONYMOUS))
        assert rule_of(error) == "V-4"
        assert (
            "The values that you specified for the Bindings and RemoteIPRanges parameters conflict "
            'with the settings on Receive connector "EX01\\Relay".'
        ) in error.message
    else:
        done(text, on=after(ANONYMOUS))


def test_the_same_range_on_an_exact_and_on_any_address_is_taken_with_a_remark():
    text = "New-ReceiveConnector Other -Custom -Bindings 10.9.9.9:25 -RemoteIPRanges 10.0.0."
    same, other = (
        "".join(map(str, done(text + end, on=after(ANONYMOUS)).warnings)) for end in ("5", "6")
    )
    assert "`Relay` on `0.0.0.0:25`: one of them is bound to the exact address" in same
    assert "exact address" not in other


def test_ranges_on_one_binding_conflict_when_they_overlap_by_half():
    start = after(f"{ANONYMOUS}{LAST}-RemoteIPRanges 10.0.0.1-10.0.0.10")
    error = refused(
        "New-ReceiveConnector Other -Custom -Bindings 0.0.0.0:25 "
        "-RemoteIPRanges 10.0.0.5-10.0.0.20",
        on=start,
    )
    assert rule_of(error) == "V-4"
    done(
        "New-ReceiveConnector Other -Custom -Bindings [::]:25 -RemoteIPRanges 10.0.0.5-10.0.0.20",
        on=start,
    )


def test_an_any_address_and_an_exact_binding_may_share_their_ranges():
    exact = "New-ReceiveConnector Exact -Custom -Bindings 10.0.0.1:25 -RemoteIPRanges 10.0.0.5"
    done(exact, on=after(ANONYMOUS))


def test_more_ranges_than_a_connector_holds_are_refused():
    def new(count):
        ranges = ",".join(f"10.{n // 250}.{n % 250}.1" for n in range(count))
        return f"New-ReceiveConnector Many -Custom -Bindings 10.0.0.1:26 -RemoteIPRanges {ranges}"

    error = refused(new(1400))
    assert rule_of(error) == "V-8"
    assert "AdminLimitExceededException" in error.message
    assert "1,200" in "".join(map(str, done(new(1250)).warnings))
    done(new(1100))


def test_two_services_on_one_binding_conflict_whatever_the_ranges():
    error = refused(NEW, "2016")
    assert rule_of(error) == "P-4"
    assert 'Receive connector "EX01\\Default Frontend EX01"' in error.message
    assert "must listen on unique local IP address & port bindings." in error.message
    assert rule_of(refused(f"{NEW} -TransportRole HubTransport", "2013")) == "P-4"
    connector = connector_after(f"{NEW} -TransportRole frontendtransport", version="2016")
    assert connector.transport_role is TransportRole.FRONTEND_TRANSPORT
    assert done(NEW.replace(":25", ":26"), "2019").assumptions[0].rule == "V-6"


def test_an_edge_has_no_client_usage_and_no_legacy_servers():
    client = "New-ReceiveConnector Relay -Client -RemoteIPRanges 10.0.0.5"
    assert rule_of(refused(client, "2016", role="edge")) == "V-5"
    legacy = f"{NEW} -PermissionGroups ExchangeLegacyServers"
    assert rule_of(refused(legacy, "2016", role="edge")) == "V-5"
    users = done(f"{NEW} -PermissionGroups ExchangeUsers", "2007", role="edge")
    assert "G-6" in [one.rule for one in users.assumptions]


@pytest.mark.parametrize(
    ("command", "part", "hint"),
    [
        (f"{NEW} -RemoteIPRnges 10.0.0.6", "parameter name 'RemoteIPRnges'", "RemoteIPRanges"),
        (f"{NEW} -PermissionGroups AnonymusUsers", "unknown permission group", "AnonymousUsers"),
        (f"{NEW} -AuthMechanism Intergrated", "unknown authentication", "Integrated"),
        (f"{NEW} -Enabled 'true'", "is no Boolean", "$true"),
        (f"{NEW} -MaxMessageSize 1KB", "out of range", None),
        (f"{NEW} -MaxHopCount 501", "out of range", None),
        (f"{NEW} -ProtocolLoggingLevel Vebrose", "(expected None, Verbose)", "Verbose"),
        (NEW.replace("10.0.0.5", "'10.0.0.5,10.0.0.6'"), "10.0.0.5,10.0.0.6", 'one string is one'),
        (NEW.replace("10.0.0.5", "10.0.0.500"), "10.0.0.500", None),
        (NEW.replace(":25", ""), "is no binding", None),
        (NEW.replace("Custom", "Legacy"), "is no usage", None),
        (f"{NEW} -TransportRole HubTransport", "before Exchange 2013", None),
        (f"{NEW} -Server EX02", "there is no server `EX02`", "EX01"),
        (f"{NEW} -DefaultDomain contoso.org", "no accepted domain `contoso.org`", "contoso.com"),
        ("Set-ReceiveConnector Relais -Enabled $true", "no receive connector `Relais`", None),
        ("Set-ReceiveConnector 'Defalt EX01' -Enabled $true", "no receive connector",
         "Default EX01"),
        ("Set-ReceiveConnector Default* -Enabled $true", "no receive connector", "wildcards"),
        ("Get-ReceiveConnector -Server EX02", "there is no server", "EX01"),
        ("Remove-ReceiveConnector Nope", "no receive connector `Nope`", "connectors here"),
    ],
)  # fmt: skip
def test_bad_input_is_one_error_with_advice(command, part, hint):
    error = refused(command)
    assert part in error.message
    assert error.position is not None
    if hint is not None:
        assert hint in (error.hint or "")


# Identities, pipelines, WhatIf.


@pytest.mark.parametrize(
    ("identity", "count"),
    [
        ("", 2),
        ("'Default EX01'", 1),
        ("'default ex01'", 1),
        ("'EX01\\Default EX01'", 1),
        ("'EX01.contoso.com\\Client EX01'", 1),
        ("(Get-ReceiveConnector 'Client EX01').DistinguishedName", 1),
        ("*", 2),
        ("Default*", 1),
        ("*\\Client*", 1),
        ("'EX01\\*'", 2),
        ("Nothing*", 0),
        ("-Server EX01", 2),
        ("-Server ex01.contoso.com", 2),
    ],
)
def test_get_takes_names_identities_and_wildcards(identity, count):
    result = done(f"@(Get-ReceiveConnector {identity}).Count")
    assert result.output == f"{count}\n"


def test_every_connector_of_a_pipeline_is_changed_and_a_refusal_stops_none():
    script = "Get-ReceiveConnector | Set-ReceiveConnector -ProtocolLoggingLevel Verbose"
    for connector in done(script).organization.connectors:
        assert connector.unmodelled == (("ProtocolLoggingLevel", "Verbose"),)
    from relaysim.management_shell import run

    mixed = run(
        "Get-ReceiveConnector | Set-ReceiveConnector -AuthMechanism ExternalAuthoritative",
        server(),
    )
    assert [rule_of(error) for error in mixed.errors] == ["V-1"]
    assert [c.externally_secured for c in mixed.organization.connectors] == [True, False]


def test_an_error_is_silenced_caught_or_fatal_as_the_script_says():
    bad = "Set-ReceiveConnector Nope -Enabled $true"
    done(f"{bad} -ErrorAction SilentlyContinue; Get-ReceiveConnector | Out-Null")
    caught = done(f"try {{ {bad} -ErrorAction Stop }} catch {{ 'caught: ' + $_ }}")
    assert caught.output.startswith("caught: Set-ReceiveConnector: there is no receive connector")
    from relaysim.management_shell import run

    stopped = run(f"{bad} -ErrorAction Stop\nRemove-ReceiveConnector 'Client EX01'", server())
    assert stopped.terminated
    assert stopped.organization == server()
    goes_on = run(f"{bad}\nRemove-ReceiveConnector 'Client EX01' -Confirm:$false", server())
    assert goes_on.failed
    assert len(goes_on.organization.connectors) == 1


@pytest.mark.parametrize(
    "command",
    [
        f"{NEW} -WhatIf",
        "Set-ReceiveConnector 'Client EX01' -Enabled $false -WhatIf",
        "Remove-ReceiveConnector 'Client EX01' -WhatIf",
        "Get-ReceiveConnector | Remove-ReceiveConnector -WhatIf",
        "Add-ADPermission 'Client EX01' -User S-1-5-7 -ExtendedRights ms-Exch-SMTP-Submit -WhatIf",
        "Get-ADPermission 'Client EX01' | Remove-ADPermission -WhatIf",
        "New-AcceptedDomain Lab -DomainName lab.example -WhatIf",
        "Set-AcceptedDomain contoso.com -DomainType InternalRelay -WhatIf",
        "Remove-AcceptedDomain contoso.com -WhatIf",
        "Set-TransportConfig -MaxSendSize 10MB -WhatIf",
    ],
)
def test_what_if_says_what_would_happen_and_changes_nothing(command):
    result = done(command)
    assert result.output.startswith("What if: ")
    assert result.organization == server()


def test_an_object_that_was_changed_is_saved_by_a_pipeline_in_2007_only():
    script = """$rc = Get-ReceiveConnector 'Client EX01'
$rc.Comment = 'edited'
$rc.MaxMessageSize = 20MB
$rc | Set-ReceiveConnector"""
    saved = connector_after(script, "Client EX01")
    assert saved.max_message_size == 20 << 20
    assert saved.unmodelled == (("Comment", "edited"),)
    later = done(script, "2010")
    assert later.organization == server("2010")
    assert "not saved" in later.warnings[0]
    instance = script.replace("$rc | Set-ReceiveConnector", "Set-ReceiveConnector -Instance $rc")
    assert connector_after(instance, "Client EX01") == saved


def test_a_property_of_an_object_takes_only_what_the_parameter_would():
    error = refused("$rc = Get-ReceiveConnector 'Client EX01'; $rc.RemoteIPRanges = '10.0.0.500'")
    assert "10.0.0.500" in error.message
    error = refused("$rc = Get-ReceiveConnector 'Client EX01'; $rc.Guid = 'x'")
    assert error.id == "PropertyReadOnly"


def test_a_connector_without_groups_is_warned_about():
    assert "takes no mail" in done(NEW).warnings[0]
    assert done(ANONYMOUS).warnings == ()
