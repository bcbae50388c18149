$null = New-ReceiveConnector -Name Relay -Usage Custom -TransportRole FrontendTransport -Bindings 0.0.0.0:25 -RemoteIPRanges 127.0.0.1 -PermissionGroups AnonymousUsers
$m = New-Object System.Net.Mail.MailMessage
$m.From = 'app@contoso.com'
$m.To.Add('a@contoso.com')
$m.CC.Add('b@contoso.com, c@contoso.com')
$m.Subject = 'x'; $m.Body = '<b>y</b>'; $m.IsBodyHtml = $true
$m.Attachments.Add((New-Object Net.Mail.Attachment 'C:\temp\a.csv'))
$s = New-Object Net.Mail.SmtpClient('127.0.0.1')
$s.Send($m)
$m.To.Add('someone@example.net')
try { $s.Send($m); 'sent' } catch { "failed: $($_.Exception.Message)" }
$s2 = New-Object System.Net.Mail.SmtpClient('127.0.0.1', 25)
$s2.Send('app@contoso.com', 'x@contoso.com', 'subject', 'body')
$s3 = New-Object Net.Mail.SmtpClient; $s3.Host = 'smtp.example.com'; $s3.Credentials = New-Object System.Net.NetworkCredential('u','p'); $s3.EnableSsl = $true
$s3.Send($m); $s3.Dispose()
"$($m.To)"
# > failed: Exception calling "Send" with "1" argument(s): "Mailbox unavailable. The server response was: 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"
# > a@contoso.com someone@example.net
# note SmtpClient: `127.0.0.1` takes the message; nothing was sent
# note SmtpClient sends nothing to `smtp.example.com`, which is no server of this configuration
