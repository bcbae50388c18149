New-ReceiveConnector -Name "Scanner Relay" -TransportRole FrontendTransport -Custom -Bindings 0.0.0.0:25 -RemoteIpRanges 10.20.0.14,10.20.0.15
Get-ReceiveConnector "Scanner Relay" | Format-List Enabled,TransportRole,Bindings,RemoteIPRanges
