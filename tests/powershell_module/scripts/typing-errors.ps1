# One wrong command among right ones is told, and the rest happens.
$before = $Error.Count
telnot EX01 25
Set-RecieveConnector 'Client Frontend EX01' -MaxHopCount 5
Set-ReceiveConnector 'Client Frontend EX01' -MaxHopCounts 5
Set-ReceiveConnector 'Client Frontend EX01' -MaxHopCount 55
Set-ReceiveConnector 'Client Frontend EX01' -Bindings 'nonsense'
"told $($Error.Count - $before), hops $((Get-ReceiveConnector 'Client Frontend EX01').MaxHopCount)"
