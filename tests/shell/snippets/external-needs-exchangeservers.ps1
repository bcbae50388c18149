New-ReceiveConnector -Name "Fax Relay" -TransportRole FrontendTransport -Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.20.0.61 -PermissionGroups AnonymousUsers
Set-ReceiveConnector "Fax Relay" -AuthMechanism ExternalAuthoritative
(Get-ReceiveConnector "Fax Relay").PermissionGroups
Set-ReceiveConnector "Fax Relay" -PermissionGroups ExchangeServers
(Get-ReceiveConnector "Fax Relay").PermissionGroups
Set-ReceiveConnector "Fax Relay" -AuthMechanism ExternalAuthoritative -PermissionGroups ExchangeServers,AnonymousUsers
