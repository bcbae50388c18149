New-AcceptedDomain -Name "Woodgrove Domain" -DomainName "woodgrove.example" -WhatIf
