Get-ReceiveConnector –Identity "Default EX01" | Get-ADPermission | where {$_.ExtendedRights –like “*routing*”} | fl user, extendedrights
