# Relay for the two multifunction printers
New-ReceiveConnector -Name "MFP" -TransportRole FrontendTransport -Custom -Bindings 0.0.0.0:25 -RemoteIpRanges 10.20.100.50, 10.20.100.51
Set-ReceiveConnector "MFP" -PermissionGroups AnonymousUsers
Get-ReceiveConnector "MFP" | Add-ADPermission -User "NT-Authority\Anonymous-Logon" -ExtendedRights "Ms-Exch-SMTP-Accept-Any-Recipient"
