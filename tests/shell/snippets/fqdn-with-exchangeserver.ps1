Set-ReceiveConnector "Default EX01" -Fqdn mail.contoso.com
Set-ReceiveConnector "Default EX01" -Fqdn EX01
(Get-ReceiveConnector "Default EX01").Fqdn
Set-ReceiveConnector "Default EX01" -Fqdn $null
