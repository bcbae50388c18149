New-ReceiveConnector -Name "Branch Clients" -Client -RemoteIPRanges 10.30.0.0/16
New-ReceiveConnector -Name "Branch Servers" -Internal -RemoteIPRanges 10.30.1.2
New-ReceiveConnector -Name "World" -Usage Internet -Bindings 10.20.0.1:2525
New-ReceiveConnector -Name "Woodgrove" -Partner -Bindings 0.0.0.0:25 -RemoteIPRanges 203.0.113.0/28
