New-ReceiveConnector -Name "Partner Gateway" -TransportRole FrontendTransport -Custom -Bindings 0.0.0.0:25 -RemoteIpRanges 10.20.0.30
Set-ReceiveConnector "Partner Gateway" -AuthMechanism ExternalAuthoritative -PermissionGroups ExchangeServers
