# exchange 2016
# argument -Remove
# argument 192.0.2.1
# A range is taken away by `-=`, from the object's list and from a list of its own.
param([string] $Remove)
New-ReceiveConnector -Name Relay -Usage Custom -TransportRole FrontendTransport -Bindings 0.0.0.0:25 -RemoteIPRanges 192.0.2.1, 192.0.2.64/26, 198.51.100.1-198.51.100.9 | Out-Null
$relay = Get-ReceiveConnector 'EX01\Relay'
$Remove | ForEach-Object { $relay.RemoteIPRanges -= "$_" }
Set-ReceiveConnector $relay.Identity -RemoteIPRanges $relay.RemoteIPRanges
(Get-ReceiveConnector 'Relay').RemoteIPRanges.Expression
$list = $relay.RemoteIPRanges
$list -= '192.0.2.64/26', '203.0.113.1'
"$list of $($relay.RemoteIPRanges.Count)"
try { (1, 2) - 1 } catch { $_.FullyQualifiedErrorId }
# note line 8: `-=` on a list fails in a remote session
# warning `Relay` has no permission group: it takes no mail until it gets one
# > 192.0.2.64/26
# > 198.51.100.1-198.51.100.9
# > 198.51.100.1-198.51.100.9 of 2
# > MethodNotFound
