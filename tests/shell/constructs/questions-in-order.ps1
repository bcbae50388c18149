# answer 10.0.0.7
# answer CONTOSO\relay
# answer secret
# answer y
# argument -Server
# argument EX01
param([string] $Server)
$address = Read-Host "Which address?"
$who = Get-Credential -Message "Who?"
"$Server $address $($who.UserName) $($who.GetNetworkCredential().Domain)"
New-ReceiveConnector -Name Relay -Usage Custom -TransportRole FrontendTransport -Bindings 0.0.0.0:25 -RemoteIPRanges $address -PermissionGroups AnonymousUsers -Confirm | Out-Null
(Get-ReceiveConnector Relay).RemoteIPRanges
# > EX01 10.0.0.7 CONTOSO\relay CONTOSO
# > 10.0.0.7
