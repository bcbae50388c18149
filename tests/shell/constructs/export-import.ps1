# now 2026-03-04T05:06:07
param([string]$Path = ".", [switch]$Import)
$date = Get-Date -Format "yyyyMMdd_HHmm"
$dir = Join-Path -Path $PSScriptRoot -ChildPath "Backup_$date"
if (-not (Test-Path -Path $dir -PathType Container)) { New-Item -Path $dir -ItemType Directory | Out-Null }
$file = Join-Path $dir "connectors.xml"
Get-ReceiveConnector -Server $env:COMPUTERNAME | Export-Clixml -Path $file
$loaded = Import-Clixml $file
foreach ($c in $loaded) {
    "{0};{1};{2}" -f $c.Name, ($c.RemoteIPRanges -join ","), ($c.PermissionGroups -join "|")
}
$report = foreach ($c in $loaded) { [pscustomobject]@{ Name = $c.Name; Bindings = $c.Bindings -join ","; Max = $c.MaxMessageSize } }
$report | Export-Csv (Join-Path $dir "connectors.csv") -NoTypeInformation -Encoding UTF8
$report | ConvertTo-Html -Title "Connectors" | Out-File "$dir\connectors.html"
Get-ChildItem $dir | Sort-Object Name | Select-Object Name
$logfile = "$dir\log.txt"
function Log($m) { Add-Content -Path $logfile -Value ("{0} {1}" -f (Get-Date).ToString("HH:mm:ss"), $m) }
Log "start"
"EX01" | Out-File $logfile -Append -Encoding ascii
Get-Content $logfile
# > Default EX01;::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,0.0.0.0-255.255.255.255;ExchangeUsers, ExchangeServers, ExchangeLegacyServers
# > Client Proxy EX01;::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,0.0.0.0-255.255.255.255;ExchangeUsers, ExchangeServers
# > Default Frontend EX01;::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,0.0.0.0-255.255.255.255;AnonymousUsers, ExchangeServers, ExchangeLegacyServers
# > Outbound Proxy Frontend EX01;::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,0.0.0.0-255.255.255.255;ExchangeServers
# > Client Frontend EX01;::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,0.0.0.0-255.255.255.255;ExchangeUsers
# > Name
# > ----
# > connectors.csv
# > connectors.html
# > connectors.xml
# > 05:06:07 start
# > EX01
# file Backup_20260304_0506/connectors.xml
# file Backup_20260304_0506/connectors.csv
# file Backup_20260304_0506/connectors.html
# file Backup_20260304_0506/log.txt
