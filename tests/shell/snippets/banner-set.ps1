Set-ReceiveConnector -Identity "Default Frontend EX01" -Banner "220 mail.contoso.com"
