# Takes a connector away and puts it back from its own export.
$name = 'Legacy Relay'
$null = New-ReceiveConnector $name -Usage Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.70.0.1, 10.70.0.2 -TransportRole FrontendTransport -PermissionGroups AnonymousUsers -AuthMechanism Tls
Get-ReceiveConnector $name | Add-ADPermission -User 'NT AUTHORITY\ANONYMOUS LOGON' -ExtendedRights ms-Exch-SMTP-Accept-Any-Recipient | Out-Null
$file = Join-Path ([System.IO.Path]::GetTempPath()) "legacy-$([guid]::NewGuid()).xml"
[pscustomobject] @{
    Connector = Get-ReceiveConnector $name
    Entries   = @(Get-ReceiveConnector $name | Get-ADPermission -User 'NT AUTHORITY\ANONYMOUS LOGON' | Where-Object { -not $_.IsInherited })
} | Export-Clixml -Path $file -Depth 5
Remove-ReceiveConnector $name -Confirm:$false
$back = Import-Clixml -Path $file
$old = $back.Connector
$null = New-ReceiveConnector -Name $old.Name -Usage Custom -Bindings $old.Bindings -RemoteIPRanges $old.RemoteIPRanges -TransportRole $old.TransportRole -PermissionGroups AnonymousUsers -AuthMechanism $old.AuthMechanism
foreach ($entry in $back.Entries | Where-Object { "$($_.ExtendedRights)" -match 'Any-Recipient' }) {
    $null = Add-ADPermission -Identity $name -User "$($entry.User)" -ExtendedRights "$($entry.ExtendedRights)"
}
$again = Get-ReceiveConnector $name | Get-ADPermission -User 'NT AUTHORITY\ANONYMOUS LOGON' | Where-Object { "$($_.ExtendedRights)" -match 'Any-Recipient' }
"$($old.RemoteIPRanges.Count) ranges, relays again: $([bool] $again)"
Remove-Item -LiteralPath $file
