New-ReceiveConnector -Name "Secured by Firewall" -Usage Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.20.0.0/28
Add-ADPermission "Secured by Firewall" -User "NT AUTHORITY\ANONYMOUS LOGON" -ExtendedRights ms-Exch-SMTP-Submit,ms-Exch-SMTP-Accept-Any-Recipient,ms-Exch-Bypass-Anti-Spam
Remove-ADPermission "Secured by Firewall" -User "NT AUTHORITY\ANONYMOUS LOGON" -ExtendedRights ms-Exch-SMTP-Submit,ms-Exch-SMTP-Accept-Any-Recipient,ms-Exch-Bypass-Anti-Spam
