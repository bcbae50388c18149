New-ReceiveConnector -Name Lab -Usage Custom -Bindings 10.20.0.1:26 -RemoteIPRanges 10.20.9.1-10.20.9.24
