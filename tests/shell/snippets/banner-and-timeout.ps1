Set-ReceiveConnector -Identity "Default EX01" -Banner "220 SMTP ready" -ConnectionTimeout 00:15:00
