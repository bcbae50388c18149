Set-ReceiveConnector "Scanner Relay" -RemoteIPRanges 10.20.0.15,10.20.0.16 -PermissionGroups ExchangeUsers
