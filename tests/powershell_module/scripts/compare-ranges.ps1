# Which addresses stand in one connector and not in the other?
function Get-Ranges([string] $Identity) {
    (Get-ReceiveConnector $Identity).RemoteIPRanges | ForEach-Object { $_.Expression } | Sort-Object
}
$null = New-ReceiveConnector 'Relay A' -Usage Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.1.0.1, 10.1.0.2, 10.1.1.0/24 -TransportRole FrontendTransport -PermissionGroups AnonymousUsers
$null = New-ReceiveConnector 'Relay B' -Usage Custom -Bindings 0.0.0.0:2526 -RemoteIPRanges 10.1.0.2, 10.1.2.0/24 -TransportRole FrontendTransport -PermissionGroups AnonymousUsers
$found = Compare-Object -ReferenceObject (Get-Ranges 'Relay A') -DifferenceObject (Get-Ranges 'Relay B')
foreach ($difference in $found | Sort-Object InputObject) {
    switch ($difference.SideIndicator) {
        '<=' { "only A: $($difference.InputObject)" }
        '=>' { "only B: $($difference.InputObject)" }
    }
}
$missing = @($found | Where-Object SideIndicator -eq '<=' | Select-Object -ExpandProperty InputObject)
$b = Get-ReceiveConnector 'Relay B'
$b.RemoteIPRanges += $missing
Set-ReceiveConnector 'Relay B' -RemoteIPRanges $b.RemoteIPRanges
"B has $((Get-ReceiveConnector 'Relay B').RemoteIPRanges.Count) ranges"
