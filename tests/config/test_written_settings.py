"""What shell commands leave outside the connectors can be written to a server file."""

from relaysim.config.serverfile import parse_server
from relaysim.config.writer import format_server
from tests.shell.servers import done


def test_settings_and_the_shells_name_of_a_domain_are_written_and_read_back():
    organization = done(
        """New-AcceptedDomain -Name Fabrikam -DomainName fabrikam.com
Set-AcceptedDomain Fabrikam -MakeDefault $true
Set-TransportConfig -MaxSendSize 20MB -TLSReceiveDomainSecureList a.com,b.com
Set-ReceiveConnector 'Client EX01' -Comment 'line "one"' -MaxHopCount 40"""
    ).organization
    text = format_server(organization)
    assert "[organization.unmodelled]" in text
    again = parse_server(text.encode(), file="x.toml")
    assert again.accepted_domains == organization.accepted_domains
    assert again.unmodelled == organization.unmodelled
    for one, other in zip(again.connectors, organization.connectors, strict=True):
        assert one.unmodelled == other.unmodelled
        assert set(one.acl) == set(other.acl)
