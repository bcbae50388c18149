New-ReceiveConnector -Name Branch -Server EX01 -RemoteIPRanges 10.30.2.0/24 -Internal
Set-ReceiveConnector EX01\Branch -SuppressXAnonymousTLS $true
