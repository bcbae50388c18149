New-ReceiveConnector -Name "From Woodgrove" -Usage Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 203.0.113.9 -PermissionGroups AnonymousUsers
Set-ReceiveConnector "From Woodgrove" -MaxMessageSize 50MB -ProtocolLoggingLevel Verbose
$old = Get-ReceiveConnector "From Woodgrove"
$old.RemoteIPRanges += "203.0.113.44"
Set-ReceiveConnector "From Woodgrove" -RemoteIPRanges $old.RemoteIPRanges
