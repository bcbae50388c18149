$TLSCert = Get-ExchangeCertificate -Thumbprint 434AC224C8459924B26521298CE8834C514856AB
$TLSCertName = "<I>$($TLSCert.Issuer)<S>$($TLSCert.Subject)"
Set-ReceiveConnector "Client Frontend EX01" -TlsCertificateName $TLSCertName
# note Get-ExchangeCertificate: the certificate `434AC224C8459924B26521298CE8834C514856AB` is not known here; it is taken for there, with the subject and issuer of the server's own
# kept receive connector `Client Frontend EX01`: TlsCertificateName = <I>CN=EX01<S>CN=EX01
