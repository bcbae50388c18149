Set-ReceiveConnector "Default Frontend EX01" -Banner "220 Contoso Mail"
Set-ReceiveConnector "Default Frontend EX01" -Banner $null
