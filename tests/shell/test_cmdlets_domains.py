"""Accepted domains, transport settings, the server."""

import pytest

from relaysim.model.organization import AcceptedDomain, DomainType
from tests.shell.servers import done, refused, rule_of, server

NEW = "New-AcceptedDomain -Name Fabrikam -DomainName fabrikam.com -DomainType InternalRelay\n"


def domains(text, version="2007"):
    return done(text, version).organization.accepted_domains[1:]


def test_a_new_domain_is_authoritative_and_called_by_its_name():
    assert domains("New-AcceptedDomain lab.example -DomainName lab.example") == (
        AcceptedDomain(name="lab.example"),
    )
    assert domains(NEW) == (
        AcceptedDomain(name="fabrikam.com", type=DomainType.INTERNAL_RELAY, label="Fabrikam"),
    )


@pytest.mark.parametrize("identity", ["Fabrikam", "fabrikam.com", "'FABRIKAM'"])
def test_a_domain_is_changed_and_removed_by_either_name(identity):
    changed = domains(f"{NEW}Set-AcceptedDomain {identity} -DomainType ExternalRelay -Name Fab")
    assert changed == (
        AcceptedDomain(name="fabrikam.com", type=DomainType.EXTERNAL_RELAY, label="Fab"),
    )
    assert domains(f"{NEW}Remove-AcceptedDomain {identity} -Confirm:$false") == ()
    assert domains(f"{NEW}Get-AcceptedDomain {identity} | Remove-AcceptedDomain") == ()


def test_a_domain_matches_its_sub_domains_when_told_to():
    (domain,) = domains(f"{NEW}Set-AcceptedDomain Fabrikam -MatchSubDomains $true", "2016")
    assert domain.matches("mail.fabrikam.com")
    assert (
        "before Exchange"
        in refused("Set-AcceptedDomain contoso.com -MatchSubDomains $true").message
    )


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ("New-AcceptedDomain X -DomainName con*oso.com", "is no accepted domain (O-10)"),
        ("New-AcceptedDomain X -DomainName *contoso.com", "is no accepted domain (O-10)"),
        ("New-AcceptedDomain X -DomainName a@contoso.com", "is no accepted domain (O-10)"),
        ("New-AcceptedDomain X -DomainName CONTOSO.com", "accepted already"),
        ("New-AcceptedDomain contoso.com -DomainName lab.example", "already"),
        ("New-AcceptedDomain X", "missing mandatory parameters: DomainName."),
        ("New-AcceptedDomain X -DomainName x.example -DomainType Relay", "(expected Authoritative"),
        ("Set-AcceptedDomain contoso.org -MakeDefault $true", "no accepted domain `contoso.org`"),
        ("Remove-AcceptedDomain Nope", "no accepted domain `Nope`"),
    ],
)
def test_bad_domains_are_refused(command, part):
    error = refused(command)
    assert part in error.message
    assert (rule_of(error) == "O-10") is ("O-10" in part)


def test_a_star_is_taken_with_a_warning():
    result = done("New-AcceptedDomain All -DomainName * -DomainType ExternalRelay")
    assert result.organization.is_accepted("anything.example")
    assert "(O-10)" in result.warnings[0]


def test_the_default_domain_and_other_settings_are_kept_and_listed():
    script = f"{NEW}Set-AcceptedDomain Fabrikam -MakeDefault $true -AddressBookEnabled $true"
    result = done(f"{script}\nGet-AcceptedDomain | where {{$_.Default}} | select -exp Name")
    assert result.output.rstrip().endswith("\nFabrikam")
    assert [str(one) for one in result.unmodelled] == [
        "accepted domain `fabrikam.com`: AddressBookEnabled = True",
        "accepted domains: Default = fabrikam.com",
    ]
    removed = done("Remove-AcceptedDomain Fabrikam", on=result.organization)
    assert "default" in removed.warnings[0]
    assert all("fabrikam.com`" not in name for name, _ in removed.organization.unmodelled)


def test_domains_are_shown_as_a_table():
    assert done(f"{NEW}Get-AcceptedDomain").output.rstrip().splitlines()[-2:] == [
        "contoso.com contoso.com  Authoritative True",
        "Fabrikam    fabrikam.com InternalRelay False",
    ]


def test_transport_settings_are_kept_listed_and_shown():
    script = """Set-TransportConfig -MaxReceiveSize 20MB -TLSReceiveDomainSecureList a.com,b.com
Set-TransportConfig -MaxSendSize Unlimited
Set-TransportConfig -TLSReceiveDomainSecureList @{Remove='a.com'; Add='c.com'}
(Get-TransportConfig).TLSReceiveDomainSecureList -join '+'
(Get-TransportConfig).MaxReceiveSize"""
    result = done(script)
    assert result.output == "b.com+c.com\n20 MB (20,971,520 bytes)\n"
    assert [str(one) for one in result.unmodelled] == [
        "transport configuration: MaxReceiveSize = 20 MB (20,971,520 bytes)",
        "transport configuration: MaxSendSize = Unlimited",
        "transport configuration: TLSReceiveDomainSecureList = b.com; c.com",
    ]
    assert dict(result.organization.unmodelled)["transport configuration: MaxSendSize"]
    assert (
        "A parameter cannot be found" in refused("Set-TransportConfig -MaxRecieveSize 1MB").message
    )
    assert "before" in refused("Set-TransportConfig -ShadowRedundancyEnabled $true").message


@pytest.mark.parametrize(
    ("version", "role", "shown"),
    [
        ("2007", "hub", "HubTransport"),
        ("2016", "hub", "Mailbox"),
        ("2010", "edge", "Edge"),
    ],
)
def test_the_server_can_be_asked_for(version, role, shown):
    script = (
        "foreach ($server in Get-ExchangeServer | where {$_.IsHubTransportServer -or "
        '$_.IsEdgeServer}) { "$($server.Name) $($server.ServerRole)" }'
    )
    assert done(script, version, role=role).output == f"EX01 {shown}\n"
    assert "no server `EX02`" in refused("Get-ExchangeServer EX02").message
    every = done("Get-ReceiveConnector").output
    assert done("Get-TransportService | Get-ReceiveConnector", on=server()).output == every
