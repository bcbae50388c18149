# What stands around the connectors: certificates, send connectors, sites, settings of the servers.
$certificate = Get-ExchangeCertificate | Where-Object { $_.Services -match 'SMTP' } | Sort-Object NotAfter -Descending | Select-Object -First 1
if ($certificate) {
    $name = "<i>$($certificate.Issuer)<s>$($certificate.Subject)"
    Set-ReceiveConnector 'Client Frontend EX01' -TlsCertificateName $name -Fqdn mail.contoso.com
}
$null = New-SendConnector -Name 'To the world' -AddressSpaces 'SMTP:*;1' -SourceTransportServers EX01 -DNSRoutingEnabled $true
Set-SendConnector 'To the world' -ProtocolLoggingLevel Verbose
"senders $(@(Get-SendConnector).Count)"
Get-AcceptedDomain | ForEach-Object { "$($_.DomainName) $($_.DomainType)" }
Set-TransportService EX01 -ReceiveProtocolLogMaxAge 30.00:00:00 -ErrorAction SilentlyContinue
Get-TransportConfig | Out-Null
Get-Mailbox -ResultSize 5 -ErrorAction SilentlyContinue | Out-Null
(Get-ReceiveConnector 'Client Frontend EX01').Fqdn.ToString()
