# What a script notes on a connector changes nothing of it.
$connector = Get-ReceiveConnector "EX01\Client Frontend EX01"
$connector | Add-Member -MemberType NoteProperty -Name NewRanges -Value @('10.0.0.9', '10.0.1.0/24')
$connector.NewRanges.Count
$connector | Set-ReceiveConnector -RemoteIPRanges @{Add = $connector.NewRanges}
(Get-ReceiveConnector "EX01\Client Frontend EX01").RemoteIPRanges.Count
# > 2
# > 4
