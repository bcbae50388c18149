New-ReceiveConnector -Name "Relay" -TransportRole FrontendTransport -Custom -Bindings 0.0.0.0:25 -RemoteIpRanges 10.20.1.5,10.20.1.0/24
Set-ReceiveConnector "Relay" -PermissionGroups AnonymousUsers
Get-ReceiveConnector "Relay" | Add-ADPermission -User "NT AUTHORITY\ANONYMOUS LOGON" -ExtendedRights "Ms-Exch-SMTP-Accept-Any-Recipient"
