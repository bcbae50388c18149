$connector = @{
    Name             = 'Batch Relay'
    Usage            = 'Custom'
    TransportRole    = 'FrontendTransport'
    AuthMechanism    = 'Tls', 'ExternalAuthoritative'
    Bindings         = '0.0.0.0:25'
    PermissionGroups = 'AnonymousUsers', 'ExchangeServers'
    RemoteIPRanges   = '10.20.8.101', '10.20.8.102'
}
New-ReceiveConnector @connector
