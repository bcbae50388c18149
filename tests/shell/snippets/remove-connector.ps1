New-ReceiveConnector -Name "Woodgrove Inbound" -Usage Partner -Bindings 0.0.0.0:25 -RemoteIPRanges 203.0.113.9
Remove-ReceiveConnector -Identity "Woodgrove Inbound" -Confirm:$false
