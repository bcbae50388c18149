# A table of connectors for Excel, with a backup of what was there.
$stamp = Get-Date -Format 'yyyyMMdd-HHmmss'
$folder = New-Item -ItemType Directory -Path (Join-Path (Get-Location) "report-$stamp")
$rows = foreach ($connector in Get-ReceiveConnector) {
    [pscustomobject] @{
        Server   = "$($connector.Server)"
        Name     = $connector.Name
        Bindings = $connector.Bindings -join ';'
        Ranges   = ($connector.RemoteIPRanges | ForEach-Object { "$($_.LowerBound)-$($_.UpperBound)" }) -join ';'
        Groups   = "$($connector.PermissionGroups)"
        MaxMB    = $connector.MaxMessageSize.ToMB()
    }
}
$rows | Export-Csv -Path (Join-Path $folder 'connectors.csv') -NoTypeInformation -Encoding UTF8
Get-ReceiveConnector | Export-Clixml -Path (Join-Path $folder 'connectors.xml')
$again = Import-Csv -Path (Join-Path $folder 'connectors.csv')
"rows $($again.Count), back from XML $(@(Import-Clixml (Join-Path $folder 'connectors.xml')).Count)"
(Import-Clixml (Join-Path $folder 'connectors.xml'))[0].MaxMessageSize.ToMB()
Split-Path -Leaf (Join-Path $folder 'connectors.csv')
Remove-Item -LiteralPath $folder -Recurse -Force
