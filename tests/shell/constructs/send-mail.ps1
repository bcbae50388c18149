$null = New-ReceiveConnector -Name Relay -Usage Custom -TransportRole FrontendTransport -Bindings 0.0.0.0:25 -RemoteIPRanges 127.0.0.1 -PermissionGroups AnonymousUsers
Send-MailMessage -From app@contoso.com -To someone@example.net -Subject Test -Body hi -SmtpServer 127.0.0.1
Send-MailMessage -From "App <app@contoso.com>" -To someone@contoso.com -Subject Test -SmtpServer 127.0.0.1
try { Send-MailMessage -From app@contoso.com -To someone@example.net -Subject Test -SmtpServer 127.0.0.1 -ErrorAction Stop } catch { "caught: $($_.Exception.Message)" }
$null = Get-ReceiveConnector Relay | Add-ADPermission -User "NT AUTHORITY\ANONYMOUS LOGON" -ExtendedRights "ms-Exch-SMTP-Accept-Any-Recipient"
Send-MailMessage -From app@contoso.com -To someone@example.net -Subject Test -SmtpServer 127.0.0.1
Send-MailMessage -From app@contoso.com -To someone@example.net -Subject Test -SmtpServer smtp.example.net
Send-MailMessage -From app@contoso.com -To someone@example.net -Subject Test -SmtpServer EX01
# > caught: Mailbox unavailable. The server response was: 5.7.54 SMTP; Unable to relay recipient in non-accepted domain
# note Send-MailMessage: `127.0.0.1` takes the message; nothing was sent
# note Send-MailMessage sends nothing to `smtp.example.net`, which is no server of this configuration
# error SmtpException
# error Undecided
