Get-ReceiveConnector "Default Frontend EX01" | Format-List Name,Connection*,MaxInbound*,MessageRate*,TarpitInterval
