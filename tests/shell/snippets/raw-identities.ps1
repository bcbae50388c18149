Get-ReceiveConnector "Client Frontend EX01" | Get-ADPermission |
    Where-Object { $_.IsInherited -eq $false } |
    Select-Object @{n='Who';e={$_.User.RawIdentity}}, @{n='What';e={$_.ExtendedRights.RawIdentity}} |
    Sort-Object What | Format-Table -HideTableHeaders
