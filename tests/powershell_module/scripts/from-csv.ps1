# Connectors from a table, each by splatting; a line that is wrong is told and the rest goes on.
@'
Name,Ranges,Port,Anonymous
Printers,10.30.0.1;10.30.0.2,25,yes
Monitoring,10.31.0.0/24,2530,no
Broken,10.32.0.999,25,yes
'@ | Set-Content -Path .\relays.csv
$made = 0
foreach ($row in Import-Csv .\relays.csv) {
    $settings = @{
        Name           = $row.Name
        Usage          = 'Custom'
        TransportRole  = 'FrontendTransport'
        Bindings       = "0.0.0.0:$($row.Port)"
        RemoteIPRanges = $row.Ranges -split ';'
        ErrorAction    = 'Stop'
    }
    if ($row.Anonymous -eq 'yes') { $settings['PermissionGroups'] = 'AnonymousUsers' } else { $settings['PermissionGroups'] = 'ExchangeUsers' }
    try { $null = New-ReceiveConnector @settings; $made++ }
    catch { Write-Warning "$($row.Name): $($_.Exception.Message.Split([char] 10)[0])" }
}
"made $made"
Remove-Item .\relays.csv
