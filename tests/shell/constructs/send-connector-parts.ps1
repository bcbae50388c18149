# exchange 2016
# What address spaces and source servers of a send connector are made of.
New-SendConnector 'To partner' -AddressSpaces '*.partner.example;5', 'SMTP:example.net' -SourceTransportServers EX01 -SmartHosts smtp.example.com | Out-Null
$found = Get-SendConnector | Where-Object { $_.AddressSpaces.Address -like '*partner*' -and $_.Enabled -eq $true }
$found.AddressSpaces[0].Type, $found.AddressSpaces[0].Address, $found.AddressSpaces[0].Domain -join ' '
$found.AddressSpaces.Cost
"$($found.AddressSpaces)"
$found.SourceTransportServers.Name -contains 'EX01'
Set-SendConnector 'To partner' -AddressSpaces @{ Add = '*' }
(Get-SendConnector).AddressSpaces.Count
(Get-SendConnector 'To partner').AddressSpaces -join ', '
# > SMTP *.partner.example partner.example
# > 5
# > 1
# > SMTP:*.partner.example;5 SMTP:example.net;1
# > True
# > 3
# > SMTP:*.partner.example;5, SMTP:example.net;1, SMTP:*;1
# kept send connector "To partner": SourceTransportServers = EX01
# kept send connector "To partner": SmartHosts = smtp.example.com
# kept send connector "To partner": AddressSpaces = ["SMTP:*.partner.example;5", "SMTP:example.net;1", "SMTP:*;1"]
