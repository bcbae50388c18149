$cert = @{Issuer = 'CN=Contoso Issuing CA'; Subject = 'CN=smtp.contoso.com'}
$tlsCertificateName = "<i>$($cert.Issuer)<s>$($cert.Subject)"
Get-ReceiveConnector "Client Frontend EX01" | Set-ReceiveConnector -TlsCertificateName $tlsCertificateName
