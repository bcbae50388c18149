New-ReceiveConnector -Name "Misplaced Relay" -TransportRole HubTransport -Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.20.0.14
