"""Commands of the Exchange Management Shell in an organization of several servers."""

import pytest

from relaysim.builtin.fresh import fresh_servers
from relaysim.management_shell.running import ExchangeSession
from relaysim.model.organization import find_place
from relaysim.model.version import ExchangeVersion, ServerRole
from tests.shell.servers import done, refused

NEW = (
    "New-ReceiveConnector -Name Relay -Usage Custom -Bindings 0.0.0.0:25 "
    "-RemoteIPRanges 10.0.0.5 -PermissionGroups AnonymousUsers"
)
V2010, V2016 = ExchangeVersion.V2010, ExchangeVersion.V2016


def servers(*names, **given):
    return fresh_servers(server=names or ("EX01", "EX02"), **given)


def on_each(organization, name="Relay"):
    """Names of the servers that have a connector of this name."""
    return [
        server.name
        for server in organization.servers
        if any(connector.name == name for connector in server.connectors)
    ]


def with_relay_on_both():
    return done(f"{NEW}\n{NEW} -Server EX02", on=servers()).organization


def test_a_connector_is_made_on_the_server_that_the_shell_runs_on():
    assert on_each(done(NEW, on=servers()).organization) == ["EX01"]
    session = ExchangeSession(servers(), home="EX02")
    assert not session.run(NEW).failed
    assert on_each(session.organization) == ["EX02"]
    assert session.run("$env:COMPUTERNAME").output == "EX02\n"


@pytest.mark.parametrize(
    "script",
    [
        f"{NEW} -Server EX02",
        f"{NEW} -Server ex02.contoso.com",
        f"Get-ExchangeServer EX02 | {NEW}",
        f"Get-ExchangeServer | where {{ $_.Name -eq 'EX02' }} | {NEW}",
        f"{NEW} -Server (Get-TransportServer EX02)",
        f"'EX02' | {NEW}",
        f"Get-ReceiveConnector 'Default EX02' | {NEW}",
        f"$s = Get-ExchangeServer EX02; {NEW} -Server $s.Fqdn",
        f"foreach ($s in @('EX02')) {{ {NEW} -Server $s }}",
    ],
)
def test_a_connector_is_made_on_the_server_that_is_named(script):
    assert on_each(done(script, on=servers()).organization) == ["EX02"]


@pytest.mark.parametrize(
    "script",
    [
        f"Get-ExchangeServer | ForEach-Object {{ {NEW} -Server $_.Name }}",
        f"Get-ExchangeServer | {NEW}",
        f"Get-TransportServer | {NEW}",
        f"Get-TransportService | % {{ {NEW} -Server $_ }}",
        f"Get-TransportService | {NEW}",
        f"Get-ExchangeServer | select -ExpandProperty Name | {NEW}",
        f"foreach ($server in Get-ExchangeServer) {{ {NEW} -Server $server.Identity }}",
    ],
)
def test_servers_go_down_the_pipeline(script):
    made = done(script, on=servers("EX01", "EX02", "EX03")).organization
    assert on_each(made) == ["EX01", "EX02", "EX03"]


@pytest.mark.parametrize("command", ["Get-MailboxServer", "Get-ClientAccessServer"])
def test_servers_of_a_role_are_those_that_have_it(command):
    mixed = servers(
        "EX10",
        "EX16",
        "EDGE1",
        exchange=(V2010, V2016, V2016),
        role=(ServerRole.HUB, ServerRole.HUB, ServerRole.EDGE),
    )
    result = done(f"{command} | % {{ $_.Name }}", on=mixed)
    assert result.output == "EX16\n"
    (warning,) = result.warnings
    assert "`EX10` is a Hub Transport server here; whether" in warning


def test_servers_show_their_own_version_and_role():
    mixed = servers("EX10", "EX16", exchange=(V2010, V2016))
    script = 'Get-ExchangeServer | % { "$_ $($_.ServerRole) $($_.AdminDisplayVersion)" }'
    assert done(script, on=mixed).output == (
        "EX10 HubTransport Version 14\nEX16 Mailbox Version 15.1\n"
    )
    assert done("(Get-ExchangeServer *16).Name", on=mixed).output == "EX16\n"
    assert "servers here: `EX10`, `EX16`" in (refused("Get-ExchangeServer X", on=mixed).hint or "")


def test_connectors_are_listed_by_server_by_name_and_by_pattern():
    both = with_relay_on_both()

    def listed(command):
        return done(f'{command} | % {{ "$($_.Identity)" }}', on=both).output.splitlines()

    assert listed("Get-ReceiveConnector -Server EX02") == [
        "EX02\\Default EX02",
        "EX02\\Client EX02",
        "EX02\\Relay",
    ]
    assert listed("Get-ReceiveConnector EX01\\Relay") == ["EX01\\Relay"]
    assert listed("Get-ReceiveConnector Relay") == ["EX01\\Relay", "EX02\\Relay"]
    assert listed("Get-ReceiveConnector EX0?\\Cl*") == ["EX01\\Client EX01", "EX02\\Client EX02"]
    assert len(listed("Get-ReceiveConnector")) == 6
    assert len(listed("Get-TransportService | Get-ReceiveConnector")) == 6
    assert listed("Get-ExchangeServer EX02 | Get-ReceiveConnector")[0] == "EX02\\Default EX02"


@pytest.mark.parametrize(
    "command",
    [
        "Set-ReceiveConnector Relay -Enabled $false",
        "Remove-ReceiveConnector Relay -Confirm:$false",
        "Get-ADPermission Relay",
        "Add-ADPermission Relay -User 'NT AUTHORITY\\ANONYMOUS LOGON' "
        "-ExtendedRights ms-Exch-SMTP-Accept-Any-Recipient",
    ],
)
def test_a_name_on_two_servers_is_ambiguous_without_its_server(command):
    both = with_relay_on_both()
    error = refused(command, on=both)
    assert error.id == "ObjectAmbiguous"
    assert "`EX01\\Relay`, `EX02\\Relay`" in (error.hint or "")
    assert not done(command.replace("Relay", "EX02\\Relay", 1), on=both).errors


def test_a_change_by_identity_stays_on_its_server():
    both = with_relay_on_both()
    after = done(
        "Get-ReceiveConnector EX02\\Relay | Set-ReceiveConnector -RemoteIPRanges 10.0.0.9\n"
        "Get-ReceiveConnector -Server EX02 | where { $_.Name -eq 'Relay' } | Add-ADPermission "
        "-User 'NT AUTHORITY\\ANONYMOUS LOGON' -ExtendedRights ms-Exch-SMTP-Accept-Any-Recipient",
        on=both,
    ).organization
    assert after.on("EX01") == both.on("EX01")
    changed = find_place(after, "EX02\\Relay")[1]
    assert [str(one) for one in changed.remote_ip_ranges] == ["10.0.0.9"]
    assert len(changed.acl) == len(find_place(both, "EX02\\Relay")[1].acl) + 1


def test_entries_go_from_one_server_to_none_of_the_others():
    both = with_relay_on_both()
    after = done(
        "Get-ADPermission EX02\\Relay -User 'NT AUTHORITY\\ANONYMOUS LOGON' | "
        "where { -not $_.IsInherited } | Remove-ADPermission -Confirm:$false",
        on=both,
    ).organization
    assert find_place(after, "EX02\\Relay")[1].acl == ()
    assert after.on("EX01") == both.on("EX01")


def test_the_same_ranges_conflict_on_one_server_only():
    other = NEW.replace("Relay", "Other")
    both = with_relay_on_both()
    error = refused(f"{other} -Server EX02", on=both)
    assert error.id == "V-4"
    assert '"EX02\\Relay"' in error.message
    assert not done(other, on=servers("EX02", "EX01")).errors
    only = done(f"{NEW} -Server EX02", on=servers()).organization
    assert on_each(done(other, on=only).organization, "Other") == ["EX01"]


def test_a_taken_name_is_refused_on_its_server_only():
    made = done(f"{NEW} -Server EX02", on=servers()).organization
    error = refused(f"{NEW.replace('10.0.0.5', '10.9.0.0/16')} -Server EX02", on=made)
    assert error.id == "V-7"
    assert on_each(done(NEW, on=made).organization) == ["EX01", "EX02"]


def test_a_property_must_be_known_to_the_connectors_server():
    mixed = servers("EX10", "EX16", exchange=(V2010, V2016))
    role = "-TransportRole FrontendTransport"
    made = done(f"{NEW} -Server EX16 {role}", on=mixed).organization
    assert on_each(made) == ["EX16"]
    assert "before Exchange 2013" in refused(f"{NEW} -Server EX10 {role}", on=mixed).message


def test_setting_groups_on_an_edge_beside_hubs_takes_its_own_presets():
    beside = servers("EX01", "EDGE1", role=(ServerRole.HUB, ServerRole.EDGE))
    legacy = NEW.replace("AnonymousUsers", "ExchangeLegacyServers")
    assert refused(f"{legacy} -Server EDGE1", on=beside).id == "V-5"
    result = done(f"{NEW} -Server EDGE1", on=beside)
    assert on_each(result.organization) == ["EDGE1"]
    assert [one.rule for one in result.assumptions if "`EDGE1`" in one.text] == ["G-6"]


def test_kept_settings_of_one_name_on_two_servers_are_two():
    result = done(
        "Get-ReceiveConnector Relay | Set-ReceiveConnector -Comment hello", on=with_relay_on_both()
    )
    assert [str(one) for one in result.unmodelled] == [
        "receive connector `EX01\\Relay`: Comment = hello",
        "receive connector `EX02\\Relay`: Comment = hello",
    ]
