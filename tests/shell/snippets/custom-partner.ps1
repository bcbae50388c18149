New-ReceiveConnector -Name "Woodgrove TLS" -TransportRole Frontend -Partner -RemoteIPRanges 203.0.113.1/24 -Bindings 0.0.0.0:25
Get-ReceiveConnector | where {$_.Bindings -like '*25' -AND $_.PermissionGroups -like '*Partners*'} | Format-List Identity,Bindings,RemoteIPRanges,PermissionGroups
