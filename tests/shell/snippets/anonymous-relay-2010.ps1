New-ReceiveConnector -Name "Press Room" -Usage Custom -PermissionGroups AnonymousUsers -Bindings 10.20.0.1:25 -RemoteIpRanges 10.20.5.77
Get-ReceiveConnector "Press Room" | Add-ADPermission -User "NT AUTHORITY\ANONYMOUS LOGON" -ExtendedRights "Ms-Exch-SMTP-Accept-Any-Recipient"
