New-AcceptedDomain -DomainName woodgrove.example -DomainType Authoritative -Name Woodgrove
New-AcceptedDomain -Name "Woodgrove Branch" -DomainName branch.woodgrove.example -DomainType InternalRelay
Get-AcceptedDomain | Where{$_.DomainType -eq 'Authoritative'} | ForEach-Object { $_.DomainName }
