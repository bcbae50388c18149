Get-ReceiveConnector -Identity "Client Frontend*" | Set-ReceiveConnector -Fqdn smtp.contoso.com
Get-ReceiveConnector -Identity "Client Frontend*" | Format-List Name,Fqdn
