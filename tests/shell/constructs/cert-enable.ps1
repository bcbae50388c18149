Get-ExchangeCertificate | Format-List FriendlyName,Subject,CertificateDomains,Thumbprint,NotAfter
Enable-ExchangeCertificate -Thumbprint 434AC224C8459924B26521298CE8834C514856AB -Services SMTP
# > FriendlyName : Microsoft Exchange
# > Subject : CN=EX01
# > CertificateDomains : {EX01, EX01.contoso.com}
# > Thumbprint : 470C72BAD105BB9C8EB369D435BE82DEC59F0AF4
# > NotAfter :
# note Get-ExchangeCertificate: the certificates of a server are not known here; its own, which setup makes, stands for them
# kept certificate "434AC224C8459924B26521298CE8834C514856AB": Services = SMTP
