New-ReceiveConnector -Name "Scanner Relay" -TransportRole FrontendTransport -Custom -Bindings 0.0.0.0:25 -RemoteIpRanges 10.20.0.14,10.20.0.15
Set-ReceiveConnector "Scanner Relay" -PermissionGroups AnonymousUsers
Get-ReceiveConnector "Scanner Relay" | Add-ADPermission -User "NT AUTHORITY\ANONYMOUS LOGON" -ExtendedRights "Ms-Exch-SMTP-Accept-Any-Recipient"
