Get-ReceiveConnector | Get-ADPermission | where {$_.AccessRights -eq 'ExtendedRight' -and $_.ExtendedRights -like 'ms-Exch-SMTP-Accept-Any-Recipient'} | Select Identity,User,ExtendedRights
