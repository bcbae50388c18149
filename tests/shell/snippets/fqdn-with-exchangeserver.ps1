Set-ReceiveConnector "Default EX01" -Fqdn mail.contoso.com
Set-ReceiveConnector "Default EX01" -Fqdn $null
