Get-ADPermission -Identity "Client Frontend EX01" | where {($_.Deny -eq $false) -and ($_.IsInherited -eq $false)} | Format-Table User,ExtendedRights
