"""Scripts in the shapes administrators publish, run: they do what their authors report.

The shapes are those of the sources named; names and addresses are our own.
"""
# ruff: noqa: E501 - command lines are quoted as they are written

import pytest

from relaysim import AuthKind, Session, evaluate, parse_address
from relaysim.management_shell import run
from relaysim.model.organization import find_connector
from tests.shell.servers import done, server

FRONT = "-TransportRole FrontendTransport "


def ask(organization, ip="192.168.12.5", **session):
    return evaluate(organization, Session(ip=parse_address(ip), **session))


def relays(organization, ip="192.168.12.5"):
    return ask(organization, ip).answers.relay.answer


def shown(organization, name):
    groups, custom = organization.groups_of(find_connector(organization, name))
    return [group.value for group in groups] + ["Custom"] * custom


@pytest.mark.parametrize("version", ["2013", "2016", "2019", "SE"])
def test_anonymous_relay_on_a_front_end(version):
    # Source: ANON16, P365R.
    result = done(
        """
#Create a new Front End receive connector
New-ReceiveConnector -Name "Anonymous Relay" `
-TransportRole FrontendTransport -Custom -Bindings 0.0.0.0:25 `
-RemoteIpRanges 192.168.12.5, 192.168.20.0/24

#Configure it to be used anonymously
Set-ReceiveConnector "Anonymous Relay" -PermissionGroups AnonymousUsers
Get-ReceiveConnector "Anonymous Relay" | Add-ADPermission -User "NT AUTHORITY\\ANONYMOUS LOGON" `
-ExtendedRights "Ms-Exch-SMTP-Accept-Any-Recipient"
""",
        version,
    )
    assert relays(result.organization)
    assert not relays(result.organization, "192.168.13.5")
    assert shown(result.organization, "Anonymous Relay") == ["AnonymousUsers", "Custom"]


def test_externally_secured_relay_on_a_front_end():
    # Source: ANON16.
    organization = done(
        """New-ReceiveConnector -Name "Relay" -TransportRole FrontendTransport -Custom -Bindings 0.0.0.0:25 -RemoteIpRanges 192.168.12.5
Set-ReceiveConnector "Relay" -AuthMechanism ExternalAuthoritative -PermissionGroups ExchangeServers
Get-ReceiveConnector "Relay" | Format-List Enabled,TransportRole,Bindings,RemoteIPRanges,AuthMechanism,PermissionGroups""",
        "2016",
    ).organization
    answers = ask(organization).answers
    assert answers.relay.answer
    assert answers.bypass_anti_spam.answer
    assert answers.resolve_p2.answer


def test_one_command_for_a_2010_hub_with_typographic_quotes():
    organization = done(
        """New-ReceiveConnector –Name “Relay” `
–Usage Custom `
-Bindings ‘192.168.1.245:25’ `
-Fqdn mail.contoso.com `
-RemoteIPRanges 192.168.12.5 `
-Server EX01 `
-PermissionGroups ExchangeServers `
-AuthMechanism TLS, ExternalAuthoritative""",
        "2010",
    ).organization
    assert ask(organization, local_ip=parse_address("192.168.1.245")).answers.relay.answer


def test_the_classic_mistake_of_the_wrong_service_is_refused():
    # Source: P365C, QA223977.
    result = run(
        'New-ReceiveConnector -Name "Relay" -RemoteIPRange ("192.168.12.5") -Bindings ("0.0.0.0:25") -usage "Custom"',
        server("2013"),
    )
    assert [error.id for error in result.errors] == ["P-4"]


def test_setting_one_group_silently_drops_the_other():
    # Source: I1566.
    organization = done(
        f"""New-ReceiveConnector Relay {FRONT}-Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 192.168.12.5 -PermissionGroups AnonymousUsers
Set-ReceiveConnector Relay -PermissionGroups ExchangeServers""",
        "2016",
    ).organization
    assert shown(organization, "Relay") == ["ExchangeServers"]
    assert not ask(organization).answers.submit.answer


def test_own_domain_spoofing_is_stopped_by_removing_one_right():
    # Source: EP08, JV09.
    organization = done(
        """New-ReceiveConnector "Internet" -Usage Internet -Bindings 10.0.0.2:2526
Get-ReceiveConnector "Internet" | Get-ADPermission -user "NT AUTHORITY\\Anonymous Logon" | where {$_.ExtendedRights -like "ms-exch-smtp-accept-authoritative-domain-sender"} | Remove-ADPermission""",
    ).organization
    decision = ask(
        organization, "203.0.113.9", port=2526, local_ip=parse_address("10.0.0.2"),
        mail_from="ceo@contoso.com",
    )  # fmt: skip
    assert decision.refusal is not None
    assert shown(organization, "Internet") == ["Custom"]


def test_both_options_on_one_connector():
    # Source: DSC, I1566.
    organization = done(
        """$params = @{
    Name             = 'Relay'
    TransportRole    = 'FrontendTransport'
    Usage            = 'Custom'
    Bindings         = '0.0.0.0:25'
    RemoteIPRanges   = '192.168.12.5', '192.168.1.102'
    AuthMechanism    = 'Tls', 'ExternalAuthoritative'
    PermissionGroups = 'AnonymousUsers', 'ExchangeServers'
    MaxMessageSize   = 25MB
}
New-ReceiveConnector @params | Out-Null
foreach ($right in 'Ms-Exch-SMTP-Accept-Any-Recipient', 'ms-Exch-Bypass-Anti-Spam') {
    Get-ReceiveConnector Relay | Add-ADPermission -User 'NT AUTHORITY\\ANONYMOUS LOGON' -ExtendedRights $right | Out-Null
}""",
        "2016",
    ).organization
    assert shown(organization, "Relay") == ["AnonymousUsers", "ExchangeServers", "Custom"]
    assert ask(organization).auth_as.value == "Internal"


def test_rights_for_one_account_show_custom_alone():
    # Source: GRAN.
    organization = done(
        f"""New-ReceiveConnector Relay {FRONT}-Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 192.168.12.5 -AuthMechanism Tls,Integrated
Add-ADPermission -Identity Relay -User "CONTOSO\\svc-app" -ExtendedRights ms-Exch-SMTP-Submit,ms-Exch-SMTP-Accept-Any-Recipient,ms-Exch-Bypass-Anti-Spam""",
        "2013",
    ).organization
    assert shown(organization, "Relay") == ["Custom"]
    decision = ask(organization, auth=AuthKind.USER, user="CONTOSO\\svc-app")
    assert decision.answers.relay.answer
    other = ask(organization, auth=AuthKind.USER, user="CONTOSO\\other")
    assert not other.answers.submit.answer


def test_an_edge_without_edgesync():
    # Source: EDGE16.
    organization = done(
        """New-ReceiveConnector -Name "Internal Mail Flow" -Usage Internal -AuthMechanism TLS,BasicAuth,BasicAuthRequireTLS,ExchangeServer -Bindings 10.1.1.2:2500 -RemoteIPRanges 192.168.5.10,192.168.5.20
Set-ReceiveConnector "Default internal receive connector EX01" -PermissionGroups AnonymousUsers""",
        "2016",
        role="edge",
    ).organization
    assert shown(organization, "Internal Mail Flow") == ["ExchangeServers"]


def test_a_connector_copied_by_properties_needs_its_entries_copied_too():
    # Source: QA151739.
    start = f"""New-ReceiveConnector Relay {FRONT}-Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 192.168.12.5 -PermissionGroups AnonymousUsers
Add-ADPermission Relay -User S-1-5-7 -ExtendedRights ms-Exch-SMTP-Accept-Any-Recipient
$old = Get-ReceiveConnector Relay
$groups = $old.PermissionGroups -replace ', Custom', ''
New-ReceiveConnector -Name "$($old.Name) 2" {FRONT}-Usage Custom -Bindings 0.0.0.0:2599 -RemoteIPRanges $old.RemoteIPRanges -PermissionGroups $groups -AuthMechanism $old.AuthMechanism -MaxMessageSize $old.MaxMessageSize -ConnectionTimeout $old.ConnectionTimeout
"""
    organization = done(start, "2016").organization
    assert shown(organization, "Relay 2") == ["AnonymousUsers"]
    copy = """Set-ADServerSettings -ViewEntireForest $true
$permissions = $old | Get-ADPermission | where { -not $_.IsInherited -and -not $_.Deny }
foreach ($p in $permissions) {
    Add-ADPermission -Identity 'EX01\\Relay 2' -User $p.User -ExtendedRights $p.ExtendedRights -WarningAction SilentlyContinue | Out-Null
}"""
    organization = done(start + copy, "2016").organization
    assert shown(organization, "Relay 2") == ["AnonymousUsers", "Custom"]
    one, two = (find_connector(organization, name) for name in ("Relay", "Relay 2"))
    assert set(one.acl) == set(two.acl)


def test_addresses_are_added_once_with_a_function():
    script = """
function Add-RelayAddress {
    [CmdletBinding()]
    param (
        [Parameter(Mandatory=$true)][string]$Connector,
        [Parameter(Mandatory=$true, ValueFromPipeline=$true)][string]$Address
    )
    process {
        $rc = Get-ReceiveConnector -Identity $Connector -ErrorAction Stop
        if ($rc.RemoteIPRanges -contains $Address) {
            Write-Warning "$Address is there"
        } else {
            $rc.RemoteIPRanges += $Address
            Set-ReceiveConnector -Identity $rc.Identity -RemoteIPRanges $rc.RemoteIPRanges
        }
    }
}
New-ReceiveConnector Relay -Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 192.168.12.5 -PermissionGroups AnonymousUsers | Out-Null
"192.168.12.6", "192.168.12.5", "192.168.12.7" | Add-RelayAddress -Connector Relay
(Get-ReceiveConnector Relay).RemoteIPRanges | ForEach-Object { $_.Expression }
"""
    result = done(script)
    assert result.output == "192.168.12.5\n192.168.12.6\n192.168.12.7\n"
    assert result.warnings == ("192.168.12.5 is there",)


def test_every_connector_that_relays_anonymously_is_found():
    script = """New-ReceiveConnector Relay -Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 192.168.12.5 -PermissionGroups AnonymousUsers | Out-Null
Add-ADPermission Relay -User "ANONYMOUS LOGON" -ExtendedRights ms-Exch-SMTP-Accept-Any-Recipient | Out-Null
Get-ReceiveConnector | Get-ADPermission | where {$_.User -like '*anonymous*' -and $_.ExtendedRights -like 'ms-Exch-SMTP-Accept-Any-Recipient'} | ft Identity, ExtendedRights"""
    assert done(script).output.rstrip().splitlines()[3:] == [
        "EX01\\Relay {ms-Exch-SMTP-Accept-Any-Recipient}",
    ]


def test_a_report_with_calculated_properties():
    script = """Get-ReceiveConnector | Sort-Object Name | Select-Object Name,
    @{Name='Bindings';Expression={$_.Bindings -join ';'}},
    @{Name='Ranges';Expression={($_.RemoteIPRanges | % { "$($_.LowerBound)-$($_.UpperBound)" }) -join ';'}},
    @{n='Size';e={$_.MaxMessageSize.ToMB()}} | Where-Object { $_.Name -match '^Client' } | fl"""
    assert done(script).output.strip() == """\
Name     : Client EX01
Bindings : 0.0.0.0:587;[::]:587
Ranges   : ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff;0.0.0.0-255.255.255.255
Size     : 10"""  # fmt: skip


def test_a_check_before_creating_and_a_message_after_failing():
    script = """$name = 'Relay'
if (-not (Get-ReceiveConnector | Where-Object { $_.Name -eq $name })) {
    try {
        New-ReceiveConnector -Name $name -Usage Custom -Bindings '0.0.0.0:25' -RemoteIPRanges '0.0.0.0-255.255.255.255' -ErrorAction Stop
    } catch {
        Write-Host "Failed: $($_.Exception.Message.Substring(0, 21))" -ForegroundColor Red
    }
} else { 'exists' }"""
    assert done(script).output == "Failed: New-ReceiveConnector:\n"
