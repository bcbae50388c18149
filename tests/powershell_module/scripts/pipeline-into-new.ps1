# Servers come down the pipeline and become connectors.
Get-TransportService |
    New-ReceiveConnector -Name 'Internal Relay' -Usage Custom -Bindings '0.0.0.0:2587' -RemoteIPRanges '10.60.0.0/16' -TransportRole FrontendTransport -AuthMechanism Tls -PermissionGroups ExchangeUsers |
    Select-Object -Property Name, @{ Name = 'On'; Expression = { "$($_.Server)" } } |
    ForEach-Object { "$($_.Name) on $($_.On)" }
Get-ReceiveConnector | Where-Object { $_.Bindings -match ':2587$' } | Set-ReceiveConnector -MaxMessageSize 50MB
Get-ReceiveConnector 'Internal Relay' | Get-Member -MemberType Property -Name Remote* | ForEach-Object Name
Get-ReceiveConnector | Group-Object -Property { "$($_.TransportRole)" } | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Count)" }
