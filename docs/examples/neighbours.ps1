New-SendConnector -Name Internet -AddressSpaces * -SmartHosts smtp.example.net -DNSRoutingEnabled $false | Out-Null
Restart-Service MSExchangeTransport
Get-SendConnector | Format-Table Name, AddressSpaces, SmartHosts
