$server = Get-ExchangeServer $env:COMPUTERNAME
$version = [version]($server.AdminDisplayVersion.ToString() -replace "Version (\d+\.\d+).*", '$1')
if ($version -ge [version]"15.0") { $role = @{ TransportRole = 'FrontendTransport' } } else { $role = @{} }
if (Get-Command New-ReceiveConnector -ErrorAction SilentlyContinue) {
    if ((Get-Command New-ReceiveConnector).Parameters.ContainsKey("TransportRole")) { "has roles" }
    New-ReceiveConnector -Name "Localhost" -Usage Custom -Bindings '0.0.0.0:25' -RemoteIPRanges 127.0.0.1 -PermissionGroups AnonymousUsers @role | Format-Table Name, TransportRole
}
$v = Get-Command exsetup.exe | ForEach-Object { $_.FileVersionInfo }
$v.ProductVersion.Substring(0,5)
switch -wildcard ($v.ProductVersion) { "15.*" { "modern" } default { "old" } }
([string]$server.AdminDisplayVersion).Split(" ")[1]
$ranges = "10.0.0.0/8", "192.168.1.1-192.168.1.20"
foreach ($r in $ranges) { if ($r -match '(?<low>[\d.]+)-(?<high>[\d.]+)') { "$($Matches.low) to $($Matches['high'])" } }
[regex]::Matches((Get-ReceiveConnector "Default EX01").Identity.DistinguishedName, "DC=(\w+)") | ForEach-Object { $_.Groups[1].Value }
$ht = [ordered]@{}; Get-ReceiveConnector | % { $ht[$_.Name] = $_.RemoteIPRanges.Count }; $ht.GetEnumerator() | % { "$($_.Key)=$($_.Value)" }
# > has roles
# > Name TransportRole
# > ---- -------------
# > Localhost FrontendTransport
# > 15.1.
# > modern
# > 15.1
# > 192.168.1.1 to 192.168.1.20
# > contoso
# > com
# > Default EX01=2
# > Client Proxy EX01=2
# > Default Frontend EX01=2
# > Outbound Proxy Frontend EX01=2
# > Client Frontend EX01=2
# > Localhost=1
