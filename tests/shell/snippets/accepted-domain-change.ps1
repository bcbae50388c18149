New-AcceptedDomain -Name "Woodgrove Corp" -DomainName woodgrove.example
Set-AcceptedDomain -Identity "Woodgrove Corp" -DomainType InternalRelay
Get-AcceptedDomain | Where {$_.DomainName -eq "woodgrove.example"} | Set-AcceptedDomain -Name Woodgrove
Get-AcceptedDomain | Format-Table -Auto Name,DomainName,DomainType
