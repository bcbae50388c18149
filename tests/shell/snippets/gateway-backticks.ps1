New-ReceiveConnector -Name "From Filter" -TransportRole FrontendTransport `
  -Bindings 0.0.0.0:25 -RemoteIPRanges 10.20.5.20 -Custom `
  -PermissionGroups AnonymousUsers,ExchangeServers -AuthMechanism ExternalAuthoritative
