Get-ReceiveConnector "Client EX01" | Get-ADPermission -User "NT AUTHORITY\Authenticated Users" | where { -not $_.IsInherited } | ft User,ExtendedRights
