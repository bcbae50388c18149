$entries = @{'NT AUTHORITY\ANONYMOUS LOGON' = 'Ms-Exch-SMTP-Accept-Any-Recipient,ms-Exch-Accept-Headers-Routing'}
$name = 'EX01\Scanner Relay'.Split('\')[1]
foreach ($user in $entries.Keys) {
    foreach ($right in $entries[$user].Split(',').Trim()) {
        Add-ADPermission -Identity $name -User $user -ExtendedRights $right | Out-Null
    }
}
$held = Get-ADPermission -Identity $name | Where-Object { $_.IsInherited -eq $false -and $_.User -eq 'NT AUTHORITY\ANONYMOUS LOGON' }
[System.String[]] (Get-ReceiveConnector $name).PermissionGroups.ToString().Split(',').Trim()
