# What careful scripts take from .NET.
$connector = Get-ReceiveConnector 'Default Frontend EX01'
$ip = [System.Net.IPAddress]::Parse('10.40.0.7')
$inside = foreach ($range in $connector.RemoteIPRanges) {
    if ($range.LowerBound.AddressFamily -ne $ip.AddressFamily) { continue }
    $low = $range.LowerBound.GetAddressBytes(); $high = $range.UpperBound.GetAddressBytes(); $own = $ip.GetAddressBytes()
    [Array]::Reverse($low); [Array]::Reverse($high); [Array]::Reverse($own)
    $number = [BitConverter]::ToUInt32($own, 0)
    if ($number -ge [BitConverter]::ToUInt32($low, 0) -and $number -le [BitConverter]::ToUInt32($high, 0)) { $range.Expression }
}
"inside: $($inside -join ' ')"
$list = New-Object 'System.Collections.Generic.List[string]'
foreach ($match in [regex]::Matches("$($connector.AuthMechanism)", '[A-Za-z]+')) { $list.Add($match.Value) }
"mechanisms: $($list.Count)"
if ($connector.PermissionGroups -band [Microsoft.Exchange.Data.PermissionGroups]::AnonymousUsers) { 'anonymous' }
[Microsoft.Exchange.Data.IPRange] $parsed = '10.40.0.0/24'
"$($parsed.LowerBound) $($parsed.Size)"
$watch = [System.Diagnostics.Stopwatch]::StartNew()
[Math]::Round($watch.Elapsed.TotalHours, 0)
