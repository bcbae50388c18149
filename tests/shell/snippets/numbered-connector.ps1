$prefix = "Batch-Connector"
$last = [int](Get-ReceiveConnector "Batch*" | Where {$_.name -ne "Batch-Connector-Throttled"} | sort name -desc | select -first 1).tostring().split("\")[1].substring(15)
$next = "$prefix$($last+1)"
New-ReceiveConnector -Name $($next) -Usage Internal -Bindings 10.20.0.1:26 -RemoteIPRanges 127.0.0.4
Set-ReceiveConnector -Identity $($next) -MaxMessageSize 30720KB -MessageRateLimit 600 -PermissionGroups "AnonymousUsers,ExchangeServers" -AuthMechanism "Tls,ExternalAuthoritative"
Write-Host "Verify $($next)" -ForegroundColor yellow
