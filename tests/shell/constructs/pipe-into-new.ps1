Get-TransportService | New-ReceiveConnector -Name Relay -Usage Custom -TransportRole FrontendTransport -Bindings 0.0.0.0:25 -RemoteIPRanges 10.0.0.5
# > Identity Bindings Enabled
# > -------- -------- -------
# > EX01\Relay {0.0.0.0:25} True
# warning `Relay` has no permission group: it takes no mail until it gets one
