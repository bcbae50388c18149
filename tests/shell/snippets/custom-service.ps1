New-ReceiveConnector -Name "From the Ticket System" -TransportRole Frontend -Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.20.0.51 -AuthMechanism BasicAuth -PermissionGroups AnonymousUsers
