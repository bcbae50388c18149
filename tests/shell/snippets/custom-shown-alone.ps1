New-ReceiveConnector -Name "App Relay" -TransportRole FrontendTransport -Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.20.0.70 -PermissionGroups None
Get-ReceiveConnector "App Relay" | Add-ADPermission -User "CONTOSO\svc-app" -ExtendedRights "ms-Exch-SMTP-Submit","ms-Exch-SMTP-Accept-Any-Recipient","ms-Exch-Bypass-Anti-Spam" | Out-Null
(Get-ReceiveConnector "App Relay").PermissionGroups
Set-ReceiveConnector "App Relay" -PermissionGroups Custom
