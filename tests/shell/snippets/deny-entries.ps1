$deny = @{ 'CONTOSO\Domain Users' = 'ms-Exch-Bypass-Anti-Spam' }
foreach ($key in $deny.Keys) {
    Add-ADPermission -Identity 'Scanner Relay' -User $key -ExtendedRights $deny[$key] -Deny -Confirm:$false | Out-Null
}
Get-ADPermission 'Scanner Relay' | where { $_.Deny -and -not $_.IsInherited } | Format-List User,ExtendedRights,Deny,IsInherited
