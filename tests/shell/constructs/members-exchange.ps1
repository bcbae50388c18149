Get-ExchangeServer | ? { $_.AdminDisplayVersion.Major -eq 15 } | % { $_.Name }
(Get-ExchangeServer).AdminDisplayVersion.Minor
(Get-ExchangeServer).AdminDisplayVersion
(Get-ExchangeServer).AdminDisplayVersion.Build
if ((Get-ExchangeServer).AdminDisplayVersion -match "Version 15") {"m"}
$c = Get-ReceiveConnector "Default Frontend EX01"
$c.Fqdn.Domain
"$($c.Fqdn)"
$c.Server.DistinguishedName
$c.Identity.Parent.Name
"$($c.Identity.Parent)"
$c.PermissionGroups.value__
[int]$c.PermissionGroups
[int]$c.AuthMechanism
[int]$c.TransportRole
$c.PermissionGroups -band 1
$c.Bindings[0].Address.AddressFamily
$c.RemoteIPRanges[0].LowerBound.ToString()
$c.Identity.Rdn.ToString()
$c.Guid
$c.WhenCreated
$c.PermissionGroups.ToString()
$c.PermissionGroups.HasFlag([Microsoft.Exchange.Data.Directory.SystemConfiguration.PermissionGroups]::AnonymousUsers)
($c.PermissionGroups -split ", ") -contains "AnonymousUsers"
(Get-ExchangeServer).Site
(Get-ExchangeServer).IsE15OrLater
(Get-ExchangeServer).Edition
(Get-ExchangeServer).ServerRole -match "Mailbox"
# > EX01
# > 1
# > Version 15.1
# > m
# > EX01.contoso.com
# > EX01.contoso.com
# > CN=EX01,CN=Servers,CN=Exchange Administrative Group (FYDIBOHF23SPDLT),CN=Administrative Groups,CN=First Organization,CN=Microsoft Exchange,CN=Services,CN=Configuration,DC=contoso,DC=com
# > SMTP Receive Connectors
# > 13
# > 13
# > 31
# > 16384
# > 1
# > InterNetwork
# > ::
# > CN=Default Frontend EX01
# > AnonymousUsers, ExchangeServers, ExchangeLegacyServers
# > True
# > True
# > True
