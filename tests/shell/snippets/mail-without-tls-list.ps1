Get-ReceiveConnector -Server EX01 | Format-Table Identity, Bindings
