$cert = Get-ExchangeCertificate | Where-Object { $_.Services -match "SMTP" } | Select-Object -First 1
$tls = "<I>$($cert.Issuer)<S>$($cert.Subject)"
Set-ReceiveConnector "Client Frontend EX01" -TlsCertificateName $tls
(Get-ReceiveConnector "Client Frontend EX01").TlsCertificateName
# > <I>CN=EX01<S>CN=EX01
# note Get-ExchangeCertificate: the certificates of a server are not known here; its own, which setup makes, stands for them
# kept receive connector `Client Frontend EX01`: TlsCertificateName = <I>CN=EX01<S>CN=EX01
