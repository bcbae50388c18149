# Option 2 of the article: two application servers may relay, nobody else.
New-ReceiveConnector -Name "CRM Application" -Usage Custom -Bindings 0.0.0.0:25 `
  -RemoteIPRanges 192.168.2.55,192.168.2.56 -PermissionGroups AnonymousUsers
Get-ReceiveConnector "CRM Application"  | Add-ADPermission -User "NT AUTHORITY\ANONYMOUS LOGON" -ExtendedRights "ms-Exch-SMTP-Accept-Any-Recipient"
