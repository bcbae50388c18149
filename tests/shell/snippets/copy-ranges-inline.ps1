(Get-ReceiveConnector -Identity "EX01\Scanner Relay").RemoteIPRanges | Sort-Object | Format-Table
New-ReceiveConnector -Name "SMTP Relay" -Server "EX01" -Usage Custom -TransportRole FrontEndTransport -PermissionGroups AnonymousUsers -Bindings 0.0.0.0:2526 -RemoteIPRanges (Get-ReceiveConnector "EX01\Scanner Relay").RemoteIPRanges
