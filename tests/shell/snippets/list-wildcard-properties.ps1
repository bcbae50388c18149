Get-ReceiveConnector "Client EX01" | fl Permission*
Get-ReceiveConnector "Client EX01" | fl auth*,bind*
