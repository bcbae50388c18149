New-ReceiveConnector -Name "Drucker" -Usage Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.20.100.50 -PermissionGroups AnonymousUsers
Get-ReceiveConnector "Drucker" | Add-ADPermission -User "NT-AUTORITÄT\ANONYMOUS-ANMELDUNG" -ExtendedRights "ms-Exch-SMTP-Accept-Any-Recipient"
