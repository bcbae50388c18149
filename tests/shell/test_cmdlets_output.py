"""What the Exchange cmdlets print, compared as a whole, and the run of a whole script."""

import pytest

from relaysim.errors import InvalidScript
from relaysim.management_shell import run
from tests.shell.servers import done, server

ARTICLE = """
# Allowing application servers to relay, option 2.
New-ReceiveConnector -Name "CRM Application" -Usage Custom -Bindings 0.0.0.0:25 `
    -RemoteIPRanges 192.168.2.55, 192.168.2.56 -PermissionGroups AnonymousUsers | Out-Null
Get-ReceiveConnector "CRM Application"  | Add-ADPermission -User "NT AUTHORITY\\ANONYMOUS LOGON" \
-ExtendedRights "ms-Exch-SMTP-Accept-Any-Recipient"
"""

ORDER_2019 = [
    "AuthMechanism", "Banner", "BinaryMimeEnabled", "Bindings", "ChunkingEnabled", "DefaultDomain",
    "DeliveryStatusNotificationEnabled", "EightBitMimeEnabled", "SmtpUtf8Enabled",
    "BareLinefeedRejectionEnabled", "DomainSecureEnabled", "EnhancedStatusCodesEnabled",
    "LongAddressesEnabled", "OrarEnabled", "SuppressXAnonymousTls", "ProxyEnabled",
    "AdvertiseClientSettings", "Fqdn", "ServiceDiscoveryFqdn", "TlsCertificateName", "Comment",
    "Enabled", "ConnectionTimeout", "ConnectionInactivityTimeout", "MessageRateLimit",
    "MessageRateSource", "MaxInboundConnection", "MaxInboundConnectionPerSource",
    "MaxInboundConnectionPercentagePerSource", "MaxHeaderSize", "MaxHopCount", "MaxLocalHopCount",
    "MaxLogonFailures", "MaxMessageSize", "MaxProtocolErrors", "MaxRecipientsPerMessage",
    "PermissionGroups", "PipeliningEnabled", "ProtocolLoggingLevel", "RemoteIPRanges",
    "RequireEHLODomain", "RequireTLS", "EnableAuthGSSAPI", "ExtendedProtectionPolicy",
    "LiveCredentialEnabled", "TlsDomainCapabilities", "Server", "TransportRole",
    "RejectReservedTopLevelRecipientDomains", "RejectReservedSecondLevelRecipientDomains",
    "RejectSingleLabelRecipientDomains", "AcceptConsumerMail", "SizeEnabled", "TarpitInterval",
    "AuthTarpitInterval", "MaxAcknowledgementDelay", "AdminDisplayName", "ExchangeVersion", "Name",
    "DistinguishedName", "Identity", "Guid", "ObjectCategory", "ObjectClass", "WhenChanged",
    "WhenCreated", "WhenChangedUTC", "WhenCreatedUTC", "OrganizationId", "Id",
    "OriginatingServer", "IsValid", "ObjectState",
]  # fmt: skip


def listed(text):
    """Names and values of the first list in an output."""
    block = text.strip("\n").split("\n\n")[0]
    pairs = [line.partition(":") for line in block.splitlines()]
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def test_a_table_of_connectors():
    listed = done("Get-ReceiveConnector", on=done(ARTICLE).organization)
    assert (
        listed.output
        == """
Identity             Bindings                Enabled
--------             --------                -------
EX01\\Default EX01    {0.0.0.0:25, [::]:25}   True
EX01\\Client EX01     {0.0.0.0:587, [::]:587} True
EX01\\CRM Application {0.0.0.0:25}            True


"""
    )


def test_an_object_of_another_type_is_a_list_among_the_rows_of_a_table():
    # As in PowerShell: what a whole script writes goes through one Out-Default.
    written = done("Get-ReceiveConnector 'Client EX01'; Get-AcceptedDomain; 'end'").output
    assert "Identity         Bindings" in written
    assert "DomainType                   : Authoritative" in written or "DomainType " in written
    assert written.rstrip().endswith("end")


def test_the_article_prints_the_entry_that_was_added():
    expected = """
Identity             User                         Deny  Inherited
--------             ----                         ----  ---------
EX01\\CRM Application NT AUTHORITY\\ANONYMOUS LOGON False False


"""
    assert done(ARTICLE).output == expected
    listed_again = "Get-ADPermission 'CRM Application' -User AN | select -Last 1 | ft"
    assert done(listed_again, on=done(ARTICLE).organization).output == expected


def test_a_full_list_has_exchanges_order_and_texts():
    # Source: CSSE19.
    pairs = listed(done("Get-ReceiveConnector 'Default EX01' | fl", "2019").output)
    assert [name for name, _ in pairs] == ORDER_2019
    shown = dict(pairs)
    assert shown["AuthMechanism"] == (
        "Tls, Integrated, BasicAuth, BasicAuthRequireTLS, ExchangeServer"
    )
    assert shown["Bindings"] == "{0.0.0.0:2525, [::]:2525}"
    assert shown["MaxHeaderSize"] == "256 KB (262,144 bytes)"
    assert shown["MaxMessageSize"] == "36 MB (37,748,736 bytes)"
    assert shown["MessageRateLimit"] == "Unlimited"
    assert shown["ConnectionTimeout"] == "00:10:00"
    assert shown["PermissionGroups"] == "ExchangeUsers, ExchangeServers, ExchangeLegacyServers"
    assert shown["RemoteIPRanges"] == (
        "{::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 0.0.0.0-255.255.255.255}"
    )
    assert shown["ExchangeVersion"] == "0.1 (8.0.535.0)"
    assert shown["Identity"] == "EX01\\Default EX01"
    assert shown["SizeEnabled"] == "EnabledWithoutValue"


NEW_IN_2016 = {
    "SmtpUtf8Enabled", "AuthTarpitInterval", "AcceptConsumerMail",
    "RejectReservedTopLevelRecipientDomains", "RejectReservedSecondLevelRecipientDomains",
    "RejectSingleLabelRecipientDomains",
}  # fmt: skip
NEW_IN_2013 = {"ProxyEnabled", "ServiceDiscoveryFqdn", "TlsCertificateName", "TransportRole"}


@pytest.mark.parametrize(
    ("version", "missing"),
    [("2019", set()), ("2013", NEW_IN_2016), ("2010", NEW_IN_2016 | NEW_IN_2013)],
)
def test_an_older_version_shows_only_what_it_knows(version, missing):
    names = [name for name, _ in listed(done("Get-ReceiveConnector | fl", version).output)]
    assert names == [name for name in ORDER_2019 if name not in missing]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("$c.RemoteIPRanges[0].LowerBound", "10.1.0.0"),
        ("$c.RemoteIPRanges[0].UpperBound.ToString()", "10.1.255.255"),
        ("$c.RemoteIPRanges[0].Expression", "10.1.2.3/16"),
        ("$c.RemoteIPRanges[0].CIDRLength", "16"),
        ("$c.RemoteIPRanges[0].RangeFormat", "CIDR"),
        ("$c.RemoteIPRanges[1].Size", "1"),
        ("$c.RemoteIPRanges -join ';'", "10.1.2.3/16;10.0.0.5"),
        ("$c.RemoteIPRanges.Count", "2"),
        ("$c.RemoteIPRanges -contains '10.0.0.5'", "True"),
        ('"$($c.Bindings)"', "0.0.0.0:25"),
        ("$c.Bindings[0].Port", "25"),
        ("$c.Bindings[0].Address -eq '0.0.0.0'", "True"),
        ("$c.Bindings[0].AddressFamily", "InterNetwork"),
        ("$c.MaxMessageSize -gt 5MB", "True"),
        ("$c.MaxMessageSize -eq '10MB'", "True"),
        ("$c.MaxMessageSize.ToMB()", "10"),
        ('"$($c.MaxMessageSize)"', "10 MB (10,485,760 bytes)"),
        ("$c.ConnectionTimeout.TotalMinutes", "10"),
        ('"$c"', "EX01\\Relay"),
        ("$c.Identity.Name", "Relay"),
        ("$c.Server.Name + '/' + $c.Server", "EX01/EX01"),
        ("$c.PermissionGroups -match 'Anonymous'", "True"),
        ("$c.PermissionGroups.ToString().Split(',').Count", "1"),
        ("$c.AuthMechanism", "Tls"),
        ("$c.GetType().Name", "ReceiveConnector"),
        ("[Microsoft.Exchange.Data.IPRange]'10.0.0.0/8' | select -exp UpperBound",
         "10.255.255.255"),
        ("($c | select Name,@{n='IPs';e={$_.RemoteIPRanges -join ','}}).IPs",
         "10.1.2.3/16,10.0.0.5"),
        ("$env:COMPUTERNAME", "EX01"),
    ],
)  # fmt: skip
def test_properties_are_usable_in_a_script(script, expected):
    new = (
        "$c = New-ReceiveConnector Relay -Custom -Bindings 0.0.0.0:25 "
        "-RemoteIPRanges 10.1.2.3/16,10.0.0.5 -PermissionGroups AnonymousUsers\n"
    )
    assert done(new + script).output == f"{expected}\n"


def test_long_lists_are_cut_as_format_enumeration_limit_says():
    many = ",".join(f"10.0.0.{number}" for number in range(1, 21))
    new = f"New-ReceiveConnector Relay -Custom -Bindings 0.0.0.0:25 -RemoteIPRanges {many} | fl R*s"
    shown = listed(done(new).output)
    assert shown[0][1].endswith("10.0.0.16...}")
    whole = listed(done(f"$FormatEnumerationLimit = -1; {new}").output)
    assert whole[0][1].endswith("10.0.0.20}")


def test_a_name_cannot_act_on_the_terminal():
    new = 'New-ReceiveConnector "a`e[31mb" -Custom -Bindings 0.0.0.0:26 -RemoteIPRanges 10.0.0.5'
    new = new.replace("`e", "$([char]27)")
    assert "\x1b" not in done(new).output
    assert "\\x1b" in done(new).output


def test_a_script_that_cannot_be_understood_does_not_run():
    with pytest.raises(InvalidScript) as caught:
        run("Remove-ReceiveConnector *\nGet-Nonsense\nif (", server(), file="x.ps1")
    assert caught.value.problems[0].file == "x.ps1"
    with pytest.raises(InvalidScript, match="`Enable-Nonsense` is no command"):
        run("Enable-Nonsense app", server())


def test_a_run_is_pure():
    organization = server()
    first = run(ARTICLE, organization)
    assert organization == server()
    assert run(ARTICLE, organization) == first
    assert first.organization != organization


def test_files_are_read_only_through_the_reader():
    script = (
        "foreach ($ip in Get-Content .\\ips.txt) { Set-ReceiveConnector 'Client EX01' "
        "-RemoteIPRanges @{Add=$ip} }\n(Get-ReceiveConnector 'Client EX01').RemoteIPRanges.Count"
    )
    files = {".\\ips.txt": "10.0.0.1\n10.0.0.2\n"}
    result = run(script, server(), reader=files.__getitem__)
    assert (result.output, result.errors) == ("4\n", ())
    assert run(script, server()).failed
