Get-ReceiveConnector -Server EX01
