# A script with parameter sets, validation and -WhatIf of its own.
[CmdletBinding(SupportsShouldProcess = $true, DefaultParameterSetName = 'One')]
param(
    [Parameter(ParameterSetName = 'One', Position = 0)] [ValidateNotNullOrEmpty()] [string] $Address = '10.50.0.1',
    [Parameter(ParameterSetName = 'Many', Mandatory = $true)] [ValidateCount(1, 50)] [string[]] $Addresses,
    [ValidateSet('Add', 'Remove')] [string] $Action = 'Add',
    [ValidateRange(1, 65535)] [int] $Port = 25
)
$all = if ($PSCmdlet.ParameterSetName -eq 'One') { @($Address) } else { $Addresses }
$name = "Applications $Port"
if (-not (Get-ReceiveConnector $name -ErrorAction SilentlyContinue)) {
    $null = New-ReceiveConnector $name -Usage Custom -Bindings "0.0.0.0:$Port" -RemoteIPRanges 10.50.255.255 -TransportRole FrontendTransport -PermissionGroups AnonymousUsers
}
if ($PSCmdlet.ShouldProcess($name, "$Action $($all -join ', ')")) {
    Set-ReceiveConnector $name -RemoteIPRanges @{ $Action = $all }
}
(Get-ReceiveConnector $name).RemoteIPRanges.Count
