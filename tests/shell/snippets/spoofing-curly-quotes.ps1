New-ReceiveConnector -Name "From Internet" -Usage Internet -Bindings 10.20.0.1:26
Get-ReceiveConnector “From Internet” | Get-ADPermission -user “NT AUTHORITY\Anonymous Logon” | where {$_.ExtendedRights -like “ms-exch-smtp-accept-authoritative-domain-sender”} | Remove-ADPermission
