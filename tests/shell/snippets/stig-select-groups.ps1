Get-ReceiveConnector | Select Name, Identity, PermissionGroups
Set-ReceiveConnector -Identity 'Scanner Relay' -PermissionGroups 'ExchangeServers, ExchangeUsers'
