# A server in the pipeline is a server, not the name of a database.
Get-ExchangeServer | Get-MailboxDatabase | Select-Object Name
'done'
# note Get-MailboxDatabase: nothing is known here of a mailbox database
# > done
