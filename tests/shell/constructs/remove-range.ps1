# exchange 2010
# An address as text finds its range in the list of a connector.
New-ReceiveConnector Devices -Usage Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.0.0.5,10.0.0.6,10.0.1.0/24 -PermissionGroups AnonymousUsers | Out-Null
function Remove-Device { param ($OldIp = $(Read-Host 'which'))
    $connector = Get-ReceiveConnector "EX01\Devices"
    $connector.remoteipranges.remove("$OldIp")
    Set-ReceiveConnector EX01\Devices -remoteipranges $connector.remoteipranges
}
Remove-Device
$left = (Get-ReceiveConnector "EX01\Devices").RemoteIPRanges
"$left"
$left.Contains('10.0.0.5'), $left.Contains('10.0.0.6'), $left.IndexOf('10.0.1.0/24')
$again = (Get-ReceiveConnector "EX01\Devices").RemoteIPRanges
$again.Contains($left[1])
$again.Remove('no address')
# answer 10.0.0.6
# > 10.0.0.5 10.0.1.0/24
# > True
# > False
# > 1
# > True
# error MethodArgumentConversionInvalidCastArgument
