$rights = Get-ReceiveConnector -Identity 'EX01\Scanner Relay' | Get-ADPermission | Where-Object {$_.IsInherited -eq $false}
New-ReceiveConnector -Name 'Scanner Relay Copy' -Usage Custom -Bindings 0.0.0.0:2526 -RemoteIPRanges 10.20.0.14
$rights | ForEach-Object {
    $null = Get-ReceiveConnector -Identity ('{0}\{1}' -f 'EX01', 'Scanner Relay Copy') | Add-ADPermission -User $_.User -Deny:$_.Deny -AccessRights $_.AccessRights -ExtendedRights $_.ExtendedRights -ErrorAction SilentlyContinue
}
