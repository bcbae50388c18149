New-ReceiveConnector -Name PublicInbound -Usage Internet -Bindings 10.40.1.9:26
remove-ADPermission -Identity PublicInbound -User "NT AUTHORITY\ANONYMOUS LOGON" -ExtendedRights ms-Exch-SMTP-Accept-Authoritative-Domain-Sender
