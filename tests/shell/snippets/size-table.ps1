Get-ReceiveConnector | Format-Table Name,Max*Size,MaxRecipientsPerMessage
